// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/overview.h"

#include "core/base/hash.h"
#include "core/io/record_path.h"
#include "core/study/source_state.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace precordia {

namespace fs = std::filesystem;

namespace {

using Opened = std::shared_ptr<const Overview>;

constexpr std::int64_t kChunkSamples = 4 << 20;   // of all leads together, read at once: 16 MB
constexpr double kPagesAPart = 4;                 // a page is read with its neighbours
constexpr std::int64_t kPlainSamples = 1'500'000; // of all leads together, a page drawn without a pyramid

// Beats and gaps as they stand in the file: a count and the numbers, twice.
std::vector<std::byte> packed(const std::vector<SampleIndex>& beats, const std::vector<SampleSpan>& gaps) {
    std::vector<std::int64_t> numbers{static_cast<std::int64_t>(beats.size())};
    for (const auto beat : beats)
        numbers.push_back(beat.value);
    numbers.push_back(static_cast<std::int64_t>(gaps.size()));
    for (const auto& gap : gaps) {
        numbers.push_back(gap.first);
        numbers.push_back(gap.end);
    }
    const auto bytes = std::as_bytes(std::span(numbers));
    return {bytes.begin(), bytes.end()};
}

bool unpack(std::span<const std::byte> bytes, std::vector<SampleIndex>& beats, std::vector<SampleSpan>& gaps) {
    std::vector<std::int64_t> numbers(bytes.size() / sizeof(std::int64_t));
    std::memcpy(numbers.data(), bytes.data(), numbers.size() * sizeof(std::int64_t));
    std::span<const std::int64_t> rest(numbers);
    const auto take = [&](std::int64_t each) -> std::optional<std::span<const std::int64_t>> {
        if (rest.empty() || rest.front() < 0 || rest.front() > static_cast<std::int64_t>(rest.size() - 1) / each)
            return std::nullopt;
        const auto out = rest.subspan(1, static_cast<std::size_t>(rest.front() * each));
        rest = rest.subspan(1 + out.size());
        return out;
    };
    const auto of = take(1);
    if (!of)
        return false;
    const auto spans = take(2);
    if (!spans || !rest.empty())
        return false;
    for (const auto at : *of)
        beats.emplace_back(at);
    for (std::size_t i = 0; i < spans->size(); i += 2)
        gaps.push_back({(*spans)[i], (*spans)[i + 1]});
    return true;
}

PyramidShape shapeOf(const PagedRecording& recording) {
    return {recording.samples(), recording.samplingRate(), static_cast<int>(recording.head().leads.size())};
}

// Those made first go, never the new one.
void makeRoom(const fs::path& folder, const fs::path& kept, std::uint64_t most) {
    struct File {
        fs::file_time_type time;
        std::uint64_t bytes;
        fs::path path;
    };
    std::vector<File> files;
    std::uint64_t all = 0;
    std::error_code ec;
    for (fs::directory_iterator it(folder, ec), end; !ec && it != end; it.increment(ec)) {
        std::error_code one;
        if (it->path().extension() != ".overview")
            continue;
        files.push_back({it->last_write_time(one), it->file_size(one), it->path()});
        all += one ? 0 : files.back().bytes;
    }
    std::sort(files.begin(), files.end(), [](const File& a, const File& b) { return a.time < b.time; });
    for (const auto& file : files) {
        if (all <= most)
            return;
        if (file.path == kept)
            continue;
        fs::remove(file.path, ec);
        all -= std::min(all, file.bytes);
    }
}

} // namespace

std::string overviewKey(const fs::path& file, std::int64_t item) {
    const auto path = recordPath(file);
    const auto state = sourceState(path);
    if (!state)
        return {};
    std::error_code ec;
    const auto canonical = fs::weakly_canonical(path, ec);
    return sha256Hex("overview 1\n" + (ec ? path : canonical).string() + "\n" + std::to_string(item) + " " +
                     std::to_string(state->size) + " " + std::to_string(state->modified) + " " + state->companions);
}

fs::path overviewFile(const fs::path& folder, const std::string& key) {
    return folder / (key.substr(0, 32) + ".overview");
}

Result<Opened> openOverview(const fs::path& folder, const std::string& key) {
    auto pyramid = Pyramid::open(overviewFile(folder, key), key);
    if (!pyramid)
        return pyramid.as<Opened>();
    auto out = std::make_shared<Overview>();
    std::vector<SampleSpan> gaps;
    if (!unpack((*pyramid)->more(), out->beats, gaps))
        return makeError(ErrorCode::FormatInvalid, "its beats cannot be read", overviewFile(folder, key).string());
    const auto& shape = (*pyramid)->shape();
    out->trend = rhythmTrend(out->beats, gaps, shape.samplingRate, shape.samples);
    out->pyramid = std::move(*pyramid);
    return Opened(std::move(out));
}

Result<Opened> buildOverview(const PagedRecording& recording, const fs::path& folder, const std::string& key,
                             const StopToken& stop, Progress& progress, std::uint64_t most) {
    std::error_code ec;
    fs::create_directories(folder, ec);
    if (ec)
        return makeError(ErrorCode::FileUnwritable, ec.message(), folder.string());
    const auto file = overviewFile(folder, key);
    const auto writer = PyramidWriter::create(file, key, shapeOf(recording));
    if (!writer)
        return writer.as<Opened>();
    const auto samples = recording.samples();
    const auto chunk = std::max<std::int64_t>(
        std::llround(recording.samplingRate()),
        kChunkSamples / static_cast<std::int64_t>(std::max<std::size_t>(1, recording.head().leads.size())));
    BeatFinder finder(recording.head());
    progress.begin("making the overview", std::max<std::int64_t>(1, std::llround(recording.seconds())));
    for (std::int64_t at = 0; at < samples; at += chunk) {
        if (stop.stop_requested())
            return Cancelled{};
        const auto part = recording.readOnce({at, chunk}, stop);
        if (!part)
            return part.as<Opened>();
        if (const auto done = (*writer)->add(*part); !done)
            return done.as<Opened>();
        finder.add(*part);
        progress.update(std::llround(static_cast<double>(std::min(samples, at + chunk)) / recording.samplingRate()));
    }
    finder.finish();
    if (stop.stop_requested())
        return Cancelled{};
    if (const auto done = (*writer)->finish(packed(finder.takeBeats(), finder.takeGaps())); !done)
        return done.as<Opened>();
    makeRoom(folder, file, most);
    return openOverview(folder, key);
}

Result<Opened> ensureOverview(const PagedRecording& recording, const fs::path& folder, const std::string& key,
                              const StopToken& stop, Progress& progress) {
    if (key.empty())
        return makeError(ErrorCode::FileNotFound, "the source file cannot be asked", recording.head().name);
    auto there = openOverview(folder, key);
    if (there) {
        const auto& shape = (*there)->pyramid->shape();
        const auto wanted = shapeOf(recording);
        if (shape.samples == wanted.samples && shape.leads == wanted.leads)
            return there;
    }
    return buildOverview(recording, folder, key, stop, progress);
}

double longestPlainPage(const PagedRecording& recording) {
    const auto leads = std::max<std::size_t>(1, recording.head().leads.size());
    return static_cast<double>(kPlainSamples) / static_cast<double>(leads) / recording.samplingRate();
}

Result<PagePart> readPart(const PagedRecording& recording, const Pyramid* pyramid, double from, double to, int columns,
                          const StopToken& stop) {
    const double rate = recording.samplingRate();
    const auto first = static_cast<std::int64_t>(std::floor(std::clamp(from, 0.0, recording.seconds()) * rate));
    const auto end = static_cast<std::int64_t>(std::ceil(std::clamp(to, 0.0, recording.seconds()) * rate));
    const SampleRange range{first, std::max<std::int64_t>(0, end - first)};
    const int level = pyramid != nullptr ? pyramid->shape().levelFor(range.count, columns) : -1;
    if (level >= 0) {
        auto part = pyramid->envelope(recording.head(), range, level);
        if (!part)
            return part.as<PagePart>();
        return PagePart{std::move(*part), true};
    }
    if (pyramid == nullptr && static_cast<double>(range.count) / rate > kPagesAPart * longestPlainPage(recording))
        return makeError(ErrorCode::ValueOutOfRange, "too long to be drawn before its overview is made",
                         recording.head().name);
    auto part = recording.read(range, {}, stop);
    if (!part)
        return part.as<PagePart>();
    return PagePart{std::move(*part), false};
}

} // namespace precordia
