// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explore/known_truth.h"

#include "core/engine/config.h"
#include "core/engine/engine_loader.h"
#include "core/explore/embed_study.h"
#include "core/signal/preprocess.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numbers>

namespace precordia {

namespace fs = std::filesystem;
using Json = nlohmann::json;

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr int kLeastRows = 40;

// What the probes see and what they should say.
struct Corpus {
    std::string name;
    std::shared_ptr<const WindowSource> windows;
    std::vector<std::int64_t> which; // windows, one a row
    std::vector<std::vector<double>> values;
    std::vector<KnownFactor> factors;
    std::vector<std::string> notMeasured;
};

struct Tables {
    Matrix recording, interval, event, lead;
};

// Mean and standard deviation over time of the columns [from, from + width) of each of T rows of length `stride`.
void pool(const std::vector<float>& rows, int t, int stride, int from, int width, float* out) {
    for (int d = 0; d < width; ++d) {
        double sum = 0, squares = 0;
        for (int i = 0; i < t; ++i) {
            const double v = static_cast<double>(rows[static_cast<std::size_t>(i * stride + from + d)]);
            sum += v, squares += v * v;
        }
        const double mean = sum / t;
        out[d] = static_cast<float>(mean);
        out[width + d] = static_cast<float>(std::sqrt(std::max(0.0, squares / t - mean * mean)));
    }
}

class Prober {
public:
    Prober(Engine& engine, const KnownTruthOptions& options, StopToken stop, Progress& progress)
        : engine_(engine)
        , options_(options)
        , stop_(std::move(stop))
        , progress_(progress) {}

    Result<CorpusTruth> operator()(const ModelInfo& model, const ModelInfo& twin, const Corpus& corpus) {
        CorpusTruth out;
        out.corpus = corpus.name;
        out.recordings = static_cast<int>(corpus.which.size());
        out.factors = corpus.factors;
        out.notMeasured = corpus.notMeasured;
        for (const ModelInfo* each : {&model, &twin}) {
            const bool first = each == &model;
            const auto tables = encode(*each, corpus, {}, true);
            if (!tables)
                return tables.as<CorpusTruth>();
            for (const auto& [level, table] : {std::pair{"recording", &tables->recording},
                                               {"interval", &tables->interval},
                                               {"event", &tables->event},
                                               {"lead", &tables->lead}})
                if (auto added = add(out, level, *table, corpus, first); !added)
                    return added.as<CorpusTruth>();
            if (options_.layers)
                if (auto added = addLayers(out, *each, corpus, first); !added)
                    return added.as<CorpusTruth>();
        }
        return out;
    }

private:
    // Interval encodings after each layer over the leads, event encodings after each layer over the intervals.
    Result<Done> addLayers(CorpusTruth& out, const ModelInfo& model, const Corpus& corpus, bool first) {
        const auto config = Json::parse(model.configJson, nullptr, false);
        const auto depth = [&config](const char* key) { return config.is_object() ? config.value(key, 0) : 0; };
        for (int k = 0; k < depth("channel_depth"); ++k) {
            EncodeOptions options;
            options.channelLayers = k, options.temporalLayers = 0;
            const auto tables = encode(model, corpus, options, false);
            if (!tables)
                return tables.as<Done>();
            if (auto added = add(out, "channel " + std::to_string(k), tables->interval, corpus, first); !added)
                return added;
        }
        for (int k = 0; k < depth("temporal_depth"); ++k) {
            EncodeOptions options;
            options.temporalLayers = k;
            const auto tables = encode(model, corpus, options, false);
            if (!tables)
                return tables.as<Done>();
            if (auto added = add(out, "temporal " + std::to_string(k), tables->event, corpus, first); !added)
                return added;
        }
        return Done{};
    }

    Result<Done> add(CorpusTruth& out, const std::string& level, const Matrix& table, const Corpus& corpus,
                     bool first) {
        progress_.begin("Probes", 0);
        auto scores = scoreFactors(table, corpus.values, corpus.factors, options_.folds, options_.seed, stop_);
        if (!scores)
            return scores.as<Done>();
        auto at = std::find_if(out.levels.begin(), out.levels.end(),
                               [&](const LevelTruth& known) { return known.level == level; });
        if (at == out.levels.end())
            at = out.levels.insert(out.levels.end(), LevelTruth{level, {}, {}});
        (first ? at->model : at->random) = std::move(*scores);
        return Done{};
    }

    Result<Tables> encode(const ModelInfo& model, const Corpus& corpus, EncodeOptions options, bool leads) {
        const auto rows = static_cast<Eigen::Index>(corpus.which.size());
        Tables out;
        options.leadLevel = leads;
        options.stop = stop_;
        progress_.begin("Encoding", rows);
        for (Eigen::Index i = 0; i < rows; ++i) {
            const auto window = corpus.which[static_cast<std::size_t>(i)];
            const auto take = [&](std::int64_t, const Encodings& e) -> Result<Done> {
                if (i == 0) {
                    out.recording.resize(rows, static_cast<Eigen::Index>(e.recording.size()));
                    out.interval.resize(rows, 2 * e.width);
                    out.event.resize(rows, 2 * e.width);
                    out.lead.resize(leads ? rows : 0, 2 * e.width * e.leads);
                }
                std::copy(e.recording.begin(), e.recording.end(), out.recording.row(i).data());
                pool(e.interval, e.intervals, e.width, 0, e.width, out.interval.row(i).data());
                pool(e.event, e.intervals, e.width, 0, e.width, out.event.row(i).data());
                for (int l = 0; leads && l < e.leads; ++l)
                    pool(e.lead, e.intervals, e.leads * e.width, l * e.width, e.width,
                         out.lead.row(i).data() + static_cast<std::ptrdiff_t>(2 * l) * e.width);
                progress_.advance();
                return Done{};
            };
            const auto done = engine_.encode(model.hash, *corpus.windows, window, 1, options, take);
            if (!done)
                return done.as<Tables>();
        }
        return out;
    }

    Engine& engine_;
    const KnownTruthOptions& options_;
    StopToken stop_;
    Progress& progress_;
};

std::vector<std::int64_t> firstN(int n) {
    std::vector<std::int64_t> out(static_cast<std::size_t>(n));
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = static_cast<std::int64_t>(i);
    return out;
}

Result<Corpus> ecgCorpus(const PreprocessingConfig& preprocessing, const KnownTruthOptions& options,
                         const StopToken& stop, Progress& progress) {
    Corpus out{"ecg", {}, firstN(options.recordings), {}, diagnosticFactors(), {}};
    auto windows = std::make_shared<MemoryWindows>(WindowShape{
        static_cast<int>(preprocessing.leads.size()), preprocessing.windowSamples(), preprocessing.samplingRate});
    progress.begin("making demo recordings", options.recordings);
    for (int i = 0; i < options.recordings; ++i) {
        if (stop.stop_requested())
            return Cancelled{};
        auto one = synthesiseDiagnostic(options.seed, i);
        auto cut = preprocess(one.ecg.recording, preprocessing);
        if (!cut)
            return cut.as<Corpus>();
        windows->add(std::move(cut->front().samples), std::move(cut->front().leadPresent));
        out.values.push_back(std::move(one.values));
        progress.advance();
    }
    out.windows = std::move(windows);
    return out;
}

Result<Corpus> genericCorpus(const PreprocessingConfig& preprocessing, const KnownTruthOptions& options) {
    Corpus out{"generic", {}, firstN(options.recordings), {}, genericFactors(), {}};
    const int leads = static_cast<int>(preprocessing.leads.size());
    auto windows =
        std::make_shared<MemoryWindows>(WindowShape{leads, preprocessing.windowSamples(), preprocessing.samplingRate});
    for (int i = 0; i < options.recordings; ++i) {
        auto one = synthesiseGeneric(options.seed, i, leads, preprocessing.windowSamples(), preprocessing.samplingRate);
        windows->add(std::move(one.samples));
        out.values.push_back(std::move(one.values));
    }
    out.windows = std::move(windows);
    return out;
}

// One measured quantity of the study: several names are averaged; an angle becomes its cosine and sine.
struct Quantity {
    KnownFactor factor;
    std::vector<std::string> names;
    enum class Form { Plain, Cosine, Sine } form = Form::Plain;
};

const std::vector<Quantity>& quantities() {
    using Form = Quantity::Form;
    static const std::vector<Quantity> all = {{{"heart_rate", "bpm"}, {"heart_rate_bpm"}},
                                              {{"rr_sd", "ms"}, {"rr_sd_ms"}},
                                              {{"pr", "ms"}, {"pr_ms"}},
                                              {{"qrs", "ms"}, {"qrs_ms"}},
                                              {{"qt", "ms"}, {"qt_ms"}},
                                              {{"qrs_axis_cos", ""}, {"qrs_axis_deg"}, Form::Cosine},
                                              {{"qrs_axis_sin", ""}, {"qrs_axis_deg"}, Form::Sine},
                                              {{"t_axis_cos", ""}, {"t_axis_deg"}, Form::Cosine},
                                              {{"t_axis_sin", ""}, {"t_axis_deg"}, Form::Sine},
                                              {{"p_axis_cos", ""}, {"p_axis_deg"}, Form::Cosine},
                                              {{"st_inferior", "uV"}, {"st_II_uv", "st_III_uv", "st_aVF_uv"}},
                                              {{"st_anterior", "uV"}, {"st_V2_uv", "st_V3_uv", "st_V4_uv"}},
                                              {{"st_lateral", "uV"}, {"st_I_uv", "st_aVL_uv", "st_V5_uv", "st_V6_uv"}}};
    return all;
}

using Column = std::map<RecordingId, double>;

Result<Column> columnOf(const Study& study, const std::string& name) {
    Column out;
    for (const char* source : {"truth", "computed", "file"}) { // the first that has one stands
        const auto values = study.measurementColumn(source, name);
        if (!values)
            return values.as<Column>();
        for (const auto& [id, value] : *values)
            out.try_emplace(id, value);
    }
    return out;
}

Result<Corpus> studyCorpus(const fs::path& folder, const PreprocessingConfig& preprocessing,
                           const KnownTruthOptions& options, const StopToken& stop, Progress& progress) {
    const auto study = Study::open(folder);
    if (!study)
        return study.as<Corpus>();
    auto cache = SignalCache::build(folder, preprocessing, stop, progress);
    if (!cache)
        return cache.as<Corpus>();
    Corpus out;
    out.name = "study";
    std::vector<RecordingId> ids;
    for (std::int64_t i = 0; i < (*cache)->size() && static_cast<int>(ids.size()) < options.recordings; ++i)
        if (const auto id = (*cache)->recording(i); ids.empty() || ids.back() != id) {
            ids.push_back(id);
            out.which.push_back(i);
        }
    out.values.resize(ids.size());
    for (const auto& quantity : quantities()) {
        std::vector<double> sum(ids.size(), 0);
        for (const auto& name : quantity.names) {
            const auto column = columnOf(**study, name);
            if (!column)
                return column.as<Corpus>();
            for (std::size_t i = 0; i < ids.size(); ++i) {
                const auto found = column->find(ids[i]);
                sum[i] += found == column->end() ? kNone : found->second / static_cast<double>(quantity.names.size());
            }
        }
        if (std::count_if(sum.begin(), sum.end(), [](double v) { return std::isfinite(v); }) < kLeastRows) {
            out.notMeasured.push_back(quantity.factor.name);
            continue;
        }
        out.factors.push_back(quantity.factor);
        for (std::size_t i = 0; i < ids.size(); ++i) {
            const double angle = sum[i] * std::numbers::pi / 180;
            out.values[i].push_back(quantity.form == Quantity::Form::Plain    ? sum[i]
                                    : quantity.form == Quantity::Form::Cosine ? std::cos(angle)
                                                                              : std::sin(angle));
        }
    }
    out.windows = *cache;
    return out;
}

Result<std::vector<ModelTruth>> probeModels(const fs::path& study, const KnownTruthOptions& options,
                                            const StopToken& stop, Progress& progress) {
    using Models = std::vector<ModelTruth>;
    auto engine = loadEngine();
    if (!engine)
        return engine.as<Models>();
    auto paths = options.models;
    if (paths.empty())
        paths.push_back(demoModelFile());
    Models out;
    for (const auto& path : paths) {
        if (path.empty())
            return makeError(ErrorCode::NotFound, "no model was named and the demo weights are not installed");
        const auto model = (*engine)->loadModel(path);
        if (!model)
            return model.as<Models>();
        const auto twin = (*engine)->randomModel(model->configJson, options.seed);
        if (!twin)
            return twin.as<Models>();
        const auto preprocessing = preprocessingOf(*model);
        if (!preprocessing)
            return preprocessing.as<Models>();
        const auto config = Json::parse(model->configJson, nullptr, false);
        ModelTruth truth{path.filename().string(),
                         model->hash,
                         config.is_object() ? config.value("architecture", "er-jepa") : "er-jepa",
                         {}};
        Prober prober(**engine, options, stop, progress);
        const auto names = study.empty() ? options.corpora : std::vector<std::string>{"study"};
        for (const auto& name : names) {
            const auto corpus = name == "study" ? studyCorpus(study, *preprocessing, options, stop, progress)
                                : name == "ecg" ? ecgCorpus(*preprocessing, options, stop, progress)
                                                : genericCorpus(*preprocessing, options);
            if (!corpus)
                return corpus.as<Models>();
            auto one = prober(*model, *twin, *corpus);
            if (!one)
                return one.as<Models>();
            truth.corpora.push_back(std::move(*one));
        }
        out.push_back(std::move(truth));
    }
    return out;
}

} // namespace

Result<std::vector<ModelTruth>> knownTruth(const KnownTruthOptions& options, StopToken stop, Progress& progress) {
    return probeModels({}, options, stop, progress);
}

Result<std::vector<ModelTruth>> studyTruth(const fs::path& study, const KnownTruthOptions& options, StopToken stop,
                                           Progress& progress) {
    return probeModels(study, options, stop, progress);
}

} // namespace precordia
