// SPDX-License-Identifier: GPL-3.0-or-later
// An ECG on a printer: the preview with its printer dialog, and the pages that both get, at true scale.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over the C++20 standard headers behind these
#include "core/base/result.h"
#include "core/paper/paper.h"
#endif

#include <QString>

class QPrinter;
class QWidget;

namespace precordia {

// A4 across, the usual sheet of an ECG; a person may choose another in the dialog.
void setUpForEcg(QPrinter& printer, const QString& title);
// As it is shown, in the colours of paper; a long recording from the shown place on, 20 sheets at most.
PaperOptions printOptions(const Recording& recording, const PaperOptions& shown);
// All sheets, or those that the person asked for in the printer's dialog.
Result<Done> printEcg(QPrinter& printer, const Recording& recording, const PaperOptions& options);
// Preview, dialog, printing; what went wrong.
Result<Done> askAndPrintEcg(QWidget* parent, const Recording& recording, const PaperOptions& shown,
                            const QString& title);

} // namespace precordia
