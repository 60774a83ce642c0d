// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/signal/lead_window.h"

#include "core/signal/statistics.h"

#include <algorithm>
#include <cmath>

namespace precordia::signal {

LeadWindow::LeadWindow(const WorkSignal& signal, std::ptrdiff_t first, std::ptrdiff_t last, std::ptrdiff_t stride)
    : signal_(signal)
    , first_(first)
    , stride_(stride)
    , points_(static_cast<std::size_t>(std::max<std::ptrdiff_t>((last - first) / stride + 1, 3))) {
    const float middle = static_cast<float>(points_ - 1) / 2;
    for (std::size_t k = 0; k < points_; ++k) {
        place_.push_back(static_cast<float>(k) - middle);
        square_ += place_.back() * place_.back();
    }
}

std::vector<float> LeadWindow::cut(std::ptrdiff_t at) const {
    std::vector<float> out;
    out.reserve(signal_.leads.size() * points_);
    const auto end = static_cast<std::ptrdiff_t>(signal_.samples) - 1;
    for (const WorkLead& lead : signal_.leads) {
        if (lead.derived)
            continue;
        const std::size_t start = out.size();
        out.resize(start + points_);
        float* to = out.data() + start;
        const std::ptrdiff_t from = at + first_, last = from + static_cast<std::ptrdiff_t>(points_ - 1) * stride_;
        if (from >= 0 && last <= end) {
            const float* x = lead.broad.data() + from;
            for (std::size_t k = 0; k < points_; ++k)
                to[k] = x[static_cast<std::ptrdiff_t>(k) * stride_];
        } else {
            for (std::size_t k = 0; k < points_; ++k)
                to[k] = lead.broad[static_cast<std::size_t>(
                    std::clamp<std::ptrdiff_t>(from + static_cast<std::ptrdiff_t>(k) * stride_, 0, end))];
        }
        flatten(to);
    }
    return out;
}

void LeadWindow::flatten(float* x) const {
    // Two sums of each, for places with even and odd numbers: additions need not wait for each other.
    float mean = 0, slope = 0, meanOdd = 0, slopeOdd = 0;
    std::size_t k = 0;
    for (; k + 1 < points_; k += 2) {
        mean += x[k];
        slope += place_[k] * x[k];
        meanOdd += x[k + 1];
        slopeOdd += place_[k + 1] * x[k + 1];
    }
    if (k < points_) {
        mean += x[k];
        slope += place_[k] * x[k];
    }
    mean = (mean + meanOdd) / static_cast<float>(points_);
    slope = (slope + slopeOdd) / square_;
    for (std::size_t i = 0; i < points_; ++i)
        x[i] -= mean + slope * place_[i];
}

double windowProduct(const std::vector<float>& a, const std::vector<float>& b) {
    return static_cast<double>(dot(a, b));
}

double windowLikeness(const std::vector<float>& a, const std::vector<float>& b) {
    return windowProduct(a, b) / std::max(std::sqrt(windowProduct(a, a) * windowProduct(b, b)), 1e-9);
}

} // namespace precordia::signal
