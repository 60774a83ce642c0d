// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jepa/standardise.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/full.h>

namespace precordia {

namespace {

constexpr double kMicrovolts = 200; // the fixed scale's unit
constexpr double kClip = 15;        // units: 3 mV

at::Tensor withoutOffset(const at::Tensor& x) {
    return x - x.mean({-1}, true);
}

at::Tensor deviation(const at::Tensor& centred) {
    return centred.std({1, 2}, /*unbiased=*/true, /*keepdim=*/true) + 1e-6;
}

} // namespace

at::Tensor standardise(const at::Tensor& x, Scale scale) {
    const at::Tensor centred = withoutOffset(x);
    if (scale == Scale::Fixed)
        return (centred / kMicrovolts).clamp_(-kClip, kClip);
    return centred / deviation(centred);
}

at::Tensor microvoltsPerUnit(const at::Tensor& x, Scale scale) {
    if (scale == Scale::Fixed)
        return at::full({x.size(0), 1, 1}, kMicrovolts, x.options());
    return deviation(withoutOffset(x));
}

} // namespace precordia
