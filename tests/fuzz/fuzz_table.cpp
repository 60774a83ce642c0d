// SPDX-License-Identifier: GPL-3.0-or-later
// Tables and NPY arrays: without a layout, with one, with the one that is proposed; and layouts as JSON.
#include "core/io/csv_reader.h"
#include "core/io/npy_reader.h"
#include "tests/fuzz/array_file.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace precordia;
    static const FuzzFile file("fuzz.csv");
    file.set(data, size);
    const auto json = layoutFromJson({reinterpret_cast<const char*>(data), size}, "fuzz");
    if (json) {
        const auto again = layoutFromJson(toJson(*json), "fuzz");
        promise(again.ok() && toJson(*again) == toJson(*json), "a layout is written as it was read");
    }
    ReadOptions options;
    options.tableLayout = TableLayout{};
    const auto read = [&] {
        const bool array = size > 0 && data[0] == 0x93;
        checkRecording(array ? NpyReader().read(file.path(), options) : CsvReader().read(file.path(), options));
    };
    read();
    if (const auto proposal = proposeLayout(file.path())) {
        options.tableLayout = proposal->layout;
        read();
    }
    options.tableLayout->samplingRate = 250;
    options.tableLayout->unit = "mV";
    read();
    options.tableLayout->orientation = TableOrientation::LeadsInRows;
    read();
    return 0;
}
