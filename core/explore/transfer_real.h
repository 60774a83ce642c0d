// SPDX-License-Identifier: GPL-3.0-or-later
// Real signals of a family for transfer.h: windows with the pulse rate that they show. Internal to core/explore.
#pragma once

#include "core/ecg/window_source.h"
#include "core/explore/transfer.h"
#include "core/signal/preprocess.h"

#include <memory>

namespace precordia {

struct RealWindows {
    RealSignal signal;
    std::shared_ptr<MemoryWindows> windows; // of two channels, one a second
    std::vector<double> rates;              // bpm by autocorrelation, one a window
};
// shape: rate, length and band of the windows; its leads are not asked. Errors: those of the reader, SignalTooShort
// (less than one window), NotFound (no pulse stands out).
Result<RealWindows> readReal(const RealSignal& signal, const PreprocessingConfig& shape);

} // namespace precordia
