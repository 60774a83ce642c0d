// SPDX-License-Identifier: GPL-3.0-or-later
// The one way to QCustomPlot: its header uses signals, slots and foreach, which this program switches off.
#pragma once

#include <QtGlobal>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wall"
#pragma GCC diagnostic ignored "-Wextra"
#pragma GCC diagnostic ignored "-Woverloaded-virtual"
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
#define signals Q_SIGNALS
#define slots Q_SLOTS
#define foreach Q_FOREACH
#include <qcustomplot.h>
#undef foreach
#undef slots
#undef signals
#pragma GCC diagnostic pop
