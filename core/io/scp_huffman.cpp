// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/scp_huffman.h"

#include "core/io/byte_cursor.h"

#include <algorithm>
#include <utility>

namespace precordia::scp {

namespace {

constexpr std::uint16_t kDefaultTable = 19999;
constexpr std::size_t kCodeBytes = 9;
constexpr unsigned kMaxPrefix = 32;
constexpr unsigned kMaxAmplitudeBits = 24; // a second difference of 16-bit samples needs 18

class Bits {
public:
    explicit Bits(std::span<const std::byte> bytes) : bytes_(bytes) {}
    std::size_t at() const { return at_; }
    std::size_t left() const { return bytes_.size() * 8 - at_; }
    unsigned next() {
        const auto byte = std::to_integer<unsigned>(bytes_[at_ / 8]);
        const auto bit = (byte >> (7U - at_ % 8U)) & 1U;
        ++at_;
        return bit;
    }
    std::int32_t number(unsigned bits) { // two's complement
        std::uint32_t value = 0;
        for (unsigned i = 0; i < bits; ++i)
            value = value << 1U | next();
        const std::uint32_t sign = 1U << (bits - 1);
        return static_cast<std::int32_t>(value ^ sign) - static_cast<std::int32_t>(sign);
    }

private:
    std::span<const std::byte> bytes_;
    std::size_t at_ = 0;
};

Error invalid(std::string why, const std::string& where) {
    return makeError(ErrorCode::FormatInvalid, std::move(why), where + ", section 2");
}

} // namespace

HuffmanTables::Table HuffmanTables::makeTable(std::vector<HuffmanCode> codes) {
    Table table;
    table.nodes.emplace_back();
    for (std::size_t c = 0; c < codes.size(); ++c) {
        std::size_t at = 0;
        for (unsigned bit = 0; bit < codes[c].prefixBits; ++bit) {
            const auto side = (codes[c].code >> bit) & 1U;
            if (table.nodes[at].child[side] < 0) {
                table.nodes[at].child[side] = static_cast<std::int32_t>(table.nodes.size());
                table.nodes.emplace_back();
            }
            at = static_cast<std::size_t>(table.nodes[at].child[side]);
        }
        if (table.nodes[at].code < 0)
            table.nodes[at].code = static_cast<std::int32_t>(c);
    }
    table.codes = std::move(codes);
    return table;
}

HuffmanTables HuffmanTables::standard() {
    std::vector<HuffmanCode> codes{{1, 1, 1, 0, 0}};
    // 1 to 8: as many ones, a zero, the sign
    for (std::uint8_t value = 1; value <= 8; ++value) {
        const auto bits = static_cast<std::uint8_t>(value + 2);
        const std::uint32_t ones = (1U << value) - 1;
        codes.push_back({bits, bits, 1, static_cast<std::int16_t>(value), ones});
        codes.push_back({bits, bits, 1, static_cast<std::int16_t>(-value), ones | 1U << (value + 1U)});
    }
    codes.push_back({10, 18, 1, 0, 0x1FF}); // then 8 bits
    codes.push_back({10, 26, 1, 0, 0x3FF}); // then 16 bits
    HuffmanTables out;
    out.tables_.push_back(makeTable(std::move(codes)));
    out.bytesParsed_ = 2;
    return out;
}

Result<HuffmanTables> HuffmanTables::parse(std::span<const std::byte> body, const std::string& where) {
    ByteCursor cursor(body);
    const auto count = cursor.u16();
    if (cursor.failed())
        return makeError(ErrorCode::FileTruncated, "the Huffman tables are not there", where + ", section 2");
    if (count == kDefaultTable)
        return standard();
    if (count == 0)
        return invalid("it says that there are no Huffman tables", where);
    HuffmanTables out;
    for (unsigned t = 0; t < count; ++t) {
        const std::size_t size = cursor.u16();
        if (cursor.failed() || cursor.left() / kCodeBytes < size)
            return makeError(ErrorCode::FileTruncated,
                             "Huffman table " + std::to_string(t + 1) + " of " + std::to_string(count) +
                                 " is not all there",
                             where + ", section 2");
        std::vector<HuffmanCode> codes;
        for (std::size_t c = 0; c < size; ++c) {
            HuffmanCode code;
            code.prefixBits = cursor.u8();
            code.totalBits = cursor.u8();
            code.mode = cursor.u8();
            code.baseValue = cursor.i16();
            code.code = cursor.u32();
            const bool switches = code.mode == 0;
            const bool fits = code.prefixBits >= 1 && code.prefixBits <= kMaxPrefix &&
                              (switches ? code.baseValue >= 1 && code.baseValue <= static_cast<int>(count)
                                        : code.totalBits >= code.prefixBits &&
                                              code.totalBits - code.prefixBits <= static_cast<int>(kMaxAmplitudeBits));
            if (!fits)
                return invalid("code " + std::to_string(c + 1) + " of Huffman table " + std::to_string(t + 1) +
                                   " has impossible lengths or leads to no table",
                               where);
            codes.push_back(code);
        }
        out.tables_.push_back(makeTable(std::move(codes)));
    }
    out.bytesParsed_ = cursor.position();
    return out;
}

HuffmanTables::Decoded HuffmanTables::decode(std::span<const std::byte> bytes, std::size_t count) const {
    Decoded out;
    out.values.reserve(std::min(count, bytes.size() * 8)); // a value takes a bit or more
    Bits bits(bytes);
    std::size_t table = 0;
    while (out.values.size() < count) {
        const auto& nodes = tables_[table].nodes;
        std::size_t at = 0;
        while (nodes[at].code < 0 && bits.left() > 0) {
            const auto child = nodes[at].child[bits.next()];
            if (child < 0)
                return out;
            at = static_cast<std::size_t>(child);
        }
        if (nodes[at].code < 0)
            return out;
        const auto& code = tables_[table].codes[static_cast<std::size_t>(nodes[at].code)];
        if (code.mode == 0) {
            table = static_cast<std::size_t>(code.baseValue) - 1;
            continue;
        }
        const auto extra = static_cast<unsigned>(code.totalBits - code.prefixBits);
        if (bits.left() < extra)
            return out;
        out.values.push_back(code.baseValue + (extra > 0 ? bits.number(extra) : 0));
        out.bitsUsed = bits.at();
    }
    return out;
}

} // namespace precordia::scp
