// SPDX-License-Identifier: GPL-3.0-or-later
// What may stay of a DICOM waveform object, and how.
#pragma once

#include "core/io/dicom_items.h"

#include <optional>
#include <string>
#include <string_view>

namespace precordia::dicom {

enum class Rule {
    Remove,
    Empty,       // type 2: present without a value
    Number,      // decimal or integer strings, if they are numbers
    Binary,      // binary numbers and samples, as they stand
    Uid,         // mapped, but for UIDs of the standard itself
    StandardUid, // kept if it is one of the standard, else removed
    Date,
    Time,
    DateTime,
    Age,
    Term, // a defined term of the standard
    Charset,
    Code,        // a sequence of codes: known ones only
    Label,       // a multiplex group's label: "RHYTHM", "MEDIAN BEAT"
    Lead,        // a channel's label, if it names a lead
    Maker,       // a known maker of recorders
    PatientName, // pseudonym
    PatientId,   // pseudonym
    Derivation,  // "Derived" for whatever is said
    Items,       // a sequence, to be gone through
};

Rule ruleFor(const DcmTagKey& tag);
// Whether an attribute has its place in an item of the sequence `parent` (0000,0000 or its like: in the data set).
bool belongs(const DcmTagKey& tag, const DcmTagKey& parent);

bool isTerm(std::string_view word);                     // of a code string
std::optional<Code> publicCode(const Code& code);       // without free text; empty when nothing can stay
std::string publicLabel(std::string_view label);        // "" when it says more than what it is
std::string publicLead(std::string_view label);         // "" when it names no lead
std::string publicMaker(std::string_view manufacturer); // "" when unknown

} // namespace precordia::dicom
