// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/sierra_xli.h"

#include "core/io/byte_cursor.h"

#include <algorithm>
#include <array>

namespace precordia::xli {

namespace {

constexpr unsigned kCodeBits = 10;
constexpr std::uint32_t kEnd = 1023;
constexpr std::size_t kFirstLearned = 256;
constexpr std::int32_t kDifferenceOffset = 64;

// An entry is another one and a byte: the strings are not kept.
struct Dictionary {
    std::array<std::uint16_t, kEnd> prefix{};
    std::array<std::uint8_t, kEnd> last{};
    std::array<std::uint16_t, kEnd> length{};
    std::array<std::uint8_t, kEnd> first{};
    std::size_t size = kFirstLearned;

    Dictionary() {
        for (std::size_t i = 0; i < kFirstLearned; ++i) {
            last[i] = first[i] = static_cast<std::uint8_t>(i);
            length[i] = 1;
        }
    }
    void learn(std::uint32_t before, std::uint8_t byte) {
        if (size >= kEnd)
            return;
        prefix[size] = static_cast<std::uint16_t>(before);
        last[size] = byte;
        first[size] = first[before];
        length[size] = static_cast<std::uint16_t>(length[before] + 1);
        ++size;
    }
    void append(std::uint32_t code, std::vector<std::uint8_t>& out) const {
        const auto start = out.size();
        out.resize(start + length[code]);
        for (auto at = out.size(); at > start; code = prefix[code])
            out[--at] = last[code];
    }
};

class Codes {
public:
    explicit Codes(std::span<const std::byte> bytes) : bytes_(bytes) {}
    // kEnd where no whole code is left
    std::uint32_t next() {
        while (have_ < kCodeBits) {
            if (at_ == bytes_.size())
                return kEnd;
            bits_ = bits_ << 8U | std::to_integer<std::uint32_t>(bytes_[at_++]);
            have_ += 8;
        }
        have_ -= kCodeBits;
        return bits_ >> have_ & kEnd;
    }

private:
    std::span<const std::byte> bytes_;
    std::size_t at_ = 0;
    std::uint32_t bits_ = 0;
    unsigned have_ = 0;
};

} // namespace

Result<std::vector<Chunk>> chunks(std::span<const std::byte> bytes, const std::string& where) {
    constexpr std::size_t kHeader = 8;
    std::vector<Chunk> out;
    ByteCursor cursor(bytes);
    while (cursor.left() >= kHeader) {
        const auto size = cursor.i32();
        (void)cursor.i16();
        Chunk chunk;
        chunk.firstDifference = cursor.i16();
        if (size < 0 || static_cast<std::size_t>(size) > cursor.left())
            return makeError(ErrorCode::FileTruncated,
                             "compressed lead " + std::to_string(out.size() + 1) + " says to have " +
                                 std::to_string(size) + " bytes, " + std::to_string(cursor.left()) + " are there",
                             where);
        chunk.codes = cursor.bytes(static_cast<std::size_t>(size));
        out.push_back(chunk);
    }
    return out;
}

Result<std::vector<std::uint8_t>> decompressed(std::span<const std::byte> bytes, std::size_t most,
                                               const std::string& where) {
    Dictionary dictionary;
    Codes codes(bytes);
    std::vector<std::uint8_t> out;
    std::uint32_t before = kEnd;
    for (auto code = codes.next(); code != kEnd; code = codes.next()) {
        const bool repeats = code == dictionary.size && before != kEnd; // its own prefix and that one's first byte
        if (code >= dictionary.size && !repeats)
            return makeError(ErrorCode::FormatInvalid,
                             "its compression is broken after " + std::to_string(out.size()) + " bytes: code " +
                                 std::to_string(code) + " was never made",
                             where);
        if (before != kEnd)
            dictionary.learn(before, dictionary.first[repeats ? before : code]);
        dictionary.append(code, out);
        if (out.size() > most)
            return makeError(ErrorCode::ValueOutOfRange, "it expands to more than " + std::to_string(most) + " bytes",
                             where);
        before = code;
    }
    return out;
}

Result<std::vector<std::int32_t>> samples(const Chunk& chunk, std::size_t mostSamples, const std::string& where) {
    auto bytes = decompressed(chunk.codes, 2 * mostSamples, where);
    if (!bytes)
        return bytes.as<std::vector<std::int32_t>>();
    if (bytes->size() % 2 != 0) // the last low byte was left out
        bytes->push_back(0);
    const auto count = bytes->size() / 2;
    const auto word = [&](std::size_t i) {
        return static_cast<std::int16_t>(static_cast<std::uint16_t>((*bytes)[i] << 8U | (*bytes)[count + i]));
    };
    std::vector<std::int32_t> out(count);
    for (std::size_t i = 0; i < std::min<std::size_t>(2, count); ++i)
        out[i] = word(i);
    std::int32_t difference = chunk.firstDifference;
    for (std::size_t i = 2; i < count; ++i) {
        out[i] = static_cast<std::int16_t>(2 * out[i - 1] - out[i - 2] - difference);
        difference = word(i) - kDifferenceOffset;
    }
    return out;
}

} // namespace precordia::xli
