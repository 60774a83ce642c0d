// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/labelled_set.h"

#include "core/study/reader_labels.h"
#include "core/study/study_impl.h"

#include <algorithm>
#include <map>
#include <set>

namespace precordia {

namespace {

bool isMeant(const std::string& label, const std::vector<std::string>& words) {
    return std::any_of(words.begin(), words.end(),
                       [&](const std::string& word) { return containsIgnoringCase(label, word); });
}

// What the readers of one recording say of the terms that are asked; without those that were settled.
struct Opinions {
    std::map<std::string, std::set<std::int64_t>> present, absent; // by reader: terms
    std::set<std::string> read;
    std::set<std::int64_t> settled;
    bool settledPresent = false;

    bool differ() const {
        if (settledPresent)
            return false;
        for (const auto& [reader, terms] : present)
            for (const auto term : terms)
                if (!settled.contains(term) && deniedByAnother(term))
                    return true;
        return false;
    }

private:
    // By a reader who found nothing that is asked.
    bool deniedByAnother(std::int64_t term) const {
        const auto denies = [&](const std::string& reader) { return !present.contains(reader); };
        return std::any_of(read.begin(), read.end(), denies) ||
               std::any_of(absent.begin(), absent.end(),
                           [&](const auto& one) { return one.second.contains(term) && denies(one.first); });
    }
};

Result<std::map<RecordingId, Opinions>> opinionsOf(const Study& study, const std::vector<std::string>& words) {
    using All = std::map<RecordingId, Opinions>;
    auto found = study.impl().database->run(
        "SELECT r.id, l.reader, l.term_id, v.name, l.target, l.value FROM reader_labels l JOIN vocabulary v"
        " ON v.id = l.term_id JOIN recordings r ON r.sample_hash = l.sample_hash");
    if (!found)
        return found.as<All>();
    std::map<std::int64_t, bool> meant; // by term
    All all;
    while (found->next()) {
        const auto term = found->value(2).toLongLong();
        const bool given = found->value(5).toInt() == static_cast<int>(LabelValue::Present);
        const bool whole = fromQt(found->value(4)) == name(LabelPart::Recording);
        const auto reader = fromQt(found->value(1));
        auto known = meant.find(term);
        if (known == meant.end())
            known = meant.emplace(term, term != kReadTerm && isMeant(fromQt(found->value(3)), words)).first;
        if (!known->second && term != kReadTerm)
            continue;
        auto& opinions = all[RecordingId(found->value(0).toLongLong())];
        if (reader == kAdjudicated) {
            if (whole && term != kReadTerm)
                opinions.settled.insert(term);
            opinions.settledPresent = opinions.settledPresent || (given && term != kReadTerm);
        } else if (term == kReadTerm) {
            if (given)
                opinions.read.insert(reader);
        } else if (given) {
            opinions.present[reader].insert(term);
        } else if (whole) {
            opinions.absent[reader].insert(term);
        }
    }
    return all;
}

} // namespace

LabelOrigin labelOrigin(const RecordingRow& row, const std::vector<std::string>& words) {
    auto origin = LabelOrigin::None;
    for (const auto& label : row.labels)
        if (isMeant(label, words)) {
            if (!std::binary_search(row.onlyByReaders.begin(), row.onlyByReaders.end(), label))
                return LabelOrigin::Imported;
            origin = LabelOrigin::ReadersAlone;
        }
    return origin;
}

Result<std::vector<RecordingId>> recordingsInWhichReadersDiffer(const Study& study,
                                                                const std::vector<RecordingRow>& rows,
                                                                const std::vector<std::string>& words) {
    using Ids = std::vector<RecordingId>;
    Ids ids;
    if (study.sight().blinded)
        return ids;
    const auto opinions = opinionsOf(study, words);
    if (!opinions)
        return opinions.as<Ids>();
    for (const auto& row : rows)
        if (const auto found = opinions->find(row.id);
            found != opinions->end() && found->second.differ() && labelOrigin(row, words) != LabelOrigin::Imported)
            ids.push_back(row.id);
    std::sort(ids.begin(), ids.end());
    return ids;
}

Result<LabelledSet> labelledSet(const Study& study, const std::vector<std::string>& words) {
    const auto isEmpty = [](const std::string& word) { return word.empty(); };
    if (words.empty() || std::any_of(words.begin(), words.end(), isEmpty))
        return makeError(ErrorCode::WrongUse, "a label needs a name");
    const auto rows = study.query();
    if (!rows)
        return rows.as<LabelledSet>();
    auto differing = recordingsInWhichReadersDiffer(study, *rows, words);
    if (!differing)
        return differing.as<LabelledSet>();
    std::set<std::string> datasets; // that use the label
    std::vector<LabelOrigin> origins;
    bool byReaders = false;
    for (const auto& row : *rows) {
        origins.push_back(labelOrigin(row, words));
        if (origins.back() == LabelOrigin::Imported)
            datasets.insert(row.dataset);
        for (const auto& label : row.onlyByReaders)
            byReaders = byReaders || isMeant(label, words); // says nothing of what they have not read
    }
    if (datasets.empty() && !byReaders)
        return makeError(ErrorCode::NotFound, "no recording has a label with \"" + words.front() + "\"",
                         study.folder().string());
    LabelledSet set;
    set.datasets.assign(datasets.begin(), datasets.end());
    set.differing = *std::move(differing);
    std::map<std::string, std::int64_t> patients;
    std::int64_t nextGroup = 0;
    for (std::size_t i = 0; i < rows->size(); ++i) {
        const auto& row = (*rows)[i];
        const bool positive = origins[i] != LabelOrigin::None;
        const bool ofDataset = datasets.contains(row.dataset) && (!row.dataset.empty() || !row.labels.empty());
        const bool speaks = ofDataset || (byReaders && row.read);
        if ((!positive && !speaks) || std::binary_search(set.differing.begin(), set.differing.end(), row.id))
            continue;
        set.ids.push_back(row.id);
        set.y.push_back(positive ? 1 : 0);
        set.positives += positive ? 1 : 0;
        if (origins[i] == LabelOrigin::ReadersAlone)
            set.byReadersAlone.push_back(row.id);
        auto group = nextGroup;
        if (!row.patient.empty())
            group = patients.emplace(row.patient, nextGroup).first->second;
        nextGroup += group == nextGroup ? 1 : 0;
        set.groups.push_back(group);
    }
    return set;
}

} // namespace precordia
