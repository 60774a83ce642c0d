// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/wfdb_segments.h"

#include "core/io/text.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace precordia::wfdb {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kFlacRatio = 4096; // a FLAC stream may say so much in a byte

bool sameRate(double a, double b) {
    return std::abs(a - b) <= 1e-6 * std::max(a, b);
}

} // namespace

Result<Segment> SegmentedRecord::parse(const SegmentSpec& spec) const {
    auto path = master_.path().parent_path() / (spec.name + ".hea");
    auto segment = Segment::parse(path);
    if (segment.failed() && segment.error().code == ErrorCode::FileNotFound)
        return makeError(ErrorCode::FileNotFound, "segment " + spec.name + ".hea", place(spec.line));
    if (!segment)
        return segment;
    if (segment->header().segments > 0)
        return makeError(ErrorCode::FormatInvalid, "the segment " + spec.name + " has segments itself",
                         place(spec.line));
    if (!sameRate(segment->header().frameRate, master_.header().frameRate))
        return makeError(ErrorCode::FormatInvalid,
                         "the segment " + spec.name + " has " + text::shortest(segment->header().frameRate) +
                             " frames a second, the record " + text::shortest(master_.header().frameRate),
                         place(spec.line));
    return segment;
}

Result<SignalSet> SegmentedRecord::layout(std::vector<Warning>& warnings) {
    const auto& header = master_.header();
    const auto& list = header.segmentList;
    const auto first = std::find_if(list.begin(), list.end(), [](const SegmentSpec& s) { return !s.gap(); });
    if (first == list.end())
        return makeError(ErrorCode::FormatUnsupported, "all segments are gaps: nothing says which signals there were",
                         place(header.recordLine));
    auto segment = parse(*first);
    if (!segment)
        return segment.as<SignalSet>();
    layout_ = segment->header().signals;
    layoutComments_ = std::move(segment->header().comments);
    if (std::cmp_not_equal(layout_.size(), header.signalCount))
        warnings.push_back({WarningCode::Repaired,
                            "the header promises " + std::to_string(header.signalCount) + " signals, " + first->name +
                                " names " + std::to_string(layout_.size()) + "; those are taken",
                            place(header.recordLine)});
    if (header.frames && std::cmp_not_equal(*header.frames, frames()))
        warnings.push_back({WarningCode::LengthContradiction,
                            "the header promises " + std::to_string(*header.frames) + " samples, its segments have " +
                                std::to_string(frames()) + "; those are taken",
                            place(header.recordLine)});
    return describe(layout_, warnings);
}

std::uint64_t SegmentedRecord::frames() const {
    std::uint64_t frames = 0;
    for (const auto& segment : master_.header().segmentList)
        frames += static_cast<std::uint64_t>(segment.frames); // of 4 MiB lines, each below 2^46: within 64 bits
    return frames;
}

// The segments within the range; each header is read once.
Result<Done> SegmentedRecord::collect(const FrameRange& range) {
    const auto& list = master_.header().segmentList;
    std::unordered_map<std::string, std::size_t> known;
    std::uint64_t begin = 0;
    for (std::size_t i = firstPart(); i < list.size(); ++i) {
        const auto end = begin + static_cast<std::uint64_t>(list[i].frames);
        if (end > range.first && begin < range.end()) {
            Part part{&list[i], begin, kGap};
            if (!list[i].gap()) {
                const auto [it, isNew] = known.emplace(list[i].name, segments_.size());
                if (isNew) {
                    auto segment = parse(list[i]);
                    if (!segment)
                        return segment.as<Done>();
                    if (auto done = segment->group(); !done)
                        return done;
                    segments_.push_back(std::move(*segment));
                }
                part.segment = it->second;
            }
            parts_.push_back(part);
        }
        begin = end;
    }
    return Done{};
}

std::uint64_t SegmentedRecord::bytesThere() const {
    std::unordered_set<std::string> seen;
    std::uint64_t bytes = 0;
    for (const auto& segment : segments_)
        for (const auto& group : segment.groups()) {
            std::error_code ec;
            const auto size = fs::file_size(segment.path().parent_path() / group.file, ec);
            if (!ec && seen.insert(group.file).second)
                bytes += size * (group.format.flac() ? kFlacRatio : 1);
        }
    return bytes;
}

Result<std::vector<std::size_t>> SegmentedRecord::match(const Segment& segment, const SegmentSpec& spec,
                                                        const SignalSet& signals) const {
    const auto& found = segment.header().signals;
    const auto wrong = [&](const SignalSpec& signal, std::string why) {
        return makeError(ErrorCode::FormatInvalid, std::move(why),
                         segment.path().string() + ", line " + std::to_string(signal.line));
    };
    std::vector<std::size_t> out(found.size(), SIZE_MAX);
    if (!master_.header().variableLayout()) {
        if (found.size() != layout_.size())
            return makeError(ErrorCode::FormatInvalid,
                             "the segment " + spec.name + " has " + std::to_string(found.size()) +
                                 " signals, the first " + std::to_string(layout_.size()),
                             place(spec.line));
        for (std::size_t i = 0; i < out.size(); ++i)
            out[i] = i;
    } else {
        std::unordered_map<std::string, std::vector<std::size_t>> places; // last first
        for (std::size_t i = layout_.size(); i-- > 0;)
            places[layout_[i].description].push_back(i);
        for (std::size_t i = 0; i < found.size(); ++i)
            if (auto it = places.find(found[i].description); it != places.end() && !it->second.empty()) {
                out[i] = it->second.back();
                it->second.pop_back();
            }
    }
    for (std::size_t i = 0; i < out.size(); ++i) {
        if (out[i] == SIZE_MAX)
            continue;
        const auto& lead = signals.leads[out[i]];
        if (std::cmp_not_equal(found[i].samplesPerFrame, signals.perFrame[out[i]]))
            return wrong(found[i], "lead " + lead.name + " has " + std::to_string(found[i].samplesPerFrame) +
                                       " samples a frame here and " + std::to_string(signals.perFrame[out[i]]) +
                                       " in the record");
        if (stepOf(found[i]).unit != lead.unit)
            return wrong(found[i], "lead " + lead.name + " is in '" + found[i].unit + "' here and in '" +
                                       lead.fileUnit + "' in the record");
    }
    return out;
}

// NaN in every lead for those of the frames that the range holds.
void SegmentedRecord::gap(const FrameRange& frames, const FrameRange& range, SignalSet& signals) const {
    const auto from = std::clamp(frames.first, range.first, range.end()) - range.first;
    const auto to = std::clamp(frames.end(), range.first, range.end()) - range.first;
    for (std::size_t l = 0; l < signals.leads.size(); ++l) {
        auto* samples = signals.leads[l].samples.data();
        std::fill(samples + from * signals.perFrame[l], samples + to * signals.perFrame[l],
                  std::numeric_limits<float>::quiet_NaN());
    }
}

Result<Done> SegmentedRecord::readPart(const Part& part, const FrameRange& range, SignalSet& signals,
                                       std::vector<Warning>& warnings) {
    const auto length = static_cast<std::uint64_t>(part.spec->frames);
    const FrameRange whole{part.begin, length};
    if (part.segment == kGap) {
        ++gaps_;
        gapFrames_ += length;
        gap(whole, range, signals);
        return Done{};
    }
    auto& segment = segments_[part.segment];
    const auto matched = match(segment, *part.spec, signals);
    if (!matched)
        return matched.as<Done>();
    const auto from = std::max(part.begin, range.first);
    const auto to = std::min(part.begin + length, range.end());
    const FrameRange wanted{from - part.begin, to - from}; // in the segment
    if (auto opened = segment.open(wanted, options_.stop); !opened)
        return opened;
    const auto& header = segment.header();
    otherLengths_ += header.frames && std::cmp_not_equal(*header.frames, length) ? 1 : 0;
    if (segment.framesThere() < wanted.end())
        shortFrames_ += wanted.end() - std::max(segment.framesThere(), wanted.first);

    std::vector<SignalTarget> targets(header.signals.size());
    std::vector<bool> there(signals.leads.size(), false);
    for (std::size_t i = 0; i < targets.size(); ++i) {
        targets[i].unit = stepOf(header.signals[i]).size;
        const auto l = (*matched)[i];
        strangers_ += l == SIZE_MAX ? 1 : 0;
        if (l == SIZE_MAX)
            continue;
        there[l] = true;
        otherNames_ += header.signals[i].description != layout_[l].description ? 1 : 0;
        targets[i].out = signals.leads[l].samples.data() + (from - range.first) * signals.perFrame[l];
        const auto quantum = std::abs(targets[i].unit);
        quanta_[l] = quanta_[l] > 0 ? std::min(quanta_[l], quantum) : quantum;
    }
    const auto done = segment.read(wanted, targets, options_.stop);
    const bool complete = segment.complete() && wanted.first == 0 && wanted.count == length &&
                          std::cmp_equal(header.frames.value_or(0), length);
    segment.close();
    if (!done)
        return done;
    for (std::size_t i = 0; i < targets.size(); ++i)
        if (const auto l = (*matched)[i]; l != SIZE_MAX) {
            judge(header.signals[i], targets[i].facts, complete,
                  "lead " + signals.leads[l].name + ", segment " + part.spec->name, warnings);
            signals.saw(l, targets[i].facts);
        }
    for (std::size_t l = 0; l < there.size(); ++l) {
        if (there[l])
            continue;
        ++lacking_[l];
        auto* samples = signals.leads[l].samples.data() + (from - range.first) * signals.perFrame[l];
        std::fill(samples, samples + wanted.count * signals.perFrame[l], std::numeric_limits<float>::quiet_NaN());
    }
    return Done{};
}

void SegmentedRecord::tell(const SignalSet& signals, std::vector<Warning>& warnings) const {
    const auto where = master_.path().filename().string();
    const auto seconds = [&](std::uint64_t frames) {
        return text::shortest(std::round(static_cast<double>(frames) / master_.header().frameRate * 1000) / 1000) +
               " s";
    };
    if (gaps_ > 0)
        warnings.push_back({WarningCode::Gap,
                            std::to_string(gaps_) + " gaps between segments, together " + seconds(gapFrames_), where});
    if (shortFrames_ > 0)
        warnings.push_back(
            {WarningCode::ShortFile,
             "segments end before their promised length: " + seconds(shortFrames_) + " are missing and left empty",
             where});
    if (otherLengths_ > 0)
        warnings.push_back({WarningCode::LengthContradiction,
                            std::to_string(otherLengths_) +
                                " segments say another length than the record says of them; the record's is taken",
                            where});
    if (otherNames_ > 0)
        warnings.push_back({WarningCode::Repaired,
                            std::to_string(otherNames_) +
                                " signals of segments are named otherwise than in the first; taken by their place",
                            where});
    if (strangers_ > 0)
        warnings.push_back(
            {WarningCode::Repaired,
             std::to_string(strangers_) + " signals of segments that the layout does not name were left out", where});
    const auto read = static_cast<std::size_t>(
        std::count_if(parts_.begin(), parts_.end(), [](const Part& p) { return p.segment != kGap; }));
    for (std::size_t l = 0; l < lacking_.size(); ++l)
        if (lacking_[l] > 0)
            warnings.push_back({WarningCode::MissingLead,
                                "it is not in " + std::to_string(lacking_[l]) + " of " + std::to_string(read) +
                                    " segments; left empty there",
                                "lead " + signals.leads[l].name});
}

Result<Done> SegmentedRecord::read(const FrameRange& range, SignalSet& signals, std::vector<Warning>& warnings) {
    if (auto done = collect(range); !done)
        return done;
    if (auto done = affordable(range.count, signals.samplesPerFrame, bytesThere(), master_.path().string()); !done)
        return done;
    signals.allocate(range.count);
    lacking_.assign(signals.leads.size(), 0);
    quanta_.assign(signals.leads.size(), 0);
    for (const auto& part : parts_) {
        if (options_.stop.stop_requested())
            return Cancelled{};
        if (auto done = readPart(part, range, signals, warnings); !done)
            return done;
    }
    for (std::size_t l = 0; l < quanta_.size(); ++l)
        if (quanta_[l] > 0)
            signals.leads[l].quantum = quanta_[l];
    tell(signals, warnings);
    return Done{};
}

} // namespace precordia::wfdb
