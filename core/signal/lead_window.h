// SPDX-License-Identifier: GPL-3.0-or-later
// A stretch of all independent leads, each without its mean and its slope: what P and T windows of beats are compared
// by. Internal to core/signal.
#pragma once

#include "core/signal/work_signal.h"

#include <cstddef>
#include <vector>

namespace precordia::signal {

class LeadWindow {
public:
    // Samples first to last, relative to a beat; every `stride`th one.
    LeadWindow(const WorkSignal& signal, std::ptrdiff_t first, std::ptrdiff_t last, std::ptrdiff_t stride = 2);
    std::vector<float> cut(std::ptrdiff_t at) const;

private:
    void flatten(float* x) const;

    const WorkSignal& signal_;
    std::ptrdiff_t first_, stride_;
    std::size_t points_ = 0;
    std::vector<float> place_; // of each point, from the middle
    float square_ = 0;         // their sum of squares
};

double windowProduct(const std::vector<float>& a, const std::vector<float>& b);
// Correlation of two windows that are free of mean and slope.
double windowLikeness(const std::vector<float>& a, const std::vector<float>& b);

} // namespace precordia::signal
