// SPDX-License-Identifier: GPL-3.0-or-later
// Fills a signal cache on disk with what is missing of a study. Internal to core/study.
#pragma once

#include "core/base/progress.h"
#include "core/signal/preprocess.h"
#include "core/study/cache_index.h"
#include "core/study/source_options.h"

#include <filesystem>
#include <string>
#include <vector>

namespace precordia {

struct CacheSource {
    std::int64_t id = -1;
    std::string sampleHash;
    std::filesystem::path path;
    std::int64_t item = 0;    // of the file
    std::int64_t samples = 0; // a lead, as the study has them
    double seconds = 0;       // longer than kLongSeconds (signal_summary.h): read and prepared in parts
};

// Brings the cache in `folder` up to the recordings of `sources` (in their order). One builder at a time works on a
// folder, also among processes. What is done when it is stopped is kept. The result lists exactly `sources`, less
// those that could not be read now: they stand in `unread` and are tried again the next time. Memory: a day is never
// held whole, where its format can be read in parts (core/signal/preprocess_parts.h).
struct BuiltCache {
    CacheIndex index;
    std::vector<CacheRecording> unread;
};
Result<BuiltCache> buildCache(const std::filesystem::path& folder, const std::vector<CacheSource>& sources,
                              const SourceOptions& reading, const PreprocessingConfig& config, const StopToken& stop,
                              Progress& progress, int threads);

} // namespace precordia
