// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/folder_lock.h"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <thread>
#include <unistd.h>

namespace precordia {

Result<FolderLock> FolderLock::hold(const std::filesystem::path& folder, const StopToken& stop) {
    const auto path = folder / "lock";
    const auto failed = [&path] { return makeError(ErrorCode::FileUnwritable, std::strerror(errno), path.string()); };
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0)
        return failed();
    FolderLock lock(fd);
    while (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return failed();
        if (stop.stop_requested())
            return Cancelled{};
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return lock;
}

FolderLock::~FolderLock() {
    if (fd_ >= 0)
        ::close(fd_);
}

} // namespace precordia
