// SPDX-License-Identifier: GPL-3.0-or-later
// What the readers of XML formats share: told by the root element, read whole within a bound, parsed from memory too.
#pragma once

#include "core/base/file.h"
#include "core/io/reader.h"
#include "core/io/xml_document.h"

#include <cstdint>
#include <string>

namespace precordia {

// `root`: the root element's name, without prefix. Errors: those of Document::parse; FormatInvalid for another root.
Result<xml::Document> parseRooted(std::span<const std::byte> bytes, const std::string& where, std::string_view root);

class XmlReader : public Reader {
public:
    int recognises(const FileHead& head) const final { return xml::rootName(head.bytes) == root() ? 2 : 0; }
    Result<Recording> read(const std::filesystem::path& path, const ReadOptions& options) const final;

protected:
    virtual std::string_view root() const = 0;
    virtual Result<Recording> parse(std::span<const std::byte> bytes, const std::string& where,
                                    const ReadOptions& options) const = 0;
};

} // namespace precordia
