// SPDX-License-Identifier: GPL-3.0-or-later
// EDF and BDF: any part of what is accepted is the same as the whole there.
#include "core/io/edf_reader.h"
#include "tests/fuzz/array_file.h"

#include <algorithm>
#include <cstring>

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const FuzzFile file("fuzz.edf");
    file.set(data, size);
    const precordia::EdfReader reader;
    const auto whole = reader.read(file.path(), {});
    checkRecording(whole);
    precordia::ReadOptions options;
    options.metadataOnly = true;
    const auto head = reader.read(file.path(), options);
    checkRecording(head, true);
    promise(!whole.ok() || head.ok(), "what is read whole is read in its head");
    if (!whole || whole->samples() == 0)
        return 0;
    options.metadataOnly = false;
    const auto length = static_cast<std::int64_t>(whole->samples());
    options.range = precordia::SampleRange{length / 3, std::min<std::int64_t>(500, length / 2)};
    const auto part = reader.read(file.path(), options);
    promise(part.ok() && part->leads.size() == whole->leads.size(), "a part of it is read");
    for (std::size_t l = 0; l < part->leads.size(); ++l)
        promise(std::memcmp(part->leads[l].samples.data(), whole->leads[l].samples.data() + length / 3,
                            part->samples() * sizeof(float)) == 0,
                "the part is the whole's");
    return 0;
}
