// SPDX-License-Identifier: GPL-3.0-or-later
// What a trainer, an evaluation and the window ask of a model, whatever its architecture: ER-JEPA (er_jepa.h) and the
// field's rivals (one_d_jepa.h, ecg_jepa.h, lenepa.h), all with the same data, masks, optimiser and schedules.
#pragma once

#include "core/jepa/encoder.h"
#include "core/jepa/masks.h"

#include <memory>

namespace precordia {

// Windows of a batch that have the same leads. Masks count the rows of x, not the model's leads.
struct LeadBatch {
    at::Tensor x;     // [B, K, T*P] standardised
    at::Tensor leads; // [K] int64, the model's numbers of the rows; undefined: all, in order
    Masks masks;
    // Where several processes share a batch: which of its groups this is, and which rows of it.
    std::int64_t group = 0;
    RowShare part = {};

    std::int64_t size() const { return x.size(0); }
    at::Tensor leadsOfEach() const; // [B, K], or undefined
    // The model's numbers of the rows [B, n]
    at::Tensor leadNumbers(const at::Tensor& rows) const;
};

struct LossOutput {
    at::Tensor total, channel, temporal, regulariser; // scalars; total has the graph
    at::Tensor zPred, zHat; // [B, V, L-K, D] predicted and target lead encodings; undefined without channel JEPA
    at::Tensor vPred, vHat; // [B, T-V, D] predicted and target event encodings (2 D for two target levels)
    at::Tensor lead, interval, event; // of the context: [B, V, K, D], [B, V, D], [B, V, D]
};

class JepaModel {
public:
    // By the configuration's architecture.
    static std::shared_ptr<const JepaModel> make(const ModelConfig& config, const Parameters& parameters);
    JepaModel(ModelConfig config, Parameters parameters);
    virtual ~JepaModel() = default;

    const ModelConfig& config() const { return config_; }
    const Parameters& parameters() const { return parameters_; }

    // One training step's loss over windows of any lead sets: of channel and temporal the mean over the recordings,
    // that is, of the groups' losses weighted by their size; the regularisers see the encodings of the whole batch, as
    // they would if all windows had all leads. seed: all the chance there is in a step (dropout, directions of
    // SIGReg), so that a resumed run repeats it; each group has a seed of its own. share: the groups are a part of a
    // batch, the regularisers see all of it. directions [D, 256]: given by tests in place of the seed's.
    LossOutput loss(const std::vector<LeadBatch>& groups, std::uint64_t seed, const at::Tensor& directions = {},
                    Stage stage = Stage::Joint, const BatchShare* share = nullptr) const;
    // All windows have all leads.
    LossOutput loss(const at::Tensor& x, const Masks& masks, std::uint64_t seed,
                    const at::Tensor& directions = {}) const {
        return loss({LeadBatch{x, {}, masks}}, seed, directions);
    }
    // teacher = momentum * teacher + (1 - momentum) * encoder; nothing where there is no teacher
    void updateTarget(double momentum) const;
    // What of the parameters (by name) a stage leaves as it is.
    virtual bool trains(const std::string& parameter, Stage stage) const;

    // x [B, K, T*P] standardised, leads [B, K] or undefined for all. With gradient where the thread's mode says so:
    // what fine-tuning builds on.
    virtual EncoderOutput forward(const at::Tensor& x, const at::Tensor& leads = {},
                                  Dropout* dropout = nullptr) const = 0;
    // The same without gradient and dropout.
    EncoderOutput encode(const at::Tensor& x, const at::Tensor& leads = {}) const;
    // slopeShares() of x where the pooling asks for them, else undefined.
    at::Tensor beats(const at::Tensor& x) const;
    // [B, recordingWidth]: mean and std over time of intervals and events, rhythm profile; with `beats` also the mean
    // of the intervals weighted by them
    static at::Tensor recordingEmbedding(const EncoderOutput& encodings);
    at::Tensor embed(const at::Tensor& x, const at::Tensor& leads = {}) const {
        return recordingEmbedding(encode(x, leads));
    }

    // Masked-event reconstruction in the latent, without gradient. Does this architecture predict hidden intervals? If
    // not, those below throw std::logic_error.
    virtual bool predictsHidden() const { return true; }
    // x [B, K, T*P] of which only the intervals `visible` [B, V] are seen; predicted event encodings of `hidden`
    // [B, H], in the scale of eventTargets, [B, H, D].
    virtual at::Tensor predictHidden(const at::Tensor& x, const at::Tensor& visible, const at::Tensor& hidden,
                                     const at::Tensor& leads = {}) const;
    // The same in two parts, for many masks over one recording: first what does not depend on which intervals are
    // hidden, [B, T, ...].
    virtual at::Tensor intervalEncodings(const at::Tensor& x, const at::Tensor& leads = {}) const;
    virtual at::Tensor predictHiddenFrom(const at::Tensor& u, const at::Tensor& visible,
                                         const at::Tensor& hidden) const;
    // Event encodings of the visible intervals, seen without the others: [B, V, D].
    virtual at::Tensor seenEvents(const at::Tensor& u, const at::Tensor& visible) const;
    // The teacher's layer-normed encodings of all intervals [B, T, D]: what predictHidden is compared with.
    virtual at::Tensor eventTargets(const at::Tensor& x, const at::Tensor& leads = {}) const;

protected:
    // Of one group: channel, temporal, and the context's encodings; those that the stage does not ask for may be
    // undefined.
    virtual LossOutput terms(const LeadBatch& batch, Dropout& dropout, Stage stage) const = 0;
    // u, v [B, V, D] of the whole batch; either may be undefined.
    virtual at::Tensor regularise(const at::Tensor& u, const at::Tensor& v, const at::Tensor& directions) const;
    virtual std::int64_t regularisedWidth() const { return config_.width; }

    ModelConfig config_;
    Parameters parameters_;
};

// What a temporal JEPA predicts: the layer-normed encodings (the mean over `layers`, each [B, T, D], when there are
// several), less each recording's mean over time where the configuration says so.
at::Tensor temporalTargets(const std::vector<at::Tensor>& layers, bool centre);
// Each interval's share of the recording's slope energy (squared differences of samples, summed over the leads): most
// of it lies in the QRS complexes. x [B, K, T*P] -> [B, T]; zeros for a flat recording.
at::Tensor slopeShares(const at::Tensor& x, std::int64_t intervals);
// u [B, T, D], shares [B, T] -> [B, D]
at::Tensor meanAtBeats(const at::Tensor& u, const at::Tensor& shares);
// How alike interval encodings are k intervals apart: u [B, T, D] -> [B, lags]
at::Tensor rhythmProfile(const at::Tensor& u, std::int64_t lags = 24);

} // namespace precordia
