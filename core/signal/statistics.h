// SPDX-License-Identifier: GPL-3.0-or-later
// Order statistics of a few values, taken by value since they are reordered. What is not finite does not count.
// Internal to core/signal.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace precordia::signal {

// The value that the share q of the others lies below, the lower one of two; 0 of none.
template <typename T>
T quantile(std::vector<T> values, double q) {
    std::erase_if(values, [](T v) { return !std::isfinite(v); });
    if (values.empty())
        return 0;
    const auto k = values.begin() + static_cast<std::ptrdiff_t>(q * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), k, values.end());
    return *k;
}

// One of the values: of an even number the upper one of the two in the middle.
inline double upperMedian(std::vector<double> values, double ofNone) {
    std::erase_if(values, [](double v) { return !std::isfinite(v); });
    if (values.empty())
        return ofNone;
    const auto k = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), k, values.end());
    return *k;
}

// The median of the textbook: of an even number the mean of the two in the middle; 0 of none.
inline double averagingMedian(std::vector<double> values) {
    std::erase_if(values, [](double v) { return !std::isfinite(v); });
    if (values.empty())
        return 0;
    const auto k = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), k, values.end());
    return values.size() % 2 == 1 ? *k : (*std::max_element(values.begin(), k) + *k) / 2;
}

} // namespace precordia::signal
