// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/wfdb_signal.h"

#include <array>
#include <cassert>

namespace precordia::wfdb {

namespace {

class Bytes {
public:
    explicit Bytes(std::span<const std::byte> bytes) : bytes_(bytes) {}
    // A byte past the end is 0: the last group of a packed format may be cut short.
    std::uint32_t operator[](std::size_t i) const {
        return i < bytes_.size() ? std::to_integer<std::uint32_t>(bytes_[i]) : 0U;
    }

private:
    std::span<const std::byte> bytes_;
};

// The low `bits` of a word as a two's complement number.
std::int32_t signedBits(std::uint32_t word, unsigned bits) {
    const std::uint32_t sign = 1U << (bits - 1);
    const std::uint32_t value = word & (sign | (sign - 1));
    return static_cast<std::int32_t>(value ^ sign) - static_cast<std::int32_t>(sign);
}

std::int32_t packed212(const Bytes& b, std::size_t i) {
    const std::size_t at = i / 2 * 3;
    if (i % 2 == 0)
        return signedBits(b[at] | (b[at + 1] & 0x0FU) << 8U, 12);
    return signedBits(b[at + 2] | (b[at + 1] & 0xF0U) << 4U, 12);
}

std::int32_t packed310(const Bytes& b, std::size_t i) {
    const std::size_t at = i / 3 * 4;
    const std::uint32_t first = b[at] | b[at + 1] << 8U;
    const std::uint32_t second = b[at + 2] | b[at + 3] << 8U;
    switch (i % 3) {
    case 0:
        return signedBits(first >> 1U, 10);
    case 1:
        return signedBits(second >> 1U, 10);
    default:
        return signedBits(first >> 11U | second >> 11U << 5U, 10);
    }
}

std::int32_t packed311(const Bytes& b, std::size_t i) {
    const std::size_t at = i / 3 * 4;
    const std::uint32_t word = b[at] | b[at + 1] << 8U | b[at + 2] << 16U | b[at + 3] << 24U;
    return signedBits(word >> (10U * (i % 3)), 10);
}

std::int32_t sample(int format, const Bytes& b, std::size_t i) {
    switch (format) {
    case 8:
        return signedBits(b[i], 8);
    case 16:
        return signedBits(b[2 * i] | b[2 * i + 1] << 8U, 16);
    case 24:
        return signedBits(b[3 * i] | b[3 * i + 1] << 8U | b[3 * i + 2] << 16U, 24);
    case 32:
        return static_cast<std::int32_t>(b[4 * i] | b[4 * i + 1] << 8U | b[4 * i + 2] << 16U | b[4 * i + 3] << 24U);
    case 61:
        return signedBits(b[2 * i + 1] | b[2 * i] << 8U, 16);
    case 80:
        return static_cast<std::int32_t>(b[i]) - 128;
    case 160:
        return static_cast<std::int32_t>(b[2 * i] | b[2 * i + 1] << 8U) - 32768;
    case 212:
        return packed212(b, i);
    case 310:
        return packed310(b, i);
    case 311:
        return packed311(b, i);
    default:
        return 0;
    }
}

} // namespace

std::optional<FormatInfo> formatInfo(int format) {
    static const std::array<FormatInfo, 10> kFormats{{
        {8, -2147483648LL, 2147483647LL, std::nullopt}, // a running sum has no limit of its own
        {16, -32768, 32767, -32768},
        {24, -8388608, 8388607, -8388608},
        {32, -2147483648LL, 2147483647LL, -2147483648LL},
        {61, -32768, 32767, -32768},
        {80, -128, 127, -128},
        {160, -32768, 32767, -32768},
        {212, -2048, 2047, -2048},
        {310, -512, 511, -512},
        {311, -512, 511, -512},
    }};
    for (const auto& info : kFormats)
        if (info.format == format)
            return info;
    return std::nullopt;
}

std::uint64_t samplesIn(int format, std::uint64_t bytes) {
    switch (format) {
    case 8:
    case 80:
        return bytes;
    case 16:
    case 61:
    case 160:
        return bytes / 2;
    case 24:
        return bytes / 3;
    case 32:
        return bytes / 4;
    case 212:
        return bytes / 3 * 2 + (bytes % 3 == 2 ? 1 : 0);
    case 310:
        return bytes / 4 * 3 + (bytes % 4 >= 2 ? 1 : 0);
    case 311:
        return bytes / 4 * 3 + (bytes % 4 == 3 ? 2 : bytes % 4 == 2 ? 1 : 0);
    default:
        return 0;
    }
}

std::vector<std::int32_t> decode(int format, std::span<const std::byte> bytes, std::size_t count) {
    assert(count <= samplesIn(format, bytes.size()));
    const Bytes source(bytes);
    std::vector<std::int32_t> out(count);
    for (std::size_t i = 0; i < count; ++i)
        out[i] = sample(format, source, i);
    return out;
}

} // namespace precordia::wfdb
