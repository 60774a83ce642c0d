// SPDX-License-Identifier: GPL-3.0-or-later
// One beat as it is: for marks on a beat that the median beat does not show.
#pragma once

#include "core/signal/measurements.h"

#include <cstddef>

namespace precordia {

// The beat of this place in ecg.delineation.beats, in the form of an analysis: its samples and waves stand in
// medianBeat (of one beat; where the recording begins or ends it is shorter), its intervals, axes and amplitudes in
// measurements beside the rate and rhythm of the whole recording, by which QT is corrected. delineation holds why there
// is no P, and nothing else. recording: that which ecg was made of. No such beat, or no ECG around it: beats is 0.
EcgAnalysis analysisOfBeat(const Recording& recording, const EcgAnalysis& ecg, std::size_t beat);

} // namespace precordia
