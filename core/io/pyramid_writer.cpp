// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/pyramid_file.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <limits>
#include <sys/file.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace precordia {

namespace fs = std::filesystem;

namespace {

constexpr float kNothing = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr std::uint64_t kRoomLeft = 64U << 20U; // of the disk, that a cache must not take

Error systemError(const fs::path& path) {
    return makeError(ErrorCode::FileUnwritable, std::strerror(errno), path.string());
}

// Comparisons with NaN are false: a missing sample counts as none.
struct Running {
    float low = kInfinity, high = -kInfinity;
    std::int64_t count = 0; // samples or pairs
    void add(float lowest, float highest) {
        low = lowest < low ? lowest : low;
        high = highest > high ? highest : high;
    }
    MinMax take() {
        const MinMax out = low <= high ? MinMax{low, high} : MinMax{kNothing, kNothing};
        *this = {};
        return out;
    }
};

// One whole pair of level 0, eight samples at a time.
MinMax ofBase(const float* samples) {
    constexpr std::size_t kLanes = 8;
    std::array<float, kLanes> low{}, high{};
    low.fill(kInfinity);
    high.fill(-kInfinity);
    for (std::size_t i = 0; i < static_cast<std::size_t>(kPyramidBase); i += kLanes)
        for (std::size_t k = 0; k < kLanes; ++k) {
            const float v = samples[i + k];
            low[k] = v < low[k] ? v : low[k];
            high[k] = v > high[k] ? v : high[k];
        }
    Running all;
    for (std::size_t k = 0; k < kLanes; ++k)
        all.add(low[k], high[k]);
    return all.take();
}

// Files of writers that were killed: nobody holds their lock any more.
void removeAbandoned(const fs::path& folder) {
    std::error_code ec;
    for (fs::directory_iterator it(folder, ec), end; !ec && it != end; it.increment(ec)) {
        if (it->path().extension() != ".part")
            continue;
        const int fd = ::open(it->path().c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
        if (fd < 0)
            continue;
        if (::flock(fd, LOCK_EX | LOCK_NB) == 0)
            ::unlink(it->path().c_str());
        ::close(fd);
    }
}

} // namespace

struct PyramidWriter::Impl {
    // A level of one lead: pairs of the tile that fills up, and the pair that does.
    struct Column {
        std::vector<MinMax> tile;
        std::uint64_t tilesDone = 0;
        Running running; // of the next level's pair; of level 0 it stands in `base`
    };

    fs::path file, temporary;
    int fd = -1;
    std::uint64_t key = 0;
    PyramidShape shape;
    std::vector<std::vector<Column>> columns; // [level][lead]
    std::vector<Running> base;                // [lead]
    std::vector<std::uint64_t> sums;
    std::int64_t added = 0;

    ~Impl() {
        if (fd >= 0)
            ::unlink(temporary.c_str());
        close();
    }
    void close() {
        if (fd >= 0)
            ::close(fd);
        fd = -1;
    }

    Result<Done> write(std::uint64_t at, std::span<const std::byte> bytes) const {
        while (!bytes.empty()) {
            const auto put = ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(at));
            if (put < 0 && errno == EINTR)
                continue;
            if (put < 0)
                return systemError(file);
            at += static_cast<std::uint64_t>(put);
            bytes = bytes.subspan(static_cast<std::size_t>(put));
        }
        return Done{};
    }

    Result<Done> flush(int level, std::size_t lead) {
        auto& column = columns[static_cast<std::size_t>(level)][lead];
        if (column.tile.empty())
            return Done{};
        const auto place = pyramid::placeOf(shape, level, static_cast<std::int32_t>(lead));
        const auto bytes = std::as_bytes(std::span(column.tile));
        sums[place.tile + column.tilesDone] = pyramid::checksum(bytes);
        const auto done = write(place.byte + column.tilesDone * pyramid::kTilePairs * sizeof(MinMax), bytes);
        ++column.tilesDone;
        column.tile.clear();
        return done;
    }

    // A finished pair of a level, and what it finishes above.
    Result<Done> push(int level, std::size_t lead, MinMax pair) {
        for (;; ++level) {
            auto& column = columns[static_cast<std::size_t>(level)][lead];
            column.tile.push_back(pair);
            if (column.tile.size() == pyramid::kTilePairs)
                if (auto done = flush(level, lead); !done)
                    return done;
            if (level + 1 == shape.levels())
                return Done{};
            column.running.add(pair.low, pair.high);
            if (++column.running.count < kPyramidRatio)
                return Done{};
            pair = column.running.take();
        }
    }

    Result<Done> addLead(std::size_t lead, std::span<const float> samples) {
        auto& running = base[lead];
        std::size_t i = 0;
        while (i < samples.size()) {
            if (running.count == 0 && samples.size() - i >= static_cast<std::size_t>(kPyramidBase)) {
                if (auto done = push(0, lead, ofBase(samples.data() + i)); !done)
                    return done;
                i += static_cast<std::size_t>(kPyramidBase);
                continue;
            }
            running.add(samples[i], samples[i]);
            ++i;
            if (++running.count == kPyramidBase)
                if (auto done = push(0, lead, running.take()); !done)
                    return done;
        }
        return Done{};
    }

    // The pairs at the end that stand for fewer samples, from the bottom up.
    Result<Done> closeLead(std::size_t lead) {
        if (base[lead].count > 0)
            if (auto done = push(0, lead, base[lead].take()); !done)
                return done;
        for (int level = 0; level < shape.levels(); ++level) {
            auto& column = columns[static_cast<std::size_t>(level)][lead];
            if (column.running.count > 0 && level + 1 < shape.levels())
                if (auto done = push(level + 1, lead, column.running.take()); !done)
                    return done;
            if (auto done = flush(level, lead); !done)
                return done;
        }
        return Done{};
    }

    Result<Done> writeEnd(std::span<const std::byte> more) const {
        const auto end = pyramid::endOf(shape).byte;
        const auto table = std::as_bytes(std::span(sums));
        if (auto done = write(end, table); !done)
            return done;
        if (auto done = write(end + table.size(), more); !done)
            return done;
        pyramid::Header header;
        header.leads = shape.leads;
        header.samples = shape.samples;
        header.samplingRate = shape.samplingRate;
        header.key = key;
        header.moreBytes = more.size();
        header.sumOfSums = pyramid::checksum(table);
        header.sumOfMore = pyramid::checksum(more);
        header.sum = pyramid::sumOfHeader(header);
        return write(0, std::as_bytes(std::span(&header, 1)));
    }
};

PyramidWriter::PyramidWriter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
PyramidWriter::~PyramidWriter() = default;

Result<std::unique_ptr<PyramidWriter>> PyramidWriter::create(const fs::path& file, std::string_view key,
                                                             const PyramidShape& shape) {
    using Made = std::unique_ptr<PyramidWriter>;
    if (!pyramid::plausible(shape))
        return makeError(ErrorCode::ValueOutOfRange, "nothing of this length and so many leads can be overviewed",
                         file.string());
    const auto folder = file.parent_path();
    removeAbandoned(folder);
    struct statvfs disk {};
    if (::statvfs(folder.c_str(), &disk) == 0) {
        const auto room = static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize;
        if (shape.fileBytes() + kRoomLeft > room)
            return makeError(ErrorCode::FileUnwritable,
                             "it needs " + std::to_string(shape.fileBytes() >> 20U) + " MB and the disk has " +
                                 std::to_string(room >> 20U),
                             file.string());
    }
    static std::atomic<unsigned> serial{0};
    auto impl = std::make_unique<Impl>();
    impl->file = file;
    impl->temporary = file.string() + "." + std::to_string(::getpid()) + "-" + std::to_string(serial++) + ".part";
    impl->fd = ::open(impl->temporary.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (impl->fd < 0 || ::flock(impl->fd, LOCK_EX | LOCK_NB) != 0)
        return systemError(impl->temporary);
    impl->key = pyramid::checksum(std::as_bytes(std::span(key)));
    impl->shape = shape;
    const auto leads = static_cast<std::size_t>(shape.leads);
    impl->base.resize(leads);
    impl->columns.assign(static_cast<std::size_t>(shape.levels()), std::vector<Impl::Column>(leads));
    impl->sums.assign(pyramid::endOf(shape).tile, 0);
    return Made(new PyramidWriter(std::move(impl)));
}

Result<Done> PyramidWriter::add(const Recording& chunk) {
    auto& d = *impl_;
    const auto samples = static_cast<std::int64_t>(chunk.samples());
    if (chunk.leads.size() != d.base.size() || samples > d.shape.samples - d.added ||
        std::any_of(chunk.leads.begin(), chunk.leads.end(),
                    [&](const Lead& lead) { return lead.samples.size() != chunk.samples(); }))
        return makeError(ErrorCode::WrongUse, "the samples do not fit the pyramid", d.file.string());
    for (std::size_t lead = 0; lead < chunk.leads.size(); ++lead)
        if (auto done = d.addLead(lead, chunk.leads[lead].samples); !done)
            return done;
    d.added += samples;
    return Done{};
}

Result<Done> PyramidWriter::finish(std::span<const std::byte> more) {
    auto& d = *impl_;
    if (d.added != d.shape.samples || d.fd < 0)
        return makeError(ErrorCode::WrongUse, "samples are missing", d.file.string());
    for (std::size_t lead = 0; lead < d.base.size(); ++lead)
        if (auto done = d.closeLead(lead); !done)
            return done;
    if (auto done = d.writeEnd(more); !done)
        return done;
    if (::fsync(d.fd) != 0 || ::rename(d.temporary.c_str(), d.file.c_str()) != 0)
        return systemError(d.file);
    d.close();
    return Done{};
}

} // namespace precordia
