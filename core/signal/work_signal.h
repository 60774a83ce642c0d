// SPDX-License-Identifier: GPL-3.0-or-later
// The signal that beats and waves are looked for in: every ECG lead at 500 Hz, gaps bridged, baseline taken out,
// up to a calibration pulse.
// Internal to core/signal.
#pragma once

#include "core/ecg/recording.h"
#include "core/signal/moving_mean.h"

#include <cstddef>
#include <string>
#include <vector>

namespace precordia::signal {

constexpr double workRate = 500; // Hz

struct WorkLead {
    std::string name;
    bool derived = false;      // from other leads: measured, but not heard twice
    std::vector<float> level;  // uV, baseline (below 0.5 Hz) taken out
    std::vector<float> narrow; // the same through 8 ms: for the QRS
    std::vector<float> broad;  // the same through 22 and 18 ms (50 Hz is gone): for P and T
};

struct WorkSignal {
    std::size_t samples = 0; // a lead
    std::vector<WorkLead> leads;
    std::vector<std::size_t> spikes; // of a pacemaker; taken out of the leads

    double seconds() const { return static_cast<double>(samples) / workRate; }
};

// ECG leads (ecg_leads.h) with at least half of their samples there and more than 2 uV of movement. No lead: nothing to
// measure.
WorkSignal workSignal(const Recording& recording);

} // namespace precordia::signal
