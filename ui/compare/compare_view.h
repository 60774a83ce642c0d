// SPDX-License-Identifier: GPL-3.0-or-later
// Serial comparison: the recording in focus against another one of the study.
#pragma once

#include "ui/compare/comparison_canvas.h"
#include "ui/view.h"

#include <QComboBox>
#include <QPushButton>
#include <QStackedWidget>

namespace precordia {

class ComparisonTable;
class EmptyState;
class MessageBar;
class ToolRow;

class CompareView : public View {
    Q_OBJECT
public:
    explicit CompareView(Session& session, QWidget* parent = nullptr);

    QString key() const override { return QStringLiteral("compare"); }
    QString title() const override { return tr("Compare"); }
    QString help() const override;
    void activated() override;
    QStringList tourStates() const override;
    void enterTourState(const QString& state) override;

    ComparisonCanvas* canvas() const { return canvas_; }
    ComparisonTable* table() const { return table_; }
    QComboBox* references() const { return reference_; }
    std::shared_ptr<const Compared> compared() const { return compared_; } // null: none yet

Q_SIGNALS:
    void comparisonReady();

private:
    void makeTools();
    void stale(); // something that it depends on has changed
    void refresh();
    void fillReferences(RecordingId chosen);
    void showCompared(std::shared_ptr<const Compared> compared);
    void showEmpty(const QString& title, const QString& text);
    void swap();
    // The one before it of the same patient, else the one after it, else none.
    RecordingId suggestion() const;
    std::vector<const RecordingRow*> ofSamePatient() const; // others of the current one's, by date

    ToolRow* tools_;
    QComboBox* mode_;
    QComboBox* reference_;
    QComboBox* gain_;
    QPushButton* swap_;
    MessageBar* bar_;
    QStackedWidget* stack_;
    EmptyState* empty_;
    ComparisonCanvas* canvas_;
    ComparisonTable* table_;
    std::shared_ptr<const Compared> compared_;
    bool stale_ = true;
    int generation_ = 0; // an older answer is dropped
    int job_ = 0;        // 0: none
};

} // namespace precordia
