// SPDX-License-Identifier: GPL-3.0-or-later
// An ISHNE Holter recording, and the annotations beside it, without their identity. Kept of the header: sex, shifted
// dates, time of day, leads, qualities, resolutions, rate, pacemaker; the block of text is filled with zeros.
#pragma once

#include "core/io/deidentify.h"

namespace precordia {

Result<DeidentifyReport> deidentifyIshne(const std::filesystem::path& in, const std::filesystem::path& out,
                                         const IdentityMap& identities);

} // namespace precordia
