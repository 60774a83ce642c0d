// SPDX-License-Identifier: GPL-3.0-or-later
// What the benchmark's linear and fine-tuned rows share: the recordings of a task, its parts, and what a row is made
// of. Internal to core/explore.
#pragma once

#include "core/explore/benchmark.h"
#include "core/explore/embedding_table.h"
#include "core/explore/head_scores.h"
#include "core/explore/softmax.h"

namespace precordia {

// The recordings that are in the study and long enough, with their rows in the encoders' tables.
struct BenchmarkRows {
    std::vector<Eigen::Index> places;
    std::vector<const BenchmarkRecording*> recordings;
    std::vector<std::int64_t> groups;
};

// The parts of a task: rows of `BenchmarkRows`.
struct BenchmarkParts {
    std::vector<int> train, validation, test;
    std::vector<int> both() const {
        std::vector<int> out = train;
        out.insert(out.end(), validation.begin(), validation.end());
        return out;
    }
};

// Which classes can be judged, and the rows of the task.
struct BenchmarkTaskRows {
    BenchmarkParts parts;
    std::vector<std::vector<int>> labels; // [class][row of BenchmarkRows]
    std::vector<int> classOf;             // multi-class: -1 where the row is not in it
};

// What a row of the table is made of: test scores of each class (multi-label) or all at once, one a random seed.
struct BenchmarkOutcome {
    std::vector<std::vector<std::vector<double>>> binary; // [class][seed][test row]
    std::vector<RowsD> classes;                           // [seed]
};

template <typename T>
std::vector<T> take(const std::vector<T>& values, const std::vector<int>& which) {
    std::vector<T> out;
    for (const int i : which)
        out.push_back(values[static_cast<std::size_t>(i)]);
    return out;
}

// Adds one class's figures, divided by `n` (classes times seeds), to the row: operating point and probabilities are
// chosen on the validation part, known its labels and asked the test part's.
void addBinaryFigures(const std::vector<double>& validation, const std::vector<int>& known,
                      const std::vector<double>& test, const std::vector<int>& asked, double sensitivity, double n,
                      BenchmarkRow& row);
// Likewise of several classes, from test scores before softmax.
void addClassFigures(const RowsD& test, const std::vector<int>& asked, double n, BenchmarkRow& row);

// The encoder (model or random weights, held by the engine) and a layer trained together on the training part until the
// validation part says stop: a row of the task and what it is made of. `hashes`: one a seed.
struct TunedEncoder {
    std::string name; // as BenchmarkRow::encoder
    std::vector<std::string> hashes;
};
Result<Done> runTuned(const TunedEncoder& encoder, const HeadSource& source, HeadPlan plan, const BenchmarkRows& rows,
                      const BenchmarkTaskRows& in, int classes, const BenchmarkOptions& options, bool multiClass,
                      BenchmarkRow& row, BenchmarkOutcome& outcome);

} // namespace precordia
