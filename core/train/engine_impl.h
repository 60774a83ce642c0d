// SPDX-License-Identifier: GPL-3.0-or-later
// The Engine of core/engine/engine.h: every call becomes a task of the compute thread.
#pragma once

#include "core/engine/engine.h"
#include "core/train/compute_thread.h"
#include "core/train/model_file.h"

#include <map>

namespace precordia {

class EngineImpl final : public Engine {
public:
    EngineImpl();

    EngineInfo info() const override { return info_; }
    Result<ModelInfo> loadModel(const std::filesystem::path& path) override;
    Result<ModelInfo> randomModel(const std::string& configJson, std::uint64_t seed) override;
    Result<RunSummary> pretrain(const PretrainRequest& request) override;
    Result<DecoderReport> fitDecoder(const std::filesystem::path& model, std::shared_ptr<const WindowSource> windows,
                                     const DecoderOptions& options, StopToken stop, Progress& progress) override;
    Result<Done> encode(const std::string& modelHash, const WindowSource& windows, std::int64_t first,
                        std::int64_t count, const EncodeOptions& options,
                        const std::function<Result<Done>(std::int64_t, const Encodings&)>& each) override;
    Result<Reconstruction> reconstruct(const std::string& modelHash, const WindowSource& windows, std::int64_t index,
                                       const std::vector<int>& hidden) override;
    Result<SurpriseResult> surprise(const std::string& modelHash, const WindowSource& windows, std::int64_t index,
                                    const SurpriseOptions& options) override;
    Result<HeadResult> trainHead(const HeadRequest& request, Progress& progress) override;
    Result<HeadScores> applyHead(const std::filesystem::path& file, const WindowSource& windows,
                                 const std::vector<std::int64_t>& rows, StopToken stop) override;
    Result<double> benchEncode(const BenchRequest& request) override;
    Result<double> benchPretrain(const BenchRequest& request) override;

private:
    template <typename T, typename Work>
    Result<T> onThread(ComputeThread::Kind kind, Work&& work);
    Result<const LoadedModel*> find(const std::string& hash) const;
    ModelInfo remember(LoadedModel model);

    EngineInfo info_;
    std::map<std::string, LoadedModel> models_; // touched on the compute thread only
    ComputeThread thread_;                      // last: ends first
};

} // namespace precordia
