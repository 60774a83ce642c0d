// SPDX-License-Identifier: GPL-3.0-or-later
// WFDB records (PhysioNet, header(5), signal(5), annot(5)) of one or several segments, in every signal format, FLAC and
// the MAT v4 records of PhysioNet/CinC ("16+24") among them, with the MIT annotation files beside them. Signals of
// another sampling rate than the ECG's are other groups of the recording.
#pragma once

#include "core/io/reader.h"

namespace precordia {

class WfdbReader final : public Reader {
public:
    std::string_view key() const override { return "wfdb"; }
    std::string_view description() const override { return "WFDB record (PhysioNet)"; }
    int recognises(const FileHead& head) const override;
    bool isCompanion(const FileHead& head) const override;
    bool mayBeCompanion(const FileHead& head) const override;
    bool readsRanges() const override { return true; } // format 8 is scanned from its beginning, FLAC is sought in
    Result<Recording> read(const std::filesystem::path& path, const ReadOptions& options) const override;
};

} // namespace precordia
