// SPDX-License-Identifier: GPL-3.0-or-later
// Pretraining as a run: data, steps, diagnosis, checkpoints, and a person's hand on it.
#pragma once

#include "core/engine/engine.h"
#include "core/train/compute_thread.h"

namespace precordia {

// On the compute thread; serves short requests between steps. When resuming, the run folder's configuration counts.
Result<RunSummary> pretrain(const PretrainRequest& request, const EngineInfo& engine, ComputeThread& thread);

} // namespace precordia
