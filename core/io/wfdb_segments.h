// SPDX-License-Identifier: GPL-3.0-or-later
// Records of several segments (header(5)): all with the same signals (fixed layout), or each with some of those that a
// layout header names (variable layout); a segment called "~" is a gap.
#pragma once

#include "core/io/reader.h"
#include "core/io/wfdb_leads.h"
#include "core/io/wfdb_segment.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace precordia::wfdb {

class SegmentedRecord {
public:
    SegmentedRecord(const Segment& master, const ReadOptions& options) : master_(master), options_(options) {}

    // The signals of the record: those of the layout header, else of the first segment. Reads one header.
    Result<SignalSet> layout(std::vector<Warning>& warnings);
    const std::vector<std::string>& layoutComments() const { return layoutComments_; }
    std::uint64_t frames() const; // of all segments
    // Fills signals.leads with the frames of `range`; segments outside it are not opened.
    // Errors: FileNotFound naming the segment, FormatInvalid (segments within a segment, other signals or rates),
    // those of Segment.
    Result<Done> read(const FrameRange& range, SignalSet& signals, std::vector<Warning>& warnings);

private:
    struct Part {
        const SegmentSpec* spec;
        std::uint64_t begin; // frame of the record
        std::size_t segment; // in segments_; kGap
    };
    static constexpr std::size_t kGap = SIZE_MAX;

    std::string place(int line) const { return master_.path().string() + ", line " + std::to_string(line); }
    std::size_t firstPart() const { return master_.header().variableLayout() ? 1 : 0; }
    Result<Segment> parse(const SegmentSpec& spec) const;
    Result<Done> collect(const FrameRange& range);
    std::uint64_t bytesThere() const;
    // Which signal of the record each signal of a segment is; SIZE_MAX: none.
    Result<std::vector<std::size_t>> match(const Segment& segment, const SegmentSpec& spec,
                                           const SignalSet& signals) const;
    Result<Done> readPart(const Part& part, const FrameRange& range, SignalSet& signals,
                          std::vector<Warning>& warnings);
    void gap(const FrameRange& frames, const FrameRange& range, SignalSet& signals) const;
    void tell(const SignalSet& signals, std::vector<Warning>& warnings) const;

    const Segment& master_;
    const ReadOptions& options_;
    std::vector<SignalSpec> layout_;
    std::vector<std::string> layoutComments_;
    std::vector<Segment> segments_; // each once, however often it is named
    std::vector<Part> parts_;
    // What was seen, told once: frames without samples, segments with another length, leads that segments lack.
    std::uint64_t gapFrames_ = 0, shortFrames_ = 0;
    std::size_t gaps_ = 0, otherLengths_ = 0, otherNames_ = 0, strangers_ = 0;
    std::vector<std::size_t> lacking_; // a lead: segments without it
    std::vector<double> quanta_;       // a lead: the finest of its segments
};

} // namespace precordia::wfdb
