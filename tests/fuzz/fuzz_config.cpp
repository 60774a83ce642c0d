// SPDX-License-Identifier: GPL-3.0-or-later
// A configuration as somebody wrote it: config.json, a preset, a weights file's metadata. What is accepted is complete,
// and is accepted again as it stands.
#include "core/engine/config.h"
#include "tests/fuzz/fuzz.h"

#include <string>

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    const auto complete = precordia::completeConfig(text);
    if (!complete) {
        promise(!complete.error().message.empty(), "a refusal has its reason");
        return 0;
    }
    const auto again = precordia::completeConfig(*complete);
    promise(again.ok() && *again == *complete, "a complete configuration stays as it is");
    const auto keys = precordia::preprocessingKeys(*complete);
    promise(keys.ok() && !keys->leads.empty() && keys->samplingRate > 0 && keys->windowSeconds > 0,
            "the preprocessing is known");
    return 0;
}
