// SPDX-License-Identifier: GPL-3.0-or-later
// Reading words and numbers out of untrusted text, in the C locale whatever the user's is.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace precordia::text {

std::string_view trim(std::string_view text);
std::string lower(std::string_view text); // ASCII only
std::vector<std::string_view> words(std::string_view text);
std::vector<std::string_view> split(std::string_view text, char delimiter); // keeps empty parts
// Without line ends; \n, \r\n and \r all end a line.
std::vector<std::string_view> lines(std::string_view text);

// The whole text must be the number; infinities and NaN are not numbers here.
std::optional<double> number(std::string_view text);
std::optional<std::int64_t> integer(std::string_view text);
// A number at the start: "200(0)/mV" -> 200; `text` is moved past it.
std::optional<double> takeNumber(std::string_view& text);
std::optional<std::int64_t> takeInteger(std::string_view& text);

std::string shortest(double value); // reads back to the same value
std::string shortest(float value);

// Bytes that are not UTF-8 are taken for Latin-1, as old headers and device exports are.
std::string utf8(std::string_view bytes);
// Text shows itself by having no zero byte and few control characters.
bool looksLikeText(std::span<const std::byte> bytes);
std::string_view asText(std::span<const std::byte> bytes);

} // namespace precordia::text
