// SPDX-License-Identifier: GPL-3.0-or-later
// SNOMED CT codes of PhysioNet/CinC #Dx lines and their names, from resources/names/snomed_dx.csv, compiled in.
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
// A label without spaces too many, marks around it and its trailing dot: "Rhythm: Sinus  rhythm." -> kind "rhythm",
// name "sinus rhythm"; ">>> Acute MI <<<" -> "Acute MI". It is spelled as SNOMED does where it is a term of it, else as
// its source does; names that differ by case alone are the same label (text::lower() tells).
struct LabelName {
    std::string name;
    std::string kind; // "rhythm" or ""
};
LabelName normaliseLabel(std::string_view text);

} // namespace precordia
