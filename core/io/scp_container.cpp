// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/scp_container.h"

#include "core/io/byte_cursor.h"
#include "core/io/crc_ccitt.h"

#include <algorithm>
#include <optional>
#include <string_view>

namespace precordia::scp {

namespace {

constexpr std::size_t kPointer = 10;
constexpr std::size_t kMaxWarnings = 64;
constexpr std::uint16_t kLastOfStandard = 18; // 3.0 defines sections up to this one

struct Header {
    std::uint16_t crc = 0;
    std::uint16_t id = 0;
    std::uint32_t length = 0; // of the section, this header included
    std::uint8_t version = 0;
    std::uint8_t protocol = 0;
};

std::optional<Header> headerAt(std::span<const std::byte> bytes, std::uint64_t at) {
    if (at > bytes.size() || bytes.size() - at < kSectionHeader)
        return std::nullopt;
    ByteCursor cursor(bytes.subspan(static_cast<std::size_t>(at)));
    Header header;
    header.crc = cursor.u16();
    header.id = cursor.u16();
    header.length = cursor.u32();
    header.version = cursor.u8();
    header.protocol = cursor.u8();
    return header;
}

std::string nameOf(std::uint16_t id) {
    return "section " + std::to_string(id);
}

class Opening {
public:
    Opening(std::span<const std::byte> bytes, const std::string& file)
        : bytes_(bytes)
        , file_(file)
        , toCheck_(4 * static_cast<std::uint64_t>(bytes.size())) {}

    Result<Container> open() {
        if (bytes_.size() < kRecordHeader + kSectionHeader)
            return makeError(ErrorCode::FileTruncated,
                             "an SCP-ECG file of " + std::to_string(bytes_.size()) + " bytes has no pointer section",
                             file_);
        const auto pointers = headerAt(bytes_, kRecordHeader);
        if (looksLikeScp(bytes_) == 0 || !pointers || pointers->id != 0)
            return makeError(ErrorCode::FormatInvalid, "there is no SCP-ECG pointer section at byte 6", file_);
        out_.version = pointers->version;
        checkRecord();
        const auto body = bodyOf(kRecordHeader, *pointers, 0);
        ByteCursor cursor(body);
        while (cursor.left() >= kPointer) {
            const auto id = cursor.u16();
            const auto length = cursor.u32();
            const auto index = cursor.u32();
            if (length > 0 && id != 0)
                add(id, length, index);
        }
        return std::move(out_);
    }

private:
    void warn(WarningCode code, std::string message, std::string where) {
        if (out_.warnings.size() < kMaxWarnings)
            out_.warnings.push_back({code, std::move(message), std::move(where)});
    }

    void checkRecord() {
        ByteCursor cursor(bytes_);
        const auto crc = cursor.u16();
        const auto size = cursor.u32();
        if (size > bytes_.size()) {
            warn(WarningCode::ShortFile,
                 std::to_string(bytes_.size()) + " of " + std::to_string(size) + " bytes are there", "record");
            return; // its checksum cannot fit
        }
        if (size < bytes_.size())
            warn(WarningCode::LengthContradiction,
                 "the record says that it has " + std::to_string(size) + " bytes, the file has " +
                     std::to_string(bytes_.size()),
                 "record");
        if (size < kRecordHeader || crcCcitt(bytes_.subspan(2, size - 2)) != crc)
            warn(WarningCode::Checksum, "the checksum of the record does not fit its bytes", "record");
    }

    // What is there of a section at byte `at`, after its header; tells when its checksum or its length is wrong.
    std::span<const std::byte> bodyOf(std::size_t at, const Header& header, std::uint32_t pointed) {
        const std::uint64_t there = bytes_.size() - at;
        const auto fits = [&](std::uint64_t length) {
            if (length < kSectionHeader || length > there || length > toCheck_)
                return false;
            toCheck_ -= length;
            return crcCcitt(bytes_.subspan(at + 2, static_cast<std::size_t>(length) - 2)) == header.crc;
        };
        std::uint64_t length = header.length;
        if (pointed != 0 && pointed != header.length) {
            warn(WarningCode::LengthContradiction,
                 "its header says " + std::to_string(header.length) + " bytes, its pointer " + std::to_string(pointed),
                 nameOf(header.id));
            length = fits(header.length) ? header.length
                     : fits(pointed)     ? pointed
                                         : std::min<std::uint64_t>(header.length, pointed);
        }
        if (length > there)
            warn(WarningCode::ShortFile, std::to_string(there) + " of " + std::to_string(length) + " bytes are there",
                 nameOf(header.id));
        else if (!fits(length))
            warn(WarningCode::Checksum, "the checksum of the section does not fit its bytes", nameOf(header.id));
        const auto end = std::clamp<std::uint64_t>(length, kSectionHeader, there);
        return bytes_.subspan(at + kSectionHeader, static_cast<std::size_t>(end) - kSectionHeader);
    }

    void add(std::uint16_t id, std::uint32_t length, std::uint32_t index) {
        const bool known = id <= kLastOfStandard;
        if (out_.sections.contains(id)) {
            if (known)
                warn(WarningCode::Repaired, "two pointers name it; the first one counts", nameOf(id));
            return;
        }
        // The first byte of the file has the index 1; some writers count from 0.
        for (const bool fromOne : {true, false}) {
            if (fromOne && index == 0)
                continue;
            const std::uint64_t at = static_cast<std::uint64_t>(index) - (fromOne ? 1 : 0);
            const auto header = headerAt(bytes_, at);
            if (!header || header->id != id || at < kRecordHeader + kSectionHeader)
                continue;
            if (!fromOne)
                warn(WarningCode::Repaired, "its pointer counts bytes from 0 instead of 1", nameOf(id));
            const auto body = bodyOf(static_cast<std::size_t>(at), *header, length);
            out_.sections.emplace(id, Section{header->version, header->protocol, body});
            return;
        }
        if (known)
            warn(static_cast<std::uint64_t>(index) + kSectionHeader > bytes_.size() + 1ULL ? WarningCode::ShortFile
                                                                                           : WarningCode::Repaired,
                 "it is not where its pointer says, at byte " + std::to_string(index) + "; left out", nameOf(id));
    }

    std::span<const std::byte> bytes_;
    const std::string& file_;
    std::uint64_t
        toCheck_; // bytes that may still be summed: sections that lie over each other cost no more than a file
    Container out_;
};

} // namespace

int looksLikeScp(std::span<const std::byte> head) {
    if (head.size() < kRecordHeader + kSectionHeader)
        return 0;
    ByteCursor cursor(head);
    cursor.seek(8); // the id of the section at byte 6
    const auto id = cursor.u16();
    const auto length = cursor.u32();
    cursor.skip(2);
    if (id != 0)
        return 0;
    if (cursor.characters(6) == "SCPECG")
        return 2;
    // Without the word: the first pointer is of section 0 itself, at byte 7.
    const auto pointed = cursor.u16();
    const auto pointedLength = cursor.u32();
    const auto index = cursor.u32();
    const bool own = !cursor.failed() && pointed == 0 && pointedLength == length && index == 7;
    return own && length >= kSectionHeader + kPointer && (length - kSectionHeader) % kPointer == 0 ? 1 : 0;
}

Result<Container> openContainer(std::span<const std::byte> bytes, const std::string& file) {
    return Opening(bytes, file).open();
}

} // namespace precordia::scp
