// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/aecg_reader.h"

#include "core/io/aecg_annotations.h"
#include "core/io/aecg_sequences.h"
#include "core/io/header_comments.h"
#include "core/io/signal_checks.h"
#include "core/io/text.h"
#include "core/io/timestamp.h"
#include "core/io/xml_document.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

namespace precordia {

namespace {

constexpr std::string_view kRoot = "AnnotatedECG";
constexpr std::size_t kMostSets = 64; // in a series, and series in a file
constexpr double kShortestSeconds = 0.2;
constexpr std::string_view kSubject = "componentOf/timepointEvent/componentOf/subjectAssignment/subject/trialSubject";
constexpr std::string_view kTrial =
    "componentOf/timepointEvent/componentOf/subjectAssignment/componentOf/clinicalTrial";

// A series of the file, its groups read.
struct Series {
    xml::Element element;
    std::string code; // RHYTHM, REPRESENTATIVE_BEAT
    bool derived = false;
    std::vector<aecg::Group> groups;

    bool isBeat() const { return code.find("BEAT") != std::string::npos; }
    double seconds() const {
        double longest = 0;
        for (const auto& g : groups)
            longest = std::max(longest, static_cast<double>(g.recording.samplesPromised) / g.recording.samplingRate);
        return longest;
    }
};

std::string nameOf(const xml::Element& person) {
    return person.child("name").allText();
}

class File {
public:
    File(const xml::Element& root, const std::string& where, const ReadOptions& options)
        : root_(root)
        , where_(where)
        , options_(options) {}

    Result<Recording> read() {
        if (auto done = readAllSeries(); !done)
            return done.as<Recording>();
        if (series_.empty())
            return firstError_
                       ? *firstError_
                       : makeError(ErrorCode::FormatInvalid, "an annotated ECG without a series of waveforms", where_);
        const auto main = mainSeries();
        auto recording = assemble(main);
        if (auto done = compareTimes(series_[main], recording); !done)
            return done.as<Recording>();
        subject(recording);
        people(recording);
        device(series_[main].element, recording);
        filters(series_[main].element, recording);
        for (auto& statement : statements_)
            recording.metadata.diagnosisTexts.push_back(std::move(statement));
        recording.fileMeasurements = measurements_.chosen();
        recording.metadata.format = "aecg";
        if (!options_.metadataOnly)
            warnImplausibleUnits(recording);
        return recording;
    }

private:
    Result<Done> readAllSeries() {
        for (const auto& component : root_.children("component"))
            for (const auto& series : component.children("series")) {
                if (auto done = readSeries(series, false); !done)
                    return done;
                for (const auto& derivation : series.children("derivation"))
                    for (const auto& derived : derivation.children("derivedSeries"))
                        if (auto done = readSeries(derived, true); !done)
                            return done;
            }
        return Done{};
    }

    // Only a cancellation ends it: a series that cannot be read is told and left out.
    Result<Done> readSeries(const xml::Element& element, bool derived) {
        Series series{element, element.attributeOf("code", "code"), derived, {}};
        const auto label = series.code.empty() ? std::string("series") : "series " + series.code;
        for (const auto& component : element.children("component"))
            for (const auto& set : component.children("sequenceSet")) {
                if (series.groups.size() == kMostSets || series_.size() == kMostSets) {
                    left({ErrorCode::FormatUnsupported,
                          "more than " + std::to_string(kMostSets) + " sequence sets or series", where_},
                         label);
                    continue;
                }
                auto group = aecg::readSet(set, where_ + ", " + label, options_);
                if (group.cancelled())
                    return Cancelled{};
                if (group.ok())
                    series.groups.push_back(std::move(*group));
                else
                    left(group.error(), label);
            }
        if (series.groups.empty())
            return Done{};
        series.groups = aecg::joined(std::move(series.groups));
        series_.push_back(std::move(series));
        return Done{};
    }

    void left(const Error& error, const std::string& label) {
        if (skipped_.size() < kMostSets)
            skipped_.push_back({WarningCode::SkippedGroup, error.message, label});
        if (!firstError_)
            firstError_ = error;
    }

    // The rhythm: the series that calls itself so, else one that is no beat, else the longest.
    std::size_t mainSeries() const {
        const auto rank = [](const Series& s) {
            return std::tuple(!s.derived && s.code == "RHYTHM", !s.isBeat(), !s.derived, s.seconds());
        };
        const auto best = std::max_element(series_.begin(), series_.end(),
                                           [&](const Series& a, const Series& b) { return rank(a) < rank(b); });
        return static_cast<std::size_t>(best - series_.begin());
    }

    Recording assemble(std::size_t main) {
        auto& groups = series_[main].groups;
        const auto longest = std::max_element(groups.begin(), groups.end(), [](const auto& a, const auto& b) {
            return static_cast<double>(a.recording.samplesPromised) / a.recording.samplingRate <
                   static_cast<double>(b.recording.samplesPromised) / b.recording.samplingRate;
        });
        auto recording = std::move(longest->recording);
        annotate(series_[main], longest->clock, recording);
        if (longest->clock.start && recording.metadata.recordedAt.empty())
            recording.metadata.recordedAt = timestamp::fromDicom(timeHead(series_[main].element));
        for (std::size_t s = 0; s < series_.size(); ++s)
            for (auto& group : series_[s].groups)
                if (s != main || &group != &*longest)
                    keepApart(series_[s], s == main, group, recording);
        for (auto& warning : skipped_)
            recording.warnings.push_back(std::move(warning));
        return recording;
    }

    void keepApart(const Series& series, bool ofMain, aecg::Group& group, Recording& recording) {
        auto& other = group.recording;
        other.name = series.code;
        const bool beat = series.isBeat();
        if (!ofMain)
            annotate(series, group.clock, other);
        const bool otherRate = other.samplingRate != recording.samplingRate;
        const double seconds = static_cast<double>(other.samplesPromised) / other.samplingRate;
        recording.warnings.push_back({!beat && otherRate ? WarningCode::OtherRates : WarningCode::SkippedGroup,
                                      "kept apart from the rhythm: " + std::to_string(other.leads.size()) +
                                          " leads of " + text::shortest(std::round(seconds * 1000) / 1000) + " s at " +
                                          text::shortest(other.samplingRate) + " Hz",
                                      series.code.empty() ? "series" : "series " + series.code});
        (beat ? recording.medianBeats : recording.otherGroups).push_back(std::move(other));
    }

    void annotate(const Series& series, const aecg::Clock& clock, Recording& recording) {
        aecg::readAnnotations(series.element, clock, series.isBeat(), options_.annotations, recording, measurements_,
                              statements_);
    }

    // When the earliest of its sequence sets begins.
    static std::string timeHead(const xml::Element& series) {
        std::string head;
        for (const auto& component : series.children("component"))
            for (const auto& sequence : component.child("sequenceSet").children("component"))
                if (sequence.attributeOf("sequence/code", "code") == "TIME_ABSOLUTE") {
                    const auto own = sequence.attributeOf("sequence/value/head", "value");
                    const auto when = aecg::microseconds(own);
                    if (when && (head.empty() || *when < aecg::microseconds(head)))
                        head = own;
                }
        return head;
    }

    // The series' effective time beside its samples.
    Result<Done> compareTimes(const Series& series, Recording& recording) {
        auto& metadata = recording.metadata;
        const auto low = series.element.attributeOf("effectiveTime/low", "value");
        const auto high = series.element.attributeOf("effectiveTime/high", "value");
        if (metadata.recordedAt.empty())
            metadata.recordedAt = timestamp::fromDicom(low);
        for (const auto* place : {"effectiveTime/low", "effectiveTime/center", "effectiveTime"})
            if (metadata.recordedAt.empty())
                metadata.recordedAt = timestamp::fromDicom(root_.attributeOf(place, "value"));
        const auto from = aecg::microseconds(low);
        const auto to = aecg::microseconds(high);
        if (!from || !to || *to <= *from)
            return Done{};
        const double said = static_cast<double>(*to - *from) * 1e-6;
        const double there = static_cast<double>(recording.samplesPromised) / recording.samplingRate;
        if (there < kShortestSeconds && said > 10 * there)
            return makeError(ErrorCode::SignalTooShort,
                             std::to_string(recording.samplesPromised) + " samples of the " + text::shortest(said) +
                                 " s that the series says to last are there",
                             where_);
        const double precision = high.find('.') == std::string::npos ? 1.0 : 0.02; // written in seconds, or finer
        if (std::abs(said - there) > precision + 0.01 * said)
            recording.warnings.push_back({WarningCode::LengthContradiction,
                                          "the series says to last " + text::shortest(said) + " s, its samples last " +
                                              text::shortest(std::round(there * 1000) / 1000) + " s",
                                          "effectiveTime"});
        return Done{};
    }

    void subject(Recording& recording) {
        auto& metadata = recording.metadata;
        const auto subject = root_.path(kSubject);
        const auto id = subject.child("id");
        metadata.patientId = id.attribute("extension").empty() ? id.attribute("root") : id.attribute("extension");
        const auto person = subject.child("subjectDemographicPerson");
        metadata.identity.patientName = nameOf(person);
        metadata.sex = parseSex(person.attributeOf("administrativeGenderCode", "code"));
        const auto born = person.attributeOf("birthTime", "value");
        metadata.identity.birthDate = timestamp::fromDicom(born.substr(0, 8));
        reportedAge(metadata);
        if (!metadata.ageYears)
            metadata.ageYears = timestamp::yearsBetween(metadata.identity.birthDate, metadata.recordedAt);
    }

    void reportedAge(Metadata& metadata) {
        for (const auto& variable : root_.children("controlVariable")) {
            const auto observed = variable.child("relatedObservation");
            const auto code = observed.attributeOf("code", "code");
            if (code != "21612-7" && code != "30525-0" && code != "MDC_ECG_AGE") // LOINC: reported age, age
                continue;
            auto unit = observed.attributeOf("value", "unit");
            if (unit == "a") // UCUM: annum
                unit = "y";
            metadata.ageYears = parseAgeYears(observed.attributeOf("value", "value") + " " + unit);
        }
    }

    void people(Recording& recording) {
        auto& identity = recording.metadata.identity;
        const auto trial = root_.path(kTrial);
        identity.institution = trial.textOf("location/trialSite/location/name");
        if (identity.institution.empty())
            identity.institution = root_.textOf("location/testingSite/location/name");
        identity.physician = nameOf(trial.path("responsibleParty/trialInvestigator/investigatorPerson"));
        for (const auto& finding : root_.children("pertainsTo"))
            if (auto words = finding.textOf("subjectFindingComment/text"); !words.empty())
                recording.metadata.comments.push_back(std::move(words));
    }

    static void device(const xml::Element& series, Recording& recording) {
        const auto author = series.path("author/seriesAuthor");
        const auto maker = author.textOf("manufacturerOrganization/name");
        const auto model = author.textOf("manufacturedSeriesDevice/manufacturerModelName");
        recording.metadata.device = maker.empty() || model.empty() ? maker + model : maker + " " + model;
        auto& identity = recording.metadata.identity;
        for (const auto* place :
             {"secondaryPerformer/seriesPerformer/assignedPerson", "performer/seriesPerformer/assignedPerson"})
            if (identity.operatorName.empty())
                identity.operatorName = nameOf(series.path(place));
    }

    static void filters(const xml::Element& series, Recording& recording) {
        auto& filters = recording.metadata.filters;
        for (const auto& outer : series.children("controlVariable")) {
            const auto variable = outer.child("controlVariable");
            const auto kind = variable.attributeOf("code", "code");
            std::optional<double> hertz;
            for (const auto& component : variable.children("component")) {
                const auto inner = component.child("controlVariable");
                const auto value = inner.child("value");
                if (inner.attributeOf("code", "code").ends_with("_FREQ"))
                    if (const auto number = text::number(value.attribute("value")); number && *number > 0)
                        hertz = *number * (value.attribute("unit") == "kHz" ? 1000 : 1);
            }
            if (!hertz)
                continue;
            if (kind.ends_with("FILTER_LOW_PASS"))
                filters.lowPassHz = hertz;
            else if (kind.ends_with("FILTER_HIGH_PASS"))
                filters.highPassHz = hertz;
            else if (kind.ends_with("FILTER_NOTCH"))
                filters.notchHz = hertz;
        }
    }

    const xml::Element& root_;
    const std::string& where_;
    const ReadOptions& options_;
    std::vector<Series> series_;
    std::vector<Warning> skipped_;
    std::optional<Error> firstError_;
    aecg::MeasurementSources measurements_;
    std::vector<std::string> statements_;
};

} // namespace

std::string_view AecgReader::root() const {
    return kRoot;
}

Result<Recording> AecgReader::parse(std::span<const std::byte> bytes, const std::string& where,
                                    const ReadOptions& options) const {
    return readAecg(bytes, where, options);
}

Result<Recording> readAecg(std::span<const std::byte> bytes, const std::string& where, const ReadOptions& options) {
    const auto document = parseRooted(bytes, where, kRoot);
    if (!document)
        return document.as<Recording>();
    return File(document->root(), where, options).read();
}

} // namespace precordia
