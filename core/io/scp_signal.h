// SPDX-License-Identifier: GPL-3.0-or-later
// The samples of an SCP-ECG file: lead definitions (section 3), QRS locations with subtraction zones and protected
// areas (4), the reference beat (5) and the rhythm data (6) of EN 1064, 5.6 to 5.9 and annex C. Sample numbers count
// from 1.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/ecg/recording.h"
#include "core/io/scp_container.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace precordia::scp {

struct LeadRange {
    std::uint8_t number = 0; // leadName()
    std::int64_t first = 1;  // sample numbers, the last one included
    std::int64_t last = 0;
    std::int64_t length() const { return last - first + 1; }
};

struct LeadLayout {
    std::vector<LeadRange> leads;
    bool subtracted = false;   // section 6 holds what is left after the reference beat was taken away
    bool simultaneous = false; // as the file says
};

struct Beat {
    std::uint16_t type = 0; // 0: the reference beat's
    std::int64_t first = 0, fiducial = 0, last = 0;
};

struct Zone {
    std::int64_t first = 0, last = 0;
};

struct BeatTable {
    unsigned referenceMs = 0;         // length of the reference beat
    unsigned referenceFiducial = 0;   // sample number in the reference beat
    std::vector<Beat> beats;          // in order, apart from each other
    std::vector<Zone> protectedAreas; // likewise; sampled at the full rate in bimodal compression
    std::size_t bytesParsed = 0;
};

// Section 5 or 6 as it stands: integers of each lead, differences undone.
struct Block {
    double nanovolts = 0;  // of one step; 0: the file does not say
    double intervalUs = 0; // between stored samples
    unsigned difference = 0;
    bool bimodal = false;
    std::vector<std::span<const std::byte>> coded; // a lead
    std::size_t bytesParsed = 0;                   // of the body, the leads' bytes included
};

// What a file holds of a signal; sections that are not there leave their part empty.
struct SignalSections {
    LeadLayout layout;
    std::optional<BeatTable> beats;
    std::optional<Block> reference; // section 5
    std::optional<Block> rhythm;    // section 6
    const Section* huffman = nullptr;
    std::vector<Warning> warnings;
};

// Errors: FormatInvalid, FormatUnsupported, FileTruncated.
Result<SignalSections> signalSections(const Container& container, const std::string& file);

struct Signals {
    double samplingRate = 0;          // Hz
    std::int64_t samplesPromised = 0; // by section 3
    std::vector<Lead> leads;
    double referenceRate = 0;
    std::int64_t referencePromised = 0;
    std::vector<Lead> reference; // empty: there is no reference beat
    std::vector<Warning> warnings;
    // Of the bytes of each lead of sections 5 and 6, those that samples came from.
    std::vector<std::size_t> referenceBytesUsed, rhythmBytesUsed;
};

// Without samples when `metadataOnly`. Errors: FormatInvalid, FileTruncated.
Result<Signals> decodeSignals(const SignalSections& sections, const std::string& file, bool metadataOnly,
                              const StopToken& stop);

} // namespace precordia::scp
