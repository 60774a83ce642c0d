// SPDX-License-Identifier: GPL-3.0-or-later
// EDF, EDF+, BDF and BDF+ without the person (deidentify.h). Kept: version, lengths, sampling, scales, sex, the date
// moved, the time of day, labels and units on a list, filters as numbers, annotations on a list (MIT symbols, rhythms,
// the standard's own words). Everything else goes, bytes between and after the fields too.
#pragma once

#include "core/io/deidentify.h"

namespace precordia {

Result<DeidentifyReport> deidentifyEdf(const std::filesystem::path& in, const std::filesystem::path& out,
                                       const IdentityMap& identities);

} // namespace precordia
