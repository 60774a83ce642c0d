// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/head_data.h"

#include "core/jepa/random.h"
#include "core/jepa/standardise.h"
#include "core/train/window_batch.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

namespace precordia {

namespace {

constexpr double kLargestWeight = 20; // a label with three positives would else rule the loss

Error wrong(const std::string& what) {
    return makeError(ErrorCode::ValueOutOfRange, what);
}

Result<Done> checkTraining(const HeadTraining& t) {
    const auto share = [](double v) { return v >= 0 && v < 1; };
    if (t.epochs < 1 || t.batch < 1 || t.queries < 0 || t.queries > 64 || t.patience < 1)
        return wrong("a head needs at least one epoch, a batch of at least one, a patience of at least one and at most "
                     "64 queries");
    if (!(t.learningRate > 0) || !(t.layerDecay > 0 && t.layerDecay <= 1) || !(t.weightDecay >= 0))
        return wrong("a head needs a learning rate above 0, a layer decay above 0 and at most 1, a weight decay of at "
                     "least 0");
    if (!share(t.dropout) || !share(t.warmup) || !share(t.innerShare))
        return wrong("dropout, warm-up and inner share of a head are at least 0 and below 1");
    return Done{};
}

Result<Done> checkSplit(const HeadRequest& request, std::size_t number, std::int64_t rows) {
    const auto& split = request.splits[number];
    const std::string name = "split " + std::to_string(number);
    std::set<int> seen;
    std::map<std::int64_t, int> partOf; // of each patient
    const auto classes = static_cast<std::size_t>(request.classes);
    bool known = false;
    int part = 0;
    for (const auto* rowsOf : {&split.train, &split.validation, &split.test}) {
        for (const int row : *rowsOf) {
            if (row < 0 || row >= rows)
                return wrong(name + " names row " + std::to_string(row) + " of " + std::to_string(rows));
            if (!seen.insert(row).second)
                return wrong(name + " names row " + std::to_string(row) + " twice");
            const auto r = static_cast<std::size_t>(row);
            if (!request.groups.empty() && partOf.emplace(request.groups[r], part).first->second != part)
                return wrong(name + " has the patient of row " + std::to_string(row) + " in two of its parts");
            const auto* label = request.labels.data() + (request.multiLabel ? r * classes : r);
            known = known || (part == 0 && std::any_of(label, label + (request.multiLabel ? classes : 1),
                                                       [](int v) { return v >= 0; }));
        }
        ++part;
    }
    if (!known)
        return makeError(ErrorCode::NotFound, name + " has no training row with a known label");
    return Done{};
}

// Rows of one patient stay together; `known` rows are those with any label.
std::vector<std::vector<int>> patientsOf(const HeadRequest& request, const std::vector<int>& rows) {
    std::map<std::int64_t, std::vector<int>> byPatient;
    std::vector<std::vector<int>> out;
    for (const int row : rows)
        if (request.groups.empty())
            out.push_back({row});
        else
            byPatient[request.groups[static_cast<std::size_t>(row)]].push_back(row);
    for (auto& [patient, own] : byPatient)
        out.push_back(std::move(own));
    return out;
}

// The rarest positive label of a patient decides its stratum, so that rare findings are on both sides. -1: none.
int stratumOf(const HeadRequest& request, const std::vector<int>& rows, const std::vector<std::int64_t>& counts) {
    int stratum = -1;
    for (const int row : rows) {
        const auto r = static_cast<std::size_t>(row);
        for (int c = 0; c < request.classes; ++c) {
            const bool has =
                request.multiLabel
                    ? request.labels[r * static_cast<std::size_t>(request.classes) + static_cast<std::size_t>(c)] == 1
                    : request.labels[r] == c;
            if (has && (stratum < 0 || counts[static_cast<std::size_t>(c)] < counts[static_cast<std::size_t>(stratum)]))
                stratum = c;
        }
    }
    return stratum;
}

} // namespace

Result<Done> checkHeadRequest(const HeadRequest& request, const ModelConfig& model) {
    if (!request.windows)
        return makeError(ErrorCode::WrongUse, "a head needs windows");
    if (auto fits = checkShape(model, *request.windows); !fits)
        return fits;
    const auto windows = request.windows->size();
    for (const auto window : request.rows)
        if (window < 0 || window >= windows)
            return wrong("there is no window " + std::to_string(window));
    const auto rows = request.rows.empty() ? windows : static_cast<std::int64_t>(request.rows.size());
    if (request.classes < (request.multiLabel ? 1 : 2))
        return wrong(request.multiLabel ? "a head needs at least one label" : "a choice needs at least two classes");
    const auto labels = rows * (request.multiLabel ? request.classes : 1);
    if (static_cast<std::int64_t>(request.labels.size()) != labels)
        return wrong(std::to_string(request.labels.size()) + " labels were given for " + std::to_string(labels));
    const int largest = request.multiLabel ? 1 : request.classes - 1;
    for (const int label : request.labels)
        if (label < -1 || label > largest)
            return wrong("a label is " + std::to_string(label) + ", not -1 to " + std::to_string(largest));
    if (!request.groups.empty() && static_cast<std::int64_t>(request.groups.size()) != rows)
        return wrong("patients were given for " + std::to_string(request.groups.size()) + " of " +
                     std::to_string(rows) + " rows");
    if (!request.classWeights.empty() && (static_cast<int>(request.classWeights.size()) != request.classes ||
                                          std::any_of(request.classWeights.begin(), request.classWeights.end(),
                                                      [](double w) { return !(w >= 0 && w < 1e6); })))
        return wrong("class weights are one number a class, from 0 to a million");
    for (const auto& lead : request.leads)
        if (std::find(model.leads.begin(), model.leads.end(), lead) == model.leads.end())
            return wrong("the model has no lead \"" + lead + "\"");
    if (request.splits.empty())
        return wrong("there is no split");
    for (std::size_t i = 0; i < request.splits.size(); ++i)
        if (auto fits = checkSplit(request, i, rows); !fits)
            return fits;
    if (!request.known.empty() && request.known.size() != request.splits.size())
        return wrong("what is known of the splits is of " + std::to_string(request.known.size()) + ", not " +
                     std::to_string(request.splits.size()));
    for (std::size_t i = 0; i < request.known.size(); ++i)
        if (request.known[i] && request.known[i]->scores.size() !=
                                    request.splits[i].test.size() * static_cast<std::size_t>(request.classes))
            return wrong("what is known of split " + std::to_string(i) + " has not the scores of its test rows");
    return checkTraining(request.training.value_or(headDefaults(request.kind)));
}

HeadTargets targetsOf(const HeadRequest& request) {
    HeadTargets out;
    out.multiLabel = request.multiLabel;
    out.classes = request.classes;
    auto labels = at::tensor(request.labels).to(at::kLong);
    if (request.multiLabel)
        labels = labels.view({-1, out.classes});
    out.known = labels.ge(0).to(at::kFloat);
    out.value = labels.clamp_min(0);
    if (request.multiLabel)
        out.value = out.value.to(at::kFloat);
    return out;
}

at::Tensor classWeightsOf(const HeadRequest& request, const HeadTargets& targets, const std::vector<int>& train) {
    if (!request.classWeights.empty())
        return at::tensor(request.classWeights).to(at::kFloat);
    const auto index = indexOf(train);
    const auto known = targets.known.index_select(0, index);
    const auto value = targets.value.index_select(0, index);
    if (targets.multiLabel) {
        const auto positives = (known * value).sum(0);
        return ((known.sum(0) - positives) / positives.clamp_min(1)).clamp(1 / kLargestWeight, kLargestWeight);
    }
    const auto counts = at::bincount(value, known, targets.classes).to(at::kFloat);
    const auto weights = counts.sum() / (counts.clamp_min(1) * static_cast<double>(targets.classes));
    return weights.clamp_max(kLargestWeight);
}

at::Tensor headLoss(const at::Tensor& logits, const HeadTargets& targets, const std::vector<int>& rows,
                    const at::Tensor& weights) {
    const auto index = indexOf(rows);
    const auto known = targets.known.index_select(0, index);
    const auto value = targets.value.index_select(0, index);
    if (targets.multiLabel) {
        const auto each = at::binary_cross_entropy_with_logits(logits, value, {}, weights, at::Reduction::None) * known;
        return each.sum() / known.sum().clamp_min(1);
    }
    const auto weight = weights.index_select(0, value) * known;
    const auto each = -at::log_softmax(logits, 1).gather(1, value.unsqueeze(1)).squeeze(1) * weight;
    return each.sum() / weight.sum().clamp_min(1e-6);
}

HeadSplit withValidation(const HeadRequest& request, const HeadSplit& split, double share, std::uint64_t seed) {
    if (!split.validation.empty() || share <= 0)
        return split;
    std::vector<std::int64_t> counts(static_cast<std::size_t>(request.classes), 0);
    int known = 0;
    for (const int row : split.train) {
        const auto r = static_cast<std::size_t>(row);
        bool any = false;
        for (int c = 0; c < request.classes; ++c) {
            const int label = request.multiLabel ? request.labels[r * counts.size() + static_cast<std::size_t>(c)]
                                                 : request.labels[r] == c;
            counts[static_cast<std::size_t>(c)] += label == 1 ? 1 : 0;
            any = any || (request.multiLabel ? label >= 0 : request.labels[r] >= 0);
        }
        known += any ? 1 : 0;
    }
    if (known < kInnerLeast)
        return split;
    auto patients = patientsOf(request, split.train);
    Random random(seed);
    for (std::size_t i = patients.size(); i > 1; --i)
        std::swap(patients[i - 1], patients[static_cast<std::size_t>(random.below(static_cast<std::int64_t>(i)))]);
    // Of each stratum every so manieth patient, the remainder carried on to the next.
    std::map<int, std::vector<std::size_t>> strata;
    for (std::size_t i = 0; i < patients.size(); ++i)
        strata[stratumOf(request, patients[i], counts)].push_back(i);
    HeadSplit out;
    out.test = split.test;
    double owed = 0.5;
    for (const auto& [stratum, members] : strata)
        for (const auto i : members) {
            owed += share;
            auto& part = owed >= 1 ? out.validation : out.train;
            owed -= owed >= 1 ? 1 : 0;
            part.insert(part.end(), patients[i].begin(), patients[i].end());
        }
    std::sort(out.train.begin(), out.train.end());
    std::sort(out.validation.begin(), out.validation.end());
    return out.train.empty() ? split : out;
}

HeadWindows::HeadWindows(const WindowSource& windows, const std::vector<std::int64_t>& rows,
                         const std::vector<std::string>& modelLeads, const std::vector<std::string>& allowed)
    : windows_(windows)
    , rows_(rows) {
    if (allowed.empty())
        return;
    for (const auto& lead : modelLeads)
        allowed_.push_back(std::find(allowed.begin(), allowed.end(), lead) != allowed.end() ? 1 : 0);
}

std::int64_t HeadWindows::size() const {
    return rows_.empty() ? windows_.size() : static_cast<std::int64_t>(rows_.size());
}

std::int64_t HeadWindows::window(std::int64_t row) const {
    return rows_.empty() ? row : rows_[static_cast<std::size_t>(row)];
}

void HeadWindows::read(std::int64_t row, std::span<float> out, std::span<std::uint8_t> leadPresent) const {
    windows_.read(window(row), out, leadPresent);
    const auto samples = static_cast<std::size_t>(windows_.shape().samples);
    for (std::size_t l = 0; l < allowed_.size(); ++l)
        if (allowed_[l] == 0) {
            leadPresent[l] = 0;
            std::fill_n(out.begin() + static_cast<std::ptrdiff_t>(l * samples), samples, 0.0F);
        }
}

Result<at::Tensor> forRows(const HeadWindows& windows, const ModelConfig& model, const std::vector<int>& rows,
                           const std::function<at::Tensor(const at::Tensor&, const at::Tensor&)>& each) {
    std::vector<at::Tensor> parts;
    std::vector<std::int64_t> order;
    for (const auto& group : readGroups(windows, {rows.begin(), rows.end()})) {
        const auto name = [&](std::size_t i) {
            return "window " + std::to_string(windows.window(rows[static_cast<std::size_t>(group.rows[i])]));
        };
        if (group.leads.empty())
            return makeError(ErrorCode::LeadMissing, name(0) + " has none of the leads that are asked for");
        const auto n = static_cast<std::int64_t>(group.rows.size());
        const auto k = static_cast<std::int64_t>(group.leads.size());
        const auto finite = group.microvolts.isfinite().flatten(1).all(1);
        for (std::int64_t i = 0; i < n; ++i)
            if (!finite[i].item<bool>())
                return makeError(ErrorCode::NotFinite,
                                 name(static_cast<std::size_t>(i)) + " holds values that are not finite");
        const auto leads = k == model.leadCount() ? at::Tensor() : at::tensor(group.leads).expand({n, k});
        parts.push_back(each(standardise(group.microvolts, model.scale), leads));
        order.insert(order.end(), group.rows.begin(), group.rows.end());
    }
    const auto all = parts.size() == 1 ? parts.front() : at::cat(parts);
    if (std::is_sorted(order.begin(), order.end()))
        return all;
    std::vector<std::int64_t> place(order.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        place[static_cast<std::size_t>(order[i])] = static_cast<std::int64_t>(i);
    return all.index_select(0, at::tensor(place));
}

at::Tensor indexOf(const std::vector<int>& rows) {
    return at::tensor(std::vector<std::int64_t>(rows.begin(), rows.end()));
}

} // namespace precordia
