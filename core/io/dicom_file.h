// SPDX-License-Identifier: GPL-3.0-or-later
// Opens a DICOM file whose every length has been looked at: with or without preamble, implicit or explicit, either byte
// order, deflated (unpacked up to a limit). Values of more than 4 KiB stay in the file until they are asked for.
#pragma once

#include "core/base/result.h"
#include "core/io/dicom_scan.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <filesystem>
#include <memory>

namespace precordia::dicom {

// A file of its own in memory, for what was unpacked; gone with the object.
class MemoryFile {
public:
    explicit MemoryFile(std::span<const std::byte> bytes);
    ~MemoryFile();
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;
    bool ok() const { return descriptor_ >= 0; }
    std::filesystem::path path() const; // "/proc/self/fd/7"

private:
    int descriptor_ = -1;
};

struct OpenFile {
    Layout layout;
    std::unique_ptr<MemoryFile> unpacked; // must outlive the data set, which reads from it
    std::unique_ptr<DcmDataset> dataset;
    bool unknownCharacters = false; // a character set that could not be turned into UTF-8
};

// Errors: those of scan(); FileNotFound, FileUnreadable; FormatInvalid when DCMTK refuses; ValueOutOfRange (unpacks to
// more than 512 MiB).
Result<OpenFile> open(const std::filesystem::path& path);

} // namespace precordia::dicom
