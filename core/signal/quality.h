// SPDX-License-Identifier: GPL-3.0-or-later
// What is wrong with a signal, lead by lead, in words: flat, clipped, noisy, off, wandering, jumping; and leads that
// look as if two electrodes had been exchanged.
#pragma once

#include "core/ecg/recording.h"
#include "core/signal/measurements.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace precordia {

enum class QualityFinding {
    Missing,        // more than half of the samples are not there
    Flat,           // no movement, or less than 10 uV in all
    Clipped,        // stands at its highest or lowest value again and again
    LeadOff,        // for at least a second no heart in it, while other leads show one
    Noise,          // muscle or amplifier noise that hides small waves
    Mains,          // 50 or 60 Hz
    BaselineWander, // slow movement of more than a large QRS
    BaselineJump,   // a sudden step of the level
    SwapSuspected,  // this lead, or the limb leads together, look like exchanged electrodes
};
std::string_view name(QualityFinding finding); // "missing", "flat", "clipped", "lead-off", ...

struct QualityNote {
    QualityFinding finding = QualityFinding::Noise;
    std::string words; // a sentence in English
    double share = 1;  // of the recording's time that it concerns
};

struct LeadQuality {
    std::string lead;
    double noiseUv = 0;  // root mean square above 20 Hz where the heart is at rest
    double mainsUv = 0;  // amplitude at 50 or 60 Hz, the larger
    double wanderUv = 0; // peak to peak below 0.5 Hz
    std::vector<QualityNote> notes;
    bool usable() const; // neither missing nor flat nor off for more than half of the time
};

struct SignalQuality {
    std::vector<LeadQuality> leads; // of the recording, in its order; what is no ECG in uV without notes
    std::vector<QualityNote> limbs; // of the limb leads together
};

// analysis: what analyseEcg has measured on the same recording; the limb leads are judged by it.
SignalQuality assessQuality(const Recording& recording, const EcgAnalysis& analysis);

} // namespace precordia
