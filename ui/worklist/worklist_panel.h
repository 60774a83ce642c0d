// SPDX-License-Identifier: GPL-3.0-or-later
// The worklist: search, filters, the table, how many. Selection and choice go both ways with the session.
#pragma once

#include "ui/session.h"
#include "ui/worklist/worklist_model.h"
#include "ui/worklist/worklist_views.h"

#include <QWidget>

#include <set>

class QLineEdit;
class QMenu;
class QPushButton;
class QStackedWidget;
class QTableView;
class QTimer;

namespace precordia {

class ElidedLabel;
class EmptyState;
class FilterChips;
class HoverThumbnail;
class Measuring;
class WorklistViewsMenu;

class WorklistPanel : public QWidget {
    Q_OBJECT
public:
    explicit WorklistPanel(Session& session, QWidget* parent = nullptr);
    ~WorklistPanel() override;

    WorklistModel& model() { return *model_; }
    QTableView& table() { return *table_; }
    QLineEdit& search() { return *search_; }
    FilterChips& chips() { return *chips_; }
    Measuring& measuring() { return *measuring_; }
    WorklistViewsMenu& views() { return *views_; }
    HoverThumbnail& thumbnail() { return *thumbnail_; }

    // To the next (+1) or previous (-1) recording that the list shows; stays at the ends. From one that the filters
    // hide: to the nearest one behind or before it.
    void step(int by);
    std::vector<RecordingId> shown() const; // in the order of the list
    // Which columns are shown, how wide, and how they are sorted.
    WorklistLayout columnLayout() const;
    void setColumnLayout(const WorklistLayout& layout);
    QByteArray saveColumns() const { return toJson(columnLayout()); } // for the settings
    void restoreColumns(const QByteArray& state);
    void showColumn(const std::string& key, bool shown);
    // Search, filters, columns and sorting together.
    WorklistView view() const;
    void applyView(const WorklistView& view);
    void clearFilters();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

Q_SIGNALS:
    void importWanted();
    void countChanged(const QString& text);   // "404 recordings", "38 of 404 recordings"
    void positionChanged(int row, int shown); // of the recording in focus; row -1: the list does not show it

private:
    void setUpTable();
    void setUpTools();
    void connectAll();
    void takeRows();
    void fitNames();
    void fitLabels();
    void firstWidths();
    void applyQuery();
    void showCurrent();
    void showCount();
    void showHint();
    void patchMoved(RecordingId id, const Measurements& values);
    void fillColumns(QMenu& menu);
    // Reads the columns that are shown or filtered by and not there yet.
    void loadColumns();
    void hover(const QPoint& at);
    void showThumbnail();

    Session& session_;
    WorklistModel* model_;
    QLineEdit* search_;
    FilterChips* chips_;
    QWidget* hint_;
    ElidedLabel* hintText_;
    QPushButton* hintAction_;
    QStackedWidget* stack_;
    QTableView* table_;
    EmptyState* empty_;
    QTimer* hoverDelay_;
    QMenu* columnsMenu_ = nullptr;
    WorklistViewsMenu* views_ = nullptr;
    Measuring* measuring_ = nullptr;
    HoverThumbnail* thumbnail_ = nullptr;
    bool following_ = false;            // the table follows the selection now: it must not answer
    bool fitting_ = false;              // a width is set by us, not by hand
    bool labelByHand_ = false;          // the label column has the width that a person gave it
    bool restored_ = false;             // widths come from the settings
    int hovered_ = -1;                  // row under the pointer
    std::set<std::string> asked_;       // columns wanted beyond those that are shown, and filtered by
    std::set<std::string> reading_;     // on their way
    std::unique_ptr<JobRunner> reader_; // last: stopped first
};

} // namespace precordia
