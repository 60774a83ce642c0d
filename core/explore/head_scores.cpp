// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explore/head_scores.h"

#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/engine/engine_loader.h"
#include "core/explore/embed_study.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>

namespace precordia {

namespace fs = std::filesystem;
using Json = nlohmann::json;

namespace {

constexpr int kKeptVersion = 1; // of what a key stands for
constexpr std::uint64_t kLargestKept = 256ULL << 20;

// Which of the leads that the cache holds the model may see.
std::vector<std::uint8_t> allowedLeads(const ModelInfo& model, const std::vector<std::string>& leads) {
    std::vector<std::uint8_t> out;
    for (const auto& lead : model.leads)
        out.push_back(leads.empty() || std::find(leads.begin(), leads.end(), lead) != leads.end() ? 1 : 0);
    return out;
}

bool canBeTaken(const SignalCache& cache, std::int64_t window, const std::vector<std::uint8_t>& allowed,
                std::vector<float>& samples, std::vector<std::uint8_t>& present) {
    cache.read(window, samples, present);
    bool any = false;
    for (std::size_t l = 0; l < present.size(); ++l)
        any = any || (present[l] != 0 && allowed[l] != 0);
    return any && std::all_of(samples.begin(), samples.end(), [](float v) { return std::isfinite(v); });
}

// Evenly spread, the first among them.
std::vector<std::int64_t> spread(const std::vector<std::int64_t>& all) {
    if (all.size() <= kHeadWindows)
        return all;
    std::vector<std::int64_t> out;
    for (std::size_t i = 0; i < kHeadWindows; ++i)
        out.push_back(all[i * all.size() / kHeadWindows]);
    return out;
}

// All that decides what a request comes to.
std::string keyOf(const HeadRequest& request, const HeadPlan& plan, const HeadSource& source) {
    const HeadTraining& t = plan.training;
    Json splits = Json::array();
    for (const auto& split : request.splits)
        splits.push_back({split.train, split.validation, split.test});
    const Json all = {{"version", kKeptVersion},
                      {"model", request.modelHash},
                      {"kind", static_cast<int>(request.kind)},
                      {"data", source.windows->dataHash()},
                      {"training",
                       {t.epochs, t.batch, t.learningRate, t.layerDecay, t.weightDecay, t.dropout, t.warmup, t.patience,
                        t.innerShare, t.queries}},
                      {"rows", request.rows},
                      {"labels", request.labels},
                      {"multi_label", request.multiLabel},
                      {"classes", request.classes},
                      {"weights", request.classWeights},
                      {"groups", request.groups},
                      {"splits", std::move(splits)},
                      {"leads", request.leads},
                      {"seed", request.seed}};
    return sha256Hex(all.dump()).substr(0, 24);
}

Json jsonOf(const HeadSplitResult& r) {
    return {{"epochs", r.epochs},
            {"best_epoch", r.bestEpoch},
            {"train_loss", r.trainLoss},
            {"validation_loss", std::isfinite(r.validationLoss) ? Json(r.validationLoss) : Json()},
            {"rows", {r.trained, r.validated, r.tested}},
            {"scores", r.scores},
            {"validation_scores", r.validationScores}};
}

// Empty for what is not what jsonOf makes: the split is trained again.
std::optional<HeadSplitResult> splitOf(const Json& json, const HeadSplit& split, int classes) {
    HeadSplitResult out;
    try {
        out.epochs = json.at("epochs");
        out.bestEpoch = json.at("best_epoch");
        out.trainLoss = json.at("train_loss");
        const auto& loss = json.at("validation_loss");
        out.validationLoss = loss.is_null() ? std::numeric_limits<double>::quiet_NaN() : loss.get<double>();
        const auto rows = json.at("rows").get<std::vector<int>>();
        if (rows.size() != 3)
            return {};
        out.trained = rows[0], out.validated = rows[1], out.tested = rows[2];
        out.scores = json.at("scores").get<std::vector<float>>();
        if (!split.validation.empty())
            out.validationScores = json.at("validation_scores").get<std::vector<float>>();
    } catch (const Json::exception&) {
        return {};
    }
    const auto k = static_cast<std::size_t>(classes);
    if (out.scores.size() != split.test.size() * k || out.validationScores.size() != split.validation.size() * k)
        return {};
    return out;
}

Json readKept(const fs::path& file, std::size_t splits) {
    auto kept = Json::array();
    if (const auto bytes = readFile(file, kLargestKept))
        kept = Json::parse(std::string_view(reinterpret_cast<const char*>(bytes->data()), bytes->size()), nullptr,
                           /*allow_exceptions=*/false);
    if (!kept.is_array() || kept.size() != splits)
        kept = Json(std::vector<Json>(splits));
    return kept;
}

std::vector<HeadSplit> headSplits(const std::vector<ProbeSplit>& splits) {
    std::vector<HeadSplit> out;
    for (const auto& split : splits)
        out.push_back({split.train, {}, split.test});
    return out;
}

} // namespace

HeadPlan headPlanOf(const fs::path& studyFolder, const EvaluateOptions& options, const StopToken& stop,
                    Progress& progress) {
    HeadPlan plan;
    plan.keep = studyFolder / "evaluations" / "heads";
    plan.kind = headKind(options.protocol);
    plan.training = options.head.value_or(headDefaults(plan.kind));
    plan.leads = options.leads;
    plan.stop = stop;
    plan.progress = &progress;
    return plan;
}

PlaceOf withWindows(const PlaceOf& all, const HeadSource& source) {
    PlaceOf out;
    for (const auto& [id, place] : all)
        if (!source.windowsOf[static_cast<std::size_t>(place)].empty())
            out.emplace(id, place);
    return out;
}

Result<HeadSource> headSource(const fs::path& studyFolder, const ModelInfo& model, const std::vector<RecordingId>& ids,
                              const std::vector<std::string>& leads, const StopToken& stop, Progress& progress) {
    const auto preprocessing = preprocessingOf(model);
    if (!preprocessing)
        return preprocessing.as<HeadSource>();
    const auto cache = SignalCache::build(studyFolder, *preprocessing, stop, progress);
    if (!cache)
        return cache.as<HeadSource>();
    HeadSource out;
    out.windows = *cache;
    out.windowsOf.resize(ids.size());
    std::unordered_map<RecordingId, std::size_t> placeOf;
    for (std::size_t i = 0; i < ids.size(); ++i)
        placeOf.emplace(ids[i], i);
    for (std::int64_t i = 0; i < (*cache)->size(); ++i)
        if (const auto at = placeOf.find((*cache)->recording(i)); at != placeOf.end())
            out.windowsOf[at->second].push_back(i);
    const auto shape = (*cache)->shape();
    std::vector<float> samples(static_cast<std::size_t>(shape.leads) * static_cast<std::size_t>(shape.samples));
    std::vector<std::uint8_t> present(static_cast<std::size_t>(shape.leads));
    const auto allowed = allowedLeads(model, leads);
    if (allowed.size() != present.size())
        return makeError(ErrorCode::Bug, "the cache has other leads than the model");
    progress.begin("Looking at the windows", static_cast<std::int64_t>(ids.size()));
    for (auto& windows : out.windowsOf) {
        if (stop.stop_requested())
            return Cancelled{};
        windows = spread(windows);
        std::erase_if(windows,
                      [&](std::int64_t window) { return !canBeTaken(**cache, window, allowed, samples, present); });
        progress.advance();
    }
    return out;
}

HeadRequest headRequest(const HeadSource& source, const HeadPlan& plan, const std::vector<Eigen::Index>& places,
                        const std::vector<int>& labels, bool multiLabel, int classes,
                        const std::vector<std::int64_t>& groups, const std::vector<HeadSplit>& splits,
                        std::uint64_t seed) {
    HeadRequest request;
    request.modelHash = plan.modelHash;
    request.windows = source.windows;
    request.kind = plan.kind;
    request.multiLabel = multiLabel;
    request.classes = classes;
    request.leads = plan.leads;
    request.training = plan.training;
    request.seed = seed;
    request.stop = plan.stop;
    const std::size_t each = multiLabel ? static_cast<std::size_t>(classes) : 1;
    std::vector<std::vector<int>> rowsOf(places.size()); // of each recording
    for (std::size_t i = 0; i < places.size(); ++i)
        for (const auto window : source.windowsOf[static_cast<std::size_t>(places[i])]) {
            rowsOf[i].push_back(static_cast<int>(request.rows.size()));
            request.rows.push_back(window);
            request.groups.push_back(groups[i]);
            const auto label = labels.begin() + static_cast<std::ptrdiff_t>(i * each);
            request.labels.insert(request.labels.end(), label, label + static_cast<std::ptrdiff_t>(each));
        }
    const auto expanded = [&rowsOf](const std::vector<int>& recordings) {
        std::vector<int> out;
        for (const int r : recordings) {
            const auto& rows = rowsOf[static_cast<std::size_t>(r)];
            out.insert(out.end(), rows.begin(), rows.end());
        }
        return out;
    };
    for (const auto& split : splits)
        request.splits.push_back({expanded(split.train), expanded(split.validation), expanded(split.test)});
    return request;
}

Result<HeadResult> trainKept(const HeadRequest& asked, const HeadPlan& plan, const HeadSource& source) {
    const auto engine = loadEngine();
    if (!engine)
        return engine.as<HeadResult>();
    HeadRequest request = asked;
    const auto file = plan.keep / (keyOf(request, plan, source) + ".json");
    Json kept = plan.keep.empty() ? Json() : readKept(file, request.splits.size());
    if (!plan.keep.empty()) {
        for (std::size_t i = 0; i < request.splits.size(); ++i)
            request.known.push_back(splitOf(kept[i], request.splits[i], request.classes));
        std::error_code failure;
        fs::create_directories(plan.keep, failure);
        request.onSplit = [&](std::size_t number, const HeadSplitResult& result) {
            kept[number] = jsonOf(result);
            // Where the study cannot be written the evaluation is worth no less, it only cannot go on.
            (void)writeFileAtomically(file, kept.dump());
        };
    }
    Progress quiet;
    return (*engine)->trainHead(request, plan.progress != nullptr ? *plan.progress : quiet);
}

RowsD meanOverWindows(const HeadSource& source, const std::vector<Eigen::Index>& places,
                      const std::vector<float>& scores, int classes) {
    RowsD out = RowsD::Zero(static_cast<Eigen::Index>(places.size()), classes);
    std::size_t row = 0;
    for (std::size_t i = 0; i < places.size(); ++i) {
        const auto windows = source.windowsOf[static_cast<std::size_t>(places[i])].size();
        for (std::size_t w = 0; w < windows; ++w, ++row)
            for (int k = 0; k < classes; ++k)
                out(static_cast<Eigen::Index>(i), k) +=
                    static_cast<double>(scores[row * static_cast<std::size_t>(classes) + static_cast<std::size_t>(k)]) /
                    static_cast<double>(windows);
    }
    return out;
}

Scorer headScorer(const HeadSource& source, const HeadPlan& plan) {
    return [&source, plan](const LabelledRows& rows, const std::vector<Eigen::Index>& places,
                           const Division& division) -> Result<Scores> {
        const auto request = headRequest(source, plan, places, rows.labels, true, 1, rows.groups,
                                         headSplits(division.splits), division.seed);
        const auto trained = trainKept(request, plan, source);
        if (!trained)
            return trained.as<Scores>();
        const RowsD scores = meanOverWindows(source, places, trained->scores, 1);
        return Scores(scores.data(), scores.data() + scores.rows());
    };
}

Result<RowsD> headClassScores(const HeadSource& source, const HeadPlan& plan, const std::vector<Eigen::Index>& places,
                              const std::vector<int>& classOf, int classes, const std::vector<std::int64_t>& groups,
                              const std::vector<ProbeSplit>& splits, std::uint64_t seed) {
    const auto request = headRequest(source, plan, places, classOf, false, classes, groups, headSplits(splits), seed);
    const auto trained = trainKept(request, plan, source);
    if (!trained)
        return trained.as<RowsD>();
    return meanOverWindows(source, places, trained->scores, classes);
}

} // namespace precordia
