// SPDX-License-Identifier: GPL-3.0-or-later
// The four tasks on which ECG encoders are compared in print: PTB-XL and CPSC2018, each multi-label and multi-class, by
// linear probe and, when asked, fine-tuned, on the user's copy of the data, beside random weights, simple features and
// the published rows.
#pragma once

#include "core/explore/benchmark_data.h"
#include "core/explore/evaluate.h"

#include <optional>

namespace precordia {

struct BenchmarkOptions {
    std::filesystem::path model;           // as EvaluateOptions
    std::filesystem::path ptbxl, cpsc2018; // folders; "": left out
    LinearProbeOptions probe;              // c 0: chosen on the validation part
    int bootstraps = 1000;
    std::uint64_t seed = 0;
    int randomSeeds = 1;
    std::vector<std::string> leads;
    double sensitivity = 0;
    int fewestPositives = 10; // in the test part: a class with fewer is left out and named
    int threads = 2;          // of the import
    // Also the model, and random weights, with a layer trained together on all of the training part (FineTune of
    // core/engine/head.h): as long as the data is large, hours on a processor. What was stopped goes on.
    bool fineTune = false;
    std::optional<HeadTraining> head; // empty: headDefaults(HeadKind::FineTune)
};

struct BenchmarkRow {
    std::string encoder;      // "model", "random-init", "simple-features"
    bool fineTuned = false;   // else a linear probe
    double c = 0;             // multi-class; multi-label: of the first class; fine-tuned: 0
    PairedDifference auroc;   // macro; of several classes one-versus-one, with interval
    double oneVersusRest = 0; // multi-class
    double auprc = 0, f1 = 0, accuracy = 0, sensitivity = 0, specificity = 0; // macro; the last two multi-label
    Calibration calibration;                                                  // multi-label, mean over the classes
    std::vector<double> perClass;                                             // AUROC
    // The model less this row, both fine-tuned where this row is; of the fine-tuned model itself: it less the linear
    // one.
    PairedDifference above;
};
struct BenchmarkTask {
    std::string data;
    bool multiClass = false;
    std::vector<std::string> classes; // that are judged
    std::vector<int> testPositives;
    std::vector<std::pair<std::string, std::string>> leftOut; // class, why
    int train = 0, validation = 0, test = 0;                  // recordings
    std::string split;
    std::vector<BenchmarkRow> rows;
};
struct Benchmark {
    BenchmarkOptions options;
    std::string modelHash;
    std::vector<BenchmarkTask> tasks;
    std::vector<std::string> notes; // what was left out of the data, and why
    double seconds = 0;
};

// What papers and their code report; nothing where a figure is not known here.
struct PublishedRow {
    std::string model, protocol, source;
    std::optional<double> ptbxlMultiLabel, ptbxlMultiClass, cpscMultiLabel, cpscMultiClass;
};
const std::vector<PublishedRow>& publishedRows();

// Imports the data into <study>/benchmarks/ once, encodes it with the model and with random weights, and probes. The
// first window of recordings that fill one (10 s by default) counts, as in print. Fitted on the training part, the
// penalty and the operating point chosen on the validation part, fitted again on both, judged on the test part once.
// Fine-tuning learns from the training part alone, the validation part says when to stop.
// Errors: WrongUse (no data named), those of readPtbxl, readCpsc2018, the import and the engine.
Result<Benchmark> runBenchmark(const std::filesystem::path& studyFolder, const BenchmarkOptions& options,
                               StopToken stop, Progress& progress);

std::string benchmarkJson(const Benchmark& benchmark);
std::string benchmarkTable(const Benchmark& benchmark);

} // namespace precordia
