// SPDX-License-Identifier: GPL-3.0-or-later
// pretrain STUDY: a run of ER-JEPA on the study's recordings, then the event decoder; the model becomes the study's
// own, unless it has collapsed and there is another.
#include "app/cli/command.h"
#include "app/cli/decoder_text.h"
#include "app/cli/run_line.h"
#include "app/cli/stopped_run.h"
#include "app/cli/workers.h"
#include "core/engine/config.h"
#include "core/engine/engine_loader.h"
#include "core/engine/new_run.h"
#include "core/engine/run_history.h"
#include "core/explore/embed_study.h"
#include "core/explore/frequent_labels.h"
#include "core/explore/succession.h"
#include "core/study/signal_cache.h"
#include "core/study/study.h"
#include "core/study/training_windows.h"

#include <nlohmann/json.hpp>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <sstream>
#include <utility>

namespace precordia::cli {

namespace fs = std::filesystem;
using Json = nlohmann::json;

namespace {

struct PretrainArguments {
    std::string study, preset = "nano", config, device = "auto", resume;
    std::vector<std::string> settings;
    std::int64_t epochs = 0, steps = 0;
    int processes = 1;
    bool json = false;
};

std::string number(double value, int digits) {
    char text[32];
    std::snprintf(text, sizeof text, "%.*f", digits, value);
    return text;
}

// What the final report says of the way there, of a resumed run from its very beginning.
class ProbeStory {
public:
    // before: what the run's folder tells; rows of steps that are made again do not count.
    explicit ProbeStory(std::vector<TrainUpdate> before = {}) : before_(std::move(before)) {}
    void add(const TrainUpdate& u) {
        for (const auto& earlier : std::exchange(before_, {}))
            if (earlier.step < u.step)
                take(earlier);
        take(u);
    }
    void tell(Json& report) const {
        const auto figure = [](double v) { return std::isfinite(v) ? Json(v) : Json(); };
        report["knn_auroc"] = {{"first", figure(first_)}, {"first_step", firstStep_}, {"last", figure(last_)}};
        report["second_epoch_test"] = early_;
        report["alarms"] = alarms_;
    }

private:
    void take(const TrainUpdate& u) {
        if (std::isfinite(u.knn)) {
            if (!std::isfinite(first_)) {
                first_ = u.knn;
                firstStep_ = u.step;
            }
            last_ = u.knn;
        }
        if (!u.earlyTest.empty())
            early_ = {{"step", u.step}, {"result", u.earlyTest}, {"text", u.earlyTestText}};
        if (!u.alarm.empty())
            alarms_.push_back({{"step", u.step},
                               {"text", u.alarm},
                               {"loss_z", std::isfinite(u.lossZ) ? Json(u.lossZ) : Json()},
                               {"gradient_z", std::isfinite(u.gradientZ) ? Json(u.gradientZ) : Json()}});
    }

    std::vector<TrainUpdate> before_;
    double first_ = std::nan(""), last_ = std::nan("");
    std::int64_t firstStep_ = 0;
    Json early_, alarms_ = Json::array();
};

Result<std::string> readConfig(const fs::path& run) {
    std::ifstream file(run / "config.json");
    if (!file)
        return makeError(ErrorCode::NotFound, "there is no such run", run.string());
    std::ostringstream text;
    text << file.rdbuf();
    return completeConfig(text.str());
}

Result<std::string> configOf(const PretrainArguments& a, const fs::path& run) {
    if (!a.resume.empty())
        return readConfig(run);
    ConfigRequest request{a.preset, a.config, a.settings};
    if (a.epochs > 0)
        request.settings.push_back("epochs=" + std::to_string(a.epochs));
    if (a.steps > 0)
        request.settings.push_back("steps=" + std::to_string(a.steps));
    return resolveConfig(request);
}

void warnOfSlowBlas(const EngineInfo& info) {
    if (info.slowBlas)
        std::cerr << "precordia-cli: matrix products run at only " << number(info.matrixGflops, 0)
                  << " GFLOP/s: the linear algebra library (BLAS) is the slow reference one. Install the package "
                     "libopenblas0-pthread, pretraining will be many times faster.\n";
}

// What of the study is not learned from, and why.
Json usesOf(const SignalCache& cache, const std::string& configJson) {
    int noEcg = 0, noLead = 0, tooShort = 0, others = 0;
    for (const auto& one : cache.skipped())
        ++(one.withoutEcg                          ? noEcg
           : one.code == ErrorCode::LeadMissing    ? noLead
           : one.code == ErrorCode::SignalTooShort ? tooShort
                                                   : others);
    const int leads = cache.shape().leads, least = Json::parse(configJson)["min_leads"];
    std::int64_t incomplete = 0, passedOver = 0;
    for (std::int64_t i = 0; i < cache.size(); ++i) {
        const int present = cache.leadsPresent(i);
        incomplete += present < leads ? 1 : 0;
        passedOver += present < (least > 0 ? least : leads) ? 1 : 0;
    }
    return {{"left_out",
             {{"no_ecg_leads", noEcg}, {"no_known_lead", noLead}, {"too_short", tooShort}, {"not_read", others}}},
            {"windows", cache.size()},
            {"windows_without_all_leads", incomplete},
            {"windows_passed_over", passedOver},
            {"leads", leads},
            {"min_leads", least}};
}

void tellUses(const Json& uses) {
    std::string out;
    const auto add = [&](const char* key, const char* words) {
        if (const int count = uses["left_out"][key]; count > 0)
            out += (out.empty() ? "" : ", ") + std::to_string(count) + words;
    };
    add("no_ecg_leads", " without ECG leads");
    add("no_known_lead", " without a lead that the model knows");
    add("too_short", " too short");
    add("not_read", " that cannot be read");
    if (!out.empty())
        std::cerr << "recordings left out: " << out << '\n';
    const std::int64_t incomplete = uses["windows_without_all_leads"], passedOver = uses["windows_passed_over"];
    if (incomplete == 0)
        return;
    std::cerr << "windows with fewer than " << uses["leads"] << " leads: " << incomplete << " of " << uses["windows"];
    if (passedOver == 0)
        std::cerr << ", learned from too (min_leads " << uses["min_leads"] << ")\n";
    else
        std::cerr << "; " << passedOver << " passed over (min_leads " << uses["min_leads"]
                  << (uses["min_leads"] == 0 ? ": only those with all leads are learned from)\n" : ")\n");
}

Result<Done> fitDecoder(Engine& engine, const fs::path& model, const std::shared_ptr<SignalCache>& windows,
                        const std::string& configJson, Context& context, Json& report) {
    const int steps = Json::parse(configJson)["decoder_steps"];
    report["decoder_error"] = nullptr;
    if (steps == 0)
        return Done{};
    auto progress = context.progress();
    const auto fitted = engine.fitDecoder(model, windows, {steps, true}, context.stop, progress);
    if (fitted.failed() && fitted.error().code == ErrorCode::LeadMissing) {
        std::cerr << "no event decoder was fitted: " << fitted.error().text() << '\n'; // the model stands without one
        return Done{};
    }
    if (fitted.failed())
        return fitted.as<Done>();
    if (fitted.ok()) { // stopped: the model stands without a decoder
        report["decoder_error"] = fitted->error;
        report["decoder"] = decoderJson(*fitted);
        report["decoder_text"] = decoderText(*fitted);
    }
    return Done{};
}

// What a person should know of the change, with what to type where it is not wanted.
std::string successionText(const Succession& succession, const std::string& study, const std::string& run) {
    const std::string embed = "precordia-cli embed " + study + " --model ";
    if (succession.word == "collapsed") {
        if (succession.takes)
            return "WARNING: the model has collapsed. It is the study's own only because there is no other.\n";
        return "WARNING: the model has collapsed and does not become the study's own; the study goes on with " +
               (succession.demo ? std::string("the weights that come with the program")
                                : "model " + succession.former) +
               ". To use it all the same: " + embed + run + '\n';
    }
    if (succession.former.empty())
        return {};
    const std::string back = "To go back: " + embed + succession.former + '\n';
    if (succession.word == "unknown")
        return "It takes the place of model " + succession.former +
               ", which is kept; the two could not be compared by the study's labels. " + back;
    const std::string figures = "AUROC " + number(succession.knn, 2) + ", the model before " + succession.former + " " +
                                number(succession.formerKnn, 2);
    if (succession.word == "worse")
        return "WARNING: it tells the study's most frequent labels worse than the model whose place it takes (k-NN "
               "probe: " +
               figures + "). " + back;
    return "It tells the study's most frequent labels " +
           std::string(succession.word == "better" ? "better than" : "about as well as") +
           " the model whose place it takes (k-NN probe: " + figures + "). " + back;
}

// The model becomes the study's own, or does not; the report says which, and why.
Result<Done> succeed(Study& study, Engine& engine, const RunSummary& summary, const ModelInfo& model,
                     const std::shared_ptr<const ProbeLabels>& labels, const PretrainArguments& a, Context& context,
                     Json& report) {
    auto progress = context.progress();
    const auto succession = judgeSuccession(study, engine, summary, labels, context.stop, progress);
    if (!succession)
        return succession.as<Done>();
    const bool other = succession->former != model.hash; // a run that was finished already
    const auto figure = [](double v) { return std::isfinite(v) ? Json(v) : Json(); };
    report["became_current"] = succession->takes;
    report["succession"] = {
        {"result", succession->word},
        {"former_model", succession->former.empty() ? Json() : Json(succession->former)},
        {"former_knn_auroc", figure(succession->formerKnn)},
        {"text", other ? successionText(*succession, a.study, report["run"].get<std::string>()) : std::string()}};
    if (!succession->takes)
        return Done{};
    if (auto kept = keepModel(study, model); !kept)
        return kept;
    return study.setCurrentModel(model.hash);
}

void tell(const Json& report, bool json, const Context& context) {
    if (json)
        return context.print(report);
    std::cout << "run " << report["run"].get<std::string>() << ": " << report["steps"] << " steps in "
              << durationText(
                     std::chrono::milliseconds(static_cast<std::int64_t>(report["seconds"].get<double>() * 1000)))
              << "\nmodel " << report["model"].get<std::string>()
              << (report["became_current"].get<bool>() ? ", now the study's own: " : ": ")
              << report["model_file"].get<std::string>() << '\n'
              << report["verdict_text"].get<std::string>() << '\n'
              << report["succession"]["text"].get<std::string>();
    if (const auto advice = report["advice"].get<std::string>(); !advice.empty())
        std::cout << "what to change: " << advice << '\n';
    if (const auto& knn = report["knn_auroc"]; knn["last"].is_number())
        std::cout << "k-NN probe of the study's most frequent labels: AUROC " << number(knn["last"], 2)
                  << (knn["first_step"] == 0
                          ? ", before the first step "
                          : ", at step " + std::to_string(knn["first_step"].get<std::int64_t>()) + " ")
                  << number(knn["first"], 2) << '\n';
    if (!report["decoder_error"].is_null())
        std::cout << report["decoder_text"].get<std::string>();
}

// The run itself, in as many processes as were asked for. A worker that failed explains why the others could not go on.
Result<RunSummary> runInProcesses(Engine& engine, PretrainRequest request, const PretrainArguments& a,
                                  Context& context) {
    std::stop_source stop;
    const std::stop_callback forward(context.stop, [&stop] { stop.request_stop(); });
    request.stop = stop.get_token();
    if (a.processes == 1)
        return engine.pretrain(request);
    std::vector<std::string> arguments = {"pretrain", a.study, "--device", a.device};
    if (request.resume)
        arguments.insert(arguments.end(), {"--resume", request.runFolder.string()});
    auto workers =
        Workers::start(a.processes, arguments, request.resume ? std::nullopt : std::optional(request.configJson), stop);
    if (!workers)
        return workers.as<RunSummary>();
    request.place = workers->place();
    auto summary = engine.pretrain(request);
    const auto ended = workers->finish();
    if (ended.ok() || (summary.failed() && summary.error().code != ErrorCode::ProcessLost))
        return summary;
    auto error = ended.error();
    if (summary.failed())
        error.message += "; " + summary.error().message;
    else if (summary.cancelled() && context.stop.stop_requested())
        return summary;
    return error;
}

// How far it came, for when it is stopped.
struct RunTrace {
    bool first = true; // of the processes of a run; the others say nothing
    fs::path folder;
    bool whole = false;
};

Result<Json> pretrain(const PretrainArguments& a, Context& context, RunTrace& trace) {
    auto place = placeFromEnvironment();
    if (!place)
        return place.as<Json>();
    const bool first = !*place || (*place)->rank == 0;
    trace.first = first;
    if (*place && a.processes > 1)
        return makeError(ErrorCode::WrongUse,
                         "--processes starts processes of its own, but RANK and WORLD_SIZE say that "
                         "this is already one of several");
    auto study = Study::open(a.study);
    if (!study)
        return study.as<Json>();
    std::error_code ec;
    const fs::path resumed =
        fs::exists((*study)->runsFolder() / a.resume, ec) ? (*study)->runsFolder() / a.resume : fs::path(a.resume);
    const auto config = configOf(a, resumed);
    if (!config)
        return config.as<Json>();
    ModelInfo wanted;
    wanted.configJson = *config;
    const auto preprocessing = preprocessingOf(wanted);
    if (!preprocessing)
        return preprocessing.as<Json>();
    auto progress = context.progress();
    const auto synthetic = syntheticBeside(*config);
    if (!synthetic)
        return synthetic.as<Json>();
    const auto windows = trainingWindows(a.study, *preprocessing, *synthetic, context.stop, progress);
    if (!windows)
        return windows.as<Json>();
    const auto engine = loadEngine();
    if (!engine)
        return engine.as<Json>();
    if (first)
        warnOfSlowBlas((*engine)->info());

    PretrainRequest request;
    request.place = *place;
    request.windows = windows->all;
    request.configJson = *config;
    request.resume = !a.resume.empty();
    request.runFolder = request.resume ? resumed : (*study)->runsFolder(); // only the first process writes
    std::optional<NewRunFolder> folder;
    if (first && !request.resume) {
        auto made = NewRunFolder::make((*study)->runsFolder(), *config);
        if (!made)
            return made.as<Json>();
        request.runFolder = folder.emplace(std::move(*made)).path();
    }
    trace.folder = request.runFolder;
    request.device = *place ? deviceOf(a.device, (*engine)->info()) : a.device;
    RunLine line;
    ProbeStory story(request.resume && first ? readRun(request.runFolder).updates : std::vector<TrainUpdate>());
    const Json uses = usesOf(*windows->study, *config);
    if (first) {
        tellUses(uses);
        auto labels = frequentLabels(**study, *windows->study);
        if (!labels)
            return labels.as<Json>();
        request.labels = std::make_shared<const ProbeLabels>(std::move(*labels));
        request.onUpdate = [&](const TrainUpdate& update) {
            line(update);
            story.add(update);
        };
        request.onNotice = [](const std::string& notice) { std::cerr << "precordia-cli: " << notice << '\n'; };
        std::cerr << "run " << request.runFolder.string() << '\n';
    }
    const auto summary = runInProcesses(**engine, request, a, context);
    if (first && summary.cancelled())
        line.tellVerdict();
    if (!summary)
        return summary.as<Json>();
    trace.whole = true;
    if (!first)
        return Json(); // the first process does the rest

    Json report = {{"run", request.runFolder.filename().string()},
                   {"model_file", summary->model.string()},
                   {"recordings", windows->study->size()},
                   {"synthetic", windows->all->size() - windows->study->size()},
                   {"left_out", windows->study->skipped().size()},
                   {"left_out_reasons", uses["left_out"]},
                   {"windows_without_all_leads", uses["windows_without_all_leads"]},
                   {"windows_passed_over", uses["windows_passed_over"]},
                   {"steps", summary->steps},
                   {"seconds", summary->seconds},
                   {"total", summary->last.total},
                   {"channel", summary->last.channel},
                   {"temporal", summary->last.temporal},
                   {"regulariser", summary->last.regulariser},
                   {"recordings_per_s", summary->last.recordingsPerSecond},
                   {"data_share", summary->last.dataShare},
                   {"verdict", summary->last.verdict},
                   {"verdict_text", summary->last.verdictText},
                   {"advice", summary->last.advice}};
    story.tell(report);
    if (auto fitted = fitDecoder(**engine, summary->model, windows->study, *config, context, report); !fitted)
        return fitted.as<Json>();
    if (report["decoder_error"].is_null() && context.stop.stop_requested())
        std::cerr << "The event decoder is not fitted yet; to fit it: precordia-cli pretrain " << a.study
                  << " --resume " << (a.resume.empty() ? request.runFolder.filename().string() : a.resume) << '\n';
    const auto model = (*engine)->loadModel(summary->model);
    if (!model)
        return model.as<Json>();
    report["model"] = model->hash;
    if (auto told = succeed(**study, **engine, *summary, *model, request.labels, a, context, report); !told)
        return told.as<Json>();
    return report;
}

void tellStopped(const RunTrace& trace, const PretrainArguments& a, const Context& context) {
    const auto study = Study::open(a.study);
    if (!study)
        return;
    const auto run = stoppedRun(**study, trace.folder, trace.whole, a.study,
                                a.resume.empty() ? trace.folder.filename().string() : a.resume);
    std::cerr << stoppedText(run);
    if (a.json)
        context.print(stoppedJson(run));
}

} // namespace

void addPretrain(CLI::App& app, Context& context) {
    auto a = std::make_shared<PretrainArguments>();
    auto* command = app.add_subcommand("pretrain", "Pretrain ER-JEPA on a study's recordings");
    command->add_option("STUDY", a->study, "The study's folder")->required();
    auto* preset = command->add_option("--preset", a->preset, "nano, small or base")->capture_default_str();
    auto* config = command->add_option("--config", a->config, "JSON laid over the preset");
    auto* set = command->add_option("--set", a->settings, "key=value..., laid over both");
    auto* epochs =
        command->add_option("--epochs", a->epochs, "Passes over the recordings")->check(CLI::Range(1, 1'000'000));
    auto* steps = command->add_option("--steps", a->steps, "Steps of one batch")
                      ->check(CLI::Range(1, 1'000'000'000))
                      ->excludes(epochs);
    command->add_option("--device", a->device, "auto, cpu, cuda or cuda:N")->capture_default_str();
    auto* resume = command->add_option(
        "--resume", a->resume, "Go on with a run of the study (its name or folder), with its own configuration");
    command
        ->add_option("--processes", a->processes,
                     "Processes on this machine that share each batch; or start the command under torchrun")
        ->check(CLI::Range(1, 64));
    for (auto* option : {preset, config, set, epochs, steps})
        resume->excludes(option);
    command->add_flag("--json", a->json, "Machine-readable output");
    command->callback([a, &context] {
        RunTrace trace;
        const auto report = pretrain(*a, context, trace);
        if (!report.ok()) {
            context.fail(report);
            if (report.cancelled() && trace.first)
                tellStopped(trace, *a, context);
            if (report.failed() && report.error().code == ErrorCode::ConfigInvalid)
                context.exit = WrongUse;
            return;
        }
        if (report->is_null())
            return;
        tell(*report, a->json, context);
        if (context.stop.stop_requested())
            context.stopped();
    });
}

} // namespace precordia::cli
