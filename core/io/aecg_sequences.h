// SPDX-License-Identifier: GPL-3.0-or-later
// The waveforms of an HL7 annotated ECG: sequence sets of a time axis (GLIST) and leads (SLIST), put on one clock.
#pragma once

#include "core/io/aecg_annotations.h"
#include "core/io/reader.h"

namespace precordia::aecg {

struct Group {
    Recording recording;
    Clock clock;
};

// One sequence set. value = origin + scale x digit. Errors: FormatInvalid (no time axis, no leads, digits that are no
// numbers, leads of wildly different length), FormatUnsupported (uneven times).
Result<Group> readSet(const xml::Element& set, const std::string& where, const ReadOptions& options);

// Sets of one rate and clock that do not overlap in a lead become one, NaN where a lead was not recorded; the others
// stay.
std::vector<Group> joined(std::vector<Group> groups);

} // namespace precordia::aecg
