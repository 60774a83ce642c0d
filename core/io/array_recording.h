// SPDX-License-Identifier: GPL-3.0-or-later
// From a bare array of numbers (MAT, HDF5, NPY) to a recording: what the file says, what its data set documents (told
// in a warning), and what a person says (TableLayout), in rising order. Where rate or unit stay unknown it is an error.
#pragma once

#include "core/io/reader.h"

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace precordia {

struct SampleArray {
    std::size_t rows = 0, columns = 0;
    std::function<double(std::size_t row, std::size_t column)> value;
    TableOrientation orientation = TableOrientation::Automatic; // what the file or its data set says
    double rate = 0;                                            // Hz; 0: unknown
    std::vector<std::string> units;                             // one for all leads, or one a lead; empty: unknown
    std::vector<std::string> leads;                             // empty: unknown
    std::vector<std::string> conventions;                       // what is not in the file: a warning each
    bool trimPadding = false;                                   // rows of zeros at both ends are padding, not signal
};

// I, II, III, aVR ... V6 as names and a sentence in conventions, where there are twelve leads without names.
void assumeStandardOrder(SampleArray& array, const std::string& whose);

// Fills name, rate, leads, firstSample; metadata.format is `format`.
// Errors: FormatUnsupported (no rate, no unit, no orientation: names the option), ValueOutOfRange, SignalTooShort.
Result<Recording> recordingOf(const SampleArray& array, const TableLayout& layout, const std::filesystem::path& path,
                              const ReadOptions& options, const std::string& format);

// The sentence for a file that is silent on rate, unit or both.
Error silentFile(bool rate, bool unit, std::string where);
// The larger dimension is time; empty where they are equal or neither can be leads.
TableOrientation orientationOf(std::size_t rows, std::size_t columns);

} // namespace precordia
