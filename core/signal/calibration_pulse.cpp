// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/signal/calibration_pulse.h"

#include "core/ecg/annotation_texts.h"

#include <algorithm>
#include <iterator>

namespace precordia {
namespace {

bool marksPulse(const Annotation& mark) {
    return mark.text == kCalibrationPulse;
}

} // namespace

std::size_t samplesOfHeart(const Recording& recording) {
    auto samples = static_cast<std::int64_t>(recording.samples());
    for (const Annotation& mark : recording.annotations)
        if (marksPulse(mark)) // counted from the file's start, as every annotation
            samples = std::clamp<std::int64_t>(mark.sample.value - recording.firstSample, 0, samples);
    return static_cast<std::size_t>(samples);
}

void copyPulseMarks(const Recording& whole, Recording& part) {
    std::copy_if(whole.annotations.begin(), whole.annotations.end(), std::back_inserter(part.annotations), marksPulse);
}

} // namespace precordia
