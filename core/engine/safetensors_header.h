// SPDX-License-Identifier: GPL-3.0-or-later
// The header of a safetensors file (github.com/huggingface/safetensors, "Format"), read from untrusted bytes: no length
// is believed before it was compared with what is there, nothing in it is run. Knows no tensor library.
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace precordia {

enum class TensorType { F32, I64 };
std::uint64_t itemSize(TensorType type); // bytes

struct TensorEntry {
    std::string name;
    TensorType type = TensorType::F32;
    std::vector<std::int64_t> shape;
    std::uint64_t begin = 0, end = 0; // within the data
};

struct SafetensorsHeader {
    std::vector<TensorEntry> entries; // in the order of the data, without hole or overlap
    std::map<std::string, std::string> metadata;
    std::uint64_t dataAt = 0; // in the file
};

// Of a whole file. Needs memory in proportion to the header. A checksum that is there must be right. Errors:
// FileTruncated; ModelInvalid names the tensor and what is wrong with it.
Result<SafetensorsHeader> parseSafetensors(std::span<const std::byte> file);

// The metadata's "sha256": SHA-256 of the whole file with this value's 64 digits as zeros. One flipped bit shows. Files
// without it are read too. Other readers see a text among the metadata.
inline constexpr const char* kChecksumKey = "sha256";
std::string emptyChecksum(); // what stands there while it is computed
// Puts it in its place; the metadata must have the empty one.
void sealSafetensors(std::span<std::byte> file);

} // namespace precordia
