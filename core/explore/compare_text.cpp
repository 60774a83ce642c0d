// SPDX-License-Identifier: GPL-3.0-or-later
// A comparison as JSON for scripts and as tables for people.
#include "core/explore/compare.h"
#include "core/explore/evaluate_json.h"
#include "core/explore/text_table.h"

#include <cmath>

namespace precordia {

namespace {

using Json = OrderedJson;
using Rows = std::vector<std::vector<std::string>>;

// Whom the differences are taken from: the first model that was trained.
std::string leaderOf(const Comparison& comparison) {
    for (const auto& model : comparison.models)
        if (model.error.empty() && model.model != "random-init" && model.model != "simple-features")
            return model.model;
    return comparison.models.front().model;
}

Json modelJson(const ComparedModel& m, const Comparison& comparison) {
    Json json = {{"model", m.model}};
    if (!m.error.empty()) {
        json["error"] = m.error;
        return json;
    }
    const bool network = m.model != "simple-features";
    json["auroc"] = m.auroc.difference;
    json["ci95"] = {m.auroc.low, m.auroc.high};
    json.update(figuresJson(m.figures, false));
    json["er_jepa_above"] = differenceJson(m.lead);
    if (comparison.options.lowShare > 0)
        json["low_label"] = {{"share", comparison.options.lowShare},
                             {"auroc", m.lowAuroc.difference},
                             {"ci95", {m.lowAuroc.low, m.lowAuroc.high}},
                             {"er_jepa_above", differenceJson(m.lowLead)}};
    json["labels"] = Json::object();
    for (std::size_t i = 0; i < m.perLabel.size(); ++i)
        json["labels"][comparison.labels[i]] = m.perLabel[i];
    if (!network)
        return json;
    json["levels"] = {{"recording", m.auroc.difference}, {"interval", m.interval}, {"event", m.event}};
    json["effective_rank"] = Json::object();
    for (std::size_t level = 0; level < kProbeLevels.size(); ++level)
        json["effective_rank"][kProbeLevels[level]] = m.effectiveRank[level];
    json["hash"] = m.hash;
    json["encoding_seconds"] = m.encodingSeconds;
    if (m.run.empty())
        return json;
    json["run"] = m.run;
    json["reused"] = m.reused;
    json["steps"] = m.steps;
    json["seconds"] = m.seconds;
    json["cpu_seconds"] = m.cpuSeconds;
    json["verdict"] = m.verdict;
    return json;
}

std::string heading(const Comparison& c) {
    std::string out =
        "Models trained on the same " + std::to_string(c.recordings) + " recordings with " +
        (c.options.cpuSeconds > 0 ? "about " + std::to_string(std::lround(c.options.cpuSeconds)) + " CPU seconds each"
                                  : std::to_string(c.options.steps) + " steps each") +
        " and probed alike: mean AUROC over " + std::to_string(c.labels.size()) +
        (c.labels.size() == 1 ? " label" : " labels") +
        " of a linear probe on the recording embedding, folds by patient, 95 % intervals.";
    if (!c.options.evaluate.leads.empty()) {
        out += " Leads shown:";
        for (const auto& lead : c.options.evaluate.leads)
            out += " " + lead;
        out += ".";
    }
    return wrapped(out);
}

std::string number(double value, int digits) {
    char text[32];
    std::snprintf(text, sizeof text, "%.*f", digits, value);
    return text;
}

std::string scoreTable(const Comparison& c) {
    const std::string above = leaderOf(c) + " above it";
    const bool low = c.options.lowShare > 0;
    Rows rows = {{"model", "AUROC", "95 %", above}};
    if (low)
        rows[0].insert(rows[0].end(), {number(c.options.lowShare * 100, 0) + " %", above});
    for (const auto& m : c.models) {
        if (!m.error.empty())
            continue;
        rows.push_back({m.model, figureText(m.auroc.difference), intervalText(m.auroc.low, m.auroc.high),
                        m.model == leaderOf(c) ? "" : differenceText(m.lead)});
        if (low)
            rows.back().insert(rows.back().end(), {figureText(m.lowAuroc.difference),
                                                   m.model == leaderOf(c) ? "" : differenceText(m.lowLead)});
    }
    return textTable(rows) + (low ? wrapped("The columns after " + number(c.options.lowShare * 100, 0) +
                                            " %: with that share of the training labels, mean of " +
                                            std::to_string(c.options.evaluate.draws) + " draws.")
                                  : "");
}

std::string costTable(const Comparison& c) {
    Rows rows = {{"model", "interval", "event", "AUPRC", "rank r/i/e", "steps", "s", "CPU s", "verdict"}};
    for (const auto& m : c.models) {
        if (!m.error.empty() || m.model == "simple-features")
            continue;
        const bool trained = !m.run.empty();
        rows.push_back(
            {m.model, figureText(m.interval), figureText(m.event), figureText(m.figures.auprc),
             number(m.effectiveRank[0], 0) + "/" + number(m.effectiveRank[1], 0) + "/" + number(m.effectiveRank[2], 0),
             trained ? std::to_string(m.steps) : "-", trained ? number(m.seconds, 0) : "-",
             trained ? number(m.cpuSeconds, 0) : "-", trained ? m.verdict + (m.reused ? "*" : "") : "-"});
    }
    return textTable(rows) + "* trained before\n";
}

std::string labelTable(const Comparison& c) {
    Rows rows = {{"label", "with/out"}};
    for (const auto& m : c.models)
        if (m.error.empty())
            rows[0].push_back(shortened(m.model == "er-jepa-no-channel" ? "no-channel" : m.model, 10));
    for (std::size_t i = 0; i < c.labels.size(); ++i) {
        rows.push_back(
            {shortened(c.labels[i], 22), std::to_string(c.counts[i].first) + "/" + std::to_string(c.counts[i].second)});
        for (const auto& m : c.models)
            if (m.error.empty())
                rows.back().push_back(figureText(m.perLabel[i]));
    }
    return textTable(rows);
}

} // namespace

std::string comparisonJson(const Comparison& comparison) {
    Json json;
    json["models"] = Json::array();
    for (const auto& model : comparison.models)
        json["models"].push_back(modelJson(model, comparison));
    json["er_jepa"] = leaderOf(comparison);
    json["budget"] = comparison.options.cpuSeconds > 0 ? Json({{"cpu_seconds", comparison.options.cpuSeconds}})
                                                       : Json({{"steps", comparison.options.steps}});
    json["preset"] = comparison.options.config.preset;
    json["settings"] = comparison.options.config.settings;
    json["recordings"] = comparison.recordings;
    json["labels"] = Json::array();
    for (std::size_t i = 0; i < comparison.labels.size(); ++i)
        json["labels"].push_back({{"label", comparison.labels[i]},
                                  {"positives", comparison.counts[i].first},
                                  {"negatives", comparison.counts[i].second}});
    json.update(probeJson(comparison.options.evaluate));
    json["protocol"] = "compare";
    json["refused"] = refusedJson(comparison.refused);
    json["seconds"] = comparison.seconds;
    return json.dump(2);
}

std::string comparisonTable(const Comparison& c) {
    std::string out = heading(c) + "\n" + scoreTable(c) + "\n" + costTable(c) + "\n" + labelTable(c);
    for (const auto& m : c.models)
        if (!m.error.empty())
            out += "\n" + wrapped("Not compared: " + m.model + ": " + m.error);
    for (const auto& [label, why] : c.refused)
        out += "\n" + wrapped("Not probed: " + label + ": " + why);
    return out;
}

} // namespace precordia
