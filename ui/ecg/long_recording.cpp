// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ecg/long_recording.h"

#include <utility>

namespace precordia {

Result<std::shared_ptr<const Recording>>
beginningOf(const Study& study, const std::shared_ptr<const LoadedRecording>& loaded, double seconds) {
    using Beginning = std::shared_ptr<const Recording>;
    if (!isLong(*loaded))
        return Beginning(loaded, &loaded->recording);
    auto read = readBeginning(study, loaded->row.id, seconds);
    if (!read)
        return read.as<Beginning>();
    deriveLimbLeads(*read);
    return std::make_shared<const Recording>(*std::move(read));
}

} // namespace precordia
