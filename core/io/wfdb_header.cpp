// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/wfdb_header.h"

#include "core/io/text.h"

#include <cmath>
#include <limits>
#include <utility>

namespace precordia::wfdb {

namespace {

constexpr std::int64_t kMaxSignals = 4096;
constexpr int kMaxSamplesPerFrame = 65536;
constexpr int kMaxSkew = 1 << 24;
constexpr double kMaxRate = 1e7;
constexpr double kMinGain = 1e-20;                         // beyond it a float holds no sample
constexpr std::int64_t kMaxFrames = std::int64_t{1} << 46; // times samples a frame stays within 64 bits

struct Place {
    const std::string& file;
    int line;
    Error fail(ErrorCode code, std::string why) const {
        return makeError(code, std::move(why), file + ", line " + std::to_string(line));
    }
    Error invalid(std::string why) const { return fail(ErrorCode::FormatInvalid, std::move(why)); }
};

std::string quoted(std::string_view word) {
    return "'" + std::string(word.substr(0, 60)) + "'";
}

// Removes and returns the next word.
std::string_view nextWord(std::string_view& rest) {
    rest = text::trim(rest);
    std::size_t end = 0;
    while (end < rest.size() && rest[end] != ' ' && rest[end] != '\t')
        ++end;
    const auto word = rest.substr(0, end);
    rest.remove_prefix(word.size());
    return word;
}

Result<Done> parseRate(std::string_view word, Header& header, const Place& place) {
    auto rest = word;
    const auto rate = text::takeNumber(rest);
    if (!rate || (!rest.empty() && rest.front() != '/'))
        return place.invalid("the sampling rate is not a number: " + quoted(word));
    if (!(*rate > 0) || *rate > kMaxRate)
        return place.fail(ErrorCode::ValueOutOfRange, "a sampling rate of " + quoted(word) + " Hz");
    header.frameRate = *rate;
    header.counterFrequency = *rate;
    if (rest.empty())
        return Done{};
    // "/counter frequency(base counter)" numbers the frames differently; it changes no sample. Some writers leave it
    // half written: what is no number there means nothing.
    rest.remove_prefix(1);
    if (const auto counter = text::takeNumber(rest); counter && *counter > 0)
        header.counterFrequency = *counter;
    if (rest.starts_with('(')) {
        rest.remove_prefix(1);
        header.baseCounter = text::takeNumber(rest).value_or(0);
    }
    return Done{};
}

Result<std::int64_t> parseRecordLine(std::string_view line, Header& header, const Place& place) {
    auto rest = line;
    auto name = nextWord(rest);
    if (const auto slash = name.find('/'); slash != std::string_view::npos) {
        const auto segments = text::integer(name.substr(slash + 1));
        if (!segments || *segments < 1 || *segments > std::numeric_limits<int>::max())
            return place.invalid("the number of segments is not a number: " + quoted(name));
        header.segments = static_cast<int>(*segments);
        name = name.substr(0, slash);
    }
    header.record = std::string(name);
    const auto countWord = nextWord(rest);
    const auto count = text::integer(countWord);
    if (!count)
        return place.invalid("the number of signals is not a number: " + quoted(countWord));
    if (*count < 0 || *count > kMaxSignals)
        return place.fail(ErrorCode::ValueOutOfRange, "a record of " + std::to_string(*count) + " signals");
    if (const auto word = nextWord(rest); !word.empty())
        if (const auto rate = parseRate(word, header, place); !rate)
            return rate.as<std::int64_t>();
    if (const auto word = nextWord(rest); !word.empty()) {
        const auto frames = text::integer(word);
        if (!frames || *frames < 0 || *frames > kMaxFrames)
            return place.invalid("the number of samples is not a number: " + quoted(word));
        if (*frames > 0) // 0 says that the length is not known
            header.frames = *frames;
    }
    for (auto word = nextWord(rest); !word.empty(); word = nextWord(rest)) {
        auto& field = word.find(':') != std::string_view::npos ? header.time : header.date;
        if (field.empty())
            field = std::string(word);
    }
    return *count;
}

// "3975656_0001 6750"
Result<Done> parseSegmentLine(std::string_view line, Header& header, std::int64_t& total, const Place& place) {
    auto rest = line;
    SegmentSpec segment;
    segment.name = std::string(nextWord(rest));
    segment.line = place.line;
    const auto word = nextWord(rest);
    const auto frames = text::integer(word);
    if (!frames || *frames < 0 || *frames > kMaxFrames)
        return place.invalid("the length of segment " + quoted(segment.name) + " is not a number: " + quoted(word));
    if (!segment.gap() && !plainName(segment.name))
        return place.invalid("the segment is not a plain record name: " + quoted(segment.name));
    total += *frames;
    if (total > kMaxFrames)
        return place.fail(ErrorCode::ValueOutOfRange, "the segments together are longer than any record");
    segment.frames = *frames;
    if (segment.frames == 0 && !header.segmentList.empty())
        return place.invalid("only the first segment, the layout, may have no samples: " + quoted(segment.name));
    header.segmentList.push_back(std::move(segment));
    return Done{};
}

// "212x4:3+24"
Result<Done> parseFormat(std::string_view word, SignalSpec& signal, const Place& place) {
    auto rest = word;
    const auto format = text::takeInteger(rest);
    const auto bad = [&] { return place.invalid("the signal format is not one: " + quoted(word)); };
    if (!format || *format < 0 || *format > 100000)
        return bad();
    signal.format = static_cast<int>(*format);
    while (!rest.empty()) {
        const char kind = rest.front();
        rest.remove_prefix(1);
        const auto value = text::takeInteger(rest);
        if (!value || *value < 0)
            return bad();
        if (kind == 'x' && *value >= 1 && *value <= kMaxSamplesPerFrame)
            signal.samplesPerFrame = static_cast<int>(*value);
        else if (kind == ':' && *value <= kMaxSkew)
            signal.skew = static_cast<int>(*value);
        else if (kind == '+')
            signal.byteOffset = *value;
        else
            return bad();
    }
    return Done{};
}

// "200(1024)/mV"; the baseline is the ADC zero when it is not said.
Result<bool> parseGain(std::string_view word, SignalSpec& signal, const Place& place) {
    auto rest = word;
    const auto gain = text::takeNumber(rest);
    const auto bad = [&] { return place.invalid("the gain is not one: " + quoted(word)); };
    if (!gain || (*gain != 0 && (std::abs(*gain) < kMinGain || std::abs(*gain) > 1 / kMinGain)))
        return bad();
    if (*gain != 0) { // 0 says that the signal is not calibrated; a negative gain inverts it
        signal.gain = *gain;
        signal.gainGiven = true;
    }
    bool baselineGiven = false;
    if (rest.starts_with('(')) {
        rest.remove_prefix(1);
        const auto baseline = text::takeNumber(rest); // some writers put "-3.0"
        if (!baseline || std::abs(*baseline) > 4e9 || !rest.starts_with(')'))
            return bad();
        rest.remove_prefix(1);
        signal.baseline = std::llround(*baseline);
        baselineGiven = true;
    }
    if (rest.starts_with('/'))
        signal.unit = std::string(rest.substr(1));
    else if (!rest.empty())
        return bad();
    return baselineGiven;
}

Result<SignalSpec> parseSignalLine(std::string_view line, const Place& place) {
    SignalSpec signal;
    signal.line = place.line;
    auto rest = line;
    signal.file = std::string(nextWord(rest));
    const auto formatWord = nextWord(rest);
    if (formatWord.empty())
        return place.invalid("a signal line needs a file and a format: " + quoted(line));
    if (const auto format = parseFormat(formatWord, signal, place); !format)
        return format.as<SignalSpec>();
    bool baselineGiven = false;
    const auto gainWord = nextWord(rest);
    if (!gainWord.empty()) {
        const auto gain = parseGain(gainWord, signal, place);
        if (!gain)
            return gain.as<SignalSpec>();
        baselineGiven = *gain;
    }
    // Resolution, zero, initial value, checksum, block size: each may end the line.
    std::optional<std::int64_t> fields[5];
    const char* const names[5] = {"ADC resolution", "ADC zero", "initial value", "checksum", "block size"};
    for (int i = 0; i < 5; ++i) {
        const auto word = nextWord(rest);
        if (word.empty())
            break;
        fields[i] = text::integer(word);
        if (!fields[i] || std::abs(*fields[i]) > (1LL << 33))
            return place.invalid("the " + std::string(names[i]) + " is not a number: " + quoted(word));
    }
    signal.adcResolution = fields[0] && *fields[0] >= 0 && *fields[0] <= 32 ? static_cast<int>(*fields[0]) : 0;
    signal.adcZero = fields[1].value_or(0);
    signal.initialValue = fields[2].value_or(signal.adcZero);
    signal.initialGiven = fields[2].has_value();
    if (fields[3])
        signal.checksum = static_cast<int>(*fields[3] & 0xFFFF);
    if (!baselineGiven)
        signal.baseline = signal.adcZero;
    signal.description = std::string(text::trim(rest));
    return signal;
}

} // namespace

bool plainName(std::string_view name) {
    return !name.empty() && name != "." && name != ".." &&
           name.find_first_of(std::string_view("/\\\0", 3)) == name.npos;
}

bool looksLikeHeader(std::string_view head) {
    static const std::string kNowhere;
    int content = 0;
    std::int64_t signals = 0;
    for (const auto line : text::lines(head)) {
        const auto trimmed = text::trim(line);
        if (trimmed.empty() || trimmed.front() == '#')
            continue;
        Header header;
        if (content++ == 0) {
            const auto count = parseRecordLine(trimmed, header, Place{kNowhere, 1});
            // "1 2" alone is two numbers in a table; a header goes on
            if (!count || header.segments > 0 || *count == 0)
                return count.ok() && header.segments > 0;
            signals = *count;
            continue;
        }
        return signals > 0 && parseSignalLine(trimmed, Place{kNowhere, 2}).ok();
    }
    return false;
}

bool isLayout(std::string_view head) {
    static const std::string kNowhere;
    int content = 0;
    for (const auto line : text::lines(head)) {
        const auto trimmed = text::trim(line);
        if (trimmed.empty() || trimmed.front() == '#')
            continue;
        Header header;
        if (content++ == 0 && (!parseRecordLine(trimmed, header, Place{kNowhere, 1}) || header.segments > 0))
            return false;
        if (content > 1)
            return trimmed.starts_with("~ 0");
    }
    return false;
}

Result<Header> parseHeader(std::string_view text, const std::string& fileName) {
    Header header;
    std::int64_t expected = -1;
    std::int64_t segmentFrames = 0;
    int number = 0;
    for (const auto line : text::lines(text)) {
        const Place place{fileName, ++number};
        const auto trimmed = text::trim(line);
        if (trimmed.empty())
            continue;
        if (trimmed.front() == '#') {
            header.comments.emplace_back(line.substr(line.find('#') + 1));
            continue;
        }
        if (expected < 0) {
            const auto count = parseRecordLine(trimmed, header, place);
            if (!count)
                return count.as<Header>();
            expected = *count;
            header.recordLine = number;
            header.signalCount = static_cast<int>(*count);
            continue;
        }
        if (header.segments > 0) {
            if (std::cmp_greater_equal(header.segmentList.size(), header.segments))
                continue;
            if (auto segment = parseSegmentLine(trimmed, header, segmentFrames, place); !segment)
                return segment.as<Header>();
            continue;
        }
        if (std::cmp_greater_equal(header.signals.size(), expected))
            continue; // text after the last signal, as some converters leave it
        auto signal = parseSignalLine(trimmed, place);
        if (!signal)
            return signal.as<Header>();
        header.signals.push_back(std::move(*signal));
    }
    if (expected < 0)
        return makeError(ErrorCode::FormatInvalid, "the header has no record line", fileName);
    const Place record{fileName, header.recordLine};
    if (std::cmp_less(header.segmentList.size(), header.segments))
        return record.invalid("the header promises " + std::to_string(header.segments) + " segments and lists " +
                              std::to_string(header.segmentList.size()));
    if (header.segments > 0)
        return header;
    if (expected == 0)
        return record.fail(ErrorCode::FormatUnsupported, "the record has no signals, only annotations or comments");
    if (std::cmp_less(header.signals.size(), expected))
        return record.invalid("the header promises " + std::to_string(expected) + " signals and describes " +
                              std::to_string(header.signals.size()));
    return header;
}

} // namespace precordia::wfdb
