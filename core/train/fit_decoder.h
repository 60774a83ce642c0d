// SPDX-License-Identifier: GPL-3.0-or-later
// Fits the event decoder on the frozen encoder: what waveform does the model mean by an event encoding?
#pragma once

#include "core/base/progress.h"
#include "core/train/compute_thread.h"
#include "core/train/model_file.h"

namespace precordia {

struct FittedDecoder {
    EventDecoder decoder;
    DecoderReport report;
};

// Adam on smooth L1 between decoded and true intervals, once for each kind of decoder on the same pairs; the kind with
// the smallest error on held-back windows (a fifth) is kept. On the compute thread. Errors: LeadMissing, NotFinite.
Result<FittedDecoder> fitEventDecoder(const LoadedModel& model, const WindowSource& windows, int steps,
                                      const StopToken& stop, Progress& progress, ComputeThread& thread);

} // namespace precordia
