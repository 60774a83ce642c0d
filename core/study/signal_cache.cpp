// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/signal_cache.h"

#include "core/base/hash.h"
#include "core/study/cache_builder.h"
#include "core/study/study_impl.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <span>
#include <stdexcept>
#include <string>
#include <unistd.h>

namespace precordia {

namespace fs = std::filesystem;

namespace {

// A shard, read only; stays valid when the file is unlinked. Read piece by piece and not mapped: what of a mapping was
// touched counts as the process's memory, and in the end that is the whole study.
class Shard {
public:
    explicit Shard(int file) : file_(file) {}
    Shard(Shard&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
    Shard(const Shard&) = delete;
    Shard& operator=(const Shard&) = delete;
    Shard& operator=(Shard&&) = delete;
    ~Shard() {
        if (file_ >= 0)
            ::close(file_);
    }
    // Throws std::runtime_error where the disk does not give what the index promised.
    void read(std::uint64_t offset, std::span<std::byte> out) const {
        while (!out.empty()) {
            const auto got = ::pread(file_, out.data(), out.size(), static_cast<off_t>(offset));
            if (got < 0 && errno == EINTR)
                continue;
            if (got <= 0)
                throw std::runtime_error(std::string("the signal cache cannot be read: ") +
                                         (got == 0 ? "a part of it is shorter than it was" : std::strerror(errno)));
            out = out.subspan(static_cast<std::size_t>(got));
            offset += static_cast<std::uint64_t>(got);
        }
    }

private:
    int file_;
};

Result<std::vector<Shard>> openShards(const fs::path& folder, std::size_t count) {
    std::vector<Shard> shards;
    for (std::size_t i = 0; i < count; ++i) {
        const auto path = shardPath(folder, i);
        const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
        if (file < 0)
            return makeError(ErrorCode::FileUnreadable, std::strerror(errno), path.string());
        ::posix_fadvise(file, 0, 0, POSIX_FADV_RANDOM); // windows are drawn, not read in order
        shards.emplace_back(file);
    }
    return shards;
}

Result<std::vector<CacheSource>> sourcesOf(const Study& study) {
    using Sources = std::vector<CacheSource>;
    auto found = study.impl().database->run("SELECT id, sample_hash, path, item, samples, sampling_rate FROM"
                                            " recordings ORDER BY id");
    if (!found)
        return found.as<Sources>();
    Sources sources;
    while (found->next()) {
        const auto samples = found->value(4).toLongLong();
        const double rate = found->value(5).toDouble();
        sources.push_back({found->value(0).toLongLong(), fromQt(found->value(1)),
                           study.impl().sourcePath(fromQt(found->value(2))), found->value(3).toLongLong(), samples,
                           rate > 0 ? static_cast<double>(samples) / rate : 0});
    }
    return sources;
}

// Over what the windows are made from: the same data in two studies hash alike.
std::string hashOf(const CacheIndex& index, const std::string& preprocessing) {
    Sha256 hash;
    hash.update(preprocessing);
    for (const auto& recording : index.recordings)
        if (recording.windows > 0)
            hash.update("\n" + recording.sampleHash + " " + std::to_string(recording.windows));
    return hash.hex().substr(0, 16);
}

} // namespace

struct SignalCache::Impl {
    PreprocessingConfig config;
    WindowShape shape;
    CacheIndex index;
    std::vector<Shard> shards;
    std::vector<Skipped> skipped;
    std::string dataHash;
};

SignalCache::SignalCache(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SignalCache::~SignalCache() = default;

Result<std::shared_ptr<SignalCache>> SignalCache::build(const fs::path& studyFolder, const PreprocessingConfig& config,
                                                        StopToken stop, Progress& progress, int threads) {
    using Built = std::shared_ptr<SignalCache>;
    const auto study = Study::open(studyFolder);
    if (!study)
        return study.as<Built>();
    const auto sources = sourcesOf(**study);
    if (!sources)
        return sources.as<Built>();
    const auto reading = SourceOptions::of(**study);
    if (!reading)
        return reading.as<Built>();
    const auto folder = (*study)->cacheFolder() / config.hash();
    auto built = buildCache(folder, *sources, *reading, config, stop, progress, threads);
    if (!built)
        return built.as<Built>();
    auto cache = open(folder, config, std::move(built->index));
    if (!cache)
        return cache;
    auto& skipped = (*cache)->impl_->skipped;
    for (const auto& recording : built->unread)
        skipped.push_back({RecordingId(recording.id), recording.reason, recording.code, recording.withoutEcg});
    std::sort(skipped.begin(), skipped.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
    return cache;
}

Result<std::shared_ptr<SignalCache>> SignalCache::open(const fs::path& folder, const PreprocessingConfig& config) {
    auto index = readCacheIndex(folder, static_cast<std::uint32_t>(config.leads.size()),
                                static_cast<std::uint32_t>(config.windowSamples()));
    return index ? open(folder, config, std::move(*index)) : index.as<std::shared_ptr<SignalCache>>();
}

Result<std::shared_ptr<SignalCache>> SignalCache::open(const fs::path& folder, const PreprocessingConfig& config,
                                                       CacheIndex index) {
    using Opened = std::shared_ptr<SignalCache>;
    auto shards = openShards(folder, index.shardBytes.size());
    if (!shards)
        return shards.as<Opened>();
    auto impl = std::make_unique<Impl>();
    impl->config = config;
    impl->shape = {static_cast<int>(config.leads.size()), config.windowSamples(), config.samplingRate};
    impl->shards = *std::move(shards);
    impl->dataHash = hashOf(index, config.hash());
    for (const auto& recording : index.recordings)
        if (recording.windows == 0)
            impl->skipped.push_back(
                {RecordingId(recording.id), recording.reason, recording.code, recording.withoutEcg});
    index.recordings = {}; // four fifths of the index, and only the build asks for it
    index.windows.shrink_to_fit();
    impl->index = std::move(index);
    return Opened(new SignalCache(std::move(impl)));
}

std::int64_t SignalCache::size() const {
    return static_cast<std::int64_t>(impl_->index.windows.size());
}
WindowShape SignalCache::shape() const {
    return impl_->shape;
}
std::string SignalCache::dataHash() const {
    return impl_->dataHash;
}
const PreprocessingConfig& SignalCache::config() const {
    return impl_->config;
}
const std::vector<SignalCache::Skipped>& SignalCache::skipped() const {
    return impl_->skipped;
}

void SignalCache::read(std::int64_t index, std::span<float> out, std::span<std::uint8_t> leadPresent) const {
    const auto& window = impl_->index.windows.at(static_cast<std::size_t>(index));
    const auto values = static_cast<std::size_t>(impl_->index.windowBytes() / sizeof(std::int16_t));
    assert(out.size() == values);
    assert(leadPresent.empty() || leadPresent.size() == impl_->config.leads.size());
    thread_local std::vector<std::int16_t> steps;
    steps.resize(values);
    impl_->shards[window.shard].read(window.offset, std::as_writable_bytes(std::span(steps)));
    for (std::size_t i = 0; i < std::min(values, out.size()); ++i)
        out[i] = static_cast<float>(steps[i]) * window.scale;
    for (std::size_t l = 0; l < leadPresent.size(); ++l)
        leadPresent[l] = static_cast<std::uint8_t>(window.leadMask >> l & 1U);
}

RecordingId SignalCache::recording(std::int64_t index) const {
    return RecordingId(impl_->index.windows.at(static_cast<std::size_t>(index)).recording);
}

std::string SignalCache::origin(std::int64_t index) const {
    return "recording " + std::to_string(recording(index).value);
}

int SignalCache::leadsPresent(std::int64_t index) const {
    return std::popcount(impl_->index.windows.at(static_cast<std::size_t>(index)).leadMask);
}

double SignalCache::startSeconds(std::int64_t index) const {
    return impl_->index.windows.at(static_cast<std::size_t>(index)).startSeconds;
}

} // namespace precordia
