// SPDX-License-Identifier: GPL-3.0-or-later
// The beats of a recording and what kind each is, over all leads together.
#pragma once

#include "core/ecg/recording.h"

#include <string_view>
#include <vector>

namespace precordia {

enum class BeatKind {
    Normal,      // of the dominant shape, in time
    Premature,   // of the dominant shape, early: from the atria or the node
    Ventricular, // another, wider shape
    Other,       // another shape that is not wider: aberrant conduction, fusion, an artefact
};
std::string_view name(BeatKind kind); // "normal", "premature", "ventricular", "other"

struct Beat {
    SampleIndex peak;   // R peak at the recording's own rate
    double seconds = 0; // the same, from the recording's start
    BeatKind kind = BeatKind::Normal;
    bool paced = false;  // a pacemaker's spike stands before the QRS
    int shape = -1;      // beats with the same number look alike; of a long recording within a minute
    double likeness = 0; // correlation with the mean QRS of its shape, all leads
};

} // namespace precordia
