// SPDX-License-Identifier: GPL-3.0-or-later
// An HL7 annotated ECG: one input is one file.
#include "core/io/aecg_reader.h"
#include "tests/fuzz/fuzz_xml.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    return precordia::fuzz::checkReader(precordia::readAecg, data, size);
}
