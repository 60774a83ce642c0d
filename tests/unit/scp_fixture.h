// SPDX-License-Identifier: GPL-3.0-or-later
// SCP-ECG files made section by section, with a checksum of their own (bit by bit, as the standard describes it).
#pragma once

#include "tests/unit/io_fixture.h"

#include <map>

namespace precordia::test {

inline int bitwiseCrc(const QByteArray& bytes) {
    unsigned crc = 0xFFFF;
    for (const char byte : bytes)
        for (int bit = 7; bit >= 0; --bit) {
            const unsigned in = static_cast<unsigned char>(byte) >> bit & 1U;
            const bool feedback = ((crc >> 15U) ^ in) != 0;
            crc = crc << 1U & 0xFFFFU;
            if (feedback)
                crc ^= 0x1021U;
        }
    return static_cast<int>(crc);
}

inline QByteArray scpSection(int id, const QByteArray& body, int version = 20, const char* word = "") {
    auto rest = words16({id}) + words32({body.size() + 16}) + bytes({version, version});
    rest += QByteArray(word) + QByteArray(6 - static_cast<qsizetype>(qstrlen(word)), '\0') + body;
    return words16({bitwiseCrc(rest)}) + rest;
}

// The whole file; section 0 points to what is given, of the sections 1 to 11 and of any other.
inline QByteArray scpFile(const std::map<int, QByteArray>& bodies, int version = 20) {
    std::map<int, QByteArray> sections;
    for (int id = 1; id <= 11; ++id)
        sections[id] = {};
    for (const auto& [id, body] : bodies)
        sections[id] = scpSection(id, body, version);
    const auto pointerBytes = 16 + 10 * (static_cast<std::int64_t>(sections.size()) + 1);
    auto at = 7 + pointerBytes;
    auto pointers = words16({0}) + words32({pointerBytes, 7});
    QByteArray all;
    for (const auto& [id, bytes] : sections) {
        pointers += words16({id}) + words32({bytes.size(), bytes.isEmpty() ? 0 : at});
        at += bytes.size();
        all += bytes;
    }
    all.prepend(scpSection(0, pointers, version, "SCPECG"));
    all.prepend(words32({all.size() + 6}));
    return words16({bitwiseCrc(all)}) + all;
}

inline QByteArray scpTag(int id, const QByteArray& value) {
    return bytes({id}) + words16({static_cast<int>(value.size())}) + value;
}
inline QByteArray scpText(int id, const char* text) {
    return scpTag(id, QByteArray(text) + '\0');
}
inline QByteArray scpTagsEnd() {
    return scpTag(255, {});
}

// Leads by number, all from sample 1 to `samples`.
inline QByteArray scpLeads(const std::vector<int>& numbers, std::int64_t samples, bool subtracted = false) {
    const auto count = static_cast<int>(numbers.size());
    auto out = bytes({count, (subtracted ? 1 : 0) | 4 | count << 3});
    for (const int number : numbers)
        out += words32({1, samples}) + bytes({number});
    return out;
}

// Section 5 or 6 without Huffman codes and differences.
inline QByteArray scpBlock(const std::vector<std::vector<int>>& leads, int nanovolts = 1000, int intervalUs = 2000,
                           int bimodal = 0) {
    auto out = words16({nanovolts, intervalUs}) + bytes({0, bimodal});
    QByteArray coded;
    for (const auto& lead : leads) {
        out += words16({static_cast<int>(2 * lead.size())});
        coded += words16(lead);
    }
    return out + coded;
}

// A ramp a lead: 0, step, 2 step ...
inline std::vector<int> ramp(int samples, int step) {
    std::vector<int> out;
    for (int i = 0; i < samples; ++i)
        out.push_back(i * step);
    return out;
}

} // namespace precordia::test
