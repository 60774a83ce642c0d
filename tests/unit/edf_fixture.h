// SPDX-License-Identifier: GPL-3.0-or-later
// EDF files made field by field, as the standard writes them down.
#pragma once

#include "tests/unit/io_fixture.h"

#include <string>
#include <vector>

namespace precordia::test {

struct EdfSignal {
    std::string label, unit = "uV", physicalMin = "-3276.8", physicalMax = "3276.7", digitalMin = "-32768",
                       digitalMax = "32767", prefilter, transducer, reserved;
    int samples = 2; // in a record
};

struct EdfFile {
    std::string version = "0", patient = "X X X X", recording = "Startdate X X X X", date = "01.01.85",
                time = "00.00.00", reserved, records = "1", seconds = "1", headerBytes, count;
    std::vector<EdfSignal> signalList;

    static std::string padded(std::string words, std::size_t width) {
        words.resize(width, ' ');
        return words;
    }
    QByteArray header() const {
        const auto n = signalList.size();
        std::string out =
            padded(version, 8) + padded(patient, 80) + padded(recording, 80) + padded(date, 8) + padded(time, 8);
        out += padded(headerBytes.empty() ? std::to_string(256 * (n + 1)) : headerBytes, 8) + padded(reserved, 44) +
               padded(records, 8) + padded(seconds, 8) + padded(count.empty() ? std::to_string(n) : count, 4);
        const auto each = [&](std::size_t width, auto member) {
            for (const auto& signal : signalList)
                out += padded(member(signal), width);
        };
        each(16, [](const EdfSignal& s) { return s.label; });
        each(80, [](const EdfSignal& s) { return s.transducer; });
        each(8, [](const EdfSignal& s) { return s.unit; });
        each(8, [](const EdfSignal& s) { return s.physicalMin; });
        each(8, [](const EdfSignal& s) { return s.physicalMax; });
        each(8, [](const EdfSignal& s) { return s.digitalMin; });
        each(8, [](const EdfSignal& s) { return s.digitalMax; });
        each(80, [](const EdfSignal& s) { return s.prefilter; });
        each(8, [](const EdfSignal& s) { return std::to_string(s.samples); });
        each(32, [](const EdfSignal& s) { return s.reserved; });
        return QByteArray::fromStdString(out);
    }
};

inline EdfSignal edfSignal(const std::string& label, int samples = 2) {
    EdfSignal out;
    out.label = label;
    out.samples = samples;
    return out;
}

inline EdfSignal edfTexts(int words) {
    auto out = edfSignal("EDF Annotations", words);
    out.unit.clear();
    out.physicalMin = "-1";
    out.physicalMax = "1";
    return out;
}

// "+0[20][20][0]": [n] stands for the byte n; filled up with zero bytes.
inline QByteArray edfLists(std::string words, int bytes) {
    for (const auto& [from, to] : {std::pair<std::string, char>{"[20]", '\x14'}, {"[21]", '\x15'}, {"[0]", '\0'}})
        for (auto at = words.find(from); at != std::string::npos; at = words.find(from))
            words.replace(at, from.size(), 1, to);
    words.resize(static_cast<std::size_t>(bytes), '\0');
    return QByteArray::fromStdString(words);
}

} // namespace precordia::test
