// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/bench_load.h"

#include "core/engine/config.h"
#include "core/engine/engine_loader.h"
#include "core/study/cache_index.h"
#include "core/study/signal_cache.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <random>
#include <unistd.h>

namespace precordia::cli {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using Clock = std::chrono::steady_clock;

namespace {

constexpr std::int64_t kWindowsAShard = 8000; // of 60 kB: about half a GiB

double secondsSince(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

Error systemError(const fs::path& path) {
    return makeError(ErrorCode::FileUnwritable, std::strerror(errno), path.string());
}

// One shard of `windows` windows, flushed to the disk and dropped from memory.
Result<Done> writeShard(const fs::path& path, std::int64_t windows, std::size_t values, std::mt19937_64& random) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (file < 0)
        return systemError(path);
    std::vector<std::int16_t> window(values);
    bool written = true;
    for (std::int64_t i = 0; i < windows && written; ++i) {
        for (std::size_t v = 0; v + 4 <= values; v += 4) {
            const auto bits = random();
            std::memcpy(&window[v], &bits, sizeof bits);
        }
        const auto bytes = values * sizeof(std::int16_t);
        written = ::write(file, window.data(), bytes) == static_cast<ssize_t>(bytes);
    }
    written = written && ::fsync(file) == 0;
    const auto failure = written ? Result<Done>(Done{}) : Result<Done>(systemError(path));
    ::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
    ::close(file);
    return failure;
}

Result<Done> writeCache(const fs::path& folder, const PreprocessingConfig& config, std::int64_t recordings,
                        const StopToken& stop, Progress& progress) {
    CacheIndex index;
    index.leads = static_cast<std::uint32_t>(config.leads.size());
    index.samples = static_cast<std::uint32_t>(config.windowSamples());
    const auto values = static_cast<std::size_t>(index.leads) * index.samples;
    const auto room = fs::space(folder).available;
    const auto needed = static_cast<std::uint64_t>(recordings) * index.windowBytes();
    if (needed + needed / 8 > room)
        return makeError(ErrorCode::FileUnwritable,
                         std::to_string(recordings) + " windows take " + std::to_string(needed >> 20) +
                             " MiB; give fewer --recordings",
                         folder.string());
    std::mt19937_64 random(1);
    progress.begin("Writing a cache to read", recordings);
    for (std::int64_t first = 0; first < recordings; first += kWindowsAShard) {
        if (stop.stop_requested())
            return Cancelled{};
        const auto count = std::min(kWindowsAShard, recordings - first);
        const auto shard = index.shardBytes.size();
        if (auto written = writeShard(shardPath(folder, shard), count, values, random); !written)
            return written;
        index.shardBytes.push_back(static_cast<std::uint64_t>(count) * index.windowBytes());
        for (std::int64_t i = 0; i < count; ++i) {
            const auto id = first + i + 1;
            index.recordings.push_back({id, std::string(64, 'a' + static_cast<char>(id % 26)), 1, {}});
            index.windows.push_back({id, 0, static_cast<std::uint64_t>(i) * index.windowBytes(),
                                     (1ULL << index.leads) - 1, static_cast<std::uint32_t>(shard), 0.01F});
        }
        progress.update(first + count);
    }
    return writeCacheIndex(folder, index);
}

// Milliseconds a window, drawn at random, mostly from the disk.
double readMilliseconds(const SignalCache& cache) {
    const auto shape = cache.shape();
    std::vector<float> window(static_cast<std::size_t>(shape.leads) * static_cast<std::size_t>(shape.samples));
    std::vector<std::uint8_t> present(static_cast<std::size_t>(shape.leads));
    std::mt19937_64 random(2);
    constexpr int kReads = 200;
    const auto start = Clock::now();
    for (int i = 0; i < kReads; ++i)
        cache.read(static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(cache.size())), window, present);
    return secondsSince(start) / kReads * 1000;
}

} // namespace

double peakMiB() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.rfind("VmHWM:", 0) == 0)
            return std::strtod(line.c_str() + 6, nullptr) / 1024;
    return 0;
}

Result<Json> benchLoad(const LoadBenchRequest& request, const StopToken& stop, Progress& progress) {
    auto settings = request.settings;
    for (const auto& set : {"steps=" + std::to_string(request.steps), std::string("diagnose_every=0"),
                            std::string("checkpoint_every=0"), "threads=" + std::to_string(request.threads)})
        settings.push_back(set);
    const auto config = resolveConfig({"small", {}, settings});
    if (!config)
        return config.as<Json>();
    const PreprocessingConfig preprocessing;
    const auto cacheFolder = request.folder / "cache";
    fs::create_directories(cacheFolder);
    if (auto written = writeCache(cacheFolder, preprocessing, request.recordings, stop, progress); !written)
        return written.as<Json>();
    const auto before = Clock::now();
    const auto cache = SignalCache::open(cacheFolder, preprocessing);
    if (!cache)
        return cache.as<Json>();
    const double opened = secondsSince(before);
    const double read = readMilliseconds(**cache);
    const auto engine = loadEngine();
    if (!engine)
        return engine.as<Json>();
    PretrainRequest run;
    run.windows = *cache;
    run.configJson = *config;
    run.runFolder = request.folder / "run";
    run.device = "cpu";
    run.stop = stop;
    TrainUpdate last;
    progress.begin("Pretraining on it", request.steps);
    run.onUpdate = [&](const TrainUpdate& update) {
        last = update;
        progress.update(update.step);
    };
    const auto summary = (*engine)->pretrain(run);
    if (!summary)
        return summary.as<Json>();
    return Json{{"recordings", request.recordings},
                {"cache_gib", static_cast<double>(request.recordings) * 60'000 / (1ULL << 30)},
                {"open_s", opened},
                {"read_ms", read},
                {"data_share", last.dataShare},
                {"recordings_per_s", last.recordingsPerSecond},
                {"peak_mib", peakMiB()}};
}

} // namespace precordia::cli
