// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/ishne_header.h"

#include "core/io/byte_cursor.h"
#include "core/io/crc_ccitt.h"
#include "core/io/text.h"

#include <algorithm>
#include <cstdio>
#include <utility>

namespace precordia::ishne {

namespace {

constexpr std::size_t kChecked = 10;               // the checksum is of what follows it
constexpr std::uint64_t kMaxTextBytes = 1U << 20U; // of the variable block, to read as text

std::string textField(ByteCursor& cursor, std::size_t size) {
    const auto characters = cursor.characters(size);
    const auto utf8 = text::utf8(characters.substr(0, characters.find('\0')));
    return std::string(text::trim(utf8));
}

// Day, month, year; -9 where it is not known.
std::string dateField(ByteCursor& cursor) {
    const int day = cursor.i16();
    const int month = cursor.i16();
    const int year = cursor.i16();
    if (day < 1 || day > 31 || month < 1 || month > 12 || year < 1 || year > 9999)
        return {};
    char out[32];
    std::snprintf(out, sizeof out, "%04d-%02d-%02d", year, month, day);
    return out;
}

std::string timeField(ByteCursor& cursor) {
    const int hour = cursor.i16();
    const int minute = cursor.i16();
    const int second = cursor.i16();
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
        return {};
    char out[32];
    std::snprintf(out, sizeof out, "%02d:%02d:%02d", hour, minute, second);
    return out;
}

Header parse(std::span<const std::byte> bytes) {
    ByteCursor cursor(bytes);
    cursor.skip(kMagic.size());
    Header h;
    h.checksum = cursor.u16();
    h.textBytes = cursor.i32();
    h.samples = cursor.i32();
    h.textOffset = cursor.i32();
    h.dataOffset = cursor.i32();
    cursor.skip(2); // version of the file
    h.firstName = textField(cursor, 40);
    h.lastName = textField(cursor, 40);
    h.id = textField(cursor, 20);
    h.sex = cursor.i16();
    cursor.skip(2); // race
    h.birthDate = dateField(cursor);
    h.recordDate = dateField(cursor);
    h.fileDate = dateField(cursor);
    h.startTime = timeField(cursor);
    h.leads = cursor.i16();
    for (auto* slots : {&h.leadCodes, &h.quality, &h.resolutionNv})
        for (auto& slot : *slots)
            slot = cursor.i16();
    h.pacemaker = cursor.i16();
    h.recorder = textField(cursor, 40);
    h.samplingRate = cursor.i16();
    h.proprietary = textField(cursor, 80);
    h.copyright = textField(cursor, 80);
    return h;
}

} // namespace

std::string leadName(int code) {
    static constexpr std::array<std::string_view, 20> kNames{"",    "",    "X",   "Y",   "Z",  "I",  "II",
                                                             "III", "aVR", "aVL", "aVF", "V1", "V2", "V3",
                                                             "V4",  "V5",  "V6",  "ES",  "AS", "AI"};
    return code >= 0 && static_cast<std::size_t>(code) < kNames.size()
               ? std::string(kNames[static_cast<std::size_t>(code)])
               : std::string();
}

Result<Header> readHeader(const RandomAccess& bytes, std::string_view magic, const std::string& file,
                          std::vector<Warning>& warnings) {
    if (bytes.size() < kHeaderBytes)
        return makeError(
            ErrorCode::FileTruncated,
            "its header has " + std::to_string(bytes.size()) + " of " + std::to_string(kHeaderBytes) + " bytes", file);
    std::vector<std::byte> fixed(kHeaderBytes);
    if (auto done = bytes.read(0, fixed); !done)
        return done.as<Header>();
    if (!text::asText(fixed).starts_with(magic))
        return makeError(ErrorCode::FormatInvalid, "it does not begin with " + std::string(text::trim(magic)), file);
    auto header = parse(fixed);

    const auto size = static_cast<std::int64_t>(std::min<std::uint64_t>(bytes.size(), INT64_MAX));
    const auto room = size - static_cast<std::int64_t>(kHeaderBytes);
    const bool textFits = header.textBytes >= 0 && header.textBytes <= room;
    const auto behind = static_cast<std::int64_t>(kHeaderBytes) + (textFits ? header.textBytes : 0);
    const bool offsetFits = header.dataOffset >= static_cast<std::int64_t>(kHeaderBytes) && header.dataOffset <= size;
    header.dataAt = static_cast<std::uint64_t>(offsetFits ? header.dataOffset : behind);
    if (!textFits || !offsetFits || header.dataOffset < behind)
        warnings.push_back({WarningCode::LengthContradiction,
                            "the header has " + std::to_string(kHeaderBytes) + " bytes and " +
                                std::to_string(header.textBytes) + " of text, the data begin at byte " +
                                std::to_string(header.dataOffset) + " of " + std::to_string(size) +
                                "; read from byte " + std::to_string(header.dataAt),
                            "header"});
    // The checksum is of all before the samples; 0 where a writer left it out.
    if (textFits && static_cast<std::uint64_t>(header.textBytes) <= kMaxTextBytes) {
        std::vector<std::byte> all(kHeaderBytes + static_cast<std::size_t>(header.textBytes));
        if (auto done = bytes.read(0, all); !done)
            return done.as<Header>();
        const auto block = std::span<const std::byte>(all).subspan(kHeaderBytes);
        if (header.checksum != 0 && crcCcitt(std::span<const std::byte>(all).subspan(kChecked)) != header.checksum &&
            crcCcitt(std::span<const std::byte>(fixed).subspan(kChecked)) != header.checksum)
            warnings.push_back({WarningCode::Checksum, "the checksum of the header does not fit its bytes", "header"});
        const auto words = text::utf8(text::asText(block).substr(0, text::asText(block).find('\0')));
        if (text::looksLikeText(block.first(std::min(block.size(), words.size()))))
            for (const auto line : text::lines(words))
                if (const auto trimmed = text::trim(line); !trimmed.empty())
                    header.text.emplace_back(trimmed);
    }
    return header;
}

} // namespace precordia::ishne
