// SPDX-License-Identifier: GPL-3.0-or-later
// The beats of the recording in focus, the median beat and each single one: marks can be moved, and the measurements
// follow.
#pragma once

#include "ui/beat/fiducial_store.h"
#include "ui/view.h"

#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QStackedWidget>
#include <QTableWidget>

namespace precordia {

class BeatCanvas;
class BeatMarks;
class ElidedLabel;
class EmptyState;
class MessageBar;
class ToolRow;

class BeatView : public View {
    Q_OBJECT
public:
    explicit BeatView(Session& session, QWidget* parent = nullptr);

    QString key() const override { return QStringLiteral("beat"); }
    QString title() const override { return tr("Beat"); }
    QString help() const override;
    void activated() override;
    QStringList tourStates() const override { return {QStringLiteral("moved"), QStringLiteral("single")}; }
    void enterTourState(const QString& state) override;

    BeatCanvas* canvas() const { return canvas_; }
    BeatMarks* marks() const { return marks_; }
    QTableWidget* table() const { return table_; }
    QSpinBox* which() const { return which_; } // 0: the median beat, else the number of a single one
    const FiducialStore& store() const { return *store_; }

Q_SIGNALS:
    void beatReady();

private:
    void makeTools();
    void stale();
    void refresh();
    void showBeat(std::shared_ptr<const MarkedBeat> beat);
    void showWhich();
    void keep(const MarkChange& change, bool again);
    std::optional<SampleIndex> wanted() const; // the R peak of the single beat that is chosen
    int numberOf(std::optional<SampleIndex> beat) const;
    std::int64_t reach() const;
    void showEmpty(const QString& title, const QString& text);
    void showMeasurements();
    void showJournal();
    void makeTable();
    QWidget* makeSide();

    ToolRow* tools_;
    QSpinBox* which_;
    QComboBox* gain_;
    QPushButton* reset_;
    MessageBar* bar_;
    QStackedWidget* stack_;
    EmptyState* empty_;
    BeatMarks* marks_;
    BeatCanvas* canvas_;
    QTableWidget* table_;
    QLabel* journal_;
    FiducialStore* store_; // a child: writes what is pending when it goes
    std::shared_ptr<const MarkedBeat> beat_;
    std::vector<FiducialEdit> edits_;  // of its beats, those of this window included
    std::optional<MarkChange> undone_; // to be shown when its recording is there
    bool stale_ = true;
    int generation_ = 0; // an older answer is dropped
    int job_ = 0;        // 0: none
};

} // namespace precordia
