// SPDX-License-Identifier: GPL-3.0-or-later
// The one-page report of the recording in focus, and saving it; of the chosen recordings, one page each.
#pragma once

#include "ui/view.h"

#ifndef Q_MOC_RUN // moc 6.4 stumbles over the C++20 standard headers behind these
#include "core/report/recording_report.h"
#endif

#include <QPushButton>
#include <QStackedWidget>

namespace precordia {

class EmptyState;
class MessageBar;
class ReportPreview;
class ToolRow;

class ReportView : public View {
    Q_OBJECT
public:
    explicit ReportView(Session& session, QWidget* parent = nullptr);
    ~ReportView() override;

    QString key() const override { return QStringLiteral("report"); }
    QString title() const override { return tr("Report"); }
    QString help() const override;
    void activated() override;

    std::shared_ptr<const RecordingReport> report() const { return report_; } // null: none yet

Q_SIGNALS:
    void reportReady();

private:
    void refresh(); // when visible; else when it is shown next
    void collect(RecordingId id);
    void showReport(std::shared_ptr<const RecordingReport> report);
    void showEmpty(const QString& title, const QString& text);
    void showButtons();
    void save(const QString& extension);
    void saveChosen();
    void tellSaved(const Result<Done>& result, const QString& file);
    QString askFile(const QString& suggestion, const QString& extension);

    ToolRow* tools_;
    QPushButton* pdf_;
    QPushButton* html_;
    QPushButton* chosen_;
    MessageBar* bar_;
    QStackedWidget* stack_;
    EmptyState* empty_;
    ReportPreview* preview_;
    std::shared_ptr<const RecordingReport> report_;
    bool stale_ = true;
    quint64 generation_ = 0; // of the latest request: an older answer is dropped
    std::unique_ptr<JobRunner> collector_;
};

} // namespace precordia
