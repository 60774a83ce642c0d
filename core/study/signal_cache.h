// SPDX-License-Identifier: GPL-3.0-or-later
// The preprocessed windows of a study on disk: cache/<preprocessing hash>/shard-*.bin (int16 with a scale a window)
// and an index, of which 40 bytes a window stay in memory. Built once, extended when recordings come in, thread-safe to
// read.
#pragma once

#include "core/base/progress.h"
#include "core/ecg/window_source.h"
#include "core/signal/preprocess.h"
#include "core/study/study.h"

#include <memory>

namespace precordia {

struct CacheIndex;

class SignalCache final : public WindowSource {
public:
    // Builds what is missing (threads workers), then maps it. Recordings that cannot be preprocessed are left out and
    // named in skipped().
    static Result<std::shared_ptr<SignalCache>> build(const std::filesystem::path& studyFolder,
                                                      const PreprocessingConfig& config, StopToken stop,
                                                      Progress& progress, int threads = 2);
    // A cache that is there, as it is. Errors: FileNotFound, FormatInvalid.
    static Result<std::shared_ptr<SignalCache>> open(const std::filesystem::path& folder,
                                                     const PreprocessingConfig& config);
    ~SignalCache() override;

    std::int64_t size() const override;
    WindowShape shape() const override;
    // Throws std::runtime_error when the disk fails.
    void read(std::int64_t index, std::span<float> out, std::span<std::uint8_t> leadPresent) const override;
    std::string dataHash() const override;
    std::string origin(std::int64_t index) const override;

    RecordingId recording(std::int64_t index) const; // several windows may share one
    double startSeconds(std::int64_t index) const;
    int leadsPresent(std::int64_t index) const; // of the configuration's
    const PreprocessingConfig& config() const;
    struct Skipped {
        RecordingId id;
        std::string reason;              // in words
        ErrorCode code = ErrorCode::Bug; // of the reason
        bool withoutEcg = false;         // with LeadMissing: none of its leads is one of an ECG
    };
    const std::vector<Skipped>& skipped() const;

private:
    struct Impl;
    static Result<std::shared_ptr<SignalCache>> open(const std::filesystem::path& folder,
                                                     const PreprocessingConfig& config, CacheIndex index);
    explicit SignalCache(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

} // namespace precordia
