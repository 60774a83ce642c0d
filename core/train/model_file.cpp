// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/model_file.h"

#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/engine/config.h"
#include "core/train/checkpoint.h"
#include "core/train/decoder_report.h"
#include "core/train/train_config.h"

#include <ATen/ATen.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace precordia {

namespace fs = std::filesystem;
using Json = nlohmann::json;

namespace {

constexpr std::string_view kDecoderPrefix = "event_decoder.";

bool startsWith(std::string_view text, std::string_view prefix) {
    return text.substr(0, prefix.size()) == prefix;
}

// Over what decides the encodings: every weight but the decoder's, the model's configuration and the signal's band.
std::string hashOf(const Parameters& parameters, const ModelConfig& config, const PreprocessingKeys& keys) {
    std::string digest = modelConfigJson(config) + std::to_string(keys.lowHz) + " " + std::to_string(keys.highHz);
    for (const auto& [name, tensor] : parameters.all()) {
        const auto bytes = tensor.detach().cpu().contiguous();
        digest += name + sha256Hex(std::span(static_cast<const std::byte*>(bytes.data_ptr()), bytes.nbytes()));
    }
    return sha256Hex(digest).substr(0, 16);
}

Result<LoadedModel> assemble(const std::string& configJson, const NamedTensors* tensors, std::uint64_t seed) {
    const auto complete = completeConfig(configJson);
    if (!complete)
        return complete.as<LoadedModel>();
    const auto keys = preprocessingKeys(*complete);
    if (!keys)
        return keys.as<LoadedModel>();
    const auto config = parseModelConfig(*complete);
    if (!config)
        return config.as<LoadedModel>();
    auto parameters = tensors != nullptr ? Parameters::fromTensors(*config, *tensors)
                                         : Result<Parameters>(Parameters::initialise(*config, seed));
    if (!parameters)
        return parameters.as<LoadedModel>();
    LoadedModel model;
    model.info.hash = hashOf(*parameters, *config, *keys);
    model.info.configJson = *complete;
    model.info.width = static_cast<int>(config->width);
    model.info.intervals = static_cast<int>(config->intervals);
    model.info.intervalSamples = static_cast<int>(config->intervalSamples);
    model.info.recordingWidth = static_cast<int>(config->recordingWidth());
    model.info.leads = config->leads;
    model.info.samplingRate = config->samplingRate;
    model.info.randomInit = tensors == nullptr;
    if (tensors != nullptr && EventDecoder::presentIn(*tensors)) {
        auto decoder = EventDecoder::fromTensors(*config, *tensors);
        if (!decoder)
            return decoder.as<LoadedModel>();
        model.decoder = std::move(*decoder);
        model.info.hasDecoder = true;
    }
    const auto training = parseTrainConfig(configJson);
    if (!training)
        return training.as<LoadedModel>();
    model.precision = choosePrecision(training->precision, c10::kCPU, *config);
    model.jepa = JepaModel::make(*config, *parameters);
    return model;
}

// A small file may leave the teacher out; it starts as the encoder did.
void completeTeacher(NamedTensors& tensors, const std::string& configJson) {
    const auto config = parseModelConfig(configJson);
    if (!config || !config->hasTeacher()) // what is wrong with it is said later
        return;
    if (std::any_of(tensors.begin(), tensors.end(), [](const auto& t) { return startsWith(t.first, "target."); }))
        return;
    NamedTensors teacher;
    constexpr std::string_view kEncoder = "encoder.";
    for (const auto& [name, tensor] : tensors)
        if (startsWith(name, kEncoder))
            teacher.emplace_back("target." + name.substr(kEncoder.size()), tensor.clone());
    tensors.insert(tensors.end(), teacher.begin(), teacher.end());
}

Result<fs::path> weightsOf(const fs::path& path) {
    std::error_code ec;
    if (!fs::is_directory(path, ec))
        return path;
    if (fs::exists(path / "model.safetensors", ec))
        return path / "model.safetensors";
    const auto checkpoint = newestCheckpoint(path);
    if (!checkpoint)
        return makeError(ErrorCode::FileNotFound, "the run has neither a model nor a complete checkpoint",
                         path.string());
    return checkpoint->weights;
}

fs::path sidecar(fs::path file) {
    return file.replace_extension(".json");
}

} // namespace

Result<LoadedModel> readModel(const fs::path& path) {
    const auto weights = weightsOf(path);
    if (!weights)
        return weights.as<LoadedModel>();
    auto file = readSafetensors(*weights);
    if (!file)
        return file.as<LoadedModel>();
    const auto config = file->metadata.find("config");
    if (config == file->metadata.end())
        return makeError(ErrorCode::ModelInvalid, "its metadata has no \"config\"", weights->string());
    completeTeacher(file->tensors, config->second);
    auto model = assemble(config->second, &file->tensors, 0);
    if (model.failed()) {
        auto error = model.error();
        if (error.where.empty())
            error.where = weights->string();
        return error;
    }
    model->info.file = *weights;
    if (const auto measured = file->metadata.find("decoder"); model->decoder && measured != file->metadata.end())
        model->info.decoder = parseDecoderReport(measured->second);
    return model;
}

Result<LoadedModel> randomModelOf(const std::string& configJson, std::uint64_t seed) {
    return assemble(configJson, nullptr, seed);
}

Result<Done> checkPredicts(const LoadedModel& model) {
    if (model.jepa->predictsHidden())
        return Done{};
    return makeError(
        ErrorCode::ModelInvalid,
        "a model of the architecture lenepa predicts the next interval alone, not one from those around it: "
        "it has no event decoder and no surprise",
        model.info.file.string());
}

Result<ModelInfo> writeModel(const fs::path& file, const JepaModel& model, const std::string& configJson,
                             const EventDecoder* decoder, std::int64_t steps, const std::string& dataHash,
                             const NamedTensors& extra, std::map<std::string, std::string> metadata) {
    const auto keys = preprocessingKeys(configJson);
    if (!keys)
        return keys.as<ModelInfo>();
    auto tensors = model.parameters().all();
    if (decoder != nullptr)
        tensors.insert(tensors.end(), decoder->parameters().begin(), decoder->parameters().end());
    tensors.insert(tensors.end(), extra.begin(), extra.end());
    metadata["config"] = configJson;
    metadata["format"] = "pt";
    if (auto written = writeSafetensors(file, tensors, metadata); !written)
        return written.as<ModelInfo>();
    std::int64_t count = 0;
    for (const auto& [name, tensor] : model.parameters().trainable())
        count += tensor.numel();
    Json document;
    document["hash"] = hashOf(model.parameters(), model.config(), *keys);
    document["config"] = Json::parse(configJson);
    document["steps"] = steps;
    document["data_hash"] = dataHash;
    document["parameters"] = count;
    document["has_decoder"] = decoder != nullptr;
    document["embeds_with"] = "encoder"; // the online encoder, as the reference's embed(); "target" is the teacher
    document["program"] = "Precordia " PRECORDIA_VERSION;
    if (auto written = writeFileAtomically(sidecar(file), document.dump(2) + "\n"); !written)
        return written.as<ModelInfo>();
    ModelInfo info;
    info.hash = document["hash"];
    info.configJson = configJson;
    info.file = file;
    return info;
}

Result<Done> writeDecoder(const fs::path& path, const EventDecoder& decoder, const DecoderReport& report) {
    const auto weights = weightsOf(path);
    if (!weights)
        return weights.as<Done>();
    auto file = readSafetensors(*weights);
    if (!file)
        return file.as<Done>();
    auto& tensors = file->tensors;
    tensors.erase(std::remove_if(tensors.begin(), tensors.end(),
                                 [](const auto& t) { return startsWith(t.first, kDecoderPrefix); }),
                  tensors.end());
    tensors.insert(tensors.end(), decoder.parameters().begin(), decoder.parameters().end());
    const auto measured = decoderReportJson(report);
    file->metadata["decoder"] = measured.dump();
    if (auto written = writeSafetensors(*weights, tensors, file->metadata); !written)
        return written.as<Done>();
    const auto bytes = readFile(sidecar(*weights), 1 << 20);
    if (!bytes)
        return Done{}; // weights alone are a model too
    auto document = Json::parse(reinterpret_cast<const char*>(bytes->data()),
                                reinterpret_cast<const char*>(bytes->data()) + bytes->size(), nullptr, false);
    if (!document.is_object())
        return Done{};
    document["has_decoder"] = true;
    document["decoder"] = measured;
    return writeFileAtomically(sidecar(*weights), document.dump(2) + "\n");
}

} // namespace precordia
