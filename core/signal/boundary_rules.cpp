// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/signal/boundary_rules.h"

#include <algorithm>
#include <cmath>

namespace precordia::signal {
namespace {

using Weights = std::array<std::array<double, edgeTerms>, edges>;
const Weights weights = {{
#include "core/signal/boundary_weights.inc"
}};

} // namespace

std::array<double, edgeTerms> termsOf(const LeadWaves& lead, Edge edge, double noise) {
    const auto e = static_cast<std::size_t>(edge);
    const double height = edgeHeight(lead, edge);
    const double trust = height / (height + 10 + 3 * noise);
    std::array<double, edgeTerms> out{};
    out[0] = 1;
    for (std::size_t k = 0; k < rules; ++k) {
        out[1 + k] = lead.rule[e].offset[k];
        out[1 + rules + k] = trust * lead.rule[e].offset[k];
    }
    return out;
}

void weighRules(BeatWaves& waves, const std::vector<double>& noise) {
    for (std::size_t l = 0; l < waves.leads.size(); ++l) {
        LeadWaves& lead = waves.leads[l];
        for (std::size_t e = 0; e < edges; ++e) {
            const auto terms = termsOf(lead, static_cast<Edge>(e), noise[l]);
            double ms = 0;
            for (std::size_t k = 0; k < edgeTerms; ++k)
                ms += weights[e][k] * terms[k];
            lead.place[e] = lead.rule[e].joint + ms * workRate / 1000;
        }
    }
}

} // namespace precordia::signal
