// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explore/compare.h"

#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/engine/engine_loader.h"
#include "core/explore/embed_study.h"
#include "core/explore/label_scores.h"
#include "core/explore/stored_split.h"
#include "core/explore/training_run.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <map>

namespace precordia {

namespace fs = std::filesystem;
using Json = nlohmann::json;

namespace {

constexpr const char* kRandom = "random-init";
constexpr const char* kOurs = "er-jepa";
constexpr std::size_t kLevels = kProbeLevels.size();

Result<std::string> configOf(const CompareOptions& options, const std::string& model, std::int64_t steps) {
    ConfigRequest request = options.config;
    request.settings.push_back("architecture=" + (model == kRandom ? std::string(kOurs) : model));
    request.settings.push_back("name=compare-" + model);
    request.settings.push_back("steps=" + std::to_string(steps));
    return resolveConfig(request);
}

// How many steps each model gets. By time: measured once, kept in the study, so that a run cut off goes on with the
// same number.
class Budget {
public:
    Budget(const Study& study, const CompareOptions& options)
        : options_(options)
        , file_(study.runsFolder() / "compare-budget.json") {
        if (const auto bytes = readFile(file_))
            plan_ = Json::parse(std::string_view(reinterpret_cast<const char*>(bytes->data()), bytes->size()), nullptr,
                                false);
        if (!plan_.is_object())
            plan_ = Json::object();
    }

    Result<std::int64_t> stepsOf(const std::string& model) {
        if (options_.cpuSeconds <= 0)
            return options_.steps;
        const auto config = configOf(options_, model, 1);
        if (!config)
            return config.as<std::int64_t>();
        const std::string key = sha256Hex(*config).substr(0, 16) + "-" + std::to_string(options_.cpuSeconds);
        if (plan_.contains(key) && plan_[key].is_number_integer())
            return plan_[key].get<std::int64_t>();
        const auto engine = loadEngine();
        if (!engine)
            return engine.as<std::int64_t>();
        Engine::BenchRequest bench;
        bench.configJson = *config;
        bench.batch = Json::parse(*config)["batch"];
        bench.seconds = std::clamp(options_.cpuSeconds / 20, 1.0, 10.0);
        const auto speed = (*engine)->benchPretrain(bench);
        if (!speed)
            return speed.as<std::int64_t>();
        plan_[key] = std::max<std::int64_t>(1, std::llround(options_.cpuSeconds * *speed / bench.batch));
        std::error_code code;
        fs::create_directories(file_.parent_path(), code);
        if (const auto written = writeFileAtomically(file_, plan_.dump(2) + "\n"); !written)
            return written.as<std::int64_t>();
        return plan_[key].get<std::int64_t>();
    }

private:
    const CompareOptions& options_;
    fs::path file_;
    Json plan_;
};

struct Encoded {
    std::vector<EncoderTables> tables; // several: random seeds
};

Result<Encoded> encodeModel(const fs::path& studyFolder, Study& study, const CompareOptions& options, Budget& budget,
                            ComparedModel& out, const StopToken& stop, Progress& progress) {
    const auto steps = budget.stepsOf(out.model == kRandom ? kOurs : out.model);
    if (!steps)
        return steps.as<Encoded>();
    const auto config = configOf(options, out.model, *steps);
    if (!config)
        return config.as<Encoded>();
    const auto engine = loadEngine();
    if (!engine)
        return engine.as<Encoded>();
    EncodingChoice choice;
    choice.leads = options.evaluate.leads;
    Encoded encoded;
    std::vector<ModelInfo> infos;
    if (out.model == kRandom) {
        for (int i = 0; i < std::max(options.evaluate.randomSeeds, 1); ++i) {
            auto twin = (*engine)->randomModel(*config, options.evaluate.seed + static_cast<std::uint64_t>(i));
            if (!twin)
                return twin.as<Encoded>();
            infos.push_back(std::move(*twin));
        }
    } else {
        TrainingRequest request{"compare-" + out.model, *config, options.device, {}, stop};
        request.onUpdate = [&](const TrainUpdate& update) {
            if (options.onUpdate)
                options.onUpdate(out.model, update);
        };
        const auto run = trainOnce(studyFolder, request, progress);
        if (!run)
            return run.as<Encoded>();
        out.run = run->folder.filename().string();
        out.reused = run->reused;
        out.steps = run->steps;
        out.seconds = run->seconds;
        out.cpuSeconds = run->cpuSeconds;
        out.verdict = run->verdict;
        auto info = (*engine)->loadModel(run->model);
        if (!info)
            return info.as<Encoded>();
        if (const auto kept = keepModel(study, *info); !kept)
            return kept.as<Encoded>();
        infos.push_back(std::move(*info));
    }
    out.hash = infos.front().hash;
    for (const auto& info : infos) {
        auto tables = encoderTables(studyFolder, info, choice, stop, progress);
        if (!tables)
            return tables.as<Encoded>();
        out.encodingSeconds += tables->seconds;
        for (std::size_t level = 0; level < kLevels; ++level)
            out.effectiveRank[level] += tables->effectiveRank[level] / static_cast<double>(infos.size());
        encoded.tables.push_back(std::move(*tables));
    }
    return encoded;
}

struct Measured {
    std::vector<LabelScores> full, low;
};

std::vector<const LabelScores*> pointers(const std::vector<LabelScores>& scores) {
    std::vector<const LabelScores*> out;
    for (const auto& s : scores)
        out.push_back(&s);
    return out;
}

Result<Measured> measure(const Study& study, const std::vector<LabelQuestion>& asked, const PlaceOf& placeOf,
                         const std::vector<ProbeColumn>& columns, const std::vector<ProbeColumn>& lowColumns,
                         const CompareOptions& options, Comparison& out, const StopToken& stop, Progress& progress) {
    const EvaluateOptions& e = options.evaluate;
    Measured measured;
    progress.begin("Probes", static_cast<std::int64_t>(asked.size()));
    for (const auto& question : asked) {
        auto full = scoreLabel(study, question, placeOf, columns, {e.folds, e.repeats, 1, 1, e.seed}, stop);
        if (full.failed() &&
            (full.error().code == ErrorCode::ValueOutOfRange || full.error().code == ErrorCode::NotFound)) {
            out.refused.emplace_back(question.name, full.error().message);
            continue;
        }
        if (!full)
            return full.as<Measured>();
        if (options.lowShare > 0) {
            auto low = scoreLabel(study, question, placeOf, lowColumns,
                                  {e.folds, e.repeats, options.lowShare, e.draws, e.seed}, stop);
            if (!low)
                return low.as<Measured>();
            measured.low.push_back(std::move(*low));
        }
        const auto positives = static_cast<int>(std::count(full->rows.labels.begin(), full->rows.labels.end(), 1));
        out.labels.push_back(question.name);
        out.counts.emplace_back(positives, static_cast<int>(full->rows.labels.size()) - positives);
        measured.full.push_back(std::move(*full));
        progress.advance();
    }
    if (measured.full.empty())
        return makeError(ErrorCode::NotFound, out.refused.front().second,
                         "label \"" + out.refused.front().first + "\"");
    return measured;
}

void addFigures(ComparedModel& model, const std::vector<LabelScores>& scores, std::size_t column, double sensitivity) {
    const auto n = static_cast<double>(scores.size());
    for (const auto& label : scores) {
        model.perLabel.push_back(meanAuroc(label, column));
        const LabelFigures f = figuresOf(label, column, sensitivity);
        model.figures.auprc += f.auprc / n, model.figures.f1 += f.f1 / n, model.figures.accuracy += f.accuracy / n;
        model.figures.sensitivity += f.sensitivity / n, model.figures.specificity += f.specificity / n;
        model.figures.calibration.brier += f.calibration.brier / n;
        model.figures.calibration.expectedError += f.calibration.expectedError / n;
    }
}

// Columns: three levels of each model that works, then the simple features; with few labels the recording level alone.
void describeModels(const Measured& measured, const std::vector<std::size_t>& working, Comparison& out) {
    const EvaluateOptions& e = out.options.evaluate;
    const auto full = pointers(measured.full), low = pointers(measured.low);
    const auto leader =
        std::find_if(working.begin(), working.end(), [&](std::size_t m) { return out.models[m].model != kRandom; });
    const auto leading = leader == working.end() ? std::size_t{0} : static_cast<std::size_t>(leader - working.begin());
    for (std::size_t i = 0; i <= working.size(); ++i) {
        const bool simple = i == working.size();
        ComparedModel& model = simple ? out.models.back() : out.models[working[i]];
        const std::size_t column = kLevels * i;
        model.auroc = meanInterval(full, column, e.bootstraps, e.seed);
        model.lead = compareColumns(full, kLevels * leading, column, e.bootstraps, e.seed);
        addFigures(model, measured.full, column, e.sensitivity);
        for (const auto& label : measured.full)
            if (!simple) {
                model.interval += meanAuroc(label, column + 1) / static_cast<double>(full.size());
                model.event += meanAuroc(label, column + 2) / static_cast<double>(full.size());
            }
        if (low.empty())
            continue;
        model.lowAuroc = meanInterval(low, i, e.bootstraps, e.seed);
        model.lowLead = compareColumns(low, leading, i, e.bootstraps, e.seed);
    }
}

Result<Done> checkModels(const CompareOptions& options) {
    if (options.models.empty())
        return makeError(ErrorCode::WrongUse, "no model is to be compared");
    for (const auto& model : options.models)
        if (std::find(comparisonModels().begin(), comparisonModels().end(), model) == comparisonModels().end()) {
            std::string known;
            for (const auto& name : comparisonModels())
                known += (known.empty() ? "" : ", ") + name;
            return makeError(ErrorCode::WrongUse, "there is no model \"" + model + "\" to compare; there are " + known);
        }
    // A wrong setting is the person's mistake, not the failure of a model.
    const auto config = configOf(options, kOurs, 1);
    return config ? Result<Done>(Done{}) : config.as<Done>();
}

} // namespace

const std::vector<std::string>& comparisonModels() {
    static const std::vector<std::string> kModels = {"er-jepa", "er-jepa-no-channel", "1d-jepa", "ecg-jepa", "lenepa",
                                                     kRandom};
    return kModels;
}

Result<Comparison> compareModels(const fs::path& studyFolder, const std::vector<LabelQuestion>& questions,
                                 const CompareOptions& given, StopToken stop, Progress& progress) {
    const auto start = std::chrono::steady_clock::now();
    if (questions.empty())
        return makeError(ErrorCode::WrongUse, "no label is asked for");
    if (const auto checked = checkModels(given); !checked)
        return checked.as<Comparison>();
    auto study = Study::open(studyFolder);
    if (!study)
        return study.as<Comparison>();
    auto options = given;
    options.evaluate = withStoredSplit(**study, given.evaluate);
    Comparison out;
    out.options = options;
    const EvaluateOptions& e = options.evaluate;
    const auto asked = answerable(**study, questions, e.folds, e.seed, e.fewestPositives, out.refused);
    if (!asked)
        return asked.as<Comparison>();

    Budget budget(**study, options);
    std::vector<Encoded> encoded;
    std::vector<std::size_t> working; // places in out.models
    for (const auto& name : options.models) {
        ComparedModel model;
        model.model = name;
        auto tables = encodeModel(studyFolder, **study, options, budget, model, stop, progress);
        if (tables.cancelled())
            return Cancelled{};
        if (tables) {
            working.push_back(out.models.size());
            encoded.push_back(std::move(*tables));
        } else {
            model = {};
            model.model = name;
            model.error = tables.error().text();
        }
        out.models.push_back(std::move(model));
    }
    if (working.empty())
        return makeError(ErrorCode::NotFound,
                         "none of the models could be trained; the first: " + out.models.front().error);
    ModelInfo anyModel; // for its preprocessing alone
    const auto config = configOf(options, kOurs, 1);
    if (!config)
        return config.as<Comparison>();
    anyModel.configJson = *config;
    anyModel.leads = preprocessingOf(anyModel)->leads;
    const auto simple = simpleFeatureTable(studyFolder, anyModel, {e.leads, false}, stop, progress);
    if (!simple)
        return simple.as<Comparison>();
    PlaceOf placeOf;
    for (std::size_t i = 0; i < simple->ids.size(); ++i)
        placeOf[simple->ids[i]] = static_cast<Eigen::Index>(i);
    out.recordings = static_cast<std::int64_t>(simple->ids.size());
    std::vector<ProbeColumn> columns, lowColumns;
    for (const Encoded& model : encoded) {
        for (std::size_t level = 0; level < kLevels; ++level) {
            columns.emplace_back();
            for (const EncoderTables& tables : model.tables) {
                if (tables.levels[level].ids != simple->ids)
                    return makeError(ErrorCode::Bug, "the encoders were given different recordings");
                columns.back().scorers.push_back(linearScorer(tables.levels[level].values, e.probe));
            }
        }
        lowColumns.push_back(columns[columns.size() - kLevels]);
    }
    columns.push_back({"simple-features", {linearScorer(simple->values, e.probe)}});
    lowColumns.push_back(columns.back());
    out.models.emplace_back().model = "simple-features";

    const auto measured = measure(**study, *asked, placeOf, columns, lowColumns, options, out, stop, progress);
    if (!measured)
        return measured.as<Comparison>();
    describeModels(*measured, working, out);
    out.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return out;
}

} // namespace precordia
