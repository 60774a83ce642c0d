// SPDX-License-Identifier: GPL-3.0-or-later
// What of a file's words may enter a study. A study holds no name, birth date, id, institution, operator, physician or
// free text: findings enter when every word of theirs is a word of electrocardiography, warnings without what they
// quote, a recording's name when it does not tell who it is. Ids and dates: pseudonym.h.
#pragma once

#include "core/ecg/recording.h"
#include "core/io/snomed.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace precordia {

// The words that tell who somebody is, as this file (and the table's row) has them.
class IdentityWords {
public:
    IdentityWords() = default;
    IdentityWords(const Metadata& metadata, const std::string& tablePatient);
    void add(std::string_view text);    // each of its words
    void addDate(std::string_view iso); // in the orders that file names write it
    // Case and separators do not count; a word of fewer than five characters must stand alone.
    bool in(std::string_view text) const;
    // Also a word of the file's comments that is none of the field's: whose, nobody knows.
    bool inOrOfComments(std::string_view text) const;

private:
    void addComment(std::string_view comment);
    std::vector<std::string> words_, commentWords_;
};

// Two words that are none of the field's ("Mustermann_Max"), or a date: a name that may tell who somebody is although
// the file itself does not say so; a date also as 1956-04-12 or 12.4.1956. "JS00001", "00007_hr", "sinus_rhythm_3" do
// not. Of a file's name without extension, or of a folder's.
bool looksPersonal(std::string_view stem);
// One of the path's folders looks so.
bool hasPersonalFolder(const std::filesystem::path& file);

// The findings of a free text: the whole of it when all its words are known, else its statements that are, else those
// of their clauses. A clause that only qualifies ("Inferior infarct, acute (Smith)") stays with the finding beside it.
struct Findings {
    std::vector<LabelName> names; // empty when nothing is known
    int words = 0, dropped = 0;   // of the text; those that are in no name
};
Findings recognisedFindings(std::string_view text);
// The text when all its words are known, else "".
std::string recognisedText(std::string_view text);

// Without what it quotes, the file's path and name, and without any word of the identity; when such a word is in what
// remains, only its kind.
Warning scrubbed(const Warning& warning, const IdentityWords& identity, const std::filesystem::path& file);
// Only the kind of mark where symbol or text could be anything.
Annotation scrubbed(Annotation mark);
// A device's name without identity and serial numbers.
std::string scrubbedDevice(std::string_view device, const IdentityWords& identity);

} // namespace precordia
