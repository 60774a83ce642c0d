// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/bench_rows.h"

#include "core/study/study_writer.h"

#include <array>
#include <cstdio>
#include <random>

namespace precordia {

namespace {

constexpr std::int64_t kRowsACommit = 5000;
constexpr int kTerms = 120;            // names of labels
constexpr std::size_t kIntervals = 50; // of the surprise of a recording
constexpr double kLabelled = 0.94, kFromFile = 0.6, kWarned = 0.1, kNoisy = 0.04;

const std::array<const char*, 8> kDatasets = {"ward a",   "ward b",      "outpatients", "emergency",
                                              "children", "screening 1", "screening 2", "archive"};
const std::array<const char*, 12> kFindings = {"sinus rhythm",
                                               "sinus bradycardia",
                                               "sinus tachycardia",
                                               "atrial fibrillation",
                                               "left axis deviation",
                                               "right bundle branch block",
                                               "left bundle branch block",
                                               "left ventricular hypertrophy",
                                               "premature ventricular contraction",
                                               "first degree atrioventricular block",
                                               "nonspecific ST-T abnormality",
                                               "prolonged QT interval"};

class RowMaker {
public:
    explicit RowMaker(std::uint64_t seed) : random_(seed) {}

    NewRecording make(std::int64_t i) {
        NewRecording row;
        std::array<char, 64> text{};
        std::snprintf(text.data(), text.size(), "R%lld", static_cast<long long>(i + 1));
        row.name = text.data();
        row.format = i % 3 == 0 ? "WFDB" : i % 3 == 1 ? "DICOM" : "HL7 aECG";
        row.source = "/ecgs/" + std::to_string(i / 1000) + "/" + row.name + ".hea";
        row.fileSize = 120000;
        std::snprintf(text.data(), text.size(), "%016llx%016llx", static_cast<unsigned long long>(random_()),
                      static_cast<unsigned long long>(i));
        row.fileSha256 = std::string(text.data()) + text.data();
        row.sampleHash = row.fileSha256;
        row.samplingRate = 500;
        row.samples = 5000;
        row.leads = 12;
        std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:00", 2005 + pick(20), 1 + pick(12),
                      1 + pick(28), pick(24), pick(60));
        row.recordedAt = text.data();
        facts(row.facts, i);
        values(row);
        if (chance(kWarned))
            row.warnings.push_back({WarningCode::Repaired, "a made warning", "lead V2"});
        return row;
    }
    double surprise() { return uniform(0.2, 0.9); }
    int cluster() { return pick(24); }

private:
    int pick(int below) { return static_cast<int>(random_() % static_cast<std::uint64_t>(below)); }
    double uniform(double from, double to) { return std::uniform_real_distribution<double>(from, to)(random_); }
    double normal(double mean, double sd) { return std::normal_distribution<double>(mean, sd)(random_); }
    bool chance(double share) { return uniform(0, 1) < share; }

    void facts(RecordingFacts& facts, std::int64_t i) {
        facts.dataset = kDatasets[static_cast<std::size_t>(pick(static_cast<int>(kDatasets.size())))];
        facts.patient = "P" + std::to_string(i * 2 / 3);
        facts.sex = chance(0.02) ? "" : chance(0.5) ? "female" : "male";
        if (chance(0.97))
            facts.ageYears = std::min(90.0, std::max(1.0, std::round(normal(58, 17))));
        if (!chance(kLabelled))
            return;
        const int labels = 1 + pick(3);
        for (int k = 0; k < labels; ++k) {
            // Some findings are common, most are rare.
            const int term = chance(0.8) ? pick(static_cast<int>(kFindings.size())) : pick(kTerms);
            const auto at = static_cast<std::size_t>(term);
            LabelName name;
            name.name = at < kFindings.size() ? kFindings[at] : "rare finding " + std::to_string(term);
            facts.labels.push_back({name, "file", {}});
        }
    }
    void values(NewRecording& row) {
        const double rate = normal(75, 16), qrs = normal(98, 16), qt = normal(395, 32);
        Measurements& own = row.measurements["computed"];
        own = {{"heart_rate_bpm", rate},
               {"rr_sd_ms", std::abs(normal(30, 40))},
               {"pr_ms", normal(160, 24)},
               {"qrs_ms", qrs},
               {"qt_ms", qt},
               {"qtc_bazett_ms", qt * std::sqrt(std::max(rate, 30.0) / 60)},
               {"p_axis_deg", normal(45, 20)},
               {"qrs_axis_deg", normal(30, 40)},
               {"t_axis_deg", normal(40, 25)}};
        row.quality = chance(kNoisy) ? MeasuredQuality{"noise", {"V2"}} : MeasuredQuality{"good", {}};
        if (!chance(kFromFile))
            return;
        row.measurements["file"] = {{"heart_rate_bpm", rate + normal(0, 1)},
                                    {"pr_ms", normal(162, 24)},
                                    {"qrs_ms", qrs + normal(0, 4)},
                                    {"qt_ms", qt + normal(0, 8)},
                                    {"qrs_axis_deg", normal(30, 40)}};
    }

    std::mt19937_64 random_;
};

Result<Done> writeModel(Study& study, RowMaker& maker, const std::vector<RecordingId>& ids) {
    std::vector<std::pair<RecordingId, double>> errors, percentiles;
    std::vector<Study::MapPoint> points;
    for (const auto id : ids) {
        errors.emplace_back(id, maker.surprise());
        percentiles.emplace_back(id, 100 * (errors.back().second - 0.2) / 0.7);
        points.push_back(
            {id, static_cast<float>(maker.surprise()), static_cast<float>(maker.surprise()), maker.cluster()});
    }
    const std::vector<std::vector<float>> intervals(ids.size(), std::vector<float>(kIntervals, 0.5F));
    for (const auto& done :
         {study.setCurrentModel(kBenchModel), study.setSurprise(kBenchModel, errors, intervals),
          study.setSurprisePercentiles(kBenchModel, percentiles, intervals), study.setMap(kBenchModel, "{}", points)})
        if (!done)
            return done;
    return Done{};
}

} // namespace

Result<Done> makeBenchRows(const std::filesystem::path& folder, std::int64_t rows, std::uint64_t seed,
                           const StopToken& stop, Progress& progress) {
    auto study = Study::create(folder);
    if (!study)
        return study.as<Done>();
    auto writer = StudyWriter::create(**study);
    if (!writer)
        return writer.as<Done>();
    RowMaker maker(seed);
    std::vector<RecordingId> ids;
    progress.begin("making demo recordings", rows);
    for (std::int64_t first = 0; first < rows; first += kRowsACommit) {
        if (stop.stop_requested())
            return Cancelled{};
        const auto done = (*study)->inTransaction([&]() -> Result<Done> {
            for (std::int64_t i = first; i < std::min(rows, first + kRowsACommit); ++i) {
                const auto id = (*writer)->insert(maker.make(i));
                if (!id)
                    return id.as<Done>();
                ids.push_back(*id);
            }
            return Done{};
        });
        if (!done)
            return done;
        progress.update(std::min(rows, first + kRowsACommit));
    }
    return writeModel(**study, maker, ids);
}

} // namespace precordia
