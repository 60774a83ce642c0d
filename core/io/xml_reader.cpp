// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/xml_reader.h"

namespace precordia {

namespace {

constexpr std::uint64_t kMaxBytes = 256U << 20U;

} // namespace

Result<xml::Document> parseRooted(std::span<const std::byte> bytes, const std::string& where, std::string_view root) {
    auto document = xml::Document::parse(bytes, where);
    if (document && document->root().name() != root)
        return makeError(ErrorCode::FormatInvalid, "its root element is no " + std::string(root), where);
    return document;
}

Result<Recording> XmlReader::read(const std::filesystem::path& path, const ReadOptions& options) const {
    const auto bytes = readFile(path, kMaxBytes);
    if (!bytes)
        return bytes.as<Recording>();
    auto recording = parse(*bytes, path.string(), options);
    if (recording)
        recording->name = path.stem().string();
    return recording;
}

} // namespace precordia
