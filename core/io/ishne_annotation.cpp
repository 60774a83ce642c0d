// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/ishne_annotation.h"

#include "core/io/byte_cursor.h"
#include "core/io/ishne_header.h"

#include <array>
#include <cctype>
#include <cstdint>
#include <set>
#include <string_view>
#include <utility>

namespace precordia::ishne {

namespace {

struct Label {
    char label;
    std::string_view symbol; // MIT
    std::string_view text;
};

// A mark "!" is a flutter wave to MIT, a time without analysis here.
constexpr std::array<Label, 9> kLabels{{{'N', "N", ""},
                                        {'V', "V", ""},
                                        {'S', "S", ""},
                                        {'P', "/", ""},
                                        {'B', "B", ""},
                                        {'U', "Q", ""},
                                        {'X', "|", ""},
                                        {'C', "\"", "calibration pulse"},
                                        {'!', "~", "not analysed"}}};

const Label* find(char label) {
    for (const auto& known : kLabels)
        if (known.label == label)
            return &known;
    return nullptr;
}

} // namespace

bool knownLabel(char label) {
    return find(label) != nullptr;
}

Result<AnnotationFile> parseAnnotations(std::span<const std::byte> bytes, const std::string& file) {
    AnnotationFile out;
    const auto source = RandomAccess::of(bytes);
    const auto header = readHeader(*source, kAnnotationMagic, file, out.warnings);
    if (!header)
        return header.as<AnnotationFile>();
    out.samplingRate = header->samplingRate;
    ByteCursor cursor(bytes.subspan(static_cast<std::size_t>(header->dataAt)));
    std::int64_t at = cursor.u32();
    if (cursor.failed())
        return makeError(ErrorCode::FileTruncated, "it ends before its first annotation", file);
    std::set<char> unknown;
    while (cursor.left() >= 4) {
        const auto label = static_cast<char>(cursor.u8());
        cursor.skip(1); // for internal use
        at += cursor.u16();
        const auto* known = find(label);
        Annotation annotation;
        annotation.sample = SampleIndex{at};
        annotation.symbol = known != nullptr ? std::string(known->symbol) : "Q";
        annotation.source = "ann";
        if (known != nullptr)
            annotation.text = known->text;
        else if (unknown.insert(label).second)
            out.warnings.push_back({WarningCode::UnknownCode,
                                    "the beat label " + std::to_string(static_cast<unsigned char>(label)) +
                                        " is not one of the format's; such beats stand as unclassified",
                                    "annotations"});
        out.annotations.push_back(std::move(annotation));
    }
    if (cursor.left() > 0)
        out.warnings.push_back({WarningCode::ShortFile, "the last annotation is not all there", "annotations"});
    return out;
}

} // namespace precordia::ishne
