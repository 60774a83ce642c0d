// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/fiducial_edits.h"

#include "core/study/study_impl.h"

#include <QDateTime>

#include <cmath>
#include <cstdlib>

namespace precordia {

Result<Done> addFiducialEdit(Study& study, RecordingId id, const FiducialEdit& edit, const Measurements& moved) {
    const QVariant key = static_cast<qlonglong>(id.value);
    std::vector<QVariant> values{key, edit.beat ? QVariant(static_cast<qlonglong>(edit.beat->value)) : QVariant()};
    for (const MedianMark mark : kMedianMarks)
        values.push_back(edit.marks ? orNull(edit.marks->at(mark)) : QVariant());
    values.emplace_back(toQt(edit.reader));
    values.emplace_back(QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs));
    const Database& database = *study.impl().database;
    return study.inTransaction([&]() -> Result<Done> {
        auto done = database.change("INSERT INTO fiducial_edits (recording_id, r_sample, p_on, p_off, qrs_on, qrs_off,"
                                    " t_off, reader, edited_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                                    values);
        if (!done || edit.beat)
            return done;
        done = database.change("DELETE FROM measurements WHERE recording_id = ? AND source = 'moved'", {key});
        for (const auto& [name, value] : moved)
            if (done && std::isfinite(value))
                done = database.change(
                    "INSERT INTO measurements(recording_id, source, name, value) VALUES(?, 'moved', ?, ?)",
                    {key, toQt(name), value});
        return done;
    });
}

Result<std::vector<FiducialEdit>> fiducialEdits(const Study& study, RecordingId id) {
    using Edits = std::vector<FiducialEdit>;
    auto found = study.impl().database->run(
        "SELECT p_on, p_off, qrs_on, qrs_off, t_off, reader, edited_at, r_sample"
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
        if (!found->value(7).isNull())
            edit.beat = SampleIndex(found->value(7).toLongLong());
        edits.push_back(std::move(edit));
    }
    return edits;
}

const FiducialEdit* lastEdit(const std::vector<FiducialEdit>& edits, std::optional<SampleIndex> beat,
                             std::int64_t reach) {
    for (auto edit = edits.rbegin(); edit != edits.rend(); ++edit)
        if (edit->beat.has_value() == beat.has_value() && (!beat || std::abs(edit->beat->value - beat->value) <= reach))
            return &*edit;
    return nullptr;
}

Measurements changedBy(const Measurements& with, const Measurements& computed) {
    Measurements out;
    for (const auto& [name, value] : with) {
        const auto was = computed.find(name);
        if (was == computed.end() || was->second != value)
            out.emplace(name, value);
    }
    return out;
}

} // namespace precordia
