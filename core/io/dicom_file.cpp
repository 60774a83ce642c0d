// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/dicom_file.h"

#include "core/base/file.h"
#include "core/io/dicom_items.h"

#include <dcmtk/dcmdata/dcistrmf.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <sys/mman.h>
#include <unistd.h>
#include <vector>
#include <zlib.h>

namespace precordia::dicom {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMaxUnpacked = 512U << 20U;
constexpr Uint32 kKeptInMemory = 4096;

// DCMTK writes to the terminal unless told otherwise; the core never prints.
void silenceDcmtk() {
    static std::once_flag once;
    std::call_once(once, [] { OFLog::configure(OFLogger::OFF_LOG_LEVEL); });
}

E_TransferSyntax syntaxOf(Encoding encoding) {
    switch (encoding) {
    case Encoding::ImplicitLittle:
        return EXS_LittleEndianImplicit;
    case Encoding::ExplicitBig:
        return EXS_BigEndianExplicit;
    case Encoding::ExplicitLittle:
        break;
    }
    return EXS_LittleEndianExplicit;
}

// Raw deflate without header (RFC 1951), as PS3.5, A.5 wants it. Output grows as it comes, never by a promise.
Result<std::vector<std::byte>> inflated(Source& source, std::uint64_t from, const std::string& file) {
    z_stream stream{};
    if (inflateInit2(&stream, -MAX_WBITS) != Z_OK)
        return makeError(ErrorCode::OutOfMemory, "the deflated data set could not be unpacked", file);
    const auto close = std::unique_ptr<z_stream, int (*)(z_stream*)>(&stream, &inflateEnd);
    std::vector<std::byte> out;
    std::array<std::byte, 64U << 10U> block{};
    int state = Z_OK;
    for (auto at = from; at < source.size() && state == Z_OK;) {
        const auto part = source.at(at, std::min<std::uint64_t>(source.size() - at, 32U << 10U));
        if (part.empty())
            return makeError(ErrorCode::FileUnreadable, "it could not be read", file);
        at += part.size();
        stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(part.data()));
        stream.avail_in = static_cast<uInt>(part.size());
        do {
            stream.next_out = reinterpret_cast<Bytef*>(block.data());
            stream.avail_out = static_cast<uInt>(block.size());
            state = inflate(&stream, Z_NO_FLUSH);
            const auto made = block.size() - stream.avail_out;
            if (out.size() + made > kMaxUnpacked)
                return makeError(ErrorCode::ValueOutOfRange,
                                 "it unpacks to more than " + std::to_string(kMaxUnpacked >> 20U) + " MiB", file);
            out.insert(out.end(), block.begin(), block.begin() + static_cast<std::ptrdiff_t>(made));
        } while (state == Z_OK && stream.avail_out == 0);
        if (state == Z_BUF_ERROR) // wants more input
            state = Z_OK;
    }
    if (state != Z_STREAM_END)
        return makeError(state == Z_OK ? ErrorCode::FileTruncated : ErrorCode::FormatInvalid,
                         "its deflated data set does not unpack", file);
    return out;
}

Result<Done> load(OpenFile& file, const fs::path& source, std::uint64_t offset, const std::string& name) {
    file.dataset = std::make_unique<DcmDataset>();
    // Skipped, not opened at an offset: DCMTK counts from where it opened, and would look for values that it left in
    // the file too early by that offset.
    DcmInputFileStream stream(source.c_str());
    if (stream.skip(static_cast<offile_off_t>(offset)) != static_cast<offile_off_t>(offset))
        return makeError(ErrorCode::FileUnreadable, "it could not be read", name);
    auto state = stream.status();
    if (state.good()) {
        file.dataset->transferInit();
        state = file.dataset->read(stream, syntaxOf(file.layout.encoding), EGL_noChange, kKeptInMemory);
        file.dataset->transferEnd();
    }
    if (state.bad())
        return makeError(ErrorCode::FormatInvalid, std::string("DCMTK: ") + state.text(), name);
    return Done{};
}

// Texts as UTF-8. Latin-1 and UTF-8 need nothing (text::utf8 tells them apart).
bool decodeTexts(DcmDataset& data) {
    const auto set = stringOf(data, DCM_SpecificCharacterSet);
    if (set.empty() || set == "ISO_IR 6" || set == "ISO_IR 100" || set == "ISO_IR 192")
        return true;
    return data.convertToUTF8().good();
}

} // namespace

MemoryFile::MemoryFile(std::span<const std::byte> bytes) : descriptor_(::memfd_create("dicom", MFD_CLOEXEC)) {
    while (descriptor_ >= 0 && !bytes.empty()) {
        const auto written = ::write(descriptor_, bytes.data(), bytes.size());
        if (written <= 0) {
            ::close(descriptor_);
            descriptor_ = -1;
            return;
        }
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
}

MemoryFile::~MemoryFile() {
    if (descriptor_ >= 0)
        ::close(descriptor_);
}

fs::path MemoryFile::path() const {
    return "/proc/self/fd/" + std::to_string(descriptor_);
}

Result<OpenFile> open(const fs::path& path) {
    silenceDcmtk();
    if (!dcmDataDict.isDictionaryLoaded())
        return makeError(ErrorCode::FormatUnsupported, "DCMTK's data dictionary (dicom.dic) is not installed",
                         path.string());
    const auto access = RandomAccess::open(path);
    if (!access)
        return access.as<OpenFile>();
    OpenFile file;
    Source source(**access);
    auto layout = scan(source, path.string());
    if (!layout)
        return layout.as<OpenFile>();
    file.layout = std::move(*layout);
    auto from = path;
    auto offset = file.layout.dataset;
    if (file.layout.deflated) {
        const auto bytes = inflated(source, offset, path.string());
        if (!bytes)
            return bytes.as<OpenFile>();
        if (auto done = scanDataset(*bytes, path.string() + ", unpacked"); !done)
            return done.as<OpenFile>();
        file.unpacked = std::make_unique<MemoryFile>(*bytes);
        if (!file.unpacked->ok())
            return makeError(ErrorCode::OutOfMemory, "its unpacked data set does not fit into memory", path.string());
        from = file.unpacked->path();
        offset = 0;
    }
    if (auto done = load(file, from, offset, path.string()); !done)
        return done.as<OpenFile>();
    file.unknownCharacters = !decodeTexts(*file.dataset);
    return file;
}

} // namespace precordia::dicom
