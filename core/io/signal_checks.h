// SPDX-License-Identifier: GPL-3.0-or-later
// What every reader looks for in the samples it made: the warnings that do not depend on the format.
#pragma once

#include "core/ecg/recording.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace precordia {

// Samples in runs of three or more that stand at the lowest or highest value the file can hold, counted as they come
// by.
class ClipCounter {
public:
    ClipCounter(std::int64_t a, std::int64_t b) : lowest_(std::min(a, b)), highest_(std::max(a, b)) {}
    void add(std::int32_t value) {
        if (value != lowest_ && value != highest_) {
            run_ = 0;
            return;
        }
        run_ = run_ > 0 && value == last_ ? run_ + 1 : 1;
        last_ = value;
        clipped_ += run_ == kShortestRun ? kShortestRun : run_ > kShortestRun ? 1 : 0;
    }
    void breakRun() { run_ = 0; } // samples within the range came by unseen
    std::size_t clipped() const { return clipped_; }

private:
    static constexpr std::size_t kShortestRun = 3;
    std::int64_t lowest_, highest_;
    std::int32_t last_ = 0;
    std::size_t run_ = 0, clipped_ = 0;
};

// The same of samples that are all there.
std::size_t clippedSamples(std::span<const std::int32_t> raw, std::int64_t lowest, std::int64_t highest);

void warnClipped(Recording& recording, const Lead& lead, std::size_t clipped);

// A voltage lead that swings over more than 50 mV, or a recording whose leads all stay within 20 uV, has another unit
// than its file says. Nothing is rescaled: a warning. `reach`, where it is known, says for each lead that no two of its
// samples are further apart, which saves looking.
void warnImplausibleUnits(Recording& recording, std::span<const double> reach = {});

// Two leads of one name become "X" and "X (2)", with a warning.
void makeLeadNamesUnique(Recording& recording);

} // namespace precordia
