// SPDX-License-Identifier: GPL-3.0-or-later
// The header of an ISHNE Holter Standard Output File 1.0 (Badilini, Annals of Noninvasive Electrocardiology 3, 1998):
// 10 bytes of magic and checksum, 512 bytes of fixed fields, a block of text of any length, then the samples, 16-bit
// words, all leads of one time together. Annotation files ("ANN  1.0", University of Rochester) begin with the same.
#pragma once

#include "core/base/result.h"
#include "core/ecg/recording.h"
#include "core/io/random_access.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace precordia::ishne {

constexpr std::size_t kHeaderBytes = 522; // without the block of variable length
constexpr std::size_t kSlots = 12;        // leads that the header has room for
constexpr std::string_view kMagic = "ISHNE1.0";
constexpr std::string_view kAnnotationMagic = "ANN  1.0";

struct Header {
    std::uint16_t checksum = 0;
    std::int64_t textBytes = 0; // the block of variable length
    std::int64_t samples = 0;   // as the header says: of a lead, or of all leads together
    std::int64_t textOffset = 0, dataOffset = 0;
    std::string firstName, lastName, id, birthDate, recordDate, fileDate, startTime;
    int sex = 0;
    int leads = 0;
    std::array<int, kSlots> leadCodes{}, quality{}, resolutionNv{};
    int pacemaker = 0;
    std::string recorder;
    int samplingRate = 0;
    std::string proprietary, copyright;
    std::vector<std::string> text; // lines of the block of variable length

    std::uint64_t dataAt = 0; // where the samples (or annotations) begin in this file
};

// Reads and checks it against the size of what is there. What could be lived with is added to `warnings`. Errors:
// FileTruncated, FormatInvalid, FileUnreadable.
Result<Header> readHeader(const RandomAccess& bytes, std::string_view magic, const std::string& file,
                          std::vector<Warning>& warnings);

// "I", "V1", "ES"; "" for a code without a lead of its own.
std::string leadName(int code);

} // namespace precordia::ishne
