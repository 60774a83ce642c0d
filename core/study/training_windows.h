// SPDX-License-Identifier: GPL-3.0-or-later
// What a pretraining learns from: the study's windows and, where the configuration asks for them ("synthetic"),
// synthetic ECGs beside them. Few real recordings are learned by heart; the lifelike population is as large as wanted.
#pragma once

#include "core/study/signal_cache.h"

namespace precordia {

struct TrainingWindows {
    std::shared_ptr<SignalCache> study;
    std::shared_ptr<const WindowSource> all; // the study's first, so that their numbers stay
};

// synthetic: members of the population of synthesiseMember (core/ecg/synthesis.h) with a seed of its own, the same in
// every study. They are made once, into STUDY/cache/synthetic-N, and never seen by worklist, map or evaluation.
// Errors: those of SignalCache::build; ConfigInvalid when the synthesis has none of the leads.
Result<TrainingWindows> trainingWindows(const std::filesystem::path& studyFolder, const PreprocessingConfig& config,
                                        std::int64_t synthetic, StopToken stop, Progress& progress);

} // namespace precordia
