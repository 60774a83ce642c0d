// SPDX-License-Identifier: GPL-3.0-or-later
// The study's split into folds: stored, by patient, and checked for leaks. A labels table may bring one (PTB-XL's
// strat_fold); where there is one, an evaluation uses it. Folds of a table do not mix into a split that was made.
#pragma once

#include "core/base/progress.h"
#include "core/study/near_duplicates.h"
#include "core/study/study.h"

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

namespace precordia {

using Folds = std::unordered_map<RecordingId, int>;
Result<Folds> storedFolds(const Study& study); // empty: none

// Deals patients to folds 1..folds of nearly equal size and stores it in place of what was there; recordings that are
// nearly the same signal count as one patient's. The same seed gives the same. Errors: WrongUse (fewer than two folds,
// or fewer patients than folds), DatabaseFailed.
Result<Done> makeSplits(Study& study, int folds, std::uint64_t seed, const StopToken& stop, Progress& progress);

struct SplitLeak {
    enum class Kind { SamePatient, NearDuplicate } kind = Kind::SamePatient;
    RecordingId a, b;
    int foldOfA = 0, foldOfB = 0;
    double similarity = 1; // of a near duplicate
};
struct SplitCheck {
    std::map<int, int> recordings; // by fold
    int withoutFold = 0;
    int withoutPatient = 0;       // of no known patient: what they share cannot be told but by their signal
    std::vector<SplitLeak> leaks; // of a patient in several folds one for each fold beyond the first
};
// Error NotFound when no split is stored.
Result<SplitCheck> checkSplits(Study& study, const StopToken& stop, Progress& progress);

} // namespace precordia
