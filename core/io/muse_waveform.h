// SPDX-License-Identifier: GPL-3.0-or-later
// One Waveform element of a GE MUSE file: leads of Base64 integers with amplitude, count, offset and CRC of their own.
#pragma once

#include "core/io/reader.h"
#include "core/io/xml_document.h"

namespace precordia::muse {

// A number as MUSE writes it, also with a decimal comma.
std::optional<double> number(std::string_view text);
// SampleBase x 10^SampleExponent in Hz; empty when the file does not say.
std::optional<double> rate(std::string_view base, std::string_view exponent);

// A recording of the leads that could be read; the others are told as warnings. Errors: FormatInvalid (no rate, no lead
// that could be read, offsets beyond reason).
Result<Recording> readWaveform(const xml::Element& waveform, const std::string& where, const ReadOptions& options);

} // namespace precordia::muse
