// SPDX-License-Identifier: GPL-3.0-or-later
// SCP-ECG files (EN 1064:2005, ISO 11073-91064): rhythm at its own rate in microvolts, the reference beat apart, from
// any of the standard's encodings (Huffman tables, differences, reference beat subtraction, bimodal compression). Files
// of version 3.0 (EN 1064:2020) are read as far as they keep to the sections of 2.0, with a warning.
#pragma once

#include "core/io/reader.h"

#include <cstddef>
#include <span>
#include <string>

namespace precordia {

class ScpReader final : public Reader {
public:
    std::string_view key() const override { return "scp"; }
    std::string_view description() const override { return "SCP-ECG file (EN 1064)"; }
    int recognises(const FileHead& head) const override;
    Result<Recording> read(const std::filesystem::path& path, const ReadOptions& options) const override;
};

// From memory; `file` is for messages. Errors as Reader::read.
Result<Recording> readScp(std::span<const std::byte> bytes, const std::string& file, const ReadOptions& options);

} // namespace precordia
