// SPDX-License-Identifier: GPL-3.0-or-later
// ISHNE recordings and annotation files: what is read lies within the file, and a range is a part of the whole.
#include "core/io/ishne_annotation.h"
#include "core/io/ishne_reader.h"
#include "tests/fuzz/fuzz.h"

#include <cstring>
#include <span>

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto bytes = std::as_bytes(std::span(data, size));
    if (const auto marks = precordia::ishne::parseAnnotations(bytes, "input"))
        promise(marks->annotations.size() * 4 <= size, "no more marks than bytes hold");
    const auto source = precordia::RandomAccess::of(bytes);
    const auto whole = precordia::readIshne(*source, "input", {});
    if (!whole) {
        promise(!whole.error().message.empty() && !whole.error().where.empty(), "a refusal has place and reason");
        return 0;
    }
    promise(whole->samples() > 0 && whole->samples() * whole->leads.size() * 2 <= size, "the samples are in the file");
    precordia::ReadOptions options;
    options.range = precordia::SampleRange{static_cast<std::int64_t>(whole->samples() / 3), 5};
    const auto part = precordia::readIshne(*source, "input", options);
    promise(part.ok() && part->firstSample == options.range->first, "a part is read as well");
    for (std::size_t l = 0; l < part->leads.size(); ++l)
        promise(std::memcmp(part->leads[l].samples.data(),
                            whole->leads[l].samples.data() + static_cast<std::size_t>(options.range->first),
                            part->samples() * sizeof(float)) == 0,
                "the same samples");
    return 0;
}
