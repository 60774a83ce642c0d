// SPDX-License-Identifier: GPL-3.0-or-later
// One builder at a time works on a folder, also among processes. Internal to core/study.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"

#include <filesystem>
#include <utility>

namespace precordia {

// Held on FOLDER/lock; the system lets go of it when the process ends, however it ends.
class FolderLock {
public:
    // Waits for another holder. Errors: FileUnwritable; Cancelled.
    static Result<FolderLock> hold(const std::filesystem::path& folder, const StopToken& stop);
    FolderLock(FolderLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    FolderLock& operator=(FolderLock&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;
    ~FolderLock();

private:
    explicit FolderLock(int fd) : fd_(fd) {}
    int fd_ = -1;
};

} // namespace precordia
