// SPDX-License-Identifier: GPL-3.0-or-later
// The loops here are written to be vectorised, and built with -O3 for it.
#include "core/io/wfdb_signal.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstring>
#include <limits>
#include <type_traits>

namespace precordia::wfdb {

namespace {

// GCC makes two builds of a function and asks the processor at run time. Not under the sanitizers, whose start-up comes
// too late for that.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) &&               \
    !defined(__SANITIZE_THREAD__)
#define PRECORDIA_WIDE __attribute__((target_clones("avx2", "default")))
#else
#define PRECORDIA_WIDE
#endif

constexpr std::int64_t kNoCode = std::int64_t{1} << 40;

static_assert(std::endian::native == std::endian::little, "words of signal files are taken as they stand");

// The low `bits` of a word as a two's complement number.
constexpr std::int32_t signedBits(std::uint32_t word, unsigned bits) {
    const std::uint32_t sign = 1U << (bits - 1);
    const std::uint32_t value = word & (sign | (sign - 1));
    return static_cast<std::int32_t>(value ^ sign) - static_cast<std::int32_t>(sign);
}

// One group of each packed format: `b` has its bytes, `v` room for its samples.
struct Packed212 {
    static constexpr std::size_t kSamples = 2, kBytes = 3;
    static void unpack(const std::uint8_t* b, std::int32_t* v) {
        v[0] = signedBits(b[0] | (b[1] & 0x0FU) << 8U, 12);
        v[1] = signedBits(b[2] | (b[1] & 0xF0U) << 4U, 12);
    }
};

struct Packed310 {
    static constexpr std::size_t kSamples = 3, kBytes = 4;
    static void unpack(const std::uint8_t* b, std::int32_t* v) {
        const std::uint32_t first = b[0] | static_cast<std::uint32_t>(b[1]) << 8U;
        const std::uint32_t second = b[2] | static_cast<std::uint32_t>(b[3]) << 8U;
        v[0] = signedBits(first >> 1U, 10);
        v[1] = signedBits(second >> 1U, 10);
        v[2] = signedBits(first >> 11U | second >> 11U << 5U, 10);
    }
};

struct Packed311 {
    static constexpr std::size_t kSamples = 3, kBytes = 4;
    static void unpack(const std::uint8_t* b, std::int32_t* v) {
        std::uint32_t word = 0;
        std::memcpy(&word, b, 4);
        v[0] = signedBits(word, 10);
        v[1] = signedBits(word >> 10U, 10);
        v[2] = signedBits(word >> 20U, 10);
    }
};

struct Bytes8 {
    static constexpr std::size_t kSamples = 1, kBytes = 1;
    static void unpack(const std::uint8_t* b, std::int32_t* v) { *v = static_cast<std::int8_t>(*b); }
};

struct Bytes80 {
    static constexpr std::size_t kSamples = 1, kBytes = 1;
    static void unpack(const std::uint8_t* b, std::int32_t* v) { *v = static_cast<std::int32_t>(*b) - 128; }
};

struct Words16 {
    static constexpr std::size_t kSamples = 1, kBytes = 2;
    static void unpack(const std::uint8_t* b, std::int32_t* v) {
        std::int16_t word = 0;
        std::memcpy(&word, b, 2);
        *v = word;
    }
};

struct Words61 {
    static constexpr std::size_t kSamples = 1, kBytes = 2;
    static void unpack(const std::uint8_t* b, std::int32_t* v) {
        *v = static_cast<std::int16_t>(static_cast<std::uint16_t>(b[0] << 8U | b[1]));
    }
};

struct Words160 {
    static constexpr std::size_t kSamples = 1, kBytes = 2;
    static void unpack(const std::uint8_t* b, std::int32_t* v) {
        std::uint16_t word = 0;
        std::memcpy(&word, b, 2);
        *v = static_cast<std::int32_t>(word) - 32768;
    }
};

struct Words24 {
    static constexpr std::size_t kSamples = 1, kBytes = 3;
    static void unpack(const std::uint8_t* b, std::int32_t* v) {
        *v = signedBits(b[0] | static_cast<std::uint32_t>(b[1]) << 8U | static_cast<std::uint32_t>(b[2]) << 16U, 24);
    }
};

struct Words32 {
    static constexpr std::size_t kSamples = 1, kBytes = 4;
    static void unpack(const std::uint8_t* b, std::int32_t* v) { std::memcpy(v, b, 4); }
};

template <typename Format, typename T>
void decodeGroups(std::span<const std::byte> bytes, std::size_t skip, std::span<T> out) {
    constexpr auto kSamples = Format::kSamples;
    constexpr auto kBytes = Format::kBytes;
    const auto* source = reinterpret_cast<const std::uint8_t*>(bytes.data());
    std::size_t group = skip / kSamples;
    std::size_t done = 0;
    const auto whole = bytes.size() / kBytes;
    // A group that is cut, at either end of what is wanted or by the end of the file.
    const auto part = [&](std::size_t from) {
        std::array<std::uint8_t, kBytes> padded{};
        const auto at = group * kBytes;
        if (at < bytes.size())
            std::memcpy(padded.data(), source + at, std::min(kBytes, bytes.size() - at));
        std::array<std::int32_t, kSamples> v{};
        Format::unpack(padded.data(), v.data());
        for (std::size_t i = from; i < kSamples && done < out.size(); ++i)
            out[done++] = static_cast<T>(v[i]);
        ++group;
    };
    if (skip % kSamples != 0)
        part(skip % kSamples);
    const auto groups = std::min((out.size() - done) / kSamples, whole > group ? whole - group : 0);
    const auto* b = source + group * kBytes;
    T* to = out.data() + done;
    for (std::size_t g = 0; g < groups; ++g) {
        std::array<std::int32_t, kSamples> v; // NOLINT(cppcoreguidelines-pro-type-member-init): unpack fills it
        Format::unpack(b + g * kBytes, v.data());
        for (std::size_t i = 0; i < kSamples; ++i)
            to[g * kSamples + i] = static_cast<T>(v[i]);
    }
    done += groups * kSamples;
    group += groups;
    while (done < out.size())
        part(0);
}

// The three loops over every sample, as functions of their own because a template cannot be built twice.
template <typename T>
struct Extremes {
    T lowest = std::numeric_limits<T>::max();
    T highest = std::numeric_limits<T>::min();
};

template <typename T>
inline __attribute__((always_inline)) Extremes<T> scaleAll(const T* raw, std::size_t count, double baseline,
                                                           double unit, float* out) {
    for (std::size_t i = 0; i < count; ++i)
        out[i] = static_cast<float>((static_cast<double>(raw[i]) - baseline) * unit);
    Extremes<T> e;
    for (std::size_t i = 0; i < count; ++i) {
        e.lowest = std::min(e.lowest, raw[i]);
        e.highest = std::max(e.highest, raw[i]);
    }
    return e;
}

template <typename T>
inline __attribute__((always_inline)) std::uint32_t sumAll(const T* raw, std::size_t count) {
    std::uint32_t total = 0;
    for (std::size_t i = 0; i < count; ++i)
        total += static_cast<std::uint32_t>(static_cast<std::int32_t>(raw[i]));
    return total;
}

PRECORDIA_WIDE Extremes<std::int16_t> scale(const std::int16_t* raw, std::size_t count, double baseline, double unit,
                                            float* out) {
    return scaleAll(raw, count, baseline, unit, out);
}
PRECORDIA_WIDE Extremes<std::int32_t> scale(const std::int32_t* raw, std::size_t count, double baseline, double unit,
                                            float* out) {
    return scaleAll(raw, count, baseline, unit, out);
}
PRECORDIA_WIDE std::uint32_t sumOf(const std::int16_t* raw, std::size_t count) {
    return sumAll(raw, count);
}
PRECORDIA_WIDE std::uint32_t sumOf(const std::int32_t* raw, std::size_t count) {
    return sumAll(raw, count);
}

} // namespace

std::optional<FormatInfo> formatInfo(int format) {
    static constexpr std::array<FormatInfo, 13> kFormats{{
        {8, -2147483648LL, 2147483647LL, std::nullopt, 1, 1}, // a running sum has no limit of its own
        {16, -32768, 32767, -32768, 1, 2},
        {24, -8388608, 8388607, -8388608, 1, 3},
        {32, -2147483648LL, 2147483647LL, -2147483648LL, 1, 4},
        {61, -32768, 32767, -32768, 1, 2},
        {80, -128, 127, -128, 1, 1},
        {160, -32768, 32767, -32768, 1, 2},
        {212, -2048, 2047, -2048, 2, 3},
        {310, -512, 511, -512, 3, 4},
        {311, -512, 511, -512, 3, 4},
        {508, -128, 127, -128, 1, 0},
        {516, -32768, 32767, -32768, 1, 0},
        {524, -8388608, 8388607, -8388608, 1, 0},
    }};
    for (const auto& info : kFormats)
        if (info.format == format)
            return info;
    return std::nullopt;
}

std::uint64_t samplesIn(int format, std::uint64_t bytes) {
    switch (format) {
    case 212:
        return bytes / 3 * 2 + (bytes % 3 == 2 ? 1 : 0);
    case 310:
        return bytes / 4 * 3 + (bytes % 4 >= 2 ? 1 : 0);
    case 311:
        return bytes / 4 * 3 + (bytes % 4 == 3 ? 2 : bytes % 4 == 2 ? 1 : 0);
    default:
        const auto info = formatInfo(format);
        return info && !info->flac() ? bytes / info->groupBytes : 0;
    }
}

template <typename T>
void decodeInto(int format, std::span<const std::byte> bytes, std::size_t skip, std::span<T> out) {
    switch (format) {
    case 8:
        return decodeGroups<Bytes8>(bytes, skip, out);
    case 16:
        return decodeGroups<Words16>(bytes, skip, out);
    case 24:
        return decodeGroups<Words24>(bytes, skip, out);
    case 32:
        return decodeGroups<Words32>(bytes, skip, out);
    case 61:
        return decodeGroups<Words61>(bytes, skip, out);
    case 80:
        return decodeGroups<Bytes80>(bytes, skip, out);
    case 160:
        return decodeGroups<Words160>(bytes, skip, out);
    case 212:
        return decodeGroups<Packed212>(bytes, skip, out);
    case 310:
        return decodeGroups<Packed310>(bytes, skip, out);
    case 311:
        return decodeGroups<Packed311>(bytes, skip, out);
    default:
        std::fill(out.begin(), out.end(), T{0});
    }
}
template void decodeInto<std::int16_t>(int, std::span<const std::byte>, std::size_t, std::span<std::int16_t>);
template void decodeInto<std::int32_t>(int, std::span<const std::byte>, std::size_t, std::span<std::int32_t>);

std::vector<std::int32_t> decode(int format, std::span<const std::byte> bytes, std::size_t count) {
    assert(count <= samplesIn(format, bytes.size()));
    std::vector<std::int32_t> out(count);
    decodeInto(format, bytes, 0, std::span(out));
    return out;
}

SampleConverter::SampleConverter(const FormatInfo& format, double baseline, double unit, std::int64_t lowest,
                                 std::int64_t highest)
    : baseline_(baseline)
    , unit_(unit)
    , lowest_(lowest == format.missing ? lowest + 1 : lowest) // the code of a missing sample is no clipped one
    , highest_(highest)
    , missing_(format.missing.value_or(kNoCode))
    , clips_(lowest_, highest_) {}

template <typename T>
std::uint32_t SampleConverter::sum(std::span<const T> raw) {
    return sumOf(raw.data(), raw.size());
}
template std::uint32_t SampleConverter::sum<std::int16_t>(std::span<const std::int16_t>);
template std::uint32_t SampleConverter::sum<std::int32_t>(std::span<const std::int32_t>);

template <typename T>
void SampleConverter::convert(std::span<const T> raw, float* out) {
    if (raw.empty())
        return;
    const auto seen = scale(raw.data(), raw.size(), baseline_, unit_, out);
    seenLowest_ = std::min<std::int64_t>(seenLowest_, seen.lowest);
    seenHighest_ = std::max<std::int64_t>(seenHighest_, seen.highest);
    // The code of a missing sample is the lowest of its format: where the lowest is higher there is none.
    if (seen.lowest == missing_)
        for (std::size_t i = 0; i < raw.size(); ++i)
            if (raw[i] == missing_)
                out[i] = std::numeric_limits<float>::quiet_NaN();
    if (seen.lowest <= lowest_ || seen.highest >= highest_)
        for (const T value : raw)
            clips_.add(value);
    else
        clips_.breakRun();
}
template void SampleConverter::convert<std::int16_t>(std::span<const std::int16_t>, float*);
template void SampleConverter::convert<std::int32_t>(std::span<const std::int32_t>, float*);

void SampleConverter::bounds(double& lowest, double& highest) const {
    if (seenHighest_ < seenLowest_)
        return;
    const double a = (static_cast<double>(seenLowest_) - baseline_) * unit_;
    const double b = (static_cast<double>(seenHighest_) - baseline_) * unit_;
    lowest = std::min({lowest, a, b});
    highest = std::max({highest, a, b});
}

} // namespace precordia::wfdb
