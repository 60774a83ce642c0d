// SPDX-License-Identifier: GPL-3.0-or-later
// Walks over untrusted bytes: nothing is read beyond their end. A read that does not fit gives 0, moves nothing, and
// is remembered: check failed() once after a group of reads.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

namespace precordia {

class ByteCursor {
public:
    explicit ByteCursor(std::span<const std::byte> bytes, std::endian order = std::endian::little)
        : bytes_(bytes)
        , order_(order) {}

    std::size_t position() const { return at_; }
    std::size_t left() const { return bytes_.size() - at_; }
    bool failed() const { return failed_; }
    bool seek(std::size_t position); // false, and failed(), beyond the end
    bool skip(std::size_t count);

    std::uint8_t u8() { return take<std::uint8_t>(); }
    std::uint16_t u16() { return take<std::uint16_t>(); }
    std::uint32_t u32() { return take<std::uint32_t>(); }
    std::uint64_t u64() { return take<std::uint64_t>(); }
    std::int8_t i8() { return take<std::int8_t>(); }
    std::int16_t i16() { return take<std::int16_t>(); }
    std::int32_t i32() { return take<std::int32_t>(); }
    std::int64_t i64() { return take<std::int64_t>(); }
    float f32() { return std::bit_cast<float>(u32()); }
    double f64() { return std::bit_cast<double>(u64()); }
    std::string_view characters(std::size_t count); // "" when they are not all there
    std::span<const std::byte> bytes(std::size_t count);

private:
    template <std::integral T>
    T take() {
        const auto raw = bytes(sizeof(T));
        std::make_unsigned_t<T> value = 0;
        for (std::size_t i = 0; i < raw.size(); ++i) {
            const auto shift = 8 * (order_ == std::endian::little ? i : sizeof(T) - 1 - i);
            value = static_cast<std::make_unsigned_t<T>>(
                value | (static_cast<std::make_unsigned_t<T>>(std::to_integer<unsigned>(raw[i])) << shift));
        }
        return static_cast<T>(value);
    }

    std::span<const std::byte> bytes_;
    std::endian order_;
    std::size_t at_ = 0;
    bool failed_ = false;
};

} // namespace precordia
