// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/wfdb_record.h"

#include "core/base/file.h"
#include "core/io/header_comments.h"
#include "core/io/signal_checks.h"
#include "core/io/text.h"
#include "core/io/timestamp.h"
#include "core/io/wfdb_annotation.h"
#include "core/io/wfdb_leads.h"
#include "core/io/wfdb_segments.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace precordia::wfdb {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kMaxAnnotationBytes = 64U << 20U;

class Record {
public:
    Record(const fs::path& path, const ReadOptions& options) : path_(path), options_(options) {}
    Result<Recording> read();

private:
    std::string place(int line) const { return path_.string() + ", line " + std::to_string(line); }
    Result<Done> readSingle(Segment& segment);
    Result<Done> readSegments(const Segment& master);
    Result<Done> settleLength(const Segment& segment);
    std::uint64_t promised(const Segment& segment) const;
    void clip(const FrameRange& wanted);
    void metadata(Header& header, const std::vector<std::string>& moreComments);
    void annotations(double frameRate);
    void addMarks(AnnotationFile file, const std::string& extension, double frameRate);
    void warn(WarningCode code, std::string message, std::string where) {
        out_.warnings.push_back({code, std::move(message), std::move(where)});
    }

    const fs::path& path_;
    const ReadOptions& options_;
    SignalSet signals_;
    std::vector<RateGroup> rates_;
    std::vector<std::string> layoutComments_;
    std::uint64_t frames_ = 0; // of the record
    FrameRange read_;          // those that are read
    Recording out_;
};

// How many frames the recording has: what the header promises, as far as a file holds them.
Result<Done> Record::settleLength(const Segment& segment) {
    const auto& header = segment.header();
    const auto longest = segment.framesThere();
    const auto promised = header.frames ? static_cast<std::uint64_t>(*header.frames) : longest;
    frames_ = std::min(promised, longest);
    if (!header.frames)
        warn(WarningCode::LengthUnknown, "the header gives no length; the signal file decides",
             place(header.recordLine));
    if (frames_ == 0)
        return makeError(ErrorCode::FileTruncated, "no whole frame of samples is there",
                         (path_.parent_path() / segment.groups().front().file).string());
    for (const auto& group : segment.groups()) {
        if (group.framesThere < promised)
            warn(WarningCode::ShortFile,
                 std::to_string(group.framesThere) + " of " + std::to_string(promised) + " samples a lead are there",
                 group.file);
        else if (group.framesThere > promised + 1) // one more may be the padding of a packed format
            warn(WarningCode::Repaired,
                 std::to_string(group.framesThere - promised) +
                     " samples a lead beyond the header's length were left out",
                 group.file);
    }
    return Done{};
}

void Record::clip(const FrameRange& wanted) {
    read_.first = std::min(wanted.first, frames_);
    read_.count = std::min(wanted.count, frames_ - read_.first);
}

// Without a length in the header the files tell it, where they are there.
std::uint64_t Record::promised(const Segment& segment) const {
    if (segment.header().frames)
        return static_cast<std::uint64_t>(*segment.header().frames);
    std::uint64_t longest = 0;
    for (const auto& group : segment.groups()) {
        std::error_code ec;
        const auto size = fs::file_size(path_.parent_path() / group.file, ec);
        if (!ec && !group.format.flac() && size > group.byteOffset)
            longest =
                std::max(longest, samplesIn(group.format.format, size - group.byteOffset) / group.samplesPerFrame);
    }
    return longest;
}

Result<Done> Record::readSingle(Segment& segment) {
    if (auto done = segment.group(); !done)
        return done;
    signals_ = describe(segment.header().signals, out_.warnings);
    rates_ = byRate(signals_);
    if (options_.metadataOnly) {
        frames_ = promised(segment);
        return Done{};
    }
    auto wanted = framesOf(options_, rates_.front().perFrame);
    if (segment.header().frames) {
        const auto promise = static_cast<std::uint64_t>(*segment.header().frames);
        wanted.first = std::min(wanted.first, promise);
        wanted.count = std::min(wanted.count, promise - wanted.first);
    }
    if (auto done = segment.open(wanted, options_.stop); !done)
        return done;
    if (auto done = settleLength(segment); !done)
        return done;
    clip(wanted);
    if (auto done =
            affordable(read_.count, signals_.samplesPerFrame, segment.bytesThere(), place(segment.header().recordLine));
        !done)
        return done;
    signals_.allocate(read_.count);
    const auto& specs = segment.header().signals;
    std::vector<SignalTarget> targets(specs.size());
    for (std::size_t i = 0; i < specs.size(); ++i) {
        targets[i].unit = stepOf(specs[i]).size;
        targets[i].out = signals_.leads[i].samples.data();
    }
    if (auto done = segment.read(read_, targets, options_.stop); !done)
        return done;
    const bool whole = read_.count == frames_ && segment.complete();
    for (std::size_t i = 0; i < specs.size(); ++i) {
        judge(specs[i], targets[i].facts, whole, "lead " + signals_.leads[i].name, out_.warnings);
        signals_.saw(i, targets[i].facts);
    }
    return Done{};
}

Result<Done> Record::readSegments(const Segment& master) {
    SegmentedRecord record(master, options_);
    auto layout = record.layout(out_.warnings);
    if (!layout)
        return layout.as<Done>();
    signals_ = std::move(*layout);
    layoutComments_ = record.layoutComments();
    rates_ = byRate(signals_);
    frames_ = record.frames();
    if (frames_ == 0)
        return makeError(ErrorCode::SignalTooShort, "its segments have no samples", place(master.header().recordLine));
    if (options_.metadataOnly)
        return Done{};
    clip(framesOf(options_, rates_.front().perFrame));
    return record.read(read_, signals_, out_.warnings);
}

void Record::metadata(Header& header, const std::vector<std::string>& moreComments) {
    out_.metadata.format = "wfdb";
    out_.metadata.recordedAt = timestamp::fromDateAndTime(header.date, header.time);
    applyComments(header.comments.empty() ? moreComments : std::move(header.comments), out_);
}

void Record::addMarks(AnnotationFile file, const std::string& extension, double frameRate) {
    const double scale = out_.samplingRate / file.ticksPerSecond.value_or(frameRate);
    const auto lead = standardLeadName(extension); // LUDB: one file a lead
    const auto named = out_.find(lead);
    const bool ofLead = std::find(standardLeads().begin(), standardLeads().end(), lead) != standardLeads().end();
    const auto length = static_cast<double>(out_.samplesPromised);
    const auto& main = rates_.front().signals; // the file counts all signals
    std::size_t outside = 0;
    if (const auto all = out_.annotations.size() + file.marks.size(); all > out_.annotations.capacity())
        out_.annotations.reserve(std::max(all, 2 * out_.annotations.capacity())); // one file a lead: not each by itself
    for (auto& mark : file.marks) {
        const double sample = std::round(static_cast<double>(mark.time) * scale);
        if (!(sample >= 0) || sample >= length) {
            ++outside;
            continue;
        }
        Annotation made;
        made.sample = SampleIndex{static_cast<std::int64_t>(sample)};
        if (ofLead) {
            made.lead = named;
        } else if (mark.channel) {
            const auto at = std::find(main.begin(), main.end(), static_cast<std::size_t>(*mark.channel));
            if (at != main.end())
                made.lead = LeadIndex{static_cast<std::int32_t>(at - main.begin())};
        }
        made.symbol = std::move(mark.symbol);
        made.text = std::move(mark.text);
        made.source = extension;
        out_.annotations.push_back(std::move(made));
    }
    const auto where = out_.name + "." + extension;
    if (outside > 0)
        warn(WarningCode::Annotation, std::to_string(outside) + " marks lie outside the recording and were left out",
             where);
    if (file.unknownCodes > 0)
        warn(WarningCode::UnknownCode, std::to_string(file.unknownCodes) + " marks have a code without a symbol",
             where);
}

void Record::annotations(double frameRate) {
    auto stem = path_;
    stem.replace_extension();
    for (const auto& extension : annotationExtensions()) {
        const auto file = stem.string() + "." + extension;
        const auto bytes = readFile(file, kMaxAnnotationBytes);
        if (bytes.failed() && bytes.error().code == ErrorCode::FileNotFound)
            continue;
        const auto name = out_.name + "." + extension;
        if (!bytes) {
            warn(WarningCode::Annotation, bytes.error().message, name);
            continue;
        }
        auto parsed = parseAnnotations(*bytes, name);
        if (parsed)
            addMarks(std::move(*parsed), extension, frameRate);
        else
            warn(WarningCode::Annotation, parsed.error().message, parsed.error().where);
    }
}

Result<Recording> Record::read() {
    auto header = Segment::parse(path_);
    if (!header)
        return header.as<Recording>();
    out_.name = path_.stem().string();
    const auto done = header->header().segments > 0 ? readSegments(*header) : readSingle(*header);
    if (!done)
        return done.as<Recording>();
    metadata(header->header(), layoutComments_);
    std::vector<double> reach;
    for (const auto i : rates_.front().signals)
        if (!options_.metadataOnly)
            reach.push_back(signals_.highest[i] - signals_.lowest[i]);
    partByRate(std::move(signals_), rates_, header->header().frameRate, read_, frames_, options_, out_);
    if (options_.metadataOnly)
        return std::move(out_);
    if (read_.count == frames_)
        warnImplausibleUnits(out_, reach); // a short part may be flat for good reasons
    if (options_.annotations)
        annotations(header->header().frameRate);
    if (!options_.range && header->header().frames && header->header().segments == 0)
        // What the header says, also where less is there.
        out_.samplesPromised = *header->header().frames * static_cast<std::int64_t>(rates_.front().perFrame);
    return std::move(out_);
}

} // namespace

Result<Recording> readRecord(const fs::path& header, const ReadOptions& options) {
    return Record(header, options).read();
}

} // namespace precordia::wfdb
