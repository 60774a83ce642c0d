// SPDX-License-Identifier: GPL-3.0-or-later
// One file of an import, from its bytes to what enters the study. Runs in parallel; touches no database.
// Internal to core/study.
#pragma once

#include "core/base/progress.h"
#include "core/study/label_table.h"
#include "core/study/pseudonym.h"
#include "core/study/study_writer.h"

#include <filesystem>
#include <string>
#include <unordered_map>

namespace precordia {

struct DecodeContext {
    const LabelTable* labels = nullptr; // may be absent
    std::string labelsFile;             // its sourceKey(), skipped when met
    const Result<Pseudonyms>& pseudonyms;
    const std::unordered_map<std::string, KnownFile>& known;
    StopToken stop;
};

struct DecodedFile {
    enum class Kind { Recording, Known, Skipped, Failed } kind = Kind::Skipped;
    NewRecording recording; // Kind::Recording; for Known only its facts
    RecordingId known;
    std::string reason; // Kind::Failed
    std::optional<std::size_t> labelRow;
};

DecodedFile decodeForImport(const std::filesystem::path& file, const DecodeContext& context);

// SHA-256 over rate, lead names and samples as decoded: the same ECG from another file gives the same.
std::string hashSamples(const Recording& recording);

} // namespace precordia
