// SPDX-License-Identifier: GPL-3.0-or-later
// The engine and the model in use.
#include "core/engine/config.h"
#include "core/engine/engine_loader.h"
#include "core/explore/embed_study.h"
#include "ui/session_private.h"

namespace precordia {

namespace {

// A study keeps its models by hash, so that they outlive the run folder or the download they came from.
Result<ModelInfo> copyInto(const std::filesystem::path& folder, Engine& engine, const ModelInfo& info) {
    const auto study = Study::open(folder);
    if (!study)
        return study.as<ModelInfo>();
    if (const auto kept = keepModel(**study, info); !kept)
        return kept.as<ModelInfo>();
    return engine.loadModel(modelFile(**study, info.hash));
}

} // namespace

void Session::startEngine() {
    if (d_->engineWanted)
        return;
    d_->engineWanted = true;
    d_->thinker->start<EngineInfo>(
        "engine",
        [](StopToken, Progress&) -> Result<EngineInfo> {
            const auto engine = loadEngine();
            if (!engine)
                return engine.as<EngineInfo>();
            return (*engine)->info();
        },
        [this](Result<EngineInfo> info) {
            if (info.cancelled())
                return;
            if (info.failed()) {
                engineFailure_ = Texts::error(info.error());
                d_->engineWanted = false; // may be tried again
                Q_EMIT engineChanged();
                tell({QStringLiteral("alarm"),
                      tr("The model engine could not be loaded, so recordings can be read but not encoded: %1")
                          .arg(engineFailure_),
                      tr("Try again"), [this] { startEngine(); }});
                return;
            }
            engineFailure_.clear();
            engineInfo_ = std::make_shared<const EngineInfo>(std::move(*info));
            Q_EMIT engineChanged();
            if (engineInfo_->slowBlas)
                tell({QStringLiteral("caution"),
                      tr("Training will be slow: the linear algebra library (%1) reaches only %2 GFLOP/s. "
                         "Install the package libopenblas0-pthread and start Precordia again; it is ten to twenty "
                         "times as fast.")
                          .arg(engineInfo_->blas.empty() ? tr("reference BLAS") : fromUtf8(engineInfo_->blas))
                          .arg(engineInfo_->matrixGflops, 0, 'f', 0),
                      {},
                      {}});
            ensureModel();
        });
}

// The study's own model; else the demo weights that come with the program, only to look with: the study keeps no word
// of it.
void Session::ensureModel() {
    if (model_ || !engineInfo_ || !study_)
        return;
    if (const auto hash = study_->currentModel(); !hash.empty()) {
        const auto file = modelFile(*study_, hash);
        std::error_code ignored;
        if (std::filesystem::exists(file, ignored)) {
            loadModel(file, false);
            return;
        }
    }
    if (const auto demo = demoModelFile(); !demo.empty())
        loadModel(demo, false);
}

void Session::useModel(const QString& fileOrRun) {
    loadModel(toPath(fileOrRun), true);
}

void Session::loadModel(const std::filesystem::path& file, bool chosen, bool thenEmbed) {
    const auto generation = ++d_->modelGeneration;
    d_->thinker->start<ModelInfo>(
        "model",
        [file, folder = chosen ? studyFolder() : std::filesystem::path()](StopToken, Progress&) -> Result<ModelInfo> {
            const auto engine = loadEngine();
            if (!engine)
                return engine.as<ModelInfo>();
            auto info = (*engine)->loadModel(file);
            if (!info || folder.empty())
                return info;
            return copyInto(folder, **engine, *info);
        },
        [this, generation, file, chosen, thenEmbed](Result<ModelInfo> loaded) {
            if (generation != d_->modelGeneration || loaded.cancelled())
                return;
            if (loaded.failed()) {
                tell({QStringLiteral("alarm"),
                      tr("The model %1 could not be loaded: %2")
                          .arg(fromPath(file.filename()), Texts::error(loaded.error())),
                      {},
                      {}});
                return;
            }
            modelLoaded(std::move(*loaded), chosen);
            if (thenEmbed)
                embedStudy();
        });
}

void Session::modelLoaded(ModelInfo loaded, bool chosen) {
    const auto preprocessing = preprocessingFor(loaded.configJson);
    const bool otherWindows = preprocessing.hash() != d_->preprocessing.hash();
    model_ = std::make_shared<const ModelInfo>(std::move(loaded));
    d_->preprocessing = preprocessing;
    if (chosen && study_)
        if (const auto kept = study_->setCurrentModel(model_->hash); !kept)
            tell({QStringLiteral("caution"),
                  tr("The study could not note its model: %1").arg(Texts::failure(kept)),
                  {},
                  {}});
    Q_EMIT modelChanged();
    if (chosen) { // surprise and clusters belong to a model
        d_->embeddings.reset();
        d_->embeddingsModel.clear();
        reloadRows();
        Q_EMIT embeddingsChanged();
    }
    if (otherWindows) {
        d_->prefetched.clear();
        loadCurrent();
    } else {
        encodings_.reset();
        Q_EMIT encodingsChanged();
        encodeCurrent();
        findNeighbours();
    }
    embedIfWanted();
}

} // namespace precordia
