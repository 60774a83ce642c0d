// SPDX-License-Identifier: GPL-3.0-or-later
// A pretraining run, and what follows it: event decoder, the model into the study, its embeddings.
#include "core/engine/config.h"
#include "core/engine/engine_loader.h"
#include "core/explore/frequent_labels.h"
#include "core/study/training_windows.h"
#include "ui/session_private.h"

#include <QDateTime>

#include <nlohmann/json.hpp>

namespace precordia {

namespace {

constexpr int kFlushMs = 100;

struct RunOutcome {
    std::filesystem::path model;
};

struct RunPlan {
    std::filesystem::path study, folder;
    std::string configJson;
    std::string device;
    bool resume = false;
    std::shared_ptr<TrainControl> control;
    std::function<void(const TrainUpdate&)> onUpdate;
    std::function<void(const std::string&)> onNotice;
};

int decoderSteps(const std::string& configJson) {
    constexpr int kUsual = 600;
    const auto config = nlohmann::json::parse(configJson, nullptr, false);
    return config.is_object() ? config.value("decoder_steps", kUsual) : kUsual;
}

QString runName(const std::string& configJson) {
    const auto config = nlohmann::json::parse(configJson, nullptr, false);
    std::string name = "run";
    if (config.is_object())
        name = config.value("name", name);
    return QDateTime::currentDateTime().toString(QStringLiteral("yyyy-MM-dd-HHmmss-")) + fromUtf8(name);
}

Result<RunOutcome> pretrainAndDecode(const RunPlan& plan, const StopToken& stop, Progress& progress) {
    const auto synthetic = syntheticBeside(plan.configJson);
    if (!synthetic)
        return synthetic.as<RunOutcome>();
    const auto windows = trainingWindows(plan.study, preprocessingFor(plan.configJson), *synthetic, stop, progress);
    if (!windows)
        return windows.as<RunOutcome>();
    const auto engine = loadEngine();
    if (!engine)
        return engine.as<RunOutcome>();
    PretrainRequest request;
    request.windows = windows->all;
    request.configJson = plan.configJson;
    request.runFolder = plan.folder;
    request.resume = plan.resume;
    request.device = plan.device;
    request.control = plan.control;
    request.onNotice = plan.onNotice;
    request.stop = stop;
    // Another thread, another connection; without labels the run goes on without its k-NN probe.
    if (const auto study = Study::open(plan.study))
        if (auto labels = frequentLabels(**study, *windows->study))
            request.labels = std::make_shared<const ProbeLabels>(std::move(*labels));
    bool begun = false;
    request.onUpdate = [&](const TrainUpdate& update) {
        if (!begun)
            progress.begin("pretraining", update.steps);
        begun = true;
        progress.update(update.step);
        plan.onUpdate(update);
    };
    const auto summary = (*engine)->pretrain(request);
    if (!summary)
        return summary.as<RunOutcome>();
    const int steps = decoderSteps(plan.configJson);
    if (steps == 0)
        return RunOutcome{summary->model};
    const auto decoder = (*engine)->fitDecoder(summary->model, windows->study, {steps, true}, stop, progress);
    // Where no recording has all leads there is nothing to fit a decoder on; the model stands without one.
    if (decoder.failed() && decoder.error().code != ErrorCode::LeadMissing)
        return decoder.as<RunOutcome>();
    return RunOutcome{summary->model}; // stopped while the decoder was fitted: the model stands without one
}

} // namespace

void Session::startPretraining(const std::string& configJson, const QString& device, const QString& resumeRun) {
    if (!study_ || run_.running)
        return;
    RunPlan plan;
    plan.study = studyFolder();
    plan.resume = !resumeRun.isEmpty();
    plan.folder = plan.resume ? toPath(resumeRun) : study_->runsFolder() / toPath(runName(configJson));
    plan.configJson = configJson;
    plan.device = device.toStdString();
    plan.control = d_->control = std::make_shared<TrainControl>();
    plan.onUpdate = [this](const TrainUpdate& update) {
        const std::lock_guard lock(d_->mutex);
        d_->waiting.push_back(update);
    };
    plan.onNotice = [this](const std::string& notice) {
        const std::lock_guard lock(d_->mutex);
        d_->notices.push_back(notice);
    };
    run_ = {};
    run_.folder = plan.folder;
    run_.name = fromPath(plan.folder.filename());
    run_.running = true;
    {
        const std::lock_guard lock(d_->mutex);
        d_->waiting.clear();
        d_->notices.clear();
    }
    d_->flush.start(kFlushMs);
    d_->runJob = longJobs_->start<RunOutcome>(
        tr("Pretraining %1").arg(run_.name).toStdString(),
        [plan](const StopToken& stop, Progress& progress) { return pretrainAndDecode(plan, stop, progress); },
        [this, study = plan.study](Result<RunOutcome> outcome) {
            const bool here = study == studyFolder();
            pretrainingEnded(outcome.failed() ? Texts::error(outcome.error()) : QString(),
                             outcome.ok() && here ? outcome->model : std::filesystem::path());
        });
    Q_EMIT runChanged();
}

void Session::flushUpdates() {
    std::vector<TrainUpdate> fresh;
    std::vector<std::string> notices;
    {
        const std::lock_guard lock(d_->mutex);
        fresh.swap(d_->waiting);
        notices.swap(d_->notices);
    }
    QStringList told;
    for (const auto& notice : notices)
        told << Texts::notice(notice);
    if (!told.isEmpty())
        tell({QStringLiteral("caution"),
              tr("The pretraining run %1: %2").arg(run_.name, told.join(QLatin1Char('\n'))),
              {},
              {}});
    if (fresh.empty())
        return;
    run_.updates.insert(run_.updates.end(), std::make_move_iterator(fresh.begin()),
                        std::make_move_iterator(fresh.end()));
    Q_EMIT runUpdated();
}

void Session::pretrainingEnded(const QString& failure, const std::filesystem::path& model) {
    d_->flush.stop();
    flushUpdates();
    run_.running = run_.paused = run_.stopping = false;
    run_.failure = failure;
    d_->control.reset();
    Q_EMIT runChanged();
    if (!failure.isEmpty()) {
        tell({QStringLiteral("alarm"), tr("The pretraining run %1 ended: %2").arg(run_.name, failure), {}, {}});
        return;
    }
    if (model.empty()) {
        tell({QStringLiteral("info"),
              tr("The pretraining run %1 was stopped; its last checkpoint is kept and can be resumed.").arg(run_.name),
              {},
              {}});
        return;
    }
    loadModel(model, true, true);
}

void Session::pausePretraining(bool paused) {
    if (!run_.running || !d_->control)
        return;
    d_->control->paused = paused;
    run_.paused = paused;
    Q_EMIT runChanged();
}

void Session::stopPretraining(bool afterEpoch) {
    if (!run_.running || !d_->control)
        return;
    d_->control->paused = false;
    run_.paused = false;
    run_.stopping = true;
    if (afterEpoch)
        d_->control->stopAfterEpoch = true;
    else
        longJobs_->stop(d_->runJob);
    Q_EMIT runChanged();
}

} // namespace precordia
