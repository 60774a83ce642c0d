// SPDX-License-Identifier: GPL-3.0-or-later
// A recording whose picture can be measured, and the ruler for it.
#pragma once

#include "core/ecg/recording.h"
#include "core/paper/paper.h"

#include <QImage>

#include <cmath>
#include <vector>

namespace precordia::test {

// Every lead: 0 mV, but 1 mV from k + 0.5 to k + 0.7 s of every second k, and a one-sample spike of 1 mV at k s.
inline Recording measurable(const std::vector<std::string>& leads = standardLeads(), double rate = 500,
                            double seconds = 10) {
    Recording recording;
    recording.name = "measurable";
    recording.samplingRate = rate;
    for (const std::string& name : leads) {
        Lead lead;
        lead.name = name;
        lead.samples.resize(static_cast<std::size_t>(rate * seconds));
        for (std::size_t i = 0; i < lead.samples.size(); ++i) {
            const double phase = std::fmod(static_cast<double>(i) / rate, 1.0);
            lead.samples[i] = (phase < 0.5 / rate && i > 0) || (phase >= 0.5 && phase < 0.7) ? 1000.0F : 0.0F;
        }
        recording.leads.push_back(std::move(lead));
    }
    return recording;
}

// How much ink of `ink` on `ground` a pixel holds, 0..1.
inline double inkAt(const QImage& image, int x, int y, const QColor& ground, const QColor& ink) {
    const double full = ground.green() - ink.green();
    return std::clamp((ground.green() - qGreen(image.pixel(x, y))) / full, 0.0, 1.0);
}

// Centre of the ink of one column between two rows, in pixels (edges at whole numbers); NaN without ink.
inline double inkCentreY(const QImage& image, int x, int top, int bottom, const QColor& ground, const QColor& ink) {
    double sum = 0, moment = 0;
    for (int y = top; y < bottom; ++y) {
        const double v = inkAt(image, x, y, ground, ink);
        sum += v;
        moment += v * (y + 0.5);
    }
    return sum > 0.2 ? moment / sum : std::nan("");
}

// Centres of the runs of ink along one row.
inline std::vector<double> inkCentresX(const QImage& image, int y, int left, int right, const QColor& ground,
                                       const QColor& ink) {
    std::vector<double> centres;
    double sum = 0, moment = 0;
    for (int x = left; x <= right; ++x) {
        const double v = x < right ? inkAt(image, x, y, ground, ink) : 0;
        if (v > 0.05) {
            sum += v;
            moment += v * (x + 0.5);
        } else if (sum > 0) {
            centres.push_back(moment / sum);
            sum = moment = 0;
        }
    }
    return centres;
}

} // namespace precordia::test
