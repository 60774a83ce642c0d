// SPDX-License-Identifier: GPL-3.0-or-later
// A delineation held against a reader's marks, as the literature does it: sensitivity and positive predictivity within
// 150 ms (ANSI/AAMI EC57), and the mean and deviation of each boundary's error.
#pragma once

#include "core/ecg/recording.h"
#include "core/signal/delineation.h"

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace precordia {

struct EdgeError {
    std::int64_t count = 0;
    double sum = 0, squares = 0; // ms, ms^2; ours less the reader's
    double mean() const;
    double deviation() const;
};

struct WaveScore {
    std::int64_t hit = 0, missed = 0, extra = 0;
    std::array<EdgeError, 3> edge; // on, peak, off
    double sensitivity() const;    // 1 where nothing was to be found
    double predictivity() const;
    void add(const WaveScore& other);
};

struct DelineationScore {
    std::array<WaveScore, 3> wave; // P, QRS, T
    void add(const DelineationScore& other);
};

struct ReaderMarks {
    struct Wave {
        std::optional<double> on, peak, off; // s
    };
    std::array<std::vector<Wave>, 3> wave; // P, QRS, T
    double from = 0, to = 0;               // s: first and last mark
};

// The annotation source of a lead's marks: "ii" for II.
std::string annotationSource(std::string_view lead);

// MIT marks "(" "p" ")", "(" "N" ")", "(" "t" ")" of one annotation source. None: not annotated.
std::optional<ReaderMarks> readerMarks(const Recording& recording, const std::string& source);

// Only what lies between the reader's first and last mark counts.
DelineationScore scoreLead(const LeadDelineation& lead, const ReaderMarks& marks);

// Every lead of the recording that an annotation source is named after; keys are lead names.
std::map<std::string, DelineationScore> scoreRecording(const Recording& recording, const Delineation& delineation);

} // namespace precordia
