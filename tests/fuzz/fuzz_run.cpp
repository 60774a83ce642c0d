// SPDX-License-Identifier: GPL-3.0-or-later
// The files of a run's folder as the window reads them: metrics.csv, config.json, environment.json.
#include "core/engine/run_history.h"
#include "tests/fuzz/fuzz.h"

#include <algorithm>
#include <string>

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    const auto updates = precordia::readMetrics(text);
    promise(updates.size() <= static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')),
            "no more steps than lines");
    promise(precordia::presetOf(text).size() <= size, "a name is a part of the text");
    static_cast<void>(precordia::totalStepsOf(text));
    return 0;
}
