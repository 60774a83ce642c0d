// SPDX-License-Identifier: GPL-3.0-or-later
// Order statistics of a few values, and what is added up in a hurry. What is not finite does not count where values
// are taken by value.
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

// Scalar product; four sums at once, which the processor adds side by side.
inline float dot(const std::vector<float>& a, const std::vector<float>& b) {
    float s0 = 0, s1 = 0, s2 = 0, s3 = 0;
    const std::size_t n = std::min(a.size(), b.size());
    std::size_t i = 0;
    for (; i + 4 <= n; i += 4) {
        s0 += a[i] * b[i];
        s1 += a[i + 1] * b[i + 1];
        s2 += a[i + 2] * b[i + 2];
        s3 += a[i + 3] * b[i + 3];
    }
    for (; i < n; ++i)
        s0 += a[i] * b[i];
    return (s0 + s1) + (s2 + s3);
}

// A handful of finite values in order: insertion is the quickest.
template <typename T>
void sortFew(std::vector<T>& x) {
    if (x.size() > 24) {
        std::sort(x.begin(), x.end());
        return;
    }
    for (std::size_t i = 1; i < x.size(); ++i) {
        const T v = x[i];
        std::size_t k = i;
        for (; k > 0 && x[k - 1] > v; --k)
            x[k] = x[k - 1];
        x[k] = v;
    }
}

// The one in the middle of an odd number of finite values; reorders them.
template <typename T>
T middleOf(std::vector<T>& x) {
    sortFew(x);
    return x[x.size() / 2];
}

} // namespace precordia::signal
