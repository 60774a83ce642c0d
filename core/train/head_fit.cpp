// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/head_fit.h"

#include "core/jepa/random.h"
#include "core/train/train_config.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace precordia {

namespace {

constexpr double kClip = 1.0; // norm of the gradient of tensors that share a rate

std::vector<std::vector<int>> batchesOf(std::vector<int> rows, std::int64_t batch, Random& random) {
    for (std::size_t i = rows.size(); i > 1; --i)
        std::swap(rows[i - 1], rows[static_cast<std::size_t>(random.below(static_cast<std::int64_t>(i)))]);
    std::vector<std::vector<int>> out;
    for (std::size_t at = 0; at < rows.size(); at += static_cast<std::size_t>(batch))
        out.emplace_back(rows.begin() + static_cast<std::ptrdiff_t>(at),
                         rows.begin() +
                             static_cast<std::ptrdiff_t>(std::min(rows.size(), at + static_cast<std::size_t>(batch))));
    return out;
}

class Fit {
public:
    Fit(HeadLearner& learner, const HeadSplit& split, std::uint64_t seed, HeadJob& job)
        : learner_(learner)
        , split_(split)
        , seed_(seed)
        , job_(job)
        , weights_(classWeightsOf(job.request, job.targets, split.train)) {}

    Result<HeadSplitResult> operator()(bool started) {
        result_.trained = static_cast<int>(split_.train.size());
        result_.validated = static_cast<int>(split_.validation.size());
        result_.tested = static_cast<int>(split_.test.size());
        result_.validationLoss = std::numeric_limits<double>::quiet_NaN();
        const bool stops = !split_.validation.empty();
        if (stops && started)
            if (auto judged = judge(0); !judged)
                return judged.as<HeadSplitResult>();
        for (int epoch = 1; epoch <= job_.training.epochs; ++epoch) {
            if (auto run = oneEpoch(epoch); !run)
                return run.as<HeadSplitResult>();
            result_.epochs = epoch;
            job_.progress.update(++job_.epochsDone);
            if (!stops) {
                result_.bestEpoch = epoch;
                continue;
            }
            if (auto judged = judge(epoch); !judged)
                return judged.as<HeadSplitResult>();
            if (epoch - result_.bestEpoch >= job_.training.patience) {
                job_.epochsDone += job_.training.epochs - epoch;
                break;
            }
        }
        restore();
        return result_;
    }

private:
    Result<Done> oneEpoch(int epoch) {
        Random order(chanceSeed(seed_, Chance::Order, epoch));
        const auto batches = batchesOf(split_.train, job_.training.batch, order);
        const auto perEpoch = static_cast<std::int64_t>(batches.size());
        double sum = 0;
        for (const auto& rows : batches) {
            if (job_.stopped())
                return Cancelled{};
            Dropout dropout{job_.training.dropout,
                            at::detail::createCPUGenerator(chanceSeed(seed_, Chance::Step, step_))};
            for (auto& part : learner_.trained())
                part.optimiser.zeroGradient();
            auto loss = headLoss(learner_.logits(rows, &dropout), job_.targets, rows, weights_);
            sum += loss.item<double>();
            if (const auto penalty = learner_.penalty(); penalty.defined())
                loss = loss + penalty;
            loss.backward();
            if (!std::isfinite(sum))
                return makeError(ErrorCode::NotFinite, "epoch " + std::to_string(epoch) +
                                                           " of a head: its loss is not finite; a smaller learning "
                                                           "rate may help");
            TrainConfig schedule;
            schedule.learningRate = job_.training.learningRate;
            schedule.warmup = job_.training.warmup;
            schedule.finalRate = 0;
            const double rate = learningRateAt(schedule, step_, perEpoch * job_.training.epochs);
            for (auto& part : learner_.trained()) {
                part.optimiser.clipGradient(kClip);
                part.optimiser.step(rate * part.factor);
            }
            ++step_;
            job_.thread.serve();
        }
        result_.trainLoss = sum / static_cast<double>(perEpoch);
        return Done{};
    }

    Result<Done> judge(int epoch) {
        const auto scores = scoreRows(learner_, split_.validation, job_.training.batch, job_.request.stop, job_.thread);
        if (!scores)
            return scores.as<Done>();
        const auto loss = headLoss(*scores, job_.targets, split_.validation, weights_).item<double>();
        if (!std::isnan(result_.validationLoss) && !(loss < result_.validationLoss))
            return Done{};
        result_.validationLoss = loss;
        result_.bestEpoch = epoch;
        best_.clear();
        for (auto& part : learner_.trained())
            for (const auto& [name, tensor] : part.tensors)
                best_.push_back(tensor.detach().clone());
        return Done{};
    }

    void restore() {
        const at::NoGradGuard noGrad;
        auto kept = best_.begin();
        for (auto& part : learner_.trained())
            for (auto& [name, tensor] : part.tensors)
                if (kept != best_.end())
                    tensor.detach().copy_(*kept++);
    }

    HeadLearner& learner_;
    const HeadSplit& split_;
    std::uint64_t seed_;
    HeadJob& job_;
    at::Tensor weights_;
    std::int64_t step_ = 0;
    std::vector<at::Tensor> best_;
    HeadSplitResult result_;
};

} // namespace

Result<HeadSplitResult> fitHead(HeadLearner& learner, const HeadSplit& split, std::uint64_t seed, bool started,
                                HeadJob& job) {
    return Fit(learner, split, seed, job)(started);
}

Result<at::Tensor> scoreRows(const HeadLearner& learner, const std::vector<int>& rows, int batch, const StopToken& stop,
                             ComputeThread& thread) {
    const at::NoGradGuard noGrad;
    std::vector<at::Tensor> out;
    for (std::size_t at = 0; at < rows.size(); at += static_cast<std::size_t>(batch)) {
        if (stop.stop_requested() || thread.closing())
            return Cancelled{};
        const auto end = std::min(rows.size(), at + static_cast<std::size_t>(batch));
        out.push_back(learner.logits(
            {rows.begin() + static_cast<std::ptrdiff_t>(at), rows.begin() + static_cast<std::ptrdiff_t>(end)},
            nullptr));
        thread.serve();
    }
    return at::cat(out);
}

} // namespace precordia
