// SPDX-License-Identifier: GPL-3.0-or-later
// An evaluation as tables for people.
#include "core/explore/evaluate.h"
#include "core/explore/text_table.h"

#include <cmath>

namespace precordia {

namespace {

using Rows = std::vector<std::vector<std::string>>;

constexpr std::size_t kLabelWidth = 30;

std::string name(const LabelEvaluation& e) {
    return shortened(e.label, kLabelWidth);
}

// Labels, then their mean.
std::vector<const LabelEvaluation*> lines(const Evaluation& evaluation) {
    std::vector<const LabelEvaluation*> out;
    for (const auto& label : evaluation.labels)
        out.push_back(&label);
    if (evaluation.mean)
        out.push_back(&*evaluation.mean);
    return out;
}

std::string percent(double share) {
    return std::to_string(static_cast<int>(std::lround(share * 100))) + " %";
}

std::string heading(const Evaluation& evaluation) {
    const EvaluateOptions& o = evaluation.options;
    std::string out = o.protocol == ProbeProtocol::Linear      ? "Linear probe"
                      : o.protocol == ProbeProtocol::Attentive ? "Attentive probe"
                                                               : "Fine-tuning";
    out += " of model " + evaluation.modelHash + ", " + std::to_string(evaluation.recordings) + " recordings, " +
           std::to_string(o.folds) + " folds by patient" + (o.storedSplit ? " (the study's own split)" : "");
    if (o.repeats > 1)
        out += ", mean of " + std::to_string(o.repeats) + " divisions";
    out += ", seed " + std::to_string(o.seed);
    if (o.labelShare < 1)
        out += ", " + percent(o.labelShare) + " of the training labels, mean of " + std::to_string(o.draws) + " draws";
    if (!o.leads.empty()) {
        out += ", leads";
        for (const auto& lead : o.leads)
            out += " " + lead;
        out += " only";
    }
    out += ". AUROC; differences paired by patient with 95 % intervals. random: the same model with random weights";
    if (evaluation.randomHashes.size() > 1)
        out += ", mean of " + std::to_string(evaluation.randomHashes.size()) + " seeds";
    out += ". simple: 108 amplitude and rhythm numbers, no network, always by linear probe.";
    if (o.protocol == ProbeProtocol::Linear) {
        char c[32];
        std::snprintf(c, sizeof c, "%g", o.probe.c);
        out += o.probe.c > 0 ? std::string(" L2 penalty: C = ") + c + "."
                             : " L2 penalty chosen by cross-validation within each training part.";
    } else {
        const HeadTraining t = o.head.value_or(headDefaults(headKind(o.protocol)));
        out += " linear: a linear probe of the model's recording embedding on the same divisions. At most " +
               std::to_string(t.epochs) + " epochs in batches of " + std::to_string(t.batch) +
               ", ended by a part of the training patients.";
    }
    return wrapped(out);
}

std::string aurocTable(const Evaluation& evaluation) {
    Rows rows = {{"label", "with/out", "AUROC", "95 %", "random", "above random"}};
    for (const LabelEvaluation* e : lines(evaluation))
        rows.push_back(
            {name(*e),
             e->positives + e->negatives == 0 ? "" : std::to_string(e->positives) + "/" + std::to_string(e->negatives),
             figureText(e->recording.auroc), intervalText(e->recording.low, e->recording.high),
             figureText(e->recording.random), differenceText(e->recording.aboveRandom)});
    return textTable(rows);
}

// Who says so, where it is not the files and tables.
std::string readersLines(const Evaluation& evaluation) {
    std::string out;
    for (const LabelEvaluation& e : evaluation.labels) {
        if (e.byReadersAlone > 0)
            out += wrapped(e.label + ": " + std::to_string(e.byReadersAlone) + " of the " +
                           std::to_string(e.positives) + " with it by readers alone (adjudicated, or any reader)");
        if (e.differing > 0)
            out += wrapped(
                e.label + ": " + std::to_string(e.differing) + " in which readers differ " +
                (e.differing == 1 ? "is left out until it is adjudicated" : "are left out until they are adjudicated"));
    }
    return out;
}

std::string levelTable(const Evaluation& evaluation) {
    const bool linear = evaluation.options.protocol == ProbeProtocol::Linear;
    Rows rows = {{"label"}};
    if (linear)
        rows[0].insert(rows[0].end(), {"event", "random", "interval", "random"});
    else
        rows[0].insert(rows[0].end(), {"linear", "above linear"});
    rows[0].insert(rows[0].end(), {"simple", linear ? "recording above simple" : "above simple"});
    for (const LabelEvaluation* e : lines(evaluation)) {
        rows.push_back({name(*e)});
        if (linear)
            rows.back().insert(rows.back().end(), {figureText(e->event.auroc), figureText(e->event.random),
                                                   figureText(e->interval.auroc), figureText(e->interval.random)});
        else
            rows.back().insert(rows.back().end(), {figureText(e->linear), differenceText(e->aboveLinear)});
        rows.back().insert(rows.back().end(), {figureText(e->simple), differenceText(e->aboveSimple)});
    }
    return textTable(rows);
}

std::string figureTable(const Evaluation& evaluation) {
    Rows rows = {{"label", "AUPRC", "random", "simple", "F1", "accuracy", "sens.", "spec.", "Brier", "ECE"}};
    for (const LabelEvaluation* e : lines(evaluation)) {
        const LabelFigures& f = e->figures;
        rows.push_back({name(*e), figureText(f.auprc), figureText(e->randomFigures.auprc),
                        figureText(e->simpleFigures.auprc), figureText(f.f1), figureText(f.accuracy),
                        figureText(f.sensitivity), figureText(f.specificity), figureText(f.calibration.brier),
                        figureText(f.calibration.expectedError)});
    }
    const double asked = evaluation.options.sensitivity;
    return textTable(rows) +
           wrapped(
               "Operating point: " + (asked > 0 ? "a sensitivity of " + figureText(asked) : std::string("Youden's")) +
               ", as probabilities (Platt's scaling) fitted on the other folds. ECE: expected calibration error.");
}

std::string rankLine(const Evaluation& evaluation) {
    std::string out = "Effective rank:";
    for (std::size_t level = 0; level < kProbeLevels.size(); ++level) {
        char text[80];
        std::snprintf(text, sizeof text, "%s %s %.1f (random %.1f)", level == 0 ? "" : ",", kProbeLevels[level],
                      evaluation.effectiveRank[level], evaluation.randomRank[level]);
        out += text;
    }
    char seconds[64];
    std::snprintf(seconds, sizeof seconds, ". %.1f s, of which encoding %.1f s.", evaluation.seconds,
                  evaluation.encodingSeconds);
    return wrapped(out + seconds);
}

} // namespace

std::string evaluationTable(const Evaluation& evaluation) {
    std::string out = heading(evaluation) + "\n" + aurocTable(evaluation) + readersLines(evaluation) + "\n" +
                      levelTable(evaluation) + "\n" + figureTable(evaluation) + "\n";
    if (evaluation.heartRate) {
        const auto& rate = *evaluation.heartRate;
        out += wrapped("Heart rate, R2 from the recording embedding over " + std::to_string(rate.recordings) +
                       " recordings: " + figureText(rate.recording) + ", random " + figureText(rate.random) +
                       ", simple " + figureText(rate.simple) + ", above random " + differenceText(rate.aboveRandom));
    }
    out += rankLine(evaluation);
    for (const auto& [label, why] : evaluation.refused)
        out += "\n" + wrapped("Not probed: " + label + ": " + why);
    return out;
}

} // namespace precordia
