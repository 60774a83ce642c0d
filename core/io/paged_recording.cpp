// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/paged_recording.h"

#include "core/io/record_path.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <new>
#include <optional>
#include <string>

namespace precordia {

namespace fs = std::filesystem;

namespace {

constexpr std::int64_t kShortestBlock = 1024; // samples a lead: a reader opens its files for each

// Readers throw nothing of their own, but memory may fail inside any of them.
Result<Recording> guarded(const Reader& reader, const fs::path& path, const ReadOptions& options) {
    try {
        return reader.read(path, options);
    } catch (const std::bad_alloc&) {
        return makeError(ErrorCode::OutOfMemory, "its samples do not fit into memory", path.string());
    }
}

std::string millions(std::int64_t samples) {
    return std::to_string(samples / 1'000'000) + " million";
}

void dropSamples(Recording& recording) {
    for (auto& lead : recording.leads)
        lead.samples = {};
}

} // namespace

Recording cutPart(const Recording& part, double from, double to) {
    Recording out = part;
    const auto there = static_cast<std::int64_t>(part.samples());
    const auto at = [&](double seconds) {
        return std::clamp<std::int64_t>(std::llround(seconds * part.samplingRate) - part.firstSample, 0, there);
    };
    const auto first = at(from), end = std::max(first, at(to));
    out.firstSample = part.firstSample + first;
    for (auto& lead : out.leads)
        lead.samples.assign(lead.samples.begin() + first, lead.samples.begin() + end);
    return out;
}

Result<std::shared_ptr<const PagedRecording>> PagedRecording::open(const fs::path& asked, const ReadOptions& options,
                                                                   const PagedLimits& limits) {
    using Opened = std::shared_ptr<const PagedRecording>;
    const auto& registry = Registry::standard();
    const auto path = recordPath(asked);
    const auto reader = registry.find(path);
    if (!reader)
        return reader.as<Opened>();
    auto first = options;
    if (!(*reader)->readsRanges()) {
        first.metadataOnly = true;
        first.annotations = false;
        const auto promised = guarded(**reader, path, first);
        if (!promised)
            return promised.as<Opened>();
        const auto leads = static_cast<std::int64_t>(std::max<std::size_t>(1, promised->leads.size()));
        if (promised->samplesPromised > limits.wholeSamples / leads)
            return makeError(ErrorCode::ValueOutOfRange,
                             "this format is only read whole, and " + millions(promised->samplesPromised * leads) +
                                 " samples are more than the " + millions(limits.wholeSamples) +
                                 " that are held; convert it to WFDB or EDF first",
                             path.string());
        first = options;
        auto whole = registry.read(path, first);
        if (!whole)
            return whole.as<Opened>();
        if (whole->samples() == 0 || !(whole->samplingRate > 0))
            return makeError(ErrorCode::SignalTooShort, "it holds no samples", path.string());
        return hold(std::move(*whole));
    }
    first.range = SampleRange{0, 1}; // the reader looks at the signal files too, and tells the length that is there
    auto head = registry.read(path, first);
    if (!head)
        return head.as<Opened>();
    if (head->samplesPromised <= 0 || head->leads.empty() || !(head->samplingRate > 0))
        return makeError(ErrorCode::SignalTooShort, "it holds no samples", path.string());
    const std::shared_ptr<PagedRecording> out(new PagedRecording);
    out->path_ = path;
    out->options_ = options;
    out->options_.annotations = false;
    out->options_.stop = {};
    out->limits_ = limits;
    out->reader_ = *reader;
    out->head_ = std::move(*head);
    out->fileLeads_ = out->head_.leads.size();
    out->samples_ = out->head_.samplesPromised;
    out->blockLength_ = std::max(kShortestBlock, limits.blockSamples / static_cast<std::int64_t>(out->fileLeads_));
    dropSamples(out->head_);
    deriveLimbLeads(out->head_);
    return Opened(out);
}

std::shared_ptr<const PagedRecording> PagedRecording::hold(Recording whole) {
    const std::shared_ptr<PagedRecording> out(new PagedRecording);
    out->samples_ = static_cast<std::int64_t>(whole.samples());
    out->fileLeads_ = whole.leads.size();
    Samples samples;
    for (auto& lead : whole.leads)
        samples.push_back(std::move(lead.samples));
    out->head_ = std::move(whole);
    dropSamples(out->head_);
    out->head_.samplesPromised = out->samples_;
    deriveLimbLeads(out->head_);
    out->whole_ = std::move(samples);
    return out;
}

SampleRange PagedRecording::within(SampleRange range) const {
    const auto first = std::clamp<std::int64_t>(range.first, 0, samples_);
    const auto before = range.first < 0 ? std::min(-range.first, range.count) : 0; // asked for before the beginning
    return {first, std::clamp<std::int64_t>(range.count - before, 0, samples_ - first)};
}

// A lead of the file each, exactly range.count samples long.
Result<PagedRecording::Samples> PagedRecording::decode(SampleRange range, const StopToken& stop) const {
    auto options = options_;
    options.range = range;
    options.stop = stop;
    auto read = guarded(*reader_, path_, options);
    if (!read)
        return read.as<Samples>();
    if (read->leads.size() != fileLeads_)
        return makeError(ErrorCode::FormatInvalid, "its leads changed while it was open", path_.string());
    // A reader may begin a little earlier, at a whole frame.
    const auto ahead =
        std::clamp<std::int64_t>(range.first - read->firstSample, 0, static_cast<std::int64_t>(read->samples()));
    Samples out;
    for (auto& lead : read->leads) {
        lead.samples.erase(lead.samples.begin(), lead.samples.begin() + ahead);
        lead.samples.resize(static_cast<std::size_t>(range.count), std::numeric_limits<float>::quiet_NaN());
        out.push_back(std::move(lead.samples));
    }
    return out;
}

Result<PagedRecording::Block> PagedRecording::block(std::int64_t number, const StopToken& stop) const {
    {
        const std::lock_guard lock(mutex_);
        if (const auto found = places_.find(number); found != places_.end()) {
            blocks_.splice(blocks_.begin(), blocks_, found->second);
            return blocks_.front().second;
        }
    }
    const auto first = number * blockLength_;
    auto samples = decode({first, std::min(blockLength_, samples_ - first)}, stop);
    if (!samples)
        return samples.as<Block>();
    auto made = std::make_shared<const Samples>(std::move(*samples));
    const std::lock_guard lock(mutex_);
    if (places_.contains(number))
        return made; // another thread was as quick
    blocks_.emplace_front(number, made);
    places_[number] = blocks_.begin();
    const auto bytes = static_cast<std::size_t>(blockLength_) * fileLeads_ * sizeof(float);
    while (blocks_.size() > 1 && blocks_.size() * bytes > limits_.cacheBytes) {
        places_.erase(blocks_.back().first);
        blocks_.pop_back();
    }
    return made;
}

Recording PagedRecording::part(SampleRange range, Samples samples) const {
    Recording out;
    out.name = head_.name;
    out.samplingRate = head_.samplingRate;
    out.samplesPromised = samples_;
    out.firstSample = range.first;
    out.items = head_.items;
    out.metadata = head_.metadata;
    for (std::size_t l = 0; l < fileLeads_; ++l) {
        out.leads.push_back(head_.leads[l]);
        out.leads.back().samples = std::move(samples[l]);
    }
    deriveLimbLeads(out);
    return out;
}

Result<Recording> PagedRecording::read(SampleRange asked, std::span<const LeadIndex> leads,
                                       const StopToken& stop) const {
    const auto range = within(asked);
    Samples samples(fileLeads_);
    for (auto& lead : samples)
        lead.reserve(static_cast<std::size_t>(range.count));
    const auto end = range.first + range.count;
    const auto append = [&](const Samples& from, std::int64_t first, std::int64_t last) {
        for (std::size_t l = 0; l < fileLeads_; ++l)
            samples[l].insert(samples[l].end(), from[l].begin() + first, from[l].begin() + last);
    };
    if (whole_)
        append(*whole_, range.first, end);
    for (auto at = range.first; !whole_ && at < end;) {
        const auto number = at / blockLength_;
        const auto from = number * blockLength_;
        const auto there = block(number, stop);
        if (!there)
            return there.as<Recording>();
        const auto last = std::min(end, from + blockLength_);
        append(**there, at - from, last - from);
        at = last;
    }
    auto out = part(range, std::move(samples));
    if (leads.empty())
        return out;
    std::vector<Lead> chosen;
    for (const auto lead : leads) {
        if (!lead.valid() || static_cast<std::size_t>(lead.value) >= out.leads.size())
            return makeError(ErrorCode::WrongUse, "it has no lead " + std::to_string(lead.value), head_.name);
        chosen.push_back(out.leads[static_cast<std::size_t>(lead.value)]);
    }
    out.leads = std::move(chosen);
    return out;
}

Result<Recording> PagedRecording::readOnce(SampleRange asked, const StopToken& stop) const {
    if (whole_)
        return read(asked, {}, stop);
    const auto range = within(asked);
    auto samples = decode(range, stop);
    if (!samples)
        return samples.as<Recording>();
    return part(range, std::move(*samples));
}

std::size_t PagedRecording::bytesHeld() const {
    if (whole_)
        return static_cast<std::size_t>(samples_) * fileLeads_ * sizeof(float);
    const std::lock_guard lock(mutex_);
    std::size_t bytes = 0;
    for (const auto& [number, samples] : blocks_)
        bytes += samples->empty() ? 0 : samples->size() * samples->front().size() * sizeof(float);
    return bytes;
}

} // namespace precordia
