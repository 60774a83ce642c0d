// SPDX-License-Identifier: GPL-3.0-or-later
// NumPy's .npy format, versions 1 to 3, little-endian, C order (numpy.lib.format).
#pragma once

#include "core/base/result.h"
#include "core/explore/embedding_table.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace precordia {

// The bytes before the values of a float32 array.
std::string npyHeader(const std::vector<std::int64_t>& shape);
Result<Done> writeNpy(const std::filesystem::path& file, const Matrix& values);
// A table of float32 or float64 with two dimensions. Errors: FormatInvalid, FormatUnsupported, FileTruncated.
Result<Matrix> readNpy(const std::filesystem::path& file);

} // namespace precordia
