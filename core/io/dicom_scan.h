// SPDX-License-Identifier: GPL-3.0-or-later
// Walks the elements of a DICOM file (PS3.5, PS3.10) and compares every declared length with the bytes that are there,
// before DCMTK, which believes them, loads the file. A few KiB of the file are in memory at a time.
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <vector>

namespace precordia::dicom {

// Bytes of a file, or of memory, by offset.
class Source {
public:
    explicit Source(std::span<const std::byte> bytes);
    explicit Source(const std::filesystem::path& path);
    std::uint64_t size() const { return size_; }
    // Empty when they are not all there; valid until the next call.
    std::span<const std::byte> at(std::uint64_t offset, std::uint64_t count);

private:
    std::span<const std::byte> bytes_;
    std::ifstream file_;
    std::uint64_t size_ = 0;
    std::uint64_t windowAt_ = 0;
    std::vector<std::byte> window_;
};

enum class Encoding { ImplicitLittle, ExplicitLittle, ExplicitBig };

struct Layout {
    std::uint64_t dataset = 0; // offset of the first element after the file meta information
    Encoding encoding = Encoding::ExplicitLittle;
    bool deflated = false; // what stands at `dataset` is a deflate stream, not looked into
    bool preamble = true;
};

bool hasPreamble(std::span<const std::byte> head); // "DICM" at byte 128
// A data set without preamble, as old archives keep it: three elements of group 8 in order.
bool looksBare(std::span<const std::byte> head);

// Errors: FormatInvalid, FileTruncated (a length beyond the end), FormatUnsupported, ValueOutOfRange (nested or filled
// beyond any waveform object).
Result<Layout> scan(Source& source, const std::string& fileName);
Result<Layout> scan(std::span<const std::byte> bytes, const std::string& fileName);
// The elements of a data set in explicit, little-endian encoding, without file meta information (a deflated one).
Result<Done> scanDataset(std::span<const std::byte> bytes, const std::string& fileName);

} // namespace precordia::dicom
