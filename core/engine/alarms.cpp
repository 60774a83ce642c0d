// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/alarms.h"

#include "core/engine/engine.h"

#include <cmath>
#include <limits>
#include <numeric>
#include <sstream>

namespace precordia {

namespace {

bool beyond(double z) {
    return std::abs(z) >= kAlarmZ; // false for NaN
}

std::string number(double value) {
    std::ostringstream out;
    out.precision(3);
    out << value;
    return out.str();
}

std::string sentence(const TrainUpdate& u, const char* what, double value, double z) {
    return "Step " + std::to_string(u.step) + ": " + what + " " + number(value) + " lies " + number(std::abs(z)) +
           " deviations " + (z > 0 ? "above" : "below") + " the mean of the " +
           std::to_string(OutlierDetector::kWindow) + " steps before.";
}

} // namespace

double OutlierDetector::add(double value) {
    if (!std::isfinite(value))
        return std::numeric_limits<double>::quiet_NaN();
    double z = std::numeric_limits<double>::quiet_NaN();
    if (window_.size() == kWindow) {
        const double n = kWindow;
        const double mean = std::accumulate(window_.begin(), window_.end(), 0.0) / n;
        double squares = 0;
        for (const double v : window_)
            squares += (v - mean) * (v - mean);
        const double deviation = std::sqrt(squares / n);
        if (deviation > 1e-12 * std::abs(mean) && deviation > 0)
            z = (value - mean) / deviation;
        window_.erase(window_.begin());
    }
    window_.push_back(value);
    return z;
}

void OutlierDetector::restore(std::vector<double> window) {
    window_ = std::move(window);
    if (window_.size() > kWindow)
        window_.erase(window_.begin(), window_.end() - static_cast<std::ptrdiff_t>(kWindow));
}

std::string alarmOf(const TrainUpdate& u) {
    std::string out = beyond(u.lossZ) ? "loss" : "";
    if (beyond(u.gradientZ))
        out += out.empty() ? "gradient" : " gradient";
    return out;
}

std::string alarmText(const TrainUpdate& u) {
    std::string out;
    if (beyond(u.lossZ))
        out = sentence(u, "the loss", u.total, u.lossZ);
    if (beyond(u.gradientZ))
        out += (out.empty() ? "" : " ") + sentence(u, "the gradient's norm", u.gradientNorm, u.gradientZ);
    return out;
}

} // namespace precordia
