// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace precordia::text {

namespace {

bool blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\v' || c == '\f';
}

template <typename T>
std::optional<T> take(std::string_view& text) {
    std::string_view rest = text;
    if (rest.starts_with('+') && rest.size() > 1 && rest[1] != '-') // from_chars knows no plus sign
        rest.remove_prefix(1);
    T value{};
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
    if (error != std::errc{})
        return std::nullopt;
    if constexpr (std::is_floating_point_v<T>)
        if (!std::isfinite(value))
            return std::nullopt;
    text = rest.substr(static_cast<std::size_t>(end - rest.data()));
    return value;
}

template <typename T>
std::optional<T> whole(std::string_view text) {
    text = trim(text);
    const auto value = take<T>(text);
    return text.empty() ? value : std::nullopt;
}

template <typename T>
std::string toText(T value) {
    std::array<char, 64> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
    return std::string(buffer.data(), end);
}

// Length of the UTF-8 sequence that starts here, 0 when there is none (RFC 3629: no overlong form, no surrogate).
std::size_t sequenceLength(std::string_view s) {
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(s[i]); };
    const auto follows = [&](std::size_t i) { return i < s.size() && (at(i) & 0xC0U) == 0x80U; };
    const auto first = at(0);
    if (first < 0x80U)
        return 1;
    if (first >= 0xC2U && first <= 0xDFU && follows(1))
        return 2;
    if ((first & 0xF0U) == 0xE0U && follows(1) && follows(2)) {
        const unsigned code = (first & 0x0FU) << 12U | (at(1) & 0x3FU) << 6U | (at(2) & 0x3FU);
        return code >= 0x800U && (code < 0xD800U || code > 0xDFFFU) ? 3 : 0;
    }
    if (first >= 0xF0U && first <= 0xF4U && follows(1) && follows(2) && follows(3)) {
        const unsigned code = (first & 0x07U) << 18U | (at(1) & 0x3FU) << 12U | (at(2) & 0x3FU) << 6U | (at(3) & 0x3FU);
        return code >= 0x10000U && code <= 0x10FFFFU ? 4 : 0;
    }
    return 0;
}

} // namespace

std::string_view trim(std::string_view text) {
    while (!text.empty() && blank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && blank(text.back()))
        text.remove_suffix(1);
    return text;
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return out;
}

std::vector<std::string_view> words(std::string_view text) {
    std::vector<std::string_view> out;
    for (std::size_t at = 0; at < text.size();) {
        if (blank(text[at])) {
            ++at;
            continue;
        }
        const auto start = at;
        while (at < text.size() && !blank(text[at]))
            ++at;
        out.push_back(text.substr(start, at - start));
    }
    return out;
}

std::vector<std::string_view> split(std::string_view text, char delimiter) {
    std::vector<std::string_view> out;
    for (;;) {
        const auto at = text.find(delimiter);
        out.push_back(text.substr(0, at));
        if (at == std::string_view::npos)
            return out;
        text.remove_prefix(at + 1);
    }
}

std::vector<std::string_view> lines(std::string_view text) {
    std::vector<std::string_view> out;
    while (!text.empty()) {
        std::size_t at = 0; // find_first_of() would call a function for every character
        while (at < text.size() && text[at] != '\n' && text[at] != '\r')
            ++at;
        at = at < text.size() ? at : std::string_view::npos;
        out.push_back(text.substr(0, at));
        if (at == std::string_view::npos)
            break;
        const bool pair = text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n';
        text.remove_prefix(at + (pair ? 2 : 1));
    }
    return out;
}

std::optional<double> number(std::string_view text) {
    return whole<double>(text);
}
std::optional<std::int64_t> integer(std::string_view text) {
    return whole<std::int64_t>(text);
}
std::optional<double> takeNumber(std::string_view& text) {
    return take<double>(text);
}
std::optional<std::int64_t> takeInteger(std::string_view& text) {
    return take<std::int64_t>(text);
}

std::string shortest(double value) {
    return toText(value);
}
std::string shortest(float value) {
    return toText(value);
}

std::string utf8(std::string_view bytes) {
    if (std::all_of(bytes.begin(), bytes.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80U; }))
        return std::string(bytes);
    std::string out;
    out.reserve(bytes.size());
    while (!bytes.empty()) {
        const auto length = sequenceLength(bytes);
        if (length > 0) {
            out.append(bytes.substr(0, length));
            bytes.remove_prefix(length);
            continue;
        }
        const auto latin = static_cast<unsigned char>(bytes.front());
        out.push_back(static_cast<char>(0xC0U | latin >> 6U));
        out.push_back(static_cast<char>(0x80U | (latin & 0x3FU)));
        bytes.remove_prefix(1);
    }
    return out;
}

bool looksLikeText(std::span<const std::byte> bytes) {
    std::size_t control = 0;
    for (const auto b : bytes) {
        const auto c = std::to_integer<unsigned char>(b);
        if (c == 0)
            return false;
        control += (c < 0x20 && !blank(static_cast<char>(c))) || c == 0x7F ? 1 : 0;
    }
    return !bytes.empty() && control * 100 < bytes.size();
}

std::string_view asText(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

} // namespace precordia::text
