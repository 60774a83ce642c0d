// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/dicom_items.h"

#include "core/io/text.h"

#include <algorithm>
#include <cmath>

namespace precordia::dicom {

std::string stringOf(DcmItem& item, const DcmTagKey& tag) {
    OFString value;
    if (item.findAndGetOFStringArray(tag, value).bad())
        return {};
    const auto utf8 = text::utf8(std::string_view(value.c_str(), value.length()));
    auto words = text::trim(utf8);
    while (!words.empty() && words.back() == '\0')
        words.remove_suffix(1);
    return std::string(words);
}

std::vector<double> numbersOf(DcmItem& item, const DcmTagKey& tag) {
    std::vector<double> out;
    const auto words = stringOf(item, tag);
    if (words.empty())
        return out;
    for (const auto part : text::split(words, '\\')) {
        const auto value = text::number(text::trim(part));
        if (!value)
            return out;
        out.push_back(*value);
    }
    return out;
}

std::optional<double> numberOf(DcmItem& item, const DcmTagKey& tag) {
    const auto words = stringOf(item, tag);
    return text::number(text::trim(std::string_view(words).substr(0, words.find('\\'))));
}

std::optional<unsigned> unsignedOf(DcmItem& item, const DcmTagKey& tag) {
    const auto value = numberOf(item, tag);
    if (!value || *value < 0 || *value > 4294967295.0)
        return std::nullopt;
    return static_cast<unsigned>(*value);
}

DcmElement* elementOf(DcmItem& item, const DcmTagKey& tag) {
    DcmElement* element = nullptr;
    return item.findAndGetElement(tag, element).good() ? element : nullptr;
}

DcmSequenceOfItems* sequenceOf(DcmItem& item, const DcmTagKey& tag) {
    auto* element = elementOf(item, tag);
    return element != nullptr && element->ident() == EVR_SQ ? static_cast<DcmSequenceOfItems*>(element) : nullptr;
}

DcmItem* firstItem(DcmItem& item, const DcmTagKey& tag) {
    auto* sequence = sequenceOf(item, tag);
    return sequence == nullptr ? nullptr : static_cast<DcmItem*>(sequence->nextInContainer(nullptr));
}

Code codeOf(DcmItem& item, const DcmTagKey& sequence) {
    auto* code = firstItem(item, sequence);
    if (code == nullptr)
        return {};
    auto value = stringOf(*code, DCM_CodeValue);
    if (value.empty())
        value = stringOf(*code, DCM_LongCodeValue);
    return {std::move(value), stringOf(*code, DCM_CodingSchemeDesignator), stringOf(*code, DCM_CodeMeaning)};
}

std::vector<std::byte> bytesOf(DcmElement& element, std::size_t offset, std::size_t count) {
    const auto length = static_cast<std::size_t>(element.getLengthField());
    if (element.getLengthField() == DCM_UndefinedLength || offset >= length || element.ident() == EVR_SQ)
        return {};
    std::vector<std::byte> out(std::min(count, length - offset));
    if (element
            .getPartialValue(out.data(), static_cast<Uint32>(offset), static_cast<Uint32>(out.size()), nullptr,
                             EBO_LittleEndian)
            .bad())
        return {};
    return out;
}

} // namespace precordia::dicom
