// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to core/signal.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace precordia::signal {

// Centred moving mean over `width` samples (odd or even), shorter at the ends.
template <typename T>
std::vector<T> movingMean(const std::vector<T>& x, std::size_t width) {
    const std::size_t n = x.size(), before = width / 2, after = width - before; // after: one past the last
    std::vector<double> sum(n + 1);
    for (std::size_t i = 0; i < n; ++i)
        sum[i + 1] = sum[i] + static_cast<double>(x[i]);
    std::vector<T> out(n);
    const auto shortened = [&](std::size_t i) {
        const std::size_t a = i > before ? i - before : 0, b = std::min(n, i + after);
        out[i] = static_cast<T>((sum[b] - sum[a]) / static_cast<double>(b - a));
    };
    const std::size_t first = std::min(before, n), last = std::max(first, n - std::min(n, after - 1));
    for (std::size_t i = 0; i < first; ++i)
        shortened(i);
    const double whole = 1 / static_cast<double>(width);
    for (std::size_t i = first; i < last; ++i)
        out[i] = static_cast<T>((sum[i + after] - sum[i - before]) * whole);
    for (std::size_t i = last; i < n; ++i)
        shortened(i);
    return out;
}

} // namespace precordia::signal
