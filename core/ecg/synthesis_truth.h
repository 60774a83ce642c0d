// SPDX-License-Identifier: GPL-3.0-or-later
// What is known of a synthetic ECG: fiducials from each wave's own Gaussians, measurements, labels.
#pragma once

#include "core/ecg/synthesis_model.h"

namespace precordia::synthesis {

struct Extent {
    double on = 0, peak = 0, off = 0; // s, in the time of the waves
};
// Where the summed vector of the waves of one part is longer than a share of its greatest length.
std::optional<Extent> extent(const std::vector<Wave>& waves, Part part, double share);

// A beat as it is drawn: waves relative to the QRS onset, P waves with negative centres.
struct DrawnBeat {
    PlannedBeat plan;
    std::vector<Wave> waves;
};
BeatTruth beatTruth(const DrawnBeat& beat, const LeadField& field);
SynthesisTruth describe(const Case& c, const Subject& subject, const std::vector<DrawnBeat>& beats);
// SNOMED CT code of one of our labels; "" for one that has none.
std::string snomedCode(const std::string& label);

} // namespace precordia::synthesis
