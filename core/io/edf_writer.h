// SPDX-License-Identifier: GPL-3.0-or-later
// EDF+ (Kemp and Olivan 2003), continuous, 16 bits. Nothing of a person but the sex: patient and recording fields are
// "X", there is no date.
#pragma once

#include "core/base/result.h"
#include "core/ecg/recording.h"

#include <filesystem>

namespace precordia {

// All or nothing. Voltages in uV, in steps of Lead::quantum (the finest of 1, 2, 5 x 10^n that fits, where it is not
// known), coarser where 16 bits would not hold the lead: read back equal to within half a step. NaN becomes -32768, one
// below the declared digital minimum. The last record is filled up with such samples where no record with an exact
// duration divides the length. Annotations are written with their duration; one of a single lead has "@@<label>" behind
// it. Errors: WrongUse (no leads, unequal lengths, no sampling rate), ValueOutOfRange (numbers that no 8 characters
// hold), FileUnwritable.
Result<Done> writeEdf(const Recording& recording, const std::filesystem::path& path);

} // namespace precordia
