// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explore/evaluate.h"
#include "core/study/labelled_set.h"

#include <algorithm>
#include <map>
#include <set>

namespace precordia {

namespace {

// A recording of no known set is no negative of any.
bool every(const std::string& dataset) {
    return !dataset.empty();
}
bool ludb(const std::string& dataset) {
    return dataset.starts_with("LUDB");
}
// Sets whose labels are few by design: their silence says nothing.
bool diagnosed(const std::string& dataset) {
    return every(dataset) && dataset != "CODE-15%" && dataset != "SaMi-Trop";
}

bool hasLabel(const RecordingRow& row, const LabelQuestion& question) {
    return std::any_of(row.labels.begin(), row.labels.end(), [&](const std::string& label) {
        return std::any_of(question.words.begin(), question.words.end(),
                           [&](const std::string& word) { return containsIgnoringCase(label, word); });
    });
}

} // namespace

LabelQuestion questionOf(const std::string& label) {
    return {label, {label}, {}};
}

const std::vector<LabelQuestion>& sevenFindings() {
    static const std::vector<LabelQuestion> kFindings = {
        {"atrial fibrillation", {"atrial fibrillation"}, every},
        {"left ventricular hypertrophy", {"left ventricular hypertrophy"}, ludb},
        {"sinus tachycardia", {"sinus tachycardia"}, diagnosed},
        {"sinus bradycardia", {"sinus bradycardia"}, diagnosed},
        {"right bundle branch block", {"right bundle branch block"}, diagnosed},
        {"left axis deviation", {"left axis deviation"}, ludb},
        {"left bundle branch or anterior hemiblock",
         {"left anterior hemiblock", "left bundle branch block"},
         diagnosed},
    };
    return kFindings;
}

Result<LabelledRows> rowsOf(const Study& study, const LabelQuestion& question) {
    const auto all = study.query();
    if (!all)
        return all.as<LabelledRows>();
    LabelledRows rows;
    std::map<RecordingId, int> asked; // with its label
    if (question.among) {
        std::set<std::string> datasets;
        for (const auto& row : *all)
            if (question.among(row.dataset)) {
                asked[row.id] = hasLabel(row, question) ? 1 : 0;
                datasets.insert(row.dataset);
            }
        rows.datasets.assign(datasets.begin(), datasets.end());
    } else {
        const auto set = labelledSet(study, question.words);
        if (!set)
            return set.as<LabelledRows>();
        for (std::size_t i = 0; i < set->ids.size(); ++i)
            asked[set->ids[i]] = set->y[i];
        rows.datasets = set->datasets;
    }
    // The number of a patient is that of the first recording in the study: the same for every question.
    std::map<std::string, std::int64_t> patients;
    for (const auto& row : *all) {
        const std::int64_t group =
            row.patient.empty() ? row.id.value : patients.try_emplace(row.patient, row.id.value).first->second;
        const auto at = asked.find(row.id);
        if (at == asked.end())
            continue;
        rows.ids.push_back(row.id);
        rows.labels.push_back(at->second);
        rows.groups.push_back(group);
    }
    return rows;
}

} // namespace precordia
