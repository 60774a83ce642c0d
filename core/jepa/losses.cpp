// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jepa/losses.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/exp.h>
#include <ATen/ops/linspace.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/sqrt.h>
#include <ATen/ops/trapezoid.h>

namespace precordia {

at::Tensor vicreg(const at::Tensor& z) {
    const at::Tensor centred = z - z.mean(0);
    const auto n = static_cast<double>(z.size(0));
    const at::Tensor covariance = at::mm(centred.t(), centred) / (n - 1);
    const at::Tensor variance = covariance.diagonal();
    const at::Tensor hinge = at::relu(1 - at::sqrt(variance + 1e-4)).mean();
    // The sum over the off-diagonal; subtracting the diagonal's squares instead would lose digits.
    const at::Tensor off = covariance - variance.diag();
    return hinge + off.square().sum() * (0.04 / static_cast<double>(z.size(1)));
}

at::Tensor sigreg(const at::Tensor& z, const at::Tensor& directions) {
    constexpr std::int64_t kKnots = 17;
    const at::Tensor unit = directions / directions.norm(2, {0}, true);
    const at::Tensor t = at::linspace(0, 3, kKnots, z.options().requires_grad(false));
    const at::Tensor phi = at::exp(t * t * -0.5);
    const at::Tensor xt = at::mm(z, unit).unsqueeze(-1) * t; // [n, 256, knots]
    const at::Tensor error = (xt.cos().mean(0) - phi).square() + xt.sin().mean(0).square();
    return at::trapezoid(error * phi, t, -1).mean() * (static_cast<double>(z.size(0)) / 100);
}

} // namespace precordia
