// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explore/known_truth.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>

namespace precordia {

using Json = nlohmann::json;

namespace {

std::string cell(const FactorScore& score) {
    if (!score.score)
        return "    -";
    char text[16];
    std::snprintf(text, sizeof text, "%5.2f", *score.score);
    return text;
}

std::string padded(std::string text, std::size_t width) {
    text.resize(std::max(width, text.size()), ' ');
    return text;
}

Json scoreJson(const KnownFactor& factor, const FactorScore& score) {
    Json out{{"rows", score.rows}};
    out[factor.isClass ? "auroc" : "r2"] = score.score ? Json(*score.score) : Json();
    if (!factor.isClass && score.score)
        out["mae"] = score.error;
    return out;
}

void describeCorpus(std::string& out, const CorpusTruth& corpus) {
    constexpr std::size_t kName = 24, kCell = 15;
    out += "\n" + corpus.corpus + ", " + std::to_string(corpus.recordings) +
           " recordings: R2 (AUROC of classes, marked *), model | random twin; last column: mean absolute error from "
           "the recording embedding\n" +
           padded("", kName);
    for (const auto& level : corpus.levels)
        out += padded(level.level, kCell);
    out += "\n";
    for (std::size_t f = 0; f < corpus.factors.size(); ++f) {
        const auto& factor = corpus.factors[f];
        out += padded(factor.name + (factor.isClass ? " *" : ""), kName);
        for (const auto& level : corpus.levels)
            out += padded(cell(level.model[f]) + " |" + cell(level.random[f]), kCell);
        const auto& top = corpus.levels.front().model[f];
        if (!factor.isClass && top.score) {
            char text[48];
            std::snprintf(text, sizeof text, "%.3g %s", top.error, factor.unit.c_str());
            out += text;
        }
        out += "\n";
    }
    for (std::size_t i = 0; i < corpus.notMeasured.size(); ++i)
        out += (i == 0 ? "not measured yet: " : ", ") + corpus.notMeasured[i];
    if (!corpus.notMeasured.empty())
        out += "\n";
}

} // namespace

std::string knownTruthTable(const std::vector<ModelTruth>& models) {
    std::string out;
    for (const auto& model : models) {
        out += (out.empty() ? "" : "\n") + model.name + " (" + model.architecture + ", " + model.hash + ")\n";
        for (const auto& corpus : model.corpora)
            describeCorpus(out, corpus);
    }
    return out;
}

std::string knownTruthJson(const std::vector<ModelTruth>& models) {
    Json all = Json::array();
    for (const auto& model : models) {
        Json corpora = Json::object();
        for (const auto& corpus : model.corpora) {
            Json levels = Json::object();
            for (const auto& level : corpus.levels)
                for (std::size_t f = 0; f < corpus.factors.size(); ++f) {
                    const auto& factor = corpus.factors[f];
                    levels[level.level][factor.name] = {{"model", scoreJson(factor, level.model[f])},
                                                        {"random_init", scoreJson(factor, level.random[f])},
                                                        {"unit", factor.unit}};
                }
            corpora[corpus.corpus] = {
                {"recordings", corpus.recordings}, {"levels", std::move(levels)}, {"not_measured", corpus.notMeasured}};
        }
        all.push_back({{"model", model.name},
                       {"hash", model.hash},
                       {"architecture", model.architecture},
                       {"corpora", std::move(corpora)}});
    }
    return Json{{"models", std::move(all)}}.dump(2);
}

} // namespace precordia
