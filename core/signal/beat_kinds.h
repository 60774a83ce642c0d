// SPDX-License-Identifier: GPL-3.0-or-later
// What kind each beat is. Internal to core/signal.
#pragma once

#include "core/signal/analysis.h"

namespace precordia::signal {

constexpr double irregularShare = 0.08; // irregularity() beyond which no sinus node sets the beat

// Sets Analysis::beats' kinds and paced, and chooses the dominant shape anew where two are about as frequent: the
// narrower one.
void judgeBeats(Analysis& analysis);

// RR of beats of the dominant shape in a row, s.
std::vector<double> calmIntervals(const Analysis& analysis);
// Median step between successive RRs as a share of the median RR; less of few.
double irregularity(const std::vector<double>& rr);

} // namespace precordia::signal
