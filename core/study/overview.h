// SPDX-License-Identifier: GPL-3.0-or-later
// The overview of a long recording: a min-max pyramid of all leads and its beats, made once by walking through the file
// and kept in a cache folder under a name that tells nothing of the source.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/io/paged_recording.h"
#include "core/io/pyramid.h"
#include "core/signal/rhythm_trend.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace precordia {

struct Overview {
    std::shared_ptr<const Pyramid> pyramid;
    std::vector<SampleIndex> beats;
    RhythmTrend trend;
};

// What the overview is of: a hash of the file's path, size and time and of those of its companions; another one as soon
// as any of them changes. "" when the file cannot be asked.
std::string overviewKey(const std::filesystem::path& file, std::int64_t item = 0);
std::filesystem::path overviewFile(const std::filesystem::path& folder, const std::string& key);

// Errors: FileNotFound (not built yet); FormatInvalid (damaged: build it again); FileUnreadable.
Result<std::shared_ptr<const Overview>> openOverview(const std::filesystem::path& folder, const std::string& key);
// Walks through the recording once, in memory of one chunk; stopped or killed it leaves nothing under the name. When
// the folder holds more than `most` bytes of overviews, those made first go. Errors: those of reading; FileUnwritable.
Result<std::shared_ptr<const Overview>> buildOverview(const PagedRecording& recording,
                                                      const std::filesystem::path& folder, const std::string& key,
                                                      const StopToken& stop, Progress& progress,
                                                      std::uint64_t most = 8ULL << 30U);
// The one that is there, or a new one.
Result<std::shared_ptr<const Overview>> ensureOverview(const PagedRecording& recording,
                                                       const std::filesystem::path& folder, const std::string& key,
                                                       const StopToken& stop, Progress& progress);

// What a trace of [from, to) seconds on so many columns is drawn from.
struct PagePart {
    Recording recording; // samples; or, of an envelope, low and high of every pair
    bool envelope = false;
};
// The samples where there are few enough for the columns, else the level of the pyramid that fits. Errors: those of
// reading; FormatInvalid (the pyramid is damaged); ValueOutOfRange (too long for samples, and there is no pyramid).
Result<PagePart> readPart(const PagedRecording& recording, const Pyramid* pyramid, double from, double to, int columns,
                          const StopToken& stop = {});
// The longest page that is drawn without a pyramid, s.
double longestPlainPage(const PagedRecording& recording);

} // namespace precordia
