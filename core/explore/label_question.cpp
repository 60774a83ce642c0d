// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explore/evaluate.h"

#include <algorithm>
#include <map>
#include <set>

namespace precordia {

namespace {

bool every(const std::string& dataset) {
    (void)dataset;
    return true;
}
bool ludb(const std::string& dataset) {
    return dataset.starts_with("LUDB");
}
// Sets whose labels are few by design: their silence says nothing.
bool diagnosed(const std::string& dataset) {
    return dataset != "CODE-15%" && dataset != "SaMi-Trop";
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

LabelledRows rowsOf(const std::vector<RecordingRow>& study, const LabelQuestion& question) {
    std::set<std::string> using_;
    for (const auto& row : study)
        if (hasLabel(row, question))
            using_.insert(row.dataset);
    std::map<std::string, std::int64_t> patients; // number of a patient: that of the first recording in the study
    LabelledRows rows;
    std::set<std::string> datasets;
    for (const auto& row : study) {
        const std::int64_t group =
            row.patient.empty() ? row.id.value : patients.try_emplace(row.patient, row.id.value).first->second;
        if (question.among ? !question.among(row.dataset) : using_.count(row.dataset) == 0)
            continue;
        rows.ids.push_back(row.id);
        rows.labels.push_back(hasLabel(row, question) ? 1 : 0);
        rows.groups.push_back(group);
        datasets.insert(row.dataset);
    }
    rows.datasets.assign(datasets.begin(), datasets.end());
    return rows;
}

} // namespace precordia
