// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/aecg_annotations.h"

#include "core/io/dicom_codes.h"
#include "core/io/text.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <numbers>
#include <utility>

namespace precordia::aecg {

namespace {

constexpr std::int64_t kMdcEcgPartition = 2LL << 16U; // MDC code = 65536 x partition + term

bool isLeadCode(std::string_view code) {
    return code.find("_ECG_LEAD_") != std::string_view::npos;
}

struct MeasurementCode {
    std::string_view code; // after MDC_ECG_, without _GL (global)
    std::string_view key;
};

// The keys are those of the DICOM reader.
constexpr std::array<MeasurementCode, 13> kMeasurements{{
    {"HEART_RATE", "heart_rate_bpm"},
    {"TIME_PD_RR", "rr_ms"},
    {"TIME_PD_PR", "pr_ms"},
    {"TIME_PD_P", "p_ms"},
    {"TIME_PD_QRS", "qrs_ms"},
    {"TIME_PD_QT", "qt_ms"},
    {"TIME_PD_QTc", "qtc_ms"},
    {"TIME_PD_QTcB", "qtc_bazett_ms"},
    {"TIME_PD_QTcF", "qtc_fridericia_ms"},
    {"ANGLE_P_FRONT", "p_axis_deg"},
    {"ANGLE_QRS_FRONT", "qrs_axis_deg"},
    {"ANGLE_T_FRONT", "t_axis_deg"},
    {"TIME_PD_PQ", "pr_ms"},
}};

std::string_view measurementKey(std::string_view code) {
    constexpr std::string_view kPrefix = "MDC_ECG_";
    if (!code.starts_with(kPrefix))
        return {};
    code.remove_prefix(kPrefix.size());
    if (code.ends_with("_GL"))
        code.remove_suffix(3);
    for (const auto& known : kMeasurements)
        if (code == known.code)
            return known.key;
    return {};
}

std::optional<double> measured(std::string_view key, double value, std::string_view unit) {
    if (key.ends_with("_ms")) {
        const auto seconds = secondsPer(unit);
        return seconds ? std::optional(value * *seconds * 1000) : std::nullopt;
    }
    if (key.ends_with("_deg"))
        return unit == "rad" ? value * 180 / std::numbers::pi : value;
    return unit == "Hz" || unit == "/s" || unit == "1/s" ? value * 60 : value;
}

struct Wave {
    std::string_view symbol; // at the peak
    std::string text;        // which wave it is, for limits: "p", "N", "t", "QRST"
};

// "MDC_ECG_WAVC_PWAVE"; empty for what is a place in a wave (PEAK) or no wave.
std::optional<Wave> waveOf(std::string_view code) {
    constexpr std::string_view kPrefix = "MDC_ECG_WAVC_";
    constexpr std::string_view kSuffix = "WAVE";
    if (!code.starts_with(kPrefix) || !code.ends_with(kSuffix))
        return std::nullopt;
    code = code.substr(kPrefix.size());
    code.remove_suffix(kSuffix.size());
    if (code.ends_with('_'))
        code.remove_suffix(1);
    if (code.starts_with("P") && code.size() <= 2)
        return Wave{"p", "p"};
    if (code == "QRS")
        return Wave{"N", "N"};
    if (code.starts_with("T") && code.size() <= 2)
        return Wave{"t", "t"};
    if (code == "U")
        return Wave{"u", "u"};
    // An R or Q wave is a part of the beat; QRST and PQRST are more than one wave.
    return Wave{code == "R" ? "N" : "", std::string(code)};
}

struct Roi {
    std::optional<double> low, high; // s after the first sample
    std::vector<std::string> leads;  // none: all
    bool single = false;             // low is the only time: a point
};

class Walk {
public:
    Walk(const Clock& clock, bool representative, bool waves, Recording& recording, MeasurementSources& measurements,
         std::vector<std::string>& statements)
        : clock_(clock)
        , representative_(representative)
        , waves_(waves)
        , recording_(recording)
        , measurements_(measurements)
        , statements_(statements) {}

    void set(const xml::Element& set) {
        source_ = set.path("author/assignedEntity/assignedAuthorType/assignedPerson") ? "reader" : "device";
        for (const auto& component : set.children("component"))
            for (const auto& annotation : component.children("annotation"))
                visit(annotation, std::nullopt, false, false);
    }

    void warn() {
        if (outside_ > 0)
            recording_.warnings.push_back({WarningCode::Annotation,
                                           std::to_string(outside_) +
                                               " marks lie outside of the samples, or on a lead that is not there, "
                                               "and are left out",
                                           "annotations"});
    }

private:
    // Recursion ends with the document's depth.
    void visit(const xml::Element& annotation, std::optional<Wave> wave, bool inBeat, bool ofLead) {
        const auto code = annotation.attributeOf("code", "code");
        const auto value = annotation.child("value");
        const auto valueCode = value.attribute("code");
        const auto roi = roiOf(annotation);
        ofLead = ofLead || !roi.leads.empty();
        if (code == "MDC_ECG_BEAT")
            inBeat = true;
        if (code.starts_with("MDC_ECG_WAVC")) {
            if (auto own = waveOf(valueCode))
                wave = std::move(own);
            if (wave && waves_)
                mark(*wave, valueCode, roi);
        } else if (code.starts_with("MDC_ECG_RHY") || code.starts_with("MDC_ECG_INTERPRETATION")) {
            state(value);
        } else if (const auto key = measurementKey(code); !key.empty() && !ofLead) {
            keep(key, value, inBeat);
        }
        for (const auto& component : annotation.children("component"))
            for (const auto& inner : component.children("annotation"))
                visit(inner, wave, inBeat, ofLead);
    }

    void state(const xml::Element& value) {
        auto words = value.allText();
        if (words.empty())
            words = value.attribute("displayName");
        if (words.empty())
            words = value.attribute("code");
        if (!words.empty() && std::find(statements_.begin(), statements_.end(), words) == statements_.end())
            statements_.push_back(std::move(words));
    }

    void keep(std::string_view key, const xml::Element& value, bool inBeat) {
        const auto number = text::number(value.attribute("value"));
        const auto converted = number ? measured(key, *number, value.attribute("unit")) : std::nullopt;
        if (!converted)
            return;
        if (representative_)
            measurements_.representative.emplace(key, *converted);
        else if (inBeat)
            measurements_.beats[std::string(key)].push_back(*converted);
        else
            measurements_.series.emplace(key, *converted);
    }

    std::optional<double> time(std::string_view code, const xml::Element& at) const {
        const auto value = at.attribute("value");
        if (code == "TIME_ABSOLUTE") {
            const auto when = microseconds(value);
            if (!when || !clock_.start)
                return std::nullopt;
            return static_cast<double>(*when - *clock_.start) * 1e-6;
        }
        const auto number = text::number(value);
        const auto unit = secondsPer(at.attribute("unit"));
        return number && unit ? std::optional(*number * *unit - clock_.relativeStart) : std::nullopt;
    }

    Roi roiOf(const xml::Element& annotation) const {
        Roi roi;
        for (const auto& component : annotation.path("support/supportingROI").children("component"))
            for (const auto& boundary : component.children("boundary")) {
                const auto code = boundary.attributeOf("code", "code");
                const auto value = boundary.child("value");
                if (isLeadCode(code) || !leadName(code).empty()) {
                    roi.leads.push_back(leadName(code));
                } else if (code.starts_with("TIME_")) {
                    roi.single = !value.child("low") && !value.child("high");
                    roi.low = time(code, roi.single ? value : value.child("low"));
                    roi.high = roi.single ? std::nullopt : time(code, value.child("high"));
                }
            }
        return roi;
    }

    void mark(const Wave& wave, std::string_view place, const Roi& roi) {
        if (roi.single && roi.low) {
            if (place.ends_with("ONSET") || place.ends_with("BEGIN"))
                put(*roi.low, "(", wave.text, roi);
            else if (place.ends_with("OFFSET") || place.ends_with("END"))
                put(*roi.low, ")", wave.text, roi);
            else
                put(*roi.low, wave.symbol.empty() ? "\"" : wave.symbol, wave.text, roi); // '"': a remark
            return;
        }
        if (roi.low)
            put(*roi.low, "(", wave.text, roi);
        if (roi.high)
            put(*roi.high, ")", wave.text, roi);
    }

    void put(double seconds, std::string_view symbol, const std::string& words, const Roi& roi) {
        const double at = std::round(seconds * recording_.samplingRate);
        if (!(at >= 0 && at < static_cast<double>(recording_.samplesPromised))) {
            ++outside_;
            return;
        }
        const SampleIndex sample{static_cast<decltype(SampleIndex::value)>(at)};
        const auto add = [&](LeadIndex lead) {
            recording_.annotations.push_back({sample, lead, std::string(symbol), words, source_});
        };
        if (roi.leads.empty())
            add(LeadIndex{});
        for (const auto& name : roi.leads)
            if (const auto lead = recording_.find(name); lead.valid())
                add(lead);
            else
                ++outside_;
    }

    const Clock& clock_;
    bool representative_;
    bool waves_;
    Recording& recording_;
    MeasurementSources& measurements_;
    std::vector<std::string>& statements_;
    std::string source_;
    std::size_t outside_ = 0;
};

} // namespace

std::optional<std::int64_t> microseconds(std::string_view timestamp) {
    using namespace std::chrono;
    const auto part = [&](std::size_t at, std::size_t count) -> std::int64_t {
        const auto digits = timestamp.substr(std::min(at, timestamp.size()), count);
        const bool whole = digits.size() == count &&
                           std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
        return whole ? text::integer(digits).value_or(-1) : -1;
    };
    const year_month_day day{year(static_cast<int>(part(0, 4))), month(static_cast<unsigned>(part(4, 2))),
                             std::chrono::day(static_cast<unsigned>(part(6, 2)))};
    if (part(0, 4) < 1 || !day.ok())
        return std::nullopt;
    std::int64_t seconds = std::int64_t{sys_days(day).time_since_epoch().count()} * 86400;
    constexpr std::int64_t kUnit[] = {3600, 60, 1};
    std::size_t at = 8;
    for (const auto unit : kUnit)
        if (const auto value = part(at, 2); value >= 0) {
            seconds += value * unit;
            at += 2;
        } else {
            break;
        }
    std::int64_t micro = 0;
    auto rest = timestamp.substr(at);
    if (rest.starts_with('.')) {
        rest.remove_prefix(1);
        for (std::int64_t unit = 100'000; !rest.empty() && rest.front() >= '0' && rest.front() <= '9'; unit /= 10) {
            micro += unit * (rest.front() - '0');
            rest.remove_prefix(1);
        }
    }
    if (rest.size() == 5 && (rest.front() == '+' || rest.front() == '-')) { // zone
        at = timestamp.size() - 4;
        const auto zone = part(at, 2) * 3600 + part(at + 2, 2) * 60;
        seconds -= rest.front() == '+' ? zone : -zone;
    }
    return seconds * 1'000'000 + micro;
}

std::string leadName(std::string_view code) {
    const auto at = code.find("_ECG_LEAD_");
    if (at != std::string_view::npos)
        return standardLeadName(code.substr(at + std::string_view("_ECG_LEAD_").size()));
    if (const auto number = text::integer(code);
        number && *number > kMdcEcgPartition && *number < kMdcEcgPartition + 256)
        return dicom::leadName({"2:" + std::to_string(*number - kMdcEcgPartition), "MDC", {}});
    return {};
}

std::optional<double> secondsPer(std::string_view unit) {
    if (unit == "s" || unit == "sec")
        return 1;
    if (unit == "ms" || unit == "msec")
        return 1e-3;
    if (unit == "us" || unit == "\xC2\xB5s" || unit == "\xCE\xBCs")
        return 1e-6;
    if (unit == "min")
        return 60;
    return std::nullopt;
}

Measurements MeasurementSources::chosen() const {
    auto out = series;
    out.insert(representative.begin(), representative.end());
    for (const auto& [key, all] : beats) {
        auto values = all;
        const auto middle = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) / 2);
        std::nth_element(values.begin(), middle, values.end());
        out.emplace(key, *middle);
    }
    return out;
}

void readAnnotations(const xml::Element& series, const Clock& clock, bool representative, bool waves,
                     Recording& recording, MeasurementSources& measurements, std::vector<std::string>& statements) {
    Walk walk(clock, representative, waves, recording, measurements, statements);
    for (const auto& subject : series.children("subjectOf"))
        for (const auto& set : subject.children("annotationSet"))
            walk.set(set);
    walk.warn();
}

} // namespace precordia::aecg
