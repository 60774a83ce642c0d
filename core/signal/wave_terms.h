// SPDX-License-Identifier: GPL-3.0-or-later
// What the shape of a P or a T says of where it begins, peaks and ends in one lead: the numbers that boundary_rules.h
// weighs. A wave of two phases is looked at as a whole, as its first phase and as its second: readers mark either.
// Internal to core/signal.
#pragma once

#include "core/signal/wave_search.h"

#include <cstddef>
#include <vector>

namespace precordia::signal {

// Of each lead: places in ms from the joint peak, shares, logarithms of sizes in uV, which of the twelve leads it is,
// what all leads say together: plainWaveTerms numbers; then the places once more, times the lead's trust (height over
// height and noise) and times the second phase's share of both.
constexpr std::size_t wavePlaces = 67, waveNumbers = 28, leadsTogether = wavePlaces + 14 + 9;
constexpr std::size_t plainWaveTerms = wavePlaces + waveNumbers + 12 + leadsTogether;
constexpr std::size_t waveTerms = plainWaveTerms + 2 * wavePlaces;

// Sets pTerms or tTerms of all leads: finite and limited. `leads`: the mean beat smoothed, with the QRS held level.
// The joint places, the rules and the heights are there already.
void setWaveTerms(BeatWaves& waves, const std::vector<std::vector<float>>& leads, const MeanBeat& beat,
                  const SearchLimits& limits, bool isP);

} // namespace precordia::signal
