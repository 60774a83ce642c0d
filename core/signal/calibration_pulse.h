// SPDX-License-Identifier: GPL-3.0-or-later
// A pulse of 1 mV that a device puts behind the heart (annotation_texts.h) is no beat: nothing of it is measured.
#pragma once

#include "core/ecg/recording.h"

#include <cstddef>

namespace precordia {

// How many samples of the leads, from the first, are the heart's: those before the mark of a pulse, else all.
std::size_t samplesOfHeart(const Recording& recording);

// For a part that was taken out of a recording without its annotations; part.firstSample is its place in the file.
void copyPulseMarks(const Recording& whole, Recording& part);

} // namespace precordia
