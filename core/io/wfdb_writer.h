// SPDX-License-Identifier: GPL-3.0-or-later
// A WFDB record: header, one signal file of format 16, 24 or 32, and the annotations in MIT format (PhysioNet,
// header(5), signal(5), annot(5)).
#pragma once

#include "core/base/result.h"
#include "core/ecg/recording.h"

#include <filesystem>

namespace precordia {

struct WfdbOptions {
    int format = 16; // 16, 24 or 32 bits a sample
    // Voltages are kept in steps of this. 0: each lead in the steps of its own file, 1 uV where they are not known,
    // coarser where the largest value would not fit.
    double quantumUv = 1.0;
    bool annotations = true; // also <stem>.atr, when the recording has marks
};

// Writes <stem>.hea, <stem>.dat and <stem>.atr, all or none. Other units than voltages are kept in steps that let the
// largest value fit; NaN becomes the format's code for a missing sample. Comments are those of metadata.comments as
// they stand, then #Age, #Sex and #Dx where no comment says them already. Errors: WrongUse (no leads, unequal lengths,
// a name that WFDB does not allow, no sampling rate, another format), ValueOutOfRange (a sample does not fit at this
// quantum), FileUnwritable.
Result<Done> writeWfdb(const Recording& recording, const std::filesystem::path& headerPath,
                       const WfdbOptions& options = {});
// Format 16 in steps of quantumUv.
Result<Done> writeWfdb(const Recording& recording, const std::filesystem::path& headerPath, double quantumUv);

} // namespace precordia
