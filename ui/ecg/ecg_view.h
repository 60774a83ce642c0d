// SPDX-License-Identifier: GPL-3.0-or-later
// The recording in focus on calibrated paper.
#pragma once

#include "ui/view.h"

#include <QComboBox>
#include <QLabel>
#include <QStackedWidget>
#include <QTimer>

namespace precordia {

class CaliperStore;
class Calipers;
class EmptyState;
class FilterButton;
class LeadMenu;
class LongTrace;
class MessageBar;
class OverviewStrip;
class PaperCanvas;
class PaperScroll;
class ToolRow;

class EcgView : public View {
    Q_OBJECT
public:
    explicit EcgView(Session& session, QWidget* parent = nullptr);

    QString key() const override { return QStringLiteral("ecg"); }
    QString title() const override { return tr("ECG"); }
    QString help() const override;
    void activated() override;
    bool canPrint() const override;
    void print() override;
    QStringList tourStates() const override;
    void enterTourState(const QString& state) override;

    PaperCanvas* canvas() const { return canvas_; }
    Calipers* calipers() const { return calipers_; }
    FilterButton* filters() const { return filters_; }
    // Where the recording in focus stands in the list that a person goes through with J and K, from 0, and how long
    // that is; -1: it is not in it. Until somebody tells, its place in the study is shown.
    void setListPosition(int at, int count);
    OverviewStrip* strip() const { return strip_; }
    LongTrace* longTrace() const { return long_; }
    const CaliperStore& caliperStore() const { return *store_; }

protected:
    void showEvent(QShowEvent* event) override;

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
    void applyFilters();  // in a job; what comes late for another recording or choice is dropped
    void stopFiltering(); // what is on its way is of a trace that is no longer wanted
    void loadCalipers();
    void showSpan();
    void calibrateScreen();
    void halveChest(double factor); // on the gain of V1 to V6; 1: none
    void applyTrueSize();           // of the screen that the window is on

    ToolRow* tools_;
    QComboBox* layout_;
    QComboBox* lead_;
    QComboBox* speed_;
    QComboBox* gain_;
    FilterButton* filters_;
    LeadMenu* leads_;
    Calipers* calipers_;
    CaliperStore* store_; // a child: writes what is pending when it goes
    QAction* caliperAction_ = nullptr;
    QAction* halfChest_ = nullptr;
    QAction* trueSize_ = nullptr;
    int filterGeneration_ = 0;
    int filterJob_ = 0; // 0: none
    MessageBar* bar_;
    QStackedWidget* stack_;
    EmptyState* empty_;
    PaperCanvas* canvas_;
    PaperScroll* paper_; // around it
    int listAt_ = -1, listCount_ = -1;
    OverviewStrip* strip_; // of a long recording, under the paper
    LongTrace* long_;
    QTimer late_; // a recording that takes longer than a blink says so
    QString failure_;
};

} // namespace precordia
