// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/report/report_view.h"

#include "ui/report/report_preview.h"
#include "ui/texts.h"
#include "ui/theme/theme.h"
#include "ui/widgets.h"

#include <QDesktopServices>
#include <QFileDialog>
#include <QFileInfo>
#include <QLocale>
#include <QPointer>
#include <QUrl>
#include <QVBoxLayout>

namespace precordia {

ReportView::ReportView(Session& s, QWidget* parent) : View(s, parent) {
    // Its own runner: a preview is no job that anybody waits for or stops.
    collector_ = std::make_unique<JobRunner>(1, [this](std::function<void()> done) {
        QMetaObject::invokeMethod(this, std::move(done), Qt::QueuedConnection);
    });

    bar_ = new MessageBar(this);
    tools_ = new ToolRow(this);
    pdf_ = new QPushButton(tr("Save PDF…"), this);
    html_ = new QPushButton(tr("Save HTML…"), this);
    chosen_ = new QPushButton(this);
    setRole(pdf_, "primary");
    tools_->add(pdf_);
    tools_->add(html_);
    tools_->add(chosen_);
    empty_ = new EmptyState(this);
    preview_ = new ReportPreview(this);
    stack_ = new QStackedWidget(this);
    stack_->addWidget(empty_);
    stack_->addWidget(preview_);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(bar_);
    column->addWidget(tools_);
    column->addWidget(stack_, 1);

    const auto action = [this](const QString& text, QPushButton* button) {
        auto* made = new QAction(text, this);
        connect(made, &QAction::triggered, button, &QPushButton::click);
        addAction(made);
    };
    action(tr("Save the report as PDF…"), pdf_);
    action(tr("Save the report as HTML…"), html_);
    connect(pdf_, &QPushButton::clicked, this, [this] { save(QStringLiteral("pdf")); });
    connect(html_, &QPushButton::clicked, this, [this] { save(QStringLiteral("html")); });
    connect(chosen_, &QPushButton::clicked, this, &ReportView::saveChosen);

    const auto stale = [this] {
        stale_ = true;
        if (isVisible())
            refresh();
    };
    connect(&s, &Session::recordingChanged, this, stale);
    connect(&s, &Session::studyChanged, this, stale);
    connect(&s, &Session::embeddingsChanged, this, stale);
    connect(&s, &Session::rowsChanged, this, stale);
    connect(&s, &Session::rowsPatched, this, stale);
    connect(&s, &Session::movedChanged, this, stale);
    connect(&s, &Session::recordingFailed, this, [this](const QString& reason) {
        report_.reset();
        ++generation_;
        showEmpty(tr("No report"), tr("This recording cannot be read: %1").arg(reason));
    });
    connect(&s.selection(), &StudySelection::chosenChanged, this, &ReportView::showButtons);
    connect(&ThemeManager::instance(), &ThemeManager::changed, preview_, qOverload<>(&QWidget::update));
    refresh();
}

ReportView::~ReportView() = default;

QString ReportView::help() const {
    return tr("One page a recording, A4 across, with the paper at true scale (25 mm/s, 10 mm/mV when printed without "
              "scaling), the labels, the measurements as computed and as the file gives them, the nearest recordings "
              "by the model's embedding, the surprise of each interval, and where everything comes from.");
}

void ReportView::activated() {
    if (stale_)
        refresh();
}

void ReportView::showEmpty(const QString& title, const QString& text) {
    empty_->set(title, text);
    stack_->setCurrentWidget(empty_);
    showButtons();
}

void ReportView::showButtons() {
    pdf_->setEnabled(report_ != nullptr);
    html_->setEnabled(report_ != nullptr);
    const std::size_t count = session().selection().chosen().size();
    chosen_->setVisible(count > 0);
    chosen_->setText(tr("Save PDF of the %1 chosen…").arg(QLocale().toString(static_cast<qlonglong>(count))));
}

void ReportView::refresh() {
    const auto recording = session().recording();
    if (!session().hasStudy() || !recording) {
        stale_ = false;
        report_.reset();
        ++generation_;
        showEmpty(tr("Report"), tr("Choose a recording in the worklist. Its report, one page to print or to keep, will "
                                   "stand here."));
        return;
    }
    if (!isVisible() && report_)
        return;
    stale_ = false;
    collect(recording->row.id);
}

void ReportView::collect(RecordingId id) {
    using Collected = std::shared_ptr<const RecordingReport>;
    const quint64 wanted = ++generation_;
    collector_->stopAll();
    collector_->start<Collected>(
        "report",
        [folder = session().studyFolder(), sight = session().sight(), id](StopToken stop,
                                                                          Progress&) -> Result<Collected> {
            if (stop.stop_requested())
                return Cancelled{};
            const auto study = Study::open(folder, sight);
            if (!study)
                return study.as<Collected>();
            auto report = collectReport(**study, id);
            if (!report)
                return report.as<Collected>();
            return Collected(std::make_shared<const RecordingReport>(std::move(*report)));
        },
        [this, wanted](Result<Collected> report) {
            if (wanted != generation_)
                return;
            if (report.ok()) {
                showReport(*report);
            } else if (report.failed()) {
                report_.reset();
                showEmpty(tr("No report"), Texts::error(report.error()));
            }
        });
}

void ReportView::showReport(std::shared_ptr<const RecordingReport> report) {
    report_ = std::move(report);
    preview_->setReport(report_);
    stack_->setCurrentWidget(preview_);
    tools_->setInfo(tr("%1, A4 across, paper at true scale").arg(QString::fromStdString(report_->row.name)));
    showButtons();
    Q_EMIT reportReady();
}

// Saving ---------------------------------------------------------------------------

QString ReportView::askFile(const QString& suggestion, const QString& extension) {
    const QString filter = extension == QLatin1String("pdf") ? tr("PDF (*.pdf)") : tr("HTML (*.html)");
    QString file =
        QFileDialog::getSaveFileName(this, tr("Save the report"), suggestion + QLatin1Char('.') + extension, filter);
    if (!file.isEmpty() && QFileInfo(file).suffix().isEmpty())
        file += QLatin1Char('.') + extension;
    return file;
}

void ReportView::tellSaved(const Result<Done>& result, const QString& file) {
    if (result.ok())
        bar_->show(QStringLiteral("info"), tr("Saved %1").arg(file), tr("Open"),
                   [file] { QDesktopServices::openUrl(QUrl::fromLocalFile(file)); });
    else if (result.failed())
        bar_->show(QStringLiteral("alarm"), tr("The report was not saved: %1").arg(Texts::error(result.error())));
}

void ReportView::save(const QString& extension) {
    if (!report_)
        return;
    const auto report = report_;
    const QString file = askFile(QString::fromStdString(report->row.name), extension);
    if (file.isEmpty())
        return;
    session().jobs().start<Done>(
        tr("Report of %1").arg(QString::fromStdString(report->row.name)).toStdString(),
        [report, file](StopToken, Progress&) { return writeReport(*report, file.toStdString()); },
        [view = QPointer<ReportView>(this), file](Result<Done> result) {
            if (view)
                view->tellSaved(result, file);
        });
}

void ReportView::saveChosen() {
    const auto ids = session().selection().chosen();
    const QString file = askFile(tr("chosen recordings"), QStringLiteral("pdf"));
    if (file.isEmpty() || ids.empty())
        return;
    session().jobs().start<Done>(
        tr("Reports of %1 recordings").arg(QLocale().toString(static_cast<qlonglong>(ids.size()))).toStdString(),
        [folder = session().studyFolder(), sight = session().sight(), ids, file](StopToken stop,
                                                                                 Progress& progress) -> Result<Done> {
            const auto study = Study::open(folder, sight);
            if (!study)
                return study.as<Done>();
            return writeReports(**study, ids, file.toStdString(), std::move(stop), progress);
        },
        [view = QPointer<ReportView>(this), file](Result<Done> result) {
            if (view)
                view->tellSaved(result, file);
        });
}

} // namespace precordia
