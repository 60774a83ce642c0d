// SPDX-License-Identifier: GPL-3.0-or-later
// Synthetic 12-lead ECGs with known truth: a moving dipole (vectorcardiogram) whose beats are sums of Gaussians in
// time along directions in space, projected by a lead-field matrix (Dower et al. 1980, with per-subject variation).
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
    int prematureAtrial = 0;      // PACs to insert
    int prematureVentricular = 0; // PVCs to insert
    std::optional<double> heartRate; // bpm; else drawn from the rhythm's range
    double noise = 1;             // factor on all noise; 0: none
    bool subjectVariation = true; // axis, gain, electrode placement, wave widths
    std::string leadOff;          // name of a lead that falls off for part of the recording; "" none
};

struct BeatTruth {
    double rPeak = 0;                         // s
    char kind = 'N';                          // N, A (PAC), V (PVC)
    std::optional<double> pOn, pPeak, pOff;   // s; empty where no P wave is
    double qrsOn = 0, qrsOff = 0;
    double tPeak = 0, tOff = 0;
};

struct SynthesisTruth {
    std::vector<BeatTruth> beats;
    Measurements measurements; // heart_rate_bpm, rr_sd_ms, pr_ms (absent in AF, flutter), qrs_ms, qt_ms, qrs_axis_deg, st_<lead>_uv
    std::vector<std::string> labels; // "atrial fibrillation", "left ventricular hypertrophy", ... as SNOMED names them
};

struct SyntheticEcg {
    Recording recording;
    SynthesisTruth truth;
};

// The same options and seed give the same samples on every machine (own generator, no std:: distributions).
SyntheticEcg synthesise(const SynthesisOptions& options, std::uint64_t seed);

// A mixed population with the prevalence, overlap and nuisance (age, gain, noise, placement) of a hospital archive:
// recording i of the population with this seed. Classes overlap on purpose; many carry several findings.
SyntheticEcg synthesiseMember(std::uint64_t populationSeed, std::int64_t index);

} // namespace precordia
