// SPDX-License-Identifier: GPL-3.0-or-later
// What tools/fit_boundaries.py fits core/signal/boundary_weights.inc to: of each edge that a reader marked, where the
// reader has it and what the rules say of it.
#pragma once

#include "core/ecg/recording.h"

#include <vector>

namespace precordia {

struct BoundaryTerms {
    int edge = 0;              // P on, peak, off; QRS ...; T ...
    double offset = 0;         // ms, the reader's place less that of all leads together
    std::vector<double> terms; // what is weighed (boundary_rules.h)
};

// Measures the recording anew. Empty: nothing in it is annotated by lead.
std::vector<BoundaryTerms> boundaryTerms(const Recording& recording);

} // namespace precordia
