// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/signal_cache.h"

#include "core/base/hash.h"
#include "core/study/cache_builder.h"
#include "core/study/study_impl.h"

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace precordia {

namespace fs = std::filesystem;

namespace {

// A shard in memory, read only; stays valid when the file is unlinked.
class MappedShard {
public:
    MappedShard(const std::byte* data, std::size_t size) : data_(data), size_(size) {}
    MappedShard(MappedShard&& other) noexcept : data_(std::exchange(other.data_, nullptr)), size_(other.size_) {}
    MappedShard(const MappedShard&) = delete;
    MappedShard& operator=(const MappedShard&) = delete;
    MappedShard& operator=(MappedShard&&) = delete;
    ~MappedShard() {
        if (data_ != nullptr)
            ::munmap(const_cast<std::byte*>(data_), size_);
    }
    const std::byte* data() const { return data_; }

private:
    const std::byte* data_;
    std::size_t size_;
};

Result<std::vector<MappedShard>> mapShards(const fs::path& folder, const std::vector<std::uint64_t>& sizes) {
    std::vector<MappedShard> shards;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        const auto size = static_cast<std::size_t>(sizes[i]);
        if (size == 0) {
            shards.emplace_back(nullptr, 0);
            continue;
        }
        const auto path = shardPath(folder, i);
        const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
        void* data = fd < 0 ? MAP_FAILED : ::mmap(nullptr, size, PROT_READ, MAP_SHARED, fd, 0);
        const int reason = errno;
        if (fd >= 0)
            ::close(fd);
        if (data == MAP_FAILED)
            return makeError(ErrorCode::FileUnreadable, std::strerror(reason), path.string());
        shards.emplace_back(static_cast<const std::byte*>(data), size);
    }
    return shards;
}

Result<std::vector<CacheSource>> sourcesOf(const Study& study) {
    using Sources = std::vector<CacheSource>;
    auto found = study.impl().database->run("SELECT id, sample_hash, path FROM recordings ORDER BY id");
    if (!found)
        return found.as<Sources>();
    Sources sources;
    while (found->next())
        sources.push_back(
            {found->value(0).toLongLong(), fromQt(found->value(1)), study.impl().sourcePath(fromQt(found->value(2)))});
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
    std::vector<MappedShard> shards;
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
    const auto folder = (*study)->cacheFolder() / config.hash();
    auto built = buildCache(folder, *sources, config, stop, progress, threads);
    if (!built)
        return built.as<Built>();
    auto shards = mapShards(folder, built->index.shardBytes);
    if (!shards)
        return shards.as<Built>();
    auto impl = std::make_unique<Impl>();
    impl->config = config;
    impl->shape = {static_cast<int>(config.leads.size()), config.windowSamples(), config.samplingRate};
    impl->index = std::move(built->index);
    impl->shards = *std::move(shards);
    impl->dataHash = hashOf(impl->index, config.hash());
    for (const auto& recording : impl->index.recordings)
        if (recording.windows == 0)
            impl->skipped.push_back({RecordingId(recording.id), recording.reason});
    for (const auto& recording : built->unread)
        impl->skipped.push_back({RecordingId(recording.id), recording.reason});
    std::sort(impl->skipped.begin(), impl->skipped.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
    return Built(new SignalCache(std::move(impl)));
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
    const auto* steps = reinterpret_cast<const std::int16_t*>(impl_->shards[window.shard].data() + window.offset);
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

double SignalCache::startSeconds(std::int64_t index) const {
    return impl_->index.windows.at(static_cast<std::size_t>(index)).startSeconds;
}

} // namespace precordia
