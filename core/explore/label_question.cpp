// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explore/evaluate.h"
#include "core/explore/probe.h"
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
    return labelOrigin(row, question.words) != LabelOrigin::None;
}

std::string countOf(std::size_t count) {
    return std::to_string(count) + (count == 1 ? " recording" : " recordings");
}

std::string frequentLabels(const Study& study) {
    constexpr std::size_t kShown = 8;
    const auto labels = study.labels();
    if (!labels || labels->empty())
        return "no recording of this study has a label";
    std::string out = "the most frequent of this study are ";
    for (std::size_t i = 0; i < std::min(kShown, labels->size()); ++i)
        out += (i == 0 ? "" : ", ") + (*labels)[i].first + " (" + std::to_string((*labels)[i].second) + ")";
    return out;
}

std::size_t labelledElsewhere(const Study& study, const LabelQuestion& question) {
    const auto all = study.query();
    return all ? static_cast<std::size_t>(std::ranges::count_if(
                     *all, [&](const auto& row) { return !question.among(row.dataset) && hasLabel(row, question); }))
               : 0;
}

// Why recordings without the label are fewer than a person expects; "" when all are counted.
std::string notCounted(const Study& study, const LabelQuestion& question, const LabelledRows& rows) {
    const auto all = study.query();
    if (!all)
        return {};
    const std::set<RecordingId> counted(rows.ids.begin(), rows.ids.end());
    std::size_t silent = 0, elsewhere = 0;
    for (const auto& row : *all)
        if (!counted.contains(row.id))
            ++(row.dataset.empty() && row.labels.empty() ? silent : elsewhere);
    std::string out;
    if (elsewhere > 0)
        out += "; " + countOf(elsewhere) + " of data sets that " +
               (question.among ? "this question leaves out" : "never use this label") + " are not counted as negatives";
    if (silent > 0)
        out += "; " + countOf(silent) + " of no data set and without any label are not counted as negatives";
    return out;
}

std::string differingText(const LabelledRows& rows) {
    if (rows.differing == 0)
        return {};
    return "; " + countOf(static_cast<std::size_t>(rows.differing)) + " in which readers differ " +
           (rows.differing == 1 ? "is left out until it is adjudicated" : "are left out until they are adjudicated");
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
        const auto differing = recordingsInWhichReadersDiffer(study, *all, question.words);
        if (!differing)
            return differing.as<LabelledRows>();
        std::set<std::string> datasets;
        for (const auto& row : *all)
            if (question.among(row.dataset)) {
                datasets.insert(row.dataset);
                if (std::binary_search(differing->begin(), differing->end(), row.id)) {
                    ++rows.differing;
                    continue;
                }
                asked[row.id] = hasLabel(row, question) ? 1 : 0;
            }
        rows.datasets.assign(datasets.begin(), datasets.end());
    } else {
        const auto set = labelledSet(study, question.words);
        if (!set)
            return set.as<LabelledRows>();
        for (std::size_t i = 0; i < set->ids.size(); ++i)
            asked[set->ids[i]] = set->y[i];
        rows.datasets = set->datasets;
        rows.differing = static_cast<int>(set->differing.size());
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
        rows.byReadersAlone.push_back(labelOrigin(row, question.words) == LabelOrigin::ReadersAlone ? 1 : 0);
        rows.groups.push_back(group);
    }
    return rows;
}

Result<LabelledRows> answerableRows(const Study& study, const LabelQuestion& question, int folds, std::uint64_t seed,
                                    int fewestPositives) {
    auto rows = rowsOf(study, question);
    if (rows.failed() && rows.error().code != ErrorCode::NotFound)
        return rows;
    const auto positives = rows ? std::count(rows->labels.begin(), rows->labels.end(), 1) : 0;
    if (positives == 0) {
        const auto leftOut = rows ? differingText(*rows) : std::string();
        const auto elsewhere = question.among ? labelledElsewhere(study, question) : 0;
        return makeError(ErrorCode::NotFound,
                         elsewhere > 0 ? "no recording of the data sets that are asked has such a label, but " +
                                             countOf(elsewhere) + " of others: --label asks all"
                                       : "no recording has such a label; " + frequentLabels(study) + leftOut);
    }
    const auto negatives = static_cast<std::ptrdiff_t>(rows->labels.size()) - positives;
    if (positives < folds || negatives < folds) {
        const auto needed = std::to_string(folds);
        return makeError(ErrorCode::NotFound,
                         "too few recordings for " + needed +
                             " folds: " + countOf(static_cast<std::size_t>(positives)) + " with the label and " +
                             std::to_string(negatives) + " without, at least " + needed + " of each are needed" +
                             differingText(*rows) + (negatives < folds ? notCounted(study, question, *rows) : ""));
    }
    if (positives < fewestPositives)
        return makeError(ErrorCode::NotFound, "only " + countOf(static_cast<std::size_t>(positives)) +
                                                  (positives == 1 ? " has" : " have") + " the label: with fewer than " +
                                                  std::to_string(fewestPositives) + " the figures would mean nothing");
    if (const auto divided = makeFolds(rows->labels, rows->groups, folds, seed); !divided)
        return makeError(ErrorCode::NotFound, divided.error().message);
    return rows;
}

Result<std::vector<LabelQuestion>> answerable(const Study& study, const std::vector<LabelQuestion>& questions,
                                              int folds, std::uint64_t seed, int fewestPositives,
                                              std::vector<std::pair<std::string, std::string>>& refused) {
    std::vector<LabelQuestion> asked;
    for (const auto& question : questions) {
        const auto rows = answerableRows(study, question, folds, seed, fewestPositives);
        if (rows)
            asked.push_back(question);
        else if (rows.error().code == ErrorCode::NotFound)
            refused.emplace_back(question.name, rows.error().message);
        else
            return rows.as<std::vector<LabelQuestion>>();
    }
    if (asked.empty() && refused.size() > 1)
        return makeError(ErrorCode::NotFound, "none of the " + std::to_string(refused.size()) +
                                                  " labels that were asked can be probed; the first, \"" +
                                                  refused.front().first + "\": " + refused.front().second);
    if (asked.empty())
        return makeError(ErrorCode::NotFound, refused.front().second, "label \"" + refused.front().first + "\"");
    return asked;
}

} // namespace precordia
