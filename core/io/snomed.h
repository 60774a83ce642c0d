// SPDX-License-Identifier: GPL-3.0-or-later
// SNOMED CT codes of PhysioNet/CinC #Dx lines and their names (lower case), from resources/names/snomed_dx.csv,
// compiled in.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace precordia {

std::optional<std::string> snomedName(std::string_view code);         // "164889003" -> "atrial fibrillation"
std::optional<std::string> snomedAbbreviation(std::string_view code); // -> "AF"
struct SnomedTerm {
    std::string code, name;
};
std::vector<SnomedTerm> snomedTerms(); // all that are known, by name
// Case, spaces, trailing dot; "Rhythm: Sinus rhythm." -> kind "rhythm", name "sinus rhythm"
struct LabelName {
    std::string name;
    std::string kind; // "rhythm" or ""
};
LabelName normaliseLabel(std::string_view text);

} // namespace precordia
