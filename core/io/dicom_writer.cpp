// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/dicom_writer.h"

#include "core/io/dicom_build.h"
#include "core/io/dicom_write_annotations.h"
#include "core/io/text.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

namespace precordia {

namespace fs = std::filesystem;

namespace {

constexpr Sint16 kPadding = -32768;
constexpr double kLargest = 32767;
constexpr double kFinestUv = 0.001;
constexpr std::string_view kNoTime = "19000101000000"; // what stands where the recording says no time

struct ClassRules {
    DicomClass kind;
    const char* uid;
    std::string_view name;
    double lowestRate, highestRate;
    std::size_t groups, channels, samples;
};

// PS3.3, A.34.3 to A.34.5
constexpr std::size_t kAny = std::numeric_limits<std::uint32_t>::max();
const std::array<ClassRules, 3> kRules{{
    {DicomClass::TwelveLead, UID_TwelveLeadECGWaveformStorage, "12-Lead ECG", 200, 1000, 5, 13, 16384},
    {DicomClass::General, UID_GeneralECGWaveformStorage, "General ECG", 200, 1000, 4, 24, kAny},
    {DicomClass::Ambulatory, UID_AmbulatoryECGWaveformStorage, "Ambulatory ECG", 50, 1000, 1, 12, kAny},
}};

// Why a group of channels is not for this class; "" when it is.
std::string objection(const Recording& r, const ClassRules& rules) {
    const auto name = std::string(rules.name);
    if (r.samplingRate < rules.lowestRate || r.samplingRate > rules.highestRate)
        return "a " + name + " has " + text::shortest(rules.lowestRate) + " to " + text::shortest(rules.highestRate) +
               " Hz, not " + text::shortest(r.samplingRate);
    if (r.leads.size() > rules.channels)
        return "a " + name + " has at most " + std::to_string(rules.channels) + " leads, not " +
               std::to_string(r.leads.size());
    if (r.samples() > rules.samples)
        return "a " + name + " has at most " + std::to_string(rules.samples) + " samples a lead, not " +
               std::to_string(r.samples());
    return {};
}

bool hasTwelveLeads(const Recording& r) {
    return std::all_of(standardLeads().begin(), standardLeads().end(),
                       [&](const std::string& lead) { return r.find(lead).valid(); });
}

Result<const ClassRules*> chooseClass(const Recording& r, DicomClass wanted, const fs::path& path) {
    std::string why;
    for (const auto& rules : kRules) {
        if (wanted != DicomClass::ByContent && wanted != rules.kind)
            continue;
        why = objection(r, rules);
        if (why.empty() && rules.kind == DicomClass::TwelveLead && !hasTwelveLeads(r))
            why = "a 12-Lead ECG has all twelve leads";
        if (why.empty())
            return &rules;
    }
    return makeError(wanted == DicomClass::ByContent ? ErrorCode::ValueOutOfRange : ErrorCode::WrongUse,
                     wanted == DicomClass::ByContent ? "no DICOM ECG class takes it: " + why : why, path.string());
}

Result<Done> check(const Recording& r, const fs::path& path) {
    const auto wrong = [&](std::string why) { return makeError(ErrorCode::WrongUse, std::move(why), path.string()); };
    if (r.leads.empty() || r.samples() == 0)
        return wrong("a recording without samples cannot be written");
    if (!(r.samplingRate > 0) || !std::isfinite(r.samplingRate))
        return wrong("the recording has no sampling rate");
    for (const auto& lead : r.leads)
        if (lead.samples.size() != r.samples())
            return wrong("lead " + lead.name + " has another length than the first");
    if (r.leads.size() * r.samples() > std::numeric_limits<std::uint32_t>::max() / 2 - 64)
        return makeError(ErrorCode::ValueOutOfRange, "more than the 4 GiB that a DICOM element holds", path.string());
    return Done{};
}

// How the samples of a lead become integers: round((value - baseline) / step).
struct Scale {
    dicom::Decimal step;
    dicom::Decimal baseline;

    bool holds(double lowest, double highest) const {
        return std::nearbyint((highest - baseline.value) / step.value) <= kLargest &&
               std::nearbyint((lowest - baseline.value) / step.value) >= -kLargest;
    }
};

// The finest of 1, 2, 5, 10 ... thousandths that holds the values.
double roundStep(double largest) {
    for (double decade = kFinestUv;; decade *= 10)
        for (const double step : {1.0, 2.0, 5.0})
            if (largest <= step * decade * kLargest)
                return step * decade;
}

Scale scaleOf(const Lead& lead) {
    double lowest = std::numeric_limits<double>::infinity();
    double highest = -lowest;
    for (const float v : lead.samples)
        if (std::isfinite(v)) {
            lowest = std::min(lowest, static_cast<double>(v));
            highest = std::max(highest, static_cast<double>(v));
        }
    if (lowest > highest)
        lowest = highest = 0;
    const double largest = std::max(std::abs(lowest), std::abs(highest));
    Scale scale{dicom::decimal(lead.quantum > 0 ? lead.quantum : roundStep(largest)), {"0", 0}};
    if (scale.step.value > 0 && scale.holds(lowest, highest))
        return scale;
    if (scale.step.value > 0) { // a baseline on the same grid
        scale.baseline = dicom::decimal(std::nearbyint((lowest + highest) / 2 / scale.step.value) * scale.step.value);
        if (scale.holds(lowest, highest))
            return scale;
    }
    scale.baseline = {"0", 0};
    for (double step = largest / kLargest;; step *= 1 + 1e-6) {
        scale.step = dicom::decimal(step);
        if (scale.step.value > 0 && scale.holds(lowest, highest))
            return scale;
    }
}

dicom::Code unitCode(const Lead& lead) {
    if (lead.unit == "uV")
        return {"uV", "UCUM", "microvolt"};
    return dicom::isOtherUnit(lead.unit) ? dicom::Code{lead.unit, "UCUM", lead.unit}
                                         : dicom::Code{"1", "UCUM", "no units"};
}

void putChannel(DcmItem& group, const Recording& r, std::size_t index, const Scale& scale) {
    const auto& lead = r.leads[index];
    auto& channel = dicom::addItem(group, DCM_ChannelDefinitionSequence);
    dicom::put(channel, DCM_WaveformChannelNumber, std::to_string(index + 1));
    dicom::put(channel, DCM_ChannelLabel, dicom::plainText(lead.name, 16));
    dicom::putCode(channel, DCM_ChannelSourceSequence, dicom::leadCode(lead.name));
    if (lead.derived)
        dicom::put(channel, DCM_ChannelDerivationDescription, "Computed from other leads");
    dicom::put(channel, DCM_ChannelSensitivity, scale.step.text);
    dicom::putCode(channel, DCM_ChannelSensitivityUnitsSequence, unitCode(lead));
    dicom::put(channel, DCM_ChannelSensitivityCorrectionFactor, "1");
    dicom::put(channel, DCM_ChannelBaseline, scale.baseline.text);
    dicom::put(channel, DCM_ChannelSampleSkew, "0");
    dicom::putUnsigned(channel, DCM_WaveformBitsStored, 16);
    const auto& filters = r.metadata.filters;
    for (const auto& [tag, value] :
         {std::pair{DCM_FilterLowFrequency, filters.highPassHz}, std::pair{DCM_FilterHighFrequency, filters.lowPassHz},
          std::pair{DCM_NotchFilterFrequency, filters.notchHz}})
        if (value)
            dicom::putNumber(channel, tag, *value);
}

void putGroup(DcmDataset& data, const Recording& r, std::string_view label, bool original) {
    auto& group = dicom::addItem(data, DCM_WaveformSequence);
    dicom::put(group, DCM_WaveformOriginality, original ? "ORIGINAL" : "DERIVED");
    dicom::putUnsigned(group, DCM_NumberOfWaveformChannels, static_cast<unsigned>(r.leads.size()));
    dicom::putUnsigned(group, DCM_NumberOfWaveformSamples, static_cast<unsigned>(r.samples()));
    dicom::putNumber(group, DCM_SamplingFrequency, r.samplingRate);
    dicom::put(group, DCM_MultiplexGroupLabel, dicom::plainText(label, 16));
    const auto leads = r.leads.size();
    std::vector<Uint16> words(leads * r.samples());
    bool gaps = false;
    for (std::size_t l = 0; l < leads; ++l) {
        const auto scale = scaleOf(r.leads[l]);
        putChannel(group, r, l, scale);
        for (std::size_t i = 0; i < r.samples(); ++i) {
            const double value = r.leads[l].samples[i];
            const bool gap = !std::isfinite(value);
            gaps = gaps || gap;
            const double steps = gap ? kPadding : std::nearbyint((value - scale.baseline.value) / scale.step.value);
            words[i * leads + l] = static_cast<Uint16>(static_cast<Sint16>(steps));
        }
    }
    dicom::putUnsigned(group, DCM_WaveformBitsAllocated, 16);
    dicom::put(group, DCM_WaveformSampleInterpretation, "SS");
    if (gaps) {
        const auto padding = static_cast<Uint16>(kPadding);
        (void)group.putAndInsertUint16Array(DcmTag(DCM_WaveformPaddingValue, EVR_OW), &padding, 1);
    }
    (void)group.putAndInsertUint16Array(DcmTag(DCM_WaveformData, EVR_OW), words.data(),
                                        static_cast<unsigned long>(words.size()));
}

std::string digitsOf(std::string_view iso) {
    std::string out;
    for (const char c : iso.substr(0, iso.find_first_of(".+Z")))
        if (c >= '0' && c <= '9')
            out += c;
    return out;
}

std::string ageOf(double years) {
    const auto text = [](double value, char unit) {
        auto digits = std::to_string(static_cast<int>(value));
        digits.insert(0, 3 - std::min<std::size_t>(3, digits.size()), '0');
        return digits + unit;
    };
    constexpr double daysOfYear = 365.25, longestInDays = 60; // a month is too coarse for a newborn
    if (years * daysOfYear < longestInDays)
        return text(std::round(years * daysOfYear), 'D');
    return years >= 2 ? text(std::min(years, 999.0), 'Y') : text(std::round(years * 12), 'M');
}

void putPatientAndStudy(DcmDataset& data, const Metadata& metadata) {
    const auto& identity = metadata.identity;
    dicom::put(data, DCM_PatientName, dicom::personName(identity.patientName));
    dicom::put(data, DCM_PatientID, dicom::plainText(metadata.patientId, 64));
    dicom::put(data, DCM_PatientBirthDate, digitsOf(identity.birthDate).substr(0, 8));
    dicom::put(data, DCM_PatientSex, metadata.sex == "male" ? "M" : metadata.sex == "female" ? "F" : "");
    if (metadata.ageYears && *metadata.ageYears >= 0)
        dicom::put(data, DCM_PatientAge, ageOf(*metadata.ageYears));
    const auto when = digitsOf(metadata.recordedAt);
    dicom::put(data, DCM_StudyInstanceUID, dicom::newUid());
    dicom::put(data, DCM_StudyDate, when.substr(0, 8));
    dicom::put(data, DCM_StudyTime, when.size() >= 14 ? when.substr(8, 6) : "");
    dicom::put(data, DCM_ReferringPhysicianName, dicom::personName(identity.physician));
    dicom::put(data, DCM_StudyID, "1");
    dicom::put(data, DCM_AccessionNumber, "");
    if (!identity.institution.empty())
        dicom::put(data, DCM_InstitutionName, dicom::plainText(identity.institution, 64));
    if (!identity.operatorName.empty())
        dicom::put(data, DCM_OperatorsName, dicom::personName(identity.operatorName));
}

void putSeriesAndInstance(DcmDataset& data, const Metadata& metadata, const char* uid, DicomWritten& written) {
    dicom::put(data, DCM_Modality, "ECG");
    dicom::put(data, DCM_SeriesInstanceUID, dicom::newUid());
    dicom::put(data, DCM_SeriesNumber, "1");
    dicom::put(data, DCM_SeriesDescription, "Research use only");
    dicom::put(data, DCM_Manufacturer, "");
    if (!metadata.device.empty())
        dicom::put(data, DCM_ManufacturerModelName, dicom::plainText(metadata.device, 64));
    dicom::put(data, DCM_SoftwareVersions, "Precordia " PRECORDIA_VERSION);
    dicom::put(data, DCM_SOPClassUID, uid);
    dicom::put(data, DCM_SOPInstanceUID, dicom::newUid());
    dicom::put(data, DCM_InstanceNumber, "1");
    auto when = digitsOf(metadata.recordedAt);
    if (when.size() < 8) {
        when = kNoTime;
        written.notes.emplace_back("the recording says no time; 1900-01-01 stands where DICOM wants one");
    }
    when.resize(14, '0');
    dicom::put(data, DCM_AcquisitionDateTime, when);
    dicom::put(data, DCM_ContentDate, when.substr(0, 8));
    dicom::put(data, DCM_ContentTime, when.substr(8));
    (void)data.insertEmptyElement(DCM_AcquisitionContextSequence);
}

// The groups as they were put in.
std::vector<const Recording*> putGroups(DcmDataset& data, const Recording& r, const ClassRules& rules,
                                        DicomWritten& written) {
    putGroup(data, r, "RHYTHM", true);
    std::vector<const Recording*> groups{&r};
    const auto more = [&](const Recording& group, std::string_view label, bool original) {
        auto why = check(group, {}).ok() ? objection(group, rules) : std::string("it holds no samples");
        if (why.empty() && groups.size() >= rules.groups)
            why = "a " + std::string(rules.name) + " has at most " + std::to_string(rules.groups) + " groups";
        if (!why.empty()) {
            written.notes.push_back("left out: " + std::string(label) + "; " + why);
            return;
        }
        putGroup(data, group, label, original);
        groups.push_back(&group);
    };
    for (const auto& median : r.medianBeats)
        more(median, "MEDIAN BEAT", false);
    for (const auto& other : r.otherGroups)
        more(other, other.name.empty() ? "OTHER" : other.name, true);
    return groups;
}

} // namespace

Result<DicomWritten> writeDicom(const Recording& recording, const fs::path& path, DicomClass kind) {
    if (auto done = check(recording, path); !done)
        return done.as<DicomWritten>();
    if (!dcmDataDict.isDictionaryLoaded())
        return makeError(ErrorCode::FileUnwritable, "DCMTK's data dictionary (dicom.dic) is not installed",
                         path.string());
    const auto rules = chooseClass(recording, kind, path);
    if (!rules)
        return rules.as<DicomWritten>();
    DicomWritten written{(*rules)->kind, {}};
    DcmDataset data;
    putPatientAndStudy(data, recording.metadata);
    putSeriesAndInstance(data, recording.metadata, (*rules)->uid, written);
    const auto groups = putGroups(data, recording, **rules, written);
    dicom::putAnnotations(data, recording, groups);
    if (data.containsExtendedCharacters(OFTrue))
        dicom::put(data, DCM_SpecificCharacterSet, "ISO_IR 192");
    if (auto saved = dicom::save(data, path); !saved)
        return saved.as<DicomWritten>();
    return written;
}

} // namespace precordia
