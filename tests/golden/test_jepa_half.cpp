// SPDX-License-Identifier: GPL-3.0-or-later
// The bf16 and fp16 kernels against the float32 layers in double: outputs and every gradient, and both builds of the
// bf16 kernels against each other.
#include "core/jepa/er_jepa.h"
#include "core/jepa/half_kernel.h"
#include "core/jepa/half_layers.h"
#include "core/jepa/precision.h"

#include <QTest>

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/ones.h>

#include <cmath>

using namespace precordia;

namespace {

// bf16 has 8 bits of mantissa: each rounding is off by up to 2^-9. Measured over a whole tensor (root mean square of
// the difference over that of the values) a few in a row stay below 1 %.
constexpr double kTolerance = 0.01;

// fp16 has 11 bits; sums of 96 in it are off by 0.14 % (half_lanes_fp16.inc).
constexpr double kFp16Tolerance = 0.005;

bool hasFp16() {
    return avx512Fp16Kernels() != nullptr;
}

double difference(const at::Tensor& got, const at::Tensor& want) {
    return ((got.to(at::kDouble) - want.to(at::kDouble)).norm() / want.to(at::kDouble).norm()).item<double>();
}

class Source {
public:
    at::Tensor normal(at::IntArrayRef shape, double scale, double offset = 0) {
        at::Tensor t = at::empty(shape, at::kFloat).normal_(0, 1, generator_);
        return (t * scale + offset).set_requires_grad(true);
    }

private:
    at::Generator generator_ = at::detail::createCPUGenerator(7);
};

Block blockOf(std::int64_t d, std::int64_t heads, std::int64_t ratio, Source& source) {
    const auto linear = [&](std::int64_t out, std::int64_t in) {
        return Linear{source.normal({out, in}, 1 / std::sqrt(static_cast<double>(in))), source.normal({out}, 0.2)};
    };
    const auto norm = [&] { return LayerNorm{source.normal({d}, 0.2, 1), source.normal({d}, 0.2)}; };
    return {norm(), linear(3 * d, d), linear(d, d), norm(), linear(ratio * d, d), linear(d, ratio * d), heads};
}

std::vector<at::Tensor> tensorsOf(const Block& b) {
    return {b.norm1.weight, b.norm1.bias, b.qkv.weight, b.qkv.bias, b.proj.weight, b.proj.bias,
            b.norm2.weight, b.norm2.bias, b.fc1.weight, b.fc1.bias, b.fc2.weight,  b.fc2.bias};
}

constexpr const char* kNames[] = {"norm1.weight", "norm1.bias", "qkv.weight", "qkv.bias", "proj.weight", "proj.bias",
                                  "norm2.weight", "norm2.bias", "fc1.weight", "fc1.bias", "fc2.weight",  "fc2.bias"};

Block inDouble(const Block& b) {
    const auto wide = [](const at::Tensor& t) { return t.detach().to(at::kDouble).set_requires_grad(true); };
    const auto linear = [&](const Linear& l) { return Linear{wide(l.weight), wide(l.bias)}; };
    const auto norm = [&](const LayerNorm& n) { return LayerNorm{wide(n.weight), wide(n.bias)}; };
    return {norm(b.norm1), linear(b.qkv), linear(b.proj), norm(b.norm2), linear(b.fc1), linear(b.fc2), b.heads};
}

} // namespace

class JepaHalfTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { at::set_num_threads(1); }
    void blockIsTheFloatBlock_data();
    void blockIsTheFloatBlock();
    void smallGradientsAreKept();
    void fp16IsRefusedWhereThereIsNone();
    void dropoutIsTheSameChance();
    void linearIsTheFloatLinear();
    void linearWithoutBias();
    void bothBuildsAgree();
    void notFiniteStaysNotFinite();
    void threadsChangeNothing();
    void shapesItCannotTakeGoOtherWays();
};

void JepaHalfTest::blockIsTheFloatBlock_data() {
    QTest::addColumn<int>("sequences");
    QTest::addColumn<int>("tokens");
    QTest::addColumn<int>("width");
    QTest::addColumn<int>("heads");
    QTest::addColumn<int>("from");
    QTest::addColumn<bool>("fp16");
    for (const bool fp16 : {false, true}) {
        const auto row = [fp16](const char* name) -> QTestData& {
            return QTest::addRow("%s, %s", name, fp16 ? "fp16" : "bf16");
        };
        row("leads of an interval") << 40 << 12 << 96 << 3 << 0 << fp16;
        row("intervals of a recording") << 5 << 50 << 96 << 3 << 0 << fp16;
        row("some wanted") << 9 << 13 << 96 << 2 << 6 << fp16;
        row("odd everything") << 3 << 33 << 48 << 3 << 20 << fp16;
        row("one token") << 7 << 1 << 32 << 2 << 0 << fp16;
        row("more tokens than a tile has rows") << 2 << 192 << 64 << 1 << 0 << fp16;
        row("width of the preset small") << 33 << 12 << 192 << 3 << 0 << fp16;
    }
}

void JepaHalfTest::blockIsTheFloatBlock() {
    QFETCH(int, sequences);
    QFETCH(int, tokens);
    QFETCH(int, width);
    QFETCH(int, heads);
    QFETCH(int, from);
    QFETCH(bool, fp16);
    if (fp16 && !hasFp16())
        QSKIP("this processor has no AVX512-FP16");
    const double tolerance = fp16 ? kFp16Tolerance : kTolerance;
    Source source;
    const Block block = blockOf(width, heads, 4, source);
    const Block wide = inDouble(block);
    const at::Tensor x = source.normal({sequences, tokens, width}, 1);
    const at::Tensor wideX = x.detach().to(at::kDouble).set_requires_grad(true);
    const at::Tensor weight = source.normal({sequences, tokens - from, width}, 1).detach();

    at::Tensor y, again;
    {
        const PrecisionScope scope(fp16 ? Precision::Float16 : Precision::BFloat16);
        QVERIFY(halfTakes(block, x, from));
        y = block(x, nullptr, from);
        const at::NoGradGuard none;
        again = block(x, nullptr, from);
    }
    QVERIFY2(y.equal(again), "with and without gradient");
    const at::Tensor want = wide(wideX, nullptr, from);
    QVERIFY2(difference(y, want) < tolerance, qPrintable(QString::number(difference(y, want))));

    (y * weight).sum().backward();
    (want * weight.to(at::kDouble)).sum().backward();
    QVERIFY2(difference(x.grad(), wideX.grad()) < tolerance,
             qPrintable("x " + QString::number(difference(x.grad(), wideX.grad()))));
    const auto got = tensorsOf(block), wanted = tensorsOf(wide);
    for (std::size_t i = 0; i < got.size(); ++i) {
        // With one key attention is a constant: the gradient of queries and keys is nothing but rounding, and so is
        // what of the norm before it comes through them.
        const double off = difference(got[i].grad(), wanted[i].grad());
        QVERIFY2(off < tolerance, qPrintable(QString("%1 %2").arg(kNames[i]).arg(off)));
    }
}

// The gradient of a mean over a batch: by one number a hundred millionth, which fp16 itself would call zero.
void JepaHalfTest::smallGradientsAreKept() {
    if (!hasFp16())
        QSKIP("this processor has no AVX512-FP16");
    Source source;
    const Block block = blockOf(96, 3, 4, source);
    const Block wide = inDouble(block);
    const at::Tensor x = source.normal({40, 12, 96}, 1);
    const at::Tensor wideX = x.detach().to(at::kDouble).set_requires_grad(true);
    const at::Tensor weight = source.normal({40, 12, 96}, 1e-8).detach();
    {
        const PrecisionScope scope(Precision::Float16);
        (block(x, nullptr) * weight).sum().backward();
    }
    (wide(wideX, nullptr) * weight.to(at::kDouble)).sum().backward();
    QVERIFY(difference(x.grad(), wideX.grad()) < kFp16Tolerance);
    const auto got = tensorsOf(block), wanted = tensorsOf(wide);
    for (std::size_t i = 0; i < got.size(); ++i)
        QVERIFY2(difference(got[i].grad(), wanted[i].grad()) < kFp16Tolerance, kNames[i]);
}

void JepaHalfTest::fp16IsRefusedWhereThereIsNone() {
    QCOMPARE(hasPrecision("fp16", c10::kCPU), hasFp16());
    QVERIFY(!hasPrecision("fp16", c10::Device(c10::kCUDA, 0)));
    for (const char* other : {"auto", "float32", "bf16"})
        QVERIFY(hasPrecision(other, c10::kCPU));
    // A model that was trained in it is read all the same, in the next best.
    ModelConfig config;
    const auto found = choosePrecision("fp16", c10::kCPU, config);
    QVERIFY(hasFp16() ? found == Precision::Float16 : found == choosePrecision("auto", c10::kCPU, config));
    QVERIFY(choosePrecision("fp16", c10::Device(c10::kCUDA, 0), config) == Precision::BFloat16);
}

void JepaHalfTest::dropoutIsTheSameChance() {
    Source source;
    const Block block = blockOf(64, 2, 4, source);
    const at::Tensor x = source.normal({10, 12, 64}, 1);
    const auto run = [&](Precision precision) {
        const PrecisionScope scope(precision);
        for (auto& t : tensorsOf(block))
            t.mutable_grad().reset();
        x.mutable_grad().reset();
        Dropout dropout{0.4, at::detail::createCPUGenerator(3)};
        const at::Tensor y = block(x, &dropout, 5);
        y.square().sum().backward();
        return std::vector<at::Tensor>{y.detach(), x.grad().clone(), block.fc2.weight.grad().clone(),
                                       block.proj.bias.grad().clone(), block.norm1.weight.grad().clone()};
    };
    const auto want = run(Precision::Float32), got = run(Precision::BFloat16);
    for (std::size_t i = 0; i < want.size(); ++i)
        QVERIFY2(difference(got[i], want[i]) < kTolerance, qPrintable(QString::number(i)));
}

void JepaHalfTest::linearIsTheFloatLinear() {
    Source source;
    const Linear linear{source.normal({48, 80}, 0.1), source.normal({48}, 1)};
    const at::Tensor x = source.normal({3, 117, 80}, 1);
    const at::Tensor want = at::linear(x, linear.weight, linear.bias);
    want.square().sum().backward();
    const at::Tensor dx = x.grad().clone(), dw = linear.weight.grad().clone(), db = linear.bias.grad().clone();
    for (const at::Tensor& t : {x, linear.weight, linear.bias})
        t.mutable_grad().reset();
    const PrecisionScope scope(Precision::BFloat16);
    QVERIFY(halfTakes(linear, x));
    const at::Tensor got = linear(x);
    got.square().sum().backward();
    QVERIFY(difference(got, want) < kTolerance);
    QVERIFY(difference(x.grad(), dx) < kTolerance);
    QVERIFY(difference(linear.weight.grad(), dw) < kTolerance);
    QVERIFY(difference(linear.bias.grad(), db) < kTolerance);
}

// The event decoder's direct path: 600 numbers out (no multiple of a lane), no bias.
void JepaHalfTest::linearWithoutBias() {
    Source source;
    const Linear linear{source.normal({600, 96}, 0.1), at::Tensor()};
    const at::Tensor x = source.normal({7, 96}, 1);
    const at::Tensor want = at::linear(x, linear.weight);
    const PrecisionScope scope(Precision::BFloat16);
    QVERIFY(!halfTakes(linear, x));
    const at::Tensor got = linear(x);
    got.square().sum().backward();
    QVERIFY(difference(got, want) < kTolerance);
    QVERIFY(linear.weight.grad().defined());
}

void JepaHalfTest::bothBuildsAgree() {
    const HalfKernels* fast = avx512Bf16Kernels();
    if (fast == nullptr)
        QSKIP("this processor has no AVX512-BF16");
    const HalfKernels& slow = portableBf16Kernels();
    Source source;
    constexpr std::int64_t kOut = 80, kIn = 48, kRows = 37;
    const at::Tensor w = source.normal({kOut, kIn}, 1).detach(), x = source.normal({kRows, kIn}, 1).detach();
    const at::Tensor bias = source.normal({kOut}, 1).detach();
    const auto run = [&](const HalfKernels& k, std::vector<HalfPair>& packed) {
        packed.assign(static_cast<std::size_t>(k.packedPairs(kIn, kOut)), 0);
        k.packForward(w.data_ptr<float>(), kOut, kIn, packed.data());
        std::vector<Half> scratch(kRows * kIn);
        at::Tensor y = at::empty({kRows, kOut});
        k.linearForward({packed.data(), nullptr, bias.data_ptr<float>(), kIn, kOut}, x.data_ptr<float>(), kRows,
                        y.data_ptr<float>(), scratch.data());
        return y;
    };
    std::vector<HalfPair> a, b;
    const at::Tensor quick = run(*fast, a), portable = run(slow, b);
    QVERIFY(a == b); // the same rounding, the same layout
    QVERIFY(difference(quick, portable) < 1e-6);
    // And what a product of rounded numbers is, by LibTorch.
    const auto rounded = [](const at::Tensor& t) { return t.to(at::kBFloat16).to(at::kDouble); };
    QVERIFY(difference(quick, at::linear(rounded(x), rounded(w), bias.to(at::kDouble))) < 1e-6);
}

void JepaHalfTest::notFiniteStaysNotFinite() {
    Source source;
    const Block block = blockOf(64, 2, 4, source);
    for (const Precision precision : {Precision::BFloat16, Precision::Float16})
        for (const double odd : {std::nan(""), HUGE_VAL}) {
            if (precision == Precision::Float16 && !hasFp16())
                continue;
            const at::Tensor x = source.normal({2, 12, 64}, 1).detach();
            x[1][3][5] = odd;
            const PrecisionScope scope(precision);
            const at::Tensor y = block(x, nullptr);
            QVERIFY(y[0].isfinite().all().item<bool>());
            QVERIFY(!y[1].isfinite().any().item<bool>());
        }
}

void JepaHalfTest::threadsChangeNothing() {
    const auto run = [](Precision precision, int threads) {
        at::set_num_threads(threads);
        Source source;
        const Block block = blockOf(96, 3, 4, source);
        const at::Tensor x = source.normal({100, 12, 96}, 1);
        const PrecisionScope scope(precision);
        block(x, nullptr).square().sum().backward();
        std::vector<at::Tensor> out{x.grad()};
        for (const auto& t : tensorsOf(block))
            out.push_back(t.grad());
        at::set_num_threads(1);
        return out;
    };
    for (const Precision precision : {Precision::BFloat16, hasFp16() ? Precision::Float16 : Precision::BFloat16}) {
        const auto one = run(precision, 1), three = run(precision, 3);
        for (std::size_t i = 0; i < one.size(); ++i)
            QVERIFY(one[i].equal(three[i]));
    }
}

void JepaHalfTest::shapesItCannotTakeGoOtherWays() {
    Source source;
    const PrecisionScope scope(Precision::BFloat16);
    for (const auto& [tokens, width, heads] :
         {std::array<std::int64_t, 3>{12, 24, 3}, {200, 32, 2}, {5, 40, 5}, {12, 96, 12}}) {
        const Block block = blockOf(width, heads, 4, source);
        const Block wide = inDouble(block);
        const at::Tensor x = source.normal({4, tokens, width}, 1);
        QVERIFY(!halfTakes(block, x, 0));
        const at::Tensor y = block(x, nullptr);
        y.sum().backward();
        at::Tensor want;
        {
            const PrecisionScope plain(Precision::Float32);
            want = wide(x.detach().to(at::kDouble), nullptr);
        }
        QVERIFY2(difference(y, want) < kTolerance, qPrintable(QString::number(difference(y, want))));
    }
}

QTEST_GUILESS_MAIN(JepaHalfTest)
#include "test_jepa_half.moc"
