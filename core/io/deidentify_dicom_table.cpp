// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/deidentify_dicom_table.h"

#include "core/ecg/recording.h"
#include "core/io/snomed.h"
#include "core/io/text.h"
#include "core/io/units.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>

namespace precordia::dicom {

namespace {

const std::map<DcmTagKey, Rule>& table() {
    static const std::map<DcmTagKey, Rule> rules{
        // SOP common
        {DCM_SpecificCharacterSet, Rule::Charset},
        {DCM_InstanceCreationDate, Rule::Date},
        {DCM_InstanceCreationTime, Rule::Time},
        {DCM_SOPClassUID, Rule::StandardUid},
        {DCM_SOPInstanceUID, Rule::Uid},
        // Study, series, equipment
        {DCM_StudyDate, Rule::Date},
        {DCM_SeriesDate, Rule::Date},
        {DCM_AcquisitionDate, Rule::Date},
        {DCM_ContentDate, Rule::Date},
        {DCM_AcquisitionDateTime, Rule::DateTime},
        {DCM_StudyTime, Rule::Time},
        {DCM_SeriesTime, Rule::Time},
        {DCM_AcquisitionTime, Rule::Time},
        {DCM_ContentTime, Rule::Time},
        {DCM_AccessionNumber, Rule::Empty},
        {DCM_Modality, Rule::Term},
        {DCM_Manufacturer, Rule::Maker},
        {DCM_ReferringPhysicianName, Rule::Empty},
        {DCM_StudyInstanceUID, Rule::Uid},
        {DCM_SeriesInstanceUID, Rule::Uid},
        {DCM_StudyID, Rule::Empty},
        {DCM_SeriesNumber, Rule::Number},
        {DCM_InstanceNumber, Rule::Number},
        {DCM_FrameOfReferenceUID, Rule::Uid},
        {DCM_Laterality, Rule::Term},
        {DCM_SynchronizationFrameOfReferenceUID, Rule::Uid},
        // References to other objects
        {DCM_ReferencedStudySequence, Rule::Items},
        {DCM_ReferencedSeriesSequence, Rule::Items},
        {DCM_ReferencedInstanceSequence, Rule::Items},
        {DCM_ReferencedSOPSequence, Rule::Items},
        {DCM_ReferencedPerformedProcedureStepSequence, Rule::Items},
        {DCM_SourceWaveformSequence, Rule::Items},
        {DCM_ReferencedSOPClassUID, Rule::StandardUid},
        {DCM_ReferencedSOPInstanceUID, Rule::Uid},
        {DCM_PurposeOfReferenceCodeSequence, Rule::Code},
        // Patient
        {DCM_PatientName, Rule::PatientName},
        {DCM_PatientID, Rule::PatientId},
        {DCM_PatientBirthDate, Rule::Empty},
        {DCM_PatientSex, Rule::Term},
        {DCM_PatientAge, Rule::Age},
        {DCM_PatientSize, Rule::Number},
        {DCM_PatientWeight, Rule::Number},
        // Waveform
        {DCM_SynchronizationTrigger, Rule::Term},
        {DCM_SynchronizationChannel, Rule::Binary},
        {DCM_TriggerSamplePosition, Rule::Binary},
        {DCM_AcquisitionTimeSynchronized, Rule::Term},
        {DCM_MultiplexGroupTimeOffset, Rule::Number},
        {DCM_TriggerTimeOffset, Rule::Number},
        {DCM_WaveformSequence, Rule::Items},
        {DCM_WaveformOriginality, Rule::Term},
        {DCM_NumberOfWaveformChannels, Rule::Binary},
        {DCM_NumberOfWaveformSamples, Rule::Binary},
        {DCM_SamplingFrequency, Rule::Number},
        {DCM_MultiplexGroupLabel, Rule::Label},
        {DCM_ChannelDefinitionSequence, Rule::Items},
        {DCM_WaveformChannelNumber, Rule::Number},
        {DCM_ChannelLabel, Rule::Lead},
        {DCM_ChannelStatus, Rule::Term},
        {DCM_ChannelSourceSequence, Rule::Code},
        {DCM_ChannelSourceModifiersSequence, Rule::Code},
        {DCM_ChannelDerivationDescription, Rule::Derivation},
        {DCM_ChannelSensitivity, Rule::Number},
        {DCM_ChannelSensitivityUnitsSequence, Rule::Code},
        {DCM_ChannelSensitivityCorrectionFactor, Rule::Number},
        {DCM_ChannelBaseline, Rule::Number},
        {DCM_ChannelTimeSkew, Rule::Number},
        {DCM_ChannelSampleSkew, Rule::Number},
        {DCM_ChannelOffset, Rule::Number},
        {DCM_WaveformBitsStored, Rule::Binary},
        {DCM_FilterLowFrequency, Rule::Number},
        {DCM_FilterHighFrequency, Rule::Number},
        {DCM_NotchFilterFrequency, Rule::Number},
        {DCM_NotchFilterBandwidth, Rule::Number},
        {DCM_WaveformBitsAllocated, Rule::Binary},
        {DCM_WaveformSampleInterpretation, Rule::Term},
        {DCM_ChannelMinimumValue, Rule::Binary},
        {DCM_ChannelMaximumValue, Rule::Binary},
        {DCM_WaveformPaddingValue, Rule::Binary},
        {DCM_WaveformData, Rule::Binary},
        // Acquisition context and annotations
        {DCM_AcquisitionContextSequence, Rule::Items},
        {DCM_WaveformAnnotationSequence, Rule::Items},
        {DCM_ValueType, Rule::Term},
        {DCM_ConceptNameCodeSequence, Rule::Code},
        {DCM_ConceptCodeSequence, Rule::Code},
        {DCM_NumericValue, Rule::Number},
        {DCM_MeasurementUnitsCodeSequence, Rule::Code},
        {DCM_ReferencedWaveformChannels, Rule::Binary},
        {DCM_TemporalRangeType, Rule::Term},
        {DCM_ReferencedSamplePositions, Rule::Binary},
        {DCM_ReferencedTimeOffsets, Rule::Number},
        {DCM_ReferencedDateTime, Rule::DateTime},
        {DCM_AnnotationGroupNumber, Rule::Binary},
    };
    return rules;
}

bool madeOf(std::string_view words, std::string_view characters) {
    return !words.empty() && words.size() <= 18 && words.find_first_not_of(characters) == std::string_view::npos;
}

// Codes of the schemes of PS3.16 are numbers with points, dashes and colons; SNOMED-RT's have a letter before.
bool isPublicValue(const Code& code) {
    constexpr std::string_view kDigits = "0123456789";
    if (code.scheme == "SCT" || code.scheme == "DCM")
        return madeOf(code.value, kDigits);
    if (code.scheme == "MDC")
        return madeOf(code.value, "0123456789:");
    if (code.scheme == "SCPECG" || code.scheme == "LN")
        return madeOf(code.value, "0123456789.-");
    if (code.scheme == "SRT" || code.scheme == "SNM3")
        return code.value.size() > 2 && std::isupper(static_cast<unsigned char>(code.value.front())) != 0 &&
               madeOf(std::string_view(code.value).substr(1), "0123456789ABCDEF-");
    return false;
}

// The word that we have for a code; its own meaning could hold anything.
std::string meaningOf(const Code& code) {
    if (const auto mark = markOf(code))
        return mark->text;
    const Code bare{code.value, code.scheme, {}};
    if (const auto key = measurementKey(bare, {}))
        return measurementCode(key->key).concept_.meaning;
    if (const auto lead = leadName(bare); !lead.empty() && lead != code.value)
        return leadCode(lead).meaning;
    if (code.scheme == "SCT")
        return snomedName(code.value).value_or("");
    return {};
}

std::optional<Code> publicUnit(const Code& code) {
    const auto unit = ucumUnit(code);
    if (microvoltsPer(unit))
        return Code{code.value, code.scheme, code.scheme == "UCUM" ? unit : code.value};
    if (unit == "1" || unit == "{unity}" || isOtherUnit(unit))
        return Code{unit, "UCUM", unit == "1" ? "no units" : unit};
    return Code{"1", "UCUM", "no units"};
}

// Our own codes carry names and keys: those that are ours alone.
std::optional<Code> publicOwn(const Code& code) {
    if (const auto mark = markOf(code)) {
        if (mark->symbol.size() > 2)
            return std::nullopt;
        static constexpr std::array<std::string_view, 6> kEdges{"P onset",    "P offset", "QRS onset",
                                                                "QRS offset", "T onset",  "T offset"};
        const bool rhythm = mark->text.starts_with('(') && mark->text.size() <= 6;
        const bool edge = std::find(kEdges.begin(), kEdges.end(), mark->text) != kEdges.end();
        return markCode(mark->symbol, rhythm || edge ? mark->text : "");
    }
    if (const auto key = measurementKey(code, {})) {
        static constexpr std::array<std::string_view, 5> kEndings{"_ms", "_bpm", "_deg", "_uv", "_mv"};
        const bool ours = key->key.size() <= 24 && std::any_of(kEndings.begin(), kEndings.end(),
                                                               [&](auto ending) { return key->key.ends_with(ending); });
        return ours ? std::optional(code) : std::nullopt;
    }
    return std::nullopt;
}

} // namespace

Rule ruleFor(const DcmTagKey& tag) {
    const auto found = table().find(tag);
    return found == table().end() ? Rule::Remove : found->second;
}

bool belongs(const DcmTagKey& tag, const DcmTagKey& parent) {
    const auto group = tag.getGroup();
    const bool reference = tag == DCM_ReferencedSOPClassUID || tag == DCM_ReferencedSOPInstanceUID;
    const bool statement =
        group == 0x0040 && tag != DCM_AcquisitionContextSequence && tag != DCM_WaveformAnnotationSequence;
    const bool timing = group == 0x0018 && tag != DCM_SynchronizationTrigger && tag != DCM_SynchronizationChannel &&
                        tag != DCM_AcquisitionTimeSynchronized;
    const bool samples = group == 0x5400 && tag != DCM_WaveformSequence;
    if (parent == DcmTagKey())
        return !reference && !statement && !timing && !samples && group != 0x003A;
    if (parent == DCM_WaveformSequence)
        return group == 0x003A || timing || samples;
    if (parent == DCM_ChannelDefinitionSequence)
        return group == 0x003A || tag == DCM_ChannelMinimumValue || tag == DCM_ChannelMaximumValue;
    if (parent == DCM_WaveformAnnotationSequence || parent == DCM_AcquisitionContextSequence)
        return statement;
    return reference || tag == DCM_ReferencedSOPSequence || tag == DCM_SeriesInstanceUID ||
           tag == DCM_StudyInstanceUID || tag == DCM_PurposeOfReferenceCodeSequence ||
           tag == DCM_ReferencedInstanceSequence || tag == DCM_ReferencedWaveformChannels;
}

bool isTerm(std::string_view word) {
    static constexpr std::array<std::string_view, 44> kTerms{"ECG",
                                                             "EPS",
                                                             "HD",
                                                             "RESP",
                                                             "EEG",
                                                             "EMG",
                                                             "EOG",
                                                             "OT",
                                                             "M",
                                                             "F",
                                                             "O",
                                                             "R",
                                                             "L",
                                                             "ORIGINAL",
                                                             "DERIVED",
                                                             "SB",
                                                             "UB",
                                                             "MB",
                                                             "AB",
                                                             "SS",
                                                             "US",
                                                             "SL",
                                                             "UL",
                                                             "SV",
                                                             "UV",
                                                             "OK",
                                                             "TEST DATA",
                                                             "DISCONNECTED",
                                                             "QUESTIONABLE",
                                                             "INVALID",
                                                             "UNCALIBRATED",
                                                             "UNZEROED",
                                                             "PRECISION LOSS",
                                                             "CODE",
                                                             "NUMERIC",
                                                             "POINT",
                                                             "MULTIPOINT",
                                                             "SEGMENT",
                                                             "MULTISEGMENT",
                                                             "BEGIN",
                                                             "END",
                                                             "NO TRIGGER",
                                                             "Y",
                                                             "N"};
    return std::find(kTerms.begin(), kTerms.end(), word) != kTerms.end();
}

std::optional<Code> publicCode(const Code& code) {
    if (code.scheme == "UCUM" || microvoltsPer(ucumUnit(code)))
        return publicUnit(code);
    if (code.scheme == kOwnScheme)
        return publicOwn(code);
    if (isPublicValue(code)) {
        const auto meaning = meaningOf(code);
        return Code{code.value, code.scheme, meaning.empty() ? code.value : meaning};
    }
    // A private scheme, or a name in the place of a number: a lead or a measurement that we know may stay, by our code.
    const auto& standard = standardLeads();
    if (const auto lead = leadName(code); std::find(standard.begin(), standard.end(), lead) != standard.end())
        return leadCode(lead);
    if (const auto key = measurementKey(code, {}))
        return measurementCode(key->key).concept_;
    return std::nullopt;
}

std::string publicLabel(std::string_view label) {
    const auto words = text::lower(text::trim(label));
    static constexpr std::array<std::string_view, 12> kLabels{
        "rhythm",   "median",          "median beat",      "median beats",
        "average",  "average beat",    "representative",   "representative beat",
        "template", "full disclosure", "10 second rhythm", "reference beat"};
    return std::find(kLabels.begin(), kLabels.end(), words) != kLabels.end() ? std::string(text::trim(label))
                                                                             : std::string();
}

std::string publicLead(std::string_view label) {
    const auto name = standardLeadName(label);
    return leadCode(name).value != "2:0" ? name : "";
}

std::string publicMaker(std::string_view manufacturer) {
    static constexpr std::array<std::string_view, 36> kMakers{"GE Healthcare",
                                                              "GE Medical Systems",
                                                              "Marquette",
                                                              "Philips",
                                                              "Hewlett-Packard",
                                                              "Agilent",
                                                              "Mortara",
                                                              "Welch Allyn",
                                                              "Hill-Rom",
                                                              "Baxter",
                                                              "Schiller",
                                                              "Nihon Kohden",
                                                              "Fukuda Denshi",
                                                              "Cardioline",
                                                              "Cardiac Science",
                                                              "Burdick",
                                                              "Quinton",
                                                              "Edan",
                                                              "Mindray",
                                                              "BTL",
                                                              "Norav",
                                                              "custo med",
                                                              "Spacelabs",
                                                              "Siemens",
                                                              "Zoll",
                                                              "Physio-Control",
                                                              "Suzuken",
                                                              "Bionet",
                                                              "Contec",
                                                              "iRhythm",
                                                              "Esaote",
                                                              "Drager",
                                                              "ELA Medical",
                                                              "Biotricity",
                                                              "AliveCor",
                                                              "Unknown"};
    const auto said = text::lower(manufacturer);
    for (const auto maker : kMakers)
        if (said.find(text::lower(maker)) != std::string::npos)
            return std::string(maker);
    return {};
}

} // namespace precordia::dicom
