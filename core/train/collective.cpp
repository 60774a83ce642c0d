// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/collective.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace precordia {

std::vector<std::int64_t> Collective::all(std::int64_t value) {
    auto values = at::zeros({size()}, at::kLong);
    values.data_ptr<std::int64_t>()[rank()] = value;
    sum(values);
    return {values.data_ptr<std::int64_t>(), values.data_ptr<std::int64_t>() + size()};
}

std::int64_t Collective::largest(std::int64_t value) {
    const auto values = all(value);
    return *std::max_element(values.begin(), values.end());
}

BatchShare Collective::share(std::int64_t batch) {
    BatchShare share;
    share.rows.whole = batch;
    share.rows.first = batch * rank() / size();
    share.rows.own = batch * (rank() + 1) / size() - share.rows.first;
    share.gather = [this](const at::Tensor& own) {
        const auto counts = all(own.size(0));
        BatchShare::Gathered out;
        std::int64_t total = 0;
        for (int r = 0; r < size(); ++r) {
            if (r == rank())
                out.first = total;
            total += counts[static_cast<std::size_t>(r)];
        }
        // Each row has one process that knows it; nothing is added to it but zeros.
        auto sizes = own.sizes().vec();
        sizes[0] = total;
        auto rows = at::zeros(sizes, own.options().device(at::kCPU));
        rows.narrow(0, out.first, own.size(0)).copy_(own);
        sum(rows);
        out.rows = rows.to(own.device());
        return out;
    };
    return share;
}

} // namespace precordia
