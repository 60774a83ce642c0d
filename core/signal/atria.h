// SPDX-License-Identifier: GPL-3.0-or-later
// What kind each beat is, and whether P waves stand before the beats at all. Internal to core/signal.
#pragma once

#include "core/signal/analysis.h"

namespace precordia::signal {

// Sets Analysis::beats' kinds and paced, and chooses the dominant shape anew where two are about as frequent: the
// narrower one.
void judgeBeats(Analysis& analysis);

// Sets Analysis::pAbsent and BeatDetail::p. In fibrillation and flutter no P is given: the waves before the beats
// differ from beat to beat, or the atria move between the beats as much as before them.
void judgeAtria(Analysis& analysis);

} // namespace precordia::signal
