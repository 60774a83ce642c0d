// SPDX-License-Identifier: GPL-3.0-or-later
// Philips Sierra XML (restingecgdata; SierraECG 1.03, PhilipsECG 1.04 and its revisions), as PageWriter cardiographs,
// IntelliVue monitors and HeartStart defibrillators write it. Schema: SierraECGSchema_1_03.xsd, _1_04_01.xsd.
#pragma once

#include "core/io/xml_reader.h"

#include <cstddef>
#include <span>
#include <string>

namespace precordia {

class SierraReader final : public XmlReader {
public:
    std::string_view key() const override { return "sierra-xml"; }
    std::string_view description() const override { return "Philips Sierra XML"; }

protected:
    std::string_view root() const override;
    Result<Recording> parse(std::span<const std::byte> bytes, const std::string& where,
                            const ReadOptions& options) const override;
};

// The same from memory; `where` names the file in errors.
Result<Recording> readSierra(std::span<const std::byte> bytes, const std::string& where, const ReadOptions& options);

} // namespace precordia
