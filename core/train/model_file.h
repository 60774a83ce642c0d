// SPDX-License-Identifier: GPL-3.0-or-later
// A model on disk: <name>.safetensors (weights; metadata "config": the resolved configuration) and <name>.json beside
// it.
#pragma once

#include "core/engine/engine.h"
#include "core/jepa/event_decoder.h"
#include "core/jepa/model.h"
#include "core/jepa/precision.h"

#include <filesystem>
#include <memory>
#include <optional>

namespace precordia {

struct LoadedModel {
    ModelInfo info;
    std::shared_ptr<const JepaModel> jepa;
    std::optional<EventDecoder> decoder;
    Precision precision = Precision::Float32; // that it is asked in
};

// A .safetensors file or a run folder (its model, or the newest complete checkpoint while it has none). The teacher is
// made from the encoder where the file has none. Errors: FileNotFound, ModelInvalid, ConfigInvalid.
Result<LoadedModel> readModel(const std::filesystem::path& path);
Result<LoadedModel> randomModelOf(const std::string& configJson, std::uint64_t seed);

// Error ModelInvalid for an architecture that predicts no interval from those around it: no surprise, no event decoder.
Result<Done> checkPredicts(const LoadedModel& model);

// Writes both files. decoder: nullptr none. extra: tensors beside the model's, described by metadata of their own.
Result<ModelInfo> writeModel(const std::filesystem::path& file, const JepaModel& model, const std::string& configJson,
                             const EventDecoder* decoder, std::int64_t steps, const std::string& dataHash,
                             const NamedTensors& extra = {}, std::map<std::string, std::string> metadata = {});
// Puts the decoder into a file that is there, and what was measured of it into its metadata and .json.
Result<Done> writeDecoder(const std::filesystem::path& file, const EventDecoder& decoder, const DecoderReport& report);

} // namespace precordia
