// SPDX-License-Identifier: GPL-3.0-or-later
// What is kept of a GE MUSE file: waveforms with all that their numbers mean, measurements, QRS times, sex, age and the
// moved date. Names, sites, staff, orders, questions, statements (MUSE does not code them), the undescribed measurement
// matrix and the pharmacological ids go.
#include "core/io/deidentify_xml.h"
#include "core/io/muse_reader.h"
#include "core/io/text.h"

namespace precordia {

namespace {

using deidentify_xml::Keep;
using deidentify_xml::Rule;

double yearsPerUnit(const xml::Element& age) {
    const auto unit = text::lower(age.parent().textOf("AgeUnits"));
    return unit.starts_with("mo")  ? 1 / 12.0
           : unit.starts_with("w") ? 1 / 52.1775
           : unit.starts_with("d") ? 1 / 365.2425
           : unit.starts_with("h") ? 1 / 8765.82
                                   : 1;
}

constexpr Rule kRules[] = {
    {"RestingECG/MuseInfo"},
    {"MuseInfo/MuseVersion", Keep::Version},
    {"RestingECG/PatientDemographics"},
    {"PatientDemographics/PatientID", Keep::PatientId},
    {"PatientDemographics/PatientAge", Keep::Age},
    {"PatientDemographics/AgeUnits", Keep::Word, "YEARS|MONTHS|WEEKS|DAYS|HOURS"},
    {"PatientDemographics/Gender", Keep::Word, "MALE|FEMALE|M|F|UNKNOWN"},
    {"RestingECG/TestDemographics"},
    {"TestDemographics/DataType", Keep::Word, "RESTING"},
    {"TestDemographics/AcquisitionDate", Keep::MuseDate},
    {"TestDemographics/AcquisitionTime", Keep::Time},
    {"RestingECG/RestingECGMeasurements"},
    {"RestingECG/OriginalRestingECGMeasurements"},
    {"VentricularRate", Keep::Number},
    {"AtrialRate", Keep::Number},
    {"PRInterval", Keep::Number},
    {"QRSDuration", Keep::Number},
    {"QTInterval", Keep::Number},
    {"QTCorrected", Keep::Number},
    {"QTcFrederica", Keep::Number},
    {"QTcFramingham", Keep::Number},
    {"PAxis", Keep::Number},
    {"RAxis", Keep::Number},
    {"TAxis", Keep::Number},
    {"QRSCount", Keep::Number},
    {"POnset", Keep::Number},
    {"POffset", Keep::Number},
    {"QOnset", Keep::Number},
    {"QOffset", Keep::Number},
    {"TOffset", Keep::Number},
    {"ECGSampleBase", Keep::Number},
    {"ECGSampleExponent", Keep::Number},
    {"RestingECG/QRSTimesTypes"},
    {"QRSTimesTypes/QRS"},
    {"QRS/Number", Keep::Number},
    {"QRS/Type", Keep::Number},
    {"QRS/Time", Keep::Number},
    {"QRSTimesTypes/GlobalRR", Keep::Number},
    {"QRSTimesTypes/QTRGGR", Keep::Number},
    {"RestingECG/Waveform"},
    {"Waveform/WaveformType", Keep::Word, "Rhythm|Median"},
    {"Waveform/WaveformStartTime", Keep::Number},
    {"Waveform/NumberofLeads", Keep::Number},
    {"Waveform/SampleType", Keep::Word, "CONTINUOUS_SAMPLES"},
    {"Waveform/SampleBase", Keep::Number},
    {"Waveform/SampleExponent", Keep::Number},
    {"Waveform/HighPassFilter", Keep::Number},
    {"Waveform/LowPassFilter", Keep::Number},
    {"Waveform/ACFilter", Keep::Number},
    {"Waveform/PaceSpikes"},
    {"PaceSpikes/IndexOffsets", Keep::Number},
    {"Waveform/LeadData"},
    {"LeadData/LeadByteCountTotal", Keep::BigNumber},
    {"LeadData/LeadTimeOffset", Keep::Number},
    {"LeadData/LeadSampleCountTotal", Keep::BigNumber},
    {"LeadData/LeadAmplitudeUnitsPerBit", Keep::Number},
    {"LeadData/LeadAmplitudeUnits", Keep::Word, "MICROVOLTS|MILLIVOLTS|NANOVOLTS|VOLTS|uV|mV|nV|V"},
    {"LeadData/LeadHighLimit", Keep::BigNumber},
    {"LeadData/LeadLowLimit", Keep::BigNumber},
    {"LeadData/LeadID", Keep::Lead},
    {"LeadData/LeadOffsetFirstSample", Keep::Number},
    {"LeadData/FirstSampleBaseline", Keep::Number},
    {"LeadData/LeadSampleSize", Keep::Number},
    {"LeadData/LeadOff", Keep::Word, "TRUE|FALSE"},
    {"LeadData/BaselineSway", Keep::Word, "TRUE|FALSE"},
    {"LeadData/ExcessiveACNoise", Keep::Word, "TRUE|FALSE"},
    {"LeadData/MuscleNoise", Keep::Word, "TRUE|FALSE"},
    {"LeadData/LeadDataCRC32", Keep::BigNumber},
    {"LeadData/WaveFormData", Keep::Base64},
};

deidentify_xml::Format format(const Recording&) {
    return {.rootTag = "RestingECG", .rules = kRules, .yearsPerUnit = yearsPerUnit, .before = {}};
}

} // namespace

Result<DeidentifyReport> deidentifyMuse(const std::filesystem::path& in, const std::filesystem::path& out,
                                        const IdentityMap& identities) {
    return deidentify_xml::deidentify(in, out, identities, format, readMuse);
}

} // namespace precordia
