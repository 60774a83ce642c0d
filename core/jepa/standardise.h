// SPDX-License-Identifier: GPL-3.0-or-later
// The last step of preprocessing, done on the batch: uV -> the model's unit.
#pragma once

#include "core/jepa/config.h"

#include <ATen/core/Tensor.h>

namespace precordia {

// x [B, L, N] uV. Per lead no offset. Fixed: 0.2 mV is 1, clipped at 3 mV. Recording: over the deviation of all its
// samples (give only the leads that are there: an absent one would count as silence).
at::Tensor standardise(const at::Tensor& x, Scale scale);
// uV per unit of standardise(x, scale), [B, 1, 1]: brings a decoded waveform back.
at::Tensor microvoltsPerUnit(const at::Tensor& x, Scale scale);

} // namespace precordia
