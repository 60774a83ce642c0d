// SPDX-License-Identifier: GPL-3.0-or-later
// Interval and event encodings of the recording in focus, under its trace, on one time axis.
#pragma once

#include "ui/view.h"

#include <QStackedWidget>

class QComboBox;

namespace precordia {

class EmptyState;
class EncodingHeatMap;
class SelfSimilarityMap;
class ToolRow;
class TraceStack;
class TrajectoryPlot;

class IntervalsView : public View {
    Q_OBJECT
public:
    explicit IntervalsView(Session& session, QWidget* parent = nullptr);

    QString key() const override { return QStringLiteral("intervals"); }
    QString title() const override { return tr("Intervals"); }
    QString help() const override;
    void activated() override;

private:
    QWidget* makeContent();
    void refresh();
    void refreshPanels();
    void showCursor();
    void showEmpty();

    ToolRow* tools_ = nullptr;
    QComboBox* lead_ = nullptr;
    QComboBox* level_ = nullptr;
    QStackedWidget* stack_ = nullptr;
    EmptyState* empty_ = nullptr;
    TraceStack* trace_ = nullptr;
    EncodingHeatMap* intervalMap_ = nullptr;
    EncodingHeatMap* eventMap_ = nullptr;
    SelfSimilarityMap* similarity_ = nullptr;
    TrajectoryPlot* trajectory_ = nullptr;
};

} // namespace precordia
