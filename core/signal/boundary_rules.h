// SPDX-License-Identifier: GPL-3.0-or-later
// From what the rules and the wave's shape say of an edge to its place: weights fitted once to cardiologists' marks
// (LUDB) by tools/fit_boundaries.py. Edges of QRS: a sum; of P and T: a sum of standardised terms, and for the onset of
// T, which of the phases a reader takes for the wave, boosted regression trees beside it. Internal to core/signal.
#pragma once

#include "core/signal/wave_search.h"

namespace precordia::signal {

// The numbers that are weighed for one edge of one lead. QRS: a constant, the rules, and the rules times the lead's
// trust (height over height and noise). P and T: wave_terms.h.
constexpr std::size_t qrsTerms = 1 + 2 * rules;
std::vector<double> termsOf(const LeadWaves& lead, Edge edge, double noise);

// The place, in samples, that the weighed terms are ms from.
double originOf(const LeadWaves& lead, Edge edge);

// Sets LeadWaves::place, onset before peak before end.
void weighRules(BeatWaves& waves, const std::vector<double>& noise);

} // namespace precordia::signal
