// SPDX-License-Identifier: GPL-3.0-or-later
// From a study and a model to what the program shows of it: encodings of every level, surprise, map and clusters.
// Each call opens the study itself and may run in any worker thread. What was there stays until the new is complete.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/engine/engine.h"
#include "core/explore/embedding_table.h"
#include "core/explore/map.h"
#include "core/explore/surprise_study.h"
#include "core/study/embedding_store.h"
#include "core/study/signal_cache.h"
#include "core/study/study.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace precordia {

struct EmbedOptions {
    bool leadLevel = true; // keep [T, L, D] too: twelve times the size of the others
    bool makeCurrent = true;
    int batch = 16;
};

struct EmbedReport {
    ModelInfo model;
    bool demoModel = false;     // no model was trained: the weights that come with the program
    std::filesystem::path file; // embeddings/<hash>.h5
    bool reused = false;        // the file was there and of the same data
    std::int64_t windows = 0, recordings = 0;
    std::vector<SignalCache::Skipped> skipped;
    double seconds = 0; // of encoding
};

// model: a .safetensors file, a run (folder or name) or a kept model's hash; empty: the current model, else the newest
// run that has not collapsed, else the demo weights. Errors: NotFound, ModelInvalid, EngineUnavailable.
struct ChosenModel {
    std::filesystem::path path;
    bool demo = false;
};
Result<ChosenModel> chooseModel(const Study& study, const std::filesystem::path& model);

Result<EmbedReport> embedStudy(const std::filesystem::path& studyFolder, const std::filesystem::path& model,
                               const EmbedOptions& options, StopToken stop, Progress& progress);
// The same for a model that the engine holds and no file does (random weights).
Result<EmbedReport> embedLoaded(const std::filesystem::path& studyFolder, const ModelInfo& model,
                                const EmbedOptions& options, StopToken stop, Progress& progress);

struct MapOptions {
    std::string projection = "umap"; // umap, pca
    std::string clusters = "leiden"; // leiden, kmeans
    std::uint64_t seed = 42;
    int neighbours = 15;
    float minDistance = 0.1F;
    double resolution = 1.0; // leiden
    int k = 8;               // kmeans
};
struct MapReport {
    std::string modelHash;
    std::int64_t recordings = 0;
    int clusters = 0;
    std::vector<int> clusterSizes;
    double trustworthiness = 0;
    int trustworthinessNeighbours = 0;
    std::optional<double> stability; // mean adjusted Rand index of the clusters against four other seeds
    std::vector<float> explained;    // pca: share of variance of the two axes
    std::string parametersJson;      // what the study keeps beside the map
};
// Of the recording embeddings of the current model, standardised. Errors: NotFound (not embedded), WrongUse (unknown
// method), ValueOutOfRange (fewer than 4 recordings).
Result<MapReport> mapStudy(const std::filesystem::path& studyFolder, const MapOptions& options, StopToken stop,
                           Progress& progress);

// One row a recording in the order of ids; windows of one recording are averaged. level "recording": the recording
// embedding; "interval", "event": mean and standard deviation over time [2 D]. Not standardised.
// modelHash "": the current model. Errors: NotFound, WrongUse (unknown level).
Result<EmbeddingTable> loadTable(const Study& study, const std::string& level, const std::string& modelHash = {});
// modelHash "": the current model. Error NotFound: not embedded yet.
Result<std::unique_ptr<EmbeddingFile>> openEmbeddings(const Study& study, const std::string& modelHash = {});
Result<EmbeddingTable> tableOf(const EmbeddingFile& file, const std::string& level);

// What the signal cache of a model is built with.
Result<PreprocessingConfig> preprocessingOf(const ModelInfo& model);
std::filesystem::path modelFile(const Study& study, const std::string& modelHash); // the study's own copy
std::filesystem::path embeddingFile(const Study& study, const std::string& modelHash);
// Mean and standard deviation (n - 1, as the recording embedding has it) over time of [T, D]: [2 D].
void poolOverTime(const std::vector<float>& rows, int intervals, int width, Eigen::RowVectorXf& out);
// Copies the weights and their configuration to modelFile() unless they are there.
Result<Done> keepModel(const Study& study, const ModelInfo& model);

} // namespace precordia
