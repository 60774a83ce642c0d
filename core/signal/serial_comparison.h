// SPDX-License-Identifier: GPL-3.0-or-later
// Serial comparison: the median beats of two ECGs lined up, their difference, and both ECGs' measurements side by side.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/signal/measurements.h"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace precordia {

struct ComparedLead {
    std::string lead;
    // uV, 0 at the PQ level, all of one length; NaN where the moved beat has no samples. difference: current less
    // reference.
    std::vector<float> reference, current, difference;
    double rmsUv = 0;                  // of the difference, from the earlier QRS onset to the later T end
    std::optional<double> correlation; // of both over the same stretch; empty where one of them is flat
};

struct ComparedValue {
    std::string key; // as named() has it
    Measured reference, current;
    std::optional<double> difference; // of axes the shorter way round, -180 to 180
};

struct SerialComparison {
    double samplingRate = 0; // Hz, of the beats
    std::size_t rPeak = 0;   // sample of the reference's R peak; the current beat is moved onto it
    double shiftSeconds = 0; // by which the current beat was moved
    std::vector<ComparedLead> leads;
    std::vector<std::string> notCompared; // leads that only one of them has
    // P, QRS, T; s from the reference's R peak.
    std::array<MedianWave, 3> referenceWaves, currentWaves;
    std::size_t referenceBeats = 0, currentBeats = 0; // averaged
    std::vector<ComparedValue> values;
};

// Beats are lined up where their QRS complexes agree best over all leads, to a fraction of a sample, at most 40 ms from
// their R peaks. Errors: SignalTooShort (one of them has no beat to average), LeadMissing (no lead in common).
Result<SerialComparison> compareEcgs(const Recording& reference, const Recording& current, const StopToken& stop = {});
// The same of what was measured already.
Result<SerialComparison> compareEcgs(const EcgAnalysis& reference, const EcgAnalysis& current);

} // namespace precordia
