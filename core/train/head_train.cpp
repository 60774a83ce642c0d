// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/head_train.h"

#include "core/train/head_attentive.h"
#include "core/train/head_file.h"
#include "core/train/head_finetune.h"
#include "core/train/train_config.h"
#include "core/train/window_batch.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <limits>
#include <numeric>

namespace precordia {

namespace {

constexpr int kEncodeBatch = 16;
constexpr std::int64_t kFloatBytes = 1LL << 30; // encodings above it are kept as bfloat16

// each(encodings) of all rows by the model as it is, on the way kept small.
Result<at::Tensor> encodeAll(const LoadedModel& model, const HeadWindows& windows,
                             const std::function<at::Tensor(const EncoderOutput&)>& each, const StopToken& stop,
                             Progress* progress, ComputeThread& thread) {
    const at::NoGradGuard noGrad;
    const auto& config = model.jepa->config();
    const auto count = windows.size();
    if (progress != nullptr)
        progress->begin("Encoding", count);
    at::Tensor all;
    for (std::int64_t first = 0; first < count; first += kEncodeBatch) {
        if (stop.stop_requested() || thread.closing())
            return Cancelled{};
        std::vector<int> rows(static_cast<std::size_t>(std::min<std::int64_t>(kEncodeBatch, count - first)));
        std::iota(rows.begin(), rows.end(), static_cast<int>(first));
        const auto part = forRows(windows, config, rows, [&](const at::Tensor& x, const at::Tensor& leads) {
            return each(model.jepa->encode(x, leads));
        });
        if (!part)
            return part;
        if (!all.defined()) {
            auto shape = part->sizes().vec();
            shape[0] = count;
            const auto bytes = part->numel() / part->size(0) * count * 4;
            all = at::empty(shape, part->options().dtype(bytes > kFloatBytes ? at::kBFloat16 : at::kFloat));
        }
        all.narrow(0, first, part->size(0)).copy_(*part);
        if (progress != nullptr)
            progress->update(first + part->size(0));
        thread.serve();
    }
    return all;
}

class HeadTrainer {
public:
    HeadTrainer(const LoadedModel& model, const HeadRequest& request, Progress& progress, ComputeThread& thread)
        : model_(model)
        , windows_(*request.windows, request.rows, model.jepa->config().leads, request.leads)
        , job_{request, request.training.value_or(headDefaults(request.kind)), targetsOf(request), progress, thread} {}

    Result<HeadResult> operator()() {
        const auto& request = job_.request;
        const bool attentive = request.kind == HeadKind::Attentive;
        bool nothingToTrain = true;
        for (std::size_t i = 0; i < request.splits.size(); ++i)
            nothingToTrain = nothingToTrain && known(i) != nullptr;
        Result<at::Tensor> encoded = at::Tensor();
        if (!nothingToTrain)
            encoded = encodeAll(
                model_, windows_,
                [&](const EncoderOutput& e) {
                    return attentive ? headTokens(e) : pooledFeatures(e, model_.jepa->config());
                },
                request.stop, &job_.progress, job_.thread);
        if (!encoded)
            return encoded.as<HeadResult>();
        const auto rows = windows_.size();
        sum_ = at::zeros({rows, job_.targets.classes}, at::kDouble);
        tests_ = at::zeros({rows, 1}, at::kDouble);
        job_.progress.begin(attentive ? "Training the attentive probe" : "Fine-tuning",
                            static_cast<std::int64_t>(request.splits.size()) * job_.training.epochs);
        HeadResult result;
        for (std::size_t i = 0; i < request.splits.size(); ++i) {
            const auto* before = known(i);
            auto split = before != nullptr ? Result<HeadSplitResult>(*before) : oneSplit(*encoded, i);
            if (!split)
                return split.as<HeadResult>();
            if (before != nullptr)
                job_.progress.update(job_.epochsDone += job_.training.epochs);
            else if (request.onSplit)
                request.onSplit(i, *split);
            addScores(request.splits[i].test, split->scores);
            result.splits.push_back(std::move(*split));
        }
        const auto mean = (sum_ / tests_).to(at::kFloat).contiguous(); // 0 / 0: no test, NaN
        result.scores.assign(mean.data_ptr<float>(), mean.data_ptr<float>() + mean.numel());
        return result;
    }

private:
    const HeadSplitResult* known(std::size_t number) const {
        const auto& request = job_.request;
        if (request.known.empty() || !request.known[number] || (number == 0 && !request.save.empty()))
            return nullptr;
        return &*request.known[number];
    }

    void addScores(const std::vector<int>& test, const std::vector<float>& scores) {
        if (test.empty())
            return;
        const auto index = indexOf(test);
        sum_.index_add_(0, index, at::tensor(scores).view({index.size(0), -1}).to(at::kDouble));
        tests_.index_add_(0, index, at::ones({index.size(0), 1}, at::kDouble));
    }

    // Logits [rows, classes], row after row; none for no rows.
    Result<std::vector<float>> scoresOf(const HeadLearner& learner, const std::vector<int>& rows) {
        if (rows.empty())
            return std::vector<float>();
        const auto scores = scoreRows(learner, rows, job_.training.batch, job_.request.stop, job_.thread);
        if (!scores)
            return scores.as<std::vector<float>>();
        const auto table = scores->to(at::kFloat).contiguous();
        return std::vector<float>(table.data_ptr<float>(), table.data_ptr<float>() + table.numel());
    }

    Result<HeadSplitResult> oneSplit(const at::Tensor& encoded, std::size_t number) {
        const auto& request = job_.request;
        const auto seed = chanceSeed(request.seed, Chance::Head, static_cast<std::int64_t>(number));
        const auto split = withValidation(request, request.splits[number], job_.training.innerShare, seed);
        std::unique_ptr<HeadLearner> learner;
        const AttentiveLearner* attentive = nullptr;
        const FineTuneLearner* tuned = nullptr;
        if (request.kind == HeadKind::Attentive) {
            auto made = std::make_unique<AttentiveLearner>(encoded, split.train, model_.info.width,
                                                           job_.targets.classes, job_.training, seed);
            attentive = made.get();
            learner = std::move(made);
        } else {
            auto made = std::make_unique<FineTuneLearner>(model_, windows_, encoded, split, job_);
            tuned = made.get();
            learner = std::move(made);
        }
        auto fitted = fitHead(*learner, split, seed, request.kind == HeadKind::FineTune, job_);
        if (!fitted)
            return fitted;
        auto scores = scoresOf(*learner, split.test);
        if (!scores)
            return scores.as<HeadSplitResult>();
        fitted->scores = std::move(*scores);
        auto validation = scoresOf(*learner, request.splits[number].validation);
        if (!validation)
            return validation.as<HeadSplitResult>();
        fitted->validationScores = std::move(*validation);
        if (number == 0 && !request.save.empty()) {
            const HeadDescription description{request.kind, request.multiLabel, job_.targets.classes,
                                              job_.training.queries, request.leads};
            const auto* decoder = model_.decoder && attentive != nullptr ? &*model_.decoder : nullptr;
            const auto& jepa = attentive != nullptr ? *model_.jepa : tuned->model();
            const auto& tensors = attentive != nullptr ? attentive->head().all() : tuned->head().all();
            if (auto kept = writeHead(request.save, jepa, model_.info.configJson, decoder, description, tensors); !kept)
                return kept.as<HeadSplitResult>();
        }
        return fitted;
    }

    const LoadedModel& model_;
    HeadWindows windows_;
    HeadJob job_;
    at::Tensor sum_, tests_;
};

} // namespace

Result<HeadResult> trainHead(const LoadedModel& model, const HeadRequest& request, Progress& progress,
                             ComputeThread& thread) {
    if (auto good = checkHeadRequest(request, model.jepa->config()); !good)
        return good.as<HeadResult>();
    return HeadTrainer(model, request, progress, thread)();
}

Result<HeadScores> applyHead(const std::filesystem::path& path, const WindowSource& windows,
                             const std::vector<std::int64_t>& rows, const StopToken& stop, ComputeThread& thread) {
    const auto file = readHead(path);
    if (!file)
        return file.as<HeadScores>();
    const auto& config = file->model.jepa->config();
    if (auto fits = checkShape(config, windows); !fits)
        return fits.as<HeadScores>();
    for (const auto row : rows)
        if (row < 0 || row >= windows.size())
            return makeError(ErrorCode::ValueOutOfRange, "there is no window " + std::to_string(row));
    const auto& description = file->description;
    const HeadWindows shown(windows, rows, config.leads, description.leads);
    std::function<at::Tensor(const EncoderOutput&)> score;
    if (description.kind == HeadKind::Attentive) {
        const auto head = AttentiveHead::fromTensors(file->tensors, 2 * config.width, config.width, description.queries,
                                                     description.classes);
        if (!head)
            return Error{head.error().code, head.error().message, file->model.info.file.string()};
        score = [head = *head](const EncoderOutput& e) { return head(headTokens(e)); };
    } else {
        const auto head = LinearHead::fromTensors(file->tensors, config.recordingWidth(), description.classes);
        if (!head)
            return Error{head.error().code, head.error().message, file->model.info.file.string()};
        score = [head = *head, &config](const EncoderOutput& e) { return head(pooledFeatures(e, config)); };
    }
    const auto scores = encodeAll(file->model, shown, score, stop, nullptr, thread);
    if (!scores)
        return scores.as<HeadScores>();
    const auto table = scores->to(at::kFloat).contiguous();
    HeadScores out;
    out.scores.assign(table.data_ptr<float>(), table.data_ptr<float>() + table.numel());
    out.multiLabel = description.multiLabel;
    out.classes = static_cast<int>(description.classes);
    return out;
}

} // namespace precordia
