// SPDX-License-Identifier: GPL-3.0-or-later
// A pretraining run, and what follows it: event decoder, the model into the study, its embeddings.
#include "core/engine/config.h"
#include "core/engine/engine_loader.h"
#include "core/engine/new_run.h"
#include "core/explore/embed_study.h"
#include "core/explore/frequent_labels.h"
#include "core/study/training_windows.h"
#include "ui/session_private.h"

#include <nlohmann/json.hpp>

#include <optional>

namespace precordia {

namespace {

constexpr int kFlushMs = 100;

struct RunOutcome {
    std::filesystem::path model;
    Succession succession;
};

struct RunPlan {
    std::filesystem::path study, folder;
    std::shared_ptr<NewRunFolder> made; // of a new run
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
    RunOutcome outcome{summary->model, {}};
    if (const auto study = Study::open(plan.study)) {
        const auto succession = judgeSuccession(**study, **engine, *summary, request.labels, stop, progress);
        if (!succession)
            return succession.as<RunOutcome>();
        outcome.succession = *succession;
    }
    const int steps = decoderSteps(plan.configJson);
    if (steps == 0)
        return outcome;
    const auto decoder = (*engine)->fitDecoder(summary->model, windows->study, {steps, true}, stop, progress);
    // Where no recording has all leads there is nothing to fit a decoder on; the model stands without one.
    if (decoder.failed() && decoder.error().code != ErrorCode::LeadMissing)
        return decoder.as<RunOutcome>();
    return outcome; // stopped while the decoder was fitted: the model stands without one
}

// What a person should know of the change of models, with the button that undoes or does it; nothing of a first model.
std::optional<Session::Message> successionMessage(const Succession& succession, const QString& run) {
    const QString back = Session::tr("Use the one before");
    const auto figures = [&](const QString& text) {
        return text.arg(run, Texts::number(succession.knn, 2), Texts::number(succession.formerKnn, 2));
    };
    if (succession.word == "collapsed") {
        QString text =
            Session::tr("The model of the run %1 has collapsed: its encodings have lost their variety.").arg(run);
        text += QLatin1Char(' ');
        text += succession.takes  ? Session::tr("It is in use only because there is no other.")
                : succession.demo ? Session::tr("The study goes on with the weights that come with the program.")
                                  : Session::tr("The study keeps the model it had.");
        return Session::Message{
            QStringLiteral("alarm"), text, succession.takes ? QString() : Session::tr("Use it all the same"), {}};
    }
    if (succession.former.empty())
        return std::nullopt;
    if (succession.word == "worse")
        return Session::Message{
            QStringLiteral("caution"),
            figures(
                Session::tr("The model of the run %1 has taken the place of the one before, but tells the study's most "
                            "frequent labels worse: AUROC %2 against %3 (k-NN probe).")),
            back,
            {}};
    if (succession.word == "unknown")
        return Session::Message{
            QStringLiteral("info"),
            Session::tr("The model of the run %1 is the study's own now. By the study's labels it could not "
                        "be compared with the one before.")
                .arg(run),
            back,
            {}};
    return Session::Message{
        QStringLiteral("info"),
        figures(Session::tr("The model of the run %1 is the study's own now: AUROC of the most frequent "
                            "labels %2, the one before %3 (k-NN probe).")),
        back,
        {}};
}

} // namespace

void Session::startPretraining(const std::string& configJson, const QString& device, const QString& resumeRun) {
    if (!study_ || run_.running)
        return;
    RunPlan plan;
    plan.study = studyFolder();
    plan.resume = !resumeRun.isEmpty();
    if (plan.resume) {
        plan.folder = toPath(resumeRun);
    } else {
        auto made = NewRunFolder::make(study_->runsFolder(), configJson);
        if (!made) {
            tell({QStringLiteral("alarm"),
                  tr("A pretraining run cannot begin: %1").arg(Texts::error(made.error())),
                  {},
                  {}});
            return;
        }
        plan.made = std::make_shared<NewRunFolder>(std::move(*made));
        plan.folder = plan.made->path();
    }
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
            d_->succession = outcome.ok() ? outcome->succession : Succession{};
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
    const auto use = [this](const std::filesystem::path& file) {
        return [this, file, folder = studyFolder()] {
            if (folder == studyFolder())
                loadModel(file, true, true);
        };
    };
    const auto& former = d_->succession.former;
    if (auto told = successionMessage(d_->succession, run_.name)) {
        told->onAction = use(d_->succession.takes ? modelFile(*study_, former) : model);
        tell(std::move(*told));
    }
    if (d_->succession.takes)
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
