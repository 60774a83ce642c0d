// SPDX-License-Identifier: GPL-3.0-or-later
// The header of a weights file: what is accepted lies within the file, fits its shape, and has no hole.
#include "core/engine/safetensors_header.h"
#include "tests/fuzz/fuzz.h"

#include <span>

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto header = precordia::parseSafetensors(std::as_bytes(std::span(data, size)));
    if (!header) {
        promise(!header.error().message.empty(), "a refusal has its reason");
        return 0;
    }
    promise(header->dataAt <= size, "the data begin within the file");
    std::uint64_t at = 0;
    for (const auto& entry : header->entries) {
        promise(entry.begin == at && entry.end >= entry.begin, "no hole, no overlap");
        std::uint64_t items = 1;
        for (const auto n : entry.shape) {
            promise(n >= 0, "no negative size");
            items *= static_cast<std::uint64_t>(n);
        }
        promise(items * precordia::itemSize(entry.type) == entry.end - entry.begin, "the shape fits the data");
        at = entry.end;
    }
    promise(header->dataAt + at == size, "the data end with the file");
    return 0;
}
