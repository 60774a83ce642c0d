// SPDX-License-Identifier: GPL-3.0-or-later
// bench decoder STUDY, bench surprise [STUDY], bench precision [STUDY]: not how fast, but how good.
#include "app/cli/bench_precision.h"
#include "app/cli/command.h"
#include "app/cli/decoder_text.h"
#include "app/cli/temporary_folder.h"
#include "core/engine/engine_loader.h"
#include "core/explore/bench_surprise.h"
#include "core/explore/embed_study.h"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <iostream>
#include <memory>

namespace precordia::cli {

using Json = nlohmann::json;

namespace {

struct DecoderArguments {
    std::string study, model;
    int steps = 600;
    bool json = false, keep = false;
};

Result<DecoderReport> measureDecoder(const DecoderArguments& a, Context& context) {
    const auto study = Study::open(a.study);
    if (!study)
        return study.as<DecoderReport>();
    const auto chosen = chooseModel(**study, a.model);
    if (!chosen)
        return chosen.as<DecoderReport>();
    const auto engine = loadEngine();
    if (!engine)
        return engine.as<DecoderReport>();
    const auto model = (*engine)->loadModel(chosen->path);
    if (!model)
        return model.as<DecoderReport>();
    const auto preprocessing = preprocessingOf(*model);
    if (!preprocessing)
        return preprocessing.as<DecoderReport>();
    auto progress = context.progress();
    const auto cache = SignalCache::build(a.study, *preprocessing, context.stop, progress);
    if (!cache)
        return cache.as<DecoderReport>();
    return (*engine)->fitDecoder(chosen->path, *cache, {a.steps, a.keep}, context.stop, progress);
}

void benchDecoder(const DecoderArguments& a, Context& context) {
    const auto report = measureDecoder(a, context);
    if (!report)
        return context.fail(report);
    if (a.json)
        return context.print({{"decoder", decoderJson(*report)}});
    std::cout << decoderText(*report);
}

struct SurpriseArguments {
    SurpriseBenchRequest request;
    std::string study, model;
    std::vector<int> blocks;
    bool json = false;
};

Json surpriseJson(const SurpriseBench& bench) {
    Json rows = Json::array(), study = Json::array();
    for (const auto& row : bench.rows)
        rows.push_back({{"block", row.block},
                        {"most_surprising_is_pvc", row.calibrated},
                        {"most_surprising_is_pvc_qrs", row.calibratedQrs},
                        {"most_surprising_is_pvc_raw", row.raw},
                        {"chance", row.chance},
                        {"auroc_with_against_without", row.auroc}});
    for (const auto& one : bench.study)
        study.push_back({{"block", one.block},
                         {"positives", one.positives},
                         {"negatives", one.negatives},
                         {"auroc", one.auroc},
                         {"ci95", {one.interval.low, one.interval.high}},
                         {"auroc_raw", one.raw}});
    return {{"model", bench.modelHash},
            {"recordings", bench.recordings},
            {"single_pvc", std::move(rows)},
            {"ectopy", std::move(study)}};
}

void tellSurprise(const SurpriseBench& bench) {
    if (!bench.rows.empty())
        std::printf(
            "%d synthetic recordings with exactly one PVC: share in which it holds the most surprising interval\n"
            "hidden together   calibrated  its QRS  latent error  chance   AUROC with against without\n",
            bench.recordings);
    for (const auto& row : bench.rows)
        std::printf("%-17d %9.1f %% %6.1f %% %11.1f %% %5.1f %%   %.3f\n", row.block, 100 * row.calibrated,
                    100 * row.calibratedQrs, 100 * row.raw, 100 * row.chance, row.auroc);
    for (const auto& one : bench.study)
        std::printf("study, %d hidden together: surprise for ectopic beats (%d of %d recordings), AUROC %.3f "
                    "(95 %% %.3f to %.3f); by the latent error %.3f\n",
                    one.block, one.positives, one.positives + one.negatives, one.auroc, one.interval.low,
                    one.interval.high, one.raw);
}

void runSurprise(SurpriseArguments& a, Context& context) {
    a.request.model = a.model;
    a.request.study = a.study;
    if (!a.blocks.empty())
        a.request.blocks = a.blocks;
    auto progress = context.progress();
    const auto bench = benchSurprise(a.request, context.stop, progress);
    if (!bench)
        return context.fail(bench);
    if (a.json)
        return context.print(surpriseJson(*bench));
    tellSurprise(*bench);
}

struct PrecisionArguments {
    PrecisionBench bench;
    std::string study;
    bool json = false;
};

void runPrecision(PrecisionArguments& a, Context& context) {
    const TemporaryFolder folder;
    if (folder.path().empty())
        return context.fail(makeError(ErrorCode::FileUnwritable, "no temporary folder can be made"));
    a.bench.study = a.study;
    a.bench.folder = folder.path();
    auto progress = context.progress();
    const auto report = benchPrecision(a.bench, context.stop, progress);
    if (!report) {
        context.fail(report);
        if (report.failed() && report.error().code == ErrorCode::ConfigInvalid)
            context.exit = WrongUse;
        return;
    }
    if (a.json)
        return context.print({{"precision", *report}});
    std::cout << precisionTable(*report);
}

void addPrecision(CLI::App& bench, Context& context) {
    auto p = std::make_shared<PrecisionArguments>();
    auto* precision = bench.add_subcommand(
        "precision", "Train the same in float32 and in bf16 or fp16, and compare the losses and what both models know");
    precision->add_option("STUDY", p->study, "Recordings to train on; the runs stay there. Else synthetic ones");
    precision->add_option("--other", p->bench.other, "What is compared with float32")
        ->check(CLI::IsMember({"bf16", "fp16"}))
        ->capture_default_str();
    precision->add_option("--steps", p->bench.steps, "Of each run")
        ->check(CLI::Range(2, 1'000'000))
        ->capture_default_str();
    precision->add_option("--preset", p->bench.preset, "nano, small or base")->capture_default_str();
    precision->add_option("--set", p->bench.settings, "key=value... laid over the preset");
    precision->add_option("--synthetic", p->bench.recordings, "Synthetic recordings, without STUDY")
        ->check(CLI::Range(10, 1'000'000))
        ->capture_default_str();
    precision->add_option("--probe", p->bench.probe, "Recordings of known truth to probe both models on; 0: none")
        ->check(CLI::Range(0, 100'000))
        ->capture_default_str();
    precision->add_flag("--json", p->json, "Machine-readable output");
    precision->callback([p, &context] { runPrecision(*p, context); });
}

} // namespace

void addModelBenches(CLI::App& bench, Context& context) {
    addPrecision(bench, context);
    auto d = std::make_shared<DecoderArguments>();
    auto* decoder = bench.add_subcommand(
        "decoder", "Fit event decoders on a study and measure them; nothing is kept unless asked for");
    decoder->add_option("STUDY", d->study, "The study's folder")->required();
    decoder->add_option("--model", d->model, "A run's name or folder, or a .safetensors file");
    decoder->add_option("--steps", d->steps, "Steps of each kind of decoder")
        ->check(CLI::Range(1, 10'000'000))
        ->capture_default_str();
    decoder->add_flag("--keep", d->keep, "Write the best into the model's file");
    decoder->add_flag("--json", d->json, "Machine-readable output");
    decoder->callback([d, &context] { benchDecoder(*d, context); });

    auto s = std::make_shared<SurpriseArguments>();
    auto* surprise = bench.add_subcommand("surprise", "Is surprise where a PVC is");
    surprise->add_option("STUDY", s->study, "A labelled study: AUROC of surprise for ectopic beats");
    surprise->add_option("--model", s->model, "A run's folder or a .safetensors file; else the demo weights");
    surprise->add_option("--recordings", s->request.recordings, "Synthetic recordings with one PVC; 0: none")
        ->check(CLI::Range(0, 100'000))
        ->capture_default_str();
    surprise->add_option("--calibration", s->request.calibration, "Synthetic recordings to calibrate with")
        ->check(CLI::Range(2, 100'000))
        ->capture_default_str();
    surprise->add_option("--block", s->blocks, "Intervals hidden together; else 1, 2 and 3")
        ->check(CLI::Range(1, 4095));
    surprise->add_option("--seed", s->request.seed, "Of the recordings")->capture_default_str();
    surprise->add_flag("--json", s->json, "Machine-readable output");
    surprise->callback([s, &context] { runSurprise(*s, context); });
}

} // namespace precordia::cli
