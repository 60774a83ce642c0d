// SPDX-License-Identifier: GPL-3.0-or-later
// The folder of a new run, taken before anything is written into it: <runs>/<date>-<time>-<name of the configuration>,
// local time to the second. Of two runs that begin in the same second, of one process or of two, the later gets "-2",
// and so on: who makes the folder has the name.
#pragma once

#include "core/base/result.h"

#include <chrono>
#include <filesystem>
#include <string>

namespace precordia {

class NewRunFolder {
public:
    // Errors: FileUnwritable.
    static Result<NewRunFolder> make(const std::filesystem::path& runsFolder, const std::string& configJson,
                                     std::chrono::system_clock::time_point now = std::chrono::system_clock::now());
    // A folder into which nothing was written goes again: no run began.
    ~NewRunFolder();
    NewRunFolder(NewRunFolder&& other) noexcept;
    NewRunFolder& operator=(NewRunFolder&& other) noexcept;

    const std::filesystem::path& path() const { return path_; }

private:
    explicit NewRunFolder(std::filesystem::path path) : path_(std::move(path)) {}
    std::filesystem::path path_; // empty: moved from
};

} // namespace precordia
