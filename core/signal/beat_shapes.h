// SPDX-License-Identifier: GPL-3.0-or-later
// Beats lined up on their QRS and sorted by its shape, over all leads together; the mean beat of each shape.
// Internal to core/signal.
#pragma once

#include "core/signal/work_signal.h"

#include <cstddef>
#include <vector>

namespace precordia::signal {

struct AlignedBeat {
    std::size_t peak = 0; // the R peak as detected, work samples
    std::size_t at = 0;   // lined up with the others of its shape
    int shape = -1;
    float similarity = 0; // correlation with the shape's QRS, all leads
    double rrBefore = 0;  // s; 0: the first beat
    double rrAfter = 0;   // s; 0: the last beat
};

struct BeatShapes {
    std::vector<AlignedBeat> beats; // in time
    std::vector<int> counts;        // of each shape
    int dominant = -1;              // the shape of most beats
};

// peaks in work samples, ascending.
BeatShapes groupBeats(const WorkSignal& signal, const std::vector<std::size_t>& peaks);

// Samples from `before` ahead of `at` on; all leads.
constexpr std::size_t beatBefore = 250; // 0.5 s
constexpr std::size_t beatAfter = 360;  // 0.72 s
constexpr std::size_t beatLength = beatBefore + beatAfter;

// The interval to the next beat that most reach; a beat after less than earlyShare of it comes early. 0: no interval.
double usualInterval(const std::vector<double>& intervals);
constexpr double earlyShare = 0.8;

struct MeanBeat {
    std::vector<std::vector<float>> leads; // [leads][beatLength], uV, baseline taken out; trimmed mean over the beats
    // uV, a lead: what its beats differ by where the heart is at rest, over the root of their number.
    std::vector<double> noise;
};

// The mean of these of the beats; samples beyond the recording do not count, nor those after a beat that comes much
// earlier than after the others. The middle half of the beats counts at each sample: one with an artefact has no say.
MeanBeat meanBeat(const WorkSignal& signal, const std::vector<AlignedBeat>& beats,
                  const std::vector<std::size_t>& members);

} // namespace precordia::signal
