// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jepa/losses.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/exp.h>
#include <ATen/ops/linspace.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/sqrt.h>
#include <ATen/ops/trapezoid.h>

namespace precordia {

at::Tensor vicreg(const at::Tensor& z) {
    // Term by term as the reference has it. The gradient of a constant added to z is nothing but rounding that cancels,
    // so an equivalent formula would round it differently.
    const at::Tensor centred = z - z.mean(0);
    const at::Tensor deviation = at::sqrt(centred.var({0}, /*unbiased=*/true) + 1e-4);
    const at::Tensor covariance = at::mm(centred.t(), centred) / (static_cast<double>(z.size(0)) - 1);
    const at::Tensor off = covariance - covariance.diagonal().diag();
    return at::relu(1 - deviation).mean() + off.pow(2).sum() * 0.04 / static_cast<double>(z.size(1));
}

namespace {

// Epps-Pulley over [0, 3] for each direction: z [..., n, D] -> [..., 256]
at::Tensor eppsPulley(const at::Tensor& z, const at::Tensor& directions) {
    constexpr std::int64_t kKnots = 17;
    const at::Tensor unit = directions / directions.norm(2, {0}, true);
    const at::Tensor t = at::linspace(0, 3, kKnots, z.options().requires_grad(false));
    const at::Tensor phi = at::exp(t * t * -0.5);
    const at::Tensor xt = at::matmul(z, unit).unsqueeze(-1) * t; // [..., n, 256, knots]
    const at::Tensor error = (xt.cos().mean(-3) - phi).square() + xt.sin().mean(-3).square();
    return at::trapezoid(error * phi, t, -1);
}

} // namespace

at::Tensor sigreg(const at::Tensor& z, const at::Tensor& directions) {
    return eppsPulley(z, directions).mean() * (static_cast<double>(z.size(0)) / 100);
}

at::Tensor sigregOverTime(const at::Tensor& z, const at::Tensor& directions) {
    return eppsPulley(z, directions).mean() * 2;
}

} // namespace precordia
