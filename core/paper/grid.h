// SPDX-License-Identifier: GPL-3.0-or-later
// The ground and the millimetre grid of paper, for pages that are not laid out as strips of leads.
#pragma once

#include "core/paper/paper.h"

namespace precordia {

// From the painter's origin, one unit = one millimetre; on raster devices snapped to device pixels.
void drawPaperGrid(QPainter& painter, const QSizeF& sizeMm, const PaperColours& colours, bool lines = true);

} // namespace precordia
