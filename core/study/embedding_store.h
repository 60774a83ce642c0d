// SPDX-License-Identifier: GPL-3.0-or-later
// embeddings/<model hash>.h5: what a model made of a study, one dataset a level, rows in the order of /recording_id.
//   /recording [N, R]   /interval [N, T, D]   /event [N, T, D]   /lead [N, T, L, D] (when asked for)   /recording_id
//   [N]
// attributes: model_hash, preprocessing_hash, data_hash, program_version. N counts windows (usually one a recording).
#pragma once

#include "core/base/result.h"
#include "core/base/strong_index.h"

#include <array>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace precordia {

struct EmbeddingHeader {
    std::string modelHash, preprocessingHash, dataHash;
    int intervals = 0, leads = 0, width = 0, recordingWidth = 0;
};

// Rows are appended in order to a temporary file; finish() renames it into place. An unfinished writer leaves nothing.
class EmbeddingWriter {
public:
    static Result<std::unique_ptr<EmbeddingWriter>> create(const std::filesystem::path& file,
                                                           const EmbeddingHeader& header, bool withLeadLevel);
    ~EmbeddingWriter();
    // recording [R], interval [T*D], event [T*D], lead [T*L*D] or empty
    Result<Done> append(RecordingId id, std::span<const float> recording, std::span<const float> interval,
                        std::span<const float> event, std::span<const float> lead);
    Result<Done> finish();

private:
    struct Impl;
    explicit EmbeddingWriter(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

class EmbeddingFile {
public:
    static Result<std::unique_ptr<EmbeddingFile>> open(const std::filesystem::path& file);
    ~EmbeddingFile();
    const EmbeddingHeader& header() const;
    const std::vector<RecordingId>& ids() const;
    bool hasLeadLevel() const;
    // level: "recording", "interval", "event", "lead". shape: [N, ...]. The whole table.
    struct Table {
        std::vector<std::int64_t> shape;
        std::vector<float> values;
    };
    Result<Table> read(const std::string& level) const;
    // One row (without the N axis).
    Result<Table> readRow(const std::string& level, std::int64_t row) const;
    std::int64_t rowOf(RecordingId id) const; // first window; -1 when absent

private:
    struct Impl;
    explicit EmbeddingFile(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

} // namespace precordia
