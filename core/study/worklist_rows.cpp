// SPDX-License-Identifier: GPL-3.0-or-later
// One narrow statement a kind of value, each in the order of ids, laid side by side: joins of eight tables took three
// times as long.
#include "core/study/worklist_rows.h"

#include "core/study/study_impl.h"

#include <algorithm>
#include <unordered_map>

namespace precordia {

namespace {

using Rows = std::vector<RecordingRow>;

// Once a study can be seen blinded, or readers' labels stand beside those of files, names and labels are to be laid
// here as Study::query() gives them.
template <typename S>
concept SeenByReaders = requires(const S& study) {
    study.sight();
};
static_assert(!SeenByReaders<Study>, "layLabels() and bareRows() do not know who looks at the study");

// `give` for every answer whose first value is the id of a row; both are in the order of ids.
template <typename Give>
Result<Done> lay(const Database& database, Rows& rows, const QString& sql, const std::vector<QVariant>& values,
                 Give give) {
    auto found = database.run(sql, values);
    if (!found)
        return found.as<Done>();
    std::size_t at = 0;
    while (found->next()) {
        const RecordingId id(found->value(0).toLongLong());
        while (at < rows.size() && rows[at].id < id)
            ++at;
        if (at == rows.size())
            break;
        if (rows[at].id == id)
            give(rows[at], *found);
    }
    return Done{};
}

Result<Rows> bareRows(const Database& database) {
    auto found = database.run("SELECT r.id, r.name, r.dataset, p.pseudonym, r.format, r.sampling_rate, r.samples,"
                              " r.leads, r.age_years, r.sex, r.recorded_at FROM recordings r"
                              " LEFT JOIN patients p ON p.id = r.patient_id ORDER BY r.id");
    if (!found)
        return found.as<Rows>();
    Rows rows;
    if (const auto count = database.scalar("SELECT COUNT(*) FROM recordings"); count.ok())
        rows.reserve(static_cast<std::size_t>(count->toLongLong()));
    while (found->next()) {
        RecordingRow& row = rows.emplace_back();
        row.id = RecordingId(found->value(0).toLongLong());
        row.name = fromQt(found->value(1));
        row.dataset = fromQt(found->value(2));
        row.patient = fromQt(found->value(3));
        row.format = fromQt(found->value(4));
        row.samplingRate = found->value(5).toDouble();
        row.samples = found->value(6).toLongLong();
        row.leads = found->value(7).toInt();
        row.ageYears = optionalDouble(found->value(8));
        row.sex = fromQt(found->value(9));
        row.recordedAt = fromQt(found->value(10));
    }
    return rows;
}

// What the program computed itself stands before what the file claims.
Result<Done> layMeasurements(const Database& database, Rows& rows) {
    const std::pair<const char*, std::optional<double> RecordingRow::*> wanted[] = {
        {"heart_rate_bpm", &RecordingRow::heartRateBpm}, {"rr_sd_ms", &RecordingRow::rrSdMs}};
    for (const auto& [name, member] : wanted)
        for (const char* source : {"file", "computed"})
            if (const auto laid =
                    lay(database, rows,
                        "SELECT recording_id, value FROM measurements WHERE source = ? AND name = ?"
                        " ORDER BY recording_id",
                        {source, name},
                        [member](RecordingRow& row, const QSqlQuery& at) { row.*member = at.value(1).toDouble(); });
                !laid)
                return laid;
    return Done{};
}

Result<Done> layLabels(const Database& database, Rows& rows) {
    auto names = database.run("SELECT id, name FROM label_names");
    if (!names)
        return names.as<Done>();
    std::unordered_map<qlonglong, std::string> words;
    while (names->next())
        words.emplace(names->value(0).toLongLong(), fromQt(names->value(1)));
    const auto laid = lay(database, rows, "SELECT recording_id, label_id FROM labels ORDER BY recording_id, label_id",
                          {}, [&](RecordingRow& row, const QSqlQuery& at) {
                              if (const auto word = words.find(at.value(1).toLongLong()); word != words.end())
                                  row.labels.push_back(word->second);
                          });
    for (auto& row : rows) { // one from the file and one from a table are one
        std::sort(row.labels.begin(), row.labels.end());
        row.labels.erase(std::unique(row.labels.begin(), row.labels.end()), row.labels.end());
    }
    return laid;
}

} // namespace

Result<Rows> worklistRows(const Study& study) {
    const Database& database = *study.impl().database;
    const auto model = toQt(study.currentModel());
    auto rows = bareRows(database);
    if (!rows)
        return rows;
    if (const auto laid = layMeasurements(database, *rows); !laid)
        return laid.as<Rows>();
    if (const auto laid = layLabels(database, *rows); !laid)
        return laid.as<Rows>();
    if (const auto laid = lay(database, *rows,
                              "SELECT recording_id, value, percentile FROM surprise WHERE model_hash = ?"
                              " ORDER BY recording_id",
                              {model},
                              [](RecordingRow& row, const QSqlQuery& at) {
                                  row.surprise = optionalDouble(at.value(1));
                                  row.surprisePercentile = optionalDouble(at.value(2));
                              });
        !laid)
        return laid.as<Rows>();
    if (const auto laid = lay(
            database, *rows, "SELECT recording_id, cluster FROM map_points WHERE model_hash = ? ORDER BY recording_id",
            {model}, [](RecordingRow& row, const QSqlQuery& at) { row.cluster = at.value(1).toInt(); });
        !laid)
        return laid.as<Rows>();
    if (const auto laid = lay(database, *rows,
                              "SELECT recording_id, COUNT(*) FROM warnings GROUP BY recording_id ORDER BY recording_id",
                              {}, [](RecordingRow& row, const QSqlQuery& at) { row.warnings = at.value(1).toInt(); });
        !laid)
        return laid.as<Rows>();
    return rows;
}

Result<Rows> firstRows(const Study& study, int count) {
    auto found = study.impl().database->run("SELECT id FROM recordings ORDER BY id LIMIT ?", {count});
    if (!found)
        return found.as<Rows>();
    WorklistQuery first;
    while (found->next())
        first.among.emplace_back(found->value(0).toLongLong());
    return first.among.empty() ? Rows() : study.query(first);
}

} // namespace precordia
