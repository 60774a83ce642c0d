// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/dicom_reader.h"

#include "core/base/file.h"
#include "core/io/dicom_codes.h"
#include "core/io/dicom_scan.h"
#include "core/io/header_comments.h"
#include "core/io/signal_checks.h"
#include "core/io/text.h"
#include "core/io/timestamp.h"
#include "core/io/units.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <mutex>
#include <optional>
#include <utility>

namespace precordia {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kMaxBytes = 256U << 20U;
constexpr double kMaxRate = 1e7;

// DCMTK writes to the terminal unless told otherwise; the core never prints.
void silenceDcmtk() {
    static std::once_flag once;
    std::call_once(once, [] { OFLog::configure(OFLogger::OFF_LOG_LEVEL); });
}

std::string stringOf(DcmItem& item, const DcmTagKey& tag) {
    OFString value;
    if (item.findAndGetOFStringArray(tag, value).bad())
        return {};
    const auto utf8 = text::utf8(std::string_view(value.c_str(), value.length()));
    return std::string(text::trim(utf8));
}

std::optional<double> numberOf(DcmItem& item, const DcmTagKey& tag) {
    const auto words = stringOf(item, tag);
    return text::number(std::string_view(words).substr(0, words.find('\\')));
}

DcmItem* firstItem(DcmItem& item, const DcmTagKey& sequence) {
    DcmItem* inner = nullptr;
    return item.findAndGetSequenceItem(sequence, inner, 0).good() ? inner : nullptr;
}

dicom::Code codeOf(DcmItem& item, const DcmTagKey& sequence) {
    auto* code = firstItem(item, sequence);
    if (code == nullptr)
        return {};
    return {stringOf(*code, DCM_CodeValue), stringOf(*code, DCM_CodingSchemeDesignator),
            stringOf(*code, DCM_CodeMeaning)};
}

// The bytes of an element of words or bytes, in little-endian order whatever the machine and the file.
std::vector<std::byte> bytesOf(DcmItem& item, const DcmTagKey& tag) {
    DcmElement* element = nullptr;
    if (item.findAndGetElement(tag, element).bad() || element == nullptr)
        return {};
    std::vector<std::byte> out;
    const auto length = static_cast<std::size_t>(element->getLengthField());
    Uint8* bytes = nullptr;
    Uint16* words = nullptr;
    if (element->ident() == EVR_OB || element->ident() == EVR_UN) {
        if (element->getUint8Array(bytes).good() && bytes != nullptr)
            for (std::size_t i = 0; i < length; ++i)
                out.push_back(static_cast<std::byte>(bytes[i]));
    } else if (element->getUint16Array(words).good() && words != nullptr) {
        for (std::size_t i = 0; i < length / 2; ++i) {
            out.push_back(static_cast<std::byte>(words[i] & 0xFFU));
            out.push_back(static_cast<std::byte>(words[i] >> 8U));
        }
    }
    return out;
}

struct SampleKind {
    std::size_t bytes = 2;
    bool isSigned = true;

    std::int64_t lowest(unsigned bits) const { return isSigned ? -(std::int64_t{1} << (bits - 1)) : 0; }
    std::int64_t highest(unsigned bits) const { return (std::int64_t{1} << (isSigned ? bits - 1 : bits)) - 1; }
    std::int32_t at(std::span<const std::byte> data, std::size_t index) const {
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < bytes; ++i)
            value |= std::to_integer<std::uint32_t>(data[index * bytes + i]) << 8U * i;
        if (!isSigned)
            return static_cast<std::int32_t>(value);
        return bytes == 1 ? static_cast<std::int8_t>(value) : static_cast<std::int16_t>(value);
    }
};

std::optional<SampleKind> sampleKind(unsigned bits, std::string_view interpretation) {
    if (bits == 16 && (interpretation == "SS" || interpretation == "US"))
        return SampleKind{2, interpretation == "SS"};
    if (bits == 8 && (interpretation == "SB" || interpretation == "UB"))
        return SampleKind{1, interpretation == "SB"};
    return std::nullopt; // companded (MB, AB) or 32 bits
}

// One multiplex group: its own recording.
class Group {
public:
    Group(DcmItem& item, const fs::path& path, std::size_t number, const ReadOptions& options)
        : item_(item)
        , path_(path)
        , number_(number)
        , options_(options) {}

    Result<Recording> read() {
        if (auto done = shape(); !done)
            return done.as<Recording>();
        std::vector<std::byte> data;
        if (!options_.metadataOnly) {
            data = bytesOf(item_, DCM_WaveformData);
            frames_ = std::min<std::uint64_t>(promised_, data.size() / kind_.bytes / channels_);
            if (frames_ == 0)
                return fail(ErrorCode::FileTruncated,
                            "no whole sample of its " + std::to_string(channels_) + " channels is there");
            if (frames_ < promised_)
                out_.warnings.push_back(
                    {WarningCode::ShortFile,
                     std::to_string(frames_) + " of " + std::to_string(promised_) + " samples a lead are there",
                     place()});
        }
        for (std::size_t c = 0; c < channels_; ++c) {
            if (options_.stop.stop_requested())
                return Cancelled{};
            DcmItem* definition = nullptr;
            if (item_.findAndGetSequenceItem(DCM_ChannelDefinitionSequence, definition, static_cast<long>(c)).bad() ||
                definition == nullptr)
                return fail(ErrorCode::FormatInvalid, "channel " + std::to_string(c + 1) + " has no definition");
            channel(*definition, c, data);
        }
        makeLeadNamesUnique(out_);
        return std::move(out_);
    }

private:
    std::string place() const { return "multiplex group " + std::to_string(number_ + 1); }
    Error fail(ErrorCode code, std::string why) const {
        return makeError(code, std::move(why), path_.string() + ", " + place());
    }

    Result<Done> shape() {
        Uint16 channels = 0;
        Uint32 samples = 0;
        Uint16 bits = 0;
        if (item_.findAndGetUint16(DCM_NumberOfWaveformChannels, channels).bad() || channels == 0)
            return fail(ErrorCode::FormatInvalid, "it does not say how many channels it has");
        if (item_.findAndGetUint32(DCM_NumberOfWaveformSamples, samples).bad() || samples == 0)
            return fail(ErrorCode::FormatInvalid, "it does not say how many samples it has");
        (void)item_.findAndGetUint16(DCM_WaveformBitsAllocated, bits);
        const auto interpretation = stringOf(item_, DCM_WaveformSampleInterpretation);
        const auto kind = sampleKind(bits, interpretation);
        if (!kind)
            return fail(ErrorCode::FormatUnsupported, "samples of " + std::to_string(bits) + " bits, interpretation '" +
                                                          interpretation + "', are not read");
        const auto rate = numberOf(item_, DCM_SamplingFrequency);
        if (!rate || !(*rate > 0) || *rate > kMaxRate)
            return fail(ErrorCode::FormatInvalid, "it has no sampling frequency");
        channels_ = channels;
        promised_ = samples;
        kind_ = *kind;
        out_.samplingRate = *rate;
        out_.samplesPromised = samples;
        out_.name = stringOf(item_, DCM_MultiplexGroupLabel);
        const auto padding = bytesOf(item_, DCM_WaveformPaddingValue);
        if (padding.size() >= kind_.bytes)
            padding_ = kind_.at(padding, 0);
        return Done{};
    }

    // value = sample x sensitivity x correction + baseline, the baseline in the sensitivity's unit (PS3.3,
    // C.10.9.1.4.2)
    void channel(DcmItem& definition, std::size_t c, std::span<const std::byte> data) {
        Lead lead;
        lead.name = dicom::leadName(codeOf(definition, DCM_ChannelSourceSequence));
        if (lead.name.empty())
            lead.name = standardLeadName(stringOf(definition, DCM_ChannelLabel));
        if (lead.name.empty())
            lead.name = "channel " + std::to_string(c + 1);
        const auto where = "lead " + lead.name;
        lead.fileUnit = codeOf(definition, DCM_ChannelSensitivityUnitsSequence).value;
        const auto sensitivity = numberOf(definition, DCM_ChannelSensitivity);
        const auto factor = microvoltsPer(lead.fileUnit);
        lead.unit = factor ? "uV" : lead.fileUnit;
        if (!sensitivity)
            out_.warnings.push_back(
                {WarningCode::GainMissing, "the file gives no sensitivity; its integers stand for themselves", where});
        if (!factor)
            out_.warnings.push_back({WarningCode::UnknownUnit,
                                     "'" + lead.fileUnit + "' is no voltage we know; the values stay as they are",
                                     where});
        const double toUnit = factor.value_or(1);
        const double step =
            sensitivity.value_or(1) * numberOf(definition, DCM_ChannelSensitivityCorrectionFactor).value_or(1);
        lead.quantum = std::abs(step) * toUnit;
        const double baseline = numberOf(definition, DCM_ChannelBaseline).value_or(0) * toUnit;
        if (!options_.metadataOnly)
            fill(lead, definition, c, data, step * toUnit, baseline);
        out_.leads.push_back(std::move(lead));
    }

    void fill(Lead& lead, DcmItem& definition, std::size_t c, std::span<const std::byte> data, double step,
              double baseline) {
        const auto frames = static_cast<std::size_t>(frames_);
        std::vector<std::int32_t> raw(frames);
        for (std::size_t f = 0; f < frames; ++f)
            raw[f] = kind_.at(data, f * channels_ + c);
        Uint16 stored = 0;
        (void)definition.findAndGetUint16(DCM_WaveformBitsStored, stored);
        const auto allocated = static_cast<unsigned>(kind_.bytes * 8);
        const unsigned bits = stored >= 2 && stored <= allocated ? stored : allocated;
        const auto missing = believablePadding(bits);
        if (padding_ && !missing && c == 0)
            out_.warnings.push_back(
                {WarningCode::Repaired,
                 "its padding value " + std::to_string(*padding_) + " is an ordinary sample value; such samples stay",
                 place()});
        const auto skew = sampleSkew(definition, lead.name);
        lead.samples.assign(frames, std::numeric_limits<float>::quiet_NaN());
        for (std::size_t f = 0; f < frames; ++f) {
            const auto to = static_cast<std::int64_t>(f) + skew;
            if (to < 0 || std::cmp_greater_equal(to, frames) || raw[f] == missing)
                continue;
            lead.samples[static_cast<std::size_t>(to)] = static_cast<float>(raw[f] * step + baseline);
        }
        const auto lowest = kind_.lowest(bits) + (missing == kind_.lowest(bits) ? 1 : 0);
        const auto highest = kind_.highest(bits) - (missing == kind_.highest(bits) ? 1 : 0);
        warnClipped(out_, lead, clippedSamples(raw, lowest, highest));
    }

    // Some devices name 0, an ordinary sample, as padding value: only one at the edge of the range means a gap.
    std::optional<std::int32_t> believablePadding(unsigned bits) const {
        if (padding_ && (*padding_ <= kind_.lowest(bits) + 1 || *padding_ >= kind_.highest(bits) - 1))
            return padding_;
        return std::nullopt;
    }

    // Whole samples by which the channel begins late; a part of a sample is named, not interpolated.
    std::int64_t sampleSkew(DcmItem& definition, const std::string& name) {
        auto skew = numberOf(definition, DCM_ChannelSampleSkew).value_or(0);
        if (const auto seconds = numberOf(definition, DCM_ChannelTimeSkew); seconds && skew == 0)
            skew = *seconds * out_.samplingRate;
        if (skew == 0 || std::abs(skew) > 1e9)
            return 0;
        const auto whole = std::llround(skew);
        out_.warnings.push_back(
            {WarningCode::Repaired,
             "its samples are " + text::shortest(skew) + " sample periods late; moved by " + std::to_string(whole),
             "lead " + name});
        return whole;
    }

    DcmItem& item_;
    const fs::path& path_;
    std::size_t number_;
    const ReadOptions& options_;
    std::size_t channels_ = 0;
    std::uint64_t promised_ = 0;
    std::uint64_t frames_ = 0;
    SampleKind kind_;
    std::optional<std::int32_t> padding_;
    Recording out_;
};

void readPatient(DcmDataset& data, Recording& recording) {
    auto& metadata = recording.metadata;
    metadata.patientId = stringOf(data, DCM_PatientID);
    metadata.sex = parseSex(stringOf(data, DCM_PatientSex));
    const auto when = stringOf(data, DCM_AcquisitionDateTime);
    const auto date = stringOf(data, DCM_StudyDate);
    metadata.recordedAt = timestamp::fromDicom(when.empty() ? date + stringOf(data, DCM_StudyTime) : when);
    metadata.ageYears = parseAgeYears(stringOf(data, DCM_PatientAge));
    if (!metadata.ageYears) { // from the dates, to the day as far as a year of 365.2425 days is one
        const auto days = [](std::string_view d) -> std::optional<double> {
            if (d.size() < 8)
                return std::nullopt;
            const auto y = text::integer(d.substr(0, 4)), m = text::integer(d.substr(4, 2)),
                       day = text::integer(d.substr(6, 2));
            if (!y || !m || !day)
                return std::nullopt;
            return static_cast<double>(*y) * 365.2425 + static_cast<double>(*m - 1) * 30.4369 +
                   static_cast<double>(*day);
        };
        const auto born = days(stringOf(data, DCM_PatientBirthDate));
        const auto taken = days(when.empty() ? date : when);
        if (born && taken && *taken >= *born)
            metadata.ageYears = parseAgeYears(text::shortest(std::floor((*taken - *born) / 365.2425)));
    }
    const auto maker = stringOf(data, DCM_Manufacturer);
    const auto model = stringOf(data, DCM_ManufacturerModelName);
    metadata.device = maker.empty() || text::lower(maker) == "unknown" ? model
                      : model.empty()                                  ? maker
                                                                       : maker + " " + model;
}

void checkUids(DcmDataset& data, Recording& recording) {
    const std::pair<DcmTagKey, const char*> uids[] = {{DCM_SOPInstanceUID, "SOP Instance UID"},
                                                      {DCM_StudyInstanceUID, "Study Instance UID"},
                                                      {DCM_SeriesInstanceUID, "Series Instance UID"}};
    for (const auto& [tag, name] : uids)
        if (!dicom::validUid(stringOf(data, tag)))
            recording.warnings.push_back({WarningCode::InvalidIdentifier, "not a valid UID", name});
}

void readAnnotations(DcmDataset& data, Recording& recording) {
    for (long i = 0;; ++i) {
        DcmItem* item = nullptr;
        if (data.findAndGetSequenceItem(DCM_WaveformAnnotationSequence, item, i).bad() || item == nullptr)
            return;
        if (auto words = stringOf(*item, DCM_UnformattedTextValue); !words.empty())
            recording.metadata.diagnosisTexts.push_back(std::move(words));
        const auto value = numberOf(*item, DCM_NumericValue);
        const auto unit = codeOf(*item, DCM_MeasurementUnitsCodeSequence).value;
        if (const auto key = dicom::measurementKey(codeOf(*item, DCM_ConceptNameCodeSequence), unit); key && value)
            recording.fileMeasurements.emplace(key->key, *value * key->factor);
    }
}

// The rhythm: the group that calls itself so, else the longest.
std::size_t rhythmGroup(const std::vector<Recording>& groups) {
    const auto rank = [](const Recording& r) {
        const double seconds = static_cast<double>(r.samplesPromised) / r.samplingRate;
        return std::pair(text::lower(r.name).find("rhythm") != std::string::npos, seconds);
    };
    const auto best = std::max_element(groups.begin(), groups.end(),
                                       [&](const Recording& a, const Recording& b) { return rank(a) < rank(b); });
    return static_cast<std::size_t>(best - groups.begin());
}

Result<Recording> assemble(std::vector<Recording> groups, std::vector<Warning> skipped) {
    const auto main = rhythmGroup(groups);
    Recording recording = std::move(groups[main]);
    for (std::size_t g = 0; g < groups.size(); ++g) {
        if (g == main)
            continue;
        const auto label = groups[g].name.empty() ? "group " + std::to_string(g + 1) : groups[g].name;
        recording.warnings.push_back({WarningCode::SkippedGroup,
                                      "kept apart from the rhythm: " + std::to_string(groups[g].leads.size()) +
                                          " leads of " + text::shortest(std::round(groups[g].seconds() * 1000) / 1000) +
                                          " s",
                                      label});
        recording.medianBeats.push_back(std::move(groups[g]));
    }
    for (auto& warning : skipped)
        recording.warnings.push_back(std::move(warning));
    return recording;
}

Result<Recording> readGroups(DcmDataset& data, const fs::path& path, const ReadOptions& options) {
    std::vector<Recording> groups;
    std::vector<Warning> skipped;
    std::optional<Error> first;
    for (std::size_t g = 0;; ++g) {
        DcmItem* item = nullptr;
        if (data.findAndGetSequenceItem(DCM_WaveformSequence, item, static_cast<long>(g)).bad() || item == nullptr)
            break;
        auto group = Group(*item, path, g, options).read();
        if (group.cancelled())
            return Cancelled{};
        if (group.ok()) {
            groups.push_back(std::move(*group));
            continue;
        }
        skipped.push_back(
            {WarningCode::SkippedGroup, group.error().message, "multiplex group " + std::to_string(g + 1)});
        if (!first)
            first = group.error();
    }
    if (!groups.empty())
        return assemble(std::move(groups), std::move(skipped));
    if (first)
        return *first;
    const auto uid = stringOf(data, DCM_SOPClassUID);
    const char* name = dcmFindNameOfUID(uid.c_str());
    return makeError(ErrorCode::FormatUnsupported,
                     "a DICOM object without waveforms (" + std::string(name != nullptr ? name : "unknown class") + ")",
                     path.string());
}

} // namespace

int DicomReader::recognises(const FileHead& head) const {
    return dicom::hasPreamble(head.bytes) ? 2 : 0;
}

Result<Recording> DicomReader::read(const fs::path& path, const ReadOptions& options) const {
    silenceDcmtk();
    if (!dcmDataDict.isDictionaryLoaded())
        return makeError(ErrorCode::FormatUnsupported, "DCMTK's data dictionary (dicom.dic) is not installed",
                         path.string());
    {
        const auto bytes = readFile(path, kMaxBytes);
        if (!bytes)
            return bytes.as<Recording>();
        if (auto scanned = dicom::scan(*bytes, path.string()); !scanned)
            return scanned.as<Recording>();
    }
    DcmFileFormat file;
    if (const auto loaded = file.loadFile(path.c_str()); loaded.bad())
        return makeError(ErrorCode::FormatInvalid, std::string("DCMTK: ") + loaded.text(), path.string());
    auto* data = file.getDataset();
    auto recording = readGroups(*data, path, options);
    if (!recording)
        return recording;
    recording->name = path.stem().string();
    recording->metadata.format = "dicom";
    readPatient(*data, *recording);
    checkUids(*data, *recording);
    readAnnotations(*data, *recording);
    if (!options.metadataOnly)
        warnImplausibleUnits(*recording);
    return recording;
}

} // namespace precordia
