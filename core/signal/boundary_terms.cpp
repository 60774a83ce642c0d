// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/signal/boundary_terms.h"

#include "core/signal/analysis.h"
#include "core/signal/boundary_rules.h"
#include "core/signal/delineation_score.h"

#include <algorithm>
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

// Of the beats of one group in one lead.
void addGroup(const Analysis& a, std::size_t g, std::size_t lead, const ReaderMarks& marks,
              std::vector<BoundaryTerms>& out) {
    const BeatGroup& group = a.groups[g];
    const LeadWaves& waves = group.waves.leads[lead];
    for (std::size_t e = 0; e < edges; ++e) {
        const std::size_t w = e / 3;
        BoundaryTerms row;
        double sum = 0, squares = 0;
        for (const std::size_t beat : group.members) {
            const BeatDetail& detail = a.details[beat];
            const double zero = static_cast<double>(a.shapes.beats[beat].at) - static_cast<double>(beatBefore);
            const double shift = w == 0 ? detail.pShift : w == 2 ? detail.tShift : 0;
            const ReaderMarks::Wave* wave = nearest(marks.wave[w], (zero + waves.place[3 * w + 1] + shift) / workRate);
            if (wave == nullptr)
                continue;
            const auto& mark = e % 3 == 0 ? wave->on : e % 3 == 1 ? wave->peak : wave->off;
            if (!mark)
                continue;
            const double offset =
                1000 * *mark - (zero + originOf(waves, static_cast<Edge>(e)) + shift) * 1000 / workRate;
            ++row.count;
            sum += offset;
            squares += offset * offset;
        }
        if (row.count == 0)
            continue;
        row.edge = static_cast<int>(e);
        row.offset = sum / row.count;
        row.spread = std::max(0.0, squares - sum * row.offset);
        row.terms = termsOf(waves, static_cast<Edge>(e), group.mean.noise[lead]);
        out.push_back(std::move(row));
    }
}

} // namespace

std::vector<BoundaryTerms> boundaryTerms(const Recording& recording) {
    std::vector<BoundaryTerms> out;
    const Analysis a = analyse(recording);
    for (std::size_t l = 0; l < a.signal.leads.size(); ++l)
        if (const auto marks = readerMarks(recording, annotationSource(a.signal.leads[l].name)))
            for (std::size_t g = 0; g < a.groups.size(); ++g)
                addGroup(a, g, l, *marks, out);
    return out;
}

} // namespace precordia
