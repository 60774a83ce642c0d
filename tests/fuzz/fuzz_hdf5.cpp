// SPDX-License-Identifier: GPL-3.0-or-later
// HDF5 files, through the library that parses them.
#include "core/io/hdf5_reader.h"
#include "tests/fuzz/array_file.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const FuzzFile file("fuzz.h5");
    file.set(data, size);
    precordia::ReadOptions options;
    options.tableLayout = precordia::TableLayout{};
    options.tableLayout->samplingRate = 250;
    options.tableLayout->unit = "mV";
    checkRecording(precordia::Hdf5Reader().read(file.path(), options));
    return 0;
}
