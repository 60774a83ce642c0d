// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/timestamp.h"

#include "core/io/text.h"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace precordia::timestamp {

namespace {

std::string padded(std::int64_t value, std::size_t width) {
    auto text = std::to_string(value);
    return text.size() < width ? std::string(width - text.size(), '0') + text : text;
}

std::string date(std::int64_t year, std::int64_t month, std::int64_t day) {
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31)
        return {};
    return padded(year, 4) + "-" + padded(month, 2) + "-" + padded(day, 2);
}

std::optional<std::int64_t> month(std::string_view word) {
    if (const auto number = text::integer(word))
        return number;
    static constexpr std::array<std::string_view, 12> kNames{"jan", "feb", "mar", "apr", "may", "jun",
                                                             "jul", "aug", "sep", "oct", "nov", "dec"};
    const auto lowered = text::lower(word);
    for (std::size_t i = 0; i < kNames.size(); ++i)
        if (lowered == kNames[i])
            return static_cast<std::int64_t>(i + 1);
    return std::nullopt;
}

std::string isoDate(std::string_view word) {
    const auto parts = text::split(word, word.find('/') != std::string_view::npos ? '/' : '-');
    if (parts.size() != 3)
        return {};
    const auto m = month(parts[1]);
    const auto first = text::integer(parts[0]);
    const auto last = text::integer(parts[2]);
    if (!m || !first || !last)
        return {};
    return *first > 31 ? date(*first, *m, *last) : date(*last, *m, *first);
}

std::string isoTime(std::string_view word) {
    const auto parts = text::split(word.substr(0, word.find('.')), ':');
    if (parts.size() < 2 || parts.size() > 3)
        return {};
    std::vector<std::int64_t> values;
    for (const auto part : parts)
        values.push_back(text::integer(part).value_or(-1));
    // Two parts are minutes and seconds (header(5)).
    const auto hour = values.size() == 3 ? values.front() : 0;
    const auto minute = values[values.size() - 2];
    const auto second = values.back();
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
        return {};
    return padded(hour, 2) + ":" + padded(minute, 2) + ":" + padded(second, 2);
}

} // namespace

std::string fromDateAndTime(std::string_view dateWord, std::string_view timeWord) {
    const auto day = isoDate(dateWord);
    const auto clock = isoTime(timeWord);
    return day.empty() || clock.empty() ? day : day + "T" + clock;
}

std::string fromDicom(std::string_view digits) {
    const auto part = [&](std::size_t at, std::size_t count) {
        return at + count <= digits.size() ? text::integer(digits.substr(at, count)).value_or(-1) : -1;
    };
    const auto day = date(part(0, 4), part(4, 2), part(6, 2));
    const auto hour = part(8, 2);
    const auto minute = part(10, 2);
    if (day.empty() || hour < 0 || hour > 23 || minute < 0 || minute > 59)
        return day;
    const auto second = part(12, 2);
    return day + "T" + padded(hour, 2) + ":" + padded(minute, 2) + ":" +
           padded(second >= 0 && second <= 60 ? second : 0, 2);
}

std::optional<double> yearsBetween(std::string_view birthDate, std::string_view date) {
    constexpr std::int64_t kOldest = 130;
    if (birthDate.size() < 10 || date.size() < 10)
        return std::nullopt;
    const auto born = text::integer(birthDate.substr(0, 4)), then = text::integer(date.substr(0, 4));
    if (!born || !then)
        return std::nullopt;
    // "-05-31": the birthday of that year is still to come
    const auto years = *then - *born - (date.substr(4, 6) < birthDate.substr(4, 6) ? 1 : 0);
    return years >= 0 && years <= kOldest ? std::optional(static_cast<double>(years)) : std::nullopt;
}

} // namespace precordia::timestamp
