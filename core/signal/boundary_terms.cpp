// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/signal/boundary_terms.h"

#include "core/signal/analysis.h"
#include "core/signal/boundary_rules.h"
#include "core/signal/delineation_score.h"

#include <cmath>

namespace precordia {
namespace {

using namespace signal;

constexpr double tolerance = 0.15; // s, as the score has it

const ReaderMarks::Wave* nearest(const std::vector<ReaderMarks::Wave>& waves, double peak) {
    const ReaderMarks::Wave* out = nullptr;
    for (const auto& wave : waves)
        if (std::abs(*wave.peak - peak) <= tolerance &&
            (out == nullptr || std::abs(*wave.peak - peak) < std::abs(*out->peak - peak)))
            out = &wave;
    return out;
}

void addBeat(const Analysis& a, std::size_t beat, std::size_t lead, const ReaderMarks& marks,
             std::vector<BoundaryTerms>& out) {
    const BeatDetail& detail = a.details[beat];
    const BeatGroup& group = a.groups[detail.group];
    const LeadWaves& waves = group.waves.leads[lead];
    const double zero = static_cast<double>(a.shapes.beats[beat].at) - static_cast<double>(beatBefore);
    for (std::size_t e = 0; e < edges; ++e) {
        const std::size_t w = e / 3;
        const double shift = w == 0 ? detail.pShift : w == 2 ? detail.tShift : 0;
        const ReaderMarks::Wave* wave = nearest(marks.wave[w], (zero + waves.place[3 * w + 1] + shift) / workRate);
        if (wave == nullptr)
            continue;
        const auto& mark = e % 3 == 0 ? wave->on : e % 3 == 1 ? wave->peak : wave->off;
        if (!mark)
            continue;
        const auto terms = termsOf(waves, static_cast<Edge>(e), group.mean.noise[lead]);
        out.push_back({static_cast<int>(e),
                       1000 * *mark - (zero + waves.rule[e].joint + shift) * 1000 / workRate,
                       {terms.begin(), terms.end()}});
    }
}

} // namespace

std::vector<BoundaryTerms> boundaryTerms(const Recording& recording) {
    std::vector<BoundaryTerms> out;
    const Analysis a = analyse(recording);
    for (std::size_t l = 0; l < a.signal.leads.size(); ++l)
        if (const auto marks = readerMarks(recording, annotationSource(a.signal.leads[l].name)))
            for (std::size_t b = 0; b < a.beats.size(); ++b)
                addBeat(a, b, l, *marks, out);
    return out;
}

} // namespace precordia
