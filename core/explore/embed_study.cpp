// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explore/embed_study.h"

#include "core/base/file.h"
#include "core/engine/config.h"
#include "core/engine/engine_loader.h"
#include "core/explore/succession.h"

#include <algorithm>
#include <chrono>
#include <set>

namespace precordia {

namespace fs = std::filesystem;

namespace {

using Clock = std::chrono::steady_clock;

// A collapsed run is none that anybody chose.
fs::path newestRunModel(const Study& study) {
    std::vector<std::pair<fs::file_time_type, fs::path>> found;
    std::error_code code;
    for (fs::directory_iterator it(study.runsFolder(), code), end; !code && it != end; it.increment(code)) {
        const fs::path file = it->path() / "model.safetensors";
        std::error_code missing;
        const auto time = fs::last_write_time(file, missing);
        if (!missing)
            found.emplace_back(time, file);
    }
    std::sort(found.rbegin(), found.rend());
    for (const auto& [time, file] : found)
        if (lastVerdict(file.parent_path()) != "collapsed")
            return file;
    return {};
}

Result<Done> keepCopy(const fs::path& from, const fs::path& to) {
    std::error_code code;
    if (fs::exists(to, code))
        return Done{};
    fs::create_directories(to.parent_path(), code);
    const auto bytes = readFile(from);
    if (!bytes)
        return bytes.as<Done>();
    return writeFileAtomically(to, *bytes);
}

EmbeddingHeader headerOf(const ModelInfo& model, const SignalCache& cache) {
    EmbeddingHeader header;
    header.modelHash = model.hash;
    header.preprocessingHash = cache.config().hash();
    header.dataHash = cache.dataHash();
    header.intervals = model.intervals;
    header.leads = static_cast<int>(model.leads.size());
    header.width = model.width;
    header.recordingWidth = model.recordingWidth;
    return header;
}

bool sameAs(const fs::path& file, const EmbeddingHeader& header, bool leadLevel) {
    std::error_code code;
    if (!fs::exists(file, code))
        return false;
    const auto there = EmbeddingFile::open(file);
    return there.ok() && (*there)->header().modelHash == header.modelHash &&
           (*there)->header().preprocessingHash == header.preprocessingHash &&
           (*there)->header().dataHash == header.dataHash && ((*there)->hasLeadLevel() || !leadLevel);
}

Result<Done> encodeInto(const fs::path& file, const EmbeddingHeader& header, const SignalCache& cache,
                        const EmbedOptions& options, const StopToken& stop, Progress& progress) {
    auto engine = loadEngine();
    if (!engine)
        return engine.as<Done>();
    auto writer = EmbeddingWriter::create(file, header, options.leadLevel);
    if (!writer)
        return writer.as<Done>();
    progress.begin("Encoding", cache.size());
    EncodeOptions encode;
    encode.leadLevel = options.leadLevel;
    encode.batch = options.batch;
    encode.stop = stop;
    const auto done = (*engine)->encode(
        header.modelHash, cache, 0, cache.size(), encode, [&](std::int64_t index, const Encodings& e) -> Result<Done> {
            progress.advance();
            return (*writer)->append(cache.recording(index), e.recording, e.interval, e.event, e.lead);
        });
    return done ? (*writer)->finish() : done;
}

} // namespace

void poolOverTime(const std::vector<float>& rows, int intervals, int width, Eigen::RowVectorXf& out) {
    const Eigen::Map<const Matrix> x(rows.data(), intervals, width);
    const Eigen::RowVectorXf mean = x.colwise().mean();
    out.resize(2 * width);
    out.head(width) = mean;
    out.tail(width) =
        ((x.rowwise() - mean).colwise().squaredNorm() / static_cast<float>(std::max(intervals - 1, 1))).cwiseSqrt();
}

Result<PreprocessingConfig> preprocessingOf(const ModelInfo& model) {
    const auto keys = preprocessingKeys(model.configJson);
    if (!keys)
        return keys.as<PreprocessingConfig>();
    PreprocessingConfig config;
    config.leads = keys->leads;
    config.lowHz = keys->lowHz;
    config.highHz = keys->highHz;
    config.samplingRate = keys->samplingRate;
    config.windowSeconds = keys->windowSeconds;
    return config;
}

fs::path modelFile(const Study& study, const std::string& hash) {
    return study.modelsFolder() / (hash + ".safetensors");
}

fs::path embeddingFile(const Study& study, const std::string& modelHash) {
    return study.embeddingsFolder() / (modelHash + ".h5");
}

// models/<hash>.safetensors with its configuration: the study keeps the weights that its embeddings came from.
Result<Done> keepModel(const Study& study, const ModelInfo& model) {
    const fs::path to = modelFile(study, model.hash);
    if (const auto copied = keepCopy(model.file, to); !copied)
        return copied;
    fs::path json = model.file;
    json.replace_extension(".json");
    std::error_code code;
    if (!fs::exists(json, code))
        return Done{};
    fs::path toJson = to;
    toJson.replace_extension(".json");
    return keepCopy(json, toJson);
}

Result<ChosenModel> chooseModel(const Study& study, const fs::path& model) {
    std::error_code code;
    if (!model.empty()) {
        for (const fs::path& path : {model, study.runsFolder() / model, modelFile(study, model.string())})
            if (fs::exists(path, code))
                return ChosenModel{path, false};
        return makeError(ErrorCode::NotFound, "there is neither a model file nor a run of this name", model.string());
    }
    if (const std::string current = study.currentModel();
        !current.empty() && fs::exists(modelFile(study, current), code))
        return ChosenModel{modelFile(study, current), false};
    if (const fs::path newest = newestRunModel(study); !newest.empty())
        return ChosenModel{newest, false};
    if (const fs::path demo = demoModelFile(); !demo.empty() && fs::exists(demo, code))
        return ChosenModel{demo, true};
    return makeError(ErrorCode::NotFound, "the study has no trained model and the demo weights are not installed",
                     study.folder().string());
}

Result<EmbedReport> embedStudy(const fs::path& studyFolder, const fs::path& model, const EmbedOptions& options,
                               StopToken stop, Progress& progress) {
    auto study = Study::open(studyFolder);
    if (!study)
        return study.as<EmbedReport>();
    const auto chosen = chooseModel(**study, model);
    if (!chosen)
        return chosen.as<EmbedReport>();
    progress.begin("Loading the model", 0);
    auto engine = loadEngine();
    if (!engine)
        return engine.as<EmbedReport>();
    const auto loaded = (*engine)->loadModel(chosen->path);
    if (!loaded)
        return loaded.as<EmbedReport>();
    if (const auto kept = keepModel(**study, *loaded); !kept)
        return kept.as<EmbedReport>();
    auto report = embedLoaded(studyFolder, *loaded, options, stop, progress);
    if (!report)
        return report;
    report->demoModel = chosen->demo;
    if (options.makeCurrent)
        if (const auto set = (*study)->setCurrentModel(loaded->hash); !set)
            return set.as<EmbedReport>();
    return report;
}

Result<EmbedReport> embedLoaded(const fs::path& studyFolder, const ModelInfo& model, const EmbedOptions& options,
                                StopToken stop, Progress& progress) {
    auto study = Study::open(studyFolder);
    if (!study)
        return study.as<EmbedReport>();
    const auto preprocessing = preprocessingOf(model);
    if (!preprocessing)
        return preprocessing.as<EmbedReport>();
    const auto cache = SignalCache::build(studyFolder, *preprocessing, stop, progress);
    if (!cache)
        return cache.as<EmbedReport>();
    if ((*cache)->size() == 0)
        return makeError(ErrorCode::NotFound, "no recording of the study can be given to this model",
                         studyFolder.string());
    EmbedReport report;
    report.model = model;
    report.file = embeddingFile(**study, model.hash);
    report.windows = (*cache)->size();
    report.skipped = (*cache)->skipped();
    std::set<RecordingId> ids;
    for (std::int64_t i = 0; i < report.windows; ++i)
        ids.insert((*cache)->recording(i));
    report.recordings = static_cast<std::int64_t>(ids.size());
    const EmbeddingHeader header = headerOf(model, **cache);
    report.reused = sameAs(report.file, header, options.leadLevel);
    if (report.reused)
        return report;
    std::error_code code;
    fs::create_directories(report.file.parent_path(), code);
    const auto start = Clock::now();
    if (const auto done = encodeInto(report.file, header, **cache, options, stop, progress); !done)
        return done.as<EmbedReport>();
    report.seconds = std::chrono::duration<double>(Clock::now() - start).count();
    return report;
}

Result<std::unique_ptr<EmbeddingFile>> openEmbeddings(const Study& study, const std::string& modelHash) {
    const std::string hash = modelHash.empty() ? study.currentModel() : modelHash;
    if (hash.empty())
        return makeError(ErrorCode::NotFound, "no model has encoded this study yet: embed it first",
                         study.folder().string());
    std::error_code code;
    if (!fs::exists(embeddingFile(study, hash), code))
        return makeError(ErrorCode::NotFound, "the study holds no embeddings of model " + hash + ": embed it first",
                         study.folder().string());
    return EmbeddingFile::open(embeddingFile(study, hash));
}

Result<EmbeddingTable> loadTable(const Study& study, const std::string& level, const std::string& modelHash) {
    const auto file = openEmbeddings(study, modelHash);
    if (!file)
        return file.as<EmbeddingTable>();
    return tableOf(**file, level);
}

Result<EmbeddingTable> tableOf(const EmbeddingFile& file, const std::string& level) {
    const bool pooled = level == "interval" || level == "event";
    if (!pooled && level != "recording")
        return makeError(ErrorCode::WrongUse,
                         "there is no table of level \"" + level + "\": recording, interval or event");
    const auto& header = file.header();
    const int columns = pooled ? 2 * header.width : header.recordingWidth;
    EmbeddingTable table;
    std::vector<float> sums;
    int windows = 0;
    const auto close = [&] { // several windows of one recording: their mean
        if (windows > 1)
            for (auto at = sums.end() - columns; at != sums.end(); ++at)
                *at /= static_cast<float>(windows);
    };
    Eigen::RowVectorXf row;
    for (std::int64_t i = 0; i < static_cast<std::int64_t>(file.ids().size()); ++i) {
        const auto values = file.readRow(level, i);
        if (!values)
            return values.as<EmbeddingTable>();
        if (pooled)
            poolOverTime(values->values, header.intervals, header.width, row);
        else
            row = Eigen::Map<const Eigen::RowVectorXf>(values->values.data(), columns);
        const RecordingId id = file.ids()[static_cast<std::size_t>(i)];
        if (table.ids.empty() || table.ids.back() != id) {
            close();
            windows = 0;
            table.ids.push_back(id);
            sums.insert(sums.end(), static_cast<std::size_t>(columns), 0.0F);
        }
        ++windows;
        for (int c = 0; c < columns; ++c)
            *(sums.end() - columns + c) += row[c];
    }
    close();
    table.values = Eigen::Map<const Matrix>(sums.data(), static_cast<Eigen::Index>(table.ids.size()), columns);
    return table;
}

} // namespace precordia
