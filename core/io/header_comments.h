// SPDX-License-Identifier: GPL-3.0-or-later
// What the comment lines of research records say: "Dx: 426783006" (PhysioNet/CinC), "<age>: 51" and diagnoses by the
// line (LUDB), "Labels: NORM" (PTB-XL exports), "Statements: a; b" (ZZU), "69 M 1085" (MIT-BIH),
// "Acute infarction (localization): inferior" (PTB).
#pragma once

#include "core/ecg/recording.h"

#include <string>
#include <string_view>
#include <vector>

namespace precordia {

// Fills age, sex, diagnosis codes and texts of recording.metadata and keeps the comments; a Dx code that has no name
// here gives a warning and is kept.
void applyComments(std::vector<std::string> comments, Recording& recording);

// "51", "7.5 yr", "3 mo", ">89", "057Y"; empty when it is no age of a person
std::optional<double> parseAgeYears(std::string_view text);
// "male", "female" or ""
std::string parseSex(std::string_view text);

} // namespace precordia
