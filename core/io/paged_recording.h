// SPDX-License-Identifier: GPL-3.0-or-later
// A recording that may be too long to hold: its header at once, its samples a range at a time, of which the blocks
// asked for last stay in memory. Memory is bounded by PagedLimits, whatever the length.
#pragma once

#include "core/base/result.h"
#include "core/ecg/recording.h"
#include "core/io/reader.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

namespace precordia {

// The samples of [from, to) s of a recording or a part of one, in the time of the whole.
Recording cutPart(const Recording& part, double from, double to);

struct PagedLimits {
    std::size_t cacheBytes = 64U << 20U;           // of decoded blocks
    std::int64_t blockSamples = 1 << 18;           // of all leads together
    std::int64_t wholeSamples = 256 * 1000 * 1000; // of all leads together, where the format is only read whole: 1 GB
};

class PagedRecording {
public:
    // Reads the header and the annotations. A format whose reader does not read ranges is read whole and held.
    // Errors: those of the reader; SignalTooShort (no samples); ValueOutOfRange when it can only be read whole and has
    // more than limits.wholeSamples.
    static Result<std::shared_ptr<const PagedRecording>>
    open(const std::filesystem::path& path, const ReadOptions& options = {}, const PagedLimits& limits = {});
    // One that is in memory already.
    static std::shared_ptr<const PagedRecording> hold(Recording whole);

    PagedRecording(const PagedRecording&) = delete;
    PagedRecording& operator=(const PagedRecording&) = delete;

    // Everything but the samples; its leads are those of every part, III, aVR, aVL and aVF derived where they can be.
    const Recording& head() const { return head_; }
    std::int64_t samples() const { return samples_; } // a lead
    double samplingRate() const { return head_.samplingRate; }
    double seconds() const { return static_cast<double>(samples_) / head_.samplingRate; }
    bool heldWhole() const { return whole_.has_value(); } // its reader reads no ranges

    // The samples of `range` that exist, firstSample set; `leads` of head() in this order, empty: all. Where the file
    // has fewer than its header promised the rest is NaN. Safe from several threads. Errors: those of the reader;
    // WrongUse for a lead that is not there.
    Result<Recording> read(SampleRange range, std::span<const LeadIndex> leads = {}, const StopToken& stop = {}) const;
    // The same past the blocks in memory, for a walk through the whole.
    Result<Recording> readOnce(SampleRange range, const StopToken& stop = {}) const;
    std::size_t bytesHeld() const;

private:
    using Samples = std::vector<std::vector<float>>; // a lead of the file each
    using Block = std::shared_ptr<const Samples>;

    PagedRecording() = default;
    Result<Samples> decode(SampleRange range, const StopToken& stop) const;
    Result<Block> block(std::int64_t number, const StopToken& stop) const;
    SampleRange within(SampleRange range) const;
    Recording part(SampleRange range, Samples samples) const;

    std::filesystem::path path_;
    ReadOptions options_;
    PagedLimits limits_;
    const Reader* reader_ = nullptr;
    Recording head_;
    std::size_t fileLeads_ = 0; // the others are derived
    std::int64_t samples_ = 0;
    std::int64_t blockLength_ = 1; // samples a lead
    std::optional<Samples> whole_;

    mutable std::mutex mutex_;                                 // of the blocks
    mutable std::list<std::pair<std::int64_t, Block>> blocks_; // asked for last in front
    mutable std::map<std::int64_t, std::list<std::pair<std::int64_t, Block>>::iterator> places_;
};

} // namespace precordia
