// SPDX-License-Identifier: GPL-3.0-or-later
// One training step (loss, backward, AdamW, teacher) at the preset small, in recordings a second of CPU time, beside
// the Python reference in the same run. Not a test: limits in time don't belong in a suite.
//   OMP_NUM_THREADS=1 jepa_step_bench tests/golden/reference [seconds]
#include "core/jepa/er_jepa.h"
#include "core/jepa/host_memory.h"

#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <ATen/ops/_foreach_add.h>
#include <ATen/ops/_foreach_addcdiv.h>
#include <ATen/ops/_foreach_addcmul.h>
#include <ATen/ops/_foreach_mul.h>
#include <ATen/ops/_foreach_sqrt.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/zeros_like.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>

using namespace precordia;

namespace {

constexpr std::int64_t kBatch = 16;
constexpr const char* kConfig = R"({"width": 192, "heads": 3, "channel_depth": 3, "temporal_depth": 3,
 "predictor_width": 96, "predictor_heads": 3, "channel_predictor_depth": 1, "temporal_predictor_depth": 3})";

double recordingsPerSecond(double seconds, const std::function<void()>& step) {
    step();
    step();
    const std::clock_t start = std::clock(); // of this process: others' load counts less
    int steps = 0;
    double spent = 0;
    for (; spent < seconds; ++steps) {
        step();
        spent = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    }
    return static_cast<double>(steps) * kBatch / spent;
}

struct AdamW {
    std::vector<at::Tensor> p, m, v;

    explicit AdamW(const Parameters& parameters) {
        for (const auto& [name, t] : parameters.trainable()) {
            p.push_back(t);
            m.push_back(at::zeros_like(t).detach());
            v.push_back(at::zeros_like(t).detach());
        }
    }
    void step() {
        const at::NoGradGuard none;
        std::vector<at::Tensor> g;
        for (const at::Tensor& t : p)
            g.push_back(t.grad());
        at::_foreach_mul_(p, 1 - 1e-3 * 0.05);
        at::_foreach_mul_(m, 0.9);
        at::_foreach_add_(m, g, 0.1);
        at::_foreach_mul_(v, 0.98);
        at::_foreach_addcmul_(v, g, g, 0.02);
        auto root = at::_foreach_sqrt(v);
        at::_foreach_add_(root, 1e-8);
        at::_foreach_addcdiv_(p, m, root, -1e-3);
        for (at::Tensor& t : p)
            t.mutable_grad().reset();
    }
};

} // namespace

int main(int argc, char** argv) {
    if (argc < 2)
        return std::fputs("usage: jepa_step_bench REFERENCE_FOLDER [SECONDS]\n", stderr), 2;
    const double seconds = argc > 2 ? std::atof(argv[2]) : 10;
    at::set_num_threads(1);
    cacheHostMemory();
    const ModelConfig config = parseModelConfig(kConfig).value();
    const ErJepa model(config, Parameters::initialise(config, 1));
    AdamW optimiser(model.parameters());
    const at::Tensor x = at::randn({kBatch, config.leadCount(), config.samples()}).cumsum(-1) * 0.2;
    Random random(1);
    const double training = recordingsPerSecond(seconds, [&] {
        model.loss(x, sampleMasks(config, kBatch, random), 0).total.backward();
        optimiser.step();
        model.updateTarget(0.996);
    });
    std::printf("core/jepa   training %6.1f recordings/s", training);
    std::printf(", encoding %6.1f recordings/s\n", recordingsPerSecond(seconds / 2, [&] { model.encode(x); }));
    std::fflush(stdout);
    const std::string command = std::string("/usr/bin/python3 -B ") + argv[1] + "/step_bench.py " +
                                std::to_string(seconds) + " '" + kConfig + "'";
    return std::system(command.c_str()) == 0 ? 0 : 1;
}
