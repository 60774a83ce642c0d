// SPDX-License-Identifier: GPL-3.0-or-later
// From what the rules say of an edge to its place: a weight a rule, fitted once to cardiologists' marks (LUDB) by
// tools/fit_boundaries.py. Internal to core/signal.
#pragma once

#include "core/signal/wave_search.h"

namespace precordia::signal {

// The numbers that are weighed for one edge of one lead: a constant, the rules, and the rules times the lead's trust
// (height over height and noise).
constexpr std::size_t edgeTerms = 1 + 2 * rules;
std::array<double, edgeTerms> termsOf(const LeadWaves& lead, Edge edge, double noise);

// Sets LeadWaves::place from LeadWaves::rule.
void weighRules(BeatWaves& waves, const std::vector<double>& noise);

} // namespace precordia::signal
