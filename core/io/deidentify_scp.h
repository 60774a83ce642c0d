// SPDX-License-Identifier: GPL-3.0-or-later
// An SCP-ECG file without its identity. Kept: age (grouped), sex, height, weight, blood pressure, kind of device,
// filters and shifted dates of section 1; the signal (2 to 6); defined numbers of 7 and 10; statement codes of 11 that
// the standard's list knows. Gone: everything else, sections 8, 9 and those from 12 on among it.
#pragma once

#include "core/io/deidentify.h"

#include <cstddef>
#include <span>

namespace precordia {

Result<DeidentifyReport> deidentifyScp(const std::filesystem::path& in, const std::filesystem::path& out,
                                       const IdentityMap& identities);

// The bytes of the copy; `in` is for messages, and stands for a patient who has no id.
Result<std::vector<std::byte>> deidentifiedScp(std::span<const std::byte> bytes, const std::filesystem::path& in,
                                               const IdentityMap& identities, std::vector<std::string>& removed);

} // namespace precordia
