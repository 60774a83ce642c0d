// SPDX-License-Identifier: GPL-3.0-or-later
// The figures by which core/engine/verdict.h tells whether a model collapses: measured on a fixed set of windows, at
// every level.
#pragma once

#include "core/engine/verdict.h"
#include "core/jepa/model.h"

#include <ATen/core/Tensor.h>

namespace precordia {

// Of one level, batch by batch: x [B, S, D], S encodings of each of B recordings; for the temporal spread [B, T, R, D].
class LevelStatistics {
public:
    void add(const at::Tensor& x);                                      // [B, T, R, D]
    void compare(const at::Tensor& student, const at::Tensor& teacher); // of one shape
    LevelDiagnostics result() const;

private:
    std::int64_t rows_ = 0, recordings_ = 0, rowsEach_ = 0, intervals_ = 0;
    at::Tensor sum_, gram_;       // [D], [D, D], double
    at::Tensor direction_;        // sum of unit vectors [D]
    double directionSquares_ = 0; // sum over recordings of the squared length of their own sum
    double temporal_ = 0;
    double gapSquares_ = 0, teacherSquares_ = 0;
};

// x [N, K, samples] standardised, of the leads [K] (undefined: all, in order). The teacher, where there is one, is
// compared on the first kTeacherWindows of them.
constexpr std::int64_t kTeacherWindows = 32;
Diagnostics diagnose(const JepaModel& model, const at::Tensor& x, const at::Tensor& leads = {});

} // namespace precordia
