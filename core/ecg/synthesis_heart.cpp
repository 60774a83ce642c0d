// SPDX-License-Identifier: GPL-3.0-or-later
// What a beat looks like: the vectors of P, QRS, ST and T, how a finding bends them, and what is a person's own.
// Directions follow the textbook vectorcardiogram (septal vector to the right and front, main vector to the left and
// down, basal vector to the back); sizes are tuned so that Dower's leads show ordinary adult amplitudes.
#include "core/ecg/synthesis_model.h"

#include <algorithm>
#include <numbers>

namespace precordia::synthesis {
namespace {

constexpr double ms = 0.001;

Vec3 blend(Vec3 a, Vec3 b, double share) {
    return (1 - share) * a + share * b;
}

// Five vectors that the depolarisation runs through: septum, apex and front, free wall, lateral base, base.
struct QrsVector {
    double centre, width; // ms
    Vec3 moment;          // mV
};
using QrsVectors = std::array<QrsVector, 5>;

constexpr QrsVectors normalQrs{{{14, 7, {-0.12, -0.05, -0.20}},
                                {30, 8, {0.38, 0.28, -0.32}},
                                {45, 9, {0.95, 0.74, 0.14}},
                                {61, 9.5, {0.22, 0.22, 0.62}},
                                {77, 8.5, {-0.16, -0.06, 0.30}}}};

// Left bundle branch block: no septal q, slow spread through the left ventricle to the left and back, notched.
constexpr QrsVectors leftBlockQrs{{{20, 10, {0.18, 0.06, -0.06}},
                                   {45, 13, {0.62, 0.36, 0.42}},
                                   {76, 14, {0.62, 0.24, 0.66}},
                                   {106, 14, {0.72, 0.20, 0.56}},
                                   {132, 12, {0.20, 0.02, 0.20}}}};

QrsVectors qrsVectors(const Case& c, const Subject& s) {
    QrsVectors q = normalQrs;
    // Hypertrophy: the free wall and the base weigh more, to the left, back and a little up; it takes longer.
    for (std::size_t i = 2; i < 4; ++i) {
        q[i].moment = (1 + 0.95 * c.lvh) * q[i].moment + c.lvh * Vec3{0.12, -0.12, 0.20};
        q[i].width *= 1 + 0.18 * c.lvh;
    }
    q[4].centre += 8 * c.lvh;
    // Dead inferior wall: the first forces point up, the later ones lose their downward part.
    q[0].moment = q[0].moment + c.inferior * Vec3{0.05, -0.30, 0.02};
    q[1].moment = q[1].moment + c.inferior * Vec3{0.02, -0.48, 0.0};
    q[2].moment.y *= 1 - 0.35 * c.inferior;
    // Dead anterior wall: the forces to the front are gone, what is left points back.
    q[0].moment = q[0].moment + c.anterior * Vec3{0.04, 0.0, 0.32};
    q[1].moment = q[1].moment + c.anterior * Vec3{-0.26, 0.04, 0.54};
    q[2].moment = q[2].moment + c.anterior * Vec3{-0.24, 0.0, 0.06};
    if (c.lbbb > 0) {
        // Partial block: a mixture; its duration grows with the severity.
        const double share = 0.45 + 0.55 * c.lbbb;
        for (std::size_t i = 0; i < q.size(); ++i) {
            q[i].moment = blend(q[i].moment, leftBlockQrs[i].moment, share);
            q[i].centre += share * (leftBlockQrs[i].centre - normalQrs[i].centre);
            q[i].width += share * (leftBlockQrs[i].width - normalQrs[i].width);
        }
    }
    for (std::size_t i = 0; i < q.size(); ++i) {
        q[i].moment = s.qrsScale[i] * q[i].moment + s.qrsShape[i];
        q[i].centre *= s.qrsWidth;
        q[i].width *= s.qrsWidth;
    }
    return q;
}

// Late forces to the right and front: the right ventricle comes last.
void addRightDelay(std::vector<Wave>& waves, double severity, double widthFactor) {
    const double start = (80 + 12 * severity) * widthFactor;
    const Vec3 first{-0.30, -0.02, -0.30};
    const Vec3 second{-0.22, -0.04, -0.26};
    const double size = 0.45 + 0.85 * severity;
    const double width = (9.5 + 5 * severity) * widthFactor;
    waves.push_back({Part::Qrs, start * ms, width * ms, width * ms, size * first});
    if (severity > 0.15)
        waves.push_back({Part::Qrs, (start + 22 + 6 * severity) * ms, width * ms, width * 1.15 * ms,
                         size * std::min(1.0, 1.6 * severity) * second});
}

Vec3 tVector(const Case& c, const Subject& s) {
    Vec3 t{0.26, 0.19, -0.17};
    t = s.tSize * (t + s.tShape);
    t = std::min(1.0, 0.55 / std::max(t.length(), 1e-9)) * t; // no T wave towers over its QRS
    const double strain = std::clamp(1.5 * (c.lvh - 0.30), 0.0, 1.0);
    t = blend(t, Vec3{-0.20, 0.02, -0.16}, 0.9 * strain);
    t = blend(t, Vec3{-0.30, -0.10, -0.34}, 0.95 * c.lbbb);
    t = t + c.rbbb * Vec3{0.04, 0.0, 0.16};
    t = t + c.inferior * (0.25 + 0.75 * (1 - c.acuity)) * Vec3{0.0, -0.30, 0.0};
    t = t + c.inferior * c.acuity * Vec3{0.0, 0.10, 0.0};
    t = t + c.anterior * (1 - c.acuity) * Vec3{-0.20, 0.0, 0.34};
    t = t + c.anterior * c.acuity * Vec3{0.06, 0.02, -0.16};
    return blend(t, Vec3{-0.06, -0.06, 0.02}, 0.75 * c.ischaemia);
}

Vec3 stVector(const Case& c, const Subject& s) {
    const double strain = std::clamp(1.5 * (c.lvh - 0.30), 0.0, 1.0);
    Vec3 st = s.stOffset;
    st = st + strain * Vec3{-0.06, -0.02, -0.03};
    st = st + c.lbbb * Vec3{-0.06, -0.01, -0.11};
    st = st + c.inferior * c.acuity * Vec3{-0.03, 0.20, 0.03};
    st = st + c.anterior * (0.15 + 0.85 * c.acuity) * Vec3{0.06, -0.01, -0.19};
    st = st + c.ischaemia * Vec3{-0.11, -0.08, 0.05};
    return st;
}

// ST and T. The T wave ends where the QT says; a Gaussian is down to 5 % at 2.45 deviations.
void addRepolarisation(std::vector<Wave>& waves, const Case& c, const Subject& s, double qrsEnd, double qt,
                       const PlannedBeat& beat) {
    const double room = std::max(qt - qrsEnd, 0.10);
    const double fall = std::clamp(0.13 * room * s.tWidth, 0.016, 0.055);
    const double rise = std::min(1.75 * fall, 0.21 * room);
    const double peak = qt - 2.45 * fall;
    const Vec3 t = s.tAxis(tVector(c, s));
    // A long QT comes with a late T after a long flat ST, or with a broad and notched one.
    const bool notched = c.longQt > 0.4 && s.tWidth > 1;
    waves.push_back({Part::T, peak, rise, fall, (notched ? 0.65 : 1.0) * s.gain * t});
    if (notched)
        waves.push_back({Part::T, peak - 2.2 * fall, 0.9 * rise, fall, 0.5 * s.gain * t});
    const Vec3 st = s.gain * s.qrsAxis(stVector(c, s));
    // Three overlapping Gaussians make the plateau from the J point into the T wave.
    const double step = std::max((peak - qrsEnd) / 3, 0.02);
    for (int i = 0; i < 3; ++i)
        waves.push_back(
            {Part::St, qrsEnd + (0.15 + 0.8 * i) * step, 0.45 * step, 0.6 * step, (i == 2 ? 0.7 : 0.85) * st});
    if (s.uWave > 0 && beat.rate > 0.75)
        waves.push_back({Part::St, qt + 0.11, 0.028, 0.032, s.gain * s.uWave * t});
}

} // namespace

Rotation rotation(double frontal, double horizontal, double sagittal) {
    const double degree = std::numbers::pi / 180;
    const double ca = std::cos(frontal * degree), sa = std::sin(frontal * degree);
    const double cb = std::cos(horizontal * degree), sb = std::sin(horizontal * degree);
    const double cc = std::cos(sagittal * degree), sc = std::sin(sagittal * degree);
    const auto turn = [&](Vec3 v) {
        v = {ca * v.x - sa * v.y, sa * v.x + ca * v.y, v.z};
        v = {cb * v.x - sb * v.z, v.y, sb * v.x + cb * v.z};
        return Vec3{v.x, cc * v.y - sc * v.z, sc * v.y + cc * v.z};
    };
    const Vec3 x = turn({1, 0, 0}), y = turn({0, 1, 0}), z = turn({0, 0, 1});
    return {{{{x.x, y.x, z.x}, {x.y, y.y, z.y}, {x.z, y.z, z.z}}}};
}

// Dower, Machado, Osborne, Clin Cardiol 1980;3:87.
const LeadField& dowerLeadField() {
    static const LeadField field{{{0.632, -0.235, 0.059},
                                  {0.235, 1.066, -0.132},
                                  {-0.515, 0.157, -0.917},
                                  {0.044, 0.164, -1.387},
                                  {0.882, 0.098, -1.277},
                                  {1.213, 0.127, -0.601},
                                  {1.125, 0.127, -0.086},
                                  {0.831, 0.076, 0.230}}};
    return field;
}

Case drawCase(const SynthesisOptions& options, Random& random) {
    Case c;
    c.options = options;
    c.ageYears = random.clipped(58, 17, 18, 95);
    c.female = random.chance(0.48);
    // From mild to textbook.
    const auto severity = [&random] { return 0.3 + 0.7 * random.uniform(); };
    c.rbbb = options.conduction == Conduction::Rbbb ? severity() : 0;
    c.lbbb = options.conduction == Conduction::Lbbb ? severity() : 0;
    c.lvh = options.finding == Finding::Lvh ? severity() : 0;
    c.inferior = options.finding == Finding::InferiorInfarction ? severity() : 0;
    c.anterior = options.finding == Finding::AnteriorInfarction ? severity() : 0;
    c.ischaemia = options.finding == Finding::IschaemicSt ? severity() : 0;
    c.longQt = options.finding == Finding::LongQt ? severity() : 0;
    c.acuity = random.chance(0.35) ? random.uniform(0.3, 1.0) : random.uniform(0, 0.15);
    return c;
}

namespace {

Subject drawOrdinary(const Case& c, Random& random) {
    Subject s;
    s.field = dowerLeadField();
    s.respirationPhase = random.uniform(0, 2 * std::numbers::pi);
    s.respirationHz = random.clipped(0.24, 0.04, 0.14, 0.36);
    s.qtc = c.longQt > 0 ? 0.462 + 0.085 * c.longQt : random.clipped(c.female ? 0.416 : 0.406, 0.015, 0.360, 0.448);
    const double older = std::clamp((c.ageYears - 20) / 60, 0.0, 1.2);
    s.pr = c.options.firstDegreeAvBlock ? random.clipped(0.235, 0.025, 0.206, 0.34)
                                        : random.clipped(0.148 + 0.018 * older, 0.017, 0.115, 0.196);
    s.rateVariability = std::max(0.008, (0.032 - 0.018 * older) * random.logNormal(0.35));
    s.respiratoryArrhythmia = std::max(0.004, (0.045 - 0.035 * older) * random.logNormal(0.4));
    if (c.options.rhythm == Rhythm::SinusArrhythmia)
        s.respiratoryArrhythmia = random.uniform(0.09, 0.20);
    if (!c.options.subjectVariation)
        return s;

    s.qrsAxis = rotation(random.normal(4 - 22 * older, 19), random.normal(0, 13), random.normal(0, 11));
    const Rotation turn = rotation(random.normal(0, 12), random.normal(-6 * older, 14), random.normal(0, 10));
    s.tAxis = turn;
    s.gain = random.logNormal(0.27) * (1.12 - 0.16 * older) * (c.female ? 0.92 : 1.04);
    s.qrsWidth = std::clamp((c.female ? 0.96 : 1.03) * random.logNormal(0.07), 0.82, 1.22);
    s.pSize = random.logNormal(0.25);
    s.tSize = random.logNormal(0.33) * (1.15 - 0.30 * older);
    s.tWidth = random.logNormal(0.16);
    s.conductionDelay = random.chance(0.14) ? random.uniform(0.02, 0.30) : 0;
    s.uWave = random.chance(0.3) ? random.uniform(0, 0.12) : 0;
    for (std::size_t i = 0; i < s.qrsShape.size(); ++i) {
        s.qrsScale[i] = random.logNormal(0.20);
        s.qrsShape[i] = {random.normal(0, 0.045), random.normal(0, 0.045), random.normal(0, 0.06)};
    }
    s.tShape = {random.normal(0, 0.05), random.normal(0, 0.04), random.normal(0, 0.06)};
    s.stOffset = {random.normal(0, 0.012), random.normal(0, 0.010), random.normal(0, 0.016)};
    if (!c.female && random.chance(0.35 * (1 - 0.7 * older))) // early repolarisation of younger men
        s.stOffset = s.stOffset + random.uniform(0.2, 1.0) * Vec3{0.04, 0.02, -0.07};
    s.respirationTilt = random.clipped(3.5, 2, 0.5, 8);
    s.respirationGain = random.clipped(0.05, 0.03, 0, 0.14);

    // A chest electrode off its place sees part of its neighbour's field; every torso conducts a little differently.
    const LeadField& f = dowerLeadField();
    for (std::size_t i = 2; i < f.size(); ++i) {
        const Vec3 before = f[i > 2 ? i - 1 : i], after = f[i < 7 ? i + 1 : i];
        const double shift = random.normal(0, 0.22);
        s.field[i] = f[i] + 0.5 * shift * (after + -1.0 * before);
        s.field[i] = random.logNormal(0.14) * s.field[i];
        s.field[i] = s.field[i] + Vec3{random.normal(0, 0.05), random.normal(0, 0.09), random.normal(0, 0.05)};
    }
    for (std::size_t i = 0; i < 2; ++i)
        s.field[i] = f[i] + Vec3{random.normal(0, 0.06), random.normal(0, 0.06), random.normal(0, 0.05)};
    return s;
}

} // namespace

Subject drawSubject(const Case& c, Random& random) {
    Subject s = drawOrdinary(c, random);
    if (!c.known)
        return s;
    s.pr = c.known->pr;
    s.qtc = c.known->qtc;
    s.qrsWidth = c.known->qrsWidth;
    s.qrsAxis = rotation(c.known->qrsTurn, random.normal(0, 10), random.normal(0, 8));
    s.rateVariability = c.known->rateVariability;
    s.respiratoryArrhythmia = c.known->respiratoryArrhythmia;
    s.conductionDelay = 0;
    s.stOffset = c.known->st;
    return s;
}

std::vector<Wave> pWaves(const Case&, const Subject& s, bool ectopic) {
    // Right atrium to the front and down, left atrium to the left and back. Relative to the P onset.
    const double size = s.gain * s.pSize;
    Vec3 right{0.035, 0.085, -0.055}, left{0.07, 0.055, 0.045};
    if (ectopic) { // from low or left: another way through the atria
        right = {0.05, -0.03, 0.03};
        left = {0.01, 0.06, -0.04};
    }
    return {{Part::P, 36 * ms, 14 * ms, 15 * ms, size * s.qrsAxis(right)},
            {Part::P, 66 * ms, 16 * ms, 16 * ms, size * s.qrsAxis(left)}};
}

std::vector<Wave> ventricularWaves(const Case& c, const Subject& s, const PlannedBeat& beat) {
    std::vector<Wave> waves;
    waves.reserve(16);
    for (const QrsVector& q : qrsVectors(c, s))
        waves.push_back({Part::Qrs, q.centre * ms, q.width * ms, q.width * ms, q.moment});
    const double delay = c.rbbb > 0 ? c.rbbb : s.conductionDelay;
    if (delay > 0 && !(c.lbbb > 0))
        addRightDelay(waves, delay, s.qrsWidth);
    double qrsEnd = 0;
    for (Wave& w : waves) {
        w.moment = s.gain * s.qrsAxis(w.moment);
        qrsEnd = std::max(qrsEnd, w.centre + 2 * w.fall);
    }
    // Fridericia; a wide QRS adds part of its delay to the QT.
    const double qt = s.qtc * std::cbrt(beat.rate) + 0.6 * std::max(0.0, qrsEnd - 0.095);
    addRepolarisation(waves, c, s, qrsEnd, qt, beat);
    return waves;
}

std::vector<Wave> prematureVentricularWaves(const PlannedBeat& beat, double qtc, int site, double width) {
    // From the right outflow tract (down), the right apex (up, left), the left free wall (right, front).
    static constexpr std::array<std::array<Vec3, 3>, 3> paths{
        {{{{0.15, 0.35, -0.10}, {0.35, 1.15, 0.55}, {0.25, 0.85, 0.75}}},
         {{{0.30, -0.25, 0.00}, {0.95, -0.75, 0.75}, {0.70, -0.60, 0.55}}},
         {{{-0.15, 0.15, -0.25}, {-0.75, 0.45, -0.95}, {-0.60, 0.20, -0.70}}}}};
    const auto& path = paths[static_cast<std::size_t>(site) % paths.size()];
    const std::array<double, 3> centres{30, 64, 100}, widths{13, 17, 18};
    std::vector<Wave> waves;
    Vec3 mean;
    for (std::size_t i = 0; i < path.size(); ++i) {
        waves.push_back({Part::Qrs, centres[i] * width * ms, widths[i] * width * ms, widths[i] * width * ms, path[i]});
        mean = mean + 0.34 * path[i];
    }
    const double qt = qtc * std::cbrt(beat.rate) + 0.06;
    const double end = (centres[2] + 2 * widths[2]) * width * ms;
    const double fall = std::clamp(0.15 * (qt - end), 0.02, 0.055);
    // T against the QRS, and the ST runs straight into it.
    waves.push_back({Part::T, qt - 2.45 * fall, 2.1 * fall, fall, -0.75 * mean});
    waves.push_back({Part::St, end, 0.02, 0.05, -0.12 * mean});
    return waves;
}

} // namespace precordia::synthesis
