// SPDX-License-Identifier: GPL-3.0-or-later
// Section 2 of SCP-ECG (EN 1064, 5.5 and annex C): the tables by which samples and differences are coded. The bits of a
// byte come most significant first; the first bit of a code is the lowest of its 32-bit number. Each lead begins in
// the first table; a code of mode 0 switches to another.
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace precordia::scp {

struct HuffmanCode {
    std::uint8_t prefixBits = 0;
    std::uint8_t totalBits = 0; // what goes beyond the prefix is a two's complement number, added to the base value
    std::uint8_t mode = 1;      // 0: the base value is the number of the table to go on with, from 1
    std::int16_t baseValue = 0;
    std::uint32_t code = 0;
};

class HuffmanTables {
public:
    static HuffmanTables standard(); // the table of annex C, which section 2 names by 19999
    // `body` of section 2. Errors: FormatInvalid, FileTruncated.
    static Result<HuffmanTables> parse(std::span<const std::byte> body, const std::string& where);

    struct Decoded {
        std::vector<std::int32_t> values; // `count` of them, or fewer when the bits end or no code fits
        std::size_t bitsUsed = 0;
    };
    Decoded decode(std::span<const std::byte> bytes, std::size_t count) const;

    std::size_t bytesParsed() const { return bytesParsed_; } // of the body

private:
    // A binary tree a table: a node's children, or the code that ends there.
    struct Node {
        std::int32_t child[2] = {-1, -1};
        std::int32_t code = -1;
    };
    struct Table {
        std::vector<HuffmanCode> codes;
        std::vector<Node> nodes;
    };
    static Table makeTable(std::vector<HuffmanCode> codes);

    std::vector<Table> tables_;
    std::size_t bytesParsed_ = 0;
};

} // namespace precordia::scp
