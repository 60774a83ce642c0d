// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/paper/categories.h"

namespace precordia {

std::vector<QColor> categoryColours(const QColor& ink) {
    return {QColor(0x0072B2), QColor(0xE69F00), QColor(0x009E73), QColor(0xCC79A7),
            QColor(0x56B4E9), QColor(0xD55E00), QColor(0xF0E442), ink};
}

} // namespace precordia
