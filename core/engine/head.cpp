// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/head.h"

#include <algorithm>

namespace precordia {

std::vector<HeadSplit> splitsOfFolds(const std::vector<int>& foldOf) {
    const int folds = foldOf.empty() ? 0 : *std::max_element(foldOf.begin(), foldOf.end()) + 1;
    std::vector<HeadSplit> splits(static_cast<std::size_t>(std::max(folds, 0)));
    for (std::size_t row = 0; row < foldOf.size(); ++row)
        for (std::size_t f = 0; f < splits.size() && foldOf[row] >= 0; ++f)
            (foldOf[row] == static_cast<int>(f) ? splits[f].test : splits[f].train).push_back(static_cast<int>(row));
    return splits;
}

HeadTraining headDefaults(HeadKind kind) {
    HeadTraining training;
    if (kind == HeadKind::FineTune) {
        training.epochs = 12;
        training.batch = 16;
        training.learningRate = 3e-4;
        training.layerDecay = 0.75;
        training.dropout = 0.1;
        training.patience = 4;
        training.queries = 0;
    }
    return training;
}

} // namespace precordia
