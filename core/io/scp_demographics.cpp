// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/scp_demographics.h"

#include "core/io/byte_cursor.h"
#include "core/io/text.h"
#include "core/io/timestamp.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <utility>

namespace precordia::scp {

namespace {

constexpr std::uint8_t kEnd = 255;
constexpr double kDaysAYear = 365.2425;
constexpr double kOldest = 150;

std::string two(unsigned value) {
    return (value < 10 ? "0" : "") + std::to_string(value);
}

std::string timeOf(std::span<const std::byte> value) {
    ByteCursor cursor(value);
    const auto hour = cursor.u8();
    const auto minute = cursor.u8();
    const auto second = cursor.u8();
    if (cursor.failed() || hour > 23 || minute > 59 || second > 60)
        return {};
    return two(hour) + ":" + two(minute) + ":" + two(second);
}

// "180 cm"; units from 1 on
std::string measured(std::span<const std::byte> value, std::span<const std::string_view> units) {
    ByteCursor cursor(value);
    const auto number = cursor.u16();
    const auto unit = cursor.u8();
    if (cursor.failed() || number == 0 || unit == 0 || unit > units.size())
        return {};
    return std::to_string(number) + " " + std::string(units[unit - 1U]);
}

std::string joined(const std::string& a, std::string_view separator, const std::string& b) {
    return a.empty() ? b : b.empty() ? a : a + std::string(separator) + b;
}

// Tag 14: who made the device, and its model. Serial and institution numbers stay in the file.
std::string deviceOf(std::span<const std::byte> value) {
    ByteCursor cursor(value);
    cursor.skip(8); // institution, department, device number, type, code of the manufacturer
    const auto model = textOf(cursor.bytes(std::min<std::size_t>(6, cursor.left())));
    if (!cursor.seek(35))
        return model;
    // The length of the first of five strings; they end with a zero byte each, which counts or does not.
    cursor.skip(1);
    std::vector<std::string> strings;
    while (cursor.left() > 0 && strings.size() < 5) {
        const auto rest = text::asText(value.subspan(cursor.position()));
        const auto end = std::min(rest.find('\0'), rest.size());
        strings.push_back(std::string(text::trim(text::utf8(rest.substr(0, end)))));
        cursor.skip(std::min(end + 1, cursor.left()));
    }
    // Program, serial number, system software, SCP software, trade name of the manufacturer.
    const auto maker = strings.size() == 5 && text::lower(strings[4]) != "unknown" ? strings[4] : std::string();
    return joined(maker, " ", model);
}

void readFilters(const Tag& tag, Recording& recording) {
    ByteCursor cursor(tag.value);
    auto& filters = recording.metadata.filters;
    if (tag.id == 29) {
        const auto bits = cursor.u8();
        if (!cursor.failed() && (bits & 3U) != 0)
            filters.notchHz = (bits & 1U) != 0 ? 60.0 : 50.0;
        return;
    }
    const auto value = cursor.u16();
    if (cursor.failed() || value == 0)
        return;
    if (tag.id == 27)
        filters.highPassHz = value / 100.0;
    else
        filters.lowPassHz = value;
}

// Tag 10: three bytes of a code, then words.
std::string drugOf(std::span<const std::byte> value) {
    ByteCursor cursor(value);
    const auto table = cursor.u8();
    const auto group = cursor.u8();
    const auto drug = cursor.u8();
    if (cursor.failed())
        return {};
    const auto words = textOf(value.subspan(3));
    const bool coded = table != 0 || group != 0 || drug != 0;
    const auto code =
        coded ? "code " + std::to_string(table) + "." + std::to_string(group) + "." + std::to_string(drug) : "";
    return joined(words, words.empty() ? "" : ", ", code);
}

std::string numbersOf(std::span<const std::byte> value) {
    std::string out;
    for (const auto byte : value.first(std::min<std::size_t>(value.size(), 64)))
        out += (out.empty() ? "" : " ") + std::to_string(std::to_integer<unsigned>(byte));
    return out;
}

std::string pressureOf(std::span<const std::byte> value) {
    ByteCursor cursor(value);
    const auto pressure = cursor.u16();
    return pressure > 0 ? std::to_string(pressure) + " mmHg" : "";
}

std::string raceOf(std::span<const std::byte> value) {
    static constexpr std::string_view kRaces[] = {"Caucasian", "Black", "Oriental"};
    const auto code = ByteCursor(value).u8();
    return code >= 1 && code <= 3 ? std::string(kRaces[code - 1U]) : std::string();
}

// What has no place of its own in the metadata.
std::string commentOf(const Tag& tag) {
    static constexpr std::string_view kHeights[] = {"cm", "in", "mm"};
    static constexpr std::string_view kWeights[] = {"kg", "g", "lb", "oz"};
    const auto said = [](std::string_view what, const std::string& words) {
        return words.empty() ? std::string() : std::string(what) + ": " + words;
    };
    switch (tag.id) {
    case 6:
        return said("height", measured(tag.value, kHeights));
    case 7:
        return said("weight", measured(tag.value, kWeights));
    case 9:
        return said("race", raceOf(tag.value));
    case 10:
        return said("medication", drugOf(tag.value));
    case 11:
        return said("systolic blood pressure", pressureOf(tag.value));
    case 12:
        return said("diastolic blood pressure", pressureOf(tag.value));
    case 13:
        return said("indication", textOf(tag.value));
    case 30:
        return said("free text", textOf(tag.value));
    case 31:
        return said("sequence number", textOf(tag.value));
    case 32:
        return said("medical history codes", numbersOf(tag.value));
    case 33:
        return said("electrode configuration", numbersOf(tag.value));
    case 35:
        return said("medical history", textOf(tag.value));
    default:
        return {};
    }
}

// Minutes from Coordinated Universal Time, tag 34; 0x7FFF is "not known".
std::string timeZoneOf(std::span<const std::byte> value) {
    const auto minutes = ByteCursor(value).i16();
    if (value.size() < 2 || minutes < -780 || minutes > 840)
        return {};
    return "time zone: " + std::string(minutes < 0 ? "-" : "+") + two(static_cast<unsigned>(std::abs(minutes) / 60)) +
           ":" + two(static_cast<unsigned>(std::abs(minutes) % 60));
}

} // namespace

std::vector<Tag> tagsOf(const Section& section, std::vector<Warning>& warnings) {
    std::vector<Tag> tags;
    ByteCursor cursor(section.body);
    while (cursor.left() > 0) {
        const auto id = cursor.u8();
        if (id == kEnd)
            break;
        const std::size_t length = cursor.u16();
        if (cursor.failed())
            break;
        if (length > cursor.left())
            warnings.push_back({WarningCode::ShortFile,
                                "tag " + std::to_string(id) + " has " + std::to_string(cursor.left()) + " of " +
                                    std::to_string(length) + " bytes",
                                "section 1"});
        tags.push_back({id, cursor.bytes(std::min(length, cursor.left()))});
    }
    return tags;
}

std::string textOf(std::span<const std::byte> value) {
    const auto characters = text::asText(value);
    const auto utf8 = text::utf8(characters.substr(0, characters.find('\0')));
    return std::string(text::trim(utf8));
}

std::string dateOf(std::span<const std::byte> value) {
    ByteCursor cursor(value);
    const auto year = cursor.u16();
    const auto month = cursor.u8();
    const auto day = cursor.u8();
    if (cursor.failed() || year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31)
        return {};
    char out[16];
    std::snprintf(out, sizeof out, "%04u-%02u-%02u", unsigned{year}, unsigned{month}, unsigned{day});
    return out;
}

std::optional<double> ageOf(std::span<const std::byte> value) {
    ByteCursor cursor(value);
    const double number = cursor.u16();
    const auto unit = cursor.u8();
    if (cursor.failed())
        return std::nullopt;
    double years = number;
    switch (unit) {
    case 1:
        break;
    case 2:
        years /= 12;
        break;
    case 3:
        years *= 7 / kDaysAYear;
        break;
    case 4:
        years /= kDaysAYear;
        break;
    case 5:
        years /= 24 * kDaysAYear;
        break;
    default: // "unspecified"
        return std::nullopt;
    }
    if (years > kOldest)
        return std::nullopt;
    return years;
}

void readDemographics(const Section& section, Recording& recording) {
    auto& metadata = recording.metadata;
    auto& identity = metadata.identity;
    std::string last, first, second, date, time, referring, confirming, institution, department;
    for (const auto& tag : tagsOf(section, recording.warnings)) {
        switch (tag.id) {
        case 0:
            last = textOf(tag.value);
            break;
        case 1:
            first = textOf(tag.value);
            break;
        case 2:
            metadata.patientId = textOf(tag.value);
            break;
        case 3:
            second = textOf(tag.value);
            break;
        case 4:
            metadata.ageYears = ageOf(tag.value);
            break;
        case 5:
            identity.birthDate = dateOf(tag.value);
            break;
        case 8: {
            const auto sex = ByteCursor(tag.value).u8();
            metadata.sex = sex == 1 ? "male" : sex == 2 ? "female" : "";
            break;
        }
        case 14:
            metadata.device = deviceOf(tag.value);
            break;
        case 16:
            institution = textOf(tag.value);
            break;
        case 18:
            department = textOf(tag.value);
            break;
        case 20:
            referring = textOf(tag.value);
            break;
        case 21:
            confirming = textOf(tag.value);
            break;
        case 22:
            identity.operatorName = textOf(tag.value);
            break;
        case 25:
            date = dateOf(tag.value);
            break;
        case 26:
            time = timeOf(tag.value);
            break;
        case 27:
        case 28:
        case 29:
            readFilters(tag, recording);
            break;
        case 34:
            if (auto zone = timeZoneOf(tag.value); !zone.empty())
                metadata.comments.push_back(std::move(zone));
            break;
        default:
            if (auto comment = commentOf(tag); !comment.empty())
                metadata.comments.push_back(std::move(comment));
        }
    }
    identity.patientName = joined(joined(last, " ", second), ", ", first);
    identity.institution = joined(institution, ", ", department);
    identity.physician = referring.empty() ? confirming : referring;
    metadata.recordedAt = date.empty() || time.empty() ? date : date + "T" + time;
    if (!metadata.ageYears)
        metadata.ageYears = timestamp::yearsBetween(identity.birthDate, date);
}

} // namespace precordia::scp
