// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/head_file.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace precordia {

namespace fs = std::filesystem;
using Json = nlohmann::json;

namespace {

constexpr const char* kKey = "head";
constexpr const char* kPrefix = "head.";
constexpr std::int64_t kMostClasses = 10'000;

Result<HeadDescription> parse(const std::string& text, const std::string& file) {
    const auto bad = [&file](const std::string& what) {
        return makeError(ErrorCode::ModelInvalid, "the description of its head " + what, file);
    };
    const auto json = Json::parse(text, nullptr, false);
    if (!json.is_object())
        return bad("is no JSON object");
    const auto whole = [&json](const char* key) -> std::int64_t {
        return json.contains(key) && json[key].is_number_integer() ? json[key].get<std::int64_t>() : -1;
    };
    HeadDescription out;
    const auto kind = json.contains("kind") && json["kind"].is_string() ? json["kind"].get<std::string>() : "";
    if (kind != "attentive" && kind != "finetune")
        return bad("has the kind \"" + kind + "\"");
    out.kind = kind == "attentive" ? HeadKind::Attentive : HeadKind::FineTune;
    if (!json.contains("multi_label") || !json["multi_label"].is_boolean())
        return bad("does not say whether it is multi-label");
    out.multiLabel = json["multi_label"];
    out.classes = whole("classes");
    out.queries = whole("queries");
    if (out.classes < 1 || out.classes > kMostClasses || out.queries < 0 || out.queries > 64)
        return bad("has classes or queries that cannot be");
    if (json.contains("leads") && json["leads"].is_array())
        for (const auto& lead : json["leads"])
            if (lead.is_string())
                out.leads.push_back(lead.get<std::string>());
    return out;
}

} // namespace

Result<Done> writeHead(const fs::path& file, const JepaModel& model, const std::string& configJson,
                       const EventDecoder* decoder, const HeadDescription& d, const NamedTensors& head) {
    const Json description = {{"kind", d.kind == HeadKind::Attentive ? "attentive" : "finetune"},
                              {"multi_label", d.multiLabel},
                              {"classes", d.classes},
                              {"queries", d.queries},
                              {"leads", d.leads}};
    auto written = writeModel(file, model, configJson, decoder, 0, {}, head, {{kKey, description.dump()}});
    return written ? Result<Done>(Done{}) : written.as<Done>();
}

Result<HeadFile> readHead(const fs::path& path) {
    auto model = readModel(path);
    if (!model)
        return model.as<HeadFile>();
    const auto& file = model->info.file;
    auto tensors = readSafetensors(file);
    if (!tensors)
        return tensors.as<HeadFile>();
    const auto text = tensors->metadata.find(kKey);
    if (text == tensors->metadata.end())
        return makeError(ErrorCode::ModelInvalid, "it holds no head", file.string());
    auto description = parse(text->second, file.string());
    if (!description)
        return description.as<HeadFile>();
    for (const auto& lead : description->leads)
        if (std::find(model->info.leads.begin(), model->info.leads.end(), lead) == model->info.leads.end())
            return makeError(ErrorCode::ModelInvalid, "its head asks for the lead \"" + lead + "\", which it lacks",
                             file.string());
    HeadFile out{std::move(*model), std::move(*description), {}};
    for (auto& named : tensors->tensors)
        if (named.first.starts_with(kPrefix))
            out.tensors.push_back(std::move(named));
    return out;
}

} // namespace precordia
