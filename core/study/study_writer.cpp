// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/study_writer.h"

#include "core/io/deidentify.h"
#include "core/io/text.h"

#include <QDateTime>

#include <algorithm>
#include <cmath>
#include <set>

namespace precordia {

std::string knownKey(const std::filesystem::path& source, std::int64_t item) {
    return item == 0 ? source.string() : source.string() + "\n" + std::to_string(item);
}

Result<std::unique_ptr<StudyWriter>> StudyWriter::create(Study& study) {
    using Created = std::unique_ptr<StudyWriter>;
    Created writer(new StudyWriter(study));
    auto& s = writer->statements_;
    const std::pair<QSqlQuery*, const char*> all[] = {
        {&s.bySamples, "SELECT id FROM recordings WHERE sample_hash = ?"},
        {&s.calipersByPath,
         "DELETE FROM settings WHERE key IN (SELECT 'calipers/' || id FROM recordings WHERE path = ? AND item = ?)"},
        {&s.byPath, "DELETE FROM recordings WHERE path = ? AND item = ?"},
        {&s.recording,
         "INSERT INTO recordings(name, dataset, patient_id, path, item, items, file_size, file_modified, companions,"
         " file_sha256, sample_hash, format, sampling_rate, samples, leads, age_years, sex, recorded_at, device,"
         " imported_at) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
        {&s.label, "INSERT OR IGNORE INTO labels(recording_id, label_id, source, likelihood) VALUES(?, ?, ?, ?)"},
        {&s.warning, "INSERT INTO warnings(recording_id, position, code, message, place) VALUES(?, ?, ?, ?, ?)"},
        {&s.annotation, "INSERT INTO annotations(recording_id, position, sample, lead, symbol, text, source)"
                        " VALUES(?, ?, ?, ?, ?, ?, ?)"},
        {&s.facts, "UPDATE recordings SET dataset = CASE dataset WHEN '' THEN ? ELSE dataset END,"
                   " patient_id = COALESCE(patient_id, ?), sex = CASE sex WHEN '' THEN ? ELSE sex END,"
                   " age_years = COALESCE(age_years, ?) WHERE id = ?"},
        {&s.measurement, "INSERT OR REPLACE INTO measurements(recording_id, source, name, value) VALUES(?, ?, ?, ?)"},
        {&s.outdated, "DELETE FROM measurements WHERE recording_id = ? AND source = 'computed'"
                      " AND name NOT IN ('heart_rate_bpm', 'rr_sd_ms')"},
        {&s.measured,
         "INSERT OR REPLACE INTO measured(recording_id, version, quality, quality_leads) VALUES(?, ?, ?, ?)"},
        {&s.signature, "INSERT OR REPLACE INTO signatures(recording_id, data) VALUES(?, ?)"},
        {&s.fold, "INSERT OR IGNORE INTO splits(recording_id, fold) VALUES(?, ?)"},
        {&s.patient, "INSERT OR IGNORE INTO patients(pseudonym) VALUES(?)"},
    };
    writer->madeSplit_ = !study.value(kMadeSplitKey).empty();
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
    auto found = database().run("SELECT path, item, id, file_size, file_modified, items, companions FROM recordings");
    if (!found)
        return found.as<Files>();
    Files files;
    while (found->next())
        files.emplace(knownKey(study_.impl().sourcePath(fromQt(found->value(0))), found->value(1).toLongLong()),
                      KnownFile{RecordingId(found->value(2).toLongLong()), found->value(3).toLongLong(),
                                found->value(4).toLongLong(), found->value(5).toLongLong(), fromQt(found->value(6))});
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
    if (const auto known = patientIds_.find(pseudonym); known != patientIds_.end())
        return QVariant(known->second);
    if (const auto done = database().execute(statements_.patient, {toQt(pseudonym)}); !done)
        return done.as<QVariant>();
    auto id = database().scalar("SELECT id FROM patients WHERE pseudonym = ?", {toQt(pseudonym)});
    if (id)
        patientIds_.emplace(pseudonym, id->toLongLong());
    return id;
}

// Names that differ by case alone are one label: spelled as the study has it, else as its readers' vocabulary does.
Result<qlonglong> StudyWriter::labelId(const LabelName& label) {
    auto key = text::lower(label.name);
    if (const auto known = labelIds_.find(key); known != labelIds_.end())
        return known->second;
    const auto& db = database();
    const QVariant name = toQt(label.name);
    const auto find = QStringLiteral("SELECT id FROM label_names WHERE name = ? COLLATE NOCASE ORDER BY id LIMIT 1");
    auto id = db.scalar(find, {name});
    if (id && !id->isValid()) {
        const auto ofReaders =
            db.scalar("SELECT name FROM vocabulary WHERE name = ? COLLATE NOCASE ORDER BY id LIMIT 1", {name});
        if (!ofReaders)
            return ofReaders.as<qlonglong>();
        if (const auto done = db.change("INSERT INTO label_names(name, kind) VALUES(?, ?)",
                                        {ofReaders->isValid() ? *ofReaders : name, toQt(label.kind)});
            !done)
            return done.as<qlonglong>();
        id = db.scalar(find, {name});
    }
    if (!id)
        return id.as<qlonglong>();
    return labelIds_.emplace(std::move(key), id->toLongLong()).first->second;
}

QString StudyWriter::pathOf(const NewRecording& recording) const {
    return toQt(recording.sealedPath.empty() ? study_.impl().storedPath(recording.source) : recording.sealedPath);
}

Result<Done> StudyWriter::addLabels(RecordingId id, const RecordingFacts& facts) {
    std::set<qlonglong> added; // a label that file and table both give is one
    for (const auto& label : facts.labels) {
        const auto name = labelId(label.name);
        if (!name)
            return name.as<Done>();
        if (const auto done = database().execute(statements_.label, {static_cast<qlonglong>(id.value), *name,
                                                                     toQt(label.source), orNull(label.likelihood)});
            !done)
            return done;
        if (statements_.label.numRowsAffected() > 0) // 0: it was there
            added.insert(*name);
    }
    labelsAdded_ += static_cast<int>(added.size());
    labelledRecordings_ += added.empty() ? 0 : 1;
    return Done{};
}

Result<Done> StudyWriter::addFold(RecordingId id, const RecordingFacts& facts) {
    if (!facts.fold)
        return Done{};
    if (madeSplit_) { // another's folds would part what it keeps together
        ++foldsLeftOut_;
        return Done{};
    }
    return database().execute(statements_.fold, {static_cast<qlonglong>(id.value), *facts.fold});
}

// A recording whose patient becomes known: all dates of a patient are moved by the same days.
Result<Done> StudyWriter::moveDate(RecordingId id, const RecordingFacts& facts) {
    if (facts.patient.empty() || facts.dateShift == facts.dateShiftOfFile)
        return Done{};
    const QVariant key = static_cast<qlonglong>(id.value);
    const auto date = database().scalar(
        "SELECT recorded_at FROM recordings WHERE id = ? AND patient_id IS NULL AND recorded_at <> ''", {key});
    if (!date || !date->isValid())
        return date ? Result<Done>(Done{}) : date.as<Done>();
    return database().change("UPDATE recordings SET recorded_at = ? WHERE id = ?",
                             {toQt(shiftedDate(fromQt(*date), facts.dateShift - facts.dateShiftOfFile)), key});
}

Result<Done> StudyWriter::addFacts(RecordingId id, const RecordingFacts& facts) {
    const auto patient = patientId(facts.patient);
    if (!patient)
        return patient.as<Done>();
    if (const auto moved = moveDate(id, facts); !moved)
        return moved;
    if (const auto done =
            database().execute(statements_.facts, {toQt(facts.dataset), *patient, toQt(facts.sex),
                                                   orNull(facts.ageYears), static_cast<qlonglong>(id.value)});
        !done)
        return done;
    if (const auto done = addFold(id, facts); !done)
        return done;
    return addLabels(id, facts);
}

Result<Done> StudyWriter::refreshFile(RecordingId id, const NewRecording& recording) {
    return database().change(
        "UPDATE recordings SET file_size = ?, file_modified = ?, companions = ?, file_sha256 = ?,"
        " items = ? WHERE id = ? AND path = ? AND item = ?",
        {static_cast<qlonglong>(recording.fileSize), static_cast<qlonglong>(recording.fileModified),
         toQt(recording.companions), toQt(recording.fileSha256), static_cast<qlonglong>(recording.items),
         static_cast<qlonglong>(id.value), pathOf(recording), static_cast<qlonglong>(recording.item)});
}

Result<Done> StudyWriter::noteCompanions(RecordingId id, const std::string& companions) {
    return database().change("UPDATE recordings SET companions = ? WHERE id = ?",
                             {toQt(companions), static_cast<qlonglong>(id.value)});
}

// With what the window keeps under their numbers: a number may be given again.
Result<Done> StudyWriter::removeWhere(const QString& condition, const std::vector<QVariant>& values) {
    if (const auto done = database().change(
            "DELETE FROM settings WHERE key IN (SELECT 'calipers/' || id FROM recordings WHERE " + condition + ")",
            values);
        !done)
        return done;
    return database().change("DELETE FROM recordings WHERE " + condition, values);
}

Result<Done> StudyWriter::remove(RecordingId id) {
    return removeWhere("id = ?", {static_cast<qlonglong>(id.value)});
}

Result<Done> StudyWriter::removeItemsFrom(const NewRecording& recording, std::int64_t item) {
    return removeWhere("path = ? AND item >= ?", {pathOf(recording), static_cast<qlonglong>(item)});
}

Result<Done> StudyWriter::addMeasurements(RecordingId id, const std::string& source, const Measurements& values) {
    for (const auto& [name, value] : values)
        if (const auto done = database().execute(statements_.measurement,
                                                 {static_cast<qlonglong>(id.value), toQt(source), toQt(name), value});
            !done)
            return done;
    return Done{};
}

Result<Done> StudyWriter::noteMeasured(RecordingId id, const MeasuredQuality& quality) {
    std::string leads;
    for (const auto& lead : quality.leads)
        leads += (leads.empty() ? "" : ";") + lead;
    return database().execute(statements_.measured,
                              {static_cast<qlonglong>(id.value), kMeasuringVersion, toQt(quality.word), toQt(leads)});
}

Result<bool> StudyWriter::setMeasured(RecordingId id, const std::string& sampleHash, const MeasuredSignal& measured) {
    const auto there = findBySamples(sampleHash);
    if (!there)
        return there.as<bool>();
    if (*there != id)
        return false;
    auto done = database().execute(statements_.outdated, {static_cast<qlonglong>(id.value)});
    if (done)
        done = addMeasurements(id, "computed", measured.values);
    if (done)
        done = noteMeasured(id, measured.quality);
    return done ? Result<bool>(true) : done.as<bool>();
}

Result<Done> StudyWriter::addDetails(RecordingId id, const NewRecording& recording) {
    const QVariant key = static_cast<qlonglong>(id.value);
    for (const auto& [source, values] : recording.measurements)
        if (const auto done = addMeasurements(id, source, values); !done)
            return done;
    if (recording.quality)
        if (const auto done = noteMeasured(id, *recording.quality); !done)
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
    return database().execute(statements_.signature, {key, blobOf(recording.signature)});
}

Result<RecordingId> StudyWriter::insert(const NewRecording& recording) {
    if (recording.replaces.valid())
        if (const auto gone = remove(recording.replaces); !gone)
            return gone.as<RecordingId>();
    const auto path = pathOf(recording);
    const QVariant item = static_cast<qlonglong>(recording.item);
    for (auto* statement : {&statements_.calipersByPath, &statements_.byPath})
        if (const auto done = database().execute(*statement, {path, item}); !done)
            return done.as<RecordingId>();
    const auto patient = patientId(recording.facts.patient);
    if (!patient)
        return patient.as<RecordingId>();
    auto& insert = statements_.recording;
    const auto now = QDateTime::currentDateTimeUtc().toString(Qt::ISODate);
    const auto done = database().execute(insert, {toQt(recording.name),
                                                  toQt(recording.facts.dataset),
                                                  *patient,
                                                  path,
                                                  item,
                                                  static_cast<qlonglong>(recording.items),
                                                  static_cast<qlonglong>(recording.fileSize),
                                                  static_cast<qlonglong>(recording.fileModified),
                                                  toQt(recording.companions),
                                                  toQt(recording.fileSha256),
                                                  toQt(recording.sampleHash),
                                                  toQt(recording.format),
                                                  recording.samplingRate,
                                                  static_cast<qlonglong>(recording.samples),
                                                  recording.leads,
                                                  orNull(recording.facts.ageYears),
                                                  toQt(recording.facts.sex),
                                                  toQt(recording.recordedAt),
                                                  toQt(recording.device),
                                                  now});
    if (!done)
        return done.as<RecordingId>();
    const RecordingId id(insert.lastInsertId().toLongLong());
    if (const auto folded = addFold(id, recording.facts); !folded)
        return folded.as<RecordingId>();
    if (const auto labelled = addLabels(id, recording.facts); !labelled)
        return labelled.as<RecordingId>();
    if (const auto detailed = addDetails(id, recording); !detailed)
        return detailed.as<RecordingId>();
    return id;
}

} // namespace precordia
