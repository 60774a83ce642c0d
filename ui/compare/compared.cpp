// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/compared.h"

#include "core/paper/paper.h"
#include "core/study/recording_source.h"

#include <algorithm>
#include <cmath>

namespace precordia {

QString nameAndDate(const RecordingRow& row) {
    const QString name = QString::fromStdString(row.name);
    return row.recordedAt.empty() ? name : name + QStringLiteral(", ") + readableTime(row.recordedAt);
}

Recording firstSeconds(const Recording& recording, double seconds) {
    Recording out;
    out.name = recording.name;
    out.samplingRate = recording.samplingRate;
    const auto most = static_cast<std::size_t>(std::max(0.0, std::ceil(seconds * recording.samplingRate)));
    for (const Lead& lead : recording.leads) {
        Lead copy;
        copy.name = lead.name;
        copy.unit = lead.unit;
        copy.derived = lead.derived;
        const auto n = static_cast<std::ptrdiff_t>(std::min(most, lead.samples.size()));
        copy.samples.assign(lead.samples.begin(), lead.samples.begin() + n);
        out.leads.push_back(std::move(copy));
    }
    return out;
}

Result<std::shared_ptr<const Compared>> compareWith(const std::filesystem::path& folder, RecordingId reference,
                                                    const LoadedRecording& current, const StopToken& stop) {
    using Made = std::shared_ptr<const Compared>;
    const auto study = Study::open(folder);
    if (!study)
        return study.as<Made>();
    auto row = (*study)->row(reference);
    if (!row)
        return row.as<Made>();
    const auto read = readBeginning(**study, reference, kComparedSeconds);
    if (!read)
        return read.as<Made>();
    if (stop.stop_requested())
        return Cancelled{};
    auto made = std::make_shared<Compared>();
    made->referenceRow = std::move(*row);
    made->currentRow = current.row;
    made->reference = firstSeconds(*read, kComparedSeconds);
    deriveLimbLeads(made->reference);
    made->current = firstSeconds(current.recording, kComparedSeconds);
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
