// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/units.h"

#include "core/io/text.h"

#include <array>
#include <string>
#include <utility>

namespace precordia {

std::optional<double> microvoltsPer(std::string_view unit) {
    auto word = text::trim(unit);
    std::string key;
    // Micro sign and Greek mu look the same and are not.
    for (const std::string_view micro : {"\xC2\xB5", "\xCE\xBC"})
        if (word.starts_with(micro)) {
            key = "u";
            word.remove_prefix(micro.size());
        }
    key += word;
    // Upper case matters in "MV", megavolts nobody means; files that write it mean mV.
    key = text::lower(key);
    static constexpr std::array<std::pair<std::string_view, double>, 13> kUnits{{
        {"uv", 1},
        {"mv", 1e3},
        {"v", 1e6},
        {"nv", 1e-3},
        {"microvolt", 1},
        {"microvolts", 1},
        {"millivolt", 1e3},
        {"millivolts", 1e3},
        {"volt", 1e6},
        {"volts", 1e6},
        {"nanovolt", 1e-3},
        {"nanovolts", 1e-3},
        {"mcv", 1},
    }};
    for (const auto& [name, factor] : kUnits)
        if (key == name)
            return factor;
    return std::nullopt;
}

} // namespace precordia
