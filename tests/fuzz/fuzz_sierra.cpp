// SPDX-License-Identifier: GPL-3.0-or-later
// A Philips Sierra file: one input is one file.
#include "core/io/sierra_reader.h"
#include "tests/fuzz/fuzz_xml.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    return precordia::fuzz::checkReader(precordia::readSierra, data, size);
}
