// SPDX-License-Identifier: GPL-3.0-or-later
// The worklist: one statement for the rows, one for all their labels.
#include "core/study/study.h"
#include "core/study/study_impl.h"

#include <algorithm>
#include <cctype>
#include <unordered_map>
#include <unordered_set>

namespace precordia {

namespace {

constexpr std::size_t kIdsInStatement = 400; // more than that is filtered here

// Missing values last whatever the direction; digits in names count as numbers: "P9" before "P10".
int compareNaturally(const std::string& a, const std::string& b) {
    const auto digit = [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; };
    std::size_t i = 0;
    std::size_t k = 0;
    while (i < a.size() && k < b.size()) {
        if (digit(a[i]) && digit(b[k])) {
            const auto number = [&](const std::string& text, std::size_t& at) {
                while (at + 1 < text.size() && text[at] == '0' && digit(text[at + 1]))
                    ++at;
                const auto from = at;
                while (at < text.size() && digit(text[at]))
                    ++at;
                return std::string_view(text).substr(from, at - from);
            };
            const auto left = number(a, i);
            const auto right = number(b, k);
            if (left.size() != right.size())
                return left.size() < right.size() ? -1 : 1;
            if (const int order = left.compare(right); order != 0)
                return order;
            continue;
        }
        const int left = std::tolower(static_cast<unsigned char>(a[i++]));
        const int right = std::tolower(static_cast<unsigned char>(b[k++]));
        if (left != right)
            return left < right ? -1 : 1;
    }
    return (i < a.size() ? 1 : 0) - (k < b.size() ? 1 : 0);
}

template <typename T>
int compareOptional(const std::optional<T>& a, const std::optional<T>& b, bool descending, bool& missing) {
    missing = a.has_value() != b.has_value();
    if (missing)
        return a ? -1 : 1;
    if (!a || *a == *b)
        return 0;
    return (*a < *b) != descending ? -1 : 1;
}

void sortRows(std::vector<RecordingRow>& rows, WorklistQuery::Order order, bool descending) {
    const auto byText = [descending](const std::string& a, const std::string& b) {
        if (a.empty() != b.empty())
            return a.empty() ? 1 : -1;
        return descending ? compareNaturally(b, a) : compareNaturally(a, b);
    };
    const auto compare = [&](const RecordingRow& a, const RecordingRow& b) {
        static const std::string none;
        bool missing = false;
        switch (order) {
        case WorklistQuery::Order::Id:
            return descending ? (a.id > b.id ? -1 : 1) : (a.id < b.id ? -1 : 1);
        case WorklistQuery::Order::Name:
            return byText(a.name, b.name);
        case WorklistQuery::Order::HeartRate:
            return compareOptional(a.heartRateBpm, b.heartRateBpm, descending, missing);
        case WorklistQuery::Order::Surprise:
            return compareOptional(shownSurprise(a), shownSurprise(b), descending, missing);
        case WorklistQuery::Order::Age:
            return compareOptional(a.ageYears, b.ageYears, descending, missing);
        case WorklistQuery::Order::Label:
            return byText(a.labels.empty() ? none : a.labels.front(), b.labels.empty() ? none : b.labels.front());
        }
        return 0;
    };
    if (order == WorklistQuery::Order::Id && !descending)
        return; // as the statement gave them
    std::stable_sort(rows.begin(), rows.end(),
                     [&](const RecordingRow& a, const RecordingRow& b) { return compare(a, b) < 0; });
}

struct Where {
    QStringList conditions;
    std::vector<QVariant> values;

    void add(const QString& condition, const QVariant& value) {
        conditions << condition;
        values.push_back(value);
    }
    QString text() const { return conditions.isEmpty() ? QString() : " WHERE " + conditions.join(" AND "); }
};

QString idList(const std::vector<RecordingId>& ids) {
    QStringList numbers;
    for (const auto id : ids)
        numbers << QString::number(id.value);
    return "(" + numbers.join(",") + ")";
}

Where conditionsOf(const WorklistQuery& query, const QString& heartRate) {
    Where where;
    if (!query.dataset.empty())
        where.add("r.dataset = ?", toQt(query.dataset));
    if (!query.sex.empty())
        where.add("r.sex = ?", toQt(query.sex));
    if (query.ageFrom)
        where.add("r.age_years >= ?", *query.ageFrom);
    if (query.ageTo)
        where.add("r.age_years <= ?", *query.ageTo);
    if (query.heartRateFrom)
        where.add(heartRate + " >= ?", *query.heartRateFrom);
    if (query.heartRateTo)
        where.add(heartRate + " <= ?", *query.heartRateTo);
    if (query.cluster)
        where.add("m.cluster = ?", *query.cluster);
    if (!query.among.empty() && query.among.size() <= kIdsInStatement)
        where.conditions << "r.id IN " + idList(query.among);
    return where;
}

RecordingRow rowOf(const QSqlQuery& at, const Study::Impl& study) {
    RecordingRow row;
    row.id = RecordingId(at.value(0).toLongLong());
    row.name = fromQt(at.value(1));
    row.dataset = fromQt(at.value(2));
    row.patient = fromQt(at.value(3));
    row.source = study.sourcePath(fromQt(at.value(4)));
    row.format = fromQt(at.value(5));
    row.sha256 = fromQt(at.value(6));
    row.samplingRate = at.value(7).toDouble();
    row.samples = at.value(8).toLongLong();
    row.leads = at.value(9).toInt();
    row.ageYears = optionalDouble(at.value(10));
    row.sex = fromQt(at.value(11));
    row.recordedAt = fromQt(at.value(12));
    row.heartRateBpm = optionalDouble(at.value(13));
    row.rrSdMs = optionalDouble(at.value(14));
    row.surprise = optionalDouble(at.value(15));
    if (!at.value(16).isNull())
        row.cluster = at.value(16).toInt();
    row.warnings = at.value(17).toInt();
    row.surprisePercentile = optionalDouble(at.value(18));
    if (study.sight.blinded) {
        row.name = blindedName(row.id);
        row.source.clear();
    }
    return row;
}

// What the program computed itself stands before what the file claims.
const QString kHeartRate = QStringLiteral("COALESCE(hc.value, hf.value)");
const QString kRows = QStringLiteral(
    "SELECT r.id, r.name, r.dataset, p.pseudonym, r.path, r.format, r.file_sha256, r.sampling_rate, r.samples, r.leads,"
    " r.age_years, r.sex, r.recorded_at, COALESCE(hc.value, hf.value), COALESCE(rc.value, rf.value), s.value,"
    " m.cluster, (SELECT COUNT(*) FROM warnings w WHERE w.recording_id = r.id), s.percentile"
    " FROM recordings r LEFT JOIN patients p ON p.id = r.patient_id"
    " LEFT JOIN measurements hc ON hc.recording_id = r.id AND hc.source = 'computed' AND hc.name = 'heart_rate_bpm'"
    " LEFT JOIN measurements hf ON hf.recording_id = r.id AND hf.source = 'file' AND hf.name = 'heart_rate_bpm'"
    " LEFT JOIN measurements rc ON rc.recording_id = r.id AND rc.source = 'computed' AND rc.name = 'rr_sd_ms'"
    " LEFT JOIN measurements rf ON rf.recording_id = r.id AND rf.source = 'file' AND rf.name = 'rr_sd_ms'"
    " LEFT JOIN surprise s ON s.model_hash = ? AND s.recording_id = r.id"
    " LEFT JOIN map_points m ON m.model_hash = ? AND m.recording_id = r.id");

// Of one label of a recording: its name and whether a file or table gave it. Where a difference of readers was settled,
// that stands for what they gave.
const QString kImported = QStringLiteral("SELECT l.recording_id AS id, n.name AS name, 1 AS imported FROM labels l"
                                         " JOIN label_names n ON n.id = l.label_id");
const QString kOfReaders = QStringLiteral(
    "SELECT r.id AS id, v.name AS name, 0 AS imported FROM reader_labels l JOIN vocabulary v ON v.id = l.term_id"
    " JOIN recordings r ON r.sample_hash = l.sample_hash WHERE l.value = 1 AND l.term_id > 0 AND (l.reader ="
    " 'adjudicated' OR NOT EXISTS (SELECT 1 FROM reader_labels s WHERE s.sample_hash = l.sample_hash AND s.reader ="
    " 'adjudicated' AND s.term_id = l.term_id AND s.target = 'recording'))");
const QString kOwn = QStringLiteral("SELECT r.id AS id, v.name AS name, 0 AS imported FROM reader_labels l JOIN"
                                    " vocabulary v ON v.id = l.term_id JOIN recordings r ON r.sample_hash ="
                                    " l.sample_hash WHERE l.value = 1 AND l.term_id > 0 AND l.reader = ?");

struct LabelSource {
    QString sql;
    std::vector<QVariant> values;
};

LabelSource labelsAs(const ReaderSight& sight) {
    if (sight.blinded)
        return {kOwn, {toQt(sight.reader)}};
    return {kImported + " UNION ALL " + kOfReaders, {}};
}

struct RowPlaces {
    explicit RowPlaces(std::vector<RecordingRow>& all) : rows(all) {
        for (std::size_t i = 0; i < rows.size(); ++i)
            at.emplace(rows[i].id.value, i);
    }
    RecordingRow* find(const QVariant& id) {
        const auto found = at.find(id.toLongLong());
        return found != at.end() ? &rows[found->second] : nullptr;
    }
    std::vector<RecordingRow>& rows;
    std::unordered_map<std::int64_t, std::size_t> at;
};

} // namespace

std::string blindedName(RecordingId id) {
    return "#" + std::to_string(id.value);
}

Result<Done> addLabels(const Study::Impl& study, const std::vector<RecordingId>& among,
                       std::vector<RecordingRow>& rows) {
    RowPlaces places(rows);
    const bool few = !among.empty() && among.size() <= kIdsInStatement;
    const auto source = labelsAs(study.sight);
    auto labels = study.database->run("SELECT id, name, MAX(imported) FROM (" + source.sql + ")" +
                                          (few ? " WHERE id IN " + idList(among) : QString()) +
                                          " GROUP BY id, name ORDER BY id, name",
                                      source.values);
    if (!labels)
        return labels.as<Done>();
    while (labels->next())
        if (auto* row = places.find(labels->value(0))) {
            row->labels.push_back(fromQt(labels->value(1)));
            if (!labels->value(2).toBool())
                row->onlyByReaders.push_back(row->labels.back());
        }
    auto read = study.database->run("SELECT DISTINCT r.id FROM reader_labels l JOIN recordings r ON r.sample_hash ="
                                    " l.sample_hash WHERE (? OR l.reader = ?)" +
                                        (few ? " AND r.id IN " + idList(among) : QString()),
                                    {!study.sight.blinded, toQt(study.sight.reader)});
    if (!read)
        return read.as<Done>();
    while (read->next())
        if (auto* row = places.find(read->value(0)))
            row->read = true;
    return Done{};
}

namespace {

bool matchesText(const RecordingRow& row, const QStringList& words) {
    QString text = toQt(row.name + "\n" + row.dataset + "\n" + row.patient + "\n" + row.format);
    for (const auto& label : row.labels)
        text += "\n" + toQt(label);
    return std::all_of(words.begin(), words.end(),
                       [&](const QString& word) { return text.contains(word, Qt::CaseInsensitive); });
}

} // namespace

bool containsIgnoringCase(const std::string& text, const std::string& part) {
    return toQt(text).contains(toQt(part), Qt::CaseInsensitive);
}

Result<std::vector<RecordingRow>> Study::query(const WorklistQuery& query) const {
    using Rows = std::vector<RecordingRow>;
    const auto model = toQt(currentModel());
    const auto where = conditionsOf(query, kHeartRate);
    std::vector<QVariant> values = {model, model};
    values.insert(values.end(), where.values.begin(), where.values.end());
    auto found = impl_->database->run(kRows + where.text() + " ORDER BY r.id", values);
    if (!found)
        return found.as<Rows>();
    const std::unordered_set<RecordingId> among(query.among.begin(), query.among.end());
    Rows rows;
    while (found->next()) {
        auto row = rowOf(*found, *impl_);
        if (among.empty() || among.contains(row.id))
            rows.push_back(std::move(row));
    }
    if (const auto labelled = addLabels(*impl_, query.among, rows); !labelled)
        return labelled.as<Rows>();
    if (!query.label.empty())
        std::erase_if(rows, [&](const RecordingRow& row) {
            return std::none_of(row.labels.begin(), row.labels.end(),
                                [&](const auto& label) { return containsIgnoringCase(label, query.label); });
        });
    const auto words = toQt(query.text).simplified().split(' ', Qt::SkipEmptyParts);
    if (!words.isEmpty())
        std::erase_if(rows, [&](const RecordingRow& row) { return !matchesText(row, words); });
    sortRows(rows, query.order, query.descending);
    return rows;
}

Result<RecordingRow> Study::row(RecordingId id) const {
    WorklistQuery one;
    one.among = {id};
    auto rows = query(one);
    if (!rows)
        return rows.as<RecordingRow>();
    if (rows->empty())
        return makeError(ErrorCode::NotFound, "no recording has the number " + std::to_string(id.value),
                         impl_->folder.string());
    return std::move(rows->front());
}

Result<std::int64_t> Study::count() const {
    const auto count = impl_->database->scalar("SELECT COUNT(*) FROM recordings");
    return count ? Result<std::int64_t>(count->toLongLong()) : count.as<std::int64_t>();
}

Result<std::vector<std::pair<std::string, int>>> Study::labels() const {
    using Counts = std::vector<std::pair<std::string, int>>;
    const auto source = labelsAs(impl_->sight);
    auto found = impl_->database->run("SELECT name, COUNT(DISTINCT id) AS uses FROM (" + source.sql +
                                          ") GROUP BY name ORDER BY uses DESC, name",
                                      source.values);
    if (!found)
        return found.as<Counts>();
    Counts counts;
    while (found->next())
        counts.emplace_back(fromQt(found->value(0)), found->value(1).toInt());
    return counts;
}

} // namespace precordia
