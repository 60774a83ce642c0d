// SPDX-License-Identifier: GPL-3.0-or-later
// Time-stamped annotation lists (TALs) of EDF+ and BDF+: "+onset[0x15 duration]0x14 text 0x14 ... 0x14 0x00"
// (Kemp and Olivan 2003, section 2.2.2). The first list of a record, with an empty first text, says when the record
// begins.
#pragma once

#include "core/ecg/recording.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace precordia::edf {

struct TimedList {
    double onset = 0; // s from the start of the file
    std::optional<double> duration;
    std::vector<std::string> texts; // UTF-8; the first is empty in the list that keeps the time
};

struct RecordLists {
    std::vector<TimedList> lists;
    bool damaged = false; // something in between was no list, and was left out
};

// The annotation signal of one record.
RecordLists parseLists(std::span<const std::byte> bytes);
// "@@ECG V1" at the end names the signal that a text is about. One MIT symbol alone, or a sign with words after it
// ("+ (AFIB"), is a symbol.
struct Text {
    std::string symbol, text, signal;
};
Text splitText(const std::string& text);
std::string joinText(const Text& text);
// A list as it stands in the file, zero byte included.
std::string writeList(double onset, double duration, const std::string& text);
// Seconds in plain digits to 100 ns, trailing zeros gone: "0.5", "12".
std::string plainSeconds(double seconds);

} // namespace precordia::edf
