// SPDX-License-Identifier: GPL-3.0-or-later
// The labels of a study that the k-NN probe of a pretraining looks at.
#pragma once

#include "core/engine/engine.h"
#include "core/study/signal_cache.h"
#include "core/study/study.h"

namespace precordia {

struct FrequentLabelOptions {
    std::size_t labels = 5; // the most frequent ones
    std::size_t windows =
        192;        // of different recordings, spread evenly over the study: each is encoded at each diagnosis
    int least = 10; // positives and negatives that a label needs
};

// Positive: the recording has the label. Negative: it has not, but its data set uses it (core/study/labelled_set.h); a
// recording of no data set counts when it has some label. Without names when no label is frequent enough.
// Error DatabaseFailed.
Result<ProbeLabels> frequentLabels(const Study& study, const SignalCache& windows,
                                   const FrequentLabelOptions& options = {});

} // namespace precordia
