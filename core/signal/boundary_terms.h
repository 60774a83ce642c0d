// SPDX-License-Identifier: GPL-3.0-or-later
// What tools/fit_boundaries.py fits core/signal/boundary_weights.inc to: of each edge that a reader marked, where the
// reader has it and what is weighed for it.
#pragma once

#include "core/ecg/recording.h"

#include <vector>

namespace precordia {

struct BoundaryTerms {
    int edge = 0;              // P on, peak, off; QRS ...; T ...
    int count = 0;             // beats of one shape in one lead: they share their terms
    double offset = 0;         // ms, the reader's place less the origin (boundary_rules.h), mean over the beats
    double spread = 0;         // ms^2, sum over the beats of the squared distance from that mean
    std::vector<double> terms; // what is weighed (boundary_rules.h)
};

// Measures the recording anew. Empty: nothing in it is annotated by lead.
std::vector<BoundaryTerms> boundaryTerms(const Recording& recording);

} // namespace precordia
