// SPDX-License-Identifier: GPL-3.0-or-later
// P, QRS and T of every beat in every lead: where each begins, peaks and ends.
// Beats are found and lined up over all leads together; each shape's mean beat is delineated (steepness, corner and
// tangent rules, weighed against each other by weights fitted to cardiologists' marks), and its places are carried to
// each beat, moved to where that beat's own P and T fit best.
#pragma once

#include "core/signal/beats.h"

#include <string>
#include <vector>

namespace precordia {

struct WaveMarks {
    double on = 0, peak = 0, off = 0; // s from the recording's start
    int beat = -1;                    // place in Delineation::beats
};

struct LeadDelineation {
    std::string lead;
    std::vector<WaveMarks> p, qrs, t; // in time; a wave that is not there or not wholly inside is left out
};

// Made by analyseEcg (measurements.h). No beats or no usable lead: empty lists.
struct Delineation {
    std::vector<Beat> beats;
    std::vector<LeadDelineation> leads; // usable voltage leads, in the recording's order
    // Why no P is given: "" where P waves stand before the beats of the dominant shape.
    std::string pAbsent;
};

} // namespace precordia
