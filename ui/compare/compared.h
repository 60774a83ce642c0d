// SPDX-License-Identifier: GPL-3.0-or-later
// Two recordings of a study and what differs between them, made in a job.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over the C++20 standard headers behind these
#include "core/signal/serial_comparison.h"
#include "ui/session.h"
#endif

#include <QString>

#include <memory>
#include <optional>
#include <string>

namespace precordia {

struct Compared {
    RecordingRow referenceRow, currentRow;
    Recording reference, current; // their first kComparedSeconds
    bool cut = false;             // one of them goes on
    std::optional<SerialComparison> beats;
    std::string whyNoBeats; // Error::text() where there are none
};

inline constexpr double kComparedSeconds =
    60; // a comparison is of two resting ECGs; a day would take a minute to measure

// Both are of the study in `folder`, as `sight` shows it. Errors: those of reading them.
Result<std::shared_ptr<const Compared>> compareWith(const std::filesystem::path& folder, const ReaderSight& sight,
                                                    RecordingId reference,
                                                    const std::shared_ptr<const LoadedRecording>& current,
                                                    const StopToken& stop);

// Whether two recordings are one person's. Pseudonyms are of a data set: across two of them nothing is known.
enum class SamePatient { Yes, No, Unknown };
SamePatient samePatient(const RecordingRow& a, const RecordingRow& b);

// "P0042, 2024-03-01 10:20"
QString nameAndDate(const RecordingRow& row);

} // namespace precordia
