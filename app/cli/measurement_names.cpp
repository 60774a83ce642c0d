// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/measurement_names.h"

#include <map>
#include <string_view>

namespace precordia::cli {

MeasurementName measurementName(const std::string& key) {
    static const std::map<std::string, MeasurementName> names = {
        {"heart_rate_bpm", {"heart rate", "bpm"}},
        {"rr_ms", {"RR", "ms"}},
        {"rr_min_ms", {"RR, shortest", "ms"}},
        {"rr_max_ms", {"RR, longest", "ms"}},
        {"rr_sd_ms", {"RR, spread (SD)", "ms"}},
        {"p_ms", {"P", "ms"}},
        {"pr_ms", {"PR", "ms"}},
        {"qrs_ms", {"QRS", "ms"}},
        {"qt_ms", {"QT", "ms"}},
        {"qtc_bazett_ms", {"QTc (Bazett)", "ms"}},
        {"qtc_fridericia_ms", {"QTc (Fridericia)", "ms"}},
        {"qtc_framingham_ms", {"QTc (Framingham)", "ms"}},
        {"qtc_hodges_ms", {"QTc (Hodges)", "ms"}},
        {"p_axis_deg", {"P axis", "deg"}},
        {"qrs_axis_deg", {"QRS axis", "deg"}},
        {"t_axis_deg", {"T axis", "deg"}},
        {"sokolow_lyon_uv", {"Sokolow-Lyon", "uV"}},
        {"cornell_uv", {"Cornell", "uV"}},
        {"sdnn_ms", {"SDNN", "ms"}},
        {"rmssd_ms", {"RMSSD", "ms"}},
        {"pnn50_percent", {"pNN50", "%"}},
    };
    if (const auto known = names.find(key); known != names.end())
        return known->second;
    constexpr std::string_view kSt = "st_", kMicrovolts = "_uv";
    if (key.starts_with(kSt) && key.ends_with(kMicrovolts) && key.size() > kSt.size() + kMicrovolts.size())
        return {"ST " + key.substr(kSt.size(), key.size() - kSt.size() - kMicrovolts.size()) + " at J + 60 ms", "uV"};
    return {key, {}};
}

} // namespace precordia::cli
