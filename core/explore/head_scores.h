// SPDX-License-Identifier: GPL-3.0-or-later
// Heads trained on the labels of a study (attentive probe, fine-tuning: core/engine/head.h), as scorers that stand
// beside the linear probe on the same divisions. What is trained is kept in the study, a file a division with its
// splits so far: an evaluation that was stopped or killed goes on with the next split, and the same one asked again is
// read.
#pragma once

#include "core/engine/head.h"
#include "core/explore/label_scores.h"
#include "core/explore/metrics.h"
#include "core/study/signal_cache.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace precordia {

// Of a long recording so many windows are taken, evenly spread; its score is the mean over them. The linear probe's
// embeddings are means over all.
constexpr std::size_t kHeadWindows = 4;

// The windows of each recording of the encoders' tables; none where the model can take none of them.
struct HeadSource {
    std::shared_ptr<const SignalCache> windows;
    std::vector<std::vector<std::int64_t>> windowsOf; // [place in the tables]
};
// ids: of the tables. leads: as HeadRequest has them. Errors: those of the cache.
Result<HeadSource> headSource(const std::filesystem::path& studyFolder, const ModelInfo& model,
                              const std::vector<RecordingId>& ids, const std::vector<std::string>& leads,
                              const StopToken& stop, Progress& progress);

// Without the recordings of which the model can take no window: they would have no score.
PlaceOf withWindows(const PlaceOf& all, const HeadSource& source);

struct HeadPlan {
    std::filesystem::path keep; // folder of what is trained; "": not kept
    HeadKind kind = HeadKind::FineTune;
    std::string modelHash; // held by the engine
    HeadTraining training;
    std::vector<std::string> leads; // empty: all
    StopToken stop;
    Progress* progress = nullptr;
};
// All but the model; what is trained is kept in STUDY/evaluations/heads.
HeadPlan headPlanOf(const std::filesystem::path& studyFolder, const EvaluateOptions& options, const StopToken& stop,
                    Progress& progress);

// The request of one division: rows are windows, all of a recording's in the part where it stands. labels, groups: of
// the recordings; multiLabel as HeadRequest.
HeadRequest headRequest(const HeadSource& source, const HeadPlan& plan, const std::vector<Eigen::Index>& places,
                        const std::vector<int>& labels, bool multiLabel, int classes,
                        const std::vector<std::int64_t>& groups, const std::vector<HeadSplit>& splits,
                        std::uint64_t seed);
// What the splits of the request come to, from the study where it stands there. Errors: those of Engine::trainHead.
Result<HeadResult> trainKept(const HeadRequest& request, const HeadPlan& plan, const HeadSource& source);

// One label: logits, the mean over a recording's windows. source and plan.progress must outlive it.
Scorer headScorer(const HeadSource& source, const HeadPlan& plan);
// One of several classes [rows, classes]. places: of the rows in the tables.
Result<RowsD> headClassScores(const HeadSource& source, const HeadPlan& plan, const std::vector<Eigen::Index>& places,
                              const std::vector<int>& classOf, int classes, const std::vector<std::int64_t>& groups,
                              const std::vector<ProbeSplit>& splits, std::uint64_t seed);
// Mean over a recording's rows of the request: [recordings, classes] of what HeadResult::scores has by window.
RowsD meanOverWindows(const HeadSource& source, const std::vector<Eigen::Index>& places,
                      const std::vector<float>& scores, int classes);

} // namespace precordia
