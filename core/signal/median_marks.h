// SPDX-License-Identifier: GPL-3.0-or-later
// The fiducial points of a median beat as a person may move them, and the measurements that follow from them.
#pragma once

#include "core/signal/measurements.h"

#include <array>
#include <optional>

namespace precordia {

enum class MedianMark { POn, POff, QrsOn, QrsOff, TOff };
inline constexpr std::array kMedianMarks{MedianMark::POn, MedianMark::POff, MedianMark::QrsOn, MedianMark::QrsOff,
                                         MedianMark::TOff};

// s from the R peak, over all leads. Without P: both P marks are empty; without T: its end is.
struct MedianMarks {
    std::optional<double> pOn, pOff, qrsOn, qrsOff, tOff;
    std::optional<double>& at(MedianMark mark);
    const std::optional<double>& at(MedianMark mark) const;
    bool operator==(const MedianMarks&) const = default;
};

MedianMarks marksOf(const MedianBeat& beat);

// With one mark moved to `seconds`, or as far as its neighbours and the beat's ends let it: marks keep their order, 4
// ms apart at least (POff and QrsOn may meet), on whole samples of the beat. A mark that is not there stays away.
MedianMarks withMark(const MedianMarks& marks, MedianMark mark, double seconds, const MedianBeat& beat);

// Are these marks ones that a median beat can have: in order, QRS there, P whole or absent, finite, inside the beat?
bool plausible(const MedianMarks& marks, const MedianBeat& beat);

// The median beat with its waves over all leads bounded by these marks; what lies in single leads stays.
MedianBeat beatWith(const MedianBeat& beat, const MedianMarks& marks);
// All measurements of the ECG, those of the median beat made anew with these marks. Their quality stays that of the
// signal.
EcgMeasurements measuredWith(const EcgAnalysis& ecg, const MedianMarks& marks);

} // namespace precordia
