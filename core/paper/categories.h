// SPDX-License-Identifier: GPL-3.0-or-later
// Colours of categories, told apart by every eye (Okabe & Ito 2008), for figures and for ui/theme.
#pragma once

#include <QColor>

#include <vector>

namespace precordia {

// ink: the last one, black on light ground and white on dark.
std::vector<QColor> categoryColours(const QColor& ink);

} // namespace precordia
