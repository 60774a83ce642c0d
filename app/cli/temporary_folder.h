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
        make(std::filesystem::temp_directory_path(failure) / "precordia-bench-XXXXXX");
    }
    // Hidden, in the folder of `file`: what is made in it can be moved there at once.
    static TemporaryFolder beside(const std::filesystem::path& file) {
        return TemporaryFolder(std::filesystem::absolute(file).parent_path() / ".precordia-XXXXXX");
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
    explicit TemporaryFolder(const std::filesystem::path& form) { make(form); }
    void make(const std::filesystem::path& form) {
        std::string name = form.string();
        if (::mkdtemp(name.data()) != nullptr)
            path_ = name;
    }
    std::filesystem::path path_;
};

} // namespace precordia::cli
