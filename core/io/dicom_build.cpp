// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/dicom_build.h"

#include "core/base/file.h"
#include "core/io/text.h"

#include <dcmtk/dcmdata/dcostrmb.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <random>
#include <vector>

namespace precordia::dicom {

namespace {

constexpr std::size_t kDecimalCharacters = 16;

} // namespace

Decimal decimal(double value) {
    auto words = text::shortest(value);
    for (int digits = 16; words.size() > kDecimalCharacters && digits > 0; --digits) {
        std::array<char, 40> buffer{};
        std::snprintf(buffer.data(), buffer.size(), "%.*g", digits, value);
        words = buffer.data();
        std::replace(words.begin(), words.end(), ',', '.'); // whatever the locale
    }
    return {words, text::number(words).value_or(0)};
}

std::string plainText(std::string_view words, std::size_t characters) {
    std::string out;
    std::size_t count = 0;
    for (const char c : text::utf8(words)) {
        const auto byte = static_cast<unsigned char>(c);
        const bool begins = (byte & 0xC0U) != 0x80U;
        if (begins && ++count > characters)
            break;
        out += byte < 0x20 || byte == 0x7F || c == '\\' ? ' ' : c;
    }
    return std::string(text::trim(out));
}

std::string personName(std::string_view name) {
    auto out = plainText(name, 60);
    return out.empty() || out.find('^') != std::string::npos ? out : out + "^";
}

void put(DcmItem& item, const DcmTagKey& tag, const std::string& value) {
    (void)item.putAndInsertOFStringArray(tag, OFString(value.c_str(), value.size()));
}

void putNumber(DcmItem& item, const DcmTagKey& tag, double value) {
    put(item, tag, decimal(value).text);
}

void putUnsigned(DcmItem& item, const DcmTagKey& tag, unsigned value) {
    if (DcmTag(tag).getEVR() == EVR_UL)
        (void)item.putAndInsertUint32(tag, value);
    else
        (void)item.putAndInsertUint16(tag, static_cast<Uint16>(value));
}

DcmItem& addItem(DcmItem& item, const DcmTagKey& sequence) {
    auto* inner = new DcmItem; // NOLINT: the sequence owns it
    (void)item.insertSequenceItem(sequence, inner);
    return *inner;
}

void putCode(DcmItem& item, const DcmTagKey& sequence, const Code& code) {
    auto& inner = addItem(item, sequence);
    put(inner, DCM_CodeValue, plainText(code.value, 16));
    put(inner, DCM_CodingSchemeDesignator, plainText(code.scheme, 16));
    if (code.scheme == "SCPECG") // a scheme whose versions differ says which it is (PS3.16, 8)
        put(inner, DCM_CodingSchemeVersion, "1.3");
    put(inner, DCM_CodeMeaning, plainText(code.meaning.empty() ? code.value : code.meaning, 64));
}

std::string newUid() {
    std::random_device device;
    std::array<std::uint32_t, 4> words{device(), device(), device(), device()};
    words[1] = (words[1] & 0xFFFF0FFFU) | 0x4000U;     // version 4
    words[2] = (words[2] & 0x3FFFFFFFU) | 0x80000000U; // variant of RFC 4122
    std::string digits;
    while (std::any_of(words.begin(), words.end(), [](std::uint32_t w) { return w != 0; })) {
        std::uint64_t rest = 0;
        for (auto& word : words) {
            const auto value = rest << 32U | word;
            word = static_cast<std::uint32_t>(value / 10);
            rest = value % 10;
        }
        digits.insert(digits.begin(), static_cast<char>('0' + rest));
    }
    return "2.25." + digits;
}

Result<Done> save(DcmDataset& data, const std::filesystem::path& path) {
    const auto wrong = [&](const OFCondition& state) {
        return makeError(ErrorCode::FileUnwritable, std::string("DCMTK: ") + state.text(), path.string());
    };
    DcmFileFormat file(&data);
    // In memory, then to the disk in one go, so that the old file stays whole until then.
    const auto room = file.calcElementLength(EXS_LittleEndianExplicit, EET_ExplicitLength) + (1U << 16U);
    std::vector<std::byte> bytes(room);
    DcmOutputBufferStream stream(bytes.data(), static_cast<offile_off_t>(bytes.size()));
    file.transferInit();
    const auto state =
        file.write(stream, EXS_LittleEndianExplicit, EET_ExplicitLength, nullptr, EGL_withoutGL, EPD_withoutPadding);
    file.transferEnd();
    if (state.bad())
        return wrong(state);
    stream.flush();
    void* written = nullptr;
    offile_off_t length = 0;
    stream.flushBuffer(written, length);
    return writeFileAtomically(path,
                               std::span(static_cast<const std::byte*>(written), static_cast<std::size_t>(length)));
}

} // namespace precordia::dicom
