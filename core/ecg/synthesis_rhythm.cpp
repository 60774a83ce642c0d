// SPDX-License-Identifier: GPL-3.0-or-later
// When the beats come, and what the atria do when they do not beat in order.
#include "core/ecg/synthesis_model.h"

#include <algorithm>
#include <numbers>

namespace precordia::synthesis {
namespace {

constexpr double tau = 2 * std::numbers::pi;
constexpr double leadIn = 2.5; // s before the recording, so that its first samples are in mid-rhythm

double drawHeartRate(const Case& c, Random& random) {
    switch (c.options.rhythm) {
    case Rhythm::Sinus:
        return random.clipped(75, 11, 59, 101);
    case Rhythm::SinusBradycardia:
        return random.clipped(53, 5, 36, 60);
    case Rhythm::SinusTachycardia:
        return 100 + std::min(-14 * std::log(1 - random.uniform()), 62.0);
    case Rhythm::SinusArrhythmia:
        return random.clipped(68, 10, 48, 95);
    case Rhythm::AtrialFibrillation:
        return std::clamp(86 * random.logNormal(0.28), 45.0, 165.0);
    case Rhythm::AtrialFlutter:
        break;
    }
    return 75;
}

// Unit deviation, power falling with frequency: a sum of first-order processes with doubling time constants.
class PinkSeries {
public:
    explicit PinkSeries(Random& random) : random_(&random) {
        for (double& s : state_)
            s = random.normal();
    }
    double next() {
        double sum = 0;
        double keep = 0.5;
        for (double& s : state_) {
            s = keep * s + std::sqrt(1 - keep * keep) * random_->normal();
            sum += s;
            keep = 0.5 + 0.5 * keep;
        }
        return sum / std::sqrt(static_cast<double>(state_.size()));
    }

private:
    Random* random_;
    std::array<double, 5> state_{};
};

void planSinus(RhythmPlan& plan, const Case& c, const Subject& s, double heartRate, Random& random) {
    const double mean = 60 / heartRate;
    PinkSeries pink(random);
    // A fast heart is a steadier one.
    const double calm = std::clamp(mean / 0.8, 0.35, 1.3);
    double time = -leadIn - random.uniform() * mean;
    // Each PAC pulls what follows forward by less than half a beat; at most every second beat is one.
    const double pulled = std::min(0.4 * mean * std::max(0, c.options.prematureAtrial), 0.25 * c.options.seconds);
    while (time < c.options.seconds + leadIn + pulled) {
        const double breath = std::sin(tau * s.respirationHz * time + s.respirationPhase);
        const double rr = mean * (1 + calm * s.respiratoryArrhythmia * breath + calm * s.rateVariability * pink.next());
        time += std::max(rr, 0.3);
        // The PR shortens a little at high rates.
        const double pr = s.pr * std::clamp(0.85 + 0.15 * mean / 0.8, 0.8, 1.05) + random.normal(0, 0.002);
        // With factors that know nothing of each other, a long PR at a high rate would put the P into the T before it.
        const double longest = c.known ? std::max(0.10, rr - 0.20) : 1;
        plan.beats.push_back({time, 'N', true, std::clamp(pr, 0.10, longest), rr});
    }
}

void planFibrillation(RhythmPlan& plan, const Case& c, double heartRate, Random& random) {
    const double mean = 60 / heartRate;
    const double spread = random.clipped(0.22, 0.04, 0.13, 0.32);
    const double shortest = std::max(0.30, 0.52 * mean);
    double time = -leadIn - random.uniform() * mean;
    double before = 0;
    while (time < c.options.seconds + leadIn) {
        // Neighbours are weakly opposed: an impulse that got far into the node makes the next one wait.
        const double draw = -0.15 * before + random.normal();
        before = draw;
        const double rr = std::max(shortest, mean * std::exp(spread * draw - 0.5 * spread * spread));
        time += rr;
        plan.beats.push_back({time, 'N', false, 0, rr});
    }
}

void planFlutter(RhythmPlan& plan, const Case& c, Random& random) {
    double cycle = random.clipped(0.205, 0.015, 0.180, 0.245);
    int ratio = random.chance(0.5) ? 2 : random.chance(0.65) ? 4 : 3;
    const bool variable = random.chance(0.35);
    if (c.options.heartRate) {
        const double rr = 60 / *c.options.heartRate;
        ratio = std::clamp(static_cast<int>(std::lround(rr / 0.205)), 1, 8);
        cycle = rr / ratio;
    }
    plan.flutterCycle = cycle;
    plan.flutterPhase = random.uniform() * cycle;
    double time = plan.flutterPhase - std::ceil(leadIn / cycle) * cycle;
    while (time < c.options.seconds + leadIn) {
        int waves = ratio;
        if (variable && random.chance(0.35))
            waves = ratio == 2 ? 4 : ratio == 4 ? 2 : (random.chance(0.5) ? 2 : 4);
        time += waves * cycle;
        plan.beats.push_back({time + random.normal(0, 0.004), 'N', false, 0, waves * cycle});
    }
}

// Places for `count` premature beats: inside the recording, never next to each other, in random order.
std::vector<std::size_t> choosePlaces(const RhythmPlan& plan, double seconds, int count, Random& random,
                                      double margin = 0) {
    std::vector<std::size_t> free;
    for (std::size_t i = 2; i + 2 < plan.beats.size(); ++i) {
        if (plan.beats[i].kind == 'N' && plan.beats[i - 1].kind == 'N' && plan.beats[i + 1].kind == 'N' &&
            plan.beats[i].onset > 0.7 + 2 * margin && plan.beats[i].onset < seconds - 0.4 - margin)
            free.push_back(i);
    }
    std::vector<std::size_t> chosen;
    while (static_cast<int>(chosen.size()) < count && !free.empty()) {
        const std::size_t place = free[static_cast<std::size_t>(random.below(static_cast<int>(free.size())))];
        chosen.push_back(place);
        std::erase_if(free, [place](std::size_t i) { return i + 1 >= place && i <= place + 1; });
    }
    std::sort(chosen.begin(), chosen.end());
    return chosen;
}

// The sinus beat that follows is conducted, with a longer PR: the node is still tired.
void insertBetween(RhythmPlan& plan, std::size_t i, double early) {
    plan.lonePs.pop_back();
    PlannedBeat extra = plan.beats[i];
    extra.onset = plan.beats[i - 1].onset + early;
    extra.kind = 'V';
    extra.hasP = false;
    plan.beats[i].pr += 0.03;
    plan.beats[i].onset += 0.03;
    plan.beats.insert(plan.beats.begin() + static_cast<std::ptrdiff_t>(i), extra);
}

// An early beat from the ventricle; the sinus goes on underneath, its next impulse is blocked: a compensatory pause.
void insertVentricular(RhythmPlan& plan, const Case& c, Random& random) {
    const double coupling = c.coupling > 0 ? c.coupling : random.uniform(0.50, 0.68);
    const double margin = c.anyFocus ? 0.4 : 0; // all of the beat, T wave and neighbours included, inside
    for (const std::size_t i : choosePlaces(plan, c.options.seconds, c.options.prematureVentricular, random, margin)) {
        PlannedBeat& beat = plan.beats[i];
        const double rr = beat.onset - plan.beats[i - 1].onset;
        if (beat.hasP)
            plan.lonePs.push_back(beat.onset - beat.pr);
        const double early = std::clamp(coupling * rr + random.normal(0, 0.008), std::min(0.34, 0.85 * rr), 0.85 * rr);
        if (c.pause == Case::Pause::Interpolated) {
            insertBetween(plan, i, early);
            return; // one a recording: the places behind it have moved
        }
        if (c.pause == Case::Pause::Resetting) {
            const double shift = early - rr + random.uniform(0.05, 0.20) * rr;
            for (std::size_t k = i + 1; k < plan.beats.size(); ++k)
                plan.beats[k].onset += shift;
            plan.lonePs.pop_back(); // the sinus did not fire meanwhile
        }
        beat.onset = plan.beats[i - 1].onset + early;
        beat.kind = 'V';
        beat.hasP = false;
    }
}

// An early beat from the atrium resets the sinus: all that follows moves up.
void insertAtrial(RhythmPlan& plan, const Case& c, Random& random) {
    for (const std::size_t i : choosePlaces(plan, c.options.seconds, c.options.prematureAtrial, random)) {
        PlannedBeat& beat = plan.beats[i];
        const double rr = beat.onset - plan.beats[i - 1].onset;
        const double next = plan.beats[i + 1].onset - beat.onset;
        const double onset = plan.beats[i - 1].onset + std::max(random.uniform(0.58, 0.80) * rr, std::min(0.32, rr));
        const double shift = onset + next * random.uniform(1.02, 1.22) - plan.beats[i + 1].onset;
        beat.onset = onset;
        beat.kind = 'A';
        beat.pr += random.uniform(-0.01, 0.03);
        for (std::size_t k = i + 1; k < plan.beats.size(); ++k)
            plan.beats[k].onset += shift;
    }
}

} // namespace

RhythmPlan planRhythm(const Case& c, const Subject& subject, Random& random) {
    RhythmPlan plan;
    const double heartRate = c.options.heartRate.value_or(drawHeartRate(c, random));
    if (c.options.rhythm == Rhythm::AtrialFibrillation)
        planFibrillation(plan, c, heartRate, random);
    else if (c.options.rhythm == Rhythm::AtrialFlutter)
        planFlutter(plan, c, random);
    else
        planSinus(plan, c, subject, heartRate, random);

    if (c.known && c.known->noP)
        for (PlannedBeat& beat : plan.beats)
            beat.hasP = false;
    // PACs first: they move what follows; a PAC needs a P wave, so none in fibrillation or flutter.
    if (c.options.prematureAtrial > 0 && plan.beats.front().hasP)
        insertAtrial(plan, c, random);
    if (c.options.prematureVentricular > 0)
        insertVentricular(plan, c, random);
    // The QT follows the rate with a lag: mostly the mean of the last beats.
    double adapted = plan.beats.front().rate;
    for (std::size_t i = 1; i < plan.beats.size(); ++i) {
        const double rr = plan.beats[i].onset - plan.beats[i - 1].onset;
        adapted = 0.8 * adapted + 0.2 * rr;
        plan.beats[i].rate = std::clamp(0.75 * adapted + 0.25 * rr, 0.3, 1.8);
    }
    return plan;
}

void addFibrillation(Dipole& dipole, double rate, Random& random) {
    // Coarse to invisible; strongest towards V1 and the foot leads. Two wandering sources, each with a drifting
    // frequency of 5 to 8 Hz, a swelling amplitude and some sawtooth.
    const double size = std::min(0.048 * random.logNormal(0.5), 0.085);
    const std::array<Vec3, 2> ways{{{-0.45, 0.55, -0.75}, {0.35, 0.75, 0.25}}};
    for (std::size_t w = 0; w < ways.size(); ++w) {
        const double centre = random.clipped(6.2, 0.8, 4.6, 8.5);
        double phase = random.uniform(0, tau);
        double drift = 0, swell = 0;
        const double keep = std::exp(-1 / (0.35 * rate)), push = std::sqrt(1 - keep * keep);
        for (Vec3& v : dipole) {
            drift = keep * drift + push * random.quickNormal();
            swell = keep * swell + push * random.quickNormal();
            phase += tau * centre * (1 + 0.16 * drift) / rate;
            const double wave = std::sin(phase) + 0.35 * std::sin(2 * phase + 0.6);
            v = v + size * (w == 0 ? 1.0 : 0.6) * std::max(0.15, 1 + 0.45 * swell) * wave * ways[w];
        }
    }
}

void addFlutter(Dipole& dipole, double rate, const RhythmPlan& plan, const Subject& subject, Random& random) {
    // Counterclockwise: negative sawtooth in II, III, aVF, small positive waves in V1.
    const double size = 0.21 * random.logNormal(0.35) * std::clamp(subject.gain, 0.6, 1.4);
    const double lean = random.uniform(0.10, 0.30); // share of the fast limb
    const Vec3 way{0.10, 0.85, 0.25};
    const double shift = random.uniform();
    for (std::size_t i = 0; i < dipole.size(); ++i) {
        const double place = (static_cast<double>(i) / rate - plan.flutterPhase) / plan.flutterCycle + shift;
        const double u = place - std::floor(place);
        // Slow fall, fast rise, corners rounded by a sine of the same phase.
        const double saw = u < 1 - lean ? 0.5 - u / (1 - lean) : -0.5 + (u - 1 + lean) / lean;
        const double wave = 0.75 * saw + 0.22 * std::cos(tau * (u + 0.5 * lean));
        dipole[i] = dipole[i] + size * wave * way;
        dipole[i].z -= 0.25 * size * std::cos(tau * (u + 0.15));
    }
}

} // namespace precordia::synthesis
