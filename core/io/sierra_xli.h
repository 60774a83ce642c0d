// SPDX-License-Identifier: GPL-3.0-or-later
// XLI, the compression of Philips cardiographs. It is not documented by its maker; what is known of it is in C.
// Watford's public description (github.com/sixlettervariables/sierra-ecg-tools, wiki):
//   a lead: int32 size of what follows the header, int16 unknown, int16 first difference, then LZW codes of ten bits;
//   decompressed: the high bytes of all samples, then their low bytes;
//   samples 0 and 1 stand for themselves, sample i is 2 s[i-1] - s[i-2] - d[i-1], with d[1] from the header and
//   d[i] = the word at i less 64.
// All integers are little-endian, codes begin at the highest bit, arithmetic wraps at 16 bits.
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace precordia::xli {

struct Chunk {
    std::int16_t firstDifference = 0;
    std::span<const std::byte> codes;
};

// The leads of a decoded parsedwaveforms text. Errors: FileTruncated when a lead says to be longer than what is left.
Result<std::vector<Chunk>> chunks(std::span<const std::byte> bytes, const std::string& where);

// LZW with codes of ten bits: 0-255 bytes, 256-1022 learned, then no more are; 1023 ends. At most `most` bytes.
// Errors: FormatInvalid for a code that nothing was learned for, ValueOutOfRange beyond `most`.
Result<std::vector<std::uint8_t>> decompressed(std::span<const std::byte> codes, std::size_t most,
                                               const std::string& where);

// The samples of one lead, for III, aVR, aVL and aVF still differences. Errors: those of decompressed().
Result<std::vector<std::int32_t>> samples(const Chunk& chunk, std::size_t mostSamples, const std::string& where);

} // namespace precordia::xli
