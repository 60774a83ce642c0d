// SPDX-License-Identifier: GPL-3.0-or-later
// What every reader of an XML format promises of any input.
#pragma once

#include "core/io/reader.h"
#include "tests/fuzz/fuzz.h"

#include <span>
#include <string>

namespace precordia::fuzz {

inline void checkGroup(const Recording& recording, std::size_t size) {
    promise(recording.samplingRate > 0, "a rate");
    for (const auto& lead : recording.leads)
        promise(lead.samples.size() == recording.samples(), "all leads of one length");
    // A sample takes a character or more, but for the compressed and for gaps, both bounded.
    promise(recording.samples() * recording.leads.size() <= 64 * size + 100'000'000, "memory follows the file");
    for (const auto& mark : recording.annotations)
        promise(mark.sample.value >= 0 && mark.sample.value < static_cast<std::int64_t>(recording.samples()),
                "marks lie in the recording");
}

template <typename Read>
int checkReader(Read read, const std::uint8_t* data, std::size_t size) {
    const auto bytes = std::as_bytes(std::span(data, size));
    const auto whole = read(bytes, "input", ReadOptions{});
    ReadOptions head;
    head.metadataOnly = true;
    (void)read(bytes, "input", head);
    if (whole.failed())
        promise(!whole.error().message.empty() && whole.error().where.find("input") == 0,
                "an error names file and reason");
    if (!whole.ok())
        return 0;
    checkGroup(*whole, size);
    for (const auto& beat : whole->medianBeats)
        checkGroup(beat, size);
    for (const auto& group : whole->otherGroups)
        checkGroup(group, size);
    return 0;
}

} // namespace precordia::fuzz
