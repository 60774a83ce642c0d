// SPDX-License-Identifier: GPL-3.0-or-later
// Dates and times of many spellings as ISO 8601; what is no date is "" rather than a guess.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace precordia::timestamp {

// "28/06/1987" or "05-May-2020" with "16:56:02" or "31:51.982" (minutes): "1987-06-28T16:56:02"; "" without a date.
std::string fromDateAndTime(std::string_view date, std::string_view time);
// DICOM DT, DA or DA + TM: "20021122091000.5" -> "2002-11-22T09:10:00"
std::string fromDicom(std::string_view digits);
// Whole years from one ISO 8601 date (or date and time) to another: an age; empty below 0, above 130 and for no dates.
std::optional<double> yearsBetween(std::string_view birthDate, std::string_view date);

} // namespace precordia::timestamp
