// SPDX-License-Identifier: GPL-3.0-or-later
// bench [read|encode|pretrain|map|load]...: how fast this machine is, in recordings a second; bench collapse: what
// runs are called.
#include "app/cli/bench_collapse.h"
#include "app/cli/bench_load.h"
#include "app/cli/bench_paper.h"
#include "app/cli/bench_read.h"
#include "app/cli/command.h"
#include "app/cli/temporary_folder.h"
#include "core/engine/config.h"
#include "core/engine/engine_loader.h"
#include "core/explore/bench_map.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <memory>

namespace precordia::cli {

namespace fs = std::filesystem;
using Json = nlohmann::json;

namespace {

struct BenchArguments {
    std::vector<std::string> what;
    std::vector<std::string> settings;
    std::string folder;
    int batch = 16, threads = 1, recordings = 0; // recordings 0: 200 to read, 200,000 to load
    double seconds = 10;
    MapBenchRequest map;
    CollapseBench collapse;
    bool json = false;
};

Result<Json> benchOfRead(const BenchArguments& a, const StopToken& stop, Progress& progress) {
    const TemporaryFolder folder;
    if (folder.path().empty())
        return makeError(ErrorCode::FileUnwritable, "no temporary folder can be made",
                         fs::temp_directory_path().string());
    ReadBench bench;
    bench.folder = a.folder;
    bench.recordings = a.recordings;
    bench.temporary = folder.path();
    return benchRead(bench, stop, progress);
}

Result<Json> benchModel(const BenchArguments& a, bool training, const StopToken& stop) {
    // "small" is what the published figures are of: width 192, 3 + 3 layers, predictor 96 x (1 + 3); with the
    // reference's masks and targets, so that both do the same work.
    std::vector<std::string> settings = {"mask=block", "interval_mask_ratio=[0.55,0.65]", "target_level=event",
                                         "predictor_query=place"};
    settings.insert(settings.end(), a.settings.begin(), a.settings.end());
    const auto config = resolveConfig({"small", {}, settings});
    if (!config)
        return config.as<Json>();
    const auto engine = loadEngine();
    if (!engine)
        return engine.as<Json>();
    const auto measure = [&](int threads) {
        const Engine::BenchRequest request{*config, a.batch, threads, a.seconds};
        return training ? (*engine)->benchPretrain(request) : (*engine)->benchEncode(request);
    };
    // Several threads stand beside one, measured in the same run: on a machine with other work nothing else compares.
    const auto alone = measure(1);
    if (!alone || stop.stop_requested())
        return alone ? Result<Json>(Cancelled{}) : alone.as<Json>();
    const auto rate = a.threads > 1 ? measure(a.threads) : alone;
    if (!rate)
        return rate.as<Json>();
    const auto info = (*engine)->info();
    Json json{{"recordings_per_s", *rate},
              {"threads", a.threads},
              {"peak_mib", peakMiB()}, // of this process, with all that was measured before
              {"blas", info.blas},
              {"matrix_gflops", info.matrixGflops}};
    if (a.threads > 1)
        json.update({{"one_thread_recordings_per_s", *alone}, {"speedup", *rate / *alone}});
    return json;
}

Result<Json> benchOfLoad(const BenchArguments& a, const StopToken& stop, Progress& progress) {
    const TemporaryFolder folder;
    if (folder.path().empty())
        return makeError(ErrorCode::FileUnwritable, "no temporary folder can be made",
                         fs::temp_directory_path().string());
    LoadBenchRequest request;
    if (a.recordings > 0)
        request.recordings = a.recordings;
    request.threads = a.threads;
    request.settings = a.settings;
    request.settings.push_back("batch=" + std::to_string(a.batch));
    request.folder = folder.path();
    return benchLoad(request, stop, progress);
}

Result<Json> benchOfMap(const BenchArguments& a, const StopToken& stop, Progress& progress) {
    const auto bench = benchMap(a.map, stop, progress);
    if (!bench)
        return bench.as<Json>();
    Json out{{"knn_s", bench->knnSeconds},
             {"umap_s", bench->umapSeconds},
             {"rows", bench->rows},
             {"columns", bench->columns},
             {"trustworthiness", bench->trustworthiness}};
    if (!a.map.output.empty())
        out["output"] = a.map.output.string();
    return out;
}

Result<Json> benchOfCollapse(const BenchArguments& a, const StopToken& stop, Progress& progress) {
    const TemporaryFolder folder;
    if (folder.path().empty())
        return makeError(ErrorCode::FileUnwritable, "no temporary folder can be made",
                         fs::temp_directory_path().string());
    auto bench = a.collapse;
    bench.settings = a.settings;
    bench.batch = a.batch, bench.threads = a.threads;
    return benchCollapse(bench, folder.path(), stop, progress);
}

void run(const BenchArguments& a, Context& context) {
    Json report = Json::object();
    for (const auto& what : a.what) {
        auto progress = context.progress();
        const auto one = what == "read"       ? benchOfRead(a, context.stop, progress)
                         : what == "map"      ? benchOfMap(a, context.stop, progress)
                         : what == "load"     ? benchOfLoad(a, context.stop, progress)
                         : what == "collapse" ? benchOfCollapse(a, context.stop, progress)
                                              : benchModel(a, what == "pretrain", context.stop);
        if (!one)
            return context.fail(one);
        report[what] = *one;
        if (what == "collapse" && !(*one)["as_expected"].get<bool>())
            context.exit = Failed;
        if (a.json)
            continue;
        if (what == "collapse") {
            std::cout << collapseTable(*one);
            continue;
        }
        for (const auto& [key, value] : one->items())
            if (value.is_number_float()) // about three figures: a shared machine measures no better
                std::cout << what << "  " << key << "  " << std::fixed
                          << std::setprecision(value.get<double>() >= 100 ? 0 : 2) << value.get<double>() << '\n';
            else
                std::cout << what << "  " << key << "  " << value.dump() << '\n';
    }
    if (a.json)
        context.print(report);
}

} // namespace

void addBench(CLI::App& app, Context& context) {
    auto a = std::make_shared<BenchArguments>();
    auto* command = app.add_subcommand("bench", "Measure this machine");
    command->add_option("WHAT", a->what, "read, encode, pretrain, map, load, collapse; else read, encode and pretrain")
        ->check(CLI::IsMember({"read", "encode", "pretrain", "map", "load", "collapse"}));
    command->add_option("--set", a->settings,
                        "key=value... of the model, laid over the preset (small; collapse: nano)");
    command->add_option("--batch", a->batch, "Recordings a batch")->check(CLI::Range(2, 4096))->capture_default_str();
    command
        ->add_option("--threads", a->threads,
                     "Threads of the model; encode and pretrain: above 1 beside one thread, measured before it")
        ->check(CLI::Range(1, 1024))
        ->capture_default_str();
    command->add_option("--seconds", a->seconds, "How long encode and pretrain are measured")
        ->check(CLI::Range(0.1, 3600.0))
        ->capture_default_str();
    command
        ->add_option("--recordings", a->recordings,
                     "Recordings to read (200, or all of --folder) or to load (200000: 12 GB in the temporary folder)")
        ->check(CLI::Range(1, 10'000'000));
    command->add_option("--folder", a->folder, "read: ECG files of this folder instead of records made for it")
        ->check(CLI::ExistingDirectory);
    command->add_option("--steps", a->collapse.steps, "collapse: steps of each run")
        ->check(CLI::Range(50, 1'000'000))
        ->capture_default_str();
    command->add_option("--seeds", a->collapse.seeds, "collapse: runs of each kind")
        ->check(CLI::Range(1, 100))
        ->capture_default_str();
    command->add_option("--synthetic", a->collapse.recordings, "collapse: synthetic recordings")
        ->check(CLI::Range(50, 1'000'000))
        ->capture_default_str();
    command->add_option("--preset", a->collapse.preset, "collapse: of the runs")->capture_default_str();
    command->add_option("--input", a->map.input, "map: a table [rows, columns] as .npy");
    command->add_option("--output", a->map.output, "map: where the layout goes, as .npy");
    command->add_flag("--json", a->json, "Machine-readable output");
    addModelBenches(*command, context);
    addImportBench(*command, context);
    addSignalBenches(*command, context);
    addWorklistBench(*command, context);
    addPaperBench(*command, context);
    command->callback([a, command, &context] {
        if (!command->get_subcommands().empty())
            return; // it has run
        // `--set batch=...` means the same as --batch: a bench has one batch.
        for (const auto& setting : a->settings)
            if (setting.rfind("batch=", 0) == 0)
                a->batch = std::max(2, std::atoi(setting.c_str() + 6));
        if (a->what.empty())
            a->what = {"read", "encode", "pretrain"};
        run(*a, context);
    });
}

} // namespace precordia::cli
