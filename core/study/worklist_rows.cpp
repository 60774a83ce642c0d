// SPDX-License-Identifier: GPL-3.0-or-later
// One narrow statement a kind of value, each in the order of ids, laid side by side: joins of eight tables took three
// times as long.
#include "core/study/worklist_rows.h"

#include "core/study/study_impl.h"

#include <algorithm>
#include <cmath>
#include <future>
#include <limits>
#include <unordered_map>

namespace precordia {

namespace {

using Rows = std::vector<RecordingRow>;

// Numbers of rows: their ids, ascending, and one or two values each; NaN: NULL.
struct Answers {
    std::vector<std::int64_t> ids;
    std::vector<double> values, seconds; // seconds: empty when one was asked for
};

double numberOf(const QVariant& value) {
    return value.isNull() ? std::numeric_limits<double>::quiet_NaN() : value.toDouble();
}

Result<Answers> ask(const Database& database, const QString& sql, const std::vector<QVariant>& values = {},
                    bool two = false) {
    auto found = database.run(sql, values);
    if (!found)
        return found.as<Answers>();
    Answers answers;
    while (found->next()) {
        answers.ids.push_back(found->value(0).toLongLong());
        answers.values.push_back(numberOf(found->value(1)));
        if (two)
            answers.seconds.push_back(numberOf(found->value(2)));
    }
    return answers;
}

// `give(row, place of its answer)`; both are in the order of ids.
template <typename Give>
void lay(Rows& rows, const Answers& answers, Give give) {
    std::size_t at = 0;
    for (std::size_t i = 0; i < answers.ids.size(); ++i) {
        const RecordingId id(answers.ids[i]);
        while (at < rows.size() && rows[at].id < id)
            ++at;
        if (at == rows.size())
            return;
        if (rows[at].id == id)
            give(rows[at], i);
    }
}

std::optional<double> known(double value) {
    return std::isnan(value) ? std::nullopt : std::optional(value);
}

Result<Rows> bareRows(const Study::Impl& study) {
    const Database& database = *study.database;
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
        row.name = study.sight.blinded ? blindedName(row.id) : fromQt(found->value(1));
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

struct Beside { // what stands beside the rows in other tables
    Answers fileRate, rate, fileSpread, spread, labels, surprise, clusters, warnings;
};

Result<Beside> askBeside(const Study& study) {
    const Database& database = *study.impl().database;
    const auto model = toQt(study.currentModel());
    const QString measured = "SELECT recording_id, value FROM measurements WHERE source = ? AND name = ?"
                             " ORDER BY recording_id";
    Beside beside;
    struct Question {
        Answers& into;
        QString sql;
        std::vector<QVariant> values;
        bool two = false;
    };
    const Question questions[] = {
        {beside.fileRate, measured, {"file", "heart_rate_bpm"}},
        {beside.rate, measured, {"computed", "heart_rate_bpm"}},
        {beside.fileSpread, measured, {"file", "rr_sd_ms"}},
        {beside.spread, measured, {"computed", "rr_sd_ms"}},
        {beside.labels, "SELECT recording_id, label_id FROM labels ORDER BY recording_id, label_id", {}},
        {beside.surprise,
         "SELECT recording_id, value, percentile FROM surprise WHERE model_hash = ? ORDER BY recording_id",
         {model},
         true},
        {beside.clusters,
         "SELECT recording_id, cluster FROM map_points WHERE model_hash = ? ORDER BY recording_id",
         {model}},
        {beside.warnings,
         "SELECT recording_id, COUNT(*) FROM warnings GROUP BY recording_id ORDER BY recording_id",
         {}}};
    for (const auto& question : questions) {
        auto answers = ask(database, question.sql, question.values, question.two);
        if (!answers)
            return answers.as<Beside>();
        question.into = std::move(*answers);
    }
    return beside;
}

// Imported labels alone: most studies have no others, and their names are few.
Result<Done> layLabels(const Database& database, Rows& rows, const Answers& labels) {
    auto names = database.run("SELECT id, name FROM label_names");
    if (!names)
        return names.as<Done>();
    std::unordered_map<std::int64_t, std::string> words;
    while (names->next())
        words.emplace(names->value(0).toLongLong(), fromQt(names->value(1)));
    lay(rows, labels, [&](RecordingRow& row, std::size_t i) {
        if (const auto word = words.find(static_cast<std::int64_t>(labels.values[i])); word != words.end())
            row.labels.push_back(word->second);
    });
    for (auto& row : rows) { // one from the file and one from a table are one
        std::sort(row.labels.begin(), row.labels.end());
        row.labels.erase(std::unique(row.labels.begin(), row.labels.end()), row.labels.end());
    }
    return Done{};
}

} // namespace

Result<Rows> worklistRows(const Study& study) {
    // Through a connection of its own, while the rows themselves are read here.
    auto asked = std::async(std::launch::async, [folder = study.folder()]() -> Result<Beside> {
        const auto second = Study::open(folder);
        return second ? askBeside(**second) : second.as<Beside>();
    });
    auto rows = bareRows(study.impl());
    const auto beside = asked.get();
    if (!rows || !beside)
        return rows ? beside.as<Rows>() : rows;
    // What the program computed itself stands before what the file claims.
    for (const auto* rates : {&beside->fileRate, &beside->rate})
        lay(*rows, *rates, [&](RecordingRow& row, std::size_t i) { row.heartRateBpm = rates->values[i]; });
    for (const auto* spreads : {&beside->fileSpread, &beside->spread})
        lay(*rows, *spreads, [&](RecordingRow& row, std::size_t i) { row.rrSdMs = spreads->values[i]; });
    lay(*rows, beside->surprise, [&](RecordingRow& row, std::size_t i) {
        row.surprise = known(beside->surprise.values[i]);
        row.surprisePercentile = known(beside->surprise.seconds[i]);
    });
    lay(*rows, beside->clusters,
        [&](RecordingRow& row, std::size_t i) { row.cluster = static_cast<int>(beside->clusters.values[i]); });
    lay(*rows, beside->warnings,
        [&](RecordingRow& row, std::size_t i) { row.warnings = static_cast<int>(beside->warnings.values[i]); });
    const auto ofReaders = study.impl().database->scalar("SELECT EXISTS(SELECT 1 FROM reader_labels)");
    if (!ofReaders)
        return ofReaders.as<Rows>();
    const auto laid = study.sight().blinded || ofReaders->toBool()
                          ? addLabels(study.impl(), {}, *rows)
                          : layLabels(*study.impl().database, *rows, beside->labels);
    if (!laid)
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
