// SPDX-License-Identifier: GPL-3.0-or-later
// How well a model's encodings carry a label or the heart rate, out of fold: by a linear probe, an attentive probe or
// fine-tuning. Always beside the same on the same model with random weights and a linear probe of 108 simple features;
// heads also beside the linear probe of the model. Differences are paired by patient.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/engine/head.h"
#include "core/explore/encoder_tables.h"
#include "core/explore/linear_probe.h"
#include "core/explore/metrics.h"
#include "core/explore/probe.h"
#include "core/study/study.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace precordia {

// Positive: a label contains one of the words. Negative: the other recordings of the data sets that count.
struct LabelQuestion {
    std::string name;
    std::vector<std::string> words;
    std::function<bool(const std::string& dataset)> among; // empty: as core/study/labelled_set.h has it
};
LabelQuestion questionOf(const std::string& label);
// The seven findings by which the design's figures were measured, each with the data sets it was judged in.
const std::vector<LabelQuestion>& sevenFindings();

struct LabelledRows {
    std::vector<RecordingId> ids;
    std::vector<int> labels;           // 1 positive, 0 negative
    std::vector<std::int64_t> groups;  // of one patient; a recording of no known patient stands alone
    std::vector<int> byReadersAlone;   // 1: positive, and no file or table says so
    std::vector<std::string> datasets; // that count, sorted
    int differing = 0;                 // left out: readers differ and nobody has settled it
};
// Errors: NotFound when no recording has the label, DatabaseFailed.
Result<LabelledRows> rowsOf(const Study& study, const LabelQuestion& question);

// The same, when there is enough of it to divide into folds, and at least `fewestPositives` have the label; asked
// before anything is computed. Errors: NotFound with what the study has instead, DatabaseFailed.
Result<LabelledRows> answerableRows(const Study& study, const LabelQuestion& question, int folds, std::uint64_t seed,
                                    int fewestPositives = 0);

enum class ProbeProtocol { Linear, Attentive, FineTune };
std::string_view protocolName(ProbeProtocol protocol); // "linear", "attentive", "finetune"
std::optional<ProbeProtocol> protocolNamed(std::string_view name);
HeadKind headKind(ProbeProtocol protocol); // of a head; not of Linear

struct EvaluateOptions {
    std::filesystem::path model; // file, run or hash; "" the study's current, else as embedStudy chooses
    ProbeProtocol protocol = ProbeProtocol::Linear;
    LinearProbeOptions probe;
    std::optional<HeadTraining> head; // of a head; empty: headDefaults(headKind(protocol))
    int folds = 5;
    int bootstraps = 1000;
    std::uint64_t seed = 0;         // of folds, bootstraps and random weights
    int repeats = 1;                // other divisions into folds; AUROC and R2 are means over them
    int randomSeeds = 1;            // random initialisations; their mean is the row
    double labelShare = 1;          // of the patients of each training part whose labels are known
    int draws = 5;                  // of such a share
    std::vector<std::string> leads; // the models see only these; empty: all
    double sensitivity = 0;         // of the operating point; 0: Youden's
    int fewestPositives = 10;       // recordings with the label, all tested once; a label with fewer is refused
    bool storedSplit = false;       // told by the evaluation: the study's own split was used, `folds` is its number
};

struct LevelEvaluation {
    double auroc = 0, low = 0, high = 0;
    double random = 0; // mean over the random initialisations
    PairedDifference aboveRandom;
};
// Of out-of-fold scores; threshold and probabilities of a fold come from the other folds.
struct LabelFigures {
    double auprc = 0, f1 = 0, accuracy = 0, sensitivity = 0, specificity = 0;
    Calibration calibration; // after Platt's scaling
};
struct LabelEvaluation {
    std::string label;
    int positives = 0, negatives = 0;
    int byReadersAlone = 0; // of the positives
    int differing = 0;      // left out: readers differ and nobody has settled it
    std::vector<std::string> datasets;
    LevelEvaluation recording, interval, event; // with another protocol than linear only `recording`: the head's
    double simple = 0;
    PairedDifference aboveSimple;                       // recording level against simple features
    LabelFigures figures, randomFigures, simpleFigures; // of the recording level
    // With a head: the linear probe of the model's recording embedding on the same divisions, and the head less it.
    double linear = 0;
    PairedDifference aboveLinear;
    LabelFigures linearFigures;
};
struct HeartRateEvaluation {
    int recordings = 0;                           // those of a named data set, when the study names any
    double recording = 0, random = 0, simple = 0; // R2
    PairedDifference aboveRandom;
};
struct Evaluation {
    std::string modelHash, preprocessingHash;
    std::vector<std::string> randomHashes;
    EvaluateOptions options;
    std::int64_t recordings = 0;
    std::vector<LabelEvaluation> labels;
    std::optional<LabelEvaluation> mean;          // over labels, when there are several; `recording` has an interval
    std::optional<HeartRateEvaluation> heartRate; // empty: too few recordings have one
    std::vector<std::pair<std::string, std::string>> refused;              // label, why it cannot be probed
    std::array<double, kProbeLevels.size()> effectiveRank{}, randomRank{}; // of each level's encodings
    double encodingSeconds = 0, seconds = 0;                               // of the model; of everything
};

// The questions that the study can answer; the others go to `refused`. Error NotFound when none is left.
Result<std::vector<LabelQuestion>> answerable(const Study& study, const std::vector<LabelQuestion>& questions,
                                              int folds, std::uint64_t seed, int fewestPositives,
                                              std::vector<std::pair<std::string, std::string>>& refused);

// Embeds the study with the model and with its random twins where that is not done yet. Heads are kept in the study as
// they are trained (core/explore/head_scores.h): what was stopped goes on.
// Errors: NotFound when no label can be probed (before any computing), those of the engine.
Result<Evaluation> evaluateStudy(const std::filesystem::path& studyFolder, const std::vector<LabelQuestion>& questions,
                                 const EvaluateOptions& options, StopToken stop, Progress& progress);

// The contract of the command line. One question: its object; several: {"labels": [...], "mean": {...}, ...}.
std::string evaluationJson(const Evaluation& evaluation);
std::string evaluationTable(const Evaluation& evaluation); // for a terminal

} // namespace precordia
