// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/scp_leads.h"

#include <array>
#include <string_view>

namespace precordia::scp {

std::string leadName(unsigned number) {
    static constexpr std::array<std::string_view, 98> kNames{
        "",        "I",       "II",         "V1",         "V2",         "V3",      "V4",      "V5",      "V6",
        "V7",      "V2R",     "V3R",        "V4R",        "V5R",        "V6R",     "V7R",     "X",       "Y",
        "Z",       "CC5",     "CM5",        "LA",         "RA",         "LL",      "fI",      "E",       "C",
        "A",       "M",       "F",          "H",          "I-cal",      "II-cal",  "V1-cal",  "V2-cal",  "V3-cal",
        "V4-cal",  "V5-cal",  "V6-cal",     "V7-cal",     "V2R-cal",    "V3R-cal", "V4R-cal", "V5R-cal", "V6R-cal",
        "V7R-cal", "X-cal",   "Y-cal",      "Z-cal",      "CC5-cal",    "CM5-cal", "LA-cal",  "RA-cal",  "LL-cal",
        "fI-cal",  "E-cal",   "C-cal",      "A-cal",      "M-cal",      "F-cal",   "H-cal",   "III",     "aVR",
        "aVL",     "aVF",     "-aVR",       "V8",         "V9",         "V8R",     "V9R",     "Nehb D",  "Nehb A",
        "Nehb J",  "Defib",   "Pacing",     "A1",         "A2",         "A3",      "A4",      "V8-cal",  "V9-cal",
        "V8R-cal", "V9R-cal", "Nehb D-cal", "Nehb A-cal", "Nehb J-cal", "Chest",   "V",       "VR",      "VL",
        "VF",      "MCL",     "MCL1",       "MCL2",       "MCL3",       "MCL4",    "MCL5",    "MCL6"};
    return number < kNames.size() ? std::string(kNames[number]) : std::string();
}

} // namespace precordia::scp
