// SPDX-License-Identifier: GPL-3.0-or-later
// EDF, EDF+ (continuous and discontinuous), BDF and BDF+ (24 bits). The signals of the sampling rate that has the most
// ECG leads are the recording, others go to otherGroups. Annotations keep their duration and the signal they are about.
// A discontinuous file has NaN where it was not recording. A code below the declared digital minimum that is the
// lowest of all (-32768) is a missing sample: the format has no code of its own for one, and edf_writer writes this.
// Where the last record ends with nothing else in any lead, it is only filled up: the recording ends before.
#pragma once

#include "core/io/reader.h"

namespace precordia {

class EdfReader final : public Reader {
public:
    std::string_view key() const override { return "edf"; }
    std::string_view description() const override { return "EDF, EDF+, BDF or BDF+ file"; }
    int recognises(const FileHead& head) const override;
    bool readsRanges() const override { return true; }
    Result<Recording> read(const std::filesystem::path& path, const ReadOptions& options) const override;
};

} // namespace precordia
