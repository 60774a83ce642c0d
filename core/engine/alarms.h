// SPDX-License-Identifier: GPL-3.0-or-later
// Rolling z-scores of a run's figures (after karpathy/llm.c, outlier_detector.h): how far a value lies from the steps
// before it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace precordia {

struct TrainUpdate;

// Beyond it a step is an alarm. Steps of healthy runs stay within: the losses of the steps before are no normal
// distribution around a fixed mean (they fall), so the usual 3 would cry wolf. `precordia-cli bench collapse` prints
// the largest of each run.
constexpr double kAlarmZ = 8;

class OutlierDetector {
public:
    static constexpr std::size_t kWindow = 128; // values it looks back

    // (value - mean) / deviation of the window before the value; NaN until the window is full or when it is constant.
    // A value that is not finite is NaN and does not enter the window.
    double add(double value);
    const std::vector<double>& window() const { return window_; } // oldest first; kept in a checkpoint
    void restore(std::vector<double> window);

private:
    std::vector<double> window_;
};

// "loss", "gradient", "loss gradient" or "": which of the two are beyond kAlarmZ.
std::string alarmOf(const TrainUpdate& update);
// In words, with the figures; "" without an alarm.
std::string alarmText(const TrainUpdate& update);

} // namespace precordia
