// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/new_run.h"

#include "core/engine/run_history.h"

#include <algorithm>
#include <ctime>
#include <utility>

namespace precordia {

namespace fs = std::filesystem;

namespace {

// Nobody starts so many in a second: where all are taken, something else is wrong.
constexpr int kMostInASecond = 1000;

std::string nameOf(const std::string& configJson, std::chrono::system_clock::time_point now) {
    const auto time = std::chrono::system_clock::to_time_t(now);
    std::tm local{};
    ::localtime_r(&time, &local);
    char date[32];
    std::strftime(date, sizeof date, "%Y-%m-%d-%H%M%S-", &local);
    auto name = presetOf(configJson);
    std::replace(name.begin(), name.end(), '/', '-'); // it names a folder here, not one inside another
    return date + (name.empty() ? "run" : name);
}

} // namespace

Result<NewRunFolder> NewRunFolder::make(const fs::path& runsFolder, const std::string& configJson,
                                        std::chrono::system_clock::time_point now) {
    std::error_code ec;
    fs::create_directories(runsFolder, ec);
    if (ec)
        return makeError(ErrorCode::FileUnwritable, ec.message(), runsFolder.string());
    const auto name = nameOf(configJson, now);
    for (int number = 1; number <= kMostInASecond; ++number) {
        auto folder = runsFolder / (number == 1 ? name : name + "-" + std::to_string(number));
        if (fs::create_directory(folder, ec)) // mkdir(2): of several that ask at once one is told that it made it
            return NewRunFolder(std::move(folder));
        const bool taken = !ec || ec == std::errc::file_exists; // the latter: a file of that name
        if (!taken)
            return makeError(ErrorCode::FileUnwritable, ec.message(), folder.string());
    }
    return makeError(ErrorCode::FileUnwritable, "all names of this second are taken", (runsFolder / name).string());
}

NewRunFolder::~NewRunFolder() {
    std::error_code ec;
    if (!path_.empty())
        fs::remove(path_, ec); // refused where it holds something
}

NewRunFolder::NewRunFolder(NewRunFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}

NewRunFolder& NewRunFolder::operator=(NewRunFolder&& other) noexcept {
    std::swap(path_, other.path_);
    return *this;
}

} // namespace precordia
