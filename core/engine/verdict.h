// SPDX-License-Identifier: GPL-3.0-or-later
// Has the model collapsed, and what to change? Compared with what the same windows gave before the first step: a
// falling loss is no success (a teacher that follows too fast lowers it too).
#pragma once

#include "core/engine/engine.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace precordia {

using Diagnostics = std::vector<std::pair<std::string, LevelDiagnostics>>; // "lead", "interval", "event", "recording"

// What a run was told, as far as an advice speaks of it.
struct VerdictContext {
    bool teacher = true; // a moving average
    double ema = 0.996;  // at the start
    std::string regulariser = "vicreg";
    double regulariserWeight = 0.05;
    double learningRate = 1e-3;
    double warmup = 0.1; // share of the steps
    double dropout = 0;
    int width = 0; // of the encodings; 0: not known
};
VerdictContext verdictContext(const std::string& configJson); // what is absent keeps its default

struct Verdict {
    std::string word;   // "healthy", "collapsing", "collapsed"; "early": no sign of it, and too few steps to show one
    std::string text;   // in plain words, with the figures
    std::string advice; // what to change, with the keys of the configuration, " | " between; "" when not losing
    bool losing() const { return word == "collapsing" || word == "collapsed"; }
};
// A collapse needs some hundred steps: whoever learned for fewer is not called healthy.
constexpr std::int64_t kTellingStep = 100;
Verdict judge(const Diagnostics& start, const Diagnostics& now, const VerdictContext& context = {},
              std::int64_t step = kTellingStep);

// The test of the second epoch: in the paper about one run in a hundred collapses, and its second epoch shows it. Of
// few recordings two epochs are over before anything can be seen, so the test is at this step at the earliest, and no
// later than the last.
constexpr std::int64_t kEarlyTestStep = 300;
std::int64_t earlyTestStep(std::int64_t windows, std::int64_t batch, std::int64_t steps);
// "passed" or "failed", and the line that says so; both empty when it is too early.
struct EarlyTest {
    std::string word, text;
};
EarlyTest earlyTest(std::int64_t step, const Verdict& verdict);

} // namespace precordia
