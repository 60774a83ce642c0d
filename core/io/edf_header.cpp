// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/edf_header.h"

#include "core/io/header_comments.h"
#include "core/io/text.h"
#include "core/io/timestamp.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace precordia::edf {

namespace {

// Blanks fill a field up; some writers take zero bytes.
std::string_view field(std::span<const std::byte> bytes, std::size_t at, std::size_t width) {
    auto raw = text::asText(bytes).substr(std::min(at, bytes.size()), width);
    while (!raw.empty() && (raw.back() == '\0' || raw.back() == ' '))
        raw.remove_suffix(1);
    return text::trim(raw);
}

// For people: UTF-8 without control characters.
std::string words(std::string_view field) {
    auto out = text::utf8(field);
    std::replace_if(
        out.begin(), out.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; }, ' ');
    return out;
}

struct Number {
    std::optional<double> value;
    bool repaired = false;
};

// "0,5" and "100 uV" are no numbers of the standard, and clear.
Number numberOf(std::string_view field) {
    if (const auto exact = text::number(field))
        return {exact, false};
    std::string point(field);
    std::replace(point.begin(), point.end(), ',', '.');
    std::string_view rest = point;
    return {text::takeNumber(rest), true};
}

class Parser {
public:
    Parser(std::span<const std::byte> bytes, const std::string& where) : bytes_(bytes), where_(where) {}
    Result<Header> parse();

private:
    Error invalid(const std::string& why) const { return makeError(ErrorCode::FormatInvalid, why, where_); }
    void warn(const std::string& message, const std::string& place) {
        out_.warnings.push_back({WarningCode::Repaired, message, place});
    }
    std::optional<double> number(std::string_view raw, const std::string& what, const std::string& place) {
        const auto n = numberOf(raw);
        if (n.value && n.repaired)
            warn("the field '" + words(raw) + "' (" + what + ") is no plain number; " + text::shortest(*n.value) +
                     " was read",
                 place);
        return n.value;
    }
    Result<Done> fixedPart();
    Result<Done> signalPart(std::size_t count);

    std::span<const std::byte> bytes_;
    const std::string& where_;
    Header out_;
};

Result<Done> Parser::fixedPart() {
    out_.bdf = std::to_integer<unsigned>(bytes_[0]) == 0xFF;
    out_.patient = words(field(bytes_, 8, 80));
    out_.recording = words(field(bytes_, 88, 80));
    out_.date = field(bytes_, 168, 8);
    out_.time = field(bytes_, 176, 8);
    const auto reserved = field(bytes_, 192, 44);
    out_.plus = reserved.starts_with("EDF+") || reserved.starts_with("BDF+");
    out_.discontinuous = out_.plus && reserved.substr(4).starts_with('D');
    const auto records = number(field(bytes_, 236, 8), "number of records", "header");
    out_.records = records && *records >= 0 && *records < 1e15 ? static_cast<std::int64_t>(*records) : -1;
    const auto seconds = number(field(bytes_, 244, 8), "duration of a record", "header");
    if (!seconds || *seconds < 0 || *seconds > 1e8)
        return invalid("the duration of a record is '" + words(field(bytes_, 244, 8)) + "'");
    out_.recordSeconds = *seconds;
    return Done{};
}

Result<Done> Parser::signalPart(std::size_t count) {
    // Each kind of field stands for all signals before the next kind begins.
    std::size_t at = kFixedBytes;
    const auto column = [&](std::size_t width, std::size_t signal) {
        return field(bytes_, at + width * signal, width);
    };
    out_.signals.resize(count);
    const auto each = [&](std::size_t width, auto&& take) {
        for (std::size_t i = 0; i < count; ++i)
            take(out_.signals[i], column(width, i), "signal " + std::to_string(i + 1));
        at += width * count;
    };
    using Place = const std::string&;
    each(16, [](Signal& s, std::string_view v, Place) {
        s.label = words(v);
        const auto lowered = text::lower(s.label);
        s.annotations = lowered == "edf annotations" || lowered == "bdf annotations";
    });
    each(80, [](Signal& s, std::string_view v, Place) { s.transducer = words(v); });
    each(8, [](Signal& s, std::string_view v, Place) { s.unit = words(v); });
    const auto whole = [](std::optional<double> v) {
        return v && std::abs(*v) < 1e15 ? std::optional(static_cast<std::int64_t>(*v)) : std::nullopt;
    };
    each(8, [&](Signal& s, std::string_view v, Place p) { s.physicalMin = number(v, "physical minimum", p); });
    each(8, [&](Signal& s, std::string_view v, Place p) { s.physicalMax = number(v, "physical maximum", p); });
    each(8, [&](Signal& s, std::string_view v, Place p) { s.digitalMin = whole(number(v, "digital minimum", p)); });
    each(8, [&](Signal& s, std::string_view v, Place p) { s.digitalMax = whole(number(v, "digital maximum", p)); });
    each(80, [](Signal& s, std::string_view v, Place) { s.prefilter = words(v); });
    std::string bad;
    each(8, [&](Signal& s, std::string_view v, Place p) {
        const auto n = number(v, "samples in a record", p);
        if (n && *n >= 0 && *n < 1e9 && *n == std::floor(*n))
            s.samples = static_cast<std::uint64_t>(*n);
        else if (bad.empty())
            bad = p + " has '" + words(v) + "' samples in a record";
    });
    if (!bad.empty())
        return invalid(bad);
    for (auto& signal : out_.signals) {
        signal.byteInRecord = out_.recordBytes;
        out_.recordBytes += signal.samples * out_.sampleBytes();
    }
    if (out_.recordBytes == 0)
        return invalid("no signal has a sample");
    return Done{};
}

Result<Header> Parser::parse() {
    const auto count = signalCount(bytes_, where_);
    if (!count)
        return count.as<Header>();
    if (bytes_.size() < kFixedBytes + kSignalBytes * *count)
        return makeError(ErrorCode::FileTruncated,
                         "it ends inside the header of " + std::to_string(*count) + " signals", where_);
    if (auto done = fixedPart(); !done)
        return done.as<Header>();
    if (auto done = signalPart(*count); !done)
        return done.as<Header>();
    if (const auto said = text::integer(field(bytes_, 184, 8)); said != static_cast<std::int64_t>(out_.bytes()))
        warn("the header says that it has " + words(field(bytes_, 184, 8)) + " bytes; with " + std::to_string(*count) +
                 " signals it has " + std::to_string(out_.bytes()),
             "header");
    return std::move(out_);
}

// "12.03.21" and the like: day, month, year
std::optional<std::array<std::int64_t, 3>> threeNumbers(std::string_view raw) {
    std::string even(raw);
    for (char& c : even)
        c = c >= '0' && c <= '9' ? c : ' ';
    const auto parts = text::words(even);
    if (parts.size() != 3)
        return std::nullopt;
    std::array<std::int64_t, 3> out{};
    for (std::size_t i = 0; i < 3; ++i)
        out[i] = text::integer(parts[i]).value_or(-1);
    return out;
}

std::string meaning(std::string_view subfield) {
    if (subfield == "X")
        return {};
    std::string out(subfield);
    std::replace(out.begin(), out.end(), '_', ' ');
    return std::string(text::trim(out));
}

} // namespace

bool Signal::scaled() const {
    return physicalMin && physicalMax && digitalMin && digitalMax && *physicalMin != *physicalMax &&
           *digitalMin != *digitalMax;
}

Result<std::size_t> signalCount(std::span<const std::byte> fixed, const std::string& where) {
    if (fixed.size() < kFixedBytes)
        return makeError(ErrorCode::FileTruncated,
                         std::to_string(fixed.size()) + " of the 256 bytes of an EDF header are there", where);
    auto count = text::integer(field(fixed, 252, 4));
    if (!count || *count < 1) // the length of the header tells it too
        if (const auto bytes = text::integer(field(fixed, 184, 8)); bytes && *bytes % 256 == 0)
            count = *bytes / 256 - 1;
    if (!count || *count < 1 || *count > 9999)
        return makeError(ErrorCode::FormatInvalid, "the number of signals is '" + words(field(fixed, 252, 4)) + "'",
                         where);
    return static_cast<std::size_t>(*count);
}

Result<Header> parseHeader(std::span<const std::byte> bytes, const std::string& where) {
    return Parser(bytes, where).parse();
}

bool looksLikeHeader(std::span<const std::byte> head, bool named) {
    const auto raw = text::asText(head);
    if (raw.starts_with("\xFF"
                        "BIOSEMI"))
        return true;
    if (!raw.starts_with("0       "))
        return false;
    if (head.size() < kFixedBytes)
        return named;
    int numbers = 0;
    for (const auto& [at, width] : {std::pair{184, 8}, {236, 8}, {244, 8}, {252, 4}})
        numbers += numberOf(field(head, static_cast<std::size_t>(at), static_cast<std::size_t>(width))).value ? 1 : 0;
    return numbers >= (named ? 1 : 3);
}

std::string isoDate(std::string_view ddMmmYyyy) {
    return timestamp::fromDateAndTime(ddMmmYyyy, {});
}

Patient patientOf(const Header& header) {
    Patient out;
    const auto parts = text::words(header.patient);
    // Also in files that do not call themselves EDF+, where the line has its form.
    const bool sex = parts.size() >= 4 && (parts[1] == "M" || parts[1] == "F" || parts[1] == "X");
    out.structured = sex && (header.plus || parts[2] == "X" || !isoDate(parts[2]).empty());
    if (!out.structured) {
        out.code = header.patient;
        return out;
    }
    out.code = meaning(parts[0]);
    out.sex = parseSex(parts[1]);
    out.birthDate = isoDate(parts[2]);
    out.name = meaning(parts[3]);
    return out;
}

RecordingLine recordingOf(const Header& header) {
    RecordingLine out;
    const auto parts = text::words(header.recording);
    out.structured = parts.size() >= 2 && text::lower(parts[0]) == "startdate";
    if (!out.structured)
        return out;
    const auto part = [&](std::size_t i) { return i < parts.size() ? meaning(parts[i]) : std::string(); };
    out.startDate = isoDate(parts[1]);
    out.administration = part(2);
    out.technician = part(3);
    out.equipment = part(4);
    return out;
}

std::string startOf(const Header& header, const RecordingLine& line) {
    std::string day = line.startDate;
    if (const auto d = threeNumbers(header.date); d && day.empty()) {
        const auto year = (*d)[2] > 99 ? (*d)[2] : (*d)[2] + ((*d)[2] >= 85 ? 1900 : 2000);
        const bool unknown = line.structured && *d == std::array<std::int64_t, 3>{1, 1, 85}; // "Startdate X"
        if (!unknown)
            day = timestamp::fromDateAndTime(
                std::to_string(year) + "-" + std::to_string((*d)[1]) + "-" + std::to_string((*d)[0]), {});
    }
    const auto t = threeNumbers(header.time);
    if (day.empty() || !t)
        return day;
    auto both = timestamp::fromDateAndTime(day, std::to_string((*t)[0]) + ":" + std::to_string((*t)[1]) + ":" +
                                                    std::to_string((*t)[2]));
    return both.empty() ? day : both;
}

RecorderFilters filtersOf(std::string_view prefilter) {
    RecorderFilters out;
    std::string even = text::lower(prefilter);
    std::replace(even.begin(), even.end(), ',', '.');
    const auto after = [&](std::initializer_list<std::string_view> names) -> std::optional<double> {
        for (const auto name : names)
            for (auto at = even.find(name); at != std::string::npos; at = even.find(name, at + 1)) {
                const bool wordBegins = at == 0 || !((even[at - 1] >= 'a' && even[at - 1] <= 'z'));
                auto rest = std::string_view(even).substr(at + name.size());
                while (!rest.empty() && (rest.front() == ':' || rest.front() == '=' || rest.front() == ' '))
                    rest.remove_prefix(1);
                const auto value = wordBegins ? text::takeNumber(rest) : std::nullopt;
                if (!value || *value <= 0 || *value > 1e6)
                    continue;
                rest = text::trim(rest);
                return rest.starts_with("khz") ? *value * 1000 : rest.starts_with("mhz") ? *value / 1000 : *value;
            }
        return std::nullopt;
    };
    out.highPassHz = after({"hp", "highpass", "high pass"});
    out.lowPassHz = after({"lp", "lowpass", "low pass"});
    out.notchHz = after({"notch", "n"});
    return out;
}

} // namespace precordia::edf
