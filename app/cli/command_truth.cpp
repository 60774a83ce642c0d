// SPDX-License-Identifier: GPL-3.0-or-later
// truth [STUDY]: what each level and layer of a model knows of what is known.
#include "app/cli/command.h"
#include "core/explore/known_truth.h"

#include <nlohmann/json.hpp>

#include <iostream>
#include <memory>

namespace precordia::cli {

namespace {

struct TruthArguments {
    KnownTruthOptions options;
    std::vector<std::string> models;
    std::string study;
    bool withoutLayers = false, json = false;
};

void truth(TruthArguments& a, Context& context) {
    a.options.models.assign(a.models.begin(), a.models.end());
    a.options.layers = !a.withoutLayers;
    auto progress = context.progress();
    const auto found = a.study.empty() ? knownTruth(a.options, context.stop, progress)
                                       : studyTruth(a.study, a.options, context.stop, progress);
    if (!found)
        return context.fail(found);
    std::cout << (a.json ? knownTruthJson(*found) + "\n" : knownTruthTable(*found));
}

} // namespace

void addTruth(CLI::App& app, Context& context) {
    auto a = std::make_shared<TruthArguments>();
    auto* command = app.add_subcommand("truth", "Linear probes of known factors on every level and layer of a model");
    command->add_option("STUDY", a->study, "Probe what was measured in this study; else synthetic corpora");
    command->add_option("--model", a->models, "Run folders or .safetensors files, side by side; else the demo weights");
    command->add_option("--corpus", a->options.corpora, "ecg (12 leads), generic (superposed components)")
        ->check(CLI::IsMember({"ecg", "generic"}));
    command->add_option("--recordings", a->options.recordings, "At most so many")
        ->check(CLI::Range(60, 100'000))
        ->capture_default_str();
    command->add_option("--folds", a->options.folds, "Of the cross-validation")
        ->check(CLI::Range(2, 20))
        ->capture_default_str();
    command->add_option("--seed", a->options.seed, "Of corpora, folds and the random twin")->capture_default_str();
    command->add_flag("--no-layers", a->withoutLayers, "Levels only");
    command->add_flag("--json", a->json, "Machine-readable output");
    command->callback([a, &context] { truth(*a, context); });
}

} // namespace precordia::cli
