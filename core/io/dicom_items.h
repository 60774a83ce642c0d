// SPDX-License-Identifier: GPL-3.0-or-later
// Short questions to DCMTK's items. Includes DCMTK: for the DICOM files of this folder only.
#pragma once

#include "core/io/dicom_codes.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace precordia::dicom {

// All values of an element, "\" between them, as trimmed UTF-8; "" when it is absent or no text.
std::string stringOf(DcmItem& item, const DcmTagKey& tag);
// The first value of a decimal or integer string, or of a binary number.
std::optional<double> numberOf(DcmItem& item, const DcmTagKey& tag);
std::vector<double> numbersOf(DcmItem& item, const DcmTagKey& tag);
std::optional<unsigned> unsignedOf(DcmItem& item, const DcmTagKey& tag); // US, the first value

DcmSequenceOfItems* sequenceOf(DcmItem& item, const DcmTagKey& tag); // null when absent
DcmItem* firstItem(DcmItem& item, const DcmTagKey& tag);             // null when absent or empty
Code codeOf(DcmItem& item, const DcmTagKey& sequence);               // of its first item

// Visits the items in order, in linear time (DCMTK's access by number is not).
template <typename Visit>
void forEachItem(DcmItem& item, const DcmTagKey& tag, Visit visit) {
    auto* sequence = sequenceOf(item, tag);
    if (sequence == nullptr)
        return;
    for (auto* inner = sequence->nextInContainer(nullptr); inner != nullptr; inner = sequence->nextInContainer(inner))
        visit(*static_cast<DcmItem*>(inner));
}

DcmElement* elementOf(DcmItem& item, const DcmTagKey& tag);
// Bytes [offset, offset + count) of an element of words or bytes, in little-endian order whatever the machine and the
// file; fewer where it ends. Read from the file, without loading the rest.
std::vector<std::byte> bytesOf(DcmElement& element, std::size_t offset, std::size_t count);

} // namespace precordia::dicom
