// SPDX-License-Identifier: GPL-3.0-or-later
// Synthetic 12-lead ECGs with known truth: a moving dipole (vectorcardiogram) whose beats are sums of Gaussians in
// time along directions in space, projected by a lead-field matrix (Dower et al. 1980, with per-subject variation).
// Seconds and sampling rate outside 1 s..1 day and 50..8000 Hz become the nearest possible.
#pragma once

#include "core/ecg/recording.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace precordia {

enum class Rhythm { Sinus, SinusBradycardia, SinusTachycardia, SinusArrhythmia, AtrialFibrillation, AtrialFlutter };
enum class Conduction { Normal, Rbbb, Lbbb };
enum class Finding { None, Lvh, InferiorInfarction, AnteriorInfarction, IschaemicSt, LongQt };

struct SynthesisOptions {
    double seconds = 10;
    double samplingRate = 500; // Hz
    Rhythm rhythm = Rhythm::Sinus;
    Conduction conduction = Conduction::Normal;
    Finding finding = Finding::None;
    bool firstDegreeAvBlock = false;
    int prematureAtrial = 0;         // PACs to insert
    int prematureVentricular = 0;    // PVCs to insert
    std::optional<double> heartRate; // bpm; else drawn from the rhythm's range
    double noise = 1;                // factor on all noise; 0: none
    bool subjectVariation = true;    // axis, gain, electrode placement, wave widths
    std::string leadOff;             // name of a lead that falls off for part of the recording; "" none
};

// The QRS begins in the first lead and ends in the last, where its own Gaussians, without noise, reach 10 uV; P and T
// begin and end where the vector of theirs is 9 % of its greatest length. A wave's peak, and the R peak, is where that
// vector is longest. Times may lie outside the recording when the R peak is inside.
struct BeatTruth {
    double rPeak = 0;                       // s
    char kind = 'N';                        // N, A (PAC), V (PVC)
    std::optional<double> pOn, pPeak, pOff; // s; empty where no P wave is
    double qrsOn = 0, qrsOff = 0;
    double tPeak = 0, tOff = 0;
};

struct SynthesisTruth {
    std::vector<BeatTruth> beats;
    // heart_rate_bpm (mean RR of all beats), rr_sd_ms, pr_ms (absent in AF, flutter), qrs_ms, qt_ms (medians over the
    // N beats), p_/qrs_/t_axis_deg (net areas in I and aVF), st_<lead>_uv (J + 60 ms against the PQ line).
    Measurements measurements;
    // As SNOMED names them, the rhythm first: exactly one of "sinus rhythm" (about 60 to 100 bpm), "sinus bradycardia",
    // "sinus tachycardia", "sinus arrhythmia", "atrial fibrillation", "atrial flutter"; then the findings.
    std::vector<std::string> labels;
};

struct SyntheticEcg {
    Recording recording;
    SynthesisTruth truth;
};

// The same options and seed give the same samples on every machine (own generator, no std:: distributions).
SyntheticEcg synthesise(const SynthesisOptions& options, std::uint64_t seed);

// A mixed population with the prevalence, overlap and nuisance (age, gain, noise, placement) of a hospital archive:
// recording i of the population with this seed. Classes overlap on purpose; many carry several findings, and labels err
// as readers do: 3 % of the findings are left out, 1 % of the recordings carry a finding that is not there.
SyntheticEcg synthesiseMember(std::uint64_t populationSeed, std::int64_t index);

// Otherwise regular sinus rhythm (50 to 100 bpm) of all kinds of people with exactly one PVC, wholly inside the
// recording: recording i of the corpus with this seed. Its focus, width, coupling (0.42 to 0.75 of the RR) and pause
// (compensatory, none, resetting) are drawn; truth.beats says when it is. without: the same person without the PVC.
SyntheticEcg synthesiseSinglePvc(std::uint64_t corpusSeed, std::int64_t index, bool without = false);

} // namespace precordia
