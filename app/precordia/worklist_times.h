// SPDX-License-Identifier: GPL-3.0-or-later
// How quickly the window shows, filters, sorts and scrolls the worklist of a study; for `precordia-cli bench worklist`.
#pragma once

#include <QString>

namespace precordia {

// Opens the study in a window of its own and prints one JSON object: milliseconds from what was asked until it was
// painted. Returns the exit status.
int printWorklistTimes(const QString& study);

} // namespace precordia
