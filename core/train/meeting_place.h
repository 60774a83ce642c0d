// SPDX-License-Identifier: GPL-3.0-or-later
// How processes of one run that somebody else started (RANK, WORLD_SIZE, MASTER_ADDR, MASTER_PORT, but no agent that
// keeps a store) find each other without listening on a port: c10d's own store server takes every address of the
// machine. The first process holds a file for the store in a folder of its own and tells its path to whoever asks at a
// Unix socket in the abstract namespace, to processes of the same user alone. Name and socket go when it ends.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>

namespace precordia {

class MeetingPlace {
public:
    // Error ProcessLost: another run meets under this name, or the system gives no socket.
    static Result<std::unique_ptr<MeetingPlace>> hold(const std::string& name);
    ~MeetingPlace(); // removes the folder
    const std::filesystem::path& storeFile() const { return storeFile_; }

private:
    MeetingPlace() = default;
    void answer(const std::stop_token& stop) const;

    int socket_ = -1;
    std::filesystem::path folder_, storeFile_;
    std::jthread thread_;
};

// The file that the first process holds under the name; waits for it. Cancelled by stop. Error ProcessLost: it did not
// come in time, or the name is held by another user's process.
Result<std::filesystem::path> findMeeting(const std::string& name, std::chrono::seconds patience,
                                          const StopToken& stop);

} // namespace precordia
