// SPDX-License-Identifier: GPL-3.0-or-later
// What a study keeps of our own measuring of a recording: the one rule for an import, which measures on its way, and
// for measure_study.h, which measures what an earlier program imported. Intervals, axes and quality are of the first
// ten minutes; recordings of more than half an hour have no one PR or QT, and are left out. Rate and rhythm are of the
// whole: an import finds them (signal_summary.h).
#pragma once

#include "core/ecg/recording.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace precordia {

// Of what is measured and how; raised with every change of core/signal that moves a value.
inline constexpr int kMeasuringVersion = 3;
inline constexpr double kMeasuredSeconds = 600; // of a longer recording its first: a day is never whole in memory
inline constexpr double kLongestMeasuredSeconds = 1800; // longer ones are left out

// Of which part of a recording intervals and axes are kept.
enum class MeasuredPart { Whole, Beginning, Nothing };
constexpr MeasuredPart measuredPart(double wholeSeconds) {
    return wholeSeconds > kLongestMeasuredSeconds ? MeasuredPart::Nothing
           : wholeSeconds > kMeasuredSeconds      ? MeasuredPart::Beginning
                                                  : MeasuredPart::Whole;
}

// The quality of a recording of which no lead is an ECG (core/signal/ecg_leads.h): EEG, pulse wave, pressures.
inline constexpr std::string_view kNoEcgLeads = "no-ecg-leads";

// The worst that was found of a recording's signal, as name(QualityFinding) has it, "good" or kNoEcgLeads; and in which
// leads.
struct MeasuredQuality {
    std::string word;
    std::vector<std::string> leads; // empty: good, or the limb leads together
};

struct MeasuredSignal {
    Measurements values; // finite; of more than kMeasuredSeconds without heart_rate_bpm and rr_sd_ms
    MeasuredQuality quality;
};
// Of a recording of wholeSeconds, by its beginning of kMeasuredSeconds or more. Nothing for one that is left out.
std::optional<MeasuredSignal> measureSignal(const Recording& beginning, double wholeSeconds);

} // namespace precordia
