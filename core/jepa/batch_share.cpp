// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jepa/batch_share.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>

namespace precordia {

at::Tensor BatchShare::whole(const at::Tensor& z) const {
    const at::Tensor value = z.detach();
    const auto [all, first] = gather(value);
    // z - value is nothing, but has the gradient of z: the value stays what it is, bit for bit.
    const at::Tensor own = value + (z - value) * (1 / rows.weight());
    return at::cat({all.narrow(0, 0, first), own, all.slice(0, first + z.size(0))}, 0);
}

void drawBernoulli(at::Tensor& own, double p, at::Generator generator, const RowShare& share) {
    if (share.isWhole()) {
        own.bernoulli_(p, std::move(generator));
        return;
    }
    const auto each = own.size(0) / share.own;
    auto sizes = own.sizes().vec();
    sizes[0] = each * share.whole;
    const at::Tensor all = at::empty(sizes, own.options()).bernoulli_(p, std::move(generator));
    own.copy_(all.narrow(0, each * share.first, own.size(0)));
}

} // namespace precordia
