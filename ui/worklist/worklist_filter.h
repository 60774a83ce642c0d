// SPDX-License-Identifier: GPL-3.0-or-later
// The worklist's query, answered in memory over the rows the session has loaded: the same meaning as Study::query.
#pragma once

#include "core/study/study.h"

#include <QString>

#include <vector>

namespace precordia {

enum class WorklistColumn { Name, HeartRate, Age, Sex, Label, Dataset, Cluster, Surprise };
constexpr int kWorklistColumns = 8;

// Positions in `rows` that the query lets through, in the order of the column. Missing values come last either way.
std::vector<int> answerQuery(const std::vector<RecordingRow>& rows, const WorklistQuery& query, WorklistColumn sortedBy,
                             bool descending);

// The labels of a row in one line: "atrial fibrillation, left axis deviation".
std::string labelLine(const RecordingRow& row);

// What the menu of filters offers, each with how often it occurs, most frequent first.
struct Choice {
    std::string value;
    int count = 0;
};
std::vector<Choice> labelChoices(const std::vector<RecordingRow>& rows);
std::vector<Choice> datasetChoices(const std::vector<RecordingRow>& rows);
std::vector<Choice> clusterChoices(const std::vector<RecordingRow>& rows);

} // namespace precordia
