// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/fiducial_edits.h"

#include "core/study/study_impl.h"

#include <QDateTime>

namespace precordia {

Result<Done> addFiducialEdit(Study& study, RecordingId id, const std::optional<MedianMarks>& marks,
                             const std::string& reader) {
    std::vector<QVariant> values{static_cast<qlonglong>(id.value)};
    for (const MedianMark mark : kMedianMarks)
        values.push_back(marks ? orNull(marks->at(mark)) : QVariant());
    values.emplace_back(toQt(reader));
    values.emplace_back(QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs));
    return study.impl().database->change(
        "INSERT INTO fiducial_edits (recording_id, p_on, p_off, qrs_on, qrs_off, t_off,"
        " reader, edited_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        values);
}

Result<std::vector<FiducialEdit>> fiducialEdits(const Study& study, RecordingId id) {
    using Edits = std::vector<FiducialEdit>;
    auto found = study.impl().database->run(
        "SELECT p_on, p_off, qrs_on, qrs_off, t_off, reader, edited_at"
        " FROM fiducial_edits WHERE recording_id = ? AND (NOT ? OR reader = ?)"
        " ORDER BY id",
        {static_cast<qlonglong>(id.value), study.sight().blinded, toQt(study.sight().reader)});
    if (!found)
        return found.as<Edits>();
    Edits edits;
    while (found->next()) {
        FiducialEdit edit;
        MedianMarks marks;
        int column = 0;
        for (const MedianMark mark : kMedianMarks)
            marks.at(mark) = optionalDouble(found->value(column++));
        if (marks.qrsOn && marks.qrsOff)
            edit.marks = marks;
        edit.reader = fromQt(found->value(5));
        edit.editedAt = fromQt(found->value(6));
        edits.push_back(std::move(edit));
    }
    return edits;
}

} // namespace precordia
