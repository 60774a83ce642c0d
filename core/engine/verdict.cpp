// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/verdict.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <sstream>

namespace precordia {

namespace {

const LevelDiagnostics* find(const Diagnostics& all, const std::string& level) {
    for (const auto& [name, value] : all)
        if (name == level)
            return &value;
    return nullptr;
}

double ratio(double now, double start) {
    return start > 0 ? now / start : 1;
}

std::string number(double value) {
    std::ostringstream out;
    out.precision(value < 10 ? 2 : 3);
    out << value;
    return out.str();
}

struct Sign {
    int grade = 0; // 0 healthy, 1 collapsing, 2 collapsed
    std::string text;
};

// A share of what it was at the start that has been lost. Limits by experiment, 300 steps on 300 synthetic recordings:
// the defaults raise the spread of the event encodings from 0.53 to 1.05 and bring the cosine from 0.5 to 0.01 (the
// rank of the interval encodings falls to a half meanwhile); a teacher at 0.9 without regulariser ends at 0.05 to 0.12
// and 0.98 to 0.996.
Sign lost(const std::string& what, double now, double start, double collapsing, double collapsed) {
    const double r = ratio(now, start);
    const int grade = r < collapsed ? 2 : r < collapsing ? 1 : 0;
    return {grade, what + " fell from " + number(start) + " to " + number(now)};
}

std::string quoted(double value) {
    std::ostringstream out;
    out.precision(4);
    out << value;
    return out.str();
}

// What is known to hold encodings apart, as far as the run was told otherwise; in the order in which it helps.
std::string adviceFor(const VerdictContext& run, bool collapsed) {
    std::vector<std::string> out;
    if (run.teacher && run.ema < 0.97)
        out.push_back("slow the teacher: ema=[0.996,1.0]; it began at " + quoted(run.ema));
    if (run.regulariser == "none")
        out.push_back("add a regulariser: regulariser=vicreg regulariser_weight=0.05; it was none");
    else if (run.regulariserWeight < 0.5)
        out.push_back("raise the regulariser's weight: regulariser_weight=" +
                      quoted(std::max(0.05, 4 * run.regulariserWeight)) + "; it was " + quoted(run.regulariserWeight));
    if (run.learningRate > 0.002)
        out.push_back("lower the learning rate: learning_rate=0.001; it was " + quoted(run.learningRate));
    if (run.warmup < 0.05)
        out.push_back("warm up longer: warmup=0.1; it was " + quoted(run.warmup));
    if (run.dropout <= 0)
        out.emplace_back("try dropout: dropout=0.1; it was 0");
    out.emplace_back(collapsed ? "begin a new run, with another seed: a collapsed encoder does not recover"
                               : "watch the next diagnoses before you stop it");
    std::string text;
    for (const auto& one : out)
        text += (text.empty() ? "" : " | ") + one;
    return text;
}

} // namespace

VerdictContext verdictContext(const std::string& configJson) {
    VerdictContext out;
    const auto json = nlohmann::json::parse(configJson, nullptr, false);
    if (!json.is_object())
        return out;
    const auto figure = [&json](const char* key, double& value) {
        if (json.contains(key) && json[key].is_number())
            value = json[key].get<double>();
    };
    figure("regulariser_weight", out.regulariserWeight);
    figure("learning_rate", out.learningRate);
    figure("warmup", out.warmup);
    figure("dropout", out.dropout);
    if (json.contains("ema") && json["ema"].is_array() && !json["ema"].empty() && json["ema"][0].is_number())
        out.ema = json["ema"][0].get<double>();
    const auto word = [&json](const char* key) {
        return json.contains(key) && json[key].is_string() ? json[key].get<std::string>() : std::string();
    };
    out.teacher = word("teacher") != "self" && word("architecture") != "lenepa";
    if (const auto regulariser = word("regulariser"); !regulariser.empty())
        out.regulariser = regulariser;
    if (json.contains("width") && json["width"].is_number())
        out.width = static_cast<int>(json["width"].get<double>());
    return out;
}

std::int64_t earlyTestStep(std::int64_t windows, std::int64_t batch, std::int64_t steps) {
    const auto two = (2 * windows + batch - 1) / std::max<std::int64_t>(batch, 1);
    return std::min(std::max(two, kEarlyTestStep), steps);
}

EarlyTest earlyTest(std::int64_t step, const Verdict& verdict) {
    if (verdict.word == "early")
        return {};
    const bool passed = !verdict.losing();
    return {passed ? "passed" : "failed", "Test of the second epoch, at step " + std::to_string(step) + ": " +
                                              (passed ? "passed, no sign of collapse." : "failed. " + verdict.text)};
}

Verdict judge(const Diagnostics& start, const Diagnostics& now, const VerdictContext& context, std::int64_t step) {
    std::vector<Sign> signs;
    for (const char* level : {"lead", "interval", "event", "recording"}) {
        const auto* a = find(start, level);
        const auto* b = find(now, level);
        if (a == nullptr || b == nullptr)
            continue;
        const std::string of = std::string(" of the ") + level + " encodings";
        auto rank = lost("the effective rank" + of, b->effectiveRank, a->effectiveRank, 0.35, 0.2);
        if (context.width > 0 && std::string(level) != "recording")
            rank.text += " of " + std::to_string(context.width);
        signs.push_back(std::move(rank));
        signs.push_back(lost("the spread" + of, b->std, a->std, 0.6, 0.3));
        if (a->temporalStd > 0)
            signs.push_back(lost("the spread over time" + of, b->temporalStd, a->temporalStd, 0.6, 0.3));
        if (b->meanCosine > 0.9 && std::string(level) != "recording")
            signs.push_back({b->meanCosine > 0.97 ? 2 : 1, "different recordings have nearly the same " +
                                                               std::string(level) + " encodings (mean cosine " +
                                                               number(b->meanCosine) + ")"});
    }
    int worst = 0;
    std::string reasons;
    for (const auto& sign : signs)
        worst = std::max(worst, sign.grade);
    for (const auto& sign : signs)
        if (worst > 0 && sign.grade == worst)
            reasons += (reasons.empty() ? "" : "; ") + sign.text;
    if (worst == 0 && step < kTellingStep)
        return {"early",
                "No sign of collapse, but " + std::to_string(step) + (step == 1 ? " step is" : " steps are") +
                    " too few to show one.",
                ""};
    if (worst == 0) {
        const auto* event = find(now, "event");
        const auto* began = find(start, "event");
        std::string text = "Encodings differ between recordings and over time as they should";
        if (event != nullptr && began != nullptr)
            text += ": effective rank of the event encodings " + number(event->effectiveRank) + " (at the start " +
                    number(began->effectiveRank) + ")";
        return {"healthy", text + ".", ""};
    }
    if (worst == 1)
        return {"collapsing", "Encodings are losing their variety: " + reasons + ".", adviceFor(context, false)};
    return {"collapsed", "Encodings have lost their variety, the model cannot be used: " + reasons + ".",
            adviceFor(context, true)};
}

} // namespace precordia
