// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/scp_rhythm.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace precordia::scp {

namespace {

// Calls at(first, last, inArea) for each stretch of the lead, in order; stops when it returns false.
template <typename At>
void eachStretch(const LeadRange& lead, std::span<const Zone> areas, const At& at) {
    auto from = lead.first;
    for (const auto& area : areas) {
        const auto first = std::max(area.first, from);
        const auto last = std::min(area.last, lead.last);
        if (first > last)
            continue;
        if (from < first && !at(from, first - 1, false))
            return;
        if (!at(first, last, true))
            return;
        from = last + 1;
    }
    if (from <= lead.last)
        at(from, lead.last, false);
}

} // namespace

std::int64_t storedSamples(const LeadRange& lead, std::span<const Zone> areas, std::int64_t decimation) {
    std::int64_t stored = 0;
    eachStretch(lead, areas, [&](std::int64_t first, std::int64_t last, bool inArea) {
        const auto length = last - first + 1;
        stored += inArea ? length : length / decimation + length % decimation;
        return true;
    });
    return stored;
}

std::vector<double> interpolated(std::span<const std::int16_t> stored, const LeadRange& lead,
                                 std::span<const Zone> areas, std::int64_t decimation) {
    std::vector<double> out;
    out.reserve(stored.size()); // no length that is only declared
    std::size_t in = 0;
    const auto left = [&] { return static_cast<std::int64_t>(stored.size() - in); };
    const auto repeat = [&](std::int64_t count, double value) {
        out.insert(out.end(), static_cast<std::size_t>(count), value);
    };
    const auto copy = [&](std::int64_t count) {
        const auto there = std::min(count, left());
        for (std::int64_t i = 0; i < there; ++i)
            out.push_back(stored[in++]);
        return there == count;
    };
    eachStretch(lead, areas, [&](std::int64_t first, std::int64_t last, bool inArea) {
        const auto length = last - first + 1;
        if (inArea)
            return copy(length);
        const auto groups = std::min(length / decimation, left());
        if (groups > 0) {
            repeat(decimation / 2, stored[in]);
            for (std::int64_t g = 1; g < groups; ++g, ++in) {
                const double from = stored[in];
                const double step = (stored[in + 1] - from) / static_cast<double>(decimation);
                for (std::int64_t i = 0; i < decimation; ++i)
                    out.push_back(from + static_cast<double>(i) * step);
            }
            repeat(decimation - decimation / 2, stored[in++]);
        }
        return groups == length / decimation && copy(length % decimation);
    });
    return out;
}

void smooth(std::vector<double>& samples, const LeadRange& lead, std::span<const Zone> areas,
            std::span<const std::int64_t> cuts) {
    const auto end = lead.first + static_cast<std::int64_t>(samples.size()) - 1; // the last one that is there
    const auto mean = [&](std::int64_t first, std::int64_t last) {
        if (last - first < 2)
            return;
        auto at = static_cast<std::size_t>(first - lead.first);
        double before = samples[at];
        for (++at; at < static_cast<std::size_t>(last - lead.first); ++at) {
            const double here = samples[at];
            samples[at] = (before + here + samples[at + 1]) / 3;
            before = here;
        }
    };
    auto cut = cuts.begin();
    eachStretch(lead, areas, [&](std::int64_t first, std::int64_t last, bool inArea) {
        if (inArea)
            return true;
        first = std::max(first - 1, lead.first);
        last = std::min(last + 1, std::min(lead.last, end));
        cut = std::lower_bound(cut, cuts.end(), first + 1);
        for (; cut != cuts.end() && *cut <= last; ++cut) {
            mean(first, *cut - 1);
            first = *cut;
        }
        mean(first, last);
        return last < end;
    });
}

void addReference(std::vector<double>& samples, const LeadRange& lead, const BeatTable& beats,
                  std::span<const std::int16_t> reference, double nanovolts) {
    const auto there = static_cast<std::int64_t>(samples.size());
    for (const auto& beat : beats.beats) {
        if (beat.type != 0 || beat.last <= 0)
            continue;
        // Sample `fiducial` of the rhythm is sample referenceFiducial of the reference beat.
        const auto shift = static_cast<std::int64_t>(beats.referenceFiducial) - beat.fiducial;
        const auto first = std::max({beat.first, lead.first, 1 - shift});
        const auto last =
            std::min({beat.last, lead.first + there - 1, static_cast<std::int64_t>(reference.size()) - shift});
        for (auto n = first; n <= last; ++n)
            samples[static_cast<std::size_t>(n - lead.first)] +=
                reference[static_cast<std::size_t>(n + shift - 1)] * nanovolts;
    }
}

} // namespace precordia::scp
