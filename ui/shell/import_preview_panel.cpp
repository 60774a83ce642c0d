// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/import_preview_panel.h"

#include "ui/texts.h"
#include "ui/theme/theme.h"
#include "ui/widgets.h"

#include <QFormLayout>
#include <QLocale>
#include <QVBoxLayout>

namespace precordia {

namespace {

constexpr int kTypingMs = 400;
constexpr std::size_t kShownLabels = 8;
constexpr std::size_t kShownProblems = 3;

QString count(qint64 number) {
    return QLocale().toString(number);
}

QString duration(double seconds) {
    constexpr double kMinute = 60, kHour = 3600;
    if (seconds < kMinute)
        return ImportPreviewPanel::tr("%1 s of signal").arg(Texts::number(seconds, 0));
    if (seconds < kHour)
        return ImportPreviewPanel::tr("%1 min of signal").arg(Texts::number(seconds / kMinute, 0));
    return ImportPreviewPanel::tr("%1 h of signal").arg(Texts::number(seconds / kHour, 1));
}

// "21,837 at 500 Hz"; the keys of a map of numbers are in order already.
template <typename Map, typename Text>
QString listOf(const Map& counts, Text text) {
    QStringList parts;
    for (const auto& [key, number] : counts)
        parts << text(key, count(number));
    return parts.join(QStringLiteral(" · "));
}

} // namespace

ImportPreviewPanel::ImportPreviewPanel(QWidget* parent)
    : QFrame(parent)
    , state_(new QLabel)
    , facts_(new QWidget)
    , form_(new QFormLayout(facts_))
    , recordings_(row(tr("Recordings")))
    , patients_(row(tr("Patients")))
    , formats_(row(tr("Formats")))
    , signals_(row(tr("Signals")))
    , labels_(row(tr("Labels")))
    , problems_(row(tr("Cannot be read")))
    , jobs_(this) {
    setObjectName(QStringLiteral("importPreview"));
    setRole(this, "card");
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(Theme::kPanel, Theme::kPanel, Theme::kPanel, Theme::kPanel);
    form_->setContentsMargins(0, 0, 0, 0);
    form_->setVerticalSpacing(Theme::kStep);
    form_->setHorizontalSpacing(Theme::kPanel);
    form_->setLabelAlignment(Qt::AlignLeft | Qt::AlignTop);
    form_->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    setRole(state_, "secondary");
    state_->setWordWrap(true);
    column->addWidget(state_);
    column->addWidget(facts_);
    column->addStretch(1);
    wait_.setSingleShot(true);
    wait_.setInterval(kTypingMs);
    connect(&wait_, &QTimer::timeout, this, &ImportPreviewPanel::begin);
    jobs_->onChanged([this] { progressed(); });
    say(tr("What will come in shows here before anything is written."));
}

QLabel* ImportPreviewPanel::row(const QString& title) {
    auto* name = new QLabel(title);
    setRole(name, "secondary");
    auto* value = new QLabel;
    value->setWordWrap(true);
    value->setTextFormat(Qt::PlainText);
    form_->addRow(name, value);
    return value;
}

void ImportPreviewPanel::say(const QString& text) {
    facts_->hide();
    state_->setText(text);
    state_->show();
}

void ImportPreviewPanel::ask(const QString& studyFolder, const ImportRequest& request) {
    ++generation_;
    preview_.reset();
    jobs_->stopAll();
    study_ = std::filesystem::path(studyFolder.toStdU16String());
    request_ = request;
    looking_ = !request.paths.empty();
    if (!looking_) {
        wait_.stop();
        say(tr("What will come in shows here before anything is written."));
        Q_EMIT changed();
        return;
    }
    say(tr("Looking at the files…"));
    wait_.start();
    Q_EMIT changed();
}

void ImportPreviewPanel::begin() {
    const int generation = generation_;
    jobs_->start<ImportPreview>(
        "preview",
        [study = study_, request = request_](StopToken stop, Progress& progress) {
            return previewImport(study, request, stop, progress);
        },
        [this, generation](Result<ImportPreview> preview) {
            if (generation != generation_ || preview.cancelled())
                return;
            looking_ = false;
            if (preview.failed()) {
                say(Texts::error(preview.error()));
            } else {
                preview_ = std::move(*preview);
                show(*preview_);
            }
            Q_EMIT changed();
        });
}

void ImportPreviewPanel::progressed() {
    if (preview_)
        return;
    for (const auto& job : jobs_->jobs())
        if (job.status == JobStatus::Running && !job.stopRequested && job.progress.total > 0)
            state_->setText(
                tr("Looking at the files: %1 of %2…").arg(count(job.progress.done), count(job.progress.total)));
}

void ImportPreviewPanel::show(const ImportPreview& preview) {
    state_->hide();
    QStringList parts{preview.recordings > 0
                          ? tr("%1 new, %2").arg(count(preview.recordings), duration(preview.seconds))
                          : tr("none new")};
    if (preview.there > 0)
        parts << tr("%1 already in the study").arg(count(preview.there));
    if (preview.skipped > 0)
        parts << tr("%1 other files passed over").arg(count(preview.skipped));
    recordings_->setText(parts.join(QStringLiteral(" · ")));
    parts = {count(preview.patients)};
    if (preview.withoutPatient > 0)
        parts << tr("%1 recordings of no known patient").arg(count(preview.withoutPatient));
    patients_->setText(parts.join(QStringLiteral(" · ")));
    formats_->setText(listOf(preview.formats, [](const std::string& key, const QString& number) {
        return QStringLiteral("%1 %2").arg(number, QString::fromStdString(key));
    }));
    const QString rates = listOf(preview.rates, [](double rate, const QString& number) {
        return tr("%1 at %2 Hz").arg(number, QLocale().toString(rate, 'g', 6));
    });
    const QString leads = listOf(preview.leads, [](int leadCount, const QString& number) {
        return tr("%1 with %n lead(s)", nullptr, leadCount).arg(number);
    });
    parts = {rates, leads};
    parts.removeAll(QString());
    if (preview.withoutEcg > 0)
        parts << tr("%n recording(s) without ECG leads", nullptr, preview.withoutEcg);
    signals_->setText(parts.join(QLatin1Char('\n')));

    parts.clear();
    for (std::size_t i = 0; i < std::min(kShownLabels, preview.labels.size()); ++i)
        parts << QStringLiteral("%1\u00A0%2")
                     .arg(count(preview.labels[i].second), QString::fromStdString(preview.labels[i].first));
    if (preview.labels.size() > kShownLabels)
        parts << tr("and %1 more").arg(count(static_cast<qint64>(preview.labels.size() - kShownLabels)));
    QString labels = preview.labels.empty() ? tr("none") : parts.join(QStringLiteral(" · "));
    if (preview.withheld > 0)
        labels += QLatin1Char('\n') +
                  tr("of the diagnoses of %n recording(s), %1 words are left out", nullptr, preview.withheld)
                      .arg(count(preview.wordsLeftOut));
    if (preview.tableRows > 0)
        labels += QLatin1Char('\n') + tr("%1 of the table's %2 rows find a recording")
                                          .arg(count(static_cast<qint64>(preview.tableRowsUsed)),
                                               count(static_cast<qint64>(preview.tableRows)));
    labels_->setText(labels);

    parts = {count(static_cast<qint64>(preview.problems.size()))};
    for (std::size_t i = 0; i < std::min(kShownProblems, preview.problems.size()); ++i)
        parts << QString::fromStdString(preview.problems[i].path.filename().string()) + QStringLiteral(": ") +
                     Texts::error(preview.problems[i].reason);
    if (preview.problems.size() > kShownProblems)
        parts << tr("and %1 more").arg(count(static_cast<qint64>(preview.problems.size() - kShownProblems)));
    problems_->setText(parts.join(QLatin1Char('\n')));
    form_->setRowVisible(problems_, !preview.problems.empty());
    form_->setRowVisible(formats_, preview.recordings > 0);
    form_->setRowVisible(signals_, preview.recordings > 0);
    form_->setRowVisible(patients_, preview.recordings > 0);
    form_->setRowVisible(labels_, preview.recordings > 0);
    facts_->show();
}

} // namespace precordia
