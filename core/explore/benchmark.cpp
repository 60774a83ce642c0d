// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explore/benchmark.h"

#include "core/engine/engine_loader.h"
#include "core/explore/benchmark_parts.h"
#include "core/explore/class_scores.h"
#include "core/explore/evaluate_features.h"
#include "core/explore/softmax.h"
#include "core/study/import.h"
#include "core/study/import_scan.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <numeric>
#include <unordered_map>

namespace precordia {

namespace fs = std::filesystem;

namespace {

// One encoder's table and its name; several for the random seeds.
struct BenchmarkEncoder {
    std::string name;
    std::vector<const Matrix*> tables;
};

Result<Done> importOnce(const fs::path& folder, const BenchmarkData& data, const BenchmarkOptions& options,
                        std::vector<std::string>& notes, const StopToken& stop, Progress& progress) {
    ImportRequest request;
    for (const auto& recording : data.recordings)
        request.paths.push_back(recording.source);
    request.threads = options.threads;
    const auto report = importInto(folder, request, stop, progress);
    if (!report)
        return report.as<Done>();
    if (!report->failed.empty())
        notes.push_back(data.name + ": " + std::to_string(report->failed.size()) +
                        " recordings could not be read, the first: " + report->failed.front().path.string() + ": " +
                        report->failed.front().reason);
    if (report->duplicates > 0)
        notes.push_back(data.name + ": " + std::to_string(report->duplicates) +
                        " recordings have the samples of another one and count once");
    return Done{};
}

// What fine-tuned rows are trained by, and the first window of each recording.
struct Tuning {
    std::vector<TunedEncoder> encoders; // none: not asked for
    HeadSource source;
    HeadPlan plan;
};

// tuning: recordings of which the model can take no window are left out of all rows.
Result<BenchmarkRows> rowsIn(const Study& study, const BenchmarkData& data, const std::vector<RecordingId>& ids,
                             double seconds, const Tuning& tuning, std::vector<std::string>& notes) {
    const auto all = study.query();
    if (!all)
        return all.as<BenchmarkRows>();
    std::unordered_map<RecordingId, Eigen::Index> placeOf;
    for (std::size_t i = 0; i < ids.size(); ++i)
        placeOf[ids[i]] = static_cast<Eigen::Index>(i);
    std::unordered_map<std::string, const RecordingRow*> bySource;
    for (const auto& row : *all)
        bySource[sourceKey(row.source)] = &row;
    BenchmarkRows out;
    std::map<std::string, std::int64_t> patients;
    int shorter = 0, absent = 0, untakeable = 0;
    for (const auto& recording : data.recordings) {
        const auto row = bySource.find(sourceKey(recording.source));
        const auto place = row == bySource.end() ? placeOf.end() : placeOf.find(row->second->id);
        if (place == placeOf.end()) {
            ++absent;
            continue;
        }
        if (static_cast<double>(row->second->samples) < seconds * row->second->samplingRate - 1) {
            ++shorter;
            continue;
        }
        if (!tuning.encoders.empty() && tuning.source.windowsOf[static_cast<std::size_t>(place->second)].empty()) {
            ++untakeable;
            continue;
        }
        out.places.push_back(place->second);
        out.recordings.push_back(&recording);
        const std::int64_t own = row->second->id.value;
        out.groups.push_back(recording.patient.empty() ? own
                                                       : patients.try_emplace(recording.patient, own).first->second);
    }
    if (shorter > 0)
        notes.push_back(data.name + ": " + std::to_string(shorter) + " recordings shorter than " +
                        std::to_string(static_cast<int>(seconds)) + " s left out");
    if (untakeable > 0)
        notes.push_back(data.name + ": " + std::to_string(untakeable) +
                        " recordings left out, of which the model can take no window");
    if (absent > 0)
        notes.push_back(data.name + ": " + std::to_string(absent) + " recordings named by the data set are not in");
    return out;
}

RowsD rowsOf(const Matrix& table, const BenchmarkRows& rows, const std::vector<int>& which) {
    RowsD out(static_cast<Eigen::Index>(which.size()), table.cols());
    for (std::size_t i = 0; i < which.size(); ++i)
        out.row(static_cast<Eigen::Index>(i)) =
            table.row(rows.places[static_cast<std::size_t>(which[i])]).cast<double>();
    return out;
}

std::vector<double> plain(const Eigen::VectorXd& v) {
    return {v.begin(), v.end()};
}

// One encoder's tables, standardised: for choosing (by the training part) and for judging (by training and validation).
struct Prepared {
    RowsD train, validation, both, test;
    Prepared(const Matrix& table, const BenchmarkRows& rows, const BenchmarkParts& parts) {
        const RowsD raw = rowsOf(table, rows, parts.train), all = rowsOf(table, rows, parts.both());
        const auto scale = Standardiser::fit(raw), last = Standardiser::fit(all);
        train = scale.apply(raw);
        validation = scale.apply(rowsOf(table, rows, parts.validation));
        both = last.apply(all);
        test = last.apply(rowsOf(table, rows, parts.test));
    }
};

struct BinaryOutcome {
    double c = 0;
    std::vector<double> validation, test; // decision values
};

Result<BinaryOutcome> probeBinary(const Prepared& x, const std::vector<int>& y, const BenchmarkParts& parts,
                                  const LinearProbeOptions& options) {
    const auto train = take(y, parts.train), validation = take(y, parts.validation);
    BinaryOutcome best;
    LinearModel model;
    double worth = -1;
    const std::vector<double> grid = options.c > 0 ? std::vector<double>{options.c} : options.grid;
    for (std::size_t i = 0; i < grid.size(); ++i) {
        auto fitted = fitLogistic(x.train, train, grid[i], i == 0 ? nullptr : &model, 1e-3);
        if (!fitted)
            return fitted.as<BinaryOutcome>();
        model = std::move(*fitted);
        auto scores = plain(model.apply(x.validation));
        if (const double a = auroc(scores, validation); a > worth + 1e-12) {
            worth = a;
            best.c = grid[i];
            best.validation = std::move(scores);
        }
    }
    const auto last = fitLogistic(x.both, take(y, parts.both()), best.c, nullptr, 1e-6);
    if (!last)
        return last.as<BinaryOutcome>();
    best.test = plain(last->apply(x.test));
    return best;
}

Result<Done> runMultiLabel(const BenchmarkEncoder& encoder, const BenchmarkRows& rows, const BenchmarkParts& parts,
                           const std::vector<std::vector<int>>& labels, const BenchmarkOptions& options,
                           BenchmarkRow& row, BenchmarkOutcome& outcome, const StopToken& stop) {
    outcome.binary.resize(labels.size());
    const auto n = static_cast<double>(labels.size() * encoder.tables.size());
    row.perClass.assign(labels.size(), 0);
    for (const Matrix* table : encoder.tables) {
        const Prepared x(*table, rows, parts);
        for (std::size_t k = 0; k < labels.size(); ++k) {
            if (stop.stop_requested())
                return Cancelled{};
            const auto probe = probeBinary(x, labels[k], parts, options.probe);
            if (!probe)
                return probe.as<Done>();
            if (row.c == 0)
                row.c = probe->c;
            const auto known = take(labels[k], parts.validation), asked = take(labels[k], parts.test);
            addBinaryFigures(probe->validation, known, probe->test, asked, options.sensitivity, n, row);
            row.perClass[k] += auroc(probe->test, asked) / static_cast<double>(encoder.tables.size());
            outcome.binary[k].push_back(probe->test);
        }
    }
    return Done{};
}

Result<Done> runMultiClass(const BenchmarkEncoder& encoder, const BenchmarkRows& rows, const BenchmarkParts& parts,
                           const std::vector<int>& classOf, int classes, const BenchmarkOptions& options,
                           BenchmarkRow& row, BenchmarkOutcome& outcome, const StopToken& stop) {
    const auto train = take(classOf, parts.train), validation = take(classOf, parts.validation),
               asked = take(classOf, parts.test);
    const auto n = static_cast<double>(encoder.tables.size());
    row.perClass.assign(static_cast<std::size_t>(classes), 0);
    for (const Matrix* table : encoder.tables) {
        const Prepared x(*table, rows, parts);
        SoftmaxModel model;
        double worth = -1, chosen = 0;
        const std::vector<double> grid =
            options.probe.c > 0 ? std::vector<double>{options.probe.c} : options.probe.grid;
        for (std::size_t i = 0; i < grid.size(); ++i) {
            if (stop.stop_requested())
                return Cancelled{};
            auto fitted = fitSoftmax(x.train, train, classes, grid[i], i == 0 ? nullptr : &model, 1e-3);
            if (!fitted)
                return fitted.as<Done>();
            model = std::move(*fitted);
            const double a = aurocOneVersusOne(softmaxOf(model.apply(x.validation)), validation);
            if (chosen == 0 || a > worth + 1e-12) {
                worth = a;
                chosen = grid[i];
            }
        }
        const auto last = fitSoftmax(x.both, take(classOf, parts.both()), classes, chosen, nullptr, 1e-6);
        if (!last)
            return last.as<Done>();
        if (row.c == 0)
            row.c = chosen;
        RowsD scores = last->apply(x.test);
        addClassFigures(scores, asked, n, row);
        outcome.classes.push_back(std::move(scores));
    }
    return Done{};
}

// Which row is compared with row r: the model by the same protocol less it; the fine-tuned model less the linear one.
std::pair<std::size_t, std::size_t> compared(const std::vector<BenchmarkRow>& rows, std::size_t r) {
    if (!rows[r].fineTuned)
        return {0, r};
    std::size_t tuned = r;
    while (tuned > 0 && rows[tuned - 1].fineTuned)
        --tuned;
    return r == tuned ? std::pair{r, std::size_t(0)} : std::pair{tuned, r};
}

// Intervals and comparisons.
void compareRows(const std::vector<BenchmarkOutcome>& outcomes, const std::vector<std::vector<int>>& testLabels,
                 const std::vector<int>& testClass, const std::vector<std::int64_t>& groups,
                 const BenchmarkOptions& options, BenchmarkTask& task) {
    for (std::size_t r = 0; r < task.rows.size(); ++r) {
        BenchmarkRow& row = task.rows[r];
        const auto [better, other] = compared(task.rows, r);
        if (task.multiClass) {
            row.auroc = classInterval(outcomes[r].classes, testClass, groups, options.bootstraps, options.seed);
            row.above = compareClasses(outcomes[better].classes, outcomes[other].classes, testClass, groups,
                                       options.bootstraps, options.seed);
            continue;
        }
        std::vector<ScoredLabel> alone, pairs;
        for (std::size_t k = 0; k < testLabels.size(); ++k) {
            alone.push_back(
                {outcomes[r].binary[k], {std::vector<double>(testLabels[k].size(), 0.0)}, testLabels[k], groups});
            pairs.push_back({outcomes[better].binary[k], outcomes[other].binary[k], testLabels[k], groups});
        }
        row.auroc = compareMeanAuroc(alone, options.bootstraps, options.seed);
        row.auroc.difference += 0.5, row.auroc.low += 0.5, row.auroc.high += 0.5;
        row.above = compareMeanAuroc(pairs, options.bootstraps, options.seed);
    }
}

// Which classes can be judged, and the rows of the task.
BenchmarkTaskRows taskRows(const BenchmarkData& data, const BenchmarkRows& rows, const BenchmarkOptions& options,
                           BenchmarkTask& task) {
    const auto takes = [&](std::size_t i) { return !task.multiClass || rows.recordings[i]->classes.size() == 1; };
    const std::size_t classes = data.classes.size();
    std::vector<std::array<int, 3>> with(classes, {0, 0, 0});
    for (std::size_t i = 0; i < rows.recordings.size(); ++i)
        if (takes(i))
            for (const int k : rows.recordings[i]->classes)
                ++with[static_cast<std::size_t>(k)][static_cast<std::size_t>(rows.recordings[i]->part)];
    std::vector<int> numberOf(classes, -1);
    for (std::size_t k = 0; k < classes; ++k) {
        if (with[k][2] < options.fewestPositives || with[k][0] < 2 || with[k][1] < 1) {
            task.leftOut.emplace_back(data.classes[k], std::to_string(with[k][0]) + " in training, " +
                                                           std::to_string(with[k][1]) + " in validation, " +
                                                           std::to_string(with[k][2]) + " in test");
            continue;
        }
        numberOf[k] = static_cast<int>(task.classes.size());
        task.classes.push_back(data.classes[k]);
        task.testPositives.push_back(with[k][2]);
    }
    BenchmarkTaskRows out;
    out.classOf.assign(rows.recordings.size(), -1);
    out.labels.assign(task.classes.size(), std::vector<int>(rows.recordings.size(), 0));
    for (std::size_t i = 0; i < rows.recordings.size(); ++i) {
        if (!takes(i))
            continue;
        for (const int k : rows.recordings[i]->classes)
            if (const int number = numberOf[static_cast<std::size_t>(k)]; number >= 0) {
                out.labels[static_cast<std::size_t>(number)][i] = 1;
                out.classOf[i] = number;
            }
        if (task.multiClass && out.classOf[i] < 0)
            continue;
        const auto part = rows.recordings[i]->part;
        (part == BenchmarkPart::Train        ? out.parts.train
         : part == BenchmarkPart::Validation ? out.parts.validation
                                             : out.parts.test)
            .push_back(static_cast<int>(i));
    }
    return out;
}

Result<BenchmarkTask> runTask(const BenchmarkData& data, bool multiClass, const BenchmarkRows& rows,
                              const std::vector<BenchmarkEncoder>& encoders, const Tuning& tuning,
                              const BenchmarkOptions& options, const StopToken& stop, Progress& progress) {
    BenchmarkTask task;
    task.data = data.name;
    task.multiClass = multiClass;
    task.split = data.split;
    const BenchmarkTaskRows in = taskRows(data, rows, options, task);
    task.train = static_cast<int>(in.parts.train.size());
    task.validation = static_cast<int>(in.parts.validation.size());
    task.test = static_cast<int>(in.parts.test.size());
    if (task.classes.size() < (multiClass ? 2U : 1U))
        return task; // every class is named among those left out
    progress.begin(data.name + (multiClass ? ", multi-class" : ", multi-label"),
                   static_cast<std::int64_t>(encoders.size()));
    std::vector<BenchmarkOutcome> outcomes(encoders.size());
    for (std::size_t e = 0; e < encoders.size(); ++e) {
        BenchmarkRow row;
        row.encoder = encoders[e].name;
        const auto done = multiClass
                              ? runMultiClass(encoders[e], rows, in.parts, in.classOf,
                                              static_cast<int>(task.classes.size()), options, row, outcomes[e], stop)
                              : runMultiLabel(encoders[e], rows, in.parts, in.labels, options, row, outcomes[e], stop);
        if (!done)
            return done.as<BenchmarkTask>();
        task.rows.push_back(std::move(row));
        progress.advance();
    }
    for (const auto& encoder : tuning.encoders) {
        BenchmarkRow row;
        row.encoder = encoder.name;
        row.fineTuned = true;
        const auto done = runTuned(encoder, tuning.source, tuning.plan, rows, in, static_cast<int>(task.classes.size()),
                                   options, multiClass, row, outcomes.emplace_back());
        if (!done)
            return done.as<BenchmarkTask>();
        task.rows.push_back(std::move(row));
    }
    std::vector<std::vector<int>> testLabels;
    for (const auto& labels : in.labels)
        testLabels.push_back(take(labels, in.parts.test));
    compareRows(outcomes, testLabels, take(in.classOf, in.parts.test), take(rows.groups, in.parts.test), options, task);
    return task;
}

Result<Tuning> tuningOf(const fs::path& folder, const ModelInfo& model, const std::vector<std::string>& randomHashes,
                        const std::vector<RecordingId>& ids, const BenchmarkOptions& options, const StopToken& stop,
                        Progress& progress) {
    Tuning out;
    if (!options.fineTune)
        return out;
    auto source = headSource(folder, model, ids, options.leads, stop, progress);
    if (!source)
        return source.as<Tuning>();
    out.source = std::move(*source);
    for (auto& windows : out.source.windowsOf)
        windows.resize(std::min<std::size_t>(windows.size(), 1)); // the first one counts
    EvaluateOptions as;
    as.protocol = ProbeProtocol::FineTune;
    as.head = options.head;
    as.leads = options.leads;
    out.plan = headPlanOf(folder, as, stop, progress);
    out.encoders = {{"model", {model.hash}}, {"random-init", randomHashes}};
    return out;
}

Result<Done> runData(const fs::path& folder, const BenchmarkData& data, const ModelInfo& model, Benchmark& out,
                     const StopToken& stop, Progress& progress) {
    const BenchmarkOptions& options = out.options;
    if (const auto done = importOnce(folder, data, options, out.notes, stop, progress); !done)
        return done;
    const EncodingChoice choice{options.leads, true};
    const auto own = encoderTables(folder, model, choice, stop, progress);
    if (!own)
        return own.as<Done>();
    const auto engine = loadEngine();
    if (!engine)
        return engine.as<Done>();
    std::vector<EncoderTables> random;
    std::vector<std::string> randomHashes;
    for (int i = 0; i < std::max(options.randomSeeds, 1); ++i) {
        const auto twin = (*engine)->randomModel(model.configJson, options.seed + static_cast<std::uint64_t>(i));
        if (!twin)
            return twin.as<Done>();
        randomHashes.push_back(twin->hash);
        auto tables = encoderTables(folder, *twin, choice, stop, progress);
        if (!tables)
            return tables.as<Done>();
        random.push_back(std::move(*tables));
    }
    const auto simple = simpleFeatureTable(folder, model, choice, stop, progress);
    if (!simple)
        return simple.as<Done>();
    auto study = Study::open(folder);
    if (!study)
        return study.as<Done>();
    const double seconds = model.intervals * model.intervalSamples / model.samplingRate;
    const auto tuning = tuningOf(folder, model, randomHashes, simple->ids, options, stop, progress);
    if (!tuning)
        return tuning.as<Done>();
    const auto rows = rowsIn(**study, data, simple->ids, seconds, *tuning, out.notes);
    if (!rows)
        return rows.as<Done>();
    std::vector<BenchmarkEncoder> encoders = {{"model", {&own->levels[0].values}}, {"random-init", {}}};
    for (const auto& tables : random)
        encoders.back().tables.push_back(&tables.levels[0].values);
    encoders.push_back({"simple-features", {&simple->values}});
    for (const bool multiClass : {false, true}) {
        auto task = runTask(data, multiClass, *rows, encoders, *tuning, options, stop, progress);
        if (!task)
            return task.as<Done>();
        out.tasks.push_back(std::move(*task));
    }
    return Done{};
}

} // namespace

const std::vector<PublishedRow>& publishedRows() {
    static const std::vector<PublishedRow> kRows = {
        {"ER-JEPA", "linear", "arXiv 2607.01145", .913, .911, .964, .969},
        {"ER-JEPA", "fine-tuned", "arXiv 2607.01145", .936, .943, .974, .981},
        {"ECG-JEPA (multi-block)",
         "linear",
         "logs in a public fork of its code, github.com/xonobo/ECG_JEPA",
         .912,
         {},
         .971,
         {}},
        {"ECG-JEPA (random masks)", "linear", "logs in a public fork of its code", .907, {}, {}, {}},
        {"ECG-JEPA", "fine-tuned", "arXiv 2410.08559", {}, {}, {}, {}},
        {"1D-JEPA", "linear", "arXiv 2410.13867", {}, {}, {}, {}},
        {"1D-JEPA", "fine-tuned", "arXiv 2410.13867", {}, {}, {}, {}},
    };
    return kRows;
}

Result<Benchmark> runBenchmark(const fs::path& studyFolder, const BenchmarkOptions& options, StopToken stop,
                               Progress& progress) {
    const auto start = std::chrono::steady_clock::now();
    if (options.ptbxl.empty() && options.cpsc2018.empty())
        return makeError(ErrorCode::WrongUse, "the benchmark needs its data: --ptbxl DIR, --cpsc2018 DIR or both");
    std::vector<std::pair<std::string, BenchmarkData>> sets;
    if (!options.ptbxl.empty()) {
        auto data = readPtbxl(options.ptbxl);
        if (!data)
            return data.as<Benchmark>();
        sets.emplace_back("ptbxl", std::move(*data));
    }
    if (!options.cpsc2018.empty()) {
        auto data = readCpsc2018(options.cpsc2018, options.seed);
        if (!data)
            return data.as<Benchmark>();
        sets.emplace_back("cpsc2018", std::move(*data));
    }
    auto study = Study::open(studyFolder);
    if (!study)
        return study.as<Benchmark>();
    progress.begin("Loading the model", 0);
    const auto model = loadForStudy(**study, options.model);
    if (!model)
        return model.as<Benchmark>();
    Benchmark out;
    out.options = options;
    out.modelHash = model->hash;
    for (const auto& [name, data] : sets)
        if (const auto done = runData(studyFolder / "benchmarks" / name, data, *model, out, stop, progress); !done)
            return done.as<Benchmark>();
    out.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return out;
}

} // namespace precordia
