// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/dicom_group.h"

#include "core/io/signal_checks.h"
#include "core/io/text.h"
#include "core/io/units.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

namespace precordia::dicom {

namespace {

constexpr double kMaxRate = 1e7;
constexpr double kMaxScale = 1e6; // of a sensitivity or a correction: what is above is no ECG
constexpr double kMaxBaseline = 1e12;
constexpr std::uint64_t kLookedAtBytes = 16U << 20U; // enough to tell how negative samples are written

bool contains(const std::string& label, std::initializer_list<std::string_view> words) {
    const auto lowered = text::lower(label);
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return lowered.find(word) != std::string::npos; });
}

std::int64_t signExtended(std::int64_t value, unsigned bits) {
    const auto half = std::int64_t{1} << (bits - 1);
    return value >= half ? value - 2 * half : value;
}

std::int32_t saturated(std::int64_t value) {
    return static_cast<std::int32_t>(std::clamp<std::int64_t>(value, std::numeric_limits<std::int32_t>::min(),
                                                              std::numeric_limits<std::int32_t>::max()));
}

} // namespace

std::int64_t SampleKind::lowest(unsigned bits) const {
    if (!isSigned)
        return 0;
    return bits >= 64 ? std::numeric_limits<std::int64_t>::min() : -(std::int64_t{1} << (bits - 1));
}

std::int64_t SampleKind::highest(unsigned bits) const {
    if (bits >= 63)
        return std::numeric_limits<std::int64_t>::max();
    return (std::int64_t{1} << (isSigned ? bits - 1 : bits)) - 1;
}

std::int64_t SampleKind::at(std::span<const std::byte> data, std::size_t index) const {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < bytes; ++i)
        value |= std::to_integer<std::uint64_t>(data[index * bytes + i]) << 8U * i;
    const auto bits = static_cast<unsigned>(bytes * 8);
    if (!isSigned && bits == 64)
        return static_cast<std::int64_t>(std::min<std::uint64_t>(value, std::numeric_limits<std::int64_t>::max()));
    return isSigned && bits < 64 ? signExtended(static_cast<std::int64_t>(value), bits)
                                 : static_cast<std::int64_t>(value);
}

Group::Group(DcmItem& item, std::size_t number, const std::string& file) : item_(&item), number_(number), file_(file) {}

Result<Group> Group::of(DcmItem& item, std::size_t number, const std::string& file) {
    Group group(item, number, file);
    if (auto done = group.shape(); !done)
        return done.as<Group>();
    return group;
}

Error Group::fail(ErrorCode code, std::string why) const {
    return makeError(code, std::move(why), file_ + ", " + place());
}

void Group::warn(WarningCode code, std::string message, std::string where) {
    warnings_.push_back({code, std::move(message), where.empty() ? place() : std::move(where)});
}

bool Group::saysRhythm() const {
    return contains(label_, {"rhythm"});
}

bool Group::saysMedian() const {
    return contains(label_, {"median", "average", "representative", "template", "mean beat", "reference beat"});
}

Result<Done> Group::shape() {
    label_ = stringOf(*item_, DCM_MultiplexGroupLabel);
    originality_ = stringOf(*item_, DCM_WaveformOriginality);
    offsetSeconds_ = numberOf(*item_, DCM_MultiplexGroupTimeOffset).value_or(0) / 1000;
    promised_ = unsignedOf(*item_, DCM_NumberOfWaveformSamples).value_or(0);
    if (promised_ == 0)
        return fail(ErrorCode::FormatInvalid, "it does not say how many samples it has");
    const auto rate = numberOf(*item_, DCM_SamplingFrequency);
    if (!rate || !(*rate > 0) || *rate > kMaxRate)
        return fail(ErrorCode::FormatInvalid, "it has no sampling frequency");
    samplingRate_ = *rate;
    data_ = elementOf(*item_, DCM_WaveformData);
    const std::uint64_t length =
        data_ == nullptr || data_->getLengthField() == DCM_UndefinedLength ? 0 : data_->getLengthField();
    if (auto done = countChannels(length); !done)
        return done;
    if (auto done = sampleKind(length); !done)
        return done;
    if (auto done = countFrames(length); !done)
        return done;
    if (auto* element = elementOf(*item_, DCM_WaveformPaddingValue)) {
        const auto padding = bytesOf(*element, 0, 8);
        if (padding.size() >= kind_.bytes)
            padding_ = kind_.at(padding, 0);
    }
    for (std::size_t c = 0; c < channels_.size(); ++c)
        describe(channels_[c], c);
    filters();
    return Done{};
}

// The number of channels stands in two places; where they differ, the length of the data may tell which is right.
Result<Done> Group::countChannels(std::uint64_t length) {
    const std::uint64_t said = unsignedOf(*item_, DCM_NumberOfWaveformChannels).value_or(0);
    if (said == 0)
        return fail(ErrorCode::FormatInvalid, "it does not say how many channels it has");
    std::vector<DcmItem*> definitions;
    forEachItem(*item_, DCM_ChannelDefinitionSequence, [&](DcmItem& d) { definitions.push_back(&d); });
    if (definitions.empty())
        return fail(ErrorCode::FormatInvalid, "none of its channels has a definition");
    auto count = said;
    if (definitions.size() != said) {
        const auto bytes = std::max<std::uint64_t>(unsignedOf(*item_, DCM_WaveformBitsAllocated).value_or(16) / 8, 1);
        const auto fits = [&](std::uint64_t n) {
            return n * promised_ * bytes + (n * promised_ * bytes) % 2 == length;
        };
        if (definitions.size() < said || (!fits(said) && fits(definitions.size())))
            count = fits(said) ? said : definitions.size();
        warn(WarningCode::LengthContradiction, "it says " + std::to_string(said) + " channels and describes " +
                                                   std::to_string(definitions.size()) + "; " + std::to_string(count) +
                                                   " are read");
    }
    channels_.resize(static_cast<std::size_t>(count)); // at most 65535: the field has 16 bits
    for (std::size_t c = 0; c < channels_.size() && c < definitions.size(); ++c)
        channels_[c].definition = definitions[c];
    return Done{};
}

Result<Done> Group::sampleKind(std::uint64_t length) {
    auto bits = unsignedOf(*item_, DCM_WaveformBitsAllocated).value_or(0);
    const auto interpretation = stringOf(*item_, DCM_WaveformSampleInterpretation);
    if (interpretation == "MB" || interpretation == "AB")
        return fail(ErrorCode::FormatUnsupported, std::string("samples companded by the ") +
                                                      (interpretation == "MB" ? "mu" : "A") +
                                                      "-law, as of sound, are not read");
    if (bits == 0 && promised_ <= length) {
        bits = static_cast<unsigned>(length / promised_ / channels_.size() * 8);
        warn(WarningCode::Repaired,
             "it does not say how many bits a sample has; by the length of its data, " + std::to_string(bits));
    }
    static constexpr std::array<std::string_view, 4> kSigned{"SB", "SS", "SL", "SV"};
    static constexpr std::array<std::string_view, 4> kUnsigned{"UB", "US", "UL", "UV"};
    const auto width = bits == 8 ? 0U : bits == 16 ? 1U : bits == 32 ? 2U : bits == 64 ? 3U : 4U;
    const bool isSigned =
        interpretation.empty() || std::find(kSigned.begin(), kSigned.end(), interpretation) != kSigned.end();
    if (width > 3 || (!isSigned && std::find(kUnsigned.begin(), kUnsigned.end(), interpretation) == kUnsigned.end()))
        return fail(ErrorCode::FormatUnsupported, "samples of " + std::to_string(bits) + " bits, interpretation '" +
                                                      interpretation + "', are not read");
    kind_ = {std::size_t{1} << width, isSigned};
    if (interpretation != (isSigned ? kSigned : kUnsigned)[width])
        warn(WarningCode::Repaired, "samples of " + std::to_string(bits) + " bits with the interpretation '" +
                                        interpretation + "' are taken as " +
                                        std::string((isSigned ? kSigned : kUnsigned)[width]));
    return Done{};
}

Result<Done> Group::countFrames(std::uint64_t length) {
    const std::uint64_t frame = channels_.size() * kind_.bytes;
    frames_ = std::min(promised_, length / frame);
    if (frames_ == 0)
        return fail(ErrorCode::FileTruncated,
                    "no whole sample of its " + std::to_string(channels_.size()) + " channels is there");
    if (frames_ < promised_)
        warn(WarningCode::ShortFile,
             std::to_string(frames_) + " of " + std::to_string(promised_) + " samples a lead are there");
    else if (length > promised_ * frame + 1) // a byte fills up to an even length
        warn(WarningCode::LengthContradiction,
             "its data hold " + text::shortest(static_cast<double>(length) / static_cast<double>(frame)) +
                 " samples a lead, it says " + std::to_string(promised_) + "; the first " + std::to_string(promised_) +
                 " are read");
    return Done{};
}

void Group::describe(Channel& channel, std::size_t index) {
    channel.bits = static_cast<unsigned>(kind_.bytes * 8);
    nameOf(channel, index);
    if (channel.definition == nullptr) {
        warn(WarningCode::GainMissing, "the file does not describe it; its integers stand for themselves",
             "lead " + channel.lead.name);
        return;
    }
    if (const auto stored = unsignedOf(*channel.definition, DCM_WaveformBitsStored);
        stored && *stored >= 2 && *stored <= channel.bits)
        channel.bits = *stored;
    scaleOf(channel);
    statusOf(channel);
    skewOf(channel);
}

void Group::nameOf(Channel& channel, std::size_t index) {
    auto& lead = channel.lead;
    if (channel.definition != nullptr) {
        const auto source = codeOf(*channel.definition, DCM_ChannelSourceSequence);
        const auto label = standardLeadName(stringOf(*channel.definition, DCM_ChannelLabel));
        lead.name = leadName(source);
        lead.derived =
            isDerivedLead(source) || !stringOf(*channel.definition, DCM_ChannelDerivationDescription).empty();
        if (lead.name.empty() || (!label.empty() && text::lower(lead.name).starts_with("unspecified")))
            lead.name = label;
    }
    if (lead.name.empty())
        lead.name = "channel " + std::to_string(index + 1);
}

// value = sample x sensitivity x correction + baseline, the baseline in the sensitivity's unit (PS3.3, C.10.9.1.4.2)
void Group::scaleOf(Channel& channel) {
    auto& lead = channel.lead;
    auto& definition = *channel.definition;
    const auto where = "lead " + lead.name;
    lead.fileUnit = ucumUnit(codeOf(definition, DCM_ChannelSensitivityUnitsSequence));
    hasUnits_ = hasUnits_ || !lead.fileUnit.empty();
    auto sensitivity = numberOf(definition, DCM_ChannelSensitivity);
    if (sensitivity && (*sensitivity == 0 || std::abs(*sensitivity) > kMaxScale))
        sensitivity.reset();
    const auto factor = microvoltsPer(lead.fileUnit);
    lead.unit = factor ? "uV" : lead.fileUnit;
    if (!sensitivity)
        warn(WarningCode::GainMissing, "the file gives no sensitivity; its integers stand for themselves", where);
    if (!factor && !isOtherUnit(lead.fileUnit))
        warn(WarningCode::UnknownUnit, "'" + lead.fileUnit + "' is no voltage we know; the values stay as they are",
             where);
    const auto& standard = standardLeads();
    if (factor || (lead.fileUnit.empty() && std::find(standard.begin(), standard.end(), lead.name) != standard.end()))
        ++voltages_;
    auto correction = numberOf(definition, DCM_ChannelSensitivityCorrectionFactor).value_or(1);
    if (correction == 0 || std::abs(correction) > kMaxScale) {
        warn(WarningCode::Repaired, "a sensitivity correction of " + text::shortest(correction) + " is taken as 1",
             where);
        correction = 1;
    }
    channel.step = sensitivity.value_or(1) * correction * factor.value_or(1);
    auto baseline = numberOf(definition, DCM_ChannelBaseline).value_or(0);
    if (std::abs(baseline) > kMaxBaseline) {
        warn(WarningCode::Repaired, "a baseline of " + text::shortest(baseline) + " is taken as 0", where);
        baseline = 0;
    }
    channel.baseline = baseline * factor.value_or(1);
    lead.quantum = std::abs(channel.step);
}

void Group::statusOf(Channel& channel) {
    const auto status = stringOf(*channel.definition, DCM_ChannelStatus);
    if (status.empty() || status == "OK")
        return;
    warn(status.find("DISCONNECTED") != std::string::npos ? WarningCode::MissingLead : WarningCode::Repaired,
         "the file calls this channel " + text::lower(status) + "; its samples stay as they are",
         "lead " + channel.lead.name);
}

// Whole samples by which the channel begins late; a part of a sample is named, not interpolated.
void Group::skewOf(Channel& channel) {
    auto& definition = *channel.definition;
    const auto samples = numberOf(definition, DCM_ChannelSampleSkew).value_or(0);
    const auto bySeconds = numberOf(definition, DCM_ChannelTimeSkew).value_or(0) * samplingRate_;
    const auto where = "lead " + channel.lead.name;
    if (samples != 0 && bySeconds != 0 && std::abs(samples - bySeconds) > 0.5)
        warn(WarningCode::Skew,
             "two skews are given, " + text::shortest(samples) + " samples and " + text::shortest(bySeconds) +
                 " samples by its time; the first is used",
             where);
    const auto skew = samples != 0 ? samples : bySeconds;
    if (skew == 0)
        return;
    if (std::abs(skew) >= static_cast<double>(frames_)) {
        warn(WarningCode::Skew, "a skew of " + text::shortest(skew) + " samples is longer than the signal; not applied",
             where);
        return;
    }
    channel.skew = std::llround(skew);
    const auto left = skew - static_cast<double>(channel.skew);
    warn(WarningCode::Skew,
         "its samples are " + text::shortest(skew) + " sample periods late; moved by " + std::to_string(channel.skew) +
             (left != 0 ? ", " + text::shortest(left) + " of a period is left" : ""),
         where);
}

// What all channels that say something agree on.
void Group::filters() {
    const std::array<std::pair<DcmTagKey, std::optional<double> RecorderFilters::*>, 3> fields{
        {{DCM_FilterLowFrequency, &RecorderFilters::highPassHz},
         {DCM_FilterHighFrequency, &RecorderFilters::lowPassHz},
         {DCM_NotchFilterFrequency, &RecorderFilters::notchHz}}};
    for (const auto& [tag, field] : fields) {
        bool same = true;
        for (const auto& channel : channels_) {
            const auto value = channel.definition == nullptr ? std::nullopt : numberOf(*channel.definition, tag);
            if (!value || !(*value > 0))
                continue;
            same = same && (!(filters_.*field) || *(filters_.*field) == *value);
            filters_.*field = value;
        }
        if (!same) {
            (filters_.*field).reset();
            warn(WarningCode::Repaired, "its channels were filtered differently; that frequency is not kept");
        }
    }
}

Result<Recording> Group::read(const std::optional<SampleRange>& range, bool metadataOnly, const StopToken& stop) {
    const auto frames = static_cast<std::int64_t>(frames_);
    SampleRange wanted{0, frames};
    if (range) {
        wanted.first = std::clamp<std::int64_t>(range->first, 0, frames);
        wanted.count = std::clamp<std::int64_t>(range->count, 0, frames - wanted.first);
    }
    if (!metadataOnly) {
        std::int64_t earliest = 0;
        std::int64_t latest = 0;
        for (const auto& channel : channels_) {
            earliest = std::min(earliest, channel.skew);
            latest = std::max(latest, channel.skew);
        }
        // An even number of frames before it: bytes may stand in words.
        const auto from = std::max<std::int64_t>(wanted.first - latest, 0) / 2 * 2;
        const auto to = std::min(wanted.first + wanted.count - earliest, frames);
        const auto frame = channels_.size() * kind_.bytes;
        std::vector<std::byte> data;
        if (to > from) {
            data = bytesOf(*data_, static_cast<std::size_t>(from) * frame, static_cast<std::size_t>(to - from) * frame);
            if (data.empty())
                return fail(ErrorCode::FileUnreadable, "its samples could not be read");
        }
        findUnextended();
        for (std::size_t c = 0; c < channels_.size(); ++c) {
            if (stop.stop_requested())
                return Cancelled{};
            fill(channels_[c], c, data, static_cast<std::uint64_t>(from), wanted);
        }
    }
    Recording out;
    out.name = label_;
    out.samplingRate = samplingRate_;
    out.samplesPromised = static_cast<std::int64_t>(promised_);
    out.firstSample = range && !metadataOnly ? wanted.first : 0;
    out.metadata.format = "dicom";
    out.metadata.filters = filters_;
    for (auto& channel : channels_)
        out.leads.push_back(std::move(channel.lead));
    out.warnings = std::move(warnings_);
    makeLeadNamesUnique(out);
    return out;
}

void Group::fill(Channel& channel, std::size_t index, std::span<const std::byte> data, std::uint64_t dataAt,
                 const SampleRange& range) {
    const auto frames = data.size() / kind_.bytes / channels_.size();
    std::vector<std::int32_t> raw(frames);
    const auto missing = believablePadding(channel);
    auto& samples = channel.lead.samples;
    samples.assign(static_cast<std::size_t>(range.count), std::numeric_limits<float>::quiet_NaN());
    for (std::size_t f = 0; f < frames; ++f) {
        auto value = kind_.at(data, f * channels_.size() + index);
        const bool gap = value == missing;
        if (channel.unextended && !gap)
            value = signExtended(value, channel.bits);
        raw[f] = saturated(value);
        const auto to = static_cast<std::int64_t>(dataAt + f) + channel.skew - range.first;
        if (!gap && to >= 0 && to < range.count)
            samples[static_cast<std::size_t>(to)] =
                static_cast<float>(static_cast<double>(value) * channel.step + channel.baseline);
    }
    const auto lowest = kind_.lowest(channel.bits);
    const auto highest = kind_.highest(channel.bits);
    Recording told;
    warnClipped(told, channel.lead,
                clippedSamples(raw, lowest + (missing == lowest ? 1 : 0), highest - (missing == highest ? 1 : 0)));
    warnings_.insert(warnings_.end(), told.warnings.begin(), told.warnings.end());
}

// Negative samples of fewer bits should be extended (PS3.3, C.10.9.1.4.5); some writers leave the upper bits zero. Told
// from the beginning of the signal, so that every range of it is read alike.
void Group::findUnextended() {
    const auto shorter = [&](const Channel& c) { return c.bits < kind_.bytes * 8; };
    if (!kind_.isSigned || std::none_of(channels_.begin(), channels_.end(), shorter))
        return;
    const auto frame = channels_.size() * kind_.bytes;
    const auto looked = std::clamp<std::uint64_t>(kLookedAtBytes / frame, 1, frames_);
    const auto data = bytesOf(*data_, 0, static_cast<std::size_t>(looked) * frame);
    for (std::size_t c = 0; c < channels_.size(); ++c) {
        auto& channel = channels_[c];
        if (!shorter(channel))
            continue;
        const auto half = std::int64_t{1} << (channel.bits - 1);
        bool within = true;
        for (std::size_t f = 0; f < data.size() / frame && within; ++f) {
            const auto value = kind_.at(data, f * channels_.size() + c);
            if (value == padding_)
                continue;
            within = value >= 0 && value < 2 * half;
            channel.unextended = channel.unextended || value >= half;
        }
        channel.unextended = channel.unextended && within;
        if (channel.unextended)
            warn(WarningCode::Repaired,
                 "its negative samples of " + std::to_string(channel.bits) + " bits are not extended to " +
                     std::to_string(kind_.bytes * 8) + "; put right",
                 "lead " + channel.lead.name);
    }
}

// Some devices name 0 as padding value of signed samples and mean nothing by it: taken at its word, it would tear holes
// into every signal that crosses zero.
std::optional<std::int64_t> Group::believablePadding(const Channel& channel) {
    if (!padding_ || *padding_ != 0 || !kind_.isSigned)
        return padding_;
    if (&channel == channels_.data())
        warn(WarningCode::Repaired, "its padding value 0 is an ordinary sample value; such samples stay");
    return std::nullopt;
}

} // namespace precordia::dicom
