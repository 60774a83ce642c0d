// SPDX-License-Identifier: GPL-3.0-or-later
// The rows of a study laid out in columns, so that 200,000 of them are filtered and sorted between two frames. A column
// has a key: "name", "patient", "dataset", "format", "sex", "label", "cluster", "quality" (words), "age" (years),
// "date" (days since 1970-01-01), "heart_rate" (bpm), "surprise" (percentile, or latent error), "warnings" (numbers),
// and "computed/<name>" or "file/<name>" for the measurements of core/study/study.h. Immutable, so that a worker reads
// what the window shows; all is O(rows), sorting O(rows log rows).
#pragma once

#include "core/study/study.h"

#include <cstdint>
#include <map>
#include <set>

namespace precordia {

struct WorklistRange { // both ends belong to it
    std::optional<double> from, to;
    bool operator==(const WorklistRange&) const = default;
};

struct WorklistFilter {
    std::string text; // every word must be found in name, patient, data set, format or a label; case does not count
    std::map<std::string, WorklistRange> ranges;          // of columns of numbers; what is not known is in no range
    std::map<std::string, std::set<std::string>> choices; // of columns of words: any of these; case does not count
    std::vector<RecordingId> among;                       // empty: all
    bool operator==(const WorklistFilter&) const = default;
};

using NumberColumn = std::vector<float>; // one a row; NaN: not known

struct TermColumn {
    std::vector<std::string> names;    // in the order of the alphabet
    std::vector<std::uint32_t> starts; // rows + 1: the terms of row r are terms[starts[r]] to terms[starts[r + 1]]
    std::vector<std::uint32_t> terms;  // places in names, ascending within a row
};
TermColumn termColumn(const std::vector<std::vector<std::string>>& termsOfRows);

struct TermCount {
    std::string value;
    int count = 0;
};

class WorklistIndex {
public:
    using Rows = std::vector<RecordingRow>; // ascending by id
    // What the worklist shows and finds of a row's labels. The one place they come from: a reader who must not see
    // them gets another.
    using LabelsOf = std::function<std::vector<std::string>(const RecordingRow&)>;
    static std::shared_ptr<const WorklistIndex> build(std::shared_ptr<const Rows> rows, const LabelsOf& labels = {});
    // The same with one more column, or another in its place.
    std::shared_ptr<const WorklistIndex> with(const std::string& key, std::shared_ptr<const NumberColumn> column) const;
    std::shared_ptr<const WorklistIndex> with(const std::string& key, std::shared_ptr<const TermColumn> column) const;

    // The same rows, of which some say something new, with the columns that were added.
    std::shared_ptr<const WorklistIndex> patched(std::shared_ptr<const Rows> rows, const LabelsOf& labels) const;

    const Rows& rows() const { return *rows_; }
    const NumberColumn* numbers(const std::string& key) const; // null: no such column, or not loaded
    const TermColumn* terms(const std::string& key) const;
    int positionOf(RecordingId id) const;                             // -1: not there
    std::string termLine(const std::string& key, int position) const; // "atrial fibrillation, left axis deviation"

    // Positions in rows(), all of them. What is not known comes last either way; equal ones stay in the order of ids;
    // numbers in names count as numbers: "P9" before "P10". By id when there is no such column.
    std::vector<int> sorted(const std::string& key, bool descending) const;
    // Those of `order` that the filter lets through, in its order. A range or a choice of a column that is not there
    // lets nothing through.
    std::vector<int> matching(const WorklistFilter& filter, const std::vector<int>& order) const;
    // How often each word of a column occurs, most frequent first.
    std::vector<TermCount> counts(const std::string& key) const;
    // Smallest and largest known value.
    std::optional<std::pair<double, double>> extent(const std::string& key) const;
    // Share of the rows whose surprise is smaller, 0 to 1.
    double surpriseRank(double surprise) const;

private:
    WorklistIndex() = default;

    std::shared_ptr<const Rows> rows_;
    std::shared_ptr<const std::string> words_;                 // of all rows, folded: name, patient, data set, format
    std::shared_ptr<const std::vector<std::uint32_t>> places_; // rows + 1, where they begin
    std::shared_ptr<const std::vector<float>> surprises_;      // ascending
    std::map<std::string, std::shared_ptr<const NumberColumn>> numbers_;
    std::map<std::string, std::shared_ptr<const TermColumn>> terms_;
};

// Days since 1970-01-01 of an ISO 8601 date, with the time of day as a fraction; none for anything else. And back:
// "2019-05-01".
std::optional<double> daysOf(const std::string& isoDate);
std::string isoDate(double days);

} // namespace precordia
