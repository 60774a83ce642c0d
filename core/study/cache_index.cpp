// SPDX-License-Identifier: GPL-3.0-or-later
// Layout, in the machine's own byte order (a cache never travels): magic, shape, shard sizes, recordings, windows, and
// the SHA-256 of all that as 64 hex digits.
#include "core/study/cache_index.h"

#include "core/base/file.h"
#include "core/base/hash.h"

#include <cmath>
#include <cstring>

namespace precordia {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kMagic = "PRECORDIA-CACHE-2\n";
constexpr std::string_view kFirstMagic = "PRECORDIA-CACHE-1\n"; // had no kind of reason
constexpr std::size_t kHashDigits = 64;

class ByteWriter {
public:
    template <typename T>
    void put(const T& value) {
        static_assert(std::is_trivially_copyable_v<T>);
        bytes_.append(reinterpret_cast<const char*>(&value), sizeof(T));
    }
    void put(const std::string& text) {
        put(static_cast<std::uint32_t>(text.size()));
        bytes_ += text;
    }
    std::string bytes_;
};

// Gives zeros and turns invalid instead of reading past the end.
class ByteReader {
public:
    explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}
    template <typename T>
    T get() {
        T value{};
        if (const auto from = take(sizeof(T)); from.size() == sizeof(T))
            std::memcpy(&value, from.data(), sizeof(T));
        return value;
    }
    std::string text() { return std::string(take(get<std::uint32_t>())); }
    bool fits(std::uint64_t count, std::size_t each) const { return count <= bytes_.size() / each; }
    bool valid() const { return valid_; }
    bool atEnd() const { return bytes_.empty(); }

private:
    std::string_view take(std::size_t count) {
        if (count > bytes_.size()) {
            valid_ = false;
            return {};
        }
        const auto out = bytes_.substr(0, count);
        bytes_.remove_prefix(count);
        return out;
    }
    std::string_view bytes_;
    bool valid_ = true;
};

fs::path indexPath(const fs::path& folder) {
    return folder / "index.bin";
}

constexpr std::size_t kRecordingBytes = 8 + 4 + 4 + 4; // at least
constexpr std::size_t kWindowBytes = 8 + 8 + 8 + 8 + 4 + 4;

// What a reason is, as it stands on disk: those that last (cache_builder.cpp).
enum class Kind : std::uint8_t { Windows, TooShort, LeadMissing, WithoutEcg };

Kind kindOf(const CacheRecording& recording) {
    return recording.windows > 0                         ? Kind::Windows
           : recording.code == ErrorCode::SignalTooShort ? Kind::TooShort
           : recording.withoutEcg                        ? Kind::WithoutEcg
                                                         : Kind::LeadMissing;
}

bool take(Kind kind, CacheRecording& recording) {
    if ((kind == Kind::Windows) != (recording.windows > 0) || kind > Kind::WithoutEcg)
        return false;
    if (kind != Kind::Windows)
        recording.code = kind == Kind::TooShort ? ErrorCode::SignalTooShort : ErrorCode::LeadMissing;
    recording.withoutEcg = kind == Kind::WithoutEcg;
    return true;
}

// `kinds`: false of the first layout. What it left out is left out of the index: whoever builds looks at it again.
bool parse(std::string_view text, CacheIndex& index, bool kinds) {
    ByteReader in(text);
    index.leads = in.get<std::uint32_t>();
    index.samples = in.get<std::uint32_t>();
    const auto shards = in.get<std::uint64_t>();
    const auto recordings = in.get<std::uint64_t>();
    const auto windows = in.get<std::uint64_t>();
    if (!in.valid() || !in.fits(shards, 8) || !in.fits(recordings, kRecordingBytes) || !in.fits(windows, kWindowBytes))
        return false;
    for (std::uint64_t i = 0; i < shards; ++i)
        index.shardBytes.push_back(in.get<std::uint64_t>());
    std::uint64_t announced = 0;
    for (std::uint64_t i = 0; i < recordings && in.valid(); ++i) {
        CacheRecording recording;
        recording.id = in.get<std::int64_t>();
        recording.sampleHash = in.text();
        recording.windows = in.get<std::uint32_t>();
        recording.reason = in.text();
        announced += recording.windows;
        if (kinds && !take(in.get<Kind>(), recording))
            return false;
        if (kinds || recording.windows > 0)
            index.recordings.push_back(std::move(recording));
    }
    for (std::uint64_t i = 0; i < windows && in.valid(); ++i) {
        CacheWindow window;
        window.recording = in.get<std::int64_t>();
        window.startSeconds = in.get<double>();
        window.offset = in.get<std::uint64_t>();
        window.leadMask = in.get<std::uint64_t>();
        window.shard = in.get<std::uint32_t>();
        window.scale = in.get<float>();
        const bool inside = window.shard < shards && window.offset % 2 == 0 &&
                            window.offset <= index.shardBytes[window.shard] &&
                            index.windowBytes() <= index.shardBytes[window.shard] - window.offset;
        if (!inside || !std::isfinite(window.scale))
            return false;
        index.windows.push_back(window);
    }
    return in.valid() && in.atEnd() && announced == windows;
}

} // namespace

fs::path shardPath(const fs::path& folder, std::size_t number) {
    auto digits = std::to_string(number);
    digits.insert(0, digits.size() < 4 ? 4 - digits.size() : 0, '0');
    return folder / ("shard-" + digits + ".bin");
}

Result<CacheIndex> readCacheIndex(const fs::path& folder, std::uint32_t leads, std::uint32_t samples) {
    const auto path = indexPath(folder);
    const auto bytes = readFile(path);
    if (!bytes)
        return bytes.as<CacheIndex>();
    std::string_view text(reinterpret_cast<const char*>(bytes->data()), bytes->size());
    const auto damaged = [&] {
        return makeError(ErrorCode::FormatInvalid, "the cache's index is damaged", path.string());
    };
    static_assert(kMagic.size() == kFirstMagic.size());
    const bool first = text.starts_with(kFirstMagic);
    if (text.size() < kMagic.size() + kHashDigits || (!first && !text.starts_with(kMagic)))
        return damaged();
    const auto body = text.substr(0, text.size() - kHashDigits);
    if (sha256Hex(body) != text.substr(body.size()))
        return damaged();
    CacheIndex index;
    if (!parse(body.substr(kMagic.size()), index, !first) || index.leads != leads || index.samples != samples)
        return damaged();
    for (std::size_t i = 0; i < index.shardBytes.size(); ++i) {
        std::error_code ec;
        const auto size = fs::file_size(shardPath(folder, i), ec);
        if (ec || size < index.shardBytes[i])
            return makeError(ErrorCode::FormatInvalid, "a part of the cache is missing or short",
                             shardPath(folder, i).string());
    }
    return index;
}

Result<Done> writeCacheIndex(const fs::path& folder, const CacheIndex& index) {
    ByteWriter out;
    out.bytes_ = kMagic;
    out.put(index.leads);
    out.put(index.samples);
    out.put(static_cast<std::uint64_t>(index.shardBytes.size()));
    out.put(static_cast<std::uint64_t>(index.recordings.size()));
    out.put(static_cast<std::uint64_t>(index.windows.size()));
    for (const auto bytes : index.shardBytes)
        out.put(bytes);
    for (const auto& recording : index.recordings) {
        out.put(recording.id);
        out.put(recording.sampleHash);
        out.put(recording.windows);
        out.put(recording.reason);
        out.put(kindOf(recording));
    }
    for (const auto& window : index.windows) {
        out.put(window.recording);
        out.put(window.startSeconds);
        out.put(window.offset);
        out.put(window.leadMask);
        out.put(window.shard);
        out.put(window.scale);
    }
    out.bytes_ += sha256Hex(out.bytes_);
    return writeFileAtomically(indexPath(folder), out.bytes_);
}

} // namespace precordia
