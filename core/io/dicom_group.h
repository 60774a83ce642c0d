// SPDX-License-Identifier: GPL-3.0-or-later
// One multiplex group of a waveform object (PS3.3, C.10.9): channels sampled together.
#pragma once

#include "core/io/dicom_items.h"
#include "core/io/reader.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace precordia::dicom {

// How samples lie in WaveformData: 1, 2, 4 or 8 bytes, little-endian once read.
struct SampleKind {
    std::size_t bytes = 2;
    bool isSigned = true;

    std::int64_t lowest(unsigned bits) const;
    std::int64_t highest(unsigned bits) const;
    std::int64_t at(std::span<const std::byte> data, std::size_t index) const;
};

class Group {
public:
    // Looks at the description, not at the samples. number: from 0. Errors: FormatInvalid, FormatUnsupported (companded
    // samples), FileTruncated.
    static Result<Group> of(DcmItem& item, std::size_t number, const std::string& file);

    std::size_t number() const { return number_; }
    const std::string& label() const { return label_; }
    double samplingRate() const { return samplingRate_; }
    double seconds() const { return static_cast<double>(frames_) / samplingRate_; }
    double offsetSeconds() const { return offsetSeconds_; }
    bool original() const { return originality_ != "DERIVED"; }
    bool saysRhythm() const;
    bool saysMedian() const; // a median, average or representative beat by its label
    std::size_t voltages() const { return voltages_; }
    bool hasUnits() const { return hasUnits_; } // of some channel, of any quantity

    // The group as a recording named by its label. range: empty for all.
    Result<Recording> read(const std::optional<SampleRange>& range, bool metadataOnly, const StopToken& stop);

private:
    struct Channel {
        DcmItem* definition = nullptr; // null: the file does not describe it
        Lead lead;
        double step = 1; // file integers -> unit of the lead
        double baseline = 0;
        unsigned bits = 16;
        bool unextended = false; // negative samples without their upper bits
        std::int64_t skew = 0;   // whole samples that it begins late
    };

    Group(DcmItem& item, std::size_t number, const std::string& file);
    std::string place() const { return "multiplex group " + std::to_string(number_ + 1); }
    Error fail(ErrorCode code, std::string why) const;
    void warn(WarningCode code, std::string message, std::string where = {});
    Result<Done> shape();
    Result<Done> sampleKind(std::uint64_t length);
    Result<Done> countChannels(std::uint64_t length);
    Result<Done> countFrames(std::uint64_t length);
    void describe(Channel& channel, std::size_t index);
    void nameOf(Channel& channel, std::size_t index);
    void scaleOf(Channel& channel);
    void statusOf(Channel& channel);
    void skewOf(Channel& channel);
    void filters();
    void fill(Channel& channel, std::size_t index, std::span<const std::byte> data, std::uint64_t dataAt,
              const SampleRange& range);
    void findUnextended();
    std::optional<std::int64_t> believablePadding(const Channel& channel);

    DcmItem* item_;
    std::size_t number_;
    std::string file_;
    std::string label_;
    std::string originality_;
    double samplingRate_ = 0;
    double offsetSeconds_ = 0;
    std::uint64_t promised_ = 0;
    std::uint64_t frames_ = 0;
    SampleKind kind_;
    DcmElement* data_ = nullptr;
    std::optional<std::int64_t> padding_;
    std::vector<Channel> channels_;
    std::size_t voltages_ = 0;
    bool hasUnits_ = false;
    RecorderFilters filters_;
    std::vector<Warning> warnings_;
};

} // namespace precordia::dicom
