// SPDX-License-Identifier: GPL-3.0-or-later
// Of a recording longer than a minute LoadedRecording holds the beginning; how long it is its row tells.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over the C++20 standard headers behind these
#include "core/study/recording_source.h"
#include "ui/session.h"
#endif

#include <memory>

namespace precordia {

inline bool isLong(const LoadedRecording& loaded) {
    return isLong(loaded.row);
}
inline double wholeSeconds(const LoadedRecording& loaded) {
    return isLong(loaded.row) ? static_cast<double>(loaded.row.samples) / loaded.row.samplingRate
                              : loaded.recording.seconds();
}

// For a job: its first seconds with derived limb leads, read from the study when it is long; what is not is whole, and
// at most a minute. Errors: those of reading it.
Result<std::shared_ptr<const Recording>>
beginningOf(const Study& study, const std::shared_ptr<const LoadedRecording>& loaded, double seconds);

} // namespace precordia
