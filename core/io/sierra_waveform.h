// SPDX-License-Identifier: GPL-3.0-or-later
// The waveforms of a Philips Sierra file: parsedwaveforms (XLI or plain), leadwaveforms, representative beats.
#pragma once

#include "core/io/reader.h"
#include "core/io/xml_document.h"

namespace precordia::sierra {

// The rhythm: `parsedwaveforms`, else `leadwaveforms`. III, aVR, aVL and aVF, which the compression stores as
// differences from what I and II predict, are put together again. Errors: FormatInvalid, FormatUnsupported,
// FileTruncated, ValueOutOfRange.
Result<Recording> readRhythm(const xml::Element& root, const std::string& where, const ReadOptions& options);

// `repbeats`, when there are some. Errors: the same.
Result<Recording> readBeats(const xml::Element& beats, double signalRate, double signalStep, const std::string& where,
                            const ReadOptions& options);

} // namespace precordia::sierra
