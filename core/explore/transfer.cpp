// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explore/transfer.h"

#include "core/ecg/pulse_synthesis.h"
#include "core/engine/config.h"
#include "core/engine/engine_loader.h"
#include "core/explore/transfer_real.h"
#include "core/signal/preprocess.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace precordia {

namespace fs = std::filesystem;
using Json = nlohmann::json;

namespace {

constexpr int kChannels = 2;

struct Family {
    std::string name;
    std::vector<KnownFactor> factors;
    std::shared_ptr<MemoryWindows> pretraining, probing;
    std::vector<std::vector<double>> values; // of probing
};

// Of the diagnostic corpus, the values that a rhythm strip shows.
const std::vector<std::size_t>& ecgColumns() {
    static const std::vector<std::size_t> columns = [] {
        std::vector<std::size_t> out;
        for (std::size_t i = 0; i < diagnosticFactors().size(); ++i)
            for (const char* name : {"heart_rate", "rr_sd", "pr", "qrs", "qt", "log_noise"})
                if (diagnosticFactors()[i].name == name)
                    out.push_back(i);
        return out;
    }();
    return columns;
}

struct Member {
    std::vector<float> samples;
    std::vector<double> values;
};

Result<Member> memberOf(const std::string& family, std::uint64_t seed, int index, const PreprocessingConfig& shape) {
    if (family == "ppg") {
        auto one = synthesisePpg(seed, index, shape.windowSamples(), shape.samplingRate);
        return Member{std::move(one.samples), std::move(one.values)};
    }
    if (family == "icg") {
        auto one = synthesiseIcg(seed, index, shape.windowSamples(), shape.samplingRate);
        return Member{std::move(one.samples), std::move(one.values)};
    }
    const auto one = synthesiseDiagnostic(seed, index);
    auto config = shape;
    config.leads = {"II", "V5"};
    auto cut = preprocess(one.ecg.recording, config);
    if (!cut)
        return cut.as<Member>();
    Member out{std::move(cut->front().samples), {}};
    for (const auto column : ecgColumns())
        out.values.push_back(one.values[column]);
    return out;
}

Result<Family> makeFamily(const std::string& name, const TransferOptions& options, const PreprocessingConfig& shape,
                          const StopToken& stop, Progress& progress) {
    Family out;
    out.name = name;
    if (name == "ppg")
        out.factors = ppgFactors();
    else if (name == "icg")
        out.factors = icgFactors();
    else if (name == "ecg")
        for (const auto column : ecgColumns())
            out.factors.push_back(diagnosticFactors()[column]);
    else
        return makeError(ErrorCode::WrongUse, "there is no signal family \"" + name + "\": ecg, ppg or icg");
    const WindowShape window{kChannels, shape.windowSamples(), shape.samplingRate};
    out.pretraining = std::make_shared<MemoryWindows>(window);
    out.probing = std::make_shared<MemoryWindows>(window);
    progress.begin("making demo recordings", options.pretraining + options.probing);
    for (int i = 0; i < options.pretraining + options.probing; ++i) {
        if (stop.stop_requested())
            return Cancelled{};
        auto one = memberOf(name, options.seed, i, shape);
        if (!one)
            return one.as<Family>();
        const bool learns = i < options.pretraining;
        (learns ? out.pretraining : out.probing)->add(std::move(one->samples));
        if (!learns)
            out.values.push_back(std::move(one->values));
        progress.advance();
    }
    return out;
}

Result<std::string> configOf(const TransferOptions& options) {
    ConfigRequest request;
    // The channels have no names that two families share; each deviation is the unit, the families have none in common.
    request.settings = {"leads=[\"first\",\"second\"]",
                        "scale=recording",
                        "epochs=0",
                        "steps=" + std::to_string(options.steps),
                        "decoder_steps=0",
                        "seed=" + std::to_string(options.seed),
                        "diagnose_every=0",
                        "checkpoint_every=0"};
    request.settings.insert(request.settings.end(), options.settings.begin(), options.settings.end());
    return resolveConfig(request);
}

Result<Matrix> embed(Engine& engine, const ModelInfo& model, const MemoryWindows& windows, const StopToken& stop) {
    Matrix out(static_cast<Eigen::Index>(windows.size()), model.recordingWidth);
    EncodeOptions options;
    options.stop = stop;
    const auto done = engine.encode(model.hash, windows, 0, windows.size(), options,
                                    [&out](std::int64_t i, const Encodings& e) -> Result<Done> {
                                        std::copy(e.recording.begin(), e.recording.end(), out.row(i).data());
                                        return Done{};
                                    });
    if (!done)
        return done.as<Matrix>();
    return out;
}

// heart_rate of the real windows by the probe that is fitted on the family's synthetic recordings.
Result<Done> addReal(TransferTable& table, const std::string& from, Engine& engine, const ModelInfo& model,
                     const Family& family, const Matrix& features, const std::vector<RealWindows>& real,
                     const StopToken& stop) {
    std::vector<double> rates;
    for (const auto& values : family.values)
        for (std::size_t f = 0; f < family.factors.size(); ++f)
            if (family.factors[f].name == "heart_rate")
                rates.push_back(values[f]);
    for (const auto& one : real) {
        if (one.signal.family != family.name)
            continue;
        const auto shown = embed(engine, model, *one.windows, stop);
        if (!shown)
            return shown.as<Done>();
        const auto guesses = readValues(features, rates, *shown);
        RealRow row{from, family.name, one.signal.file, static_cast<int>(one.rates.size()), 0, 0};
        const auto n = static_cast<double>(one.rates.size());
        for (std::size_t i = 0; i < one.rates.size(); ++i) {
            row.rate += one.rates[i] / n;
            row.error += std::abs(guesses[i] - one.rates[i]) / n;
        }
        table.real.push_back(std::move(row));
    }
    return Done{};
}

Result<Done> addRow(TransferTable& table, const std::string& from, Engine& engine, const ModelInfo& model,
                    const std::vector<Family>& families, const std::vector<RealWindows>& real, const StopToken& stop,
                    Progress& progress) {
    for (const auto& to : families) {
        progress.begin("Probes", 0);
        const auto features = embed(engine, model, *to.probing, stop);
        if (!features)
            return features.as<Done>();
        auto scores = scoreFactors(*features, to.values, to.factors, table.options.folds, table.options.seed, stop);
        if (!scores)
            return scores.as<Done>();
        TransferCell cell{from, to.name, std::move(*scores), 0};
        for (const auto& score : cell.scores)
            cell.mean += score.score.value_or(0) / static_cast<double>(cell.scores.size());
        table.cells.push_back(std::move(cell));
        if (auto added = addReal(table, from, engine, model, to, *features, real, stop); !added)
            return added;
    }
    return Done{};
}

// A folder that goes with its owner.
class RunsFolder {
public:
    explicit RunsFolder(const fs::path& kept) : path_(kept), temporary_(kept.empty()) {
        if (!temporary_)
            return;
        std::string name = (fs::temp_directory_path() / "precordia-transfer-XXXXXX").string();
        if (::mkdtemp(name.data()) != nullptr)
            path_ = name;
    }
    ~RunsFolder() {
        std::error_code code;
        if (temporary_ && !path_.empty())
            fs::remove_all(path_, code);
    }
    RunsFolder(const RunsFolder&) = delete;
    RunsFolder& operator=(const RunsFolder&) = delete;
    const fs::path& path() const { return path_; }

private:
    fs::path path_;
    bool temporary_;
};

} // namespace

Result<TransferTable> transferBetweenFamilies(const TransferOptions& options, StopToken stop, Progress& progress) {
    auto engine = loadEngine();
    if (!engine)
        return engine.as<TransferTable>();
    const auto config = configOf(options);
    if (!config)
        return config.as<TransferTable>();
    const auto keys = preprocessingKeys(*config);
    if (!keys)
        return keys.as<TransferTable>();
    PreprocessingConfig shape;
    shape.samplingRate = keys->samplingRate, shape.windowSeconds = keys->windowSeconds;
    shape.lowHz = keys->lowHz, shape.highHz = keys->highHz;
    const RunsFolder folder(options.keep);
    if (folder.path().empty())
        return makeError(ErrorCode::FileUnwritable, "no temporary folder can be made",
                         fs::temp_directory_path().string());
    TransferTable table;
    table.options = options;
    std::vector<RealWindows> real;
    for (const auto& signal : options.real) {
        if (std::find(options.families.begin(), options.families.end(), signal.family) == options.families.end())
            return makeError(ErrorCode::WrongUse,
                             "\"" + signal.family + "\" is none of the families that are asked for",
                             signal.file.string());
        auto windows = readReal(signal, shape);
        if (!windows)
            return windows.as<TransferTable>();
        real.push_back(std::move(*windows));
    }
    std::vector<Family> families;
    for (const auto& name : options.families) {
        auto family = makeFamily(name, options, shape, stop, progress);
        if (!family)
            return family.as<TransferTable>();
        table.families.push_back(name);
        table.factors.push_back(family->factors);
        families.push_back(std::move(*family));
    }
    const auto twin = (*engine)->randomModel(*config, options.seed);
    if (!twin)
        return twin.as<TransferTable>();
    if (auto added = addRow(table, "random", **engine, *twin, families, real, stop, progress); !added)
        return added.as<TransferTable>();
    for (const auto& from : families) {
        PretrainRequest request;
        request.windows = from.pretraining;
        request.configJson = *config;
        request.runFolder = folder.path() / from.name;
        request.stop = stop;
        progress.begin("pretraining", options.steps);
        request.onUpdate = [&progress](const TrainUpdate& update) { progress.update(update.step); };
        const auto run = (*engine)->pretrain(request);
        if (!run)
            return run.as<TransferTable>();
        const auto model = (*engine)->loadModel(run->model);
        if (!model)
            return model.as<TransferTable>();
        if (auto added = addRow(table, from.name, **engine, *model, families, real, stop, progress); !added)
            return added.as<TransferTable>();
    }
    return table;
}

std::string transferText(const TransferTable& table) {
    char line[160];
    std::snprintf(line, sizeof line,
                  "pretrained %d steps on %d recordings, probed on %d others; R2 of the recording "
                  "embedding, mean over the factors of a family\n%-12s",
                  table.options.steps, table.options.pretraining, table.options.probing, "from \\ to");
    std::string out = line;
    for (const auto& family : table.families) {
        std::snprintf(line, sizeof line, "%8s", family.c_str());
        out += line;
    }
    std::string details;
    std::string row;
    for (const auto& cell : table.cells) {
        if (cell.from != row) {
            row = cell.from;
            std::snprintf(line, sizeof line, "\n%-12s", row.c_str());
            out += line;
        }
        std::snprintf(line, sizeof line, "%8.3f", cell.mean);
        out += line;
    }
    for (std::size_t f = 0; f < table.families.size(); ++f) {
        std::snprintf(line, sizeof line, "\nto %-9s", table.families[f].c_str());
        details += line;
        for (const auto& factor : table.factors[f]) {
            std::snprintf(line, sizeof line, "%18s", factor.name.c_str());
            details += line;
        }
        for (const auto& cell : table.cells) {
            if (cell.to != table.families[f])
                continue;
            std::snprintf(line, sizeof line, "\n%-12s", cell.from.c_str());
            details += line;
            for (const auto& score : cell.scores) {
                std::snprintf(line, sizeof line, "%18.3f", score.score.value_or(0));
                details += line;
            }
        }
        details += "\n";
    }
    if (!table.real.empty())
        details += "\nreal signals: pulse rate by the probe of the synthetic family, mean distance from the rate by "
                   "autocorrelation\n";
    for (const auto& one : table.real) {
        std::snprintf(line, sizeof line, "%-12s to %-4s %6.1f bpm off, of %.1f in %d windows of ", one.from.c_str(),
                      one.family.c_str(), one.error, one.rate, one.windows);
        details += line + one.file.filename().string() + "\n";
    }
    return out + "\n" + details;
}

std::string transferJson(const TransferTable& table) {
    Json cells = Json::array();
    for (const auto& cell : table.cells) {
        Json factors = Json::object();
        for (std::size_t f = 0; f < table.families.size(); ++f)
            if (table.families[f] == cell.to)
                for (std::size_t k = 0; k < cell.scores.size(); ++k)
                    factors[table.factors[f][k].name] = cell.scores[k].score ? Json(*cell.scores[k].score) : Json();
        cells.push_back({{"from", cell.from}, {"to", cell.to}, {"mean_r2", cell.mean}, {"r2", std::move(factors)}});
    }
    Json real = Json::array();
    for (const auto& row : table.real)
        real.push_back({{"from", row.from},
                        {"family", row.family},
                        {"file", row.file.string()},
                        {"windows", row.windows},
                        {"rate_bpm", row.rate},
                        {"error_bpm", row.error}});
    return Json{
        {"families", table.families},       {"steps", table.options.steps}, {"pretraining", table.options.pretraining},
        {"probing", table.options.probing}, {"cells", std::move(cells)},    {"real", std::move(real)}}
        .dump(2);
}

} // namespace precordia
