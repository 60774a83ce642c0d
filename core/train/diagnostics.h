// SPDX-License-Identifier: GPL-3.0-or-later
// Has the model collapsed? Measured on a fixed set of windows, at every level, and compared with what the same windows
// gave before the first step: a falling loss is no success (a teacher that follows too fast lowers it too).
#pragma once

#include "core/engine/engine.h"
#include "core/jepa/model.h"

#include <ATen/core/Tensor.h>

#include <string>
#include <utility>
#include <vector>

namespace precordia {

using Diagnostics = std::vector<std::pair<std::string, LevelDiagnostics>>; // "lead", "interval", "event", "recording"

// Of one level, batch by batch: x [B, S, D], S encodings of each of B recordings; for the temporal spread [B, T, R, D].
class LevelStatistics {
public:
    void add(const at::Tensor& x); // [B, T, R, D]
    LevelDiagnostics result() const;

private:
    std::int64_t rows_ = 0, recordings_ = 0, rowsEach_ = 0, intervals_ = 0;
    at::Tensor sum_, gram_;       // [D], [D, D], double
    at::Tensor direction_;        // sum of unit vectors [D]
    double directionSquares_ = 0; // sum over recordings of the squared length of their own sum
    double temporal_ = 0;
};

// x [N, K, samples] standardised, of the leads [K] (undefined: all, in order).
Diagnostics diagnose(const JepaModel& model, const at::Tensor& x, const at::Tensor& leads = {});

struct Verdict {
    std::string word; // "healthy", "collapsing", "collapsed"
    std::string text; // in plain words, with the figures
};
Verdict judge(const Diagnostics& start, const Diagnostics& now);

} // namespace precordia
