// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/muse_waveform.h"

#include "core/io/base64.h"
#include "core/io/byte_cursor.h"
#include "core/io/signal_checks.h"
#include "core/io/text.h"
#include "core/io/units.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <zlib.h>

namespace precordia::muse {

namespace {

constexpr double kMaxRate = 1e7;
constexpr std::size_t kMostLeads = 128;
constexpr double kDefaultStep = 4.88; // uV, of every MUSE recorder known
constexpr std::size_t kMostPadding = 4;
constexpr std::size_t kFreePadding = 100'000;

struct Raw {
    Lead lead;
    std::vector<std::int32_t> samples;
    double step = 1; // lead.unit
    std::size_t offset = 0;
    std::size_t promised = 0;
};

class Waveform {
public:
    Waveform(const xml::Element& element, const std::string& where, const ReadOptions& options)
        : element_(element)
        , where_(where)
        , options_(options) {}

    Result<Recording> read() {
        const auto hertz = rate(element_.textOf("SampleBase"), element_.textOf("SampleExponent"));
        if (!hertz)
            return makeError(ErrorCode::FormatInvalid, "it has no sampling rate (SampleBase)", where_);
        out_.samplingRate = *hertz;
        out_.name = element_.textOf("WaveformType");
        filters();
        const auto leads = element_.children("LeadData");
        for (const auto& lead : leads) {
            if (options_.stop.stop_requested())
                return Cancelled{};
            if (raw_.size() == kMostLeads)
                return makeError(ErrorCode::FormatInvalid, "more than " + std::to_string(kMostLeads) + " leads",
                                 where_);
            if (auto done = take(lead); !done && !firstError_)
                firstError_ = done.error();
        }
        if (raw_.empty())
            return firstError_ ? *firstError_ : makeError(ErrorCode::FormatInvalid, "it has no leads", where_);
        if (const auto said = number(element_.textOf("NumberofLeads"));
            said && *said > static_cast<double>(leads.size()))
            warn(WarningCode::MissingLead,
                 "the file says " + text::shortest(*said) + " leads, " + std::to_string(leads.size()) + " are there",
                 where());
        if (auto done = assemble(); !done)
            return done.as<Recording>();
        return std::move(out_);
    }

private:
    std::string where() const { return out_.name.empty() ? "waveform" : "waveform " + out_.name; }
    void warn(WarningCode code, std::string message, std::string place) {
        out_.warnings.push_back({code, std::move(message), std::move(place)});
    }

    void filters() {
        auto& filters = out_.metadata.filters;
        const auto positive = [&](const char* name) {
            const auto value = number(element_.textOf(name));
            return value && *value > 0 ? value : std::nullopt;
        };
        // In hundredths of a hertz, unless there is a point in it.
        if (const auto high = positive("HighPassFilter"))
            filters.highPassHz =
                element_.textOf("HighPassFilter").find_first_of(".,") == std::string::npos ? *high / 100 : *high;
        filters.lowPassHz = positive("LowPassFilter");
        filters.notchHz = positive("ACFilter");
    }

    Result<Done> take(const xml::Element& element) {
        Raw raw;
        auto& lead = raw.lead;
        lead.name = standardLeadName(element.textOf("LeadID"));
        if (lead.name.empty())
            lead.name = "channel " + std::to_string(raw_.size() + 1);
        const auto place = "lead " + lead.name;
        amplitude(element, raw, place);
        const auto size = number(element.textOf("LeadSampleSize")).value_or(2);
        const auto data = element.child("WaveFormData").rawText();
        if (size != 1 && size != 2 && size != 4)
            return missing(lead, "samples of " + text::shortest(size) + " bytes are not read");
        const auto bytes = base64Decoded(data, where_ + ", " + place);
        if (!bytes)
            return missing(lead, bytes.error().message);
        const auto width = static_cast<std::size_t>(size);
        if (bytes->size() < width)
            return missing(lead, "it has no samples");
        compareCounts(element, *bytes, width, raw, place);
        checksum(element, *bytes, place);
        if (!options_.metadataOnly)
            samples(element, *bytes, width, raw);
        raw.offset = offset(element, raw, place);
        for (const auto* flag : {"LeadOff", "BaselineSway", "ExcessiveACNoise", "MuscleNoise"})
            if (text::lower(element.textOf(flag)) == "true")
                out_.metadata.comments.push_back(place + ": " + flag);
        raw_.push_back(std::move(raw));
        return Done{};
    }

    Error missing(const Lead& lead, std::string why) {
        warn(WarningCode::MissingLead, why, "lead " + lead.name);
        return makeError(ErrorCode::FormatInvalid, std::move(why), where_ + ", lead " + lead.name);
    }

    void amplitude(const xml::Element& element, Raw& raw, const std::string& place) {
        auto& lead = raw.lead;
        lead.fileUnit = element.textOf("LeadAmplitudeUnits");
        const auto step = number(element.textOf("LeadAmplitudeUnitsPerBit"));
        if (!step || *step == 0)
            warn(WarningCode::GainMissing, "the file gives no amplitude of a bit; 4.88 uV is taken, as MUSE has it",
                 place);
        const auto factor = microvoltsPer(lead.fileUnit.empty() ? "uV" : std::string_view(lead.fileUnit));
        if (!factor)
            warn(WarningCode::UnknownUnit, "'" + lead.fileUnit + "' is no voltage we know; the values stay as they are",
                 place);
        lead.unit = factor ? "uV" : lead.fileUnit;
        raw.step = (step && *step != 0 ? *step : kDefaultStep) * factor.value_or(1);
        lead.quantum = std::abs(raw.step);
    }

    // What the lead says of its length, in two ways, beside what is there.
    void compareCounts(const xml::Element& element, std::span<const std::byte> bytes, std::size_t width, Raw& raw,
                       const std::string& place) {
        const auto count = bytes.size() / width;
        raw.promised = count;
        const auto samples = number(element.textOf("LeadSampleCountTotal"));
        const auto size = number(element.textOf("LeadByteCountTotal"));
        if (samples && *samples > static_cast<double>(count)) {
            warn(WarningCode::ShortFile,
                 std::to_string(count) + " of " + text::shortest(*samples) + " samples are there", place);
            raw.promised = *samples < 1e12 ? static_cast<std::size_t>(*samples) : count;
        } else if (samples && *samples < static_cast<double>(count)) {
            warn(WarningCode::LengthContradiction,
                 "the file says " + text::shortest(*samples) + " samples, " + std::to_string(count) + " are there",
                 place);
        }
        if (size && *size != static_cast<double>(bytes.size()) &&
            !(samples && *samples != static_cast<double>(count))) // said already
            warn(WarningCode::LengthContradiction,
                 "the file says " + text::shortest(*size) + " bytes, " + std::to_string(bytes.size()) + " are there",
                 place);
        if (bytes.size() % width != 0)
            warn(WarningCode::LengthContradiction, "its last sample is not whole", place);
    }

    void checksum(const xml::Element& element, std::span<const std::byte> bytes, const std::string& place) {
        const auto said = text::integer(element.textOf("LeadDataCRC32"));
        if (!said)
            return;
        uLong crc = crc32(0, nullptr, 0);
        crc = crc32_z(crc, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
        if (static_cast<std::uint32_t>(*said) != static_cast<std::uint32_t>(crc))
            warn(WarningCode::Checksum,
                 "its CRC is " + std::to_string(crc) + ", the file says " + std::to_string(*said), place);
    }

    void samples(const xml::Element& element, std::span<const std::byte> bytes, std::size_t width, Raw& raw) {
        ByteCursor cursor(bytes);
        raw.samples.resize(bytes.size() / width);
        for (auto& sample : raw.samples)
            sample = width == 1 ? cursor.i8() : width == 2 ? cursor.i16() : cursor.i32();
        // The limits that the file gives, where they are some: a low one above zero is a known slip of recorders.
        const std::int64_t range = std::int64_t{1} << (8 * width - 1);
        const auto low = number(element.textOf("LeadLowLimit")).value_or(1);
        const auto high = number(element.textOf("LeadHighLimit")).value_or(0);
        const bool usable =
            low < 0 && high > 0 && low >= -static_cast<double>(range) && high < static_cast<double>(range);
        clipped_.push_back(clippedSamples(raw.samples, usable ? static_cast<std::int64_t>(low) : -range,
                                          usable ? static_cast<std::int64_t>(high) : range - 1));
    }

    // Samples by which the lead begins after the waveform.
    std::size_t offset(const xml::Element& element, const Raw& raw, const std::string& place) {
        const double bySamples = number(element.textOf("LeadOffsetFirstSample")).value_or(0);
        const double byTime = number(element.textOf("LeadTimeOffset")).value_or(0) * out_.samplingRate / 1000; // ms
        const double late = std::round(bySamples != 0 ? bySamples : byTime);
        if (bySamples != 0 && byTime != 0 && std::abs(bySamples - byTime) > 1)
            warn(WarningCode::LengthContradiction,
                 "it begins " + text::shortest(bySamples) + " samples late by the count, " + text::shortest(byTime) +
                     " by the time; the count is taken",
                 place);
        if (late == 0)
            return 0;
        if (late < 0 || late > 100.0 * static_cast<double>(std::max<std::size_t>(raw.promised, 1))) {
            warn(WarningCode::Skew, "its offset of " + text::shortest(late) + " samples is beyond reason and not used",
                 place);
            return 0;
        }
        warn(WarningCode::Skew, "it begins " + text::shortest(late) + " samples after the waveform; missing before",
             place);
        return static_cast<std::size_t>(late);
    }

    Result<Done> assemble() {
        std::size_t total = 0;
        std::size_t present = 0;
        for (const auto& raw : raw_) {
            total = std::max(total, raw.offset + raw.samples.size());
            present += raw.samples.size();
            out_.samplesPromised =
                std::max<std::int64_t>(out_.samplesPromised, static_cast<std::int64_t>(raw.offset + raw.promised));
        }
        if (total * raw_.size() > kMostPadding * present + kFreePadding)
            return makeError(ErrorCode::FormatInvalid, "its leads have wildly different lengths or offsets", where_);
        for (std::size_t l = 0; l < raw_.size(); ++l) {
            auto& raw = raw_[l];
            auto& lead = raw.lead;
            if (!options_.metadataOnly) {
                if (raw.offset + raw.samples.size() < total)
                    warn(WarningCode::LengthContradiction,
                         "it ends " + std::to_string(total - raw.offset - raw.samples.size()) +
                             " samples before the longest lead",
                         "lead " + lead.name);
                lead.samples.assign(total, std::numeric_limits<float>::quiet_NaN());
                for (std::size_t i = 0; i < raw.samples.size(); ++i)
                    lead.samples[raw.offset + i] = static_cast<float>(raw.samples[i] * raw.step);
                warnClipped(out_, lead, clipped_[l]);
            }
            out_.leads.push_back(std::move(lead));
        }
        makeLeadNamesUnique(out_);
        const auto stored = out_.leads.size();
        deriveLimbLeads(out_);
        std::string derived;
        for (auto l = stored; l < out_.leads.size(); ++l)
            derived += (derived.empty() ? "" : ", ") + out_.leads[l].name;
        if (!derived.empty())
            warn(WarningCode::ReconstructedLeads,
                 derived + " are computed: the file stores " + std::to_string(stored) + " leads", where());
        return Done{};
    }

    const xml::Element& element_;
    const std::string& where_;
    const ReadOptions& options_;
    Recording out_;
    std::vector<Raw> raw_;
    std::vector<std::size_t> clipped_;
    std::optional<Error> firstError_;
};

} // namespace

std::optional<double> number(std::string_view text) {
    std::string point(text);
    std::replace(point.begin(), point.end(), ',', '.');
    return text::number(point);
}

std::optional<double> rate(std::string_view base, std::string_view exponent) {
    const auto mantissa = number(base);
    const auto power = number(exponent).value_or(0);
    if (!mantissa || !(*mantissa > 0) || std::abs(power) > 9)
        return std::nullopt;
    const double hertz = *mantissa * std::pow(10, power);
    return hertz > 0 && hertz <= kMaxRate ? std::optional(hertz) : std::nullopt;
}

Result<Recording> readWaveform(const xml::Element& waveform, const std::string& where, const ReadOptions& options) {
    return Waveform(waveform, where, options).read();
}

} // namespace precordia::muse
