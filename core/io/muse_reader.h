// SPDX-License-Identifier: GPL-3.0-or-later
// GE MUSE XML (RestingECG, restecg.dtd; MUSE 7 to 9 and NX). The rhythm waveform is the recording, the median beat is
// kept apart. MUSE stores eight leads; III, aVR, aVL and aVF follow exactly from I and II, and are marked derived.
#pragma once

#include "core/io/xml_reader.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace precordia {

class MuseReader final : public XmlReader {
public:
    std::string_view key() const override { return "muse-xml"; }
    std::string_view description() const override { return "GE MUSE XML"; }

protected:
    std::string_view root() const override;
    Result<Recording> parse(std::span<const std::byte> bytes, const std::string& where,
                            const ReadOptions& options) const override;
};

// The same from memory; `where` names the file in errors.
Result<Recording> readMuse(std::span<const std::byte> bytes, const std::string& where, const ReadOptions& options);

// "07-15-2019" (month first, as MUSE writes), "15-JUL-2019", "2019-07-15": ISO 8601; "" for what is no date
std::string museDate(std::string_view text);

} // namespace precordia
