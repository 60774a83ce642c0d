// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/training_windows.h"

#include "core/study/demo.h"
#include "core/study/folder_lock.h"
#include "core/study/study.h"

namespace precordia {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kSyntheticSeed = 260'701'145; // no demo study's, no probe's

} // namespace

Result<TrainingWindows> trainingWindows(const fs::path& studyFolder, const PreprocessingConfig& config,
                                        std::int64_t synthetic, StopToken stop, Progress& progress) {
    auto own = SignalCache::build(studyFolder, config, stop, progress);
    if (!own)
        return own.as<TrainingWindows>();
    if (synthetic <= 0)
        return TrainingWindows{*own, *own};
    fs::path folder;
    {
        auto study = Study::open(studyFolder);
        if (!study)
            return study.as<TrainingWindows>();
        folder = (*study)->cacheFolder() / ("synthetic-" + std::to_string(synthetic));
    }
    std::error_code failure;
    fs::create_directories(folder, failure);
    if (failure)
        return makeError(ErrorCode::FileUnwritable, failure.message(), folder.string());
    {
        const auto lock = FolderLock::hold(folder, stop); // several processes of one run ask at once
        if (!lock)
            return lock.as<TrainingWindows>();
        if (auto made = makeDemoStudy(folder, static_cast<int>(synthetic), kSyntheticSeed, stop, progress); !made)
            return made.as<TrainingWindows>();
    }
    auto beside = SignalCache::build(folder, config, stop, progress);
    if (!beside)
        return beside.as<TrainingWindows>();
    if ((*beside)->size() == 0)
        return makeError(ErrorCode::ConfigInvalid,
                         "\"synthetic\" asks for synthetic ECGs, which have none of the configuration's leads");
    return TrainingWindows{*own, std::make_shared<JoinedWindows>(*own, *beside, "synthetic ")};
}

} // namespace precordia
