// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jepa/config.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

namespace precordia {

namespace {

using Json = nlohmann::json;

constexpr std::array<std::pair<Tokenizer, const char*>, 2> kTokenizers{
    {{Tokenizer::Leadwise, "leadwise"}, {Tokenizer::Shared, "shared"}}};
constexpr std::array<std::pair<Architecture, const char*>, 5> kArchitectures{
    {{Architecture::ErJepa, "er-jepa"},
     {Architecture::ErJepaNoChannel, "er-jepa-no-channel"},
     {Architecture::OneDJepa, "1d-jepa"},
     {Architecture::EcgJepa, "ecg-jepa"},
     {Architecture::LeNepa, "lenepa"}}};
constexpr std::array<std::pair<Aggregation, const char*>, 3> kAggregations{
    {{Aggregation::Mean, "mean"}, {Aggregation::LeadLinear, "lead-linear"}, {Aggregation::Attention, "attention"}}};
constexpr std::array<std::pair<MaskShape, const char*>, 4> kMasks{{{MaskShape::Block, "block"},
                                                                   {MaskShape::Random, "random"},
                                                                   {MaskShape::Beat, "beat"},
                                                                   {MaskShape::MultiBlock, "multi-block"}}};
constexpr std::array<std::pair<Teacher, const char*>, 2> kTeachers{{{Teacher::Ema, "ema"}, {Teacher::Self, "self"}}};
constexpr std::array<std::pair<TargetLevel, const char*>, 3> kTargetLevels{
    {{TargetLevel::Event, "event"}, {TargetLevel::Interval, "interval"}, {TargetLevel::Both, "both"}}};
constexpr std::array<std::pair<Pooling, const char*>, 2> kPoolings{
    {{Pooling::MeanStdRhythm, "mean-std-rhythm"}, {Pooling::MeanStdRhythmBeats, "mean-std-rhythm-beats"}}};
constexpr std::array<std::pair<PredictorQuery, const char*>, 2> kPredictorQueries{
    {{PredictorQuery::Place, "place"}, {PredictorQuery::Neighbours, "neighbours"}}};
constexpr std::array<std::pair<bool, const char*>, 2> kTargetCentres{{{false, "none"}, {true, "recording"}}};
constexpr std::array<std::pair<Regulariser, const char*>, 3> kRegularisers{
    {{Regulariser::None, "none"}, {Regulariser::VicReg, "vicreg"}, {Regulariser::SigReg, "sigreg"}}};
using OwnRegulariser = std::optional<Regulariser>;
constexpr std::array<std::pair<OwnRegulariser, const char*>, 4> kOwnRegularisers{{{std::nullopt, "same"},
                                                                                  {Regulariser::None, "none"},
                                                                                  {Regulariser::VicReg, "vicreg"},
                                                                                  {Regulariser::SigReg, "sigreg"}}};
constexpr std::array<std::pair<Scale, const char*>, 2> kScales{
    {{Scale::Fixed, "fixed"}, {Scale::Recording, "recording"}}};

template <typename Names, typename T>
const char* nameOf(const Names& names, T value) {
    return std::ranges::find(names, value, [](const auto& n) { return n.first; })->second;
}

// Reads key after key and keeps the first complaint.
class Reader {
public:
    explicit Reader(const Json& object) : object_(object) {}

    const std::optional<Error>& error() const { return error_; }
    void fail(const std::string& key, const std::string& why) {
        if (!error_)
            error_ = makeError(ErrorCode::ConfigInvalid, key + ": " + why);
    }

    void integer(const char* key, std::int64_t& value, std::int64_t low, std::int64_t high) {
        const Json* j = find(key);
        if (j == nullptr)
            return;
        if (!j->is_number_integer())
            return fail(key, "a whole number is needed, not " + j->dump());
        const bool huge = j->is_number_unsigned() && j->get<std::uint64_t>() > static_cast<std::uint64_t>(high);
        if (huge || j->get<std::int64_t>() < low || j->get<std::int64_t>() > high)
            return fail(key, j->dump() + " is not within " + std::to_string(low) + " to " + std::to_string(high));
        value = j->get<std::int64_t>();
    }
    void number(const char* key, double& value, double low, double high) {
        if (const Json* j = find(key))
            checkNumber(key, *j, value, low, high);
    }
    void pair(const char* key, std::array<double, 2>& value, double low, double high) {
        const Json* j = find(key);
        if (j == nullptr)
            return;
        if (!j->is_array() || j->size() != 2)
            return fail(key, "two numbers are needed, not " + j->dump());
        checkNumber(key, (*j)[0], value[0], low, high);
        checkNumber(key, (*j)[1], value[1], low, high);
    }
    template <typename T, std::size_t n>
    void choice(const char* key, T& value, const std::array<std::pair<T, const char*>, n>& names) {
        const Json* j = find(key);
        if (j == nullptr)
            return;
        std::string known;
        for (const auto& [candidate, name] : names) {
            if (j->is_string() && j->get_ref<const std::string&>() == name) {
                value = candidate;
                return;
            }
            known += (known.empty() ? "" : ", ") + std::string(name);
        }
        fail(key, j->dump() + " is none of: " + known);
    }
    void names(const char* key, std::vector<std::string>& value) {
        const Json* j = find(key);
        if (j == nullptr)
            return;
        if (!j->is_array() || j->empty() || j->size() > 64)
            return fail(key, "a list of 1 to 64 lead names is needed");
        std::vector<std::string> read;
        for (const auto& name : *j) {
            if (!name.is_string() || name.get_ref<const std::string&>().empty())
                return fail(key, "every lead name must be a text");
            read.push_back(name.get<std::string>());
        }
        if (std::set<std::string>(read.begin(), read.end()).size() != read.size())
            return fail(key, "a lead is named twice");
        value = std::move(read);
    }

    void numbers(const char* key, std::vector<double>& value, double low, double high) {
        const Json* j = find(key);
        if (j == nullptr)
            return;
        if (!j->is_array())
            return fail(key, "a list of numbers is needed, not " + j->dump());
        value.assign(j->size(), 0);
        for (std::size_t i = 0; i < value.size(); ++i)
            checkNumber(key, (*j)[i], value[i], low, high);
    }

private:
    const Json* find(const char* key) const {
        const auto it = object_.find(key);
        return it == object_.end() ? nullptr : &*it;
    }
    void checkNumber(const char* key, const Json& j, double& value, double low, double high) {
        if (!j.is_number())
            return fail(key, "a number is needed, not " + j.dump());
        const double v = j.get<double>();
        if (!(v >= low && v <= high))
            return fail(key, j.dump() + " is out of range");
        value = v;
    }

    const Json& object_;
    std::optional<Error> error_;
};

// Keys that only ER-JEPA has a meaning for, and what the rivals ask.
void checkArchitecture(const ModelConfig& c, Reader& r) {
    const ModelConfig usual;
    const auto onlyErJepa = [&](bool other, const char* key) {
        if (other && !c.isErJepa())
            r.fail(key, "has a meaning for the architectures er-jepa and er-jepa-no-channel alone");
    };
    onlyErJepa(c.aggregation != usual.aggregation, "aggregation");
    onlyErJepa(c.targetLevel != usual.targetLevel, "target_level");
    onlyErJepa(c.targetLayers != usual.targetLayers, "target_layers");
    onlyErJepa(c.targetCentre != usual.targetCentre, "target_centre");
    onlyErJepa(c.predictorQuery != usual.predictorQuery, "predictor_query");
    if (c.architecture == Architecture::EcgJepa && c.width % 4 != 0)
        r.fail("width", "must be a multiple of 4 for ecg-jepa, which places its tokens in lead and time");
    if (c.architecture == Architecture::LeNepa)
        for (const Regulariser kind : {c.intervalRegulariser(), c.eventRegulariser()})
            if (kind == Regulariser::VicReg)
                r.fail("regulariser", "must be sigreg or none for lenepa");
}

void checkConflicts(const ModelConfig& c, Reader& r) {
    if (c.width % c.heads != 0)
        r.fail("heads", "must divide width " + std::to_string(c.width));
    if (c.predictorWidth % c.predictorHeads != 0)
        r.fail("predictor_heads", "must divide predictor_width " + std::to_string(c.predictorWidth));
    if (c.width % 2 != 0)
        r.fail("width", "must be even");
    if (c.predictorWidth % 2 != 0)
        r.fail("predictor_width", "must be even");
    if (c.hasChannelJepa() && c.leadCount() < 2)
        r.fail("leads", "a channel JEPA predicts leads from other leads: name two, or choose another architecture");
    if (c.hasChannelJepa() && std::nearbyint(static_cast<double>(c.leadCount()) * c.leadKeep) >= c.leadCount())
        r.fail("lead_keep", "leaves no lead hidden");
    if (c.intervalMaskRatio[0] > c.intervalMaskRatio[1])
        r.fail("interval_mask_ratio", "the first number is above the second");
    const auto n = static_cast<double>(c.intervals);
    if (std::nearbyint(n * c.intervalMaskRatio[0]) < 1)
        r.fail("interval_mask_ratio", "would hide no interval");
    if (std::nearbyint(n * c.intervalMaskRatio[1]) > n - 1)
        r.fail("interval_mask_ratio", "would leave no interval visible");
    if (c.minBlock > c.intervals)
        r.fail("min_block", "is longer than the recording");
    if (!c.leadWeights.empty() && c.leadWeights.size() != c.leads.size())
        r.fail("lead_weights", "one weight a lead is needed, or none at all");
    if (c.targetLayers > std::max<std::int64_t>(1, c.temporalDepth))
        r.fail("target_layers", "is more than the " + std::to_string(c.temporalDepth) + " layers of temporal_depth");
    checkArchitecture(c, r);
}

} // namespace

std::int64_t ModelConfig::visibleLeads(std::int64_t there) const {
    const std::int64_t most = std::max<std::int64_t>(1, there - 1);
    return std::clamp<std::int64_t>(std::llrint(static_cast<double>(there) * leadKeep), 1, most);
}

std::int64_t ModelConfig::rhythmLags() const {
    return std::min<std::int64_t>(24, intervals - 1);
}

Result<ModelConfig> parseModelConfig(const std::string& json) {
    const Json document = Json::parse(json, nullptr, false);
    if (!document.is_object())
        return makeError(ErrorCode::ConfigInvalid, "the model's configuration is not a JSON object");
    const auto nested = document.find("model");
    const bool hasNested = nested != document.end() && nested->is_object();
    ModelConfig c;
    Reader r(hasNested ? *nested : document);
    r.choice("architecture", c.architecture, kArchitectures);
    r.names("leads", c.leads);
    r.number("sampling_rate", c.samplingRate, 1, 100000);
    r.integer("interval_samples", c.intervalSamples, 1, 100000);
    r.integer("intervals", c.intervals, 3, 100000);
    r.integer("width", c.width, 2, 8192);
    r.integer("heads", c.heads, 1, 256);
    r.choice("tokenizer", c.tokenizer, kTokenizers);
    r.choice("aggregation", c.aggregation, kAggregations);
    r.integer("channel_depth", c.channelDepth, 0, 96);
    r.integer("temporal_depth", c.temporalDepth, 0, 96);
    r.integer("mlp_ratio", c.mlpRatio, 1, 16);
    r.number("dropout", c.dropout, 0, 0.9);
    r.number("drop_path", c.dropPath, 0, 0.9);
    r.integer("predictor_width", c.predictorWidth, 2, 8192);
    r.integer("predictor_heads", c.predictorHeads, 1, 256);
    r.integer("channel_predictor_depth", c.channelPredictorDepth, 0, 96);
    r.integer("temporal_predictor_depth", c.temporalPredictorDepth, 0, 96);
    r.number("lead_keep", c.leadKeep, 0, 1);
    r.numbers("lead_weights", c.leadWeights, 0, 1e6);
    r.pair("interval_mask_ratio", c.intervalMaskRatio, 0, 1);
    r.choice("mask", c.mask, kMasks);
    r.integer("min_block", c.minBlock, 1, 100000);
    r.choice("teacher", c.teacher, kTeachers);
    r.pair("ema", c.ema, 0, 1);
    r.choice("target_level", c.targetLevel, kTargetLevels);
    r.integer("target_layers", c.targetLayers, 1, 96);
    r.choice("target_centre", c.targetCentre, kTargetCentres);
    r.choice("predictor_query", c.predictorQuery, kPredictorQueries);
    r.pair("loss_weights", c.lossWeights, 0, 1e6);
    r.choice("regulariser", c.regulariser, kRegularisers);
    r.choice("regulariser_interval", c.regulariserInterval, kOwnRegularisers);
    r.choice("regulariser_event", c.regulariserEvent, kOwnRegularisers);
    r.choice("regulariser_lead", c.regulariserLead, kRegularisers);
    r.number("regulariser_weight", c.regulariserWeight, 0, 1e6);
    r.choice("scale", c.scale, kScales);
    r.choice("pooling", c.pooling, kPoolings);
    if (!r.error())
        checkConflicts(c, r);
    if (r.error())
        return *r.error();
    return c;
}

std::string modelConfigJson(const ModelConfig& c) {
    nlohmann::ordered_json j;
    j["leads"] = c.leads;
    j["sampling_rate"] = c.samplingRate;
    j["interval_samples"] = c.intervalSamples;
    j["intervals"] = c.intervals;
    j["width"] = c.width;
    j["heads"] = c.heads;
    j["tokenizer"] = nameOf(kTokenizers, c.tokenizer);
    j["aggregation"] = nameOf(kAggregations, c.aggregation);
    j["channel_depth"] = c.channelDepth;
    j["temporal_depth"] = c.temporalDepth;
    j["mlp_ratio"] = c.mlpRatio;
    j["dropout"] = c.dropout;
    j["predictor_width"] = c.predictorWidth;
    j["predictor_heads"] = c.predictorHeads;
    j["channel_predictor_depth"] = c.channelPredictorDepth;
    j["temporal_predictor_depth"] = c.temporalPredictorDepth;
    j["lead_keep"] = c.leadKeep;
    j["interval_mask_ratio"] = c.intervalMaskRatio;
    j["min_block"] = c.minBlock;
    j["ema"] = c.ema;
    j["loss_weights"] = c.lossWeights;
    j["regulariser"] = nameOf(kRegularisers, c.regulariser);
    j["regulariser_weight"] = c.regulariserWeight;
    j["scale"] = nameOf(kScales, c.scale);
    const ModelConfig usual;
    const auto add = [&j](const char* key, bool other, const nlohmann::ordered_json& value) {
        if (other)
            j[key] = value;
    };
    add("architecture", c.architecture != usual.architecture, nameOf(kArchitectures, c.architecture));
    add("drop_path", c.dropPath != usual.dropPath, c.dropPath);
    add("lead_weights", c.leadWeights != usual.leadWeights, c.leadWeights);
    add("mask", c.mask != usual.mask, nameOf(kMasks, c.mask));
    add("teacher", c.teacher != usual.teacher, nameOf(kTeachers, c.teacher));
    add("target_level", c.targetLevel != usual.targetLevel, nameOf(kTargetLevels, c.targetLevel));
    add("target_layers", c.targetLayers != usual.targetLayers, c.targetLayers);
    add("target_centre", c.targetCentre != usual.targetCentre, nameOf(kTargetCentres, c.targetCentre));
    add("pooling", c.pooling != usual.pooling, nameOf(kPoolings, c.pooling));
    add("predictor_query", c.predictorQuery != usual.predictorQuery, nameOf(kPredictorQueries, c.predictorQuery));
    add("regulariser_interval", c.regulariserInterval != usual.regulariserInterval,
        nameOf(kOwnRegularisers, c.regulariserInterval));
    add("regulariser_event", c.regulariserEvent != usual.regulariserEvent,
        nameOf(kOwnRegularisers, c.regulariserEvent));
    add("regulariser_lead", c.regulariserLead != usual.regulariserLead, nameOf(kRegularisers, c.regulariserLead));
    return j.dump();
}

} // namespace precordia
