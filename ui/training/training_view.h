// SPDX-License-Identifier: GPL-3.0-or-later
// Pretraining: started from a form, watched live (losses, collapse diagnostics, throughput, time left), paused,
// stopped.
#pragma once

#include "ui/view.h"
#ifndef Q_MOC_RUN // moc 6.4 stumbles over the C++20 standard headers behind these
#include "core/engine/run_history.h"
#endif

class QLabel;
class QPushButton;
class QSplitter;
class QStackedWidget;
class QTableWidget;

namespace precordia {

class EmptyState;
class MessageBar;
class SeriesPlot;
class ToolRow;
class TrainingForm;

class TrainingView : public View {
    Q_OBJECT
public:
    explicit TrainingView(Session& session, QWidget* parent = nullptr);

    QString key() const override { return QStringLiteral("training"); }
    QString title() const override { return tr("Training"); }
    QString help() const override;
    void activated() override;
    TrainingForm* form() const { return form_; }
    void start(); // what the button does

private:
    QWidget* makeForm();
    QWidget* makeBoard();
    QWidget* makeRuns();
    void reloadRuns();
    void fillRuns();
    void showRun(); // the running one, else the one chosen in the table
    void showButtons();
    void showVerdict(const std::vector<TrainUpdate>& updates);
    void plot(const std::vector<TrainUpdate>& updates);
    void useChosen();

    ToolRow* tools_ = nullptr;
    MessageBar* bar_ = nullptr;
    TrainingForm* form_ = nullptr;
    QPushButton* start_ = nullptr;
    QPushButton* pause_ = nullptr;
    QPushButton* afterEpoch_ = nullptr;
    QPushButton* stop_ = nullptr;
    QPushButton* use_ = nullptr;
    QPushButton* resume_ = nullptr;
    QStackedWidget* board_ = nullptr;
    EmptyState* empty_ = nullptr;
    SeriesPlot* loss_ = nullptr;
    SeriesPlot* rank_ = nullptr;
    SeriesPlot* spread_ = nullptr;
    SeriesPlot* cosine_ = nullptr;
    SeriesPlot* knn_ = nullptr;
    SeriesPlot* gap_ = nullptr;
    QWidget* lastRow_ = nullptr; // the two plots that runs of older versions have no figures for
    QLabel* verdict_ = nullptr;
    QTableWidget* table_ = nullptr;
    std::vector<RunEntry> runs_;
    int generation_ = 0;
};

} // namespace precordia
