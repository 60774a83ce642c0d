// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/labelled_set.h"

#include <algorithm>
#include <map>
#include <set>

namespace precordia {

Result<LabelledSet> labelledSet(const Study& study, const std::vector<std::string>& words) {
    const auto isEmpty = [](const std::string& word) { return word.empty(); };
    if (words.empty() || std::any_of(words.begin(), words.end(), isEmpty))
        return makeError(ErrorCode::WrongUse, "a label needs a name");
    const auto rows = study.query();
    if (!rows)
        return rows.as<LabelledSet>();
    const auto isMeant = [&](const std::string& label) {
        return std::any_of(words.begin(), words.end(),
                           [&](const std::string& word) { return containsIgnoringCase(label, word); });
    };
    std::vector<bool> positive(rows->size());
    std::set<std::string> datasets; // that use the label
    bool byReaders = false;
    for (std::size_t i = 0; i < rows->size(); ++i) {
        const auto& row = (*rows)[i];
        for (const auto& label : row.labels)
            if (isMeant(label)) {
                positive[i] = true;
                if (std::binary_search(row.onlyByReaders.begin(), row.onlyByReaders.end(), label))
                    byReaders = true; // what readers found says nothing of what they have not read
                else
                    datasets.insert(row.dataset);
            }
    }
    if (datasets.empty() && !byReaders)
        return makeError(ErrorCode::NotFound, "no recording has a label with \"" + words.front() + "\"",
                         study.folder().string());
    LabelledSet set;
    set.datasets.assign(datasets.begin(), datasets.end());
    std::map<std::string, std::int64_t> patients;
    std::int64_t nextGroup = 0;
    for (std::size_t i = 0; i < rows->size(); ++i) {
        const auto& row = (*rows)[i];
        const bool ofDataset = datasets.contains(row.dataset) && (!row.dataset.empty() || !row.labels.empty());
        const bool speaks = ofDataset || (byReaders && row.read);
        if (!positive[i] && !speaks)
            continue;
        set.ids.push_back(row.id);
        set.y.push_back(positive[i] ? 1 : 0);
        set.positives += positive[i] ? 1 : 0;
        auto group = nextGroup;
        if (!row.patient.empty())
            group = patients.emplace(row.patient, nextGroup).first->second;
        nextGroup += group == nextGroup ? 1 : 0;
        set.groups.push_back(group);
    }
    return set;
}

} // namespace precordia
