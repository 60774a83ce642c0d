// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explore/succession.h"

#include "core/engine/config.h"
#include "core/engine/run_history.h"
#include "core/explore/embed_study.h"
#include "core/explore/frequent_labels.h"
#include "core/explore/probe.h"

#include <algorithm>
#include <cmath>

namespace precordia {

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

// Some windows of a study, one after the other: a probe looks at those alone.
class ChosenWindows final : public WindowSource {
public:
    ChosenWindows(std::shared_ptr<const WindowSource> all, std::vector<std::int64_t> chosen)
        : all_(std::move(all))
        , chosen_(std::move(chosen)) {}
    std::int64_t size() const override { return static_cast<std::int64_t>(chosen_.size()); }
    WindowShape shape() const override { return all_->shape(); }
    void read(std::int64_t index, std::span<float> out, std::span<std::uint8_t> leadPresent) const override {
        all_->read(chosen_[static_cast<std::size_t>(index)], out, leadPresent);
    }
    std::string dataHash() const override { return all_->dataHash(); }
    std::string origin(std::int64_t index) const override {
        return all_->origin(chosen_[static_cast<std::size_t>(index)]);
    }

private:
    std::shared_ptr<const WindowSource> all_;
    std::vector<std::int64_t> chosen_;
};

double knnOf(Engine& engine, const ModelInfo& model, const WindowSource& windows, const ProbeLabels& labels,
             const StopToken& stop) {
    Matrix embeddings;
    EncodeOptions options;
    options.stop = stop;
    const auto encoded = engine.encode(
        model.hash, windows, 0, windows.size(), options, [&](std::int64_t index, const Encodings& e) -> Result<Done> {
            if (embeddings.size() == 0)
                embeddings = Matrix::Zero(windows.size(), static_cast<Eigen::Index>(e.recording.size()));
            embeddings.row(index) =
                Eigen::Map<const Eigen::RowVectorXf>(e.recording.data(), static_cast<Eigen::Index>(e.recording.size()));
            return Done{};
        });
    return encoded.ok() ? knnAuroc(embeddings, labels.values, labels.groups) : kNone;
}

// The same labels' windows as the former model reads them: its leads or its rate may be others.
double formerKnn(const Study& study, Engine& engine, const ProbeLabels& asked, const std::string& former,
                 const StopToken& stop, Progress& progress) {
    const auto model = engine.loadModel(modelFile(study, former));
    if (!model)
        return kNone;
    const auto preprocessing = preprocessingOf(*model);
    if (!preprocessing)
        return kNone;
    const auto cache = SignalCache::build(study.folder(), *preprocessing, stop, progress);
    if (!cache)
        return kNone;
    const auto labels = frequentLabels(study, **cache);
    if (!labels || labels->names != asked.names)
        return kNone; // recordings that one of the two cannot read: the figures would be of other things
    return knnOf(engine, *model, ChosenWindows(*cache, labels->windows), *labels, stop);
}

} // namespace

double knnAuroc(const Matrix& embeddings, const std::vector<int>& values, const std::vector<std::int64_t>& groups,
                int k) {
    const auto n = static_cast<std::size_t>(embeddings.rows());
    if (n < 2 || groups.size() != n || values.size() % n != 0 || !embeddings.allFinite())
        return kNone;
    const Eigen::MatrixXd x = embeddings.cast<double>();
    Eigen::MatrixXd unit = x.rowwise() - x.colwise().mean();
    const Eigen::RowVectorXd spread = unit.colwise().squaredNorm() / static_cast<double>(n);
    unit.array().rowwise() /= spread.cwiseSqrt().cwiseMax(1e-12).array();
    const Eigen::VectorXd lengths = unit.rowwise().norm().cwiseMax(1e-12);
    unit.array().colwise() /= lengths.array();
    const Eigen::MatrixXd cosine = unit * unit.transpose();

    const std::size_t labels = values.size() / n;
    double sum = 0;
    int counted = 0;
    std::vector<std::pair<double, int>> near; // likeness, truth
    for (std::size_t label = 0; label < labels; ++label) {
        std::vector<double> scores;
        std::vector<int> truths;
        for (std::size_t i = 0; i < n; ++i) {
            if (values[i * labels + label] < 0)
                continue;
            near.clear();
            for (std::size_t j = 0; j < n; ++j)
                if (groups[j] != groups[i] && values[j * labels + label] >= 0)
                    near.emplace_back(cosine(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)),
                                      values[j * labels + label]);
            const auto kept = std::min(near.size(), static_cast<std::size_t>(k));
            std::partial_sort(near.begin(), near.begin() + static_cast<std::ptrdiff_t>(kept), near.end(),
                              [](const auto& a, const auto& b) { return a.first > b.first; });
            double share = 0;
            for (std::size_t j = 0; j < kept; ++j)
                share += near[j].second;
            scores.push_back(kept > 0 ? share / static_cast<double>(kept) : 0);
            truths.push_back(values[i * labels + label]);
        }
        const auto positives = std::count(truths.begin(), truths.end(), 1);
        if (positives == 0 || positives == static_cast<std::ptrdiff_t>(truths.size()))
            continue;
        sum += auroc(scores, truths);
        ++counted;
    }
    return counted > 0 ? sum / counted : kNone;
}

std::string lastVerdict(const std::filesystem::path& runFolder) {
    const auto updates = readRun(runFolder).updates;
    const auto judged =
        std::find_if(updates.rbegin(), updates.rend(), [](const TrainUpdate& u) { return !u.verdict.empty(); });
    return judged == updates.rend() ? std::string() : judged->verdict;
}

Result<Succession> judgeSuccession(const Study& study, Engine& engine, const RunSummary& run,
                                   const std::shared_ptr<const ProbeLabels>& labels, StopToken stop,
                                   Progress& progress) {
    Succession out;
    std::error_code code;
    out.former = study.currentModel();
    if (!out.former.empty() && !std::filesystem::exists(modelFile(study, out.former), code))
        out.former.clear();
    out.knn = run.last.knn;
    if (out.former.empty()) {
        out.word = "first";
        const auto demo = demoModelFile();
        out.demo = !demo.empty() && std::filesystem::exists(demo, code);
    } else if (labels && !labels->windows.empty() && std::isfinite(out.knn)) {
        out.formerKnn = formerKnn(study, engine, *labels, out.former, stop, progress);
        if (std::isfinite(out.formerKnn)) {
            const double gain = out.knn - out.formerKnn;
            out.word = gain > kAlike ? "better" : gain < -kAlike ? "worse" : "alike";
        }
    }
    if (run.last.verdict == "collapsed") {
        out.word = "collapsed";
        // Where there is nothing else at all, a bad model is more than none.
        out.takes = out.former.empty() && !out.demo;
    }
    return out;
}

} // namespace precordia
