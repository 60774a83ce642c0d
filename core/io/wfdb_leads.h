// SPDX-License-Identifier: GPL-3.0-or-later
// The signals of a WFDB header as leads: names, units, warnings; and the parting of signals by sampling rate.
#pragma once

#include "core/ecg/recording.h"
#include "core/io/reader.h"
#include "core/io/wfdb_header.h"
#include "core/io/wfdb_segment.h"
#include "core/io/wfdb_signal.h"

#include <cstdint>
#include <string>
#include <vector>

namespace precordia::wfdb {

// All signals of a record in the header's order, whatever their rates.
struct SignalSet {
    std::vector<Lead> leads;
    std::vector<std::size_t> perFrame;   // samples of each in a frame
    std::size_t samplesPerFrame = 0;     // of all together
    std::vector<double> lowest, highest; // bounds of the samples that were read, in the leads\' units
    void saw(std::size_t signal, const SignalFacts& facts);
    void allocate(std::uint64_t frames); // the samples are then to be filled
};

// Is this a name that ECG leads have in WFDB records, the standard ones among them?
bool namesEcg(const std::string& lead);

// Leads without samples; says what is odd about gains, units and names.
SignalSet describe(const std::vector<SignalSpec>& signals, std::vector<Warning>& warnings);

// Unit of the lead, and what one step of the file's integers is in it (negative for an inverted signal).
struct Step {
    std::string unit;
    double size = 1;
};
Step stepOf(const SignalSpec& signal);

// Warnings of one signal that was read: its checksum when `whole`, clipped samples, skew.
void judge(const SignalSpec& signal, const SignalFacts& facts, bool whole, const std::string& where,
           std::vector<Warning>& warnings);

// Memory is asked for in proportion to the files: 64 MiB, and 1 KiB a byte of theirs (a gap of a day beside an hour of
// samples), but at most 4.8 GB. Error ValueOutOfRange, at `where`.
Result<Done> affordable(std::uint64_t frames, std::size_t samplesPerFrame, std::uint64_t bytesThere,
                        const std::string& where);

// The signals of one rate, the recording; those of the other rates are other groups of it.
struct RateGroup {
    std::size_t perFrame = 1;
    std::vector<std::size_t> signals;
};
// The group with the most ECG leads stands first; then the one with the most voltages, then the fastest.
std::vector<RateGroup> byRate(const SignalSet& signals);

// The frames that hold the samples of options.range (all frames without one), counted at perFrame samples a frame.
FrameRange framesOf(const ReadOptions& options, std::size_t perFrame);

// Moves the leads into `out` and its otherGroups. `read`: the frames that the leads hold, of `frames` in the record.
void partByRate(SignalSet signals, const std::vector<RateGroup>& groups, double frameRate, const FrameRange& read,
                std::uint64_t frames, const ReadOptions& options, Recording& out);

} // namespace precordia::wfdb
