// SPDX-License-Identifier: GPL-3.0-or-later
// HL7 annotated ECG (ANSI/HL7 V3 aECG, R1 2004; the format of the FDA's ECG warehouse). The rhythm series is the
// recording; representative beats are kept apart in medianBeats, other series and other rates in otherGroups. Sequence
// sets of one series that were recorded one after the other become one recording with gaps.
#pragma once

#include "core/io/xml_reader.h"

#include <cstddef>
#include <span>
#include <string>

namespace precordia {

class AecgReader final : public XmlReader {
public:
    std::string_view key() const override { return "aecg"; }
    std::string_view description() const override { return "HL7 annotated ECG (aECG) XML"; }

protected:
    std::string_view root() const override;
    Result<Recording> parse(std::span<const std::byte> bytes, const std::string& where,
                            const ReadOptions& options) const override;
};

// The same from memory; `where` names the file in errors.
Result<Recording> readAecg(std::span<const std::byte> bytes, const std::string& where, const ReadOptions& options);

} // namespace precordia
