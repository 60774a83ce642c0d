// SPDX-License-Identifier: GPL-3.0-or-later
// The leads of a Philips Sierra file: their names, those that are stored as differences, the pulse at their end.
#pragma once

#include "core/ecg/recording.h"
#include "core/io/xml_document.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace precordia::sierra {

inline constexpr std::size_t kMostLeads = 64;

using Samples = std::vector<std::int32_t>;

struct Channels {
    std::vector<std::string> names;
    std::vector<Samples> samples;

    Samples* find(std::string_view name) {
        const auto at = std::find(names.begin(), names.end(), name);
        return at == names.end() ? nullptr : &samples[static_cast<std::size_t>(at - names.begin())];
    }
};

// In the order of the channels: their labels, else those of the lead set (1.03 does not label them).
std::vector<std::string> channelNames(const xml::Element& root, const xml::Element& waveform);

// III, aVR, aVL and aVF, which the compression stores as differences from what I and II predict, put together again;
// not compressed files store them either way, and what is nearer tells. The names of those it did, "" for none.
std::string reconstruct(Channels& channels, bool compressed);

// Warns of a tail in which every lead carries the same pulse of one millivolt, as Philips appends it.
void warnCalibrationPulse(Recording& recording);

} // namespace precordia::sierra
