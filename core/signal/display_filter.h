// SPDX-License-Identifier: GPL-3.0-or-later
// Filters for looking at an ECG: zero-phase, off by default, never stored. The recording stays as it is.
#pragma once

#include "core/base/result.h"
#include "core/ecg/recording.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace precordia {

// 0: off. The choices are those of electrocardiographs (IEC 60601-2-25; AHA 2007 asks for 0.05 to 150 Hz).
struct DisplayFilters {
    double baselineHz = 0; // high-pass
    double mainsHz = 0;    // notch
    double muscleHz = 0;   // low-pass

    static constexpr std::array kBaseline{0.05, 0.15, 0.5};
    static constexpr std::array kMains{50.0, 60.0};
    static constexpr std::array kMuscle{40.0, 100.0, 150.0};

    bool any() const { return baselineHz > 0 || mainsHz > 0 || muscleHz > 0; }
    bool operator==(const DisplayFilters&) const = default;
};

// "0.5,50,40" in any order: each number is the filter that offers it; "off" or "": none. Empty for anything else.
std::optional<DisplayFilters> parseDisplayFilters(std::string_view text);

// A copy with every voltage lead filtered; other signals and what is no sample stay. A filter whose corner lies at or
// above half the sampling rate has nothing to take away and is left out.
Result<Recording> withDisplayFilters(const Recording& recording, const DisplayFilters& filters);

} // namespace precordia
