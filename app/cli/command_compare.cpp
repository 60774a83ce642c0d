// SPDX-License-Identifier: GPL-3.0-or-later
// evaluate STUDY --compare: the field's models trained and probed side by side.
#include "app/cli/evaluate_arguments.h"
#include "app/cli/gui.h"
#include "core/base/file.h"
#include "core/explore/compare.h"
#include "core/explore/evaluation_history.h"
#include "core/report/comparison_figure.h"

#include <chrono>
#include <iostream>

namespace precordia::cli {

namespace fs = std::filesystem;

namespace {

// A line every few seconds: several models are trained one after another.
class TrainingLines {
public:
    void operator()(const std::string& model, const TrainUpdate& u) {
        const auto now = std::chrono::steady_clock::now();
        if (now - shown_ < std::chrono::seconds(10) && u.step < u.steps && model == model_)
            return;
        shown_ = now;
        model_ = model;
        std::cerr << model << ": step " << u.step << " of " << u.steps << ", "
                  << static_cast<int>(u.recordingsPerSecond) << " rec/s\n";
    }

private:
    std::chrono::steady_clock::time_point shown_;
    std::string model_;
};

Result<Done> keep(const Comparison& comparison, const fs::path& folder) {
    std::error_code code;
    fs::create_directories(folder, code);
    if (auto done = writeFileAtomically(folder / "comparison.json", comparisonJson(comparison) + "\n"); !done)
        return done;
    if (auto done = writeFileAtomically(folder / "comparison.txt", comparisonTable(comparison)); !done)
        return done;
    ensureGui();
    if (auto done = renderComparison(comparison, folder / "comparison.png"); !done)
        return done;
    return renderComparison(comparison, folder / "comparison.svg");
}

} // namespace

void addCompareOptions(CLI::App& command, EvaluateArguments& a) {
    auto* compare =
        command.add_option("--compare", a.models,
                           "Train and probe these models side by side: er-jepa,er-jepa-no-channel,1d-jepa,ecg-jepa,"
                           "lenepa,random-init; all of them when none is named");
    compare->delimiter(',')->expected(0, -1)->type_name("MODEL,...");
    command.add_option("--budget-steps", a.budgetSteps, "Training steps of each model")
        ->check(CLI::Range(1, 100'000'000))
        ->capture_default_str();
    command
        .add_option("--budget-seconds", a.budgetSeconds,
                    "CPU seconds of training of each model instead; the steps that fit are measured beforehand")
        ->check(CLI::Range(1.0, 1e8));
    command.add_option("--preset", a.preset, "Of the models to compare: nano, small or base")->capture_default_str();
    command.add_option("--config", a.config, "JSON laid over the preset");
    command.add_option("--set", a.settings, "key=value..., laid over both");
    command.add_option("--device", a.device, "auto, cpu, cuda or cuda:N")->capture_default_str();
    command.add_option("--low-share", a.lowShare, "The second setting: this share of the training labels; 0 for none")
        ->check(CLI::Range(0.0, 0.99))
        ->capture_default_str();
    command.add_option("--out", a.out, "Folder of table and figure; else the study's exports/comparison");
}

void runCompare(const EvaluateArguments& a, Context& context) {
    CompareOptions options;
    if (!a.models.empty())
        options.models = a.models;
    options.config = {a.preset, a.config, a.settings};
    options.steps = a.budgetSteps;
    options.cpuSeconds = a.budgetSeconds;
    options.device = a.device;
    options.evaluate = evaluateOptionsOf(a);
    options.lowShare = a.lowShare;
    TrainingLines lines;
    options.onUpdate = [&lines](const std::string& model, const TrainUpdate& update) { lines(model, update); };
    auto questions = questionsOf(a);
    if (questions.empty())
        questions = sevenFindings();
    Progress progress = context.progress();
    const auto comparison = compareModels(a.study, questions, options, context.stop, progress);
    if (!comparison)
        return failOf(comparison, context);
    nameRefused(comparison->refused, context);
    for (const auto& model : comparison->models)
        if (!model.error.empty())
            context.someFailed("model \"" + model.model + "\": " + model.error);
    const fs::path folder = a.out.empty() ? fs::path(a.study) / "exports" / "comparison" : a.out;
    if (auto kept = keep(*comparison, folder); !kept)
        return context.fail(kept);
    const std::string json = comparisonJson(*comparison);
    if (const auto kept = keepEvaluation(a.study, json); !kept) // for the window's Evaluate view
        context.someFailed(kept.error());
    std::cerr << "table and figure in " << folder.string() << '\n';
    std::cout << (a.json ? json + "\n" : comparisonTable(*comparison)) << std::flush;
}

} // namespace precordia::cli
