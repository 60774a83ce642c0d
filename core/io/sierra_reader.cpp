// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/sierra_reader.h"

#include "core/io/header_comments.h"
#include "core/io/sierra_leads.h"
#include "core/io/sierra_waveform.h"
#include "core/io/signal_checks.h"
#include "core/io/text.h"
#include "core/io/timestamp.h"
#include "core/io/xml_document.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

namespace precordia {

namespace {

constexpr std::string_view kRoot = "restingecgdata";

std::string joinedWords(std::string a, const std::string& b) {
    if (!a.empty() && !b.empty())
        a += ' ';
    return a + b;
}

class File {
public:
    File(const xml::Element& root, const std::string& where, const ReadOptions& options)
        : root_(root)
        , where_(where)
        , options_(options) {}

    Result<Recording> read() {
        if (auto done = kind(); !done)
            return done.as<Recording>();
        auto recording = sierra::readRhythm(root_, where_, options_);
        if (!recording)
            return recording;
        recording->metadata.format = "sierra-xml";
        if (auto done = beats(*recording); !done)
            return done.as<Recording>();
        patient(recording->metadata);
        acquisition(recording->metadata);
        filters(recording->metadata.filters);
        measurements(recording->fileMeasurements);
        statements(recording->metadata);
        if (options_.annotations)
            marks(*recording);
        if (!options_.metadataOnly) {
            warnImplausibleUnits(*recording);
            sierra::warnCalibrationPulse(*recording);
        }
        return recording;
    }

private:
    Result<Done> kind() const {
        const auto info = root_.child("documentinfo");
        const auto type = info.textOf("documenttype");
        const auto version = info.textOf("documentversion");
        if (type != "SierraECG" && type != "PhilipsECG")
            return makeError(ErrorCode::FormatUnsupported,
                             "a document of type '" + type + "'; SierraECG and PhilipsECG are read",
                             where_ + ", documenttype");
        if (!version.starts_with("1.03") && !version.starts_with("1.04"))
            return makeError(ErrorCode::FormatUnsupported, "version '" + version + "'; 1.03 and 1.04 are read",
                             where_ + ", documentversion");
        return Done{};
    }

    Result<Done> beats(Recording& recording) const {
        const auto element = root_.path("waveforms/repbeats");
        if (!element.child("repbeat"))
            return Done{};
        const double step = recording.leads.empty() ? 5 : recording.leads.front().quantum;
        auto beats = sierra::readBeats(element, recording.samplingRate, step, where_, options_);
        if (beats.cancelled())
            return Cancelled{};
        if (beats.failed()) {
            recording.warnings.push_back({WarningCode::SkippedGroup, beats.error().message, "repbeats"});
            return Done{};
        }
        recording.warnings.push_back(
            {WarningCode::SkippedGroup,
             "kept apart from the rhythm: " + std::to_string(beats->leads.size()) + " leads of " +
                 text::shortest(std::round(static_cast<double>(beats->samplesPromised) * 1000 / beats->samplingRate) /
                                1000) +
                 " s",
             "repbeats"});
        recording.medianBeats.push_back(std::move(*beats));
        return Done{};
    }

    void patient(Metadata& metadata) const {
        const auto general = root_.path("patient/generalpatientdata");
        metadata.patientId = general.textOf("patientid");
        if (metadata.patientId.empty())
            metadata.patientId = general.textOf("MRN");
        const auto name = general.child("name");
        metadata.identity.patientName =
            joinedWords(joinedWords(name.textOf("firstname"), name.textOf("middlename")), name.textOf("lastname"));
        metadata.sex = parseSex(general.textOf("sex"));
        const auto age = general.child("age");
        metadata.identity.birthDate = timestamp::fromDateAndTime(age.textOf("dateofbirth"), {});
        for (const auto* unit : {"years", "months", "weeks", "days"})
            if (const auto value = age.textOf(unit); !value.empty() && !metadata.ageYears)
                metadata.ageYears = parseAgeYears(value + " " + unit);
        if (!metadata.ageYears && (age.child("hours") || age.child("minutes")))
            metadata.ageYears = 0;
        if (!metadata.ageYears)
            metadata.ageYears =
                timestamp::yearsBetween(metadata.identity.birthDate, root_.attributeOf("dataacquisition", "date"));
    }

    void acquisition(Metadata& metadata) const {
        const auto acquisition = root_.child("dataacquisition");
        metadata.recordedAt = timestamp::fromDateAndTime(acquisition.attribute("date"), acquisition.attribute("time"));
        const auto machine = acquisition.textOf("machine");
        metadata.device = machine.empty() ? "" : "Philips " + machine;
        const auto acquirer = acquisition.child("acquirer");
        auto& identity = metadata.identity;
        const auto first = [&](std::initializer_list<const char*> names) {
            for (const auto* name : names)
                if (auto words = acquirer.textOf(name); !words.empty())
                    return words;
            return std::string();
        };
        identity.institution = first({"institutionname", "facilityname", "departmentname"});
        identity.operatorName = first({"operator", "operatorid"});
        if (identity.operatorName.empty())
            identity.operatorName = acquirer.attributeOf("operator", "id");
        identity.physician =
            first({"orderingclinician", "orderingclinicianname", "attendingclinician", "reviewingclinician"});
    }

    // What the waveform says of itself, else what the acquisition does. The report's settings are for its printing.
    void filters(RecorderFilters& filters) const {
        const auto waveform = root_.path("waveforms/parsedwaveforms");
        const auto acquisition = root_.path("dataacquisition/signalcharacteristics");
        const auto positive = [](const std::string& words) {
            const auto value = text::number(words);
            return value && *value > 0 ? value : std::nullopt;
        };
        const auto either = [&](const char* name) {
            const auto own = positive(waveform.attribute(name));
            return own ? own : positive(acquisition.textOf(name));
        };
        filters.highPassHz = either("hipass");
        filters.lowPassHz = either("lowpass");
        const auto band = acquisition.textOf("signalbandwidth"); // 1.03: "0.05-150"
        if (const auto dash = band.find('-'); dash != std::string::npos) {
            if (!filters.highPassHz)
                filters.highPassHz = positive(band.substr(0, dash));
            if (!filters.lowPassHz)
                filters.lowPassHz = positive(band.substr(dash + 1));
        }
        const bool own = !waveform.attribute("notchfiltered").empty();
        const auto notched = own ? waveform.attribute("notchfiltered") : acquisition.textOf("notchfiltered");
        const auto at = own ? waveform.attribute("notchfilterfreqs") : acquisition.textOf("notchfilterfreqs");
        const auto words = text::words(at);
        if (text::lower(notched) == "true" && !words.empty())
            filters.notchHz = positive(std::string(words.front()));
    }

    // The interpretation's values win over those of the algorithm (schema 1.04).
    void measurements(Measurements& measurements) const {
        static constexpr std::array<std::pair<const char*, const char*>, 17> kMeasurements{{
            {"heartrate", "heart_rate_bpm"},
            {"meanventrate", "heart_rate_bpm"},
            {"rrint", "rr_ms"},
            {"meanrrint", "rr_ms"},
            {"pdur", "p_ms"},
            {"print", "pr_ms"},
            {"meanprint", "pr_ms"},
            {"qrsdur", "qrs_ms"},
            {"meanqrsdur", "qrs_ms"},
            {"qtint", "qt_ms"},
            {"meanqtint", "qt_ms"},
            {"qtcb", "qtc_bazett_ms"},
            {"qtcf", "qtc_fridericia_ms"},
            {"meanqtc", "qtc_ms"},
            {"pfrontaxis", "p_axis_deg"},
            {"qrsfrontaxis", "qrs_axis_deg"},
            {"tfrontaxis", "t_axis_deg"},
        }};
        const auto interpretation = root_.path("interpretations/interpretation");
        const xml::Element places[] = {
            interpretation.child("globalmeasurements"), interpretation.child("interpretationmeasurements"),
            root_.path("internalmeasurements/crossleadmeasurements"), root_.path("measurements/globalmeasurements")};
        for (const auto& place : places)
            for (const auto& [name, key] : kMeasurements) {
                const auto value = text::number(place.textOf(name)); // or "Failed", "Indeterminate"
                const bool axis = std::string_view(key).ends_with("_deg");
                if (value && (axis ? std::abs(*value) <= 360 : *value > 0))
                    measurements.emplace(key, *value);
            }
    }

    void statements(Metadata& metadata) const {
        for (const auto& interpretation : root_.child("interpretations").children("interpretation")) {
            for (const auto& statement : interpretation.children("statement"))
                add(metadata.diagnosisTexts, statement.textOf("leftstatement").empty()
                                                 ? statement.textOf("statementcode")
                                                 : statement.textOf("leftstatement"));
            auto severity = interpretation.textOf("severity"); // "- ABNORMAL ECG -"
            while (!severity.empty() && (severity.back() == '-' || severity.back() == ' '))
                severity.pop_back();
            severity.erase(0, std::min(severity.find_first_not_of("- "), severity.size()));
            add(metadata.diagnosisTexts, severity);
            add(metadata.comments, interpretation.textOf("mdsignatureline"));
        }
    }
    static void add(std::vector<std::string>& texts, const std::string& words) {
        if (!words.empty() && std::find(texts.begin(), texts.end(), words) == texts.end())
            texts.push_back(words);
    }

    // Times in ms: pacemaker pulses, and the limits that 1.03 gives of one beat of the rhythm.
    void marks(Recording& recording) const {
        std::size_t outside = 0;
        const auto length = recording.samples() > 0 ? static_cast<std::int64_t>(recording.samples())
                                                    : recording.samplesPromised; // only the metadata were read
        const auto put = [&](std::optional<double> ms, const char* symbol, const char* words) {
            if (!ms || *ms <= 0)
                return;
            const double at = std::round(*ms * recording.samplingRate / 1000);
            if (at < static_cast<double>(length))
                recording.annotations.push_back(
                    {SampleIndex{static_cast<std::int64_t>(at)}, LeadIndex{}, symbol, words, "philips"});
            else
                ++outside;
        };
        const auto old = root_.path("measurements/globalmeasurements");
        for (const auto& measured : {old, root_.path("internalmeasurements/crossleadmeasurements")})
            for (const auto& pulse : measured.child("pacepulses").children("pacepulse"))
                put(text::number(pulse.attribute("starttime")), "^", "");
        put(text::number(old.textOf("pon")), "(", "p");
        put(text::number(old.textOf("qrson")), "(", "N");
        put(text::number(old.textOf("qrsoff")), ")", "N");
        put(text::number(old.textOf("ton")), "(", "t");
        put(text::number(old.textOf("toff")), ")", "t");
        if (outside > 0)
            recording.warnings.push_back({WarningCode::Annotation,
                                          std::to_string(outside) + " marks lie outside of the samples",
                                          "annotations"});
    }

    const xml::Element& root_;
    const std::string& where_;
    const ReadOptions& options_;
};

} // namespace

std::string_view SierraReader::root() const {
    return kRoot;
}

Result<Recording> SierraReader::parse(std::span<const std::byte> bytes, const std::string& where,
                                      const ReadOptions& options) const {
    return readSierra(bytes, where, options);
}

Result<Recording> readSierra(std::span<const std::byte> bytes, const std::string& where, const ReadOptions& options) {
    const auto document = parseRooted(bytes, where, kRoot);
    if (!document)
        return document.as<Recording>();
    return File(document->root(), where, options).read();
}

} // namespace precordia
