// SPDX-License-Identifier: GPL-3.0-or-later
// Putting DICOM objects together with DCMTK, so that values keep the rules of their representation (PS3.5, 6.2).
#pragma once

#include "core/base/result.h"
#include "core/io/dicom_codes.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <filesystem>
#include <string>
#include <string_view>

namespace precordia::dicom {

// A number that a decimal string holds: at most 16 characters.
struct Decimal {
    std::string text;
    double value = 0; // of the text
};
Decimal decimal(double value);

// Without control characters and backslashes, at most `characters` long, cut between two of them.
std::string plainText(std::string_view words, std::size_t characters);
std::string personName(std::string_view name); // at least one "^", as a name of today has

void put(DcmItem& item, const DcmTagKey& tag, const std::string& value);
void putNumber(DcmItem& item, const DcmTagKey& tag, double value); // decimal string
void putUnsigned(DcmItem& item, const DcmTagKey& tag, unsigned value);
DcmItem& addItem(DcmItem& item, const DcmTagKey& sequence);
void putCode(DcmItem& item, const DcmTagKey& sequence, const Code& code);

std::string newUid(); // 2.25. and a random UUID (PS3.5, B.2)

// The whole object as a DICOM file, explicit VR little-endian; the file meta information is made new.
Result<Done> save(DcmDataset& data, const std::filesystem::path& path);

} // namespace precordia::dicom
