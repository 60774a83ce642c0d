// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/cache_builder.h"

#include "core/base/file.h"
#include "core/io/paged_recording.h"
#include "core/io/reader.h"
#include "core/signal/ecg_leads.h"
#include "core/signal/preprocess_parts.h"
#include "core/study/folder_lock.h"
#include "core/study/signal_summary.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <fcntl.h>
#include <mutex>
#include <thread>
#include <unistd.h>
#include <unordered_map>

namespace precordia {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kShardBytes = 512ULL << 20;
constexpr std::size_t kCommitEvery = 1024; // recordings; what a kill can cost

Error systemError(const fs::path& path) {
    return makeError(ErrorCode::FileUnwritable, std::strerror(errno), path.string());
}

class FileDescriptor {
public:
    FileDescriptor() = default;
    explicit FileDescriptor(int fd) : fd_(fd) {}
    FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    FileDescriptor& operator=(FileDescriptor&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~FileDescriptor() {
        if (fd_ >= 0)
            ::close(fd_);
    }
    int get() const { return fd_; }

private:
    int fd_ = -1;
};

struct QuantisedWindow {
    CacheWindow entry;
    std::vector<std::int16_t> steps;
};

QuantisedWindow quantise(const ModelWindow& window, std::int64_t recording) {
    constexpr float kSteps = 32767;
    QuantisedWindow out;
    out.entry.recording = recording;
    out.entry.startSeconds = window.startSeconds;
    for (std::size_t l = 0; l < window.leadPresent.size(); ++l)
        if (window.leadPresent[l] != 0)
            out.entry.leadMask |= std::uint64_t{1} << l;
    float largest = 0;
    for (const float value : window.samples)
        if (std::isfinite(value))
            largest = std::max(largest, std::abs(value));
    out.entry.scale = largest > 0 ? largest / kSteps : 1.0F;
    out.steps.resize(window.samples.size());
    std::transform(window.samples.begin(), window.samples.end(), out.steps.begin(), [&](float value) {
        const float step = std::isfinite(value) ? std::round(value / out.entry.scale) : 0.0F;
        return static_cast<std::int16_t>(std::clamp(step, -kSteps, kSteps));
    });
    return out;
}

// A recording that is too short or has no known lead stays so; a file that is not there may come back.
bool isLasting(ErrorCode code) {
    return code == ErrorCode::SignalTooShort || code == ErrorCode::LeadMissing;
}

class Builder {
public:
    Builder(const fs::path& folder, CacheIndex index, const SourceOptions& reading, const PreprocessingConfig& config,
            const StopToken& stop)
        : folder_(folder)
        , index_(std::move(index))
        , reading_(reading)
        , config_(config)
        , stop_(stop) {}

    Result<Done> run(const std::vector<const CacheSource*>& missing, Progress& progress, int threads) {
        progress.begin("preparing signals", static_cast<std::int64_t>(missing.size()));
        std::atomic<std::size_t> next = 0;
        const auto work = [&] {
            for (auto i = next++; i < missing.size() && !stop_.stop_requested() && !broken(); i = next++) {
                prepare(*missing[i]);
                progress.advance();
            }
        };
        {
            std::vector<std::jthread> workers;
            for (int i = 0; i < std::max(1, threads); ++i)
                workers.emplace_back(work);
        }
        commit();
        if (error_)
            return *error_;
        if (stop_.stop_requested())
            return Cancelled{};
        return Done{};
    }

    CacheIndex takeIndex() { return std::move(index_); }
    std::vector<CacheRecording> takeUnread() { return std::move(unread_); }

private:
    bool broken() {
        const std::lock_guard lock(mutex_);
        return error_.has_value();
    }

    using Entries = std::vector<CacheWindow>;

    template <typename Work>
    Result<Entries> guarded(const CacheSource& source, Work work) const {
        try {
            auto options = reading_.of(source.path, source.item);
            if (!options)
                return options.as<Entries>();
            options->annotations = false;
            options->stop = stop_;
            return work(*options);
        } catch (const std::bad_alloc&) {
            return makeError(ErrorCode::OutOfMemory, {}, source.path.string());
        } catch (const std::exception& e) {
            return makeError(ErrorCode::Bug, e.what(), source.path.string());
        }
    }

    // withoutEcg: what LeadMissing means here.
    Result<Entries> whole(const CacheSource& source, bool& withoutEcg) {
        return guarded(source, [&](const ReadOptions& options) -> Result<Entries> {
            const auto recording = Registry::standard().read(source.path, options);
            if (!recording)
                return recording.as<Entries>();
            const auto windows = preprocess(*recording, config_);
            withoutEcg = windows.failed() && ecgLeads(*recording).empty();
            if (!windows)
                return windows.as<Entries>();
            std::vector<QuantisedWindow> quantised;
            for (const auto& window : *windows)
                quantised.push_back(quantise(window, source.id));
            Entries entries;
            const std::lock_guard lock(mutex_);
            for (auto& window : quantised) {
                if (const auto done = store(window); !done)
                    return done.as<Entries>();
                entries.push_back(window.entry);
            }
            return entries;
        });
    }

    // A window at a time to the disk; the index speaks of none before all are there.
    Result<Entries> inParts(const CacheSource& source, bool& withoutEcg) {
        return guarded(source, [&](const ReadOptions& options) -> Result<Entries> {
            const auto pages = PagedRecording::open(source.path, options);
            if (!pages)
                return pages.as<Entries>();
            const LongRecording recording{(*pages)->head().name, (*pages)->samplingRate(),
                                          std::min(source.samples, (*pages)->samples()),
                                          [&](std::int64_t first, std::int64_t count) {
                                              return (*pages)->readOnce({first, count}, stop_);
                                          }};
            const auto before = end();
            Entries entries;
            const auto present = preprocessInParts(recording, config_, [&](const ModelWindow& window) -> Result<Done> {
                if (stop_.stop_requested())
                    return Cancelled{};
                auto quantised = quantise(window, source.id);
                const std::lock_guard lock(mutex_);
                if (const auto done = store(quantised); !done)
                    return done;
                entries.push_back(quantised.entry);
                return Done{};
            });
            if (!present) {
                withoutEcg = ecgLeads((*pages)->head()).empty();
                takeBack(before, entries.size());
                return present.as<Entries>();
            }
            std::uint64_t mask = 0;
            for (std::size_t l = 0; l < present->size(); ++l)
                if ((*present)[l] != 0)
                    mask |= std::uint64_t{1} << l;
            for (auto& entry : entries)
                entry.leadMask = mask;
            return entries;
        });
    }

    void prepare(const CacheSource& source) {
        bool withoutEcg = false;
        const auto windows = source.seconds > kLongSeconds ? inParts(source, withoutEcg) : whole(source, withoutEcg);
        if (windows.cancelled())
            return;
        const std::lock_guard lock(mutex_);
        if (error_)
            return;
        CacheRecording entry;
        entry.id = source.id;
        entry.sampleHash = source.sampleHash;
        if (windows.failed()) {
            entry.reason = windows.error().text();
            entry.code = windows.error().code;
            entry.withoutEcg = entry.code == ErrorCode::LeadMissing && withoutEcg;
            if (!isLasting(windows.error().code)) {
                unread_.push_back(std::move(entry));
                return;
            }
        } else {
            entry.windows = static_cast<std::uint32_t>(windows->size());
            index_.windows.insert(index_.windows.end(), windows->begin(), windows->end());
        }
        index_.recordings.push_back(std::move(entry));
        if (++uncommitted_ >= kCommitEvery)
            commitLocked();
    }

    struct End {
        std::size_t shards = 0, stored = 0;
        std::uint64_t bytes = 0;
    };
    End end() {
        const std::lock_guard lock(mutex_);
        return {index_.shardBytes.size(), stored_, index_.shardBytes.empty() ? 0 : index_.shardBytes.back()};
    }
    // The place of windows that no index will speak of, where nobody wrote behind them.
    void takeBack(const End& before, std::size_t windows) {
        const std::lock_guard lock(mutex_);
        if (before.shards > 0 && before.shards == index_.shardBytes.size() && before.stored + windows == stored_)
            index_.shardBytes.back() = before.bytes;
    }

    // Writes the samples and notes where they are. What fails here fails the build. With the mutex held.
    Result<Done> store(QuantisedWindow& window) {
        auto done = error_ ? Result<Done>(*error_) : write(window);
        if (!done && !error_)
            error_ = done.error();
        stored_ += done ? 1 : 0;
        return done;
    }

    Result<Done> write(QuantisedWindow& window) {
        const auto bytes = index_.windowBytes();
        if (index_.shardBytes.empty() || index_.shardBytes.back() + bytes > kShardBytes) {
            if (const auto done = sync(); !done)
                return done;
            shard_ = {};
            index_.shardBytes.push_back(0);
        }
        const auto number = index_.shardBytes.size() - 1;
        const auto path = shardPath(folder_, number);
        auto& size = index_.shardBytes.back();
        if (shard_.get() < 0) {
            shard_ = FileDescriptor(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666));
            // What lies behind the indexed end is the rest of a build that was killed.
            if (shard_.get() < 0 || ::ftruncate(shard_.get(), static_cast<off_t>(size)) != 0)
                return systemError(path);
        }
        const auto* from = reinterpret_cast<const char*>(window.steps.data());
        for (std::uint64_t at = 0; at < bytes;) {
            const auto put = ::pwrite(shard_.get(), from + at, bytes - at, static_cast<off_t>(size + at));
            if (put < 0 && errno == EINTR)
                continue;
            if (put < 0)
                return systemError(path);
            at += static_cast<std::uint64_t>(put);
        }
        window.entry.shard = static_cast<std::uint32_t>(number);
        window.entry.offset = size;
        size += bytes;
        return Done{};
    }

    Result<Done> sync() {
        if (shard_.get() >= 0 && ::fsync(shard_.get()) != 0)
            return systemError(folder_);
        return Done{};
    }

    void commit() {
        const std::lock_guard lock(mutex_);
        commitLocked();
    }

    // Samples first, then the index that speaks of them.
    void commitLocked() {
        uncommitted_ = 0;
        auto done = sync();
        if (done)
            done = writeCacheIndex(folder_, index_);
        if (!done && !error_)
            error_ = done.error();
    }

    fs::path folder_;
    CacheIndex index_;
    const SourceOptions& reading_;
    const PreprocessingConfig& config_;
    StopToken stop_;
    std::mutex mutex_;
    FileDescriptor shard_;
    std::vector<CacheRecording> unread_;
    std::optional<Error> error_;
    std::size_t uncommitted_ = 0, stored_ = 0;
};

// What is there already; nothing (and no shards) when the index is damaged. Shards are unlinked, never cut short:
// another process may have them mapped.
CacheIndex existingIndex(const fs::path& folder, const PreprocessingConfig& config) {
    const auto leads = static_cast<std::uint32_t>(config.leads.size());
    const auto samples = static_cast<std::uint32_t>(config.windowSamples());
    if (auto index = readCacheIndex(folder, leads, samples))
        return *std::move(index);
    std::error_code ec;
    for (std::size_t i = 0; fs::remove(shardPath(folder, i), ec); ++i) {
    }
    CacheIndex fresh;
    fresh.leads = leads;
    fresh.samples = samples;
    return fresh;
}

// The recordings of `sources`, in their order; others (deleted, changed) fall out.
CacheIndex selected(const CacheIndex& all, const std::vector<CacheSource>& sources) {
    struct Place {
        std::size_t recording = 0, window = 0;
    };
    std::unordered_map<std::int64_t, Place> places;
    std::size_t window = 0;
    for (std::size_t i = 0; i < all.recordings.size(); ++i) {
        places[all.recordings[i].id] = {i, window}; // a later entry of the same number is the newer
        window += all.recordings[i].windows;
    }
    CacheIndex out;
    out.leads = all.leads;
    out.samples = all.samples;
    out.shardBytes = all.shardBytes;
    for (const auto& source : sources) {
        const auto place = places.find(source.id);
        if (place == places.end() || all.recordings[place->second.recording].sampleHash != source.sampleHash)
            continue;
        const auto& recording = all.recordings[place->second.recording];
        const auto first = all.windows.begin() + static_cast<std::ptrdiff_t>(place->second.window);
        out.recordings.push_back(recording);
        out.windows.insert(out.windows.end(), first, first + recording.windows);
    }
    return out;
}

} // namespace

Result<BuiltCache> buildCache(const fs::path& folder, const std::vector<CacheSource>& sources,
                              const SourceOptions& reading, const PreprocessingConfig& config, const StopToken& stop,
                              Progress& progress, int threads) {
    constexpr std::size_t kMostLeads = 64; // bits of CacheWindow::leadMask
    if (config.leads.empty() || config.leads.size() > kMostLeads)
        return makeError(ErrorCode::ConfigInvalid, "the preprocessing needs 1 to 64 leads");
    std::error_code ec;
    fs::create_directories(folder, ec);
    if (ec)
        return makeError(ErrorCode::FileUnwritable, ec.message(), folder.string());
    const auto lock = FolderLock::hold(folder, stop);
    if (!lock)
        return lock.as<BuiltCache>();
    auto index = selected(existingIndex(folder, config), sources);
    std::unordered_map<std::int64_t, bool> there;
    for (const auto& recording : index.recordings)
        there.emplace(recording.id, true);
    std::vector<const CacheSource*> missing;
    for (const auto& source : sources)
        if (!there.contains(source.id))
            missing.push_back(&source);
    BuiltCache built;
    if (!missing.empty()) {
        if (const auto done = writeFileAtomically(folder / "preprocessing.json", config.json() + "\n"); !done)
            return done.as<BuiltCache>();
        Builder builder(folder, std::move(index), reading, config, stop);
        if (const auto done = builder.run(missing, progress, threads); !done)
            return done.as<BuiltCache>();
        index = selected(builder.takeIndex(), sources); // back into the order of the study
        built.unread = builder.takeUnread();
    }
    built.index = std::move(index);
    return built;
}

} // namespace precordia
