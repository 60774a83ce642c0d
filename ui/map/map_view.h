// SPDX-License-Identifier: GPL-3.0-or-later
// The map of the study: one point a recording, near where the model finds them alike.
#pragma once

#include "ui/view.h"
#ifndef Q_MOC_RUN // moc 6.4 stumbles over the C++20 standard headers behind these
#include "ui/map/map_colouring.h"
#endif

#include <QTimer>

#include <unordered_map>

class QComboBox;
class QLabel;
class QPushButton;
class QSpinBox;
class QStackedWidget;
class QVBoxLayout;

namespace precordia {

class EmptyState;
class HoverCard;
class Panel;
class ScatterCanvas;
class ToolRow;

class MapView : public View {
    Q_OBJECT
public:
    explicit MapView(Session& session, QWidget* parent = nullptr);

    QString key() const override { return QStringLiteral("map"); }
    QString title() const override { return tr("Map"); }
    QString help() const override;
    void activated() override;
    QStringList tourStates() const override { return {QStringLiteral("lasso"), QStringLiteral("heart-rate")}; }
    void enterTourState(const QString& state) override;
    ScatterCanvas* canvas() const { return canvas_; }

private:
    bool stale_ = false; // changed while it was behind another view
    void makeTools();
    QWidget* makeContent();
    void recompute();
    void reload();
    void reloadWhenSeen(); // many points are not read again for a view that nobody looks at
    void refresh();
    void refreshLegend(const MapColouring& colouring);
    void refreshProfile();
    void refreshParameters();
    void hover(RecordingId id, const QPoint& at);
    void loadHovered();
    void showEmpty();

    ToolRow* tools_ = nullptr;
    QComboBox* projection_ = nullptr;
    QComboBox* clusters_ = nullptr;
    QSpinBox* seed_ = nullptr;
    QComboBox* tool_ = nullptr;
    QPushButton* recompute_ = nullptr;
    QPushButton* clear_ = nullptr;
    QComboBox* field_ = nullptr;
    QStackedWidget* stack_ = nullptr;
    EmptyState* empty_ = nullptr;
    ScatterCanvas* canvas_ = nullptr;
    HoverCard* card_ = nullptr;
    QWidget* legend_ = nullptr;
    QLabel* profile_ = nullptr;
    QLabel* parameters_ = nullptr;
    QTimer hoverDelay_;

    std::vector<Study::MapPoint> points_;
    std::unordered_map<RecordingId, std::size_t> rowOf_; // index into the session's rows
    int hoverGeneration_ = 0;
};

} // namespace precordia
