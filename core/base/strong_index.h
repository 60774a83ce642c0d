// SPDX-License-Identifier: GPL-3.0-or-later
// Index types that cannot be taken for each other: a sample is never an interval.
#pragma once

#include <cstdint>
#include <functional>
#include <utility> // brings <compare>, at which moc 6.4 stops when it comes first

namespace precordia {

template <typename Tag, typename Rep = std::int64_t>
struct StrongIndex {
    Rep value = -1; // -1: none

    constexpr StrongIndex() = default;
    constexpr explicit StrongIndex(Rep v) : value(v) {}
    constexpr bool valid() const { return value >= 0; }
    friend constexpr auto operator<=>(StrongIndex, StrongIndex) = default;
};

using RecordingId = StrongIndex<struct RecordingIdTag>; // primary key in the study
using LeadIndex = StrongIndex<struct LeadIndexTag, std::int32_t>;
using SampleIndex = StrongIndex<struct SampleIndexTag>;
using IntervalIndex = StrongIndex<struct IntervalIndexTag, std::int32_t>;

} // namespace precordia

template <typename Tag, typename Rep>
struct std::hash<precordia::StrongIndex<Tag, Rep>> {
    std::size_t operator()(precordia::StrongIndex<Tag, Rep> i) const noexcept { return std::hash<Rep>{}(i.value); }
};
