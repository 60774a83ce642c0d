// SPDX-License-Identifier: GPL-3.0-or-later
// The representative beat of a recording: the normal beats of the dominant shape, lined up on their QRS over all leads
// and averaged without their outer quarters, so that an odd beat or an artefact has no say.
#pragma once

#include "core/ecg/recording.h"

#include <array>
#include <string>
#include <vector>

namespace precordia {

// A wave's place in the median beat, s from its R peak; before it is negative.
struct MedianWave {
    bool present = false;
    double on = 0, peak = 0, off = 0;
};

struct MedianLead {
    std::string lead;
    std::vector<float> samples; // uV, 0 at the PQ level
    MedianWave p, qrs, t;
    double noise = 0; // uV, of the averaged trace
};

struct MedianBeat {
    double samplingRate = 0; // Hz
    std::size_t rPeak = 0;   // sample of the R peak
    std::size_t beats = 0;   // averaged
    std::vector<MedianLead> leads;
    // Over all leads: the earliest onset and the latest offset (IEC 60601-2-51, CSE), single outliers left out.
    MedianWave p, qrs, t;
    // Why nobody can tell where QRS and T begin and end, whatever stands above; empty: one can.
    std::string merged;
};

} // namespace precordia
