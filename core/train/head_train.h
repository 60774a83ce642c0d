// SPDX-License-Identifier: GPL-3.0-or-later
// Engine::trainHead and Engine::applyHead, on the compute thread.
#pragma once

#include "core/engine/head.h"
#include "core/train/compute_thread.h"
#include "core/train/model_file.h"

namespace precordia {

Result<HeadResult> trainHead(const LoadedModel& model, const HeadRequest& request, Progress& progress,
                             ComputeThread& thread);
Result<HeadScores> applyHead(const std::filesystem::path& file, const WindowSource& windows,
                             const std::vector<std::int64_t>& rows, const StopToken& stop, ComputeThread& thread);

} // namespace precordia
