// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/study_writer.h"

#include <QDateTime>

namespace precordia {

Result<std::unique_ptr<StudyWriter>> StudyWriter::create(Study& study) {
    using Created = std::unique_ptr<StudyWriter>;
    Created writer(new StudyWriter(study));
    auto& s = writer->statements_;
    const std::pair<QSqlQuery*, const char*> all[] = {
        {&s.bySamples, "SELECT id FROM recordings WHERE sample_hash = ?"},
        {&s.recording,
         "INSERT INTO recordings(name, dataset, patient_id, path, file_size, file_modified, file_sha256, sample_hash,"
         " format, sampling_rate, samples, leads, age_years, sex, recorded_at, device, imported_at)"
         " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
        {&s.label, "INSERT OR IGNORE INTO labels(recording_id, label_id, source) VALUES(?, ?, ?)"},
        {&s.warning, "INSERT INTO warnings(recording_id, position, code, message, place) VALUES(?, ?, ?, ?, ?)"},
        {&s.annotation, "INSERT INTO annotations(recording_id, position, sample, lead, symbol, text, source)"
                        " VALUES(?, ?, ?, ?, ?, ?, ?)"},
        {&s.facts, "UPDATE recordings SET dataset = CASE dataset WHEN '' THEN ? ELSE dataset END,"
                   " patient_id = COALESCE(patient_id, ?), sex = CASE sex WHEN '' THEN ? ELSE sex END,"
                   " age_years = COALESCE(age_years, ?) WHERE id = ?"},
    };
    for (const auto& [statement, sql] : all) {
        auto prepared = writer->database().prepare(sql);
        if (!prepared)
            return prepared.as<Created>();
        *statement = *std::move(prepared);
    }
    return writer;
}

Result<std::unordered_map<std::string, KnownFile>> StudyWriter::knownFiles() const {
    using Files = std::unordered_map<std::string, KnownFile>;
    auto found = database().run("SELECT path, id, file_size, file_modified FROM recordings");
    if (!found)
        return found.as<Files>();
    Files files;
    while (found->next())
        files.emplace(study_.impl().sourcePath(fromQt(found->value(0))).string(),
                      KnownFile{RecordingId(found->value(1).toLongLong()), found->value(2).toLongLong(),
                                found->value(3).toLongLong()});
    return files;
}

Result<std::optional<RecordingId>> StudyWriter::findBySamples(const std::string& sampleHash) {
    using Found = std::optional<RecordingId>;
    auto& query = statements_.bySamples;
    if (const auto done = database().execute(query, {toQt(sampleHash)}); !done)
        return done.as<Found>();
    Found id;
    if (query.next())
        id = RecordingId(query.value(0).toLongLong());
    query.finish(); // an open reading statement would hold the transaction's end up
    return id;
}

Result<QVariant> StudyWriter::patientId(const std::string& pseudonym) {
    if (pseudonym.empty())
        return QVariant();
    if (const auto done = database().change("INSERT OR IGNORE INTO patients(pseudonym) VALUES(?)", {toQt(pseudonym)});
        !done)
        return done.as<QVariant>();
    return database().scalar("SELECT id FROM patients WHERE pseudonym = ?", {toQt(pseudonym)});
}

Result<qlonglong> StudyWriter::labelId(const LabelName& label) {
    if (const auto known = labelIds_.find(label.name); known != labelIds_.end())
        return known->second;
    if (const auto done = database().change("INSERT OR IGNORE INTO label_names(name, kind) VALUES(?, ?)",
                                            {toQt(label.name), toQt(label.kind)});
        !done)
        return done.as<qlonglong>();
    const auto id = database().scalar("SELECT id FROM label_names WHERE name = ?", {toQt(label.name)});
    if (!id)
        return id.as<qlonglong>();
    return labelIds_.emplace(label.name, id->toLongLong()).first->second;
}

Result<Done> StudyWriter::addLabels(RecordingId id, const RecordingFacts& facts) {
    for (const auto& label : facts.labels) {
        const auto name = labelId(label.name);
        if (!name)
            return name.as<Done>();
        if (const auto done =
                database().execute(statements_.label, {static_cast<qlonglong>(id.value), *name, toQt(label.source)});
            !done)
            return done;
    }
    return Done{};
}

Result<Done> StudyWriter::addFacts(RecordingId id, const RecordingFacts& facts) {
    const auto patient = patientId(facts.patient);
    if (!patient)
        return patient.as<Done>();
    if (const auto done =
            database().execute(statements_.facts, {toQt(facts.dataset), *patient, toQt(facts.sex),
                                                   orNull(facts.ageYears), static_cast<qlonglong>(id.value)});
        !done)
        return done;
    return addLabels(id, facts);
}

Result<Done> StudyWriter::refreshFile(RecordingId id, const NewRecording& recording) {
    return database().change("UPDATE recordings SET file_size = ?, file_modified = ?, file_sha256 = ?"
                             " WHERE id = ? AND path = ?",
                             {static_cast<qlonglong>(recording.fileSize),
                              static_cast<qlonglong>(recording.fileModified), toQt(recording.fileSha256),
                              static_cast<qlonglong>(id.value), toQt(study_.impl().storedPath(recording.source))});
}

Result<Done> StudyWriter::addDetails(RecordingId id, const NewRecording& recording) {
    const QVariant key = static_cast<qlonglong>(id.value);
    for (const auto& [source, values] : recording.measurements)
        if (const auto done = study_.setMeasurements(id, source, values); !done)
            return done;
    int position = 0;
    for (const auto& w : recording.warnings)
        if (const auto done = database().execute(statements_.warning, {key, position++, toQt(std::string(name(w.code))),
                                                                       toQt(w.message), toQt(w.where)});
            !done)
            return done;
    position = 0;
    for (const auto& mark : recording.annotations) {
        const QVariant lead = mark.lead.valid() ? QVariant(mark.lead.value) : QVariant();
        if (const auto done = database().execute(statements_.annotation,
                                                 {key, position++, static_cast<qlonglong>(mark.sample.value), lead,
                                                  toQt(mark.symbol), toQt(mark.text), toQt(mark.source)});
            !done)
            return done;
    }
    return Done{};
}

Result<RecordingId> StudyWriter::insert(const NewRecording& recording) {
    const auto& study = study_.impl();
    const auto path = toQt(study.storedPath(recording.source));
    if (const auto done = database().change("DELETE FROM recordings WHERE path = ?", {path}); !done)
        return done.as<RecordingId>();
    const auto patient = patientId(recording.facts.patient);
    if (!patient)
        return patient.as<RecordingId>();
    auto& insert = statements_.recording;
    const auto now = QDateTime::currentDateTimeUtc().toString(Qt::ISODate);
    const auto done = database().execute(
        insert, {toQt(recording.name), toQt(recording.facts.dataset), *patient, path,
                 static_cast<qlonglong>(recording.fileSize), static_cast<qlonglong>(recording.fileModified),
                 toQt(recording.fileSha256), toQt(recording.sampleHash), toQt(recording.format), recording.samplingRate,
                 static_cast<qlonglong>(recording.samples), recording.leads, orNull(recording.facts.ageYears),
                 toQt(recording.facts.sex), toQt(recording.recordedAt), toQt(recording.device), now});
    if (!done)
        return done.as<RecordingId>();
    const RecordingId id(insert.lastInsertId().toLongLong());
    if (const auto labelled = addLabels(id, recording.facts); !labelled)
        return labelled.as<RecordingId>();
    if (const auto detailed = addDetails(id, recording); !detailed)
        return detailed.as<RecordingId>();
    return id;
}

} // namespace precordia
