// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/reader_labels.h"

#include "core/io/snomed.h"
#include "core/io/text.h"
#include "core/study/study_impl.h"

#include <QDateTime>

#include <algorithm>
#include <array>

namespace precordia {

namespace {

constexpr std::array<std::string_view, 4> kParts = {"recording", "lead", "interval", "beat"};
constexpr qsizetype kLongestName = 200;

LabelPart partOf(const std::string& text) {
    const auto at = std::find(kParts.begin(), kParts.end(), text);
    return static_cast<LabelPart>(at == kParts.end() ? 0 : at - kParts.begin());
}

QVariant valueOf(const std::optional<LabelValue>& value) {
    return value ? QVariant(static_cast<int>(*value)) : QVariant();
}

std::optional<LabelValue> labelValue(const QVariant& value) {
    return value.isNull() ? std::nullopt : std::optional(static_cast<LabelValue>(value.toInt()));
}

QVariant number(std::int64_t value) {
    return static_cast<qlonglong>(value);
}

QString now() {
    return QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs);
}

VocabularyTerm termAt(const QSqlQuery& at) {
    VocabularyTerm term;
    term.id = at.value(0).toLongLong();
    term.name = fromQt(at.value(1));
    term.code = fromQt(at.value(2));
    if (!at.value(3).isNull())
        term.key = at.value(3).toInt();
    term.active = at.value(4).toBool();
    return term;
}

LabelTarget targetAt(const QSqlQuery& at, int column) {
    return {partOf(fromQt(at.value(column))), fromQt(at.value(column + 1)), at.value(column + 2).toLongLong(),
            at.value(column + 3).toLongLong()};
}

// A name of a person or a role; shown in lists.
Result<Done> checkReader(const std::string& reader) {
    const auto text = toQt(reader);
    if (text.trimmed().isEmpty() || text != text.simplified() || text.size() > kLongestName)
        return makeError(ErrorCode::WrongUse, "a reader needs a name, without spaces at its ends");
    return Done{};
}

std::optional<int> freeKey(const std::vector<VocabularyTerm>& terms) {
    for (int key = 1; key <= 9; ++key)
        if (std::none_of(terms.begin(), terms.end(), [key](const auto& term) { return term.key == key; }))
            return key;
    return std::nullopt;
}

struct EcgOf {
    std::string hash;
    std::int64_t samples = 0;
};

Result<EcgOf> ecgOf(const Database& database, RecordingId id) {
    auto found = database.run("SELECT sample_hash, samples FROM recordings WHERE id = ?", {number(id.value)});
    if (!found)
        return found.as<EcgOf>();
    if (!found->next())
        return makeError(ErrorCode::NotFound, "no recording has the number " + std::to_string(id.value));
    return EcgOf{fromQt(found->value(0)), found->value(1).toLongLong()};
}

Result<Done> checkTarget(const LabelTarget& target, std::int64_t samples) {
    const bool times = target.from != 0 || target.to != 0;
    bool good = false;
    switch (target.part) {
    case LabelPart::Recording:
        good = target.lead.empty() && !times;
        break;
    case LabelPart::Lead:
        good = !target.lead.empty() && !times;
        break;
    case LabelPart::Interval:
        good = target.from >= 0 && target.from < target.to && target.to <= samples;
        break;
    case LabelPart::Beat:
        good = target.from >= 0 && target.from < samples && target.to == 0;
        break;
    }
    if (!good || toQt(target.lead).size() > kLongestName)
        return makeError(ErrorCode::ValueOutOfRange, "a label on " + std::string(name(target.part)) + " \"" +
                                                         target.lead + "\", samples " + std::to_string(target.from) +
                                                         " to " + std::to_string(target.to) + " of " +
                                                         std::to_string(samples));
    return Done{};
}

std::vector<QVariant> keyOf(const std::string& hash, const std::string& reader, std::int64_t term,
                            const LabelTarget& target) {
    return {toQt(hash),        toQt(reader),        number(term),     toQt(std::string(name(target.part))),
            toQt(target.lead), number(target.from), number(target.to)};
}

Result<std::optional<LabelValue>> standing(const Database& database, const std::vector<QVariant>& key) {
    const auto value = database.scalar(
        "SELECT value FROM reader_labels WHERE sample_hash = ? AND reader = ? AND term_id = ? AND target = ?"
        " AND lead = ? AND from_sample = ? AND to_sample = ?",
        key);
    return value ? Result<std::optional<LabelValue>>(labelValue(*value)) : value.as<std::optional<LabelValue>>();
}

Result<std::int64_t> nextBatch(const Database& database) {
    const auto last = database.scalar("SELECT COALESCE(MAX(batch), 0) FROM label_edits");
    return last ? Result<std::int64_t>(last->toLongLong() + 1) : last.as<std::int64_t>();
}

} // namespace

std::string_view name(LabelPart part) {
    return kParts[static_cast<std::size_t>(part)];
}

Result<std::vector<VocabularyTerm>> ReaderLabels::vocabulary(bool all) const {
    using Terms = std::vector<VocabularyTerm>;
    auto found = study_.impl().database->run("SELECT id, name, code, key, active FROM vocabulary WHERE id > 0 AND"
                                             " (active OR ?) ORDER BY key IS NULL, key, name COLLATE NOCASE",
                                             {all});
    if (!found)
        return found.as<Terms>();
    Terms terms;
    while (found->next())
        terms.push_back(termAt(*found));
    return terms;
}

Result<Done> ReaderLabels::setTerm(const std::string& by, VocabularyTerm term, std::vector<VocabularyTerm>& before) {
    const auto& database = *study_.impl().database;
    term.name = normaliseLabel(term.name).name;
    if (term.name.empty() || toQt(term.name).size() > kLongestName)
        return makeError(ErrorCode::WrongUse, "a term needs a name");
    if (term.key && (*term.key < 0 || *term.key > 9))
        return makeError(ErrorCode::WrongUse, "a term's key is one of 1 to 9");
    if (!term.active)
        term.key.reset();
    // One label whether a file gives it or a reader: spelled alike.
    const auto ofFiles = database.scalar(
        "SELECT name FROM label_names WHERE name = ? COLLATE NOCASE ORDER BY id LIMIT 1", {toQt(term.name)});
    if (!ofFiles)
        return ofFiles.as<Done>();
    if (ofFiles->isValid())
        term.name = fromQt(*ofFiles);
    const auto terms = vocabulary(true);
    if (!terms)
        return terms.as<Done>();
    if (term.key == 0)
        term.key = freeKey(*terms);
    const auto isSame = [&](const auto& t) { return text::lower(t.name) == text::lower(term.name); };
    const auto same = std::find_if(terms->begin(), terms->end(), isSame);
    if (term.id == 0 && same != terms->end() && !same->active)
        term.id = same->id;
    if (same != terms->end() && same->id != term.id)
        return makeError(ErrorCode::AlreadyExists, "the vocabulary has \"" + term.name + "\"");
    const auto put = [&](const VocabularyTerm& t) {
        return database.change("INSERT INTO vocabulary_edits(made_at, reader, term_id, name, code, key, active)"
                               " VALUES(?, ?, ?, ?, ?, ?, ?)",
                               {now(), toQt(by), number(t.id), toQt(t.name), toQt(t.code),
                                t.key ? QVariant(*t.key) : QVariant(), t.active});
    };
    std::vector<VocabularyTerm> robbed;
    for (const auto& other : *terms)
        if (term.key && other.key == term.key && other.id != term.id) {
            robbed.push_back(other);
            auto without = other;
            without.key.reset();
            if (const auto done = put(without); !done)
                return done;
        }
    const auto was = std::find_if(terms->begin(), terms->end(), [&](const auto& t) { return t.id == term.id; });
    if (term.id != 0 && was == terms->end())
        return makeError(ErrorCode::NotFound, "the vocabulary has no such term");
    if (term.id == 0) {
        const auto last = database.scalar("SELECT MAX(id) FROM vocabulary");
        if (!last)
            return last.as<Done>();
        term.id = last->toLongLong() + 1;
        before.push_back(term);
        before.back().active = false; // a term once used stays known: its undo takes it off the list
        before.back().key.reset();
    } else {
        before.push_back(*was);
    }
    before.insert(before.end(), robbed.begin(), robbed.end());
    return put(term);
}

Result<std::vector<VocabularyTerm>> ReaderLabels::setTerms(const std::string& by,
                                                           const std::vector<VocabularyTerm>& terms) {
    using Terms = std::vector<VocabularyTerm>;
    if (const auto good = checkReader(by); !good)
        return good.as<Terms>();
    Terms before;
    const auto done = study_.inTransaction([&]() -> Result<Done> {
        for (const auto& term : terms)
            if (const auto set = setTerm(by, term, before); !set)
                return set;
        return Done{};
    });
    return done ? Result<Terms>(std::move(before)) : done.as<Terms>();
}

Result<Done> ReaderLabels::insert(const JournalEntry& entry, const std::string& sampleHash) {
    return study_.impl().database->change(
        "INSERT INTO label_edits(batch, made_at, reader, made_by, term_id, sample_hash, target, lead, from_sample,"
        " to_sample, value, before, reverses) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        {number(entry.batch), toQt(entry.madeAt), toQt(entry.reader), toQt(entry.madeBy), number(entry.term),
         toQt(sampleHash), toQt(std::string(name(entry.target.part))), toQt(entry.target.lead),
         number(entry.target.from), number(entry.target.to), valueOf(entry.value), valueOf(entry.before),
         entry.reverses ? number(*entry.reverses) : QVariant()});
}

Result<std::int64_t> ReaderLabels::edit(const LabelHand& hand, const std::vector<LabelEdit>& edits) {
    const auto& by = hand.by.empty() ? hand.reader : hand.by;
    for (const auto& reader : {hand.reader, by})
        if (const auto good = checkReader(reader); !good)
            return good.as<std::int64_t>();
    const auto& database = *study_.impl().database;
    std::int64_t batch = 0;
    const auto done = study_.inTransaction([&]() -> Result<Done> {
        const auto next = nextBatch(database);
        if (!next)
            return next.as<Done>();
        for (const auto& edit : edits) {
            const auto ecg = ecgOf(database, edit.recording);
            if (!ecg)
                return ecg.as<Done>();
            if (const auto good = checkTarget(edit.target, ecg->samples); !good)
                return good;
            const auto term = database.scalar("SELECT 1 FROM vocabulary WHERE id = ?", {number(edit.term)});
            if (!term || !term->isValid())
                return term ? Result<Done>(makeError(ErrorCode::NotFound, "the vocabulary has no such term"))
                            : term.as<Done>();
            const auto before = standing(database, keyOf(ecg->hash, hand.reader, edit.term, edit.target));
            if (!before)
                return before.as<Done>();
            if (*before == edit.value)
                continue;
            JournalEntry entry;
            entry.batch = batch = *next;
            entry.madeAt = now().toStdString();
            entry.reader = hand.reader;
            entry.madeBy = by;
            entry.term = edit.term;
            entry.target = edit.target;
            entry.value = edit.value;
            entry.before = *before;
            if (const auto put = insert(entry, ecg->hash); !put)
                return put;
        }
        return Done{};
    });
    return done ? Result<std::int64_t>(batch) : done.as<std::int64_t>();
}

Result<std::int64_t> ReaderLabels::reverse(const std::string& by, std::int64_t batch) {
    if (const auto good = checkReader(by); !good)
        return good.as<std::int64_t>();
    const auto& database = *study_.impl().database;
    std::int64_t number = 0;
    const auto done = study_.inTransaction([&]() -> Result<Done> {
        auto found = database.run("SELECT id, reader, term_id, target, lead, from_sample, to_sample, before,"
                                  " sample_hash FROM label_edits WHERE batch = ? ORDER BY id DESC",
                                  {static_cast<qlonglong>(batch)});
        if (!found)
            return found.as<Done>();
        std::vector<std::pair<JournalEntry, std::string>> entries;
        while (found->next()) {
            JournalEntry entry;
            entry.reverses = found->value(0).toLongLong();
            entry.reader = fromQt(found->value(1));
            entry.term = found->value(2).toLongLong();
            entry.target = targetAt(*found, 3);
            entry.value = labelValue(found->value(7));
            entries.emplace_back(std::move(entry), fromQt(found->value(8)));
        }
        found->finish();
        if (entries.empty())
            return makeError(ErrorCode::NotFound, "the journal has no such edit");
        const auto next = nextBatch(database);
        if (!next)
            return next.as<Done>();
        number = *next;
        for (auto& [entry, hash] : entries) {
            const auto before = standing(database, keyOf(hash, entry.reader, entry.term, entry.target));
            if (!before)
                return before.as<Done>();
            entry.batch = number;
            entry.madeAt = now().toStdString();
            entry.madeBy = by;
            entry.before = *before;
            if (const auto put = insert(entry, hash); !put)
                return put;
        }
        return Done{};
    });
    return done ? Result<std::int64_t>(number) : done.as<std::int64_t>();
}

Result<std::vector<ReaderLabel>> ReaderLabels::of(RecordingId id) const {
    using Labels = std::vector<ReaderLabel>;
    auto found = study_.impl().database->run(
        "SELECT l.reader, l.term_id, v.name, l.target, l.lead, l.from_sample, l.to_sample, l.value"
        " FROM reader_labels l JOIN vocabulary v ON v.id = l.term_id WHERE l.sample_hash ="
        " (SELECT sample_hash FROM recordings WHERE id = ?)"
        " ORDER BY l.reader, l.term_id, l.target, l.lead, l.from_sample, l.to_sample",
        {number(id.value)});
    if (!found)
        return found.as<Labels>();
    Labels labels;
    while (found->next())
        labels.push_back({fromQt(found->value(0)), found->value(1).toLongLong(), fromQt(found->value(2)),
                          targetAt(*found, 3), static_cast<LabelValue>(found->value(7).toInt())});
    return labels;
}

Result<std::vector<JournalEntry>> ReaderLabels::journal(RecordingId id) const {
    using Entries = std::vector<JournalEntry>;
    auto found = study_.impl().database->run(
        "SELECT e.id, e.batch, e.made_at, e.reader, e.made_by, e.term_id, v.name, e.target, e.lead, e.from_sample,"
        " e.to_sample, e.value, e.before, e.reverses FROM label_edits e JOIN vocabulary v ON v.id = e.term_id"
        " WHERE e.sample_hash = (SELECT sample_hash FROM recordings WHERE id = ?) ORDER BY e.id",
        {number(id.value)});
    if (!found)
        return found.as<Entries>();
    Entries entries;
    while (found->next()) {
        JournalEntry entry;
        entry.id = found->value(0).toLongLong();
        entry.batch = found->value(1).toLongLong();
        entry.madeAt = fromQt(found->value(2));
        entry.reader = fromQt(found->value(3));
        entry.madeBy = fromQt(found->value(4));
        entry.term = found->value(5).toLongLong();
        entry.name = fromQt(found->value(6));
        entry.target = targetAt(*found, 7);
        entry.value = labelValue(found->value(11));
        entry.before = labelValue(found->value(12));
        if (!found->value(13).isNull())
            entry.reverses = found->value(13).toLongLong();
        entries.push_back(std::move(entry));
    }
    return entries;
}

Result<std::vector<std::string>> ReaderLabels::readers() const {
    using Names = std::vector<std::string>;
    auto found = study_.impl().database->run(
        "SELECT DISTINCT reader FROM reader_labels WHERE reader <> ? ORDER BY reader", {QString(kAdjudicated)});
    if (!found)
        return found.as<Names>();
    Names names;
    while (found->next())
        names.push_back(fromQt(found->value(0)));
    return names;
}

Result<std::set<RecordingId>> ReaderLabels::readBy(const std::string& reader) const {
    using Ids = std::set<RecordingId>;
    auto found = study_.impl().database->run("SELECT DISTINCT r.id FROM reader_labels l JOIN recordings r"
                                             " ON r.sample_hash = l.sample_hash WHERE l.reader = ?",
                                             {toQt(reader)});
    if (!found)
        return found.as<Ids>();
    Ids ids;
    while (found->next())
        ids.insert(RecordingId(found->value(0).toLongLong()));
    return ids;
}

} // namespace precordia
