// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/muse_reader.h"

#include "core/io/header_comments.h"
#include "core/io/muse_waveform.h"
#include "core/io/signal_checks.h"
#include "core/io/text.h"
#include "core/io/timestamp.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

namespace precordia {

namespace {

constexpr std::string_view kRoot = "RestingECG";
constexpr std::size_t kMostWaveforms = 64;

std::string padded(std::int64_t value, std::size_t width) {
    auto digits = std::to_string(value);
    return digits.size() < width ? std::string(width - digits.size(), '0') + digits : digits;
}

bool isMedian(const Recording& waveform) {
    return text::lower(waveform.name).find("median") != std::string::npos;
}

class File {
public:
    File(const xml::Element& root, const std::string& where, const ReadOptions& options)
        : root_(root)
        , where_(where)
        , options_(options) {}

    Result<Recording> read() {
        auto recording = waveforms();
        if (!recording)
            return recording;
        recording->metadata.format = "muse-xml";
        patient(recording->metadata);
        test(recording->metadata);
        measurements(*recording);
        statements(recording->metadata);
        if (options_.annotations) {
            beats(*recording);
            for (auto& median : recording->medianBeats)
                limits(median);
        }
        if (!options_.metadataOnly)
            warnImplausibleUnits(*recording);
        return recording;
    }

private:
    Result<Recording> waveforms() {
        std::vector<Recording> read;
        std::vector<xml::Element> elements;
        std::vector<Warning> skipped;
        std::optional<Error> first;
        for (const auto& element : root_.children("Waveform")) {
            if (read.size() + skipped.size() == kMostWaveforms)
                break;
            const auto type = element.textOf("WaveformType");
            const auto label = type.empty() ? std::string("waveform") : "waveform " + type;
            auto waveform = muse::readWaveform(element, where_ + ", " + label, options_);
            if (waveform.cancelled())
                return Cancelled{};
            if (waveform.ok()) {
                read.push_back(std::move(*waveform));
                elements.push_back(element);
                continue;
            }
            skipped.push_back({WarningCode::SkippedGroup, waveform.error().message, label});
            if (!first)
                first = waveform.error();
        }
        if (read.empty())
            return first ? *first : makeError(ErrorCode::FormatInvalid, "a resting ECG without waveforms", where_);
        const auto main = rhythm(read);
        auto recording = std::move(read[main]);
        rhythm_ = elements[main];
        for (std::size_t w = 0; w < read.size(); ++w)
            if (w != main)
                keepApart(std::move(read[w]), recording);
        for (auto& warning : skipped)
            recording.warnings.push_back(std::move(warning));
        return recording;
    }

    static std::size_t rhythm(const std::vector<Recording>& waveforms) {
        const auto rank = [](const Recording& w) {
            return std::tuple(text::lower(w.name).find("rhythm") != std::string::npos, !isMedian(w),
                              static_cast<double>(w.samplesPromised) / w.samplingRate);
        };
        const auto best = std::max_element(waveforms.begin(), waveforms.end(),
                                           [&](const Recording& a, const Recording& b) { return rank(a) < rank(b); });
        return static_cast<std::size_t>(best - waveforms.begin());
    }

    static void keepApart(Recording other, Recording& recording) {
        const double seconds = static_cast<double>(other.samplesPromised) / other.samplingRate;
        recording.warnings.push_back({WarningCode::SkippedGroup,
                                      "kept apart from the rhythm: " + std::to_string(other.leads.size()) +
                                          " leads of " + text::shortest(std::round(seconds * 1000) / 1000) + " s",
                                      other.name.empty() ? "waveform" : "waveform " + other.name});
        (isMedian(other) ? recording.medianBeats : recording.otherGroups).push_back(std::move(other));
    }

    void patient(Metadata& metadata) const {
        const auto patient = root_.child("PatientDemographics");
        metadata.patientId = patient.textOf("PatientID");
        const auto first = patient.textOf("PatientFirstName");
        const auto last = patient.textOf("PatientLastName");
        metadata.identity.patientName = first.empty() || last.empty() ? first + last : first + " " + last;
        metadata.identity.birthDate = museDate(patient.textOf("DateofBirth"));
        metadata.sex = parseSex(patient.textOf("Gender"));
        const auto age = patient.textOf("PatientAge");
        const auto unit = text::lower(patient.textOf("AgeUnits"));
        metadata.ageYears =
            unit.starts_with("h") ? (age.empty() ? std::nullopt : std::optional(0.0)) : parseAgeYears(age + " " + unit);
    }

    void test(Metadata& metadata) const {
        const auto test = root_.child("TestDemographics");
        const auto day = museDate(test.textOf("AcquisitionDate"));
        auto clock = test.textOf("AcquisitionTime");
        if (std::count(clock.begin(), clock.end(), ':') == 1) // hours and minutes
            clock += ":00";
        metadata.recordedAt = timestamp::fromDateAndTime(day, clock);
        if (!metadata.ageYears)
            metadata.ageYears = timestamp::yearsBetween(metadata.identity.birthDate, metadata.recordedAt);
        metadata.device = test.textOf("AcquisitionDevice");
        if (metadata.device.empty())
            metadata.device = "GE";
        auto& identity = metadata.identity;
        const auto person = [&](const std::string& role) {
            const auto first = test.textOf(role + "FirstName");
            const auto last = test.textOf(role + "LastName");
            return first.empty() || last.empty() ? first + last : first + " " + last;
        };
        identity.institution = test.textOf("SiteName");
        identity.operatorName = person("AcquisitionTech");
        identity.physician = person("ReferringMD");
        if (identity.physician.empty())
            identity.physician = person("Overreader");
    }

    void measurements(Recording& recording) const {
        static constexpr std::array<std::pair<const char*, const char*>, 9> kMeasurements{{
            {"VentricularRate", "heart_rate_bpm"},
            {"PRInterval", "pr_ms"},
            {"QRSDuration", "qrs_ms"},
            {"QTInterval", "qt_ms"},
            {"QTCorrected", "qtc_ms"},
            {"QTcFrederica", "qtc_fridericia_ms"}, // so spelled
            {"PAxis", "p_axis_deg"},
            {"RAxis", "qrs_axis_deg"},
            {"TAxis", "t_axis_deg"},
        }};
        const auto all = measured();
        const auto keep = [&](std::string_view key, std::optional<double> value) {
            const bool axis = key.ends_with("_deg"); // an interval of nothing was not measured
            if (value && (axis ? std::abs(*value) <= 360 : *value > 0))
                recording.fileMeasurements.emplace(key, *value);
        };
        for (const auto& [name, key] : kMeasurements)
            keep(key, muse::number(all.textOf(name)));
        keep("rr_ms", muse::number(root_.textOf("QRSTimesTypes/GlobalRR")));
        const auto base = measuredRate();
        const bool known = !base || *base == recording.samplingRate ||
                           std::any_of(recording.medianBeats.begin(), recording.medianBeats.end(),
                                       [&](const Recording& m) { return m.samplingRate == *base; });
        if (!known)
            recording.warnings.push_back({WarningCode::RateContradiction,
                                          "the measurements were made at " + text::shortest(*base) +
                                              " Hz, the waveforms have " + text::shortest(recording.samplingRate) +
                                              " Hz",
                                          "ECGSampleBase"});
    }

    xml::Element measured() const {
        const auto edited = root_.child("RestingECGMeasurements");
        return edited ? edited : root_.child("OriginalRestingECGMeasurements");
    }
    std::optional<double> measuredRate() const {
        return muse::rate(measured().textOf("ECGSampleBase"), measured().textOf("ECGSampleExponent"));
    }

    // Fragments are joined up to the one that ends the line.
    void statements(Metadata& metadata) const {
        auto diagnosis = root_.child("Diagnosis");
        if (!diagnosis.child("DiagnosisStatement"))
            diagnosis = root_.child("OriginalDiagnosis");
        std::string line;
        const auto end = [&] {
            if (!line.empty())
                metadata.diagnosisTexts.push_back(std::exchange(line, {}));
        };
        const auto all = diagnosis.children("DiagnosisStatement");
        const bool flagged = std::any_of(all.begin(), all.end(), [](const auto& s) { return endsLine(s); });
        for (const auto& statement : all) {
            if (const auto words = statement.textOf("StmtText"); !words.empty())
                line += (line.empty() ? "" : " ") + words;
            if (!flagged || endsLine(statement))
                end();
        }
        end();
    }
    static bool endsLine(const xml::Element& statement) {
        const auto flags = statement.children("StmtFlag");
        return std::any_of(flags.begin(), flags.end(),
                           [](const auto& f) { return text::lower(f.text()) == "endsline"; });
    }

    static void put(Recording& recording, double sample, const char* symbol, std::string words, std::size_t& outside) {
        const double at = std::round(sample);
        const auto length = recording.samples() > 0 ? static_cast<std::int64_t>(recording.samples())
                                                    : recording.samplesPromised; // only the metadata were read
        if (!(at >= 0 && at < static_cast<double>(length))) {
            ++outside;
            return;
        }
        recording.annotations.push_back(
            {SampleIndex{static_cast<std::int64_t>(at)}, LeadIndex{}, symbol, std::move(words), "muse"});
    }

    static void warnOutside(Recording& recording, std::size_t outside) {
        if (outside > 0)
            recording.warnings.push_back({WarningCode::Annotation,
                                          std::to_string(outside) + " marks lie outside of the samples",
                                          "annotations"});
    }

    // QRS times in ms; type 0 is the dominant beat, the others are only known to differ from it. Pacemaker spikes in
    // samples of the rhythm.
    void beats(Recording& recording) const {
        std::size_t outside = 0;
        for (const auto& qrs : root_.child("QRSTimesTypes").children("QRS")) {
            const auto time = muse::number(qrs.textOf("Time"));
            const auto type = qrs.textOf("Type");
            const bool dominant = type.empty() || type == "0";
            if (time)
                put(recording, *time * recording.samplingRate / 1000, dominant ? "N" : "Q",
                    dominant ? "" : "type " + type, outside);
        }
        for (const auto& spikes : rhythm_.children("PaceSpikes")) {
            const auto offsets = spikes.child("IndexOffsets").rawText();
            for (const auto word : text::words(offsets))
                if (const auto at = muse::number(word))
                    put(recording, *at, "^", "", outside);
        }
        warnOutside(recording, outside);
    }

    // Onsets and offsets of the median beat, in samples of the measurements' rate.
    void limits(Recording& median) const {
        struct Limit {
            const char* name;
            const char* symbol;
            const char* wave;
        };
        static constexpr Limit kLimits[] = {{"POnset", "(", "p"},
                                            {"POffset", ")", "p"},
                                            {"QOnset", "(", "N"},
                                            {"QOffset", ")", "N"},
                                            {"TOffset", ")", "t"}};
        const auto base = measuredRate().value_or(median.samplingRate);
        std::size_t outside = 0;
        for (const auto& limit : kLimits)
            if (const auto at = muse::number(measured().textOf(limit.name)); at && *at > 0)
                put(median, *at * median.samplingRate / base, limit.symbol, limit.wave, outside);
        warnOutside(median, outside);
    }

    const xml::Element& root_;
    const std::string& where_;
    const ReadOptions& options_;
    xml::Element rhythm_;
};

} // namespace

std::string museDate(std::string_view date) {
    const auto parts = text::split(text::trim(date), date.find('/') != std::string_view::npos ? '/' : '-');
    if (parts.size() != 3)
        return {};
    const auto a = text::integer(parts[0]);
    const auto b = text::integer(parts[1]);
    const auto c = text::integer(parts[2]);
    if (!b) // 15-JUL-2019
        return timestamp::fromDateAndTime(text::trim(date), {});
    if (!a || !c)
        return {};
    auto year = *c, month = *a, day = *b;
    if (*a > 31)
        year = *a, month = *b, day = *c;
    else if (*a > 12)
        month = *b, day = *a;
    if (year < 1000 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31)
        return {};
    return padded(year, 4) + "-" + padded(month, 2) + "-" + padded(day, 2);
}

std::string_view MuseReader::root() const {
    return kRoot;
}

Result<Recording> MuseReader::parse(std::span<const std::byte> bytes, const std::string& where,
                                    const ReadOptions& options) const {
    return readMuse(bytes, where, options);
}

Result<Recording> readMuse(std::span<const std::byte> bytes, const std::string& where, const ReadOptions& options) {
    const auto document = parseRooted(bytes, where, kRoot);
    if (!document)
        return document.as<Recording>();
    return File(document->root(), where, options).read();
}

} // namespace precordia
