// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/dicom_codes.h"

#include "core/ecg/recording.h"
#include "core/io/text.h"
#include "core/io/units.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <utility>

namespace precordia::dicom {

namespace {

constexpr std::string_view kScpLead = "5.6.3-9-";
constexpr std::string_view kMdcEcg = "2:";
constexpr std::string_view kOwnMark = "MIT";
constexpr int kFirstDerived = 31;
constexpr int kLastDerived = 38;
constexpr int kFirstDerivedLimb = 111;
constexpr int kLastDerivedLimb = 114;

struct LeadNumber {
    int number;
    std::string_view name;
    std::string_view meaning; // "": "Lead " and the name
};

// Lead numbers of SCP-ECG (EN 1064, 5.6), which MDC and CID 3001 share. Of leads of one name the first is written.
constexpr std::array<LeadNumber, 63> kLeads{{
    {1, "I", ""},
    {2, "II", ""},
    {3, "V1", ""},
    {4, "V2", ""},
    {5, "V3", ""},
    {6, "V4", ""},
    {7, "V5", ""},
    {8, "V6", ""},
    {9, "V7", ""},
    {10, "V2R", ""},
    {11, "V3R", ""},
    {12, "V4R", ""},
    {13, "V5R", ""},
    {14, "V6R", ""},
    {15, "V7R", ""},
    {16, "X", ""},
    {17, "Y", ""},
    {18, "Z", ""},
    {20, "CM5", "Chest-manubrium lead per V5 placement"},
    {21, "LA", "Left Arm Lead"},
    {22, "RA", "Right Arm Lead"},
    {23, "LL", "Left Leg Lead"},
    {24, "Frank I", "Frank Lead I"},
    {25, "Frank E", "Frank Lead E"},
    {26, "Frank C", "Frank Lead C"},
    {27, "Frank A", "Frank Lead A"},
    {28, "Frank M", "Frank Lead M"},
    {29, "Frank F", "Frank Lead F"},
    {30, "Frank H", "Frank Lead H"},
    {61, "III", ""},
    {62, "aVR", "aVR, augmented voltage, right"},
    {63, "aVL", "aVL, augmented voltage, left"},
    {64, "aVF", "aVF, augmented voltage, foot"},
    {65, "-aVR", "-aVR"},
    {66, "V8", ""},
    {67, "V9", ""},
    {68, "V8R", ""},
    {69, "V9R", ""},
    {70, "Nehb D", "Lead D (Nehb - Dorsal)"},
    {71, "Nehb A", "Lead A (Nehb - Anterior)"},
    {72, "Nehb J", "Lead J (Nehb - Inferior)"},
    {92, "MCL1", "Modified chest lead per V1 placement"},
    {97, "MCL6", "Modified chest lead per V6 placement"},
    {106, "CM1", "Chest-manubrium lead per V1 placement"},
    {107, "CM2", "Chest-manubrium lead per V2 placement"},
    {108, "CM3", "Chest-manubrium lead per V3 placement"},
    {109, "CM4", "Chest-manubrium lead per V4 placement"},
    {131, "ES", "EASI Lead ES"},
    {132, "AS", "EASI Lead AS"},
    {133, "AI", "EASI Lead AI"},
    {147, "RL", "Right Leg Lead"},
    {31, "I", "Derived Lead I"},
    {32, "II", "Derived Lead II"},
    {33, "V1", "Derived Lead V1"},
    {34, "V2", "Derived Lead V2"},
    {35, "V3", "Derived Lead V3"},
    {36, "V4", "Derived Lead V4"},
    {37, "V5", "Derived Lead V5"},
    {38, "V6", "Derived Lead V6"},
    {111, "III", "Derived Lead III"},
    {112, "aVR", "Derived Lead aVR"},
    {113, "aVL", "Derived Lead aVL"},
    {114, "aVF", "Derived Lead aVF"},
}};

std::optional<std::int64_t> leadNumber(const Code& source) {
    std::string_view number = source.value;
    if (source.scheme == "SCPECG" && number.starts_with(kScpLead))
        number.remove_prefix(kScpLead.size());
    else if (source.scheme == "MDC" && number.starts_with(kMdcEcg))
        number.remove_prefix(kMdcEcg.size());
    else if (source.scheme == "MDC") { // partition 2 and term in one number, as ISO 11073-10101 also writes it
        const auto whole = text::integer(number);
        return whole && *whole >= 131072 && *whole < 196608 ? std::optional(*whole - 131072) : std::nullopt;
    } else
        return std::nullopt;
    return text::integer(text::trim(number));
}

const LeadNumber* leadOf(const Code& source) {
    const auto number = leadNumber(source);
    if (!number)
        return nullptr;
    const auto it =
        std::find_if(kLeads.begin(), kLeads.end(), [&](const LeadNumber& l) { return l.number == *number; });
    return it == kLeads.end() ? nullptr : &*it;
}

struct MeasurementRow {
    std::string_view key;
    std::string_view scheme;
    std::string_view value; // "": none in CID 3227 to 3229
    std::string_view scp;
    std::string_view meaning;
    std::string_view unit;
};

// Of rows of one key the first is written.
constexpr std::array<MeasurementRow, 24> kMeasurements{{
    {"pr_ms", "MDC", "2:15872", "5.13.5-7", "PR interval global", "ms"},
    {"pr_ms", "MDC", "2:7168", "", "PR interval per lead", "ms"},
    {"pr_ms", "", "", "", "PR interval", "ms"},
    {"p_ms", "MDC", "2:16184", "", "P duration global", "ms"},
    {"p_ms", "", "", "", "P duration", "ms"},
    {"qrs_ms", "MDC", "2:16156", "5.13.5-9", "QRS duration global", "ms"},
    {"qrs_ms", "", "", "", "QRS duration", "ms"},
    {"qt_ms", "MDC", "2:16160", "5.13.5-11", "QT interval global", "ms"},
    {"qt_ms", "", "", "", "QT interval", "ms"},
    {"qtc_ms", "MDC", "2:15876", "5.10.2.5-5", "QTc interval global", "ms"},
    {"qtc_ms", "", "", "", "QTc interval", "ms"},
    {"qtc_bazett_ms", "MDC", "2:15880", "", "QTc global using Bazett formula", "ms"},
    {"qtc_fridericia_ms", "MDC", "2:15892", "", "QTc global using Fredericia formula", "ms"},
    {"rr_ms", "MDC", "2:16168", "", "RR interval global", "ms"},
    {"rr_ms", "MDC", "2:16000", "", "RR interval", "ms"},
    {"pp_ms", "MDC", "2:16140", "", "PP interval global", "ms"},
    {"heart_rate_bpm", "LN", "8867-4", "", "Heart rate", "/min"},
    {"heart_rate_bpm", "MDC", "2:16770", "", "Heart rate global", "/min"},
    {"heart_rate_bpm", "", "", "", "Ventricular rate", "/min"},
    {"heart_rate_bpm", "", "", "", "Ventricular heart rate", "/min"},
    {"p_axis_deg", "MDC", "2:16128", "5.10.3-11", "P axis", "deg"},
    {"qrs_axis_deg", "MDC", "2:16132", "5.10.3-13", "QRS axis", "deg"},
    {"t_axis_deg", "MDC", "2:16136", "5.10.3-15", "T axis", "deg"},
    {"atrial_rate_bpm", "", "", "", "Atrial rate", "/min"},
}};

// A measurement that has no code: its key is the meaning of a code of our own.
constexpr std::string_view kOwnMeasurement = "MEASUREMENT";

Code unitOf(std::string_view key) {
    static constexpr std::array<std::array<std::string_view, 3>, 5> kUnits{{{"_ms", "ms", "millisecond"},
                                                                            {"_bpm", "/min", "per minute"},
                                                                            {"_deg", "deg", "degree"},
                                                                            {"_uv", "uV", "microvolt"},
                                                                            {"_mv", "mV", "millivolt"}}};
    for (const auto& [ending, unit, meaning] : kUnits)
        if (key.ends_with(ending))
            return {std::string(unit), "UCUM", std::string(meaning)};
    return {"1", "UCUM", "no units"};
}

struct MarkRow {
    std::string_view scheme;
    std::string_view value;
    std::string_view symbol; // "": its text is all there is
    std::string_view text;
};

// Of rows of one symbol the first is written. "" as symbol: read, not written.
constexpr std::array<MarkRow, 54> kMarks{{
    {"SCPECG", "5.10.3-1", "(", "P onset"},
    {"SCPECG", "5.10.3-2", ")", "P offset"},
    {"SCPECG", "5.10.3-3", "(", "QRS onset"},
    {"SCPECG", "5.10.3-4", ")", "QRS offset"},
    {"SCPECG", "5.10.3-5", ")", "T offset"},
    {"MDC", "10:256", "p", "P wave"},
    {"MDC", "10:1024", "t", "T wave"},
    {"MDC", "10:1152", "u", "U wave"},
    {"MDC", "10:8208", "N", "Normal beat (sinus beat, normal conduction)"},
    {"MDC", "10:576", "N", "R wave"},
    {"MDC", "10:1600", "N", "Entire QRS (excluding P, T and U)"},
    {"MDC", "10:1472", "N", "Entire Beat (Pon to Toff, excluding U)"},
    {"MDC", "10:1536", "N", "Entire Beat (Qon to Toff, excluding P and U)"},
    {"MDC", "10:8240", "N", "Dominant beat"},
    {"MDC", "10:8464", "L", "Left bundle branch block beat"},
    {"MDC", "10:8480", "L", "Incomplete left bundle branch block beat"},
    {"MDC", "10:8496", "R", "Right bundle branch block beat"},
    {"MDC", "10:8512", "R", "Incomplete right bundle branch block beat"},
    {"MDC", "10:8592", "B", "bilateral bundle-branch block beat"},
    {"MDC", "10:8272", "A", "Atrial premature contraction (beat)"},
    {"MDC", "10:8304", "a", "Aberrated atrial premature beat (Ashman beat)"},
    {"MDC", "10:8288", "J", "Junctional (nodal) premature contraction"},
    {"MDC", "10:8256", "S", "Supraventricular premature contraction"},
    {"MDC", "10:8336", "V", "Ventricular premature contraction beat"},
    {"MDC", "10:8368", "r", "R-on-T premature ventricular beat"},
    {"MDC", "10:8352", "F", "Fusion of ventricular and normal beat"},
    {"MDC", "10:8400", "e", "Atrial escape beat"},
    {"MDC", "10:8416", "j", "Junctional (nodal) escape beat"},
    {"MDC", "10:8384", "n", "Supraventricular escape beat"},
    {"MDC", "10:8432", "E", "Ventricular escape beat"},
    {"MDC", "10:8720", "f", "Pacemaker Fusion beat"},
    {"MDC", "10:8736", "Q", "Unclassifiable beat"},
    {"MDC", "10:8224", "Q", "Abnormal beat"},
    {"MDC", "10:8752", "?", "Pacemaker Learning beat"},
    {"MDC", "10:8320", "x", "Non-conducted p-wave (blocked)"},
    {"MDC", "10:1728", "!", "Ventricular flutter wave"},
    {"MDC", "10:2176", "|", "Isolated QRS-like artifact"},
    {"MDC", "10:2048", "'", "J-point"},
    {"MDC", "10:2304", "s", "ST change"},
    {"MDC", "10:2368", "T", "T-wave change"},
    {"MDC", "10:11200", "~", "No noise"},
    {"MDC", "10:11216", "~", "Moderate Noise, beats can be detected but cannot be classified"},
    {"MDC", "10:11232", "~", "Severe Noise, beats cannot be detected or classified"},
    {"MDC", "10:11248", "~", "No ECG signal is available"},
    {"MDC", "10:448", "", "Q wave"},
    {"MDC", "10:832", "", "S wave"},
    {"MDC", "10:1216", "", "Delta wave"},
    {"MDC", "10:1984", "", "ST Segment"},
    {"MDC", "10:1920", "", "PR Segment"},
    {"MDC", "10:2112", "", "ST measurement point"},
    {"MDC", "10:2240", "", "Calibration pulse (individual pulse)"},
    {"MDC", "10:4096", "", "Antibradycardia pace spike"},
    {"MDC", "10:4352", "", "atrium Antibradycardia pace spike"},
    {"MDC", "10:5120", "", "ventricular Antibradycardia pace spike"},
}};

std::string str(std::string_view view) {
    return std::string(view);
}

} // namespace

std::string leadName(const Code& source) {
    if (const auto* lead = leadOf(source))
        return str(lead->name);
    const auto& standard = standardLeads();
    for (const auto& words : {source.meaning, source.value}) {
        auto name = standardLeadName(words);
        if (std::find(standard.begin(), standard.end(), name) != standard.end())
            return name;
    }
    return standardLeadName(source.meaning.empty() ? source.value : source.meaning);
}

bool isDerivedLead(const Code& source) {
    const auto* lead = leadOf(source);
    return lead != nullptr && ((lead->number >= kFirstDerived && lead->number <= kLastDerived) ||
                               (lead->number >= kFirstDerivedLimb && lead->number <= kLastDerivedLimb));
}

Code leadCode(std::string_view name) {
    for (const auto& lead : kLeads)
        if (lead.name == name)
            return {"2:" + std::to_string(lead.number), "MDC",
                    lead.meaning.empty() ? "Lead " + str(name) : str(lead.meaning)};
    return {"2:0", "MDC", "Unspecified lead"};
}

std::optional<MeasurementKey> measurementKey(const Code& concept_, std::string_view unit) {
    if (concept_.scheme == kOwnScheme && concept_.value == kOwnMeasurement && !concept_.meaning.empty())
        return MeasurementKey{concept_.meaning, 1};
    const auto meaning = text::lower(text::trim(concept_.meaning));
    const auto value = text::trim(concept_.value);
    const auto known = [&](const MeasurementRow& row) {
        return !value.empty() && ((concept_.scheme == row.scheme && value == row.value) ||
                                  (concept_.scheme == "SCPECG" && value == row.scp));
    };
    auto row = std::find_if(kMeasurements.begin(), kMeasurements.end(), known);
    if (row == kMeasurements.end())
        row = std::find_if(kMeasurements.begin(), kMeasurements.end(),
                           [&](const MeasurementRow& r) { return meaning == text::lower(r.meaning); });
    if (row == kMeasurements.end())
        return std::nullopt;
    double factor = 1;
    if (row->unit == "ms")
        factor = unit == "s" ? 1000 : unit == "us" ? 0.001 : 1;
    else if (row->unit == "/min")
        factor = unit == "Hz" || unit == "/s" ? 60 : 1;
    else if (row->unit == "deg")
        factor = unit == "rad" ? 57.29577951308232 : 1;
    return MeasurementKey{str(row->key), factor};
}

MeasurementCode measurementCode(std::string_view key) {
    const auto row = std::find_if(kMeasurements.begin(), kMeasurements.end(),
                                  [&](const MeasurementRow& r) { return r.key == key && !r.value.empty(); });
    if (row == kMeasurements.end())
        return {{str(kOwnMeasurement), str(kOwnScheme), str(key)}, unitOf(key)};
    return {{str(row->value), str(row->scheme), str(row->meaning)}, unitOf(key)};
}

std::optional<Mark> markOf(const Code& concept_) {
    if (concept_.scheme == kOwnScheme && concept_.value.starts_with(kOwnMark)) {
        Mark mark;
        auto words = std::string_view(concept_.meaning);
        if (!words.starts_with("MIT "))
            return std::nullopt;
        words.remove_prefix(4);
        const auto blank = words.find(' ');
        mark.symbol = words.substr(0, blank);
        mark.text = blank == std::string_view::npos ? std::string_view{} : words.substr(blank + 1);
        return mark;
    }
    for (const auto& row : kMarks)
        if (concept_.scheme == row.scheme && text::trim(concept_.value) == row.value)
            return Mark{str(row.symbol), str(row.text)};
    return std::nullopt;
}

Code markCode(std::string_view symbol, std::string_view words) {
    const bool edge = symbol == "(" || symbol == ")";
    for (const auto& row : kMarks)
        if (row.symbol == symbol && (words == row.text || (words.empty() && !edge)))
            return {str(row.value), str(row.scheme), str(row.text)};
    return {str(kOwnMark), str(kOwnScheme), "MIT " + str(symbol) + (words.empty() ? "" : " ") + str(words)};
}

std::string ucumUnit(const Code& unit) {
    if (microvoltsPer(unit.value))
        return unit.value;
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kMdc{{
        {"MDC_DIM_MICRO_VOLT", "uV"},
        {"MDC_DIM_MILLI_VOLT", "mV"},
        {"MDC_DIM_NANO_VOLT", "nV"},
        {"MDC_DIM_VOLT", "V"},
        {"4275", "uV"},
        {"4274", "mV"},
        {"4276", "nV"},
        {"4256", "V"},
    }};
    for (const auto& [code, name] : kMdc)
        if (unit.value == code && unit.scheme == "MDC")
            return str(name);
    if (microvoltsPer(unit.meaning) && !isOtherUnit(unit.value))
        return unit.meaning;
    return unit.value;
}

bool isOtherUnit(std::string_view ucum) {
    static constexpr std::array<std::string_view, 18> kUnits{"mm[Hg]", "kPa",        "Pa",    "cm[H2O]", "%",  "Cel",
                                                             "/min",   "{H.B.}/min", "L/min", "mL",      "mA", "A",
                                                             "Ohm",    "ohm",        "deg",   "s",       "ms", "m/s2"};
    return std::find(kUnits.begin(), kUnits.end(), ucum) != kUnits.end();
}

bool validUid(std::string_view uid) {
    if (uid.empty() || uid.size() > 64)
        return false;
    for (const auto component : text::split(uid, '.')) {
        const bool digits =
            std::all_of(component.begin(), component.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
        if (component.empty() || !digits || (component.size() > 1 && component.front() == '0'))
            return false;
    }
    return true;
}

} // namespace precordia::dicom
