// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/compared.h"

#include "core/paper/paper.h"
#include "ui/ecg/long_recording.h"

#include <utility>

namespace precordia {

static_assert(kComparedSeconds >= kLongRecordingSeconds); // what is not long is compared whole

QString nameAndDate(const RecordingRow& row) {
    const QString name = QString::fromStdString(row.name);
    return row.recordedAt.empty() ? name : name + QStringLiteral(", ") + shiftedTime(row.recordedAt);
}

SamePatient samePatient(const RecordingRow& a, const RecordingRow& b) {
    if (a.patient.empty() || b.patient.empty() || a.dataset != b.dataset)
        return SamePatient::Unknown;
    return a.patient == b.patient ? SamePatient::Yes : SamePatient::No;
}

Result<std::shared_ptr<const Compared>> compareWith(const std::filesystem::path& folder, const ReaderSight& sight,
                                                    RecordingId reference,
                                                    const std::shared_ptr<const LoadedRecording>& current,
                                                    const StopToken& stop) {
    using Made = std::shared_ptr<const Compared>;
    const auto study = Study::open(folder, sight);
    if (!study)
        return study.as<Made>();
    auto row = (*study)->row(reference);
    if (!row)
        return row.as<Made>();
    auto read = readBeginning(**study, reference, kComparedSeconds);
    if (!read)
        return read.as<Made>();
    const auto shown = beginningOf(**study, current, kComparedSeconds);
    if (!shown)
        return shown.as<Made>();
    if (stop.stop_requested())
        return Cancelled{};
    auto made = std::make_shared<Compared>();
    made->referenceRow = std::move(*row);
    made->currentRow = current->row;
    made->reference = *std::move(read);
    deriveLimbLeads(made->reference);
    made->current = **shown;
    made->cut = isLong(made->referenceRow) || isLong(made->currentRow);
    auto beats = compareEcgs(made->reference, made->current, stop);
    if (beats.cancelled())
        return Cancelled{};
    if (beats.ok())
        made->beats = std::move(*beats);
    else
        made->whyNoBeats = beats.error().text();
    return Made(std::move(made));
}

} // namespace precordia
