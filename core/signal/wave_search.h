// SPDX-License-Identifier: GPL-3.0-or-later
// Where P, QRS and T begin, peak and end in a mean beat: first over all leads together, then in each lead by several
// rules of the trade (steepness, corner, tangent), which boundary_rules.h weighs against each other.
// Internal to core/signal. Places are samples of the mean beat (R peak at beatBefore).
#pragma once

#include "core/signal/beat_shapes.h"

#include <array>
#include <optional>
#include <vector>

namespace precordia::signal {

enum class Edge { POn, PPeak, POff, QrsOn, QrsPeak, QrsOff, TOn, TPeak, TOff };
constexpr std::size_t edges = 9;

// What a lead says of one edge, each rule's place less the joint place, in ms.
constexpr std::size_t rules = 8;
struct EdgeRules {
    double joint = 0;                   // place over all leads, samples
    std::array<double, rules> offset{}; // ms from the joint place, limited
};

struct LeadWaves {
    std::array<double, edges> place{}; // samples; of waves that are absent without meaning
    std::array<EdgeRules, edges> rule;
    double pHeight = 0, tHeight = 0;    // uV above the line between the ends
    std::vector<double> pTerms, tTerms; // what their shapes say (wave_terms.h)
};

// uV that an edge's wave stands out with; of a QRS, which always does, 1 mV.
double edgeHeight(const LeadWaves& lead, Edge edge);

struct BeatWaves {
    std::vector<LeadWaves> leads;
    std::array<double, edges> joint{}; // samples
    double pSize = 0, tSize = 0;       // uV, mean over the leads of the size of the wave's curvature
};

struct SearchLimits {
    double rr = 1;       // s, median distance to the next beat
    double rrBefore = 1; // s, to the one before
};
// Of these of the beats.
SearchLimits limitsOf(const std::vector<AlignedBeat>& beats, const std::vector<std::size_t>& members);

BeatWaves findWaves(const MeanBeat& beat, const SearchLimits& limits);

} // namespace precordia::signal
