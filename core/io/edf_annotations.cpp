// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/edf_annotations.h"

#include "core/io/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

namespace precordia::edf {

namespace {

constexpr char kTextEnd = '\x14';
constexpr char kDuration = '\x15';
constexpr std::string_view kLetters = "NLRBAaJSVrFejnEfQxptuTsD"; // MIT symbols that are letters
constexpr std::string_view kSigns = "/?[!]()`'^|~+*=\"@";         // and those that are not

std::optional<TimedList> listOf(std::string_view bytes) {
    const auto head = bytes.substr(0, bytes.find(kTextEnd));
    if (head.size() == bytes.size() || head.empty() || (head.front() != '+' && head.front() != '-'))
        return std::nullopt;
    const auto mark = head.find(kDuration);
    const auto onset = text::number(head.substr(0, mark));
    if (!onset)
        return std::nullopt;
    TimedList out;
    out.onset = *onset;
    if (mark != std::string_view::npos)
        if (const auto duration = text::number(head.substr(mark + 1)); duration && *duration >= 0)
            out.duration = duration;
    auto rest = bytes.substr(head.size() + 1);
    if (rest.ends_with(kTextEnd))
        rest.remove_suffix(1);
    for (const auto words : text::split(rest, kTextEnd)) {
        auto clean = text::utf8(words);
        std::replace_if(
            clean.begin(), clean.end(), [](unsigned char c) { return c < 0x20; }, ' ');
        out.texts.push_back(std::move(clean));
    }
    return out;
}

} // namespace

RecordLists parseLists(std::span<const std::byte> bytes) {
    RecordLists out;
    for (const auto part : text::split(text::asText(bytes), '\0')) {
        if (text::trim(part).empty())
            continue;
        if (auto list = listOf(part))
            out.lists.push_back(std::move(*list));
        else
            out.damaged = true;
    }
    return out;
}

Text splitText(const std::string& whole) {
    Text out;
    std::string_view words = whole;
    if (const auto at = words.rfind("@@"); at != std::string_view::npos) {
        out.signal = text::trim(words.substr(at + 2));
        words = words.substr(0, at);
    }
    words = text::trim(words);
    const bool sign = !words.empty() && kSigns.find(words.front()) != std::string_view::npos;
    const bool letter = words.size() == 1 && kLetters.find(words.front()) != std::string_view::npos;
    if (letter || (sign && (words.size() == 1 || words[1] == ' '))) {
        out.symbol = words.substr(0, 1);
        words = text::trim(words.substr(1));
    }
    out.text = words;
    return out;
}

std::string joinText(const Text& parts) {
    std::string out = parts.symbol;
    if (!parts.text.empty())
        out += (out.empty() ? "" : " ") + parts.text;
    std::replace_if(
        out.begin(), out.end(), [](unsigned char c) { return c < 0x20; }, ' ');
    if (!parts.signal.empty())
        out += "@@" + parts.signal;
    return out;
}

std::string plainSeconds(double seconds) {
    std::array<char, 64> buffer{};
    const auto [end, error] =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), seconds, std::chars_format::fixed, 7);
    if (error != std::errc()) // a time that no recording has
        return "0";
    std::string out(buffer.data(), end);
    out.erase(out.find_last_not_of('0') + 1);
    if (out.ends_with('.'))
        out.pop_back();
    return out == "-0" ? "0" : out;
}

std::string writeList(double onset, double duration, const std::string& words) {
    std::string out = (onset < 0 ? "" : "+") + plainSeconds(onset);
    if (duration > 0)
        out += kDuration + plainSeconds(duration);
    return out + kTextEnd + words + kTextEnd + '\0';
}

} // namespace precordia::edf
