// SPDX-License-Identifier: GPL-3.0-or-later
// safetensors (github.com/huggingface/safetensors, "Format") to tensors and back: 8 bytes little-endian header length,
// JSON header, raw data. Read from untrusted files: core/engine/safetensors_header.h judges the bytes.
#pragma once

#include "core/base/result.h"

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace precordia {

using NamedTensors = std::vector<std::pair<std::string, at::Tensor>>;

struct TensorFile {
    NamedTensors tensors; // on the CPU, in the order of the data
    std::map<std::string, std::string> metadata;

    const at::Tensor* find(std::string_view name) const; // nullptr: not there
};

// F32 and I64. Errors: FileNotFound, FileUnreadable, FileTruncated, ModelInvalid; the tensor is named.
Result<TensorFile> readSafetensors(const std::filesystem::path& path);
// With a checksum among the metadata, which readSafetensors checks and takes out again. All or nothing: the old file
// stays whole until the new one is on disk. Tensors of any device; F32 and I64 only. Errors: FileUnwritable; WrongUse
// for another type or a name given twice.
Result<Done> writeSafetensors(const std::filesystem::path& path, const NamedTensors& tensors,
                              const std::map<std::string, std::string>& metadata = {});

} // namespace precordia
