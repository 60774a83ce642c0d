// SPDX-License-Identifier: GPL-3.0-or-later
// Heads: what is trained on labels above a model. The attentive probe leaves the encoder as it is; fine-tuning moves
// all of it. Asked of Engine::trainHead; works the same above random weights (Engine::randomModel), the row beside it.
#pragma once

#include "core/base/progress.h"
#include "core/ecg/window_source.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace precordia {

enum class HeadKind {
    // Learned queries attend over the intervals of the frozen model (interval and event encoding side by side, each
    // feature standardised by the training rows), a linear layer reads what they gathered (the attentive probe of
    // I-JEPA and V-JEPA). Every window is encoded once, whatever the number of splits.
    Attentive,
    // Mean and deviation over time of interval and event encodings and the rhythm profile, a linear layer; first the
    // layer alone until it fits (Kumar et al. 2022: so that it does not spoil the encoder), then encoder and layer
    // together with layer-wise learning rates.
    FineTune,
};

// Numbers of rows. A row may be in several splits, never in two parts of one.
struct HeadSplit {
    std::vector<int> train;
    std::vector<int> validation; // tells when to stop; empty: some patients of `train` are taken for it
    std::vector<int> test;       // gets scores
};
// One split a fold: trained on the other folds, tested on it. Rows of a negative fold are in no split.
std::vector<HeadSplit> splitsOfFolds(const std::vector<int>& foldOf);

struct HeadTraining {
    int epochs = 60;
    int batch = 64;
    double learningRate = 3e-3; // largest; linear warm-up, cosine down to 0
    double layerDecay = 1;      // FineTune: rate of each block over that of the next one above
    double weightDecay = 0.05;
    double dropout = 0.2; // Attentive: on what the queries gathered. FineTune: in the encoder and before the layer
    double warmup = 0.1;  // share of the steps
    int patience = 10;    // epochs without a better validation loss until it stops; the best epoch's weights are taken
    double innerShare = 0.2; // of the training patients, when a split has no validation part; 0: none, all epochs run
    int queries = 4;         // Attentive; 0: the mean over time in place of attention, to compare with
};
HeadTraining headDefaults(HeadKind kind);

struct HeadSplitResult {
    int epochs = 0;            // run
    int bestEpoch = 0;         // whose weights were taken; FineTune: 0 is the layer on the frozen encoder
    double trainLoss = 0;      // of the last epoch, with dropout
    double validationLoss = 0; // of the best epoch; NaN without validation part
    int trained = 0, validated = 0, tested = 0; // rows
    std::vector<float> scores;                  // [tested, classes] logits, in the order of the split's test part
    std::vector<float> validationScores;        // likewise of the split's own validation part: for an operating point
};

struct HeadRequest {
    std::string modelHash; // of a loaded or a random model
    std::shared_ptr<const WindowSource> windows;
    std::vector<std::int64_t> rows; // windows in use: row i of all that follows is window rows[i]; empty: all, in order
    HeadKind kind = HeadKind::Attentive;

    bool multiLabel = true; // each label on its own (sigmoid); false: one of several classes (softmax)
    int classes = 1;        // labels, or classes
    // Row-major [rows, classes] of 1, 0, -1 (not known: does not count); one of several: [rows], class number or -1.
    std::vector<int> labels;
    std::vector<std::int64_t> groups; // [rows] patient; empty: each row its own
    std::vector<HeadSplit> splits;
    // Multi-label: weight of the positives of each label; one of several: of each class. Empty: balanced by the
    // training rows (negatives over positives, at most 20; 1 over the class's share). All 1: none.
    std::vector<double> classWeights;
    std::vector<std::string> leads; // reduced leads: the encoder sees only these of the model's; empty: all

    std::optional<HeadTraining> training; // empty: headDefaults(kind)
    std::uint64_t seed = 0;               // all chance: first weights, inner part, order, dropout
    // What the first split learned, as a model file: all tensors of the model (the fine-tuned encoder in place of the
    // frozen one; teacher and predictors as they were), the head's as "head.*", its description as metadata "head".
    // Engine::loadModel reads it as any model, Engine::applyHead scores windows with it. "": not kept.
    std::filesystem::path save;
    // A job that goes on: what splits came to in an earlier request that was the same. Empty, or one a split; those
    // that are there are taken as they are (the first one is trained all the same when it is to be saved).
    std::vector<std::optional<HeadSplitResult>> known;
    // Each split as soon as it is trained: its number, what it came to. On the compute thread; must return soon.
    std::function<void(std::size_t, const HeadSplitResult&)> onSplit;
    StopToken stop; // at the next batch: the result is Cancelled, nothing is saved
};

struct HeadResult {
    // [rows, classes] logits; mean over the splits that test the row, NaN in rows that none tests. Logits of different
    // splits are of different heads.
    std::vector<float> scores;
    std::vector<HeadSplitResult> splits;
};

// Scores of the windows by a saved head.
struct HeadScores {
    std::vector<float> scores; // [rows, classes] logits
    bool multiLabel = true;
    int classes = 1;
};

} // namespace precordia
