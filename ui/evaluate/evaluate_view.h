// SPDX-License-Identifier: GPL-3.0-or-later
// Is the model any good: probes on labels as a job, beside random weights and simple features; every evaluation is
// kept in the study and can be shown again.
#pragma once

#include "ui/view.h"
#ifndef Q_MOC_RUN // moc 6.4 stumbles over the C++20 standard headers behind these
#include "core/explore/evaluation_history.h"
#endif

class QPushButton;
class QLabel;
class QStackedWidget;
class QTableWidget;

namespace precordia {

class EmptyState;
class EvaluateForm;
class ForestPlot;
class MessageBar;
class ToolRow;

class EvaluateView : public View {
    Q_OBJECT
public:
    explicit EvaluateView(Session& session, QWidget* parent = nullptr);
    ~EvaluateView() override;

    QString key() const override { return QStringLiteral("evaluate"); }
    QString title() const override { return tr("Evaluate"); }
    QString help() const override;
    void activated() override;
    EvaluateForm* form() const { return form_; }
    ForestPlot* plot() const { return plot_; }
    const std::vector<EvaluationEntry>& entries() const { return entries_; }
    void start(); // what the button does

private:
    QWidget* makeForm();
    QWidget* makeBoard();
    void reload();
    void showButtons();
    void showEntry();
    void showEmpty();
    void fillHistory();
    void fillTable(const EvaluationEntry& entry);
    void ended(const Result<std::filesystem::path>& kept, const std::filesystem::path& study);
    const EvaluationEntry* chosen() const;

    ToolRow* tools_ = nullptr;
    MessageBar* bar_ = nullptr;
    EvaluateForm* form_ = nullptr;
    QPushButton* start_ = nullptr;
    QPushButton* stop_ = nullptr;
    QStackedWidget* board_ = nullptr;
    EmptyState* empty_ = nullptr;
    ForestPlot* plot_ = nullptr;
    QTableWidget* table_ = nullptr;
    QTableWidget* history_ = nullptr;
    QLabel* summary_ = nullptr;
    std::vector<EvaluationEntry> entries_;
    std::filesystem::path wanted_; // the evaluation to show once the list is read
    int generation_ = 0;
    int job_ = 0;                          // 0: none running
    std::unique_ptr<JobRunner> collector_; // last: stopped first
};

} // namespace precordia
