// SPDX-License-Identifier: GPL-3.0-or-later
// What a trained model is asked: encodings, reconstructions, surprise. On the compute thread. Leads that a window lacks
// are left out of the channel encoder. Encodings come from the online encoder ("encoder.*"), as in the reference's
// embed(); the teacher ("target.*") only makes the targets that a prediction is compared with.
#pragma once

#include "core/train/model_file.h"

namespace precordia {

// Of the windows `which`, in order.
Result<std::vector<Encodings>> encodeWindows(const LoadedModel& model, const WindowSource& windows,
                                             const std::vector<std::int64_t>& which, bool leadLevel);
Result<Reconstruction> reconstructWindow(const LoadedModel& model, const WindowSource& windows, std::int64_t index,
                                         const std::vector<int>& hidden);
Result<SurpriseResult> surpriseOfWindow(const LoadedModel& model, const WindowSource& windows, std::int64_t index,
                                        const SurpriseOptions& options);
// Layer-normed event encodings [B, T, D] of a recording of which only the intervals `visible` [B, V] are seen: theirs
// as the encoder sees them (the hidden ones do not shine through their context), and predictions of `hidden` [B, H].
at::Tensor maskedEvents(const JepaModel& model, const at::Tensor& x, const at::Tensor& leads, const at::Tensor& visible,
                        const at::Tensor& hidden);

} // namespace precordia
