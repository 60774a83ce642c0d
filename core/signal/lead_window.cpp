// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/signal/lead_window.h"

#include <algorithm>
#include <cmath>

namespace precordia::signal {

LeadWindow::LeadWindow(const WorkSignal& signal, std::ptrdiff_t first, std::ptrdiff_t last, std::ptrdiff_t stride)
    : signal_(signal)
    , first_(first)
    , stride_(stride)
    , points_(static_cast<std::size_t>(std::max<std::ptrdiff_t>((last - first) / stride + 1, 3))) {}

std::vector<float> LeadWindow::cut(std::ptrdiff_t at) const {
    std::vector<float> out;
    out.reserve(signal_.leads.size() * points_);
    const auto end = static_cast<std::ptrdiff_t>(signal_.samples) - 1;
    for (const WorkLead& lead : signal_.leads) {
        if (lead.derived)
            continue;
        const std::size_t start = out.size();
        for (std::size_t k = 0; k < points_; ++k) {
            const std::ptrdiff_t i = at + first_ + static_cast<std::ptrdiff_t>(k) * stride_;
            out.push_back(lead.broad[static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(i, 0, end))]);
        }
        flatten(out.data() + start);
    }
    return out;
}

void LeadWindow::flatten(float* x) const {
    const float middle = static_cast<float>(points_ - 1) / 2;
    float mean = 0, slope = 0, square = 0;
    for (std::size_t k = 0; k < points_; ++k) {
        const float d = static_cast<float>(k) - middle;
        mean += x[k];
        slope += d * x[k];
        square += d * d;
    }
    mean /= static_cast<float>(points_);
    slope /= std::max(square, 1e-6F);
    for (std::size_t k = 0; k < points_; ++k)
        x[k] -= mean + slope * (static_cast<float>(k) - middle);
}

double windowProduct(const std::vector<float>& a, const std::vector<float>& b) {
    float sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += a[i] * b[i];
    return static_cast<double>(sum);
}

double windowLikeness(const std::vector<float>& a, const std::vector<float>& b) {
    return windowProduct(a, b) / std::max(std::sqrt(windowProduct(a, a) * windowProduct(b, b)), 1e-9);
}

} // namespace precordia::signal
