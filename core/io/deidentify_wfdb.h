// SPDX-License-Identifier: GPL-3.0-or-later
// A WFDB record freed of its identity: header, segments, signal files and MIT annotations under a new name.
#pragma once

#include "core/io/deidentify.h"

namespace precordia {

// See Deidentifier. `out` is the header to write, <name>.hea; its companions are called after it. The samples' bytes
// stay as they are; what lies before, between or after them goes. A WFDB header has no place for a patient: where no
// comment names one, the record's own name stands for it. Not possible (FormatUnsupported): a FLAC stream that holds
// anything but its own blocks.
Result<DeidentifyReport> deidentifyWfdb(const std::filesystem::path& in, const std::filesystem::path& out,
                                        const IdentityMap& identities);

} // namespace precordia
