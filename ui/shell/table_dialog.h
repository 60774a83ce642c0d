// SPDX-License-Identifier: GPL-3.0-or-later
// What a table of samples does not say of itself: delimiter, decimal mark, time column, rate, unit, and which column is
// which lead, with the first rows and a trace of what comes out. The choice is remembered for the folder.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over the C++20 standard headers behind these
#include "core/ecg/recording.h"
#include "core/io/table_layout.h"
#endif
#include "ui/own_jobs.h"

#include <QDialog>
#include <QString>
#include <QTemporaryDir>

#include <optional>

class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QPushButton;
class QSpinBox;
class QTableWidget;
class QTimer;

namespace precordia {

class ElidedLabel;
class Settings;
class TraceStack;

class TableDialog : public QDialog {
    Q_OBJECT
public:
    // start: what was chosen for this folder before; what the proposal could tell otherwise.
    TableDialog(const QString& path, const TableProposal& proposal, const std::optional<TableLayout>& start,
                QWidget* parent);

    TableLayout layoutChosen() const;
    bool complete() const; // the file can be read with it; false while a worker still reads

private:
    QWidget* form();
    void fillColumns(); // of the time column and the rows shown, after the delimiter or the headings
    void showRows();
    void changed(); // soon: preview()
    void preview(); // in a worker: an array may be large
    void showRead(const TableLayout& given, Result<Recording> read);
    void setComplete(bool complete);
    QString nameOfColumn(int column) const;

    QString path_;
    TableProposal proposal_;
    std::vector<std::vector<std::string>> rows_;
    QTemporaryDir folder_;
    QString head_; // the file's begin, or the file: what the preview reads
    bool array_ = false;
    bool complete_ = false;
    QComboBox* delimiter_;
    QComboBox* decimal_;
    QSpinBox* headings_;
    QComboBox* time_;
    QComboBox* orientation_;
    QDoubleSpinBox* rate_;
    QComboBox* unit_;
    QTableWidget* table_;
    TraceStack* trace_;
    QLabel* facts_;
    ElidedLabel* problem_;
    QPushButton* accept_;
    QTimer* timer_;
    int generation_ = 0;
    OwnJobs jobs_; // last: stopped first
};

// Asks; empty: cancelled, or the file is no table (it says so). Starts from what was chosen for the file's folder
// before, and remembers.
std::optional<TableLayout> askTableLayout(QWidget* parent, const QString& path, Settings& settings);
// What was chosen for the folder before, if anything.
std::optional<TableLayout> rememberedTableLayout(const Settings& settings, const QString& path);
void rememberTableLayout(Settings& settings, const QString& path, const TableLayout& layout);

} // namespace precordia
