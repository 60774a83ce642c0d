// SPDX-License-Identifier: GPL-3.0-or-later
// One reader a format; the registry tells the format by content. No Qt, no torch.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/ecg/recording.h"
#include "core/io/table_layout.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace precordia {

// Samples [first, first + count) of every lead; what lies beyond the end is not there.
struct SampleRange {
    std::int64_t first = 0;
    std::int64_t count = 0;
};

struct ReadOptions {
    bool metadataOnly = false; // no samples: leads carry names and units, samplesPromised the length
    // Only this part: `leads` hold it, firstSample says where it begins, samplesPromised is the whole length;
    // annotations keep their times in the whole recording. A reader whose readsRanges() is true reads no more of the
    // file than it needs; for the others the registry reads all and cuts.
    std::optional<SampleRange> range;
    bool annotations = true; // also the annotation files beside the record
    // Which recording of a file that holds several (an HDF5 or NPY array of them); Recording::items says how many there
    // are: read with item 0, then 1 to items - 1. Every other reader has one, and refuses another item. Beyond the
    // last: ValueOutOfRange.
    std::int64_t item = 0;
    // What a person says of a file that does not say it itself (rate, unit, leads ...); what the file says is
    // overruled. Unset: a table-layout.json in the file's folder, where there is one.
    std::optional<TableLayout> tableLayout;
    StopToken stop;
};

struct FileHead {
    const std::filesystem::path& path;
    std::span<const std::byte> bytes; // the first 4 KiB, or less
};

class Reader {
public:
    virtual ~Reader() = default;
    virtual std::string_view key() const = 0;         // "wfdb"
    virtual std::string_view description() const = 0; // "WFDB record (PhysioNet)"
    // By content: 0 no, 1 maybe (a weak match: text that could be many things), 2 surely.
    virtual int recognises(const FileHead& head) const = 0;
    // True for a file that belongs to another one and is read with it (a WFDB .dat or .atr): import skips it in
    // silence.
    virtual bool isCompanion(const FileHead&) const { return false; }
    // True for a file that looks like one and is none if another reader is sure of it.
    virtual bool mayBeCompanion(const FileHead&) const { return false; }
    // True: options.range is honoured with memory and time in proportion to the range.
    virtual bool readsRanges() const { return false; }
    // Errors: FileNotFound, FileUnreadable, FileTruncated, FormatInvalid, FormatUnsupported, SignalTooShort; each names
    // file, place and reason.
    virtual Result<Recording> read(const std::filesystem::path& path, const ReadOptions& options) const = 0;
};

class Registry {
public:
    static const Registry& standard(); // every reader of the program
    void add(std::unique_ptr<Reader> reader);
    // The reader that fits best; Error FormatUnknown says what was looked for.
    Result<const Reader*> find(const std::filesystem::path& path) const;
    // A WFDB record may be named without extension.
    Result<Recording> read(const std::filesystem::path& path, const ReadOptions& options = {}) const;
    bool isCompanion(const std::filesystem::path& path) const;
    const std::vector<std::unique_ptr<Reader>>& readers() const { return readers_; }

private:
    Result<Recording> readAny(const std::filesystem::path& file, const ReadOptions& options) const;
    std::vector<std::unique_ptr<Reader>> readers_;
};

} // namespace precordia
