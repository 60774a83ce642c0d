// SPDX-License-Identifier: GPL-3.0-or-later
// The torch-free face of the model: what the program asks, plain structs in and out. The implementation lives in the
// module precordia_engine, loaded when first needed (engine_loader.h). Every call may be made from any worker thread;
// the engine runs them on its one compute thread, short requests between the steps of a running pretraining.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/ecg/window_source.h"
#include "core/engine/head.h"

#include <atomic>
#include <filesystem>
#include <functional>
#include <limits>
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

// How well the event decoder shows the waveforms of recordings held back from its fit, beside what needs no model. Root
// mean square errors in uV. Hidden as in training: the model sees the rest of the recording only.
struct DecoderReport {
    struct Lead {
        std::string lead;        // the last row: "all"
        double hidden = 0;       // decoded from predicted encodings of hidden intervals
        double seen = 0;         // decoded from the encodings of visible intervals
        double meanInterval = 0; // floor: the mean of all intervals, shown for each hidden one
        double nearest = 0;      // floor: the nearest visible interval of the recording, copied
    };
    struct Kind {         // what was tried
        std::string kind; // "linear", "mlp", "neighbours": a small network that sees the two intervals beside it too
        double error = 0; // smooth L1 in standardised units over hidden and visible intervals
        double hidden = 0, seen = 0; // uV, all leads
    };
    std::string kind; // kept: the smallest error
    double error = 0;
    std::int64_t windows = 0, heldBack = 0; // fitted on, measured on; none held back of a single window
    std::vector<Lead> leads;
    std::vector<Kind> kinds;
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
    std::optional<DecoderReport> decoder; // as it was measured when it was fitted
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

struct SurpriseOptions {
    // Intervals hidden together: a beat spans several. Every window of so many is hidden in turn; an interval's error
    // is the mean over the windows that hold it.
    int block = 1;
    bool residuals = false; // give them too
};
struct SurpriseResult {
    std::vector<float> perInterval; // [T] latent error of each interval when it is hidden
    float recording = 0;            // mean of the largest tenth
    std::vector<float> residual;    // [T, D] predicted less true encoding, the same mean; empty unless asked for
};

struct LevelDiagnostics {
    double std = 0;           // mean over dimensions of the standard deviation over recordings and time
    double effectiveRank = 0; // exp of the entropy of the singular values (RankMe)
    double meanCosine = 0;    // between different recordings
    double temporalStd = 0;   // within a recording; 0 where it has no meaning
    double teacherGap = 0;    // |encoder's - teacher's| / |teacher's| over all; 0 where there is no teacher
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
    std::string verdict;     // "healthy", "early" (too few steps to tell), "collapsing", "collapsed"; "" between diagnoses
    std::string verdictText; // in plain words, with the figures
    std::string advice;      // what to change, " | " between; "" when healthy
    // Test of the second epoch (core/engine/verdict.h), at one step of a run: "passed", "failed"; "" at the others.
    std::string earlyTest, earlyTestText;
    // k-NN probe on the labelled part, at a diagnosis: mean AUROC over its labels; NaN without
    double knn = std::numeric_limits<double>::quiet_NaN();
    // Against the 128 steps before (core/engine/alarms.h); NaN before there are so many
    double lossZ = std::numeric_limits<double>::quiet_NaN(), gradientZ = std::numeric_limits<double>::quiet_NaN();
    std::string alarm;      // in words when one of them is beyond the limit; "" else
    std::string checkpoint; // file just completed, "" else
};

// Labels of some windows, for a probe of what a run has learned while it runs: k nearest neighbours by cosine among the
// recording embeddings of other patients. The training itself never sees them.
struct ProbeLabels {
    std::vector<std::string> names;
    std::vector<std::int64_t> windows;
    std::vector<std::int64_t> groups; // patient of each window
    std::vector<int> values;          // [windows, names] 1, 0, -1 not known
};

// A person's hand on a running job; read at every step.
struct TrainControl {
    std::atomic<bool> paused{false};
    std::atomic<bool> stopAfterEpoch{false};
};

// One of several processes that train one model on one machine, as torchrun's environment variables tell it.
struct ProcessPlace {
    int rank = 0, size = 1;
    // Where they find each other: a file of their own; or what MASTER_ADDR and MASTER_PORT name: the store of
    // torchrun's agent, else a file that the first process holds (core/train/meeting_place.h): nobody listens.
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
    std::shared_ptr<const ProbeLabels> labels;        // nullptr: no k-NN probe
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

struct DecoderOptions {
    int steps = 600;  // of each kind
    bool keep = true; // false: measure only, the file stays as it is
};

struct EncodeOptions {
    bool leadLevel = false;
    // Only the first so many layers over the leads and over the intervals (then the final norm): what does a layer
    // know? -1: all.
    int channelLayers = -1, temporalLayers = -1;
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
    // Fits event decoders of several kinds on the frozen encoder, keeps the best on held-back windows and writes it
    // into the model file.
    virtual Result<DecoderReport> fitDecoder(const std::filesystem::path& model,
                                             std::shared_ptr<const WindowSource> windows, const DecoderOptions& options,
                                             StopToken stop, Progress& progress) = 0;

    // Encodes windows [first, first + count) in batches; `each` gets them in order, on the compute thread.
    virtual Result<Done> encode(const std::string& modelHash, const WindowSource& windows, std::int64_t first,
                                std::int64_t count, const EncodeOptions& options,
                                const std::function<Result<Done>(std::int64_t, const Encodings&)>& each) = 0;
    // hidden: interval numbers. Errors: ModelInvalid when there is no decoder, ValueOutOfRange (all or none hidden,
    // number out of range).
    virtual Result<Reconstruction> reconstruct(const std::string& modelHash, const WindowSource& windows,
                                               std::int64_t index, const std::vector<int>& hidden) = 0;
    // Each interval hidden in turn, batched. Error ValueOutOfRange: the block leaves nothing visible.
    virtual Result<SurpriseResult> surprise(const std::string& modelHash, const WindowSource& windows,
                                            std::int64_t index, const SurpriseOptions& options) = 0;

    // Trains heads on labels, one a split, and scores the rows that each split holds back (core/engine/head.h).
    // Errors: NotFound (no such model), ConfigInvalid (windows of another shape), ValueOutOfRange (a label, row, split
    // or setting that cannot be), LeadMissing (a window with none of the leads), NotFinite, FileUnwritable.
    virtual Result<HeadResult> trainHead(const HeadRequest& request, Progress& progress) = 0;
    // file: what trainHead kept. rows: windows; empty: all. Errors: ModelInvalid when there is no head in the file.
    virtual Result<HeadScores> applyHead(const std::filesystem::path& file, const WindowSource& windows,
                                         const std::vector<std::int64_t>& rows, StopToken stop) = 0;

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
