// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/signal/boundary_rules.h"

#include "core/signal/wave_terms.h"

#include <algorithm>
#include <cmath>

namespace precordia::signal {
namespace {

// (term - mean) / scale, limited to +-5: a shape unlike all that were fitted does not run away.
struct Weight {
    float mean, scale, ms;
};
struct EdgeWeights {
    float constant; // ms
    std::array<Weight, waveTerms> term;
};

// Three questions one after the other, of plain terms: to the right where the term is larger.
struct Tree {
    std::array<std::uint16_t, 7> term; // the root, its two children, theirs
    std::array<float, 7> bound;
    std::array<float, 8> leaf; // ms
};

// qrsWeights; waveWeights: P on, peak, off, T on, peak, off; tOnTrees
#include "core/signal/boundary_weights.inc"

double ofTrees(const std::vector<double>& terms) {
    double ms = 0;
    for (const Tree& tree : tOnTrees) {
        std::size_t node = 0;
        for (int level = 0; level < 3; ++level)
            node = 2 * node + (terms[tree.term[node]] > static_cast<double>(tree.bound[node]) ? 2 : 1);
        ms += static_cast<double>(tree.leaf[node - 7]);
    }
    return ms;
}

std::size_t waveOf(Edge edge) {
    return static_cast<std::size_t>(edge) / 3;
}

double ofShape(const std::vector<double>& terms, const EdgeWeights& weights) {
    std::array<float, 4> ms{weights.constant}; // four sums that need not wait for each other
    for (std::size_t k = 0; k < waveTerms; ++k) {
        const Weight& w = weights.term[k];
        ms[k % 4] += w.ms * std::clamp((static_cast<float>(terms[k]) - w.mean) / w.scale, -5.0F, 5.0F);
    }
    return static_cast<double>(ms[0] + ms[1] + ms[2] + ms[3]);
}

// Onset before peak before end, and none far from where all leads together have it.
void order(LeadWaves& lead, std::size_t on) {
    constexpr double apart = 8 * workRate / 1000;
    constexpr std::array<double, 3> astray{160 * workRate / 1000, 100 * workRate / 1000, 160 * workRate / 1000};
    for (std::size_t e = 0; e < 3; ++e)
        lead.place[on + e] =
            std::clamp(lead.place[on + e], lead.rule[on + e].joint - astray[e], lead.rule[on + e].joint + astray[e]);
    lead.place[on] = std::min(lead.place[on], lead.place[on + 1] - apart);
    lead.place[on + 2] = std::max(lead.place[on + 2], lead.place[on + 1] + apart);
}

} // namespace

std::vector<double> termsOf(const LeadWaves& lead, Edge edge, double noise) {
    if (waveOf(edge) == 0)
        return lead.pTerms;
    if (waveOf(edge) == 2)
        return lead.tTerms;
    const auto e = static_cast<std::size_t>(edge);
    const double height = edgeHeight(lead, edge);
    const double trust = height / (height + 10 + 3 * noise);
    std::vector<double> out(qrsTerms);
    out[0] = 1;
    for (std::size_t k = 0; k < rules; ++k) {
        out[1 + k] = lead.rule[e].offset[k];
        out[1 + rules + k] = trust * lead.rule[e].offset[k];
    }
    return out;
}

double originOf(const LeadWaves& lead, Edge edge) {
    const std::size_t wave = waveOf(edge);
    return lead.rule[wave == 1 ? static_cast<std::size_t>(edge) : 3 * wave + 1].joint;
}

void weighRules(BeatWaves& waves, const std::vector<double>& noise) {
    for (std::size_t l = 0; l < waves.leads.size(); ++l) {
        LeadWaves& lead = waves.leads[l];
        std::array<double, edges> ms{};
        for (std::size_t e = 0; e < 3; ++e) {
            const auto terms = termsOf(lead, static_cast<Edge>(3 + e), noise[l]);
            for (std::size_t k = 0; k < qrsTerms; ++k)
                ms[3 + e] += qrsWeights[e][k] * terms[k];
        }
        for (std::size_t e = 0; e < 3; ++e) {
            ms[e] = ofShape(lead.pTerms, waveWeights[e]);
            ms[6 + e] = ofShape(lead.tTerms, waveWeights[3 + e]);
        }
        ms[static_cast<std::size_t>(Edge::TOn)] += ofTrees(lead.tTerms);
        for (std::size_t e = 0; e < edges; ++e)
            lead.place[e] = originOf(lead, static_cast<Edge>(e)) + ms[e] * workRate / 1000;
        order(lead, 0);
        order(lead, 6);
    }
}

} // namespace precordia::signal
