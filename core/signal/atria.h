// SPDX-License-Identifier: GPL-3.0-or-later
// Whether P waves stand before the beats at all. Internal to core/signal.
#pragma once

#include "core/signal/analysis.h"

namespace precordia::signal {

// What the atria look like, over the beats of the dominant shape.
struct AtrialEvidence {
    std::size_t beats = 0, paced = 0;
    double size = 0;      // uV of curvature of the wave before the QRS, mean over the leads
    double likeness = 0;  // of those waves between beats
    double irregular = 0; // beat_kinds.h
    double rr = 1;        // s
    double qrs = 0.1;     // s, of the mean beat over all leads
    double rest = -1;     // what moves between T and P, share of the P; below 0: no room between them
    double stir = 0;      // least movement of the mean beat over 24 ms outside of QRS, share of its P: no rest anywhere
    double steep = 1;     // share of a cycle's squared slope (all leads) within the QRS; 1 of slow rhythms
    double upright = 0.75; // of the P in lead II, -1 to 1; without that lead what a sinus node's would be
    // Correlation of what stands before the QRS with what stands one cycle of flutter (a whole part of the RR) before;
    // 0 where that is of another size, below 0 where no such cycle fits.
    double repeats = -1;
};
AtrialEvidence atrialEvidence(const Analysis& analysis);

// Above 0: P waves of a sinus node, below: fibrillation or flutter. Log odds.
double sinusOdds(const AtrialEvidence& evidence);

// Sets Analysis::pAbsent and merged, and BeatDetail::p; after judgeBeats.
void judgeAtria(Analysis& analysis);

} // namespace precordia::signal
