// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ecg/synthesis.h"

#include "core/ecg/synthesis_model.h"
#include "core/ecg/synthesis_truth.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace precordia {
namespace synthesis {
namespace {

enum Stream : std::uint64_t {
    CaseStream = 1,
    SubjectStream,
    RhythmStream,
    BeatStream,
    AtrialStream,
    NoiseStream,
    LeadOffStream
};

constexpr double quantumUv = 1; // one step of the integers that a writer may store

std::vector<DrawnBeat> drawBeats(const Case& c, const Subject& s, const RhythmPlan& plan, Random& random) {
    const int site = random.below(3);
    const double width = random.uniform(0.88, 1.15);
    const Rotation focus =
        c.anyFocus ? rotation(random.normal(0, 35), random.normal(0, 35), random.normal(0, 25)) : Rotation{};
    const double strength = c.anyFocus ? random.logNormal(0.2) : 1;
    const double jitter = c.options.subjectVariation ? 1 : 0;
    std::vector<DrawnBeat> out;
    for (const PlannedBeat& planned : plan.beats) {
        const double size = 1 + 0.018 * jitter * random.normal();
        const double tSize = 1 + 0.03 * jitter * random.normal();
        DrawnBeat beat{planned, {}};
        if (planned.kind == 'V') {
            beat.waves = prematureVentricularWaves(planned, s.qtc, site, width);
            for (Wave& w : beat.waves)
                w.moment = strength * s.gain * s.qrsAxis(focus(w.moment));
        } else {
            beat.waves = ventricularWaves(c, s, planned);
        }
        for (Wave& w : beat.waves)
            w.moment = (w.part == Part::T ? size * tSize : size) * w.moment;
        if (planned.hasP) {
            for (Wave w : pWaves(c, s, planned.kind == 'A')) {
                w.centre -= planned.pr;
                beat.waves.push_back(w);
            }
        }
        out.push_back(std::move(beat));
    }
    return out;
}

void addWaves(Dipole& dipole, const std::vector<Wave>& waves, double origin, double rate) {
    for (const Wave& w : waves) {
        const double from = (origin + w.centre - 4.5 * w.rise) * rate;
        const double to = (origin + w.centre + 4.5 * w.fall) * rate;
        const auto last =
            std::min(static_cast<std::int64_t>(dipole.size()) - 1, static_cast<std::int64_t>(std::floor(to)));
        for (auto i = std::max<std::int64_t>(0, static_cast<std::int64_t>(std::ceil(from))); i <= last; ++i) {
            Vec3& v = dipole[static_cast<std::size_t>(i)];
            v = v + w.at(static_cast<double>(i) / rate - origin) * w.moment;
        }
    }
}

// Breathing turns and stretches the heart in the chest.
void addRespiration(Dipole& dipole, const Subject& s, double rate) {
    for (std::size_t i = 0; i < dipole.size(); ++i) {
        const double t = static_cast<double>(i) / rate;
        const double breath = std::sin(2 * std::numbers::pi * s.respirationHz * t + s.respirationPhase);
        const double angle = s.respirationTilt * std::numbers::pi / 180 * breath;
        const double size = 1 - s.respirationGain * breath;
        const Vec3 v = dipole[i];
        // Angles stay below 12 degrees: two terms of the series are exact to 0.1 %.
        const double cosine = 1 - 0.5 * angle * angle, sine = angle - angle * angle * angle / 6;
        dipole[i] = {size * (cosine * v.x - sine * v.y), size * (sine * v.x + cosine * v.y), size * v.z};
    }
}

// What an electrocardiograph makes of nine electrodes. Chest leads and I, II are rounded; the other limb leads are
// computed from the rounded two, as devices do, so that Einthoven's and Goldberger's laws hold to half a quantum.
void fillLeads(Recording& recording, const Electrodes& e) {
    const std::size_t n = e[0].size();
    for (const std::string& name : standardLeads()) {
        Lead lead;
        lead.name = name;
        lead.samples.resize(n);
        lead.fileUnit = "uV";
        lead.quantum = quantumUv;
        recording.leads.push_back(std::move(lead));
    }
    const auto rounded = [](double v) { return std::clamp(std::round(v / quantumUv) * quantumUv, -32000.0, 32000.0); };
    for (std::size_t i = 0; i < n; ++i) {
        const double terminal = (e[0][i] + e[1][i] + e[2][i]) / 3;
        const double one = rounded(e[1][i] - e[0][i]), two = rounded(e[2][i] - e[0][i]);
        const std::array<double, 6> limb{
            one, two, two - one, rounded(-(one + two) / 2), rounded(one - two / 2), rounded(two - one / 2)};
        for (std::size_t k = 0; k < limb.size(); ++k)
            recording.leads[k].samples[i] = static_cast<float>(limb[k]);
        for (std::size_t v = 0; v < 6; ++v)
            recording.leads[6 + v].samples[i] = static_cast<float>(rounded(e[3 + v][i] - terminal));
    }
}

} // namespace

void setLabels(Recording& recording, const std::vector<std::string>& labels) {
    recording.metadata.diagnosisCodes.clear();
    recording.metadata.diagnosisTexts = labels;
    for (const std::string& label : labels) {
        if (const std::string code = snomedCode(label); !code.empty())
            recording.metadata.diagnosisCodes.push_back(code);
    }
}

SyntheticEcg synthesiseCase(const Case& c, std::uint64_t seed) {
    const SynthesisOptions& o = c.options;
    Random subjectRandom(seed, SubjectStream), rhythmRandom(seed, RhythmStream), beatRandom(seed, BeatStream),
        atrialRandom(seed, AtrialStream), noiseRandom(seed, NoiseStream), leadOffRandom(seed, LeadOffStream);
    const Subject subject = drawSubject(c, subjectRandom);
    const RhythmPlan plan = planRhythm(c, subject, rhythmRandom);
    const std::vector<DrawnBeat> beats = drawBeats(c, subject, plan, beatRandom);

    Dipole dipole(static_cast<std::size_t>(std::llround(o.seconds * o.samplingRate)));
    for (const DrawnBeat& beat : beats)
        addWaves(dipole, beat.waves, beat.plan.onset, o.samplingRate);
    for (const double onset : plan.lonePs)
        addWaves(dipole, pWaves(c, subject, false), onset, o.samplingRate);
    if (o.rhythm == Rhythm::AtrialFibrillation)
        addFibrillation(dipole, o.samplingRate, atrialRandom);
    if (o.rhythm == Rhythm::AtrialFlutter)
        addFlutter(dipole, o.samplingRate, plan, subject, atrialRandom);
    if (o.subjectVariation)
        addRespiration(dipole, subject, o.samplingRate);

    Electrodes electrodes = project(dipole, subject.field);
    addNoise(electrodes, o, subject, noiseRandom);
    dropLead(electrodes, o, leadOffRandom);

    SyntheticEcg out;
    out.truth = describe(c, subject, beats);
    out.recording.name = "synthetic";
    out.recording.samplingRate = o.samplingRate;
    fillLeads(out.recording, electrodes);
    out.recording.metadata.format = "synthetic";
    out.recording.metadata.ageYears = std::floor(c.ageYears);
    out.recording.metadata.sex = c.female ? "female" : "male";
    out.recording.metadata.device = "Precordia synthesis";
    setLabels(out.recording, out.truth.labels);
    return out;
}

} // namespace synthesis

SyntheticEcg synthesise(const SynthesisOptions& options, std::uint64_t seed) {
    synthesis::Random random(seed, synthesis::CaseStream);
    SynthesisOptions sane = options; // a demo never fails: impossible values become the nearest possible
    sane.seconds = std::clamp(options.seconds, 1.0, 86400.0);
    sane.samplingRate = std::clamp(options.samplingRate, 50.0, 8000.0);
    if (options.heartRate)
        sane.heartRate = std::clamp(*options.heartRate, 20.0, 300.0);
    return synthesis::synthesiseCase(synthesis::drawCase(sane, random), seed);
}

} // namespace precordia
