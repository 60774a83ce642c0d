// SPDX-License-Identifier: GPL-3.0-or-later
// What is kept of a Philips Sierra file: waveforms with all that their numbers mean, measurements, the codes of
// statements (their words may have been edited), sex, age, the kind of machine and the moved dates. Names, ids, places,
// staff, orders, questions, remarks and the machine's own number go.
#include "core/io/deidentify_xml.h"
#include "core/io/sierra_reader.h"
#include "core/io/text.h"

#include <cmath>

namespace precordia {

namespace {

using deidentify_xml::Keep;
using deidentify_xml::Rule;

constexpr std::string_view kFlags = "True|False";
constexpr std::string_view kMachines = "Unknown|HeartstartMRx|IntelliVue|CMS|PageWriter|PageWriter XL|PageWriter "
                                       "Touch|PageWriter Trim|PageWriter TC|5600C "
                                       "System|M1730 System|M1729 System|M3700 System|Holter|Telemetry|Stress";
constexpr std::string_view kLeadSets =
    "STD-12|STD-12+|STD|MIDA|EASI|FRANK|NEHB|Other|3-WIRE|4-WIRE|5-WIRE|6-WIRE|7-WIRE|8-WIRE|9-WIRE|10-WIRE|11-WIRE|12-"
    "WIRE|"
    "13-WIRE|14-WIRE|15-WIRE|16-WIRE|17-WIRE|18-WIRE|19-WIRE|20-WIRE|21-WIRE|22-WIRE|23-WIRE|24-WIRE";

constexpr Rule kRules[] = {
    {"restingecgdata@lang", Keep::Word, "en"},
    {"restingecgdata/documentinfo"},
    {"documentinfo/documenttype", Keep::Word, "SierraECG|PhilipsECG"},
    {"documentinfo/documentversion", Keep::Version},
    {"restingecgdata/reportinfo"}, // the order of the channels, where nothing else says it
    {"reportinfo/reportformat"},
    {"reportformat/waveformformat"},
    {"waveformformat/mainwaveformformat", Keep::Lead},
    {"mainwaveformformat@nrow", Keep::Number},
    {"mainwaveformformat@ncolumn", Keep::Number},
    {"restingecgdata/dataacquisition"},
    {"dataacquisition@date", Keep::Date},
    {"dataacquisition@time", Keep::Time},
    {"dataacquisition/machine", Keep::Word, kMachines},
    {"dataacquisition/signalcharacteristics"},
    {"signalcharacteristics/samplingrate", Keep::Number},
    {"signalcharacteristics/signalresolution", Keep::Number},
    {"signalcharacteristics/resolution", Keep::Number},
    {"signalcharacteristics/signalbandwidth", Keep::Version},
    {"signalcharacteristics/hipass", Keep::Number},
    {"signalcharacteristics/lowpass", Keep::Number},
    {"signalcharacteristics/acsetting", Keep::Number},
    {"signalcharacteristics/notchfiltered", Keep::Word, kFlags},
    {"signalcharacteristics/notchfilterfreqs", Keep::Number},
    {"signalcharacteristics/acquisitiontype", Keep::Word, kLeadSets},
    {"signalcharacteristics/leadset", Keep::Word, kLeadSets},
    {"signalcharacteristics/bitspersample", Keep::Number},
    {"signalcharacteristics/signaloffset", Keep::Number},
    {"signalcharacteristics/signalsigned", Keep::Word, kFlags},
    {"signalcharacteristics/numberchannelsallocated", Keep::Number},
    {"signalcharacteristics/numberchannelsvalid", Keep::Number},
    {"restingecgdata/patient"},
    {"patient/generalpatientdata"},
    {"generalpatientdata/patientid", Keep::PatientId},
    {"generalpatientdata/pacestatus", Keep::Word, "Paced|Non paced|Paced with magnet|Unknown"},
    {"generalpatientdata/sex", Keep::Word, "Male|Female|Unknown"},
    {"restingecgdata/measurements"},
    {"measurements/globalmeasurements"},
    {"restingecgdata/internalmeasurements"},
    {"internalmeasurements/crossleadmeasurements"},
    {"pacepulses"},
    {"pacepulses/pacepulse"},
    {"pacepulse@starttime", Keep::Number},
    {"pacepulse@duration", Keep::Number},
    {"restingecgdata/interpretations"},
    {"interpretations/interpretation"},
    {"interpretation@date", Keep::Date},
    {"interpretation@time", Keep::Time},
    {"interpretation/interpretationmeasurements"},
    {"interpretation/globalmeasurements"},
    {"interpretation/severity"},
    {"severity@code", Keep::ShortCode},
    {"interpretation/statement"},
    {"statement/statementcode", Keep::ShortCode},
    {"pon", Keep::Number},
    {"qrson", Keep::Number},
    {"qrsoff", Keep::Number},
    {"ton", Keep::Number},
    {"toff", Keep::Number},
    {"numberofcomplexes", Keep::Number},
    {"heartrate", Keep::Number},
    {"atrialrate", Keep::Number},
    {"lowventrate", Keep::Number},
    {"meanventrate", Keep::Number},
    {"highventrate", Keep::Number},
    {"rrint", Keep::Number},
    {"pdur", Keep::Number},
    {"print", Keep::Number},
    {"qonset", Keep::Number},
    {"qrsdur", Keep::Number},
    {"tonset", Keep::Number},
    {"qtint", Keep::Number},
    {"qtcb", Keep::Number},
    {"qtcf", Keep::Number},
    {"meanprint", Keep::Number},
    {"meanprseg", Keep::Number},
    {"meanqrsdur", Keep::Number},
    {"meanqtint", Keep::Number},
    {"meanqtc", Keep::Number},
    {"pfrontaxis", Keep::Number},
    {"qrsfrontaxis", Keep::Number},
    {"tfrontaxis", Keep::Number},
    {"stfrontaxis", Keep::Number},
    {"phorizaxis", Keep::Number},
    {"qrshorizaxis", Keep::Number},
    {"thorizaxis", Keep::Number},
    {"sthorizaxis", Keep::Number},
    {"restingecgdata/waveforms"},
    {"waveforms/parsedwaveforms", Keep::Base64},
    {"waveforms/leadwaveforms"},
    {"leadwaveforms/leadwaveform", Keep::Base64},
    {"leadwaveform@leadname", Keep::Lead},
    {"leadwaveform@starttime", Keep::Number},
    {"waveforms/repbeats"},
    {"repbeats@samplespersec", Keep::Number},
    {"repbeats@repbeatmethod", Keep::Word, "mean|median"},
    {"repbeats/repbeat", Keep::Base64},
    {"repbeat@leadname", Keep::Lead},
    {"repbeat@qonset", Keep::Number},
    {"repbeat@qrsdur", Keep::Number},
    {"repbeat@pdur", Keep::Number},
    {"repbeat@print", Keep::Number},
    {"repbeat@tonset", Keep::Number},
    {"repbeat@qtint", Keep::Number},
    {"repbeat/waveform", Keep::Base64},
    {"@duration", Keep::Number},
    {"@dataencoding", Keep::Word, "Base64|Plain|Hex"},
    {"@compression", Keep::Word, "XLI|None|Uncompressed"},
    {"@compressmethod", Keep::Word, "XLI|None|Uncompressed"},
    {"@compressflag", Keep::Word, kFlags},
    {"@numberofleads", Keep::Number},
    {"@leadlabels", Keep::Lead},
    {"@durationperchannel", Keep::Number},
    {"@samplespersecond", Keep::Number},
    {"@resolution", Keep::Number},
    {"@signaloffset", Keep::Number},
    {"@signalsigned", Keep::Word, kFlags},
    {"@bitspersample", Keep::Number},
    {"@nbitspersample", Keep::Number},
    {"@filterflag", Keep::Word, kFlags},
    {"@hipass", Keep::Number},
    {"@lowpass", Keep::Number},
    {"@notchfiltered", Keep::Word, kFlags},
    {"@notchfilterfreqs", Keep::Number},
};

deidentify_xml::Format format(const Recording& recording) {
    const auto age = recording.metadata.ageYears;
    return {.rootTag = "restingecgdata xmlns=\"http://www3.medical.philips.com\" "
                       "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"",
            .rules = kRules,
            .yearsPerUnit = nullptr,
            // The age at the recording takes the place of birth date and age.
            .before = [age](const xml::Element& element) -> std::string {
                const auto patient = element.parent();
                if (!age || element.name() != "sex" || patient.name() != "generalpatientdata")
                    return {};
                return "<age><years>" + text::shortest(std::floor(groupedAge(*age))) + "</years></age>";
            }};
}

} // namespace

Result<DeidentifyReport> deidentifySierra(const std::filesystem::path& in, const std::filesystem::path& out,
                                          const IdentityMap& identities) {
    return deidentify_xml::deidentify(in, out, identities, format, readSierra);
}

} // namespace precordia
