// SPDX-License-Identifier: GPL-3.0-or-later
// What delineation and measurements share: the work signal, its beats, each shape's mean beat and waves.
// Internal to core/signal.
#pragma once

#include "core/signal/beat_shapes.h"
#include "core/signal/delineation.h"
#include "core/signal/wave_search.h"

#include <optional>
#include <vector>

namespace precordia::signal {

// Beats of one shape in one stretch of the recording.
struct BeatGroup {
    int shape = -1;
    std::vector<std::size_t> members; // places in BeatShapes::beats
    MeanBeat mean;
    BeatWaves waves;
};

struct BeatDetail {
    std::size_t group = 0;
    double pShift = 0, tShift = 0; // samples, from the group's places
    double pLikeness = 0;          // correlation of this beat's P window with the mean of the others
    double rest = 0; // uV: curvature between the T before and the P, as strong as the waves of the atria there
    double pOwn = 0; // uV: curvature of this beat's own P; 0 with rest: no room to tell
    bool p = false;  // a P is given
};

struct Analysis {
    WorkSignal signal;
    BeatShapes shapes;
    std::vector<BeatGroup> groups;
    std::vector<BeatDetail> details; // of each beat
    std::vector<Beat> beats;
    std::string pAbsent;
    std::string merged; // MedianBeat::merged
};

Analysis analyse(const Recording& recording);
Delineation delineationOf(const Analysis& analysis);

} // namespace precordia::signal
