// SPDX-License-Identifier: GPL-3.0-or-later
// One of several classes: intervals and paired comparisons of the one-versus-one AUROC, resampled by patient.
#pragma once

#include "core/explore/metrics.h"
#include "core/explore/probe.h"

#include <vector>

namespace precordia {

// Mean over several tables of scores [N, K] of the same rows (divisions into folds, random seeds).
PairedDifference classInterval(const std::vector<RowsD>& scores, const std::vector<int>& classOf,
                               const std::vector<std::int64_t>& groups, int bootstraps, std::uint64_t seed);
// Mean of a less mean of b.
PairedDifference compareClasses(const std::vector<RowsD>& a, const std::vector<RowsD>& b,
                                const std::vector<int>& classOf, const std::vector<std::int64_t>& groups,
                                int bootstraps, std::uint64_t seed);

} // namespace precordia
