// SPDX-License-Identifier: GPL-3.0-or-later
// What an import did: counts, warnings by kind and failures by reason, each to be opened to its files; as a CSV.
#pragma once

#ifndef Q_MOC_RUN
#include "core/study/import.h"
#endif

#include <QDialog>

class QTreeWidget;

namespace precordia {

class ElidedLabel;

class ImportResultDialog : public QDialog {
    Q_OBJECT
public:
    ImportResultDialog(const ImportReport& report, QWidget* parent);
    void saveAs(const QString& file);

private:
    void addFailures();
    void addWarnings();

    ImportReport report_;
    QTreeWidget* tree_;
    ElidedLabel* saved_;
};

} // namespace precordia
