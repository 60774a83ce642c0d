// SPDX-License-Identifier: GPL-3.0-or-later
// A model file with a head: "head.*" tensors, metadata "head" as JSON.
#pragma once

#include "core/engine/head.h"
#include "core/train/model_file.h"

namespace precordia {

struct HeadDescription {
    HeadKind kind = HeadKind::Attentive;
    bool multiLabel = true;
    std::int64_t classes = 1;
    std::int64_t queries = 0;       // Attentive
    std::vector<std::string> leads; // that the encoder saw; empty: all of the model's
};

// decoder: nullptr none.
Result<Done> writeHead(const std::filesystem::path& file, const JepaModel& model, const std::string& configJson,
                       const EventDecoder* decoder, const HeadDescription& description, const NamedTensors& head);

struct HeadFile {
    LoadedModel model;
    HeadDescription description;
    NamedTensors tensors; // "head.*", not yet checked
};
// Errors: those of readModel; ModelInvalid without a head, or one whose description cannot be.
Result<HeadFile> readHead(const std::filesystem::path& file);

} // namespace precordia
