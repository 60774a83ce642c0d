// SPDX-License-Identifier: GPL-3.0-or-later
// FLAC streams made byte by byte after RFC 9639, of verbatim subframes: nothing here knows libFLAC.
#pragma once

#include <QByteArray>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace precordia::test {

inline int crc(const QByteArray& bytes, unsigned polynomial, unsigned width) {
    const unsigned top = 1U << (width - 1);
    unsigned c = 0;
    for (const char byte : bytes) {
        c ^= static_cast<unsigned>(static_cast<unsigned char>(byte)) << (width - 8);
        for (int i = 0; i < 8; ++i)
            c = (c & top) != 0 ? c << 1U ^ polynomial : c << 1U;
        c &= (top << 1U) - 1;
    }
    return static_cast<int>(c);
}

inline QByteArray bigEndian(std::uint64_t value, int bytes) {
    QByteArray out;
    for (int i = bytes - 1; i >= 0; --i)
        out.append(static_cast<char>(value >> (8 * i) & 0xFFU));
    return out;
}

// bits: 8, 16 or 24. `tags`: the text of a Vorbis comment block; empty: no such block. The stream claims 96 kHz.
inline QByteArray flacStream(const std::vector<std::vector<int>>& channels, int bits, int block,
                             const QByteArray& tags = {}) {
    const auto n = static_cast<int>(channels.front().size());
    const auto count = static_cast<std::uint64_t>(channels.size());
    QByteArray info = bigEndian(static_cast<std::uint64_t>(block), 2) +
                      bigEndian(static_cast<std::uint64_t>(block), 2) + QByteArray(6, '\0');
    info += bigEndian(96000ULL << 44U | (count - 1) << 41U | static_cast<std::uint64_t>(bits - 1) << 36U |
                          static_cast<std::uint64_t>(n),
                      8);
    info += QByteArray(16, '\0');
    QByteArray out("fLaC");
    out += bigEndian(tags.isEmpty() ? 0x80 : 0, 1) + bigEndian(static_cast<std::uint64_t>(info.size()), 3) + info;
    if (!tags.isEmpty()) {
        const auto little = [](qsizetype value) {
            auto word = bigEndian(static_cast<std::uint64_t>(value), 4);
            std::reverse(word.begin(), word.end());
            return word;
        };
        const auto comment = little(tags.size()) + tags + little(0);
        out += bigEndian(0x84, 1) + bigEndian(static_cast<std::uint64_t>(comment.size()), 3) + comment;
    }
    for (int at = 0, frame = 0; at < n; at += block, ++frame) {
        const int m = std::min(block, n - at);
        // fixed block size, 16-bit size given, rate and bits of the stream; frame numbers below 128 are one byte
        QByteArray bytes = bigEndian(0xFFF870, 3) + bigEndian((count - 1) << 4U, 1) +
                           bigEndian(static_cast<std::uint64_t>(frame), 1) +
                           bigEndian(static_cast<std::uint64_t>(m - 1), 2);
        bytes += bigEndian(static_cast<std::uint64_t>(crc(bytes, 0x07, 8)), 1);
        for (const auto& channel : channels) {
            bytes += bigEndian(0x02, 1); // verbatim
            for (int i = at; i < at + m; ++i)
                bytes += bigEndian(static_cast<std::uint64_t>(channel[static_cast<std::size_t>(i)]), bits / 8);
        }
        out += bytes + bigEndian(static_cast<std::uint64_t>(crc(bytes, 0x8005, 16)), 2);
    }
    return out;
}

} // namespace precordia::test
