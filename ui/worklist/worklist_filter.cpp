// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/worklist/worklist_filter.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <sstream>

namespace precordia {

namespace {

char lower(char c) {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

// `needle` is in lower case already. Nothing is allocated: a hundred thousand rows are looked through while a person
// types.
bool contains(const std::string& text, const std::string& needle) {
    return std::search(text.begin(), text.end(), needle.begin(), needle.end(),
                       [](char a, char b) { return lower(a) == b; }) != text.end();
}

std::string lowered(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), lower);
    return text;
}

bool anyLabel(const RecordingRow& row, const std::string& needle) {
    return std::any_of(row.labels.begin(), row.labels.end(),
                       [&](const std::string& label) { return contains(label, needle); });
}

bool hasWord(const RecordingRow& row, const std::string& word) {
    return contains(row.name, word) || contains(row.dataset, word) || contains(row.patient, word) ||
           contains(row.format, word) || anyLabel(row, word);
}

bool within(const std::optional<double>& value, const std::optional<double>& from, const std::optional<double>& to) {
    if (!from && !to)
        return true;
    return value && (!from || *value >= *from) && (!to || *value <= *to);
}

// -1, 0 or 1; missing values behind the others whatever the direction.
template <typename T>
int compare(const std::optional<T>& a, const std::optional<T>& b, bool descending) {
    if (!a || !b)
        return static_cast<int>(a.has_value()) == static_cast<int>(b.has_value()) ? 0 : (a ? -1 : 1);
    const int sign = *a < *b ? -1 : (*b < *a ? 1 : 0);
    return descending ? -sign : sign;
}

// Names as a person counts: "A9" before "A10".
int compareNames(const std::string& a, const std::string& b) {
    std::size_t i = 0, j = 0;
    while (i < a.size() && j < b.size()) {
        if (std::isdigit(static_cast<unsigned char>(a[i])) && std::isdigit(static_cast<unsigned char>(b[j]))) {
            const auto digits = [](const std::string& text, std::size_t at) {
                while (at < text.size() && std::isdigit(static_cast<unsigned char>(text[at])))
                    ++at;
                return at;
            };
            while (i + 1 < a.size() && a[i] == '0' && std::isdigit(static_cast<unsigned char>(a[i + 1])))
                ++i;
            while (j + 1 < b.size() && b[j] == '0' && std::isdigit(static_cast<unsigned char>(b[j + 1])))
                ++j;
            const auto endA = digits(a, i), endB = digits(b, j);
            if (endA - i != endB - j)
                return endA - i < endB - j ? -1 : 1;
            if (const int order = a.compare(i, endA - i, b, j, endB - j); order != 0)
                return order;
            i = endA;
            j = endB;
            continue;
        }
        if (const char x = lower(a[i]), y = lower(b[j]); x != y)
            return x < y ? -1 : 1;
        ++i;
        ++j;
    }
    return static_cast<int>(i < a.size()) - static_cast<int>(j < b.size());
}

std::optional<std::string> orNone(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional(text);
}

int compareRows(const RecordingRow& a, const RecordingRow& b, WorklistColumn column, bool descending) {
    switch (column) {
    case WorklistColumn::Name: {
        const int order = compareNames(a.name, b.name);
        return descending ? -order : order;
    }
    case WorklistColumn::HeartRate:
        return compare(a.heartRateBpm, b.heartRateBpm, descending);
    case WorklistColumn::Age:
        return compare(a.ageYears, b.ageYears, descending);
    case WorklistColumn::Sex:
        return compare(orNone(a.sex), orNone(b.sex), descending);
    case WorklistColumn::Label:
        return compare(orNone(labelLine(a)), orNone(labelLine(b)), descending);
    case WorklistColumn::Dataset:
        return compare(orNone(a.dataset), orNone(b.dataset), descending);
    case WorklistColumn::Cluster:
        return compare(a.cluster, b.cluster, descending);
    case WorklistColumn::Surprise:
        return compare(shownSurprise(a), shownSurprise(b), descending);
    }
    return 0;
}

std::vector<Choice> sorted(const std::map<std::string, int>& counts) {
    std::vector<Choice> choices;
    for (const auto& [value, count] : counts)
        choices.push_back({value, count});
    std::stable_sort(choices.begin(), choices.end(),
                     [](const Choice& a, const Choice& b) { return a.count > b.count; });
    return choices;
}

} // namespace

std::string labelLine(const RecordingRow& row) {
    std::string line;
    for (const auto& label : row.labels)
        line += (line.empty() ? "" : ", ") + label;
    return line;
}

std::vector<int> answerQuery(const std::vector<RecordingRow>& rows, const WorklistQuery& query, WorklistColumn sortedBy,
                             bool descending) {
    std::vector<std::string> words;
    std::istringstream text(lowered(query.text));
    for (std::string word; text >> word;)
        words.push_back(word);
    const std::string label = lowered(query.label);
    std::vector<RecordingId> among = query.among;
    std::sort(among.begin(), among.end());

    std::vector<int> found;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const RecordingRow& row = rows[i];
        const bool fits =
            (among.empty() || std::binary_search(among.begin(), among.end(), row.id)) &&
            (query.dataset.empty() || row.dataset == query.dataset) && (query.sex.empty() || row.sex == query.sex) &&
            (!query.cluster || row.cluster == query.cluster) &&
            within(row.heartRateBpm, query.heartRateFrom, query.heartRateTo) &&
            within(row.ageYears, query.ageFrom, query.ageTo) && (label.empty() || anyLabel(row, label)) &&
            std::all_of(words.begin(), words.end(), [&](const std::string& word) { return hasWord(row, word); });
        if (fits)
            found.push_back(static_cast<int>(i));
    }
    std::stable_sort(found.begin(), found.end(), [&](int a, int b) {
        return compareRows(rows[static_cast<std::size_t>(a)], rows[static_cast<std::size_t>(b)], sortedBy, descending) <
               0;
    });
    return found;
}

std::vector<Choice> labelChoices(const std::vector<RecordingRow>& rows) {
    std::map<std::string, int> counts;
    for (const auto& row : rows)
        for (const auto& label : row.labels)
            ++counts[label];
    return sorted(counts);
}

std::vector<Choice> datasetChoices(const std::vector<RecordingRow>& rows) {
    std::map<std::string, int> counts;
    for (const auto& row : rows)
        if (!row.dataset.empty())
            ++counts[row.dataset];
    return sorted(counts);
}

std::vector<Choice> clusterChoices(const std::vector<RecordingRow>& rows) {
    std::map<std::string, int> counts;
    for (const auto& row : rows)
        if (row.cluster)
            ++counts[std::to_string(*row.cluster)];
    return sorted(counts);
}

} // namespace precordia
