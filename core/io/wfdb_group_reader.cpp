// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/wfdb_group_reader.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <type_traits>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace precordia::wfdb {

namespace {

constexpr std::size_t kChunkBytes = 256U << 10U; // read at once: within the second-level cache
constexpr std::size_t kTileSamples = 6144;       // of all signals: within the first-level cache
constexpr std::size_t kKept = 4U << 20U;         // bytes of a buffer that a thread keeps for the next record

// Buffers that a thread uses again for every record; their first use pays for the memory.
struct Scratch {
    std::vector<std::byte> bytes, interleaved, single;

    void release() {
        for (auto* buffer : {&bytes, &interleaved, &single})
            if (buffer->capacity() > kKept)
                *buffer = {};
    }
};

Scratch& scratch() {
    thread_local Scratch buffers;
    return buffers;
}

template <typename T>
T* atLeast(std::vector<std::byte>& buffer, std::size_t count) {
    if (buffer.size() < count * sizeof(T))
        buffer.resize(count * sizeof(T));
    return reinterpret_cast<T*>(buffer.data());
}

// The samples of one signal out of interleaved frames.
template <typename T>
void gather(const T* from, std::size_t stride, std::size_t perFrame, std::size_t frames, T* to) {
    if (perFrame == 1) {
        for (std::size_t f = 0; f < frames; ++f)
            to[f] = from[f * stride];
        return;
    }
    for (std::size_t f = 0; f < frames; ++f)
        std::memcpy(to + f * perFrame, from + f * stride, perFrame * sizeof(T));
}

// Blocks of four signals at once: eight frames are transposed in registers.
#if defined(__SSE2__)
std::size_t gatherFour(const std::int16_t* from, std::size_t stride, std::size_t frames, std::int16_t* to,
                       std::size_t toStride) {
    const auto load = [&](std::size_t f) {
        return _mm_loadl_epi64(reinterpret_cast<const __m128i*>(from + f * stride)); // four samples
    };
    std::size_t f = 0;
    for (; f + 8 <= frames; f += 8) {
        const auto ab = _mm_unpacklo_epi16(load(f), load(f + 1)); // a0 b0 a1 b1 a2 b2 a3 b3
        const auto cd = _mm_unpacklo_epi16(load(f + 2), load(f + 3));
        const auto ef = _mm_unpacklo_epi16(load(f + 4), load(f + 5));
        const auto gh = _mm_unpacklo_epi16(load(f + 6), load(f + 7));
        const auto abcd01 = _mm_unpacklo_epi32(ab, cd); // a0 b0 c0 d0 a1 b1 c1 d1
        const auto abcd23 = _mm_unpackhi_epi32(ab, cd);
        const auto efgh01 = _mm_unpacklo_epi32(ef, gh);
        const auto efgh23 = _mm_unpackhi_epi32(ef, gh);
        const auto store = [&](std::size_t signal, __m128i v) {
            _mm_storeu_si128(reinterpret_cast<__m128i*>(to + signal * toStride + f), v);
        };
        store(0, _mm_unpacklo_epi64(abcd01, efgh01));
        store(1, _mm_unpackhi_epi64(abcd01, efgh01));
        store(2, _mm_unpacklo_epi64(abcd23, efgh23));
        store(3, _mm_unpackhi_epi64(abcd23, efgh23));
    }
    return f;
}
#endif

// All signals of one sample a frame: to[signal * frames + frame].
template <typename T>
void gatherAll(const T* from, std::size_t stride, std::size_t frames, T* to) {
    std::size_t signal = 0;
#if defined(__SSE2__)
    if constexpr (std::is_same_v<T, std::int16_t>)
        for (; signal + 4 <= stride; signal += 4)
            for (auto f = gatherFour(from + signal, stride, frames, to + signal * frames, frames); f < frames; ++f)
                for (std::size_t s = signal; s < signal + 4; ++s)
                    to[s * frames + f] = from[f * stride + s];
#endif
    for (; signal < stride; ++signal)
        gather(from + signal, stride, 1, frames, to + signal * frames);
}

SampleConverter converterOf(const SignalSpec& spec, const FormatInfo& format, double unit) {
    auto lowest = format.lowest;
    auto highest = format.highest;
    if (spec.adcResolution > 1) { // a 12-bit converter may write 16-bit words
        const auto half = std::int64_t{1} << (spec.adcResolution - 1);
        lowest = std::max(lowest, spec.adcZero - half);
        highest = std::min(highest, spec.adcZero + half - 1);
    }
    return {format, static_cast<double>(spec.baseline), unit, lowest, highest};
}

} // namespace

GroupReader::GroupReader(const SignalGroup& group, const Header& header, std::span<SignalTarget> targets,
                         const FrameRange& range)
    : group_(group)
    , range_(range) {
    std::size_t offset = 0;
    std::uint64_t skew = 0;
    channels_.reserve(group.count);
    for (std::size_t s = 0; s < group.count; ++s) {
        const auto& spec = header.signals[group.first + s];
        const auto perFrame = static_cast<std::size_t>(spec.samplesPerFrame);
        channels_.push_back({converterOf(spec, group.format, targets[s].unit), &targets[s], perFrame, offset,
                             static_cast<std::uint64_t>(spec.skew), static_cast<std::uint32_t>(spec.initialValue)});
        offset += perFrame;
        skew = std::max(skew, channels_.back().skew);
    }
    end_ = std::min(group.framesThere, range.end() + skew);
}

template <typename T>
void GroupReader::piece(Channel& channel, std::span<const T> raw, std::uint64_t firstFrame, std::size_t frames) {
    auto& target = *channel.target;
    const auto part = [&](std::uint64_t from, std::uint64_t to) {
        from = std::clamp(from, firstFrame, firstFrame + frames);
        to = std::clamp(to, from, firstFrame + frames);
        return raw.subspan(static_cast<std::size_t>(from - firstFrame) * channel.perFrame,
                           static_cast<std::size_t>(to - from) * channel.perFrame);
    };
    const auto moved = range_.first + channel.skew; // the frame of the file that is the range's first
    const auto wanted = part(moved, moved + range_.count);
    if (!wanted.empty() && target.out != nullptr)
        channel.converter.convert(wanted, target.out + (std::max(firstFrame, moved) - moved) * channel.perFrame);
    target.facts.sum += SampleConverter::sum(part(range_.first, range_.end()));
}

template <typename T>
void GroupReader::tile(const T* samples, std::uint64_t firstFrame, std::size_t frames) {
    const auto stride = group_.samplesPerFrame;
    if (stride == channels_.size() && stride > 1 && group_.format.format != 8) {
        auto* values = atLeast<T>(scratch().single, frames * stride);
        gatherAll(samples, stride, frames, values);
        for (std::size_t c = 0; c < channels_.size(); ++c)
            piece<T>(channels_[c], {values + c * frames, frames}, firstFrame, frames);
        return;
    }
    for (auto& channel : channels_) {
        const auto count = frames * channel.perFrame;
        if (group_.format.format == 8) { // differences from the header's initial value; the sum wraps at 32 bits
            auto* values = atLeast<std::int32_t>(scratch().single, count);
            for (std::size_t f = 0; f < frames; ++f)
                for (std::size_t k = 0; k < channel.perFrame; ++k) {
                    channel.value +=
                        static_cast<std::uint32_t>(static_cast<std::int32_t>(samples[f * stride + channel.offset + k]));
                    values[f * channel.perFrame + k] = static_cast<std::int32_t>(channel.value);
                }
            piece<std::int32_t>(channel, {values, count}, firstFrame, frames);
        } else if (channel.perFrame == stride) {
            piece<T>(channel, {samples, count}, firstFrame, frames);
        } else {
            auto* values = atLeast<T>(scratch().single, count);
            gather(samples + channel.offset, stride, channel.perFrame, frames, values);
            piece<T>(channel, {values, count}, firstFrame, frames);
        }
    }
}

template <typename T>
Result<Done> GroupReader::runFile(const StopToken& stop) {
    const auto stride = static_cast<std::uint64_t>(group_.samplesPerFrame);
    const auto perGroup = group_.format.groupSamples;
    const auto bytesPerGroup = group_.format.groupBytes;
    const auto frameBytes = stride * bytesPerGroup / perGroup + 1;
    const auto chunkFrames = std::max<std::uint64_t>(1, kChunkBytes / frameBytes);
    const auto tileFrames = std::max<std::uint64_t>(1, kTileSamples / stride);
    // A difference means nothing without all before it.
    auto frame = group_.format.format == 8 ? 0 : range_.first;
    while (frame < end_) {
        if (stop.stop_requested())
            return Cancelled{};
        const auto frames = std::min(chunkFrames, end_ - frame);
        const auto firstGroup = frame * stride / perGroup;
        const auto lastGroup = ((frame + frames) * stride + perGroup - 1) / perGroup;
        const auto at = group_.byteOffset + firstGroup * bytesPerGroup;
        const auto length = std::min((lastGroup - firstGroup) * bytesPerGroup, group_.data->size() - at);
        auto* chunk = atLeast<std::byte>(scratch().bytes, static_cast<std::size_t>(length));
        const auto got = group_.data->readSome(at, {chunk, static_cast<std::size_t>(length)});
        if (!got)
            return got.as<Done>();
        if (*got < length)
            return makeError(ErrorCode::FileTruncated, "it became shorter while it was read", group_.file);
        for (std::uint64_t done = 0; done < frames; done += tileFrames) {
            const auto n = static_cast<std::size_t>(std::min(tileFrames, frames - done));
            if (std::is_same_v<T, std::int16_t> && group_.format.format == 16) {
                // Little-endian words at an even place of our buffer: they are what is wanted.
                tile(reinterpret_cast<const T*>(chunk) + done * stride, frame + done, n);
                continue;
            }
            auto* samples = atLeast<T>(scratch().interleaved, n * static_cast<std::size_t>(stride));
            const auto sample = (frame + done) * stride;
            const auto group = sample / perGroup;
            const auto begin = static_cast<std::size_t>((group - firstGroup) * bytesPerGroup);
            decodeInto<T>(group_.format.format, std::span<const std::byte>(chunk, length).subspan(begin),
                          static_cast<std::size_t>(sample % perGroup), {samples, n * static_cast<std::size_t>(stride)});
            tile<T>(samples, frame + done, n);
        }
        frame += frames;
    }
    return Done{};
}

Result<Done> GroupReader::runDecoded(const StopToken& stop) {
    constexpr std::size_t kPieceFrames = 4096;
    const auto from = std::max(range_.first, group_.channelsFrom);
    for (std::size_t c = 0; c < channels_.size(); ++c) {
        const auto perFrame = channels_[c].perFrame;
        const auto& samples = group_.channels[c];
        const auto end = std::min(end_, group_.channelsFrom + samples.size() / perFrame);
        for (auto frame = from; frame < end; frame += kPieceFrames) {
            if (stop.stop_requested())
                return Cancelled{};
            const auto frames = static_cast<std::size_t>(std::min<std::uint64_t>(kPieceFrames, end - frame));
            const auto raw = std::span(samples).subspan(
                static_cast<std::size_t>(frame - group_.channelsFrom) * perFrame, frames * perFrame);
            piece<std::int32_t>(channels_[c], raw, frame, frames);
        }
    }
    return Done{};
}

Result<Done> GroupReader::run(const StopToken& stop) {
    const auto done = group_.format.flac()     ? runDecoded(stop)
                      : group_.format.fits16() ? runFile<std::int16_t>(stop)
                                               : runFile<std::int32_t>(stop);
    scratch().release();
    if (!done)
        return done;
    const auto there =
        group_.format.flac()
            ? std::min(end_, group_.channelsFrom + group_.channels.front().size() / channels_.front().perFrame)
            : end_;
    for (auto& channel : channels_) {
        auto& facts = channel.target->facts;
        facts.clipped = channel.converter.clipped();
        channel.converter.bounds(facts.lowest, facts.highest);
        if (channel.target->out == nullptr)
            continue;
        const auto begin = range_.first + channel.skew;
        const auto covered = std::min(range_.count, there > begin ? there - begin : 0);
        std::fill(channel.target->out + covered * channel.perFrame,
                  channel.target->out + range_.count * channel.perFrame, std::numeric_limits<float>::quiet_NaN());
    }
    return Done{};
}

} // namespace precordia::wfdb
