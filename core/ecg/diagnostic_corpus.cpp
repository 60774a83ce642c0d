// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ecg/diagnostic_corpus.h"

#include "core/ecg/synthesis_model.h"

#include <algorithm>
#include <limits>
#include <numbers>

namespace precordia {

namespace {

using namespace synthesis;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr double kTau = 2 * std::numbers::pi;

std::uint64_t memberSeed(std::uint64_t corpusSeed, std::uint64_t corpus, std::int64_t index) {
    std::uint64_t state = corpusSeed ^ corpus;
    std::uint64_t mixed = splitmix64(state) ^ (static_cast<std::uint64_t>(index) * 0x9E3779B97F4A7C15ULL);
    return splitmix64(mixed);
}

Case drawDiagnostic(Random& random) {
    Case c;
    c.ageYears = random.uniform(20, 90);
    c.female = random.chance(0.5);
    c.options.rhythm = Rhythm::Sinus;
    c.options.heartRate = random.uniform(45, 130);
    c.options.noise = std::exp(random.uniform(std::log(0.2), std::log(4.0)));
    Case::Known known;
    known.pr = random.uniform(0.11, 0.26);
    known.qtc = random.uniform(0.36, 0.50);
    known.qrsWidth = random.uniform(0.80, 1.30);
    known.qrsTurn = random.uniform(-85, 70);
    known.rateVariability = random.uniform(0.004, 0.06);
    known.respiratoryArrhythmia = random.uniform(0.0, 0.10);
    // ST by territory: a vector towards the wall that is injured.
    const double st = random.chance(0.5) ? random.uniform(-0.20, 0.25) : 0;
    const int territory = random.below(3);
    known.st = st * (territory == 0   ? Vec3{0.1, 0.95, 0.1}     // inferior
                     : territory == 1 ? Vec3{0.3, 0.0, -0.95}    // anterior
                                      : Vec3{0.95, -0.25, 0.1}); // lateral
    known.noP = random.chance(0.15);
    c.known = known;
    const double block = random.uniform();
    c.rbbb = block < 0.2 ? random.uniform(0.4, 1) : 0;
    c.lbbb = block > 0.8 ? random.uniform(0.4, 1) : 0;
    c.options.conduction = c.rbbb > 0 ? Conduction::Rbbb : c.lbbb > 0 ? Conduction::Lbbb : Conduction::Normal;
    c.lvh = random.chance(0.2) ? random.uniform(0.3, 1) : 0;
    if (random.chance(0.35))
        c.options.prematureVentricular = 1 + random.below(4);
    else if (random.chance(0.25) && !known.noP)
        c.options.prematureAtrial = 1 + random.below(3);
    return c;
}

double valueOf(const Measurements& m, const std::string& name) {
    const auto found = m.find(name);
    return found == m.end() ? kNone : found->second;
}

} // namespace

const std::vector<KnownFactor>& diagnosticFactors() {
    static const std::vector<KnownFactor> factors = {{"heart_rate", "bpm"},
                                                     {"rr_sd", "ms"},
                                                     {"pr", "ms"},
                                                     {"qrs", "ms"},
                                                     {"qt", "ms"},
                                                     {"qtc", "ms"},
                                                     {"qrs_axis_cos", ""},
                                                     {"qrs_axis_sin", ""},
                                                     {"t_axis_cos", ""},
                                                     {"t_axis_sin", ""},
                                                     {"p_axis_cos", ""},
                                                     {"st_inferior", "uV"},
                                                     {"st_anterior", "uV"},
                                                     {"st_lateral", "uV"},
                                                     {"ectopic_share", ""},
                                                     {"log_noise", ""},
                                                     {"p_absent", "", true},
                                                     {"rbbb", "", true},
                                                     {"lbbb", "", true},
                                                     {"lvh", "", true},
                                                     {"pvc", "", true},
                                                     {"pac", "", true},
                                                     {"st_deviation", "", true}};
    return factors;
}

DiagnosticEcg synthesiseDiagnostic(std::uint64_t corpusSeed, std::int64_t index) {
    const auto seed = memberSeed(corpusSeed, 0x4449414721ULL, index);
    Random random(seed, 0);
    const Case c = drawDiagnostic(random);
    DiagnosticEcg out;
    out.ecg = synthesiseCase(c, seed);
    out.ecg.recording.name = "diagnostic-" + std::to_string(index);
    const auto& m = out.ecg.truth.measurements;
    const auto angle = [&m](const char* name, bool sine) {
        const double degrees = valueOf(m, name) * std::numbers::pi / 180;
        return sine ? std::sin(degrees) : std::cos(degrees);
    };
    const auto mean = [&m](std::initializer_list<const char*> names) {
        double sum = 0;
        for (const char* name : names)
            sum += valueOf(m, name) / static_cast<double>(names.size());
        return sum;
    };
    int ectopic = 0, ventricular = 0;
    for (const BeatTruth& beat : out.ecg.truth.beats) {
        ectopic += beat.kind != 'N' ? 1 : 0;
        ventricular += beat.kind == 'V' ? 1 : 0;
    }
    const auto beats = static_cast<double>(std::max<std::size_t>(1, out.ecg.truth.beats.size()));
    const double hr = valueOf(m, "heart_rate_bpm"), qt = valueOf(m, "qt_ms");
    const auto one = [](bool there) { return there ? 1.0 : 0.0; };
    out.values = {hr,
                  valueOf(m, "rr_sd_ms"),
                  valueOf(m, "pr_ms"),
                  valueOf(m, "qrs_ms"),
                  qt,
                  qt / std::cbrt(60 / hr), // Fridericia
                  angle("qrs_axis_deg", false),
                  angle("qrs_axis_deg", true),
                  angle("t_axis_deg", false),
                  angle("t_axis_deg", true),
                  angle("p_axis_deg", false),
                  mean({"st_II_uv", "st_III_uv", "st_aVF_uv"}),
                  mean({"st_V2_uv", "st_V3_uv", "st_V4_uv"}),
                  mean({"st_I_uv", "st_aVL_uv", "st_V5_uv", "st_V6_uv"}),
                  ectopic / beats,
                  std::log(c.options.noise),
                  one(c.known->noP),
                  one(c.rbbb > 0),
                  one(c.lbbb > 0),
                  one(c.lvh > 0),
                  one(ventricular > 0),
                  one(ectopic > ventricular),
                  one(c.known->st.length() > 0.05)};
    return out;
}

const std::vector<KnownFactor>& genericFactors() {
    static const std::vector<KnownFactor> factors = {{"trend_slope", "uV/s"},
                                                     {"oscillation_frequency", "Hz"},
                                                     {"oscillation_amplitude", "uV"},
                                                     {"oscillation_phase_cos", ""},
                                                     {"oscillation_phase_sin", ""},
                                                     {"event_time", "s"},
                                                     {"event_width", "s"},
                                                     {"event_amplitude", "uV"},
                                                     {"log_noise", ""},
                                                     {"trend", "", true},
                                                     {"oscillation", "", true},
                                                     {"sawtooth", "", true},
                                                     {"event", "", true},
                                                     {"step", "", true},
                                                     {"noise_is_pink", "", true},
                                                     {"noise_in_bursts", "", true}};
    return factors;
}

GenericWindow synthesiseGeneric(std::uint64_t corpusSeed, std::int64_t index, int channels, int samples,
                                double samplingRate) {
    Random random(memberSeed(corpusSeed, 0x47454E4552ULL, index), 0);
    const auto n = static_cast<std::size_t>(samples), l = static_cast<std::size_t>(channels);
    const double seconds = samples / samplingRate;
    GenericWindow out;
    out.samples.assign(n * l, 0);
    // A component reaches each channel with a gain of its own, most of them positive.
    const auto add = [&](const std::vector<double>& process) {
        for (std::size_t k = 0; k < l; ++k) {
            const double gain = random.clipped(0.7, 0.4, -0.6, 1.6);
            for (std::size_t i = 0; i < n; ++i)
                out.samples[k * n + i] += static_cast<float>(gain * process[i]);
        }
    };
    const auto time = [&](std::size_t i) { return static_cast<double>(i) / samplingRate; };
    std::vector<double> process(n);

    const bool trend = random.chance(0.5);
    const double slope = trend ? random.uniform(20, 90) * (random.chance(0.5) ? 1 : -1) : kNone;
    if (trend) {
        for (std::size_t i = 0; i < n; ++i)
            process[i] = slope * (time(i) - seconds / 2);
        add(process);
    }
    const bool oscillates = random.chance(0.6), sawtooth = oscillates && random.chance(0.5);
    const double hz = oscillates ? std::exp(random.uniform(std::log(0.8), std::log(12.0))) : kNone;
    const double size = oscillates ? random.uniform(80, 500) : kNone, phase = random.uniform(0, kTau);
    if (oscillates) {
        for (std::size_t i = 0; i < n; ++i) {
            const double turn = hz * time(i) + phase / kTau;
            process[i] = size * (sawtooth ? 2 * (turn - std::floor(turn)) - 1 : std::sin(kTau * turn));
        }
        add(process);
    }
    const bool event = random.chance(0.6), step = event && random.chance(0.4);
    const double at = event ? random.uniform(0.1, 0.9) * seconds : kNone;
    const double width = event && !step ? std::exp(random.uniform(std::log(0.03), std::log(0.5))) : kNone;
    const double height = event ? random.uniform(200, 900) * (random.chance(0.5) ? 1 : -1) : kNone;
    if (event) {
        for (std::size_t i = 0; i < n; ++i) {
            const double d = time(i) - at;
            process[i] = height * (step ? 1 / (1 + std::exp(-d / 0.02)) : std::exp(-0.5 * d * d / (width * width)));
        }
        add(process);
    }
    const bool pink = random.chance(0.5), bursts = random.chance(0.3);
    const double noise = std::exp(random.uniform(std::log(5.0), std::log(80.0)));
    const double burstAt = random.uniform(0.2, 0.8) * seconds;
    for (std::size_t k = 0; k < l; ++k) {
        double slow = 0;
        for (std::size_t i = 0; i < n; ++i) {
            const double white = random.quickNormal();
            slow = 0.95 * slow + std::sqrt(1 - 0.95 * 0.95) * white;
            const double d = time(i) - burstAt;
            const double envelope = bursts ? 0.3 + 2 * std::exp(-d * d / 0.5) : 1;
            out.samples[k * n + i] += static_cast<float>(noise * envelope * (pink ? slow : white));
        }
    }
    const auto one = [](bool there) { return there ? 1.0 : 0.0; };
    out.values = {slope,
                  hz,
                  size,
                  oscillates ? std::cos(phase) : kNone,
                  oscillates ? std::sin(phase) : kNone,
                  at,
                  width,
                  height,
                  std::log(noise),
                  one(trend),
                  one(oscillates),
                  oscillates ? one(sawtooth) : kNone,
                  one(event),
                  event ? one(step) : kNone,
                  one(pink),
                  one(bursts)};
    return out;
}

} // namespace precordia
