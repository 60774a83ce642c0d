// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/bench.h"

#include "core/engine/config.h"
#include "core/jepa/standardise.h"
#include "core/train/device.h"
#include "core/train/trainer.h"

#include <ATen/ATen.h>

#include <chrono>
#include <functional>

namespace precordia {

namespace {

struct Bench {
    ModelConfig model;
    TrainConfig training;
    at::Tensor microvolts;
};

Result<Bench> prepare(const Engine::BenchRequest& request) {
    const auto config = completeConfig(request.configJson);
    if (!config)
        return config.as<Bench>();
    const auto model = parseModelConfig(*config);
    if (!model)
        return model.as<Bench>();
    const auto training = parseTrainConfig(*config);
    if (!training)
        return training.as<Bench>();
    if (request.batch < 2 || request.seconds <= 0)
        return makeError(ErrorCode::ValueOutOfRange, "a bench needs a batch of at least 2 and some time");
    useThreads(request.threads);
    // Waves of an ECG's size; the arithmetic does not care which.
    const auto n = static_cast<std::int64_t>(request.batch) * model->leadCount() * model->samples();
    auto x = at::arange(n, at::kFloat)
                 .mul_(0.05)
                 .sin_()
                 .mul_(300)
                 .view({request.batch, model->leadCount(), model->samples()});
    return Bench{*model, *training, x};
}

double measure(const Engine::BenchRequest& request, const std::function<void(std::int64_t)>& batch) {
    using Clock = std::chrono::steady_clock;
    batch(0); // the first one allocates
    const auto start = Clock::now();
    std::int64_t done = 0;
    double seconds = 0;
    while (seconds < request.seconds) {
        batch(++done);
        seconds = std::chrono::duration<double>(Clock::now() - start).count();
    }
    useThreads(0);
    return static_cast<double>(done * request.batch) / seconds;
}

} // namespace

Result<double> benchEncode(const Engine::BenchRequest& request) {
    const auto bench = prepare(request);
    if (!bench)
        return bench.as<double>();
    const auto precision = choosePrecision(bench->training.precision, c10::kCPU, bench->model);
    const PrecisionScope scope(precision);
    const auto model =
        JepaModel::make(bench->model, Parameters::initialise(bench->model, chanceSeed(0, Chance::Bench, 0)));
    return measure(request,
                   [&](std::int64_t) { (void)model->embed(standardise(bench->microvolts, bench->model.scale)); });
}

Result<double> benchPretrain(const Engine::BenchRequest& request) {
    const auto bench = prepare(request);
    if (!bench)
        return bench.as<double>();
    constexpr std::int64_t kSteps = 100000;
    const auto precision = choosePrecision(bench->training.precision, c10::kCPU, bench->model);
    Trainer trainer(bench->model, bench->training,
                    Parameters::initialise(bench->model, chanceSeed(0, Chance::Bench, 0)), kSteps, precision);
    return measure(request, [&](std::int64_t i) { (void)trainer.step(bench->microvolts, i); });
}

} // namespace precordia
