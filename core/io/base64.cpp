// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/base64.h"

#include <algorithm>
#include <cstdint>

namespace precordia {

namespace {

constexpr int kNotInAlphabet = -1;

int valueOf(char c) {
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '+')
        return 62;
    return c == '/' ? 63 : kNotInAlphabet;
}

bool blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

} // namespace

Result<std::vector<std::byte>> base64Decoded(std::string_view text, const std::string& where) {
    std::vector<std::byte> out;
    out.reserve(text.size() / 4 * 3);
    std::uint32_t bits = 0;
    std::size_t characters = 0; // of the alphabet
    std::size_t padding = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (blank(c))
            continue;
        if (c == '=') {
            ++padding;
            continue;
        }
        const int value = valueOf(c);
        if (value == kNotInAlphabet || padding > 0)
            return makeError(ErrorCode::FormatInvalid,
                             "no Base64: " + std::string(padding > 0 ? "text after '='" : "a character outside of it") +
                                 " at position " + std::to_string(i),
                             where);
        bits = bits << 6U | static_cast<std::uint32_t>(value);
        if (++characters % 4 == 0)
            for (int shift = 16; shift >= 0; shift -= 8)
                out.push_back(static_cast<std::byte>(bits >> static_cast<unsigned>(shift) & 0xFFU));
    }
    const auto left = characters % 4;
    if (left == 1 || padding != (left == 0 ? 0 : 4 - left))
        return makeError(ErrorCode::FormatInvalid,
                         "no Base64: " + std::to_string(characters) + " characters and " + std::to_string(padding) +
                             " '=' are no whole number of bytes",
                         where);
    if (left >= 2)
        out.push_back(static_cast<std::byte>(bits >> (left == 2 ? 4U : 10U) & 0xFFU));
    if (left == 3)
        out.push_back(static_cast<std::byte>(bits >> 2U & 0xFFU));
    return out;
}

} // namespace precordia
