// SPDX-License-Identifier: GPL-3.0-or-later
// The recording in focus on calibrated paper.
#pragma once

#include "ui/settings/settings.h"
#include "ui/view.h"

#include <QComboBox>
#include <QLabel>
#include <QStackedWidget>
#include <QTimer>

namespace precordia {

class Calipers;
class EmptyState;
class FilterButton;
class LeadMenu;
class LongTrace;
class MessageBar;
class OverviewStrip;
class PaperCanvas;
class ToolRow;

class EcgView : public View {
    Q_OBJECT
public:
    explicit EcgView(Session& session, QWidget* parent = nullptr);

    QString key() const override { return QStringLiteral("ecg"); }
    QString title() const override { return tr("ECG"); }
    QString help() const override;
    void activated() override;
    QStringList tourStates() const override;
    void enterTourState(const QString& state) override;

    PaperCanvas* canvas() const { return canvas_; }
    Calipers* calipers() const { return calipers_; }
    FilterButton* filters() const { return filters_; }
    OverviewStrip* strip() const { return strip_; }
    LongTrace* longTrace() const { return long_; }

private:
    void makeTools();
    void makeActions();
    void showRecording();
    void showEncodings();
    void showFailure(const QString& reason);
    void showEmpty();
    void showPosition();
    void showScale(); // speed and gain of the canvas in the boxes
    void importFolder();
    void savePicture();
    void applyFilters(); // in a job; what comes late for another recording or choice is dropped
    void loadCalipers();
    void calibrateScreen();
    void applyTrueSize();

    ToolRow* tools_;
    QComboBox* layout_;
    QComboBox* lead_;
    QComboBox* speed_;
    QComboBox* gain_;
    FilterButton* filters_;
    LeadMenu* leads_;
    Calipers* calipers_;
    QAction* caliperAction_ = nullptr;
    QAction* trueSize_ = nullptr;
    Settings settings_; // of the screen's scale
    int filterGeneration_ = 0;
    MessageBar* bar_;
    QStackedWidget* stack_;
    EmptyState* empty_;
    PaperCanvas* canvas_;
    OverviewStrip* strip_; // of a long recording, under the paper
    LongTrace* long_;
    QTimer late_; // a recording that takes longer than a blink says so
    QString failure_;
};

} // namespace precordia
