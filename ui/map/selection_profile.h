// SPDX-License-Identifier: GPL-3.0-or-later
// What a chosen set has that the rest has not: label shares, and measurements with their effect size (Cohen's d).
#pragma once

#include "core/study/study.h"

#include <string>
#include <vector>

namespace precordia {

struct LabelShare {
    std::string label;
    int inSet = 0, inRest = 0;
    double shareInSet = 0, shareInRest = 0;
};

struct ValueContrast {
    std::string name; // "heart rate", "age"
    int count = 0;    // in the set, with a value
    double meanInSet = 0, meanInRest = 0;
    double d = 0; // pooled standard deviation; 0 when one side has fewer than 2
};

struct SelectionProfile {
    int size = 0;
    std::vector<LabelShare> labels; // by difference of shares, largest first
    ValueContrast heartRate, age;
};

SelectionProfile profileOf(const std::vector<RecordingRow>& rows, const std::vector<RecordingId>& chosen);

} // namespace precordia
