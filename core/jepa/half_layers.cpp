// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jepa/half_layers.h"

#include "core/jepa/half_kernel.h"
#include "core/jepa/precision.h"

#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <torch/csrc/autograd/custom_function.h>

#include <array>
#include <cmath>

namespace precordia {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;

constexpr std::int64_t kRowsAtOnce = 256; // of a linear layer, a thread's

bool plain(const at::Tensor& t) {
    return t.defined() && t.device().is_cpu() && t.scalar_type() == at::kFloat && t.is_contiguous();
}

// Memory that lives as long as what it is kept for.
class Keeper {
public:
    template <typename T>
    T* take(std::int64_t count) {
        tensors_.push_back(at::empty({count * static_cast<std::int64_t>(sizeof(T))}, at::kByte));
        return reinterpret_cast<T*>(tensors_.back().data_ptr<std::uint8_t>());
    }
    const tensor_list& tensors() const { return tensors_; }

private:
    tensor_list tensors_;
};

const HalfKernels& kernelsOf(Precision precision) {
    return precision == Precision::Float16 ? *avx512Fp16Kernels() : bf16Kernels();
}

HalfWeight packed(const HalfKernels& kernels, const Linear& l, Keeper& keeper, bool forward) {
    HalfWeight w;
    w.out = l.weight.size(0), w.in = l.weight.size(1);
    w.bias = l.bias.data_ptr<float>();
    const auto* values = l.weight.data_ptr<float>();
    if (forward) {
        auto* to = keeper.take<HalfPair>(kernels.packedPairs(w.in, w.out));
        kernels.packForward(values, w.out, w.in, to);
        w.forward = to;
    } else {
        auto* to = keeper.take<HalfPair>(kernels.packedPairs(w.out, w.in));
        kernels.packBackward(values, w.out, w.in, to);
        w.backward = to;
    }
    return w;
}

HalfNorm normOf(const LayerNorm& norm) {
    return {norm.weight.data_ptr<float>(), norm.bias.data_ptr<float>()};
}

// All that a block's backward pass needs, behind the graph's node.
struct Chances {
    at::Tensor keep1, keep2;
};

HalfBlock blockOf(const HalfKernels& kernels, const Block& block, const at::Tensor& x, const Chances& chances,
                  std::int64_t from, Keeper& keeper, bool forward) {
    HalfBlock b;
    b.shape = {x.size(0), x.size(1), from, x.size(2), block.heads, block.fc1.weight.size(0)};
    b.norm1 = normOf(block.norm1), b.norm2 = normOf(block.norm2);
    b.qkv = packed(kernels, block.qkv, keeper, forward), b.proj = packed(kernels, block.proj, keeper, forward);
    b.fc1 = packed(kernels, block.fc1, keeper, forward), b.fc2 = packed(kernels, block.fc2, keeper, forward);
    if (chances.keep1.defined())
        b.keep1 = chances.keep1.data_ptr<float>(), b.keep2 = chances.keep2.data_ptr<float>();
    b.x = x.data_ptr<float>();
    return b;
}

HalfKept keptOf(const HalfShape& s, Keeper& keeper) {
    HalfKept k;
    k.norm1 = keeper.take<Half>(s.rows() * s.width), k.qkv = keeper.take<Half>(s.rows() * 3 * s.width);
    k.attended = keeper.take<Half>(s.wantedRows() * s.width), k.norm2 = keeper.take<Half>(s.wantedRows() * s.width);
    k.gelu = keeper.take<Half>(s.wantedRows() * s.hidden), k.slope = keeper.take<Half>(s.wantedRows() * s.hidden);
    k.middle = keeper.take<float>(s.wantedRows() * s.width);
    k.stats1 = keeper.take<float>(2 * s.rows()), k.stats2 = keeper.take<float>(2 * s.wantedRows());
    return k;
}

// Calls run(firstTile, lastTile, scratch) on the threads there are.
template <typename Run>
void byTiles(const HalfKernels& kernels, const HalfShape& s, bool gradient, const Run& run) {
    const auto bytes = kernels.scratchBytes(s, gradient);
    at::parallel_for(0, s.tiles(), 1, [&](std::int64_t first, std::int64_t last) {
        Keeper scratch;
        run(first, last, scratch.take<std::byte>(bytes));
    });
}

at::Tensor forwardOf(const HalfKernels& kernels, HalfBlock& b, const at::Tensor& x) {
    auto y = at::empty({b.shape.sequences, b.shape.wanted(), b.shape.width}, x.options().requires_grad(false));
    b.y = y.data_ptr<float>();
    byTiles(kernels, b.shape, false, [&](std::int64_t first, std::int64_t last, std::byte* scratch) {
        kernels.blockForward(b, first, last, scratch);
    });
    return y;
}

HalfFactors factorsOf(std::int64_t out, std::int64_t in, std::int64_t pairs, Keeper& keeper) {
    return {keeper.take<HalfPair>(out * pairs), keeper.take<HalfPair>(in * pairs), pairs};
}

at::Tensor gradientOf(const HalfKernels& kernels, const HalfFactors& f, const at::Tensor& weight) {
    at::Tensor out = at::empty_like(weight, weight.options().requires_grad(false));
    auto* to = out.data_ptr<float>();
    const std::int64_t rows = weight.size(0), columns = weight.size(1);
    constexpr std::int64_t kRows = 8; // a panel
    at::parallel_for(0, (rows + kRows - 1) / kRows, 4, [&](std::int64_t first, std::int64_t last) {
        kernels.weightGradient(f, columns, to, first * kRows, std::min(rows, last * kRows));
    });
    return out;
}

// Pairs of rows over all tiles, each filled up to a pair.
std::int64_t pairsOf(const HalfShape& s, std::int64_t tokens) {
    const std::int64_t whole = s.tiles() - 1;
    const std::int64_t last = s.sequences - whole * s.tileSequences();
    return whole * ((s.tileSequences() * tokens + 1) / 2) + (last * tokens + 1) / 2;
}

// A power of two that brings the largest number to [1, 2): rounding stays what it is.
double scaleOf(const at::Tensor& gradient) {
    const auto largest = gradient.abs().max().item<double>();
    return largest > 0 && std::isfinite(largest) ? std::exp2(-std::ilogb(largest)) : 1;
}

at::Tensor unscaled(const at::Tensor& t, double scale) {
    return scale == 1 ? t : t.mul_(1 / scale);
}

struct BlockFunction : public torch::autograd::Function<BlockFunction> {
    // The tensors that get a gradient stand as arguments of their own.
    static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& n1w,
                              const at::Tensor& n1b, const at::Tensor& qkvw, const at::Tensor& qkvb,
                              const at::Tensor& pw, const at::Tensor& pb, const at::Tensor& n2w, const at::Tensor& n2b,
                              const at::Tensor& f1w, const at::Tensor& f1b, const at::Tensor& f2w,
                              const at::Tensor& f2b, std::int64_t heads, std::int64_t from, const Chances& chances) {
        const Block block{{n1w, n1b}, {qkvw, qkvb}, {pw, pb}, {n2w, n2b}, {f1w, f1b}, {f2w, f2b}, heads};
        Keeper weights, keeper;
        const Precision precision = precisionHere();
        HalfBlock b = blockOf(kernelsOf(precision), block, x, chances, from, weights, true);
        b.kept = keptOf(b.shape, keeper);
        at::Tensor y = forwardOf(kernelsOf(precision), b, x);
        tensor_list saved{x, n1w, n1b, qkvw, qkvb, pw, pb, n2w, n2b, f1w, f1b, f2w, f2b};
        saved.insert(saved.end(), keeper.tensors().begin(), keeper.tensors().end());
        saved.push_back(chances.keep1), saved.push_back(chances.keep2);
        context->save_for_backward(std::move(saved));
        context->saved_data["heads"] = heads;
        context->saved_data["from"] = from;
        context->saved_data["precision"] = static_cast<std::int64_t>(precision);
        return y;
    }

    static tensor_list backward(AutogradContext* context, const tensor_list& gradients) {
        const auto t = context->get_saved_variables();
        const Block block{{t[1], t[2]},
                          {t[3], t[4]},
                          {t[5], t[6]},
                          {t[7], t[8]},
                          {t[9], t[10]},
                          {t[11], t[12]},
                          context->saved_data["heads"].toInt()};
        Keeper keeper;
        const auto precision = static_cast<Precision>(context->saved_data["precision"].toInt());
        const HalfKernels& kernels = kernelsOf(precision);
        HalfBlock b = blockOf(kernels, block, t[0], {t[22], t[23]}, context->saved_data["from"].toInt(), keeper, false);
        const auto half = [&t](std::size_t i) { return reinterpret_cast<Half*>(t[i].data_ptr<std::uint8_t>()); };
        const auto number = [&t](std::size_t i) { return reinterpret_cast<float*>(t[i].data_ptr<std::uint8_t>()); };
        b.kept = {half(13), half(14), half(15), half(16), half(17), half(18), number(19), number(20), number(21)};

        const HalfShape& s = b.shape;
        const std::int64_t d = s.width;
        // A loss's gradient by one number lies far below what fp16 can tell; all that follows is linear in it.
        const double scale = precision == Precision::Float16 ? scaleOf(gradients[0]) : 1;
        const at::Tensor dy = (scale == 1 ? gradients[0] : gradients[0] * scale).contiguous();
        const at::Tensor dx = at::empty_like(t[0], t[0].options().requires_grad(false));
        HalfBlockGradient g;
        g.block = &b;
        g.dy = dy.data_ptr<float>(), g.dx = dx.data_ptr<float>();
        const std::int64_t all = pairsOf(s, s.tokens), wanted = pairsOf(s, s.wanted());
        g.qkv = factorsOf(3 * d, d, all, keeper), g.proj = factorsOf(d, d, wanted, keeper);
        g.fc1 = factorsOf(s.hidden, d, wanted, keeper), g.fc2 = factorsOf(d, s.hidden, wanted, keeper);
        const at::Tensor sums = at::empty({s.tiles(), g.sumWidth()}, dx.options());
        g.sums = sums.data_ptr<float>();
        byTiles(kernels, s, true, [&](std::int64_t first, std::int64_t last, std::byte* scratch) {
            kernels.blockBackward(g, first, last, scratch);
        });
        // The order within HalfBlockGradient::sums.
        const at::Tensor sum = unscaled(sums.sum(0), scale);
        const auto part = [&](std::int64_t first, std::int64_t count) { return sum.narrow(0, first * d, count * d); };
        return {unscaled(dx, scale),
                part(0, 1),
                part(1, 1),
                unscaled(gradientOf(kernels, g.qkv, t[3]), scale),
                part(2, 3),
                unscaled(gradientOf(kernels, g.proj, t[5]), scale),
                part(5, 1),
                part(6, 1),
                part(7, 1),
                unscaled(gradientOf(kernels, g.fc1, t[9]), scale),
                sum.narrow(0, 9 * d, s.hidden),
                unscaled(gradientOf(kernels, g.fc2, t[11]), scale),
                part(8, 1),
                at::Tensor(),
                at::Tensor(),
                at::Tensor()};
    }
};

at::Tensor linearForward(const Linear& linear, const at::Tensor& x) {
    Keeper keeper;
    const HalfWeight w = packed(bf16Kernels(), linear, keeper, true);
    auto sizes = x.sizes().vec();
    sizes.back() = w.out;
    at::Tensor y = at::empty(sizes, x.options().requires_grad(false));
    const auto* from = x.data_ptr<float>();
    auto* to = y.data_ptr<float>();
    at::parallel_for(0, x.numel() / w.in, kRowsAtOnce, [&](std::int64_t first, std::int64_t last) {
        Keeper scratch;
        auto* rows = scratch.take<Half>(kRowsAtOnce * w.in);
        for (; first < last; first += kRowsAtOnce)
            bf16Kernels().linearForward(w, from + first * w.in, std::min(kRowsAtOnce, last - first), to + first * w.out,
                                        rows);
    });
    return y;
}

struct LinearFunction : public torch::autograd::Function<LinearFunction> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& weight,
                              const at::Tensor& bias) {
        context->save_for_backward({x, weight, bias});
        return linearForward({weight, bias}, x);
    }

    static tensor_list backward(AutogradContext* context, const tensor_list& gradients) {
        const auto t = context->get_saved_variables();
        const at::Tensor dy = gradients[0].contiguous();
        Keeper keeper;
        const HalfWeight w = packed(bf16Kernels(), {t[1], t[2]}, keeper, false);
        const std::int64_t rows = t[0].numel() / w.in;
        const HalfFactors f = factorsOf(w.out, w.in, (rows + 1) / 2, keeper);
        const at::Tensor dx = context->needs_input_grad(0) ? at::empty_like(t[0], dy.options()) : at::Tensor();
        const at::Tensor bias = at::empty_like(t[2], dy.options());
        bf16Kernels().linearBackward(w, t[0].data_ptr<float>(), dy.data_ptr<float>(), rows,
                                     dx.defined() ? dx.data_ptr<float>() : nullptr, f, bias.data_ptr<float>(),
                                     keeper.take<Half>(rows * std::max(w.in, w.out)));
        return {dx, gradientOf(bf16Kernels(), f, t[1]), bias};
    }
};

bool gradientWanted(const at::Tensor& x, const at::Tensor& weight) {
    return at::GradMode::is_enabled() && (x.requires_grad() || weight.requires_grad());
}

} // namespace

bool halfTakes(const Block& block, const at::Tensor& x, std::int64_t from) {
    if (x.dim() != 3 || !x.device().is_cpu() || x.scalar_type() != at::kFloat)
        return false;
    if (precisionHere() == Precision::Float16 && avx512Fp16Kernels() == nullptr)
        return false;
    const HalfShape shape{x.size(0), x.size(1), from, x.size(2), block.heads, block.fc1.weight.size(0)};
    return shape.fits() && plain(block.qkv.weight) && plain(block.fc1.weight) && plain(block.fc2.weight);
}

at::Tensor halfBlock(const Block& b, const at::Tensor& given, const at::Tensor& keep1, const at::Tensor& keep2,
                     std::int64_t from) {
    const at::Tensor x = given.contiguous();
    const Chances chances{keep1, keep2};
    if (gradientWanted(x, b.qkv.weight))
        return BlockFunction::apply(x, b.norm1.weight, b.norm1.bias, b.qkv.weight, b.qkv.bias, b.proj.weight,
                                    b.proj.bias, b.norm2.weight, b.norm2.bias, b.fc1.weight, b.fc1.bias, b.fc2.weight,
                                    b.fc2.bias, b.heads, from, chances);
    Keeper weights;
    const HalfKernels& kernels = kernelsOf(precisionHere());
    HalfBlock block = blockOf(kernels, b, x, chances, from, weights, true);
    return forwardOf(kernels, block, x);
}

bool halfTakes(const Linear& linear, const at::Tensor& x) {
    return plain(linear.weight) && plain(linear.bias) && x.device().is_cpu() && x.scalar_type() == at::kFloat &&
           x.numel() > 0 && linear.weight.size(0) % kHalfLane == 0 && linear.weight.size(1) % kHalfLane == 0;
}

at::Tensor halfLinear(const Linear& linear, const at::Tensor& given) {
    const at::Tensor x = given.contiguous();
    return gradientWanted(x, linear.weight) ? LinearFunction::apply(x, linear.weight, linear.bias)
                                            : linearForward(linear, x);
}

} // namespace precordia
