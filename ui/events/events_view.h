// SPDX-License-Identifier: GPL-3.0-or-later
// Masked-event reconstruction: hide intervals, see what the model expects there, and how wrong it is in latent space.
#pragma once

#include "ui/view.h"

#include <QTimer>

class QComboBox;
class QLabel;
class QPushButton;
class QStackedWidget;

namespace precordia {

class DecoderTable;
class EmptyState;
class LatentErrorBars;
class MessageBar;
class ToolRow;
class TraceStack;

class EventsView : public View {
    Q_OBJECT
public:
    explicit EventsView(Session& session, QWidget* parent = nullptr);

    QString key() const override { return QStringLiteral("events"); }
    QString title() const override { return tr("Events"); }
    QString help() const override;
    void activated() override;
    QStringList tourStates() const override { return {QStringLiteral("hidden"), QStringLiteral("random")}; }
    void enterTourState(const QString& state) override;

    // For tests and the screenshot tour: what a person does by clicking.
    void hideIntervals(const std::vector<int>& intervals);
    void sweep();
    const TraceStack* trace() const { return trace_; }
    bool hasReconstruction() const { return shown_.has_value(); }

private:
    QWidget* makeContent();
    void makeTools();
    void refresh();
    void hidePreset(int preset);
    void scheduleReconstruction();
    void reconstruct();
    void showResult();
    void showEmpty();
    void showLeads();
    void showBars();

    ToolRow* tools_ = nullptr;
    MessageBar* bar_ = nullptr;
    QComboBox* leads_ = nullptr;
    QComboBox* hide_ = nullptr;
    QPushButton* clear_ = nullptr;
    QPushButton* sweep_ = nullptr;
    QStackedWidget* stack_ = nullptr;
    EmptyState* empty_ = nullptr;
    TraceStack* trace_ = nullptr;
    LatentErrorBars* errors_ = nullptr;
    DecoderTable* decoder_ = nullptr;
    QLabel* note_ = nullptr;
    QTimer debounce_;

    RecordingId shownRecording_;
    QString shownModel_;
    std::optional<Reconstruction> shown_;
    std::vector<float> swept_, percentiles_;
    int generation_ = 0; // a result of an older one is dropped
    int sweepGeneration_ = 0;
    bool working_ = false;
};

} // namespace precordia
