// SPDX-License-Identifier: GPL-3.0-or-later
// The layers under encoder and predictors: pre-norm transformer blocks (ViT), as functions on shared tensors.
#pragma once

#include "core/jepa/batch_share.h"
#include "core/jepa/parameters.h"

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include <optional>

namespace precordia {

// Chance of one pass, from one seed: a step draws the same again after a resume. Absent: evaluation.
struct Dropout {
    double p = 0;
    at::Generator generator;
    double path = 0;    // stochastic depth of a transformer's last block, linear over depth from 0 at the first
    RowShare rows = {}; // of the group's recordings, that x is of; empty: all
};
// Inverted dropout of single numbers; x where there is none. Drawn on the CPU, so that a seed means the same on every
// device.
at::Tensor drop(const at::Tensor& x, Dropout* dropout);
// Stochastic depth (Huang et al. 2016): whole rows [N, ...] of a residual branch, each with the chance path * share.
at::Tensor dropPath(const at::Tensor& x, Dropout* dropout, double share);

struct Linear {
    at::Tensor weight, bias;
    at::Tensor operator()(const at::Tensor& x) const;
};

struct LayerNorm {
    at::Tensor weight, bias;
    at::Tensor operator()(const at::Tensor& x) const;
};

struct Block {
    LayerNorm norm1;
    Linear qkv, proj;
    LayerNorm norm2;
    Linear fc1, fc2;
    std::int64_t heads = 1;
    double depth = 0; // of the stack, 0 the first block and 1 the last

    // x [N, S, d] -> [N, S - from, d]: rows before `from` are seen but not wanted.
    at::Tensor operator()(const at::Tensor& x, Dropout* dropout, std::int64_t from = 0) const;
};

class Transformer {
public:
    Transformer(const Parameters& parameters, const std::string& prefix, std::int64_t depth, std::int64_t heads);
    // x [N, S, d] -> [N, S - from, d]. layers: gets what each block gave, the last one normed (what is returned).
    at::Tensor operator()(at::Tensor x, Dropout* dropout = nullptr, std::int64_t from = 0,
                          std::vector<at::Tensor>* layers = nullptr) const;

    const std::vector<Block>& blocks() const { return blocks_; } // for attention of another shape
    const LayerNorm& norm() const { return norm_; }

private:
    std::vector<Block> blocks_;
    LayerNorm norm_;
};

Linear linearOf(const Parameters& parameters, const std::string& prefix);
LayerNorm layerNormOf(const Parameters& parameters, const std::string& prefix);
// Over the last dimension, without affine: what targets are.
at::Tensor plainLayerNorm(const at::Tensor& x);
// x [B, S, ...], index [B, K] -> [B, K, ...]
at::Tensor take(const at::Tensor& x, const at::Tensor& index);

} // namespace precordia
