// SPDX-License-Identifier: GPL-3.0-or-later
// HDF5 files, through the library that parses them.
#include "core/io/hdf5_reader.h"
#include "tests/fuzz/array_file.h"

#include <array>
#include <cstring>

namespace {

// The library wants the real path of its file: one in the shared memory where there is that, gone at the end.
class NamedFile {
public:
    NamedFile() {
        std::strcpy(name_.data(),
                    std::filesystem::is_directory("/dev/shm") ? "/dev/shm/fuzz-XXXXXX" : "/tmp/fuzz-XXXXXX");
        descriptor_ = ::mkstemp(name_.data());
    }
    ~NamedFile() { ::unlink(name_.data()); }
    void set(const std::uint8_t* data, std::size_t size) const {
        promise(::ftruncate(descriptor_, 0) == 0 && ::pwrite(descriptor_, data, size, 0) == static_cast<ssize_t>(size),
                "the input is written");
    }
    std::filesystem::path path() const { return name_.data(); }

private:
    std::array<char, 32> name_{};
    int descriptor_ = -1;
};

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const NamedFile file;
    file.set(data, size);
    precordia::ReadOptions options;
    options.tableLayout = precordia::TableLayout{};
    options.tableLayout->samplingRate = 250;
    options.tableLayout->unit = "mV";
    checkRecording(precordia::Hdf5Reader().read(file.path(), options));
    return 0;
}
