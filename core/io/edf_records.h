// SPDX-License-Identifier: GPL-3.0-or-later
// The data records of an EDF file, read in pieces: memory does not grow with the file.
#pragma once

#include "core/base/result.h"
#include "core/io/edf_header.h"
#include "core/io/random_access.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace precordia::edf {

class File {
public:
    // Errors: FileNotFound, FileUnreadable.
    static Result<File> open(const std::filesystem::path& path);
    explicit File(std::unique_ptr<RandomAccess> bytes) : bytes_(std::move(bytes)) {}
    std::uint64_t size() const { return bytes_->size(); }
    // Bytes [at, at + count), fewer at the end of the file or where it cannot be read; valid until the next call.
    // ahead: more is read at once, for whoever walks on.
    std::span<const std::byte> read(std::uint64_t at, std::size_t count, bool ahead = true);

    // FileUnreadable, of whatever read failed; who is done with reading asks.
    Result<Done> failure() const { return failure_ ? Result<Done>(*failure_) : Result<Done>(Done{}); }

private:
    std::unique_ptr<RandomAccess> bytes_;
    std::uint64_t bufferAt_ = 0;
    std::vector<std::byte> buffer_;
    std::optional<Error> failure_;
};

// Header and signals of an open file. Errors: those of the header.
Result<Header> readHeader(File& file, const std::string& where);

// Where each record lies in the samples of one rate. Gaps of a discontinuous file are between them.
struct Placement {
    double rate = 0;
    std::uint64_t samplesPerRecord = 0;
    std::vector<std::int64_t> starts; // of the records; empty: one right after the other
    std::int64_t length = 0;          // samples from the first to the end of the last

    std::int64_t start(std::uint64_t record) const {
        return starts.empty() ? static_cast<std::int64_t>(record * samplesPerRecord) : starts[record];
    }
};
// onsets: s from the first record's, one a record; empty for a continuous file. backwards: how many records begin
// before the one before them ends (they follow it at once).
Placement place(double recordSeconds, std::uint64_t samplesPerRecord, std::uint64_t records,
                const std::vector<double>& onsets, std::size_t& gaps, std::size_t& backwards);

// Little-endian integers of 2 or 3 bytes.
inline std::int32_t integerAt(std::span<const std::byte> bytes, std::size_t index, bool bdf) {
    const auto b = [&](std::size_t i) { return std::to_integer<std::uint32_t>(bytes[i]); };
    if (!bdf)
        return static_cast<std::int16_t>(b(2 * index) | b(2 * index + 1) << 8U);
    const auto word = b(3 * index) << 8U | b(3 * index + 1) << 16U | b(3 * index + 2) << 24U;
    return static_cast<std::int32_t>(word) >> 8;
}

} // namespace precordia::edf
