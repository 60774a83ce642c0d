// SPDX-License-Identifier: GPL-3.0-or-later
// ISHNE Holter recordings 1.0 with the annotation file beside them (NAME.ecg, NAME.ann). A range is read with memory in
// proportion to it.
#pragma once

#include "core/io/random_access.h"
#include "core/io/reader.h"

#include <string>

namespace precordia {

class IshneReader final : public Reader {
public:
    std::string_view key() const override { return "ishne"; }
    std::string_view description() const override { return "ISHNE Holter recording"; }
    int recognises(const FileHead& head) const override;
    bool isCompanion(const FileHead& head) const override;
    bool readsRanges() const override { return true; }
    Result<Recording> read(const std::filesystem::path& path, const ReadOptions& options) const override;
};

// From any bytes, without annotations; `file` is for messages. Errors as Reader::read.
Result<Recording> readIshne(const RandomAccess& bytes, const std::string& file, const ReadOptions& options);

// NAME.ann beside NAME.ecg; empty when there is none.
std::filesystem::path ishneAnnotationsBeside(const std::filesystem::path& path);

namespace ishne {
// How many samples a lead has, by the header and by what is there.
struct Length {
    std::int64_t promised = 0; // 0: the header does not say
    std::int64_t there = 0;
    std::int64_t read = 0;
};
struct Header;
Length lengthOf(const Header& header, std::uint64_t fileBytes);
} // namespace ishne

} // namespace precordia
