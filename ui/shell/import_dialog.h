// SPDX-License-Identifier: GPL-3.0-or-later
// What to import, and for a new study where to put it; and what an import could not read.
#pragma once

#include "core/study/import.h"

#include <QDialog>
#include <QStringList>

class QLineEdit;
class QPushButton;

namespace precordia {

class ElidedLabel;

class ImportDialog : public QDialog {
    Q_OBJECT
public:
    // newStudy: also asks for the folder of the study.
    ImportDialog(bool newStudy, QWidget* parent);
    void setPaths(const QStringList& paths);

    QStringList paths() const;
    QString labelsCsv() const;
    QString studyFolder() const;

private:
    void check();
    void propose(); // labels and study folder that go with the one path given
    QString missing() const;
    QStringList paths_;
    QLineEdit* source_;
    QLineEdit* labels_;
    QLineEdit* study_ = nullptr;
    ElidedLabel* problem_ = nullptr;
    QPushButton* accept_ = nullptr;
};

// Where the program puts studies unless told otherwise: Documents/Precordia.
QString studiesFolder();

class ImportReportDialog : public QDialog {
    Q_OBJECT
public:
    ImportReportDialog(const ImportReport& report, QWidget* parent);
};

} // namespace precordia
