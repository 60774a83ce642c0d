// SPDX-License-Identifier: GPL-3.0-or-later
// A folder that goes with its owner.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

namespace precordia::cli {

class TemporaryFolder {
public:
    TemporaryFolder() {
        std::error_code failure;
        std::string name = (std::filesystem::temp_directory_path(failure) / "precordia-bench-XXXXXX").string();
        if (!failure && ::mkdtemp(name.data()) != nullptr)
            path_ = name;
    }
    ~TemporaryFolder() {
        std::error_code ec;
        if (!path_.empty())
            std::filesystem::remove_all(path_, ec);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    const std::filesystem::path& path() const { return path_; } // "": none could be made

private:
    std::filesystem::path path_;
};

} // namespace precordia::cli
