// SPDX-License-Identifier: GPL-3.0-or-later
// MAT files of version 4 and 5, with what the file does not say said.
#include "core/io/mat_reader.h"
#include "tests/fuzz/array_file.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const FuzzFile file("fuzz.mat");
    file.set(data, size);
    precordia::ReadOptions options;
    options.tableLayout = precordia::TableLayout{};
    checkRecording(precordia::MatReader().read(file.path(), options));
    options.tableLayout->samplingRate = 250;
    options.tableLayout->unit = "mV";
    checkRecording(precordia::MatReader().read(file.path(), options));
    return 0;
}
