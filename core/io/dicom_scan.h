// SPDX-License-Identifier: GPL-3.0-or-later
// Walks the elements of a DICOM file (PS3.5, PS3.10) and compares every declared length with the bytes that are there,
// before DCMTK, which believes them, loads the file. A few KiB of the file are in memory at a time.
#pragma once

#include "core/base/result.h"
#include "core/io/random_access.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace precordia::dicom {

// A window that walks over bytes.
class Source {
public:
    explicit Source(const RandomAccess& bytes) : bytes_(bytes) {} // which must outlive it
    std::uint64_t size() const { return bytes_.size(); }
    // Empty when they are not all there, or cannot be read; valid until the next call.
    std::span<const std::byte> at(std::uint64_t offset, std::uint64_t count);
    const std::optional<Error>& failure() const { return failure_; } // FileUnreadable: what is missing may be there

private:
    const RandomAccess& bytes_;
    std::uint64_t windowAt_ = 0;
    std::vector<std::byte> window_;
    std::optional<Error> failure_;
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

// Errors: FileUnreadable, FormatInvalid, FileTruncated (a length beyond the end), FormatUnsupported, ValueOutOfRange
// (nested or filled beyond any waveform object).
Result<Layout> scan(Source& source, const std::string& fileName);
Result<Layout> scan(std::span<const std::byte> bytes, const std::string& fileName);
// The elements of a data set in explicit, little-endian encoding, without file meta information (a deflated one).
Result<Done> scanDataset(std::span<const std::byte> bytes, const std::string& fileName);

} // namespace precordia::dicom
