// SPDX-License-Identifier: GPL-3.0-or-later
// A WFDB record: header and one signal file of format 16 (PhysioNet, header(5) and signal(5)).
#pragma once

#include "core/base/result.h"
#include "core/ecg/recording.h"

#include <filesystem>

namespace precordia {

// Writes <stem>.hea and, first, <stem>.dat beside it; each all or nothing. Voltages are kept in steps of quantumUv,
// other units in steps that let the largest value fit; NaN becomes the format's code for a missing sample. Comments are
// those of metadata.comments as they stand, then #Age, #Sex and #Dx where no comment says them already.
// Errors: WrongUse (no leads, unequal lengths, a name that WFDB does not allow, no sampling rate), ValueOutOfRange
// (a sample does not fit into 16 bits at this quantum), FileUnwritable.
Result<Done> writeWfdb(const Recording& recording, const std::filesystem::path& headerPath, double quantumUv = 1.0);

} // namespace precordia
