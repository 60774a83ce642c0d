// SPDX-License-Identifier: GPL-3.0-or-later
// From the stored samples of a compressed rhythm back to the full rate (EN 1064, annex C): outside of the protected
// areas a sample stands for `decimation` of them. Sample numbers count from 1; areas lie in order and apart.
#pragma once

#include "core/io/scp_signal.h"

#include <cstdint>
#include <span>
#include <vector>

namespace precordia::scp {

// How many samples of a lead are stored: protected ones each, of the others one in `decimation`, and each of the rest
// that fills no whole group before an area or the end. Saturates; 0 for a lead without a range.
std::int64_t storedSamples(const LeadRange& lead, std::span<const Zone> areas, std::int64_t decimation);

// A stored sample is the value in the middle of its group; between two of them runs a straight line, before the first
// and after the last of a stretch their value. Ends where the stored samples end.
std::vector<double> interpolated(std::span<const std::int16_t> stored, const LeadRange& lead,
                                 std::span<const Zone> areas, std::int64_t decimation);

// The mean of three samples outside of the protected areas. Stretches end at an area (its first or last sample is the
// neighbour) and at the sorted `cuts`, which begin a new one; the first and last sample of each stay.
void smooth(std::vector<double>& samples, const LeadRange& lead, std::span<const Zone> areas,
            std::span<const std::int64_t> cuts);

// Adds the reference beat, in steps of `nanovolts`, where it was taken away: in the zones of the beats of type 0.
void addReference(std::vector<double>& samples, const LeadRange& lead, const BeatTable& beats,
                  std::span<const std::int16_t> reference, double nanovolts);

} // namespace precordia::scp
