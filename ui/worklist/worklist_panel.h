// SPDX-License-Identifier: GPL-3.0-or-later
// The worklist: search, filters, the table, how many. Selection and choice go both ways with the session.
#pragma once

#include "ui/session.h"
#include "ui/worklist/worklist_model.h"

#include <QWidget>

class QLineEdit;
class QStackedWidget;
class QTableView;

namespace precordia {

class EmptyState;
class FilterChips;

class WorklistPanel : public QWidget {
    Q_OBJECT
public:
    explicit WorklistPanel(Session& session, QWidget* parent = nullptr);

    WorklistModel& model() { return *model_; }
    QTableView& table() { return *table_; }
    QLineEdit& search() { return *search_; }
    FilterChips& chips() { return *chips_; }

    // To the next (+1) or previous (-1) recording that the list shows; stays at the ends.
    void step(int by);
    std::vector<RecordingId> shown() const; // in the order of the list
    // Which columns are shown and how they are sorted, for the settings.
    QByteArray saveColumns() const;
    void restoreColumns(const QByteArray& state);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

Q_SIGNALS:
    void importWanted();
    void countChanged(const QString& text); // "404 recordings", "38 of 404 recordings"

private:
    void setUpTable();
    void connectAll();
    void takeRows();
    void fitNames();
    void fitLabels();
    void applyQuery();
    void showCurrent();
    void showCount();
    void chooseColumns(const QPoint& at);

    Session& session_;
    WorklistModel* model_;
    QLineEdit* search_;
    FilterChips* chips_;
    QStackedWidget* stack_;
    QTableView* table_;
    EmptyState* empty_;
    bool following_ = false; // the table follows the selection now: it must not answer
};

} // namespace precordia
