// SPDX-License-Identifier: GPL-3.0-or-later
// Keeps two of Qt's own remarks from the terminal; they name nothing that a person could mend or would miss.
#pragma once

namespace precordia {

// Before the application object is made. Every other message goes on to where it went before.
void quietQt();

} // namespace precordia
