// SPDX-License-Identifier: GPL-3.0-or-later
// Regularisers against collapse. z [n, D].
#pragma once

#include <ATen/core/Tensor.h>

namespace precordia {

// Variance hinge at 1 and 0.04 times the covariance penalty (VICReg: Bardes, Ponce, LeCun 2022).
at::Tensor vicreg(const at::Tensor& z);
// Epps-Pulley distance of random projections to N(0, 1) (SIGReg: Balestriero, LeCun 2025). directions [D, 256], any
// length.
at::Tensor sigreg(const at::Tensor& z, const at::Tensor& directions);

// The same distance for the tokens of each recording alone, over the whole line and not its positive half, and not
// scaled with their number: the mean over recordings (SIGReg over time, as LeNEPA has it). z [B, T, D].
at::Tensor sigregOverTime(const at::Tensor& z, const at::Tensor& directions);

} // namespace precordia
