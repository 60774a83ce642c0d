// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/sierra_waveform.h"

#include "core/io/base64.h"
#include "core/io/byte_cursor.h"
#include "core/io/sierra_leads.h"
#include "core/io/sierra_xli.h"
#include "core/io/signal_checks.h"
#include "core/io/text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

namespace precordia::sierra {

namespace {

constexpr double kMaxRate = 1e7;
constexpr std::size_t kMostPadding = 4;
constexpr std::size_t kFreePadding = 100'000;
constexpr std::size_t kLeastExpansion = 60'000; // samples a lead: two minutes
constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();

// How the integers of one element are to be taken; attributes of the waveform win over the acquisition's elements.
struct Coding {
    std::string encoding, compression;
    double rate = 0;
    double step = 0; // uV
    double offset = 0;
    bool isSigned = true;
    unsigned bits = 16;
    double milliseconds = 0;             // a channel; 0: not said
    std::optional<std::int32_t> missing; // what stands for no sample
};

std::string firstOf(const xml::Element& element, std::initializer_list<const char*> attributes) {
    for (const auto* name : attributes)
        if (auto value = element.attribute(name); !value.empty())
            return value;
    return {};
}

std::string firstText(const xml::Element& element, std::initializer_list<const char*> children) {
    for (const auto* name : children)
        if (auto value = element.textOf(name); !value.empty())
            return value;
    return {};
}

bool isTrue(std::string_view flag) {
    return text::lower(flag) == "true";
}

class Reading {
public:
    Reading(std::string where, const ReadOptions& options, Recording& out)
        : where_(std::move(where))
        , options_(options)
        , out_(out) {}

    // Errors: FormatInvalid without a rate.
    Result<Coding> coding(const xml::Element& waveform, const xml::Element& acquisition) {
        Coding coding;
        const auto said = text::number(firstOf(waveform, {"samplespersecond", "samplespersec"}));
        const auto acquired = text::number(acquisition.textOf("samplingrate"));
        if (said && acquired && *said != *acquired)
            warn(WarningCode::RateContradiction, "the waveform says " + text::shortest(*said) +
                                                     " Hz, the acquisition " + text::shortest(*acquired) +
                                                     " Hz; the waveform's counts");
        coding.rate = said ? *said : acquired.value_or(0);
        if (!(coding.rate > 0) || coding.rate > kMaxRate)
            return makeError(ErrorCode::FormatInvalid, "it has no sampling rate", where_);
        const auto step = text::number(waveform.attribute("resolution"));
        coding.step =
            step ? *step : text::number(firstText(acquisition, {"signalresolution", "resolution"})).value_or(0);
        if (!(coding.step > 0)) {
            coding.step = 5;
            warn(WarningCode::GainMissing, "the file gives no resolution; 5 uV is taken, as Philips has it");
        }
        const auto offset = text::number(waveform.attribute("signaloffset"));
        coding.offset = offset ? *offset : text::number(acquisition.textOf("signaloffset")).value_or(0);
        auto sign = waveform.attribute("signalsigned");
        if (sign.empty())
            sign = acquisition.textOf("signalsigned");
        coding.isSigned = sign.empty() || isTrue(sign);
        const auto bits = text::integer(firstOf(waveform, {"nbitspersample", "bitspersample"})).value_or(16);
        coding.bits = bits > 16 ? 32 : bits > 8 ? 16 : 8;
        coding.encoding = text::lower(waveform.attribute("dataencoding"));
        coding.compression = firstOf(waveform, {"compressmethod", "compression"});
        if (const auto flag = waveform.attribute("compressflag"); !flag.empty() && !isTrue(flag))
            coding.compression.clear();
        const auto lowered = text::lower(coding.compression);
        if (lowered == "none" || lowered == "uncompressed")
            coding.compression.clear();
        coding.milliseconds = text::number(firstOf(waveform, {"durationperchannel", "duration"})).value_or(0);
        return coding;
    }

    Result<std::vector<std::byte>> bytes(const xml::Element& element, const Coding& coding) const {
        const auto content = element.rawText();
        if (coding.encoding.empty() || coding.encoding == "base64")
            return base64Decoded(content, where_);
        if (coding.encoding != "hex")
            return makeError(ErrorCode::FormatUnsupported, "its encoding '" + coding.encoding + "' is not read",
                             where_);
        std::vector<std::byte> out;
        int high = -1;
        for (const char c : content) {
            if (c == ' ' || c == '\n' || c == '\r' || c == '\t')
                continue;
            const auto digit =
                std::string_view("0123456789abcdef").find(c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c);
            if (digit == std::string_view::npos)
                return makeError(ErrorCode::FormatInvalid, "no hexadecimal digits", where_);
            if (high < 0) {
                high = static_cast<int>(digit);
            } else {
                out.push_back(static_cast<std::byte>(high * 16 + static_cast<int>(digit)));
                high = -1;
            }
        }
        return out;
    }

    // The integers of an element that is not compressed.
    Result<Samples> integers(const xml::Element& element, const Coding& coding) const {
        Samples out;
        if (coding.encoding == "plain") {
            const auto content = element.rawText();
            for (const auto word : text::words(content)) {
                const auto value = text::integer(word);
                if (!value || *value < std::numeric_limits<std::int32_t>::min() ||
                    *value > std::numeric_limits<std::int32_t>::max())
                    return makeError(ErrorCode::FormatInvalid, "'" + std::string(word.substr(0, 20)) + "' is no sample",
                                     where_);
                out.push_back(static_cast<std::int32_t>(*value));
            }
            return out;
        }
        const auto raw = bytes(element, coding);
        if (!raw)
            return raw.as<Samples>();
        ByteCursor cursor(*raw);
        out.resize(raw->size() / (coding.bits / 8));
        for (auto& sample : out)
            switch (coding.bits) {
            case 8:
                sample = coding.isSigned ? cursor.i8() : cursor.u8();
                break;
            case 16:
                sample = coding.isSigned ? cursor.i16() : cursor.u16();
                break;
            default:
                sample = cursor.i32();
            }
        return out;
    }

    void lead(std::string name, const Samples& raw, const Coding& coding, std::size_t length) {
        Lead lead;
        lead.name = std::move(name);
        lead.fileUnit = "uV";
        lead.quantum = coding.step;
        if (!options_.metadataOnly) {
            lead.samples.assign(length, kMissing);
            std::size_t missing = 0;
            for (std::size_t i = 0; i < raw.size(); ++i)
                if (coding.missing == raw[i])
                    ++missing;
                else
                    lead.samples[i] = static_cast<float>((raw[i] - coding.offset) * coding.step);
            if (missing > 0) {
                warn(WarningCode::Gap, std::to_string(missing) + " samples are marked as missing", "lead " + lead.name);
                out_.leads.push_back(std::move(lead));
                return;
            }
            const std::int64_t range = std::int64_t{1} << (coding.bits - 1);
            warnClipped(out_, lead,
                        clippedSamples(raw, coding.isSigned ? -range : 0, coding.isSigned ? range - 1 : 2 * range - 1));
        }
        out_.leads.push_back(std::move(lead));
    }

    void warn(WarningCode code, std::string message, std::string place = "waveforms") {
        out_.warnings.push_back({code, std::move(message), std::move(place)});
    }

    // What the file promises beside what is there; the length that all leads get.
    Result<std::size_t> length(const std::vector<std::pair<std::string, std::size_t>>& counts, const Coding& coding) {
        const double promised = std::round(coding.milliseconds * coding.rate / 1000);
        std::size_t longest = 0;
        std::size_t present = 0;
        for (const auto& [name, count] : counts) {
            longest = std::max(longest, count);
            present += count;
        }
        if (longest == 0)
            return makeError(ErrorCode::FileTruncated, "no sample is there", where_);
        if (longest * counts.size() > kMostPadding * present + kFreePadding)
            return makeError(ErrorCode::FormatInvalid, "its leads have wildly different lengths", where_);
        const double expected = promised > 0 ? promised : static_cast<double>(longest);
        const bool alike = present == longest * counts.size(); // told once then
        for (const auto& [name, count] : counts)
            if (static_cast<double>(count) != expected) {
                warn(static_cast<double>(count) < expected ? WarningCode::ShortFile : WarningCode::LengthContradiction,
                     std::to_string(count) + " samples, where the file says " + text::shortest(expected),
                     alike ? "all leads" : "lead " + name);
                if (alike)
                    break;
            }
        out_.samplesPromised =
            promised > 0 && promised < 1e12 ? static_cast<std::int64_t>(promised) : static_cast<std::int64_t>(longest);
        return longest;
    }

    const std::string& where() const { return where_; }

private:
    std::string where_;
    const ReadOptions& options_;
    Recording& out_;
};

// The leads of a compressed text, with those beyond the named ones that carry anything.
Result<Channels> decompress(const xml::Element& waveform, std::vector<std::string> names, const Coding& coding,
                            Reading& reading, const ReadOptions& options) {
    if (text::lower(coding.compression) != "xli")
        return makeError(ErrorCode::FormatUnsupported, "its compression '" + coding.compression + "' is not read",
                         reading.where());
    const auto bytes = reading.bytes(waveform, coding);
    if (!bytes)
        return bytes.as<Channels>();
    const auto chunks = xli::chunks(*bytes, reading.where());
    if (!chunks)
        return chunks.as<Channels>();
    // An ECG shrinks to a third or so; more than sixty-fourfold only if nothing is in it.
    const auto most =
        std::max<std::size_t>(64 * bytes->size() / std::max<std::size_t>(chunks->size(), 1), kLeastExpansion);
    Channels out;
    for (std::size_t c = 0; c < std::min(chunks->size(), kMostLeads); ++c) {
        if (options.stop.stop_requested())
            return Cancelled{};
        const auto name = c < names.size() ? names[c] : "channel " + std::to_string(c + 1);
        auto samples = xli::samples((*chunks)[c], most, reading.where() + ", lead " + name);
        if (!samples)
            return samples.as<Channels>();
        if (c >= names.size()) { // allocated, but not used, but for the calibration pulse
            const auto quiet = std::count(samples->begin(), samples->end(), 0);
            if (static_cast<std::size_t>(quiet) * 10 >= samples->size() * 9)
                continue;
            reading.warn(WarningCode::LengthContradiction,
                         "the file names " + std::to_string(names.size()) + " leads and stores more", "lead " + name);
        }
        out.names.push_back(name);
        out.samples.push_back(std::move(*samples));
    }
    if (chunks->size() < names.size())
        reading.warn(WarningCode::MissingLead, "the file names " + std::to_string(names.size()) + " leads and stores " +
                                                   std::to_string(chunks->size()));
    return out;
}

// All of channel 1, then all of channel 2.
Result<Channels> plain(const xml::Element& waveform, std::vector<std::string> names, const Coding& coding,
                       Reading& reading) {
    auto all = reading.integers(waveform, coding);
    if (!all)
        return all.as<Channels>();
    if (names.empty())
        return makeError(ErrorCode::FormatInvalid, "it does not say how many leads it has", reading.where());
    const double promised = std::round(coding.milliseconds * coding.rate / 1000);
    const auto each = promised > 0 && promised < static_cast<double>(all->size()) ? static_cast<std::size_t>(promised)
                                                                                  : all->size() / names.size();
    Channels out;
    for (std::size_t c = 0; c < names.size() && each > 0 && c * each < all->size(); ++c) {
        const auto begin = all->begin() + static_cast<std::ptrdiff_t>(c * each);
        out.names.push_back(names[c]);
        out.samples.emplace_back(begin, begin + static_cast<std::ptrdiff_t>(std::min(each, all->size() - c * each)));
    }
    if (out.names.size() < names.size())
        reading.warn(WarningCode::MissingLead, "the file names " + std::to_string(names.size()) + " leads and stores " +
                                                   std::to_string(out.names.size()));
    return out;
}

// leadwaveforms: an element a lead.
Result<Channels> single(const xml::Element& waveforms, const Coding& coding, Reading& reading) {
    Channels out;
    for (const auto& element : waveforms.children("leadwaveform")) {
        if (out.names.size() == kMostLeads)
            break;
        auto samples = reading.integers(element, coding);
        if (!samples)
            return samples.as<Channels>();
        auto name = standardLeadName(element.attribute("leadname"));
        out.names.push_back(name.empty() ? "channel " + std::to_string(out.names.size() + 1) : std::move(name));
        out.samples.push_back(std::move(*samples));
    }
    return out;
}

Result<Done> fill(Channels& channels, const Coding& coding, Reading& reading, Recording& out) {
    std::vector<std::pair<std::string, std::size_t>> counts;
    for (std::size_t c = 0; c < channels.names.size(); ++c)
        counts.emplace_back(channels.names[c], channels.samples[c].size());
    const auto length = reading.length(counts, coding);
    if (!length)
        return length.as<Done>();
    for (std::size_t c = 0; c < channels.names.size(); ++c)
        reading.lead(channels.names[c], channels.samples[c], coding, *length);
    makeLeadNamesUnique(out);
    return Done{};
}

} // namespace

Result<Recording> readRhythm(const xml::Element& root, const std::string& where, const ReadOptions& options) {
    Recording out;
    Reading reading(where, options, out);
    const auto waveforms = root.child("waveforms");
    auto waveform = waveforms.child("parsedwaveforms");
    const bool byLead = !waveform;
    if (byLead)
        waveform = waveforms.child("leadwaveforms");
    if (!waveform)
        return waveforms.child("unparsedwaveforms")
                   ? makeError(ErrorCode::FormatUnsupported, "its waveforms are in another file", where)
                   : makeError(ErrorCode::FormatInvalid, "it has no waveforms", where);
    const auto coding = reading.coding(waveform, root.path("dataacquisition/signalcharacteristics"));
    if (!coding)
        return coding.as<Recording>();
    out.samplingRate = coding->rate;
    auto names = channelNames(root, waveform);
    if (options.metadataOnly && !byLead) {
        out.samplesPromised =
            coding->milliseconds < 1e12 ? std::llround(coding->milliseconds * coding->rate / 1000) : 0;
        for (auto& name : names)
            reading.lead(std::move(name), {}, *coding, 0);
        makeLeadNamesUnique(out);
        return out;
    }
    auto channels = byLead                         ? single(waveform, *coding, reading)
                    : !coding->compression.empty() ? decompress(waveform, std::move(names), *coding, reading, options)
                                                   : plain(waveform, std::move(names), *coding, reading);
    if (!channels)
        return channels.as<Recording>();
    if (const auto leads = reconstruct(*channels, !coding->compression.empty()); !leads.empty())
        reading.warn(WarningCode::ReconstructedLeads,
                     leads + " are stored as differences from what I and II predict, and were put together again");
    if (auto done = fill(*channels, *coding, reading, out); !done)
        return done.as<Recording>();
    return out;
}

Result<Recording> readBeats(const xml::Element& beats, double signalRate, double signalStep, const std::string& where,
                            const ReadOptions& options) {
    Recording out;
    out.name = "representative beat";
    Reading reading(where + ", repbeats", options, out);
    Coding coding;
    coding.encoding = text::lower(beats.attribute("dataencoding"));
    coding.missing = std::numeric_limits<std::int16_t>::min(); // fills up beats shorter than their place
    coding.rate = text::number(firstOf(beats, {"samplespersec", "samplespersecond"})).value_or(0);
    coding.step = text::number(beats.attribute("resolution")).value_or(0);
    if (const auto compression = beats.attribute("compression"); !compression.empty())
        return makeError(ErrorCode::FormatUnsupported, "its compression '" + compression + "' is not read", where);
    Channels channels;
    for (const auto& beat : beats.children("repbeat")) {
        if (options.stop.stop_requested())
            return Cancelled{};
        if (channels.names.size() == kMostLeads)
            break;
        const auto inner = beat.child("waveform"); // 1.04; in 1.03 and 1.04.02 the text is the beat's own
        const auto element = inner ? inner : beat;
        const auto samples = reading.integers(element, coding);
        if (!samples)
            return samples.as<Recording>();
        coding.milliseconds = text::number(element.attribute("duration")).value_or(coding.milliseconds);
        channels.names.push_back(standardLeadName(beat.attribute("leadname")));
        channels.samples.push_back(*samples);
    }
    const auto longest = std::max_element(channels.samples.begin(), channels.samples.end(),
                                          [](const Samples& a, const Samples& b) { return a.size() < b.size(); });
    if (longest == channels.samples.end())
        return makeError(ErrorCode::FormatInvalid, "it has no beats", where);
    const double byDuration =
        coding.milliseconds > 0 ? static_cast<double>(longest->size()) * 1000 / coding.milliseconds : 0;
    if (!(coding.rate > 0) && byDuration > 0)
        coding.rate = byDuration;
    if (!(coding.rate > 0))
        coding.rate = signalRate;
    if (!(coding.step > 0)) {
        coding.step = signalStep;
        reading.warn(WarningCode::GainMissing, "the beats have no resolution of their own; that of the rhythm is taken",
                     "repbeats");
    }
    out.samplingRate = coding.rate;
    if (!(coding.rate > 0) || coding.rate > kMaxRate)
        return makeError(ErrorCode::FormatInvalid, "it has no sampling rate", where);
    if (auto done = fill(channels, coding, reading, out); !done)
        return done.as<Recording>();
    return out;
}

} // namespace precordia::sierra
