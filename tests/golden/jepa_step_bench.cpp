// SPDX-License-Identifier: GPL-3.0-or-later
// The training step (loss, backward, clipping, AdamW, teacher) and encoding at the preset small and batch 16, one
// thread: this program in float32 and bf16 beside the Python reference in float32. They take turns in short rounds, so
// that others' load falls on all alike; the median of the rounds is printed. Not a test: limits in time don't belong in
// a suite.
//   OMP_NUM_THREADS=1 jepa_step_bench tests/golden/reference [seconds a turn] [rounds]
#include "core/jepa/half_kernel.h"
#include "core/jepa/host_memory.h"
#include "core/train/device.h"
#include "core/train/trainer.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <sys/socket.h>
#include <unistd.h>

using namespace precordia;

namespace {

constexpr std::int64_t kBatch = 16;
constexpr const char* kConfig = R"({"width": 192, "heads": 3, "channel_depth": 3, "temporal_depth": 3,
 "predictor_width": 96, "predictor_heads": 3, "channel_predictor_depth": 1, "temporal_predictor_depth": 3})";

struct Rate {
    double processor = 0, clock = 0; // recordings per second
};

Rate rateOf(double seconds, const std::function<void()>& step) {
    const auto began = std::chrono::steady_clock::now();
    const std::clock_t start = std::clock();
    int steps = 0;
    double spent = 0;
    for (; spent < seconds; ++steps) {
        step();
        spent = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    }
    const double clock = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    return {static_cast<double>(steps) * kBatch / spent, static_cast<double>(steps) * kBatch / clock};
}

// step_bench.py, asked line by line.
class Reference {
public:
    Reference(const std::string& folder, double seconds) {
        int ends[2];
        if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0)
            return;
        if (::fork() == 0) {
            ::dup2(ends[1], 0);
            ::dup2(ends[1], 1);
            ::close(ends[0]);
            const std::string script = folder + "/step_bench.py", time = std::to_string(seconds);
            ::execl("/usr/bin/python3", "python3", "-B", script.c_str(), time.c_str(), kConfig, nullptr);
            std::_Exit(1);
        }
        ::close(ends[1]);
        to_ = ::fdopen(ends[0], "w");
        from_ = ::fdopen(::dup(ends[0]), "r");
    }
    Rate ask(const char* what) {
        Rate rate;
        std::fprintf(to_, "%s\n", what);
        std::fflush(to_);
        if (std::fscanf(from_, "%lf %lf", &rate.processor, &rate.clock) != 2)
            return {};
        return rate;
    }

private:
    std::FILE *to_ = nullptr, *from_ = nullptr;
};

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

void print(const char* what, const std::vector<Rate>& training, const std::vector<Rate>& encoding) {
    const auto of = [](const std::vector<Rate>& rates, double Rate::*which) {
        std::vector<double> values;
        for (const auto& rate : rates)
            values.push_back(rate.*which);
        return median(values);
    };
    std::printf("%-18s training %6.1f /s of processor time, %6.1f of the clock; encoding %6.1f, %6.1f\n", what,
                of(training, &Rate::processor), of(training, &Rate::clock), of(encoding, &Rate::processor),
                of(encoding, &Rate::clock));
}

struct Side {
    Trainer trainer;
    Precision precision;
    std::vector<Rate> training, encoding;
    std::int64_t steps = 0;
};

} // namespace

int main(int argc, char** argv) {
    if (argc < 2)
        return std::fputs("usage: jepa_step_bench REFERENCE_FOLDER [SECONDS] [ROUNDS]\n", stderr), 2;
    const double seconds = argc > 2 ? std::atof(argv[2]) : 3;
    const int rounds = argc > 3 ? std::atoi(argv[3]) : 5;
    useThreads(1);
    cacheHostMemory();
    const ModelConfig config = parseModelConfig(kConfig).value();
    TrainConfig training;
    const auto side = [&](Precision precision) {
        return Side{Trainer(config, training, Parameters::initialise(config, 1), 100000, precision), precision, {}, {}};
    };
    std::vector<Side> sides;
    sides.push_back(side(Precision::Float32)), sides.push_back(side(Precision::BFloat16));
    if (avx512Fp16Kernels() != nullptr)
        sides.push_back(side(Precision::Float16));
    const at::Tensor x = at::randn({kBatch, config.leadCount(), config.samples()}).cumsum(-1) * 40; // uV
    Reference reference(argv[1], seconds);
    std::vector<Rate> referenceTraining, referenceEncoding;
    for (int round = 0; round < rounds; ++round) {
        for (Side& s : sides) {
            s.training.push_back(rateOf(seconds, [&] { (void)s.trainer.step(x, s.steps++); }));
            const PrecisionScope scope(s.precision);
            s.encoding.push_back(rateOf(seconds, [&] { (void)s.trainer.model().encode(x); }));
        }
        referenceTraining.push_back(reference.ask("training"));
        referenceEncoding.push_back(reference.ask("encoding"));
    }
    std::printf("kernels of bf16: %s\n", bf16Kernels().name);
    for (const Side& s : sides)
        print(precisionName(s.precision), s.training, s.encoding);
    print("reference, float32", referenceTraining, referenceEncoding);
    return 0;
}
