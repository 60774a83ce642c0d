// SPDX-License-Identifier: GPL-3.0-or-later
// The row without a network: amplitude moments of each lead and the spectrum of the slope energy.
#include "core/explore/probe.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace precordia {

namespace {

constexpr int kRhythmBins = 60;
constexpr int kRhythmLeads[] = {1, 7, 10}; // II, V2, V5 of the standard twelve

// Magnitudes of the first bins of the discrete Fourier transform. A table of one turn serves every bin.
std::vector<float> spectrum(const std::vector<double>& signal) {
    const std::size_t n = signal.size();
    std::vector<double> cosine(n), sine(n);
    for (std::size_t i = 0; i < n; ++i) {
        const double angle = 2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(n);
        cosine[i] = std::cos(angle);
        sine[i] = std::sin(angle);
    }
    std::vector<float> out(kRhythmBins, 0.0F);
    for (std::size_t k = 0; k < std::min<std::size_t>(kRhythmBins, n / 2 + 1); ++k) {
        double real = 0, imaginary = 0;
        for (std::size_t t = 0, at = 0; t < n; ++t) {
            real += signal[t] * cosine[at];
            imaginary += signal[t] * sine[at];
            if ((at += k) >= n)
                at -= n;
        }
        out[k] = static_cast<float>(std::hypot(real, imaginary));
    }
    return out;
}

} // namespace

std::vector<float> simpleFeatures(const std::vector<float>& window, int leads, int samples) {
    if (leads < 1 || samples < 2 ||
        window.size() != static_cast<std::size_t>(leads) * static_cast<std::size_t>(samples))
        return {};
    const auto n = static_cast<std::size_t>(samples);
    double mean = 0, square = 0;
    for (const float v : window)
        mean += v;
    mean /= static_cast<double>(window.size());
    for (const float v : window)
        square += (v - mean) * (v - mean);
    const double scale = 1 / (std::sqrt(square / static_cast<double>(window.size())) + 1e-9);

    std::vector<float> deviation, highest, lowest, magnitude;
    for (int l = 0; l < leads; ++l) {
        const float* x = window.data() + static_cast<std::size_t>(l) * n;
        double sum = 0, absolute = 0, spread = 0;
        for (std::size_t t = 0; t < n; ++t)
            sum += x[t], absolute += std::abs(x[t]);
        for (std::size_t t = 0; t < n; ++t)
            spread += (x[t] - sum / samples) * (x[t] - sum / samples);
        deviation.push_back(static_cast<float>(std::sqrt(spread / samples) * scale));
        highest.push_back(static_cast<float>(*std::max_element(x, x + n) * scale));
        lowest.push_back(static_cast<float>(*std::min_element(x, x + n) * scale));
        magnitude.push_back(static_cast<float>(absolute / samples * scale));
    }
    std::vector<double> slope(n - 1, 0.0);
    int used = 0;
    for (const int l : kRhythmLeads) {
        if (l >= leads)
            continue;
        const float* x = window.data() + static_cast<std::size_t>(l) * n;
        for (std::size_t t = 0; t + 1 < n; ++t)
            slope[t] += std::abs(static_cast<double>(x[t + 1]) - x[t]) * scale;
        ++used;
    }
    double slopeMean = 0;
    for (double& s : slope)
        slopeMean += (s /= std::max(used, 1));
    slopeMean /= static_cast<double>(slope.size());
    for (double& s : slope)
        s -= slopeMean;

    std::vector<float> features;
    for (const auto& part : {deviation, highest, lowest, magnitude, spectrum(slope)})
        features.insert(features.end(), part.begin(), part.end());
    return features;
}

} // namespace precordia
