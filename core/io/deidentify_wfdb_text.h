// SPDX-License-Identifier: GPL-3.0-or-later
// What may stay of the texts of a WFDB record: only what is on a list or a number in its place.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace precordia::wfdb {

// Age (grouped), sex, SNOMED codes, known diagnoses, rhythms and labels of header comments, as new comment lines;
// `dropped` counts the lines that said more or anything else.
std::vector<std::string> clinicalComments(const std::vector<std::string>& comments, std::size_t& dropped);
// A patient's id in a comment ("Patient ID: 7", "<subject>: 7"); "" where none is named.
std::string patientIn(const std::vector<std::string>& comments);
// Every word a name of leads or signals, or a number of at most two digits.
bool knownDescription(std::string_view description);
bool knownUnit(std::string_view unit);
// "(AFIB", "(N", "AST1+300"; rhythm and ST or T change codes of annot(5) alone.
bool knownAnnotationText(std::string_view text);
// The annotation file with its codes, times and channels as they are, and of its texts only the known; `dropped` counts
// the others. Empty when it is no MIT annotation file.
std::vector<std::byte> clinicalAnnotations(std::span<const std::byte> bytes, std::size_t& dropped);

} // namespace precordia::wfdb
