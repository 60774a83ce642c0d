// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/file.h"
#include "core/io/csv_reader.h"
#include "core/io/dicom_reader.h"
#include "core/io/reader.h"
#include "core/io/wfdb_reader.h"

#include <new>
#include <string>

namespace precordia {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kHeadBytes = 4096;

// A WFDB record may be named without its extension.
fs::path resolved(const fs::path& path) {
    std::error_code ec;
    if (fs::exists(path, ec))
        return path;
    auto header = path;
    header += ".hea";
    return fs::is_regular_file(header, ec) ? header : path;
}

} // namespace

const Registry& Registry::standard() {
    static const Registry registry = [] {
        Registry made;
        made.add(std::make_unique<WfdbReader>());
        made.add(std::make_unique<DicomReader>());
        made.add(std::make_unique<CsvReader>());
        return made;
    }();
    return registry;
}

void Registry::add(std::unique_ptr<Reader> reader) {
    readers_.push_back(std::move(reader));
}

Result<const Reader*> Registry::find(const fs::path& path) const {
    const auto file = resolved(path);
    const auto bytes = readFileHead(file, kHeadBytes);
    if (!bytes)
        return bytes.as<const Reader*>();
    if (bytes->empty())
        return makeError(ErrorCode::FormatUnknown, "the file is empty", file.string());
    const FileHead head{file, *bytes};
    const Reader* best = nullptr;
    int strength = 0;
    for (const auto& reader : readers_)
        if (const int s = reader->recognises(head); s > strength) {
            best = reader.get();
            strength = s;
        }
    if (best != nullptr)
        return best;
    if (isCompanion(file))
        return makeError(ErrorCode::FormatUnknown,
                         "it belongs to the record " + file.stem().string() + ".hea and is read with it",
                         file.string());
    std::string sought;
    for (const auto& reader : readers_)
        sought += (sought.empty() ? "" : ", ") + std::string(reader->description());
    return makeError(ErrorCode::FormatUnknown, "its content is none of: " + sought, file.string());
}

Result<Recording> Registry::read(const fs::path& path, const ReadOptions& options) const {
    const auto file = resolved(path);
    const auto reader = find(file);
    if (!reader)
        return reader.as<Recording>();
    try {
        return (*reader)->read(file, options);
    } catch (const std::bad_alloc&) {
        return makeError(ErrorCode::OutOfMemory, "its samples do not fit into memory", file.string());
    }
}

bool Registry::isCompanion(const fs::path& path) const {
    const auto bytes = readFileHead(path, kHeadBytes);
    if (!bytes)
        return false;
    const FileHead head{path, *bytes};
    for (const auto& reader : readers_)
        if (reader->isCompanion(head))
            return true;
    return false;
}

} // namespace precordia
