// SPDX-License-Identifier: GPL-3.0-or-later
// What a reader measures on an ECG: rate and rhythm over all beats, intervals, axes and amplitudes on the median beat.
#pragma once

#include "core/ecg/recording.h"
#include "core/signal/delineation.h"
#include "core/signal/median_beat.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace precordia {

// One value, how far it is to be trusted (0 to 1), and why it is not there.
struct Measured {
    std::optional<double> value;
    double quality = 0;
    std::string reason; // "" when there is a value
};

struct LeadAmplitudes { // uV against the PQ level, of the median beat
    std::string lead;
    Measured p, q, r, s, t;               // q and s are 0 or negative; p, t with their sign
    Measured stJ, stJ60, stJ80;           // at the J point of all leads, 60 and 80 ms behind it
    std::optional<double> qrsArea, tArea; // uV s
};

struct EcgMeasurements {
    int beats = 0, premature = 0, ventricular = 0, paced = 0;
    Measured heartRate;                  // bpm: 60000 over the mean RR of all beats, as devices count
    Measured rrMean, rrMin, rrMax, rrSd; // ms, all beats
    Measured sdnn, rmssd, pnn50;         // ms, ms, %; of normal beats in a row, from 20 of their intervals on
    Measured p, pr, qrs, qt;             // ms
    Measured qtcBazett, qtcFridericia, qtcFramingham, qtcHodges; // ms
    // Degrees in the frontal plane, from the net areas in I and aVF: atan2(2 / sqrt(3) aVF, I), as the synthesis has
    // it.
    Measured pAxis, qrsAxis, tAxis;
    Measured sokolowLyon, cornell; // uV: S V1 + the larger R of V5 and V6; R aVL + S V3
    std::vector<LeadAmplitudes> leads;
};

// QT corrected for the rate; qt in ms, RR in s.
double qtcBazett(double qt, double rr);
double qtcFridericia(double qt, double rr);
double qtcFramingham(double qt, double rr);
double qtcHodges(double qt, double rr);

struct LeftOut {
    std::string lead, reason;
};

struct EcgAnalysis {
    Delineation delineation;
    MedianBeat medianBeat;
    EcgMeasurements measurements;
    std::vector<LeftOut> leftOut; // channels that are no ECG (ecg_leads.h)
};

// Beats, waves, median beat and measurements in one go, of recordings of any length and of rates from 50 Hz on. Never
// fails: what cannot be measured says why.
EcgAnalysis analyseEcg(const Recording& recording);

// As name and value, by the keys that files' own measurements carry: heart_rate_bpm, rr_ms, rr_sd_ms, p_ms, pr_ms,
// qrs_ms, qt_ms, qtc_bazett_ms ..., qrs_axis_deg ..., st_<lead>_uv (J + 60 ms), sokolow_lyon_uv, cornell_uv, sdnn_ms
// ... Values alone; missing ones are left out.
Measurements flat(const EcgMeasurements& measurements);
// Every key with its value, in a fixed order: for tables and JSON.
std::vector<std::pair<std::string, Measured>> named(const EcgMeasurements& measurements);

} // namespace precordia
