// SPDX-License-Identifier: GPL-3.0-or-later
// Base64 (RFC 4648, section 4) as XML files carry it: with white space anywhere.
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace precordia {

// Strict about length: four characters make three bytes, and '=' stands only where they make fewer, at the end.
// Errors: FormatInvalid, with the position of what does not belong there.
Result<std::vector<std::byte>> base64Decoded(std::string_view text, const std::string& where);

} // namespace precordia
