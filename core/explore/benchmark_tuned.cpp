// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explore/benchmark_parts.h"

namespace precordia {

namespace {

// [row of the task, class] or [row of the task]: HeadRequest has the labels of all its rows, here of all recordings.
std::vector<int> headLabels(const BenchmarkTaskRows& in, std::size_t recordings, bool multiClass) {
    if (multiClass)
        return in.classOf;
    std::vector<int> out;
    for (std::size_t i = 0; i < recordings; ++i)
        for (const auto& labels : in.labels)
            out.push_back(labels[i]);
    return out;
}

RowsD table(const std::vector<float>& scores, int classes) {
    const auto rows = static_cast<Eigen::Index>(scores.size()) / classes;
    RowsD out(rows, classes);
    for (Eigen::Index i = 0; i < rows; ++i)
        for (Eigen::Index k = 0; k < classes; ++k)
            out(i, k) = static_cast<double>(scores[static_cast<std::size_t>(i * classes + k)]);
    return out;
}

std::vector<double> column(const RowsD& scores, std::size_t k) {
    const Eigen::VectorXd out = scores.col(static_cast<Eigen::Index>(k));
    return {out.begin(), out.end()};
}

} // namespace

void addBinaryFigures(const std::vector<double>& validation, const std::vector<int>& known,
                      const std::vector<double>& test, const std::vector<int>& asked, double sensitivity, double n,
                      BenchmarkRow& row) {
    const double point =
        sensitivity > 0 ? sensitivityThreshold(validation, known, sensitivity) : youdenThreshold(validation, known);
    const Platt platt = fitPlatt(validation, known);
    std::vector<std::uint8_t> called;
    std::vector<double> probability;
    for (const double score : test) {
        called.push_back(score >= point ? 1 : 0);
        probability.push_back(platt(score));
    }
    const Confusion confusion = confusionOf(called, asked);
    const Calibration calibration = calibrationOf(probability, asked);
    row.auprc += averagePrecision(test, asked) / n;
    row.f1 += confusion.f1() / n, row.accuracy += confusion.accuracy() / n;
    row.sensitivity += confusion.sensitivity() / n, row.specificity += confusion.specificity() / n;
    row.calibration.brier += calibration.brier / n;
    row.calibration.expectedError += calibration.expectedError / n;
}

void addClassFigures(const RowsD& test, const std::vector<int>& asked, double n, BenchmarkRow& row) {
    const RowsD p = softmaxOf(test);
    const ClassFigures figures = classFiguresOf(p, asked);
    row.oneVersusRest += aurocOneVersusRest(p, asked) / n;
    row.f1 += figures.macroF1 / n, row.accuracy += figures.accuracy / n;
    for (std::size_t k = 0; k < row.perClass.size(); ++k)
        row.perClass[k] += figures.auroc[k] / n;
}

Result<Done> runTuned(const TunedEncoder& encoder, const HeadSource& source, HeadPlan plan, const BenchmarkRows& rows,
                      const BenchmarkTaskRows& in, int classes, const BenchmarkOptions& options, bool multiClass,
                      BenchmarkRow& row, BenchmarkOutcome& outcome) {
    const auto seeds = static_cast<double>(encoder.hashes.size());
    const auto count = static_cast<std::size_t>(classes);
    row.perClass.assign(count, 0);
    outcome.binary.resize(multiClass ? 0 : count);
    const std::vector<HeadSplit> split = {{in.parts.train, in.parts.validation, in.parts.test}};
    for (std::size_t s = 0; s < encoder.hashes.size(); ++s) {
        plan.modelHash = encoder.hashes[s];
        const auto request =
            headRequest(source, plan, rows.places, headLabels(in, rows.places.size(), multiClass), !multiClass, classes,
                        rows.groups, split, options.seed + static_cast<std::uint64_t>(s));
        const auto trained = trainKept(request, plan, source);
        if (!trained)
            return trained.as<Done>();
        const auto& result = trained->splits[0];
        const RowsD test = table(result.scores, classes);
        if (multiClass) {
            addClassFigures(test, take(in.classOf, in.parts.test), seeds, row);
            outcome.classes.push_back(test);
            continue;
        }
        const RowsD validation = table(result.validationScores, classes);
        for (std::size_t k = 0; k < count; ++k) {
            const auto known = take(in.labels[k], in.parts.validation), asked = take(in.labels[k], in.parts.test);
            auto scores = column(test, k);
            addBinaryFigures(column(validation, k), known, scores, asked, options.sensitivity,
                             static_cast<double>(classes) * seeds, row);
            row.perClass[k] += auroc(scores, asked) / seeds;
            outcome.binary[k].push_back(std::move(scores));
        }
    }
    return Done{};
}

} // namespace precordia
