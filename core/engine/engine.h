// SPDX-License-Identifier: GPL-3.0-or-later
// The torch-free face of the model: what the program asks, plain structs in and out. The implementation lives in the
// module precordia_engine, loaded when first needed (engine_loader.h). Every call may be made from any worker thread;
// the engine runs them on its one compute thread, short requests between the steps of a running pretraining.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/ecg/window_source.h"

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace precordia {

struct EngineInfo {
    std::string libtorchVersion;
    std::string blas;        // name as far as it is known
    double matrixGflops = 0; // measured at load: 512 x 512 x 512 float32, one thread
    bool slowBlas = false;   // the reference BLAS: the program says so, in words
    struct Device {
        std::string key;  // "cpu", "cuda:0"
        std::string name; // in words
        std::int64_t memoryBytes = 0;
    };
    std::vector<Device> devices; // cpu first
    std::string cudaReason;      // why there is only the CPU; "" when there is CUDA
};

// A model: weights and configuration, addressed by a safetensors file (its .json beside it) or a run folder.
struct ModelInfo {
    std::string hash;       // 16 hex digits over weights and configuration
    std::string configJson; // resolved
    std::filesystem::path file;
    int width = 0, intervals = 0, intervalSamples = 0, recordingWidth = 0;
    std::vector<std::string> leads;
    double samplingRate = 0; // Hz
    bool hasDecoder = false;
    bool randomInit = false;
};

// Per window. Row-major.
struct Encodings {
    int intervals = 0, leads = 0, width = 0;
    std::vector<float> lead;      // [T, L, D]; rows of absent leads are 0. Empty unless asked for.
    std::vector<float> interval;  // [T, D]
    std::vector<float> event;     // [T, D]
    std::vector<float> recording; // [4 D + lags]: mean and std over time of intervals and events, rhythm profile
};

struct Reconstruction {
    int leads = 0, samples = 0, intervals = 0;
    std::vector<float> waveform;      // [L, T * P] uV (band-passed scale of the model): decoded by the event decoder
                                      // from predicted encodings where hidden, from seen encodings elsewhere
    std::vector<std::uint8_t> hidden; // [T]
    std::vector<float> latentError;   // [T], 0 where visible
};

struct SurpriseResult {
    std::vector<float> perInterval; // [T] latent error of each interval when it is hidden
    float recording = 0;            // mean of the largest tenth
};

struct LevelDiagnostics {
    double std = 0;           // mean over dimensions of the standard deviation over recordings and time
    double effectiveRank = 0; // exp of the entropy of the singular values (RankMe)
    double meanCosine = 0;    // between different recordings
    double temporalStd = 0;   // within a recording; 0 where it has no meaning
};

struct TrainUpdate {
    std::int64_t step = 0, steps = 0;
    double epoch = 0;
    double total = 0, channel = 0, temporal = 0, regulariser = 0; // losses
    double learningRate = 0, momentum = 0, gradientNorm = 0;
    double recordingsPerSecond = 0;
    double dataShare = 0; // of the step's time spent waiting for data
    double secondsLeft = 0;
    // Filled every `diagnose_every` steps; levels "lead", "interval", "event", "recording".
    std::vector<std::pair<std::string, LevelDiagnostics>> diagnostics;
    std::string verdict;     // "healthy", "collapsing", "collapsed"; "" between diagnoses
    std::string verdictText; // in plain words, with the figures
    std::string checkpoint;  // file just completed, "" else
};

// A person's hand on a running job; read at every step.
struct TrainControl {
    std::atomic<bool> paused{false};
    std::atomic<bool> stopAfterEpoch{false};
};

// Of an Error: the processes of a run did not come together, or one ended. Each is a device of the run.
inline constexpr ErrorCode kProcessLost = ErrorCode::DeviceUnavailable;

// One of several processes that train one model on one machine, as torchrun's environment variables tell it.
struct ProcessPlace {
    int rank = 0, size = 1;
    // Where they find each other: a file of their own, or a port of this machine (TCPStore).
    std::filesystem::path storeFile;
    std::string address = "127.0.0.1";
    int port = 0;
    bool storeRuns = false; // torchrun keeps the store itself; else rank 0 does
    std::string name;       // keeps several runs at one store apart
};

struct PretrainRequest {
    std::shared_ptr<const WindowSource> windows;
    std::string configJson;          // resolved model + training configuration (core/engine/config.h)
    std::filesystem::path runFolder; // made when absent; when resume: must hold a complete checkpoint
    bool resume = false;
    std::string device = "auto"; // auto, cpu, cuda
    std::shared_ptr<TrainControl> control;
    std::function<void(const TrainUpdate&)> onUpdate; // on the compute thread; must return at once
    // Said once, in words: what a person should know and need not act on (a damaged checkpoint was passed over).
    std::function<void(const std::string&)> onNotice; // on the compute thread
    StopToken stop; // stops at the next step, keeps a checkpoint: the result is Cancelled
    // Absent: this process alone. Else every process asks for the same; rank 0 writes the run folder and tells what
    // happens, and a stop asked of any stops all.
    std::optional<ProcessPlace> place;
};

struct RunSummary {
    std::filesystem::path runFolder;
    std::filesystem::path model; // runFolder/model.safetensors
    std::int64_t steps = 0;
    TrainUpdate last;
    double seconds = 0;
};

struct EncodeOptions {
    bool leadLevel = false;
    int batch = 16;
    StopToken stop;
};

class Engine {
public:
    virtual ~Engine() = default;
    virtual EngineInfo info() const = 0;

    // Loads (or finds already loaded) a model. path: a .safetensors file or a run folder.
    // Errors: ModelInvalid names the tensor or key that does not fit; FileNotFound.
    virtual Result<ModelInfo> loadModel(const std::filesystem::path& path) = 0;
    // A model with random weights from a configuration: the row every evaluation shows. Not written to disk.
    virtual Result<ModelInfo> randomModel(const std::string& configJson, std::uint64_t seed) = 0;

    virtual Result<RunSummary> pretrain(const PretrainRequest& request) = 0;
    // Fits the event decoder on the frozen encoder and writes it into the model file. Reports its error (smooth L1,
    // standardised units).
    virtual Result<double> fitDecoder(const std::filesystem::path& model, std::shared_ptr<const WindowSource> windows,
                                      int steps, StopToken stop, Progress& progress) = 0;

    // Encodes windows [first, first + count) in batches; `each` gets them in order, on the compute thread.
    virtual Result<Done> encode(const std::string& modelHash, const WindowSource& windows, std::int64_t first,
                                std::int64_t count, const EncodeOptions& options,
                                const std::function<Result<Done>(std::int64_t, const Encodings&)>& each) = 0;
    // hidden: interval numbers. Errors: ModelInvalid when there is no decoder, ValueOutOfRange (all or none hidden,
    // number out of range).
    virtual Result<Reconstruction> reconstruct(const std::string& modelHash, const WindowSource& windows,
                                               std::int64_t index, const std::vector<int>& hidden) = 0;
    // Each interval hidden in turn, batched.
    virtual Result<SurpriseResult> surprise(const std::string& modelHash, const WindowSource& windows,
                                            std::int64_t index) = 0;

    struct BenchRequest {
        std::string configJson;
        int batch = 16;
        int threads = 1;
        double seconds = 10;
    };
    virtual Result<double> benchEncode(const BenchRequest& request) = 0;   // recordings/s
    virtual Result<double> benchPretrain(const BenchRequest& request) = 0; // recordings/s
};

} // namespace precordia
