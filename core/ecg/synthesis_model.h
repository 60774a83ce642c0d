// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of the synthesis behind synthesis.h. Space: x to the left, y to the feet, z to the back (Frank's axes).
// Dipole moments in mV as the Frank leads show them; times in seconds.
#pragma once

#include "core/ecg/synthesis.h"
#include "core/ecg/synthesis_random.h"

#include <array>
#include <cmath>
#include <optional>
#include <vector>

namespace precordia::synthesis {

struct Vec3 {
    double x = 0, y = 0, z = 0;
    friend Vec3 operator+(Vec3 a, Vec3 b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
    friend Vec3 operator*(double s, Vec3 a) { return {s * a.x, s * a.y, s * a.z}; }
    double length() const { return std::sqrt(x * x + y * y + z * z); }
};

struct Rotation {
    std::array<Vec3, 3> rows{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
    Vec3 operator()(Vec3 v) const {
        const auto dot = [&](const Vec3& r) { return r.x * v.x + r.y * v.y + r.z * v.z; };
        return {dot(rows[0]), dot(rows[1]), dot(rows[2])};
    }
};
// Degrees about z (frontal plane; positive: clockwise as seen from the front, so the axis goes up in degrees),
// y (horizontal plane) and x (sagittal plane).
Rotation rotation(double frontal, double horizontal, double sagittal);

// One Gaussian in time along one direction; the two halves may have different widths.
enum class Part { P, Qrs, St, T };
struct Wave {
    Part part = Part::Qrs;
    double centre = 0;         // s from the QRS onset of the beat
    double rise = 0, fall = 0; // standard deviations, s
    Vec3 moment;
    double at(double t) const {
        const double d = (t - centre) / (t < centre ? rise : fall);
        return d * d < 32 ? std::exp(-0.5 * d * d) : 0.0;
    }
};

// Rows of the eight independent leads I, II, V1..V6.
using LeadField = std::array<Vec3, 8>;
const LeadField& dowerLeadField();

// What is the matter with the heart. A severity of 0: not there, 1: textbook.
struct Case {
    SynthesisOptions options;
    double ageYears = 55;
    bool female = false;
    double rbbb = 0, lbbb = 0, lvh = 0, inferior = 0, anterior = 0, ischaemia = 0, longQt = 0;
    double acuity = 0; // of an infarction: 0 an old scar, 1 the first hours (ST)
    // What follows a PVC: a full pause (the sinus goes on underneath), none (it falls between two sinus beats), or a
    // shorter one (it resets the sinus).
    enum class Pause { Compensatory, Interpolated, Resetting } pause = Pause::Compensatory;
    double coupling = 0;   // of PVCs, share of the RR; 0: drawn as usual
    bool anyFocus = false; // PVCs from anywhere in the ventricles, not from three places
    // Given instead of drawn from age, sex and findings: factors that vary independently.
    struct Known {
        double pr = 0.16, qtc = 0.41;                                // s
        double qrsWidth = 1;                                         // factor
        double qrsTurn = 0;                                          // degrees in the frontal plane
        double rateVariability = 0.02, respiratoryArrhythmia = 0.03; // shares of the RR
        Vec3 st;                                                     // mV
        bool noP = false;                                            // junctional: the rhythm is regular, no P
    };
    std::optional<Known> known;
};
// The case that the options ask for; age, sex and severity are drawn.
Case drawCase(const SynthesisOptions& options, Random& random);

// What is this person's own, whatever the heart's trouble.
struct Subject {
    Rotation qrsAxis, tAxis;
    LeadField field;
    double gain = 1, qrsWidth = 1, pSize = 1, tSize = 1, tWidth = 1;
    double pr = 0.16, qtc = 0.41; // s; Fridericia
    double conductionDelay = 0;   // an unnamed terminal delay (incomplete RBBB pattern), 0..1
    Vec3 stOffset;                // early repolarisation, unspecific ST change
    double uWave = 0;
    std::array<Vec3, 5> qrsShape{};                  // added to the QRS vectors, mV
    std::array<double, 5> qrsScale{{1, 1, 1, 1, 1}}; // times their length
    Vec3 tShape;
    double rateVariability = 0.02, respiratoryArrhythmia = 0.03;
    double respirationHz = 0.25, respirationPhase = 0, respirationTilt = 4, respirationGain = 0.05;
};
Subject drawSubject(const Case& c, Random& random);

struct PlannedBeat {
    double onset = 0; // s, of the QRS
    char kind = 'N';  // N, A, V
    bool hasP = true;
    double pr = 0.16; // s
    double rate = 1;  // s, the RR that the QT has adapted to
};
struct RhythmPlan {
    std::vector<PlannedBeat> beats; // from before 0 to after the end
    std::vector<double> lonePs;     // onsets of P waves that are not conducted
    double flutterCycle = 0;        // s; 0: no flutter
    double flutterPhase = 0;        // s
};
RhythmPlan planRhythm(const Case& c, const Subject& subject, Random& random);

std::vector<Wave> pWaves(const Case& c, const Subject& subject, bool ectopic);
// Waves of a beat from its QRS onset on. ventricularKind tells two sites of PVCs apart.
std::vector<Wave> ventricularWaves(const Case& c, const Subject& subject, const PlannedBeat& beat);
std::vector<Wave> prematureVentricularWaves(const PlannedBeat& beat, double qtc, int site, double width);

using Dipole = std::vector<Vec3>; // mV, one a sample
void addFibrillation(Dipole& dipole, double rate, Random& random);
void addFlutter(Dipole& dipole, double rate, const RhythmPlan& plan, const Subject& subject, Random& random);

// Potentials of the nine electrodes in uV: RA, LA, LL, V1..V6. Wilson's terminal is the mean of the first three.
using Electrodes = std::array<std::vector<double>, 9>;
Electrodes project(const Dipole& dipole, const LeadField& field);
void addNoise(Electrodes& electrodes, const SynthesisOptions& options, const Subject& subject, Random& random);
void dropLead(Electrodes& electrodes, const SynthesisOptions& options, Random& random);

// Diagnosis texts and SNOMED codes of the recording.
void setLabels(Recording& recording, const std::vector<std::string>& labels);
SyntheticEcg synthesiseCase(const Case& c, std::uint64_t seed);

} // namespace precordia::synthesis
