// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/file.h"
#include "core/io/aecg_reader.h"
#include "core/io/csv_reader.h"
#include "core/io/dicom_reader.h"
#include "core/io/edf_reader.h"
#include "core/io/hdf5_reader.h"
#include "core/io/ishne_reader.h"
#include "core/io/mat_reader.h"
#include "core/io/muse_reader.h"
#include "core/io/npy_reader.h"
#include "core/io/reader.h"
#include "core/io/record_path.h"
#include "core/io/scp_reader.h"
#include "core/io/sierra_reader.h"
#include "core/io/text.h"
#include "core/io/wfdb_reader.h"
#include "core/io/xml_document.h"

#include <algorithm>
#include <new>
#include <string>
#include <string_view>
#include <utility>

namespace precordia {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kHeadBytes = 4096;

// Formats that a person may expect here and that no reader covers yet: named, so that the reason is clear.
std::string_view knownByMagic(std::span<const std::byte> head) {
    struct Magic {
        std::size_t at;
        std::string_view bytes;
        std::string_view name;
    };
    static constexpr Magic kMagics[] = {
        {0, "fLaC", "a FLAC file"},
        {0, "RIFF", "a WAV file"},
        {0, "PK\x03\x04", "a ZIP archive"},
    };
    const auto characters = text::asText(head);
    for (const auto& magic : kMagics)
        if (characters.size() > magic.at && characters.substr(magic.at).starts_with(magic.bytes))
            return magic.name;
    if (!xml::rootName(head).empty())
        return "an XML file of another kind";
    return {};
}

void cutTo(const SampleRange& range, Recording& recording) {
    const auto length = static_cast<std::int64_t>(recording.samples());
    const auto first = std::clamp<std::int64_t>(range.first, 0, length);
    const auto count = std::clamp<std::int64_t>(range.count, 0, length - first);
    for (auto& lead : recording.leads) {
        lead.samples.erase(lead.samples.begin(), lead.samples.begin() + first);
        lead.samples.resize(static_cast<std::size_t>(count));
        lead.samples.shrink_to_fit();
    }
    recording.firstSample = first;
    recording.samplesPromised = length;
}

} // namespace

const Registry& Registry::standard() {
    static const Registry registry = [] {
        Registry made;
        made.add(std::make_unique<WfdbReader>());
        made.add(std::make_unique<DicomReader>());
        made.add(std::make_unique<ScpReader>());
        made.add(std::make_unique<IshneReader>());
        made.add(std::make_unique<AecgReader>());
        made.add(std::make_unique<MuseReader>());
        made.add(std::make_unique<SierraReader>());
        made.add(std::make_unique<CsvReader>());
        made.add(std::make_unique<EdfReader>());
        made.add(std::make_unique<MatReader>());
        made.add(std::make_unique<Hdf5Reader>());
        made.add(std::make_unique<NpyReader>());
        return made;
    }();
    return registry;
}

fs::path recordPath(const fs::path& path) {
    std::error_code ec;
    if (fs::exists(path, ec))
        return path;
    auto header = path;
    header += ".hea";
    return fs::is_regular_file(header, ec) ? header : path;
}

void Registry::add(std::unique_ptr<Reader> reader) {
    readers_.push_back(std::move(reader));
}

Result<const Reader*> Registry::find(const fs::path& path) const {
    const auto file = recordPath(path);
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
            if (s == 2)
                break; // nobody is surer
        }
    if (best != nullptr)
        return best;
    if (isCompanion(file))
        return makeError(ErrorCode::FormatUnknown,
                         "it belongs to the record " + file.stem().string() + " beside it and is read with it",
                         file.string());
    if (const auto known = knownByMagic(*bytes); !known.empty())
        return makeError(ErrorCode::FormatUnknown, "it is " + std::string(known) + ", which is not read yet",
                         file.string());
    if (file.extension() == ".dat")
        return makeError(ErrorCode::FormatUnknown,
                         "it is a signal file whose header " + file.stem().string() + ".hea is not beside it",
                         file.string());
    std::string sought;
    for (const auto& reader : readers_)
        sought += (sought.empty() ? "" : ", ") + std::string(reader->description());
    return makeError(ErrorCode::FormatUnknown, "its content is none of: " + sought, file.string());
}

Result<Recording> Registry::read(const fs::path& path, const ReadOptions& options) const {
    auto recording = readAny(recordPath(path), options);
    if (recording && (options.item < 0 || options.item >= recording->items))
        return makeError(ErrorCode::ValueOutOfRange,
                         "recording " + std::to_string(options.item) + " was asked for, it holds " +
                             std::to_string(recording->items) + " (the first is 0)",
                         path.string());
    return recording;
}

Result<Recording> Registry::readAny(const fs::path& file, const ReadOptions& options) const {
    const auto reader = find(file);
    if (!reader)
        return reader.as<Recording>();
    try {
        if (!options.range || (*reader)->readsRanges())
            return (*reader)->read(file, options);
        auto whole = options;
        whole.range.reset();
        auto recording = (*reader)->read(file, whole);
        if (recording && !options.metadataOnly)
            cutTo(*options.range, *recording);
        return recording;
    } catch (const std::bad_alloc&) {
        return makeError(ErrorCode::OutOfMemory, "its samples do not fit into memory", file.string());
    }
}

bool Registry::isCompanion(const fs::path& path) const {
    const auto bytes = readFileHead(path, kHeadBytes);
    if (!bytes)
        return false;
    const FileHead head{path, *bytes};
    const auto says = [&](auto question) {
        return std::any_of(readers_.begin(), readers_.end(), [&](const auto& reader) { return question(*reader); });
    };
    if (says([&](const auto& reader) { return reader.isCompanion(head); }))
        return true;
    return says([&](const auto& reader) { return reader.mayBeCompanion(head); }) &&
           !says([&](const auto& reader) { return reader.recognises(head) > 1; });
}

} // namespace precordia
