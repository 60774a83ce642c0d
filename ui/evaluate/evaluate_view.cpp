// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/evaluate/evaluate_view.h"

#include "ui/evaluate/evaluate_form.h"
#include "ui/plots/forest_plot.h"
#include "ui/texts.h"
#include "ui/theme/theme.h"
#include "ui/widgets.h"

#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPointer>
#include <QPushButton>
#include <QStackedWidget>
#include <QTableWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace precordia {

namespace {

namespace fs = std::filesystem;

// What the list of evaluations and the form need from the study, read by a job.
struct Contents {
    std::vector<EvaluationEntry> entries;
    std::vector<std::pair<std::string, int>> labels;
    std::vector<EvaluateForm::FindingCount> findings;
};

// How many recordings there are to judge each of the seven findings by.
std::vector<EvaluateForm::FindingCount> countFindings(const Study& study) {
    std::vector<EvaluateForm::FindingCount> out;
    for (const auto& question : sevenFindings()) {
        EvaluateForm::FindingCount count{QString::fromStdString(question.name), {}, 0, 0};
        if (const auto rows = rowsOf(study, question)) {
            count.with = static_cast<int>(std::count(rows->labels.begin(), rows->labels.end(), 1));
            count.without = static_cast<int>(rows->labels.size()) - count.with;
            QStringList names;
            for (const auto& name : rows->datasets)
                names << QString::fromStdString(name);
            count.datasets = names.join(QStringLiteral(", "));
        }
        out.push_back(std::move(count));
    }
    return out;
}

QString shown(double value) {
    return std::isfinite(value) ? Texts::number(value, 3) : QString();
}

QString withInterval(const Figure& figure) {
    if (!figure.known())
        return {};
    if (!std::isfinite(figure.low))
        return shown(figure.value);
    return QStringLiteral("%1 [%2, %3]").arg(shown(figure.value), shown(figure.low), shown(figure.high));
}

QString difference(const Figure& figure) {
    if (!figure.known())
        return {};
    const auto sign = [](double v) {
        return (v <= -0.0005 ? QStringLiteral("−") : QStringLiteral("+")) + shown(std::abs(v));
    };
    if (!std::isfinite(figure.low))
        return sign(figure.value);
    return QStringLiteral("%1 [%2, %3]").arg(sign(figure.value), sign(figure.low), sign(figure.high));
}

QTableWidget* makeTable(const QStringList& headings, QWidget* parent) {
    auto* table = new QTableWidget(0, static_cast<int>(headings.size()), parent);
    table->setHorizontalHeaderLabels(headings);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setSelectionMode(QAbstractItemView::SingleSelection);
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->verticalHeader()->hide();
    table->verticalHeader()->setDefaultSectionSize(Theme::kRow);
    table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    table->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    table->horizontalHeader()->setHighlightSections(false);
    table->horizontalHeaderItem(0)->setTextAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    table->setShowGrid(false);
    return table;
}

void cell(QTableWidget* table, int row, int column, const QString& text, bool strong = false) {
    auto* item = new QTableWidgetItem(text);
    if (column > 0)
        item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    else
        item->setToolTip(text);
    if (strong) {
        QFont font = item->font();
        font.setBold(true);
        item->setFont(font);
    }
    table->setItem(row, column, item);
}

// A head was trained: its figures stand beside the linear probe's, and there are no levels.
bool isHead(const EvaluationEntry& entry) {
    return std::any_of(entry.labels.begin(), entry.labels.end(),
                       [](const EvaluationRow& row) { return std::isfinite(row.linear); });
}

ForestRow forestRow(const EvaluationRow& row, bool strong) {
    ForestRow out;
    out.name = QString::fromStdString(row.name);
    out.strong = strong;
    if (row.positives > 0)
        out.note = QStringLiteral("%1 / %2").arg(QLocale().toString(row.positives), QLocale().toString(row.negatives));
    out.marks = {{0, row.recording.value, row.recording.low, row.recording.high}, {1, row.random}, {2, row.simple}};
    if (std::isfinite(row.linear))
        out.marks.push_back({3, row.linear});
    return out;
}

} // namespace

EvaluateView::EvaluateView(Session& s, QWidget* parent) : View(s, parent) {
    // Its own runner: reading a list is no job that anybody waits for or stops.
    collector_ = std::make_unique<JobRunner>(1, [this](std::function<void()> done) {
        QMetaObject::invokeMethod(this, std::move(done), Qt::QueuedConnection);
    });
    tools_ = new ToolRow(this);
    stop_ = new QPushButton(tr("Stop"), this);
    stop_->setToolTip(tr("Stops at the next safe point; what is embedded and trained so far is kept"));
    tools_->add(stop_);
    bar_ = new MessageBar(this);
    auto* row = new QHBoxLayout;
    row->setContentsMargins(Theme::kPanel, Theme::kPanel, Theme::kPanel, Theme::kPanel);
    row->setSpacing(Theme::kPanel);
    row->addWidget(makeForm());
    row->addWidget(makeBoard(), 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(tools_);
    column->addWidget(bar_);
    column->addLayout(row, 1);

    auto* begin = new QAction(tr("Evaluate the model"), this);
    connect(begin, &QAction::triggered, this, &EvaluateView::start);
    addAction(begin);
    connect(stop_, &QPushButton::clicked, this, [this] { session().longJobs().stop(job_); });
    connect(form_, &EvaluateForm::changed, this, [this] {
        showButtons();
        if (board_->currentWidget() == empty_)
            showEmpty();
    });
    connect(&s, &Session::studyChanged, this, &EvaluateView::reload);
    connect(&s, &Session::rowsChanged, this, &EvaluateView::reload); // whoever looks by now
    connect(&s, &Session::modelChanged, this, &EvaluateView::showButtons);
    connect(&s, &Session::engineChanged, this, &EvaluateView::showButtons);
    reload();
}

EvaluateView::~EvaluateView() = default;

QWidget* EvaluateView::makeForm() {
    auto* panel = new Panel(tr("New evaluation"), this);
    auto* inner = new QWidget(panel);
    form_ = new EvaluateForm(inner);
    start_ = new QPushButton(tr("Evaluate"), inner);
    setRole(start_, "primary");
    connect(start_, &QPushButton::clicked, this, &EvaluateView::start);
    auto* column = new QVBoxLayout(inner);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Theme::kPanel);
    column->addWidget(form_, 1);
    column->addWidget(start_);
    panel->setContent(inner);
    panel->setFixedWidth(264);
    return panel;
}

QWidget* EvaluateView::makeBoard() {
    empty_ = new EmptyState(this);
    auto* full = new QWidget(this);
    auto* column = new QVBoxLayout(full);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Theme::kPanel);
    auto* panel = new Panel(tr("AUROC of the recording embedding"), full);
    plot_ = new ForestPlot(panel);
    panel->headingRow()->layout()->addWidget(plot_->legend());
    panel->setContent(plot_);
    column->addWidget(panel, 3);
    summary_ = new QLabel(full);
    summary_->setWordWrap(true);
    setRole(summary_, "small");
    column->addWidget(summary_);
    table_ = makeTable(
        {tr("Label"), tr("Recording [95 %]"), tr("Above random"), tr("Above simple"), tr("Interval"), tr("Event")},
        full);
    table_->setFont(Theme::smallFont()); // six columns of figures at 1280 px
    table_->horizontalHeader()->setFont(Theme::smallFont());
    column->addWidget(table_, 3);
    history_ = makeTable({tr("Evaluation"), tr("Protocol"), tr("Model"), tr("Recordings"), tr("Mean AUROC")}, full);
    history_->horizontalHeaderItem(3)->setToolTip(
        tr("Recordings that the model could read; each label counts those of the data sets that use it"));
    history_->setFixedHeight(4 * Theme::kRow + 2);
    connect(history_, &QTableWidget::itemSelectionChanged, this, &EvaluateView::showEntry);
    column->addWidget(history_);
    board_ = new QStackedWidget(this);
    board_->addWidget(empty_);
    board_->addWidget(full);
    return board_;
}

QString EvaluateView::help() const {
    return tr(
        "A probe is a small classifier on the model's encodings; the model itself is left as it is. Fine-tuning "
        "moves a copy of the model together with the classifier. Recordings "
        "of one patient never stand on both sides of a division. Two rows always stand beside the model: the "
        "same model with random weights, and 108 plain numbers of amplitude and rhythm; beside an attentive probe or "
        "fine-tuning also the linear probe of the same model. A model that does not "
        "rise above them has learned little for this question. Intervals are 95 % over patients.");
}

void EvaluateView::activated() {
    showButtons();
}

void EvaluateView::start() {
    if (!session().hasStudy()) {
        bar_->show(QStringLiteral("caution"), tr("Open a study first: an evaluation needs its labels."));
        return;
    }
    const auto questions = form_->questions();
    if (questions.empty()) {
        bar_->show(QStringLiteral("caution"), tr("Tick at least one label."));
        return;
    }
    bar_->clear();
    auto options = form_->options();
    if (session().model())
        options.model = session().model()->file;
    const auto folder = session().studyFolder();
    job_ = session().longJobs().start<fs::path>(
        tr("Evaluating the model").toStdString(),
        [folder, questions, options](StopToken stop, Progress& progress) -> Result<fs::path> {
            const auto evaluation = evaluateStudy(folder, questions, options, std::move(stop), progress);
            if (!evaluation)
                return evaluation.as<fs::path>();
            return keepEvaluation(folder, evaluationJson(*evaluation));
        },
        [view = QPointer<EvaluateView>(this), folder](Result<fs::path> kept) {
            if (view)
                view->ended(kept, folder);
        });
    showButtons();
}

void EvaluateView::ended(const Result<fs::path>& kept, const fs::path& study) {
    job_ = 0;
    if (kept.failed())
        bar_->show(QStringLiteral("alarm"), tr("The evaluation ended: %1").arg(Texts::error(kept.error())));
    else if (kept.cancelled())
        bar_->show(QStringLiteral("info"), tr("The evaluation was stopped."));
    if (kept.ok() && session().hasStudy() && study == session().studyFolder()) {
        wanted_ = *kept;
        reload();
    }
    showButtons();
}

void EvaluateView::reload() {
    const int generation = ++generation_;
    if (!session().hasStudy()) {
        entries_.clear();
        form_->setLabels({});
        form_->setFindings({});
        fillHistory();
        showEntry();
        return;
    }
    collector_->start<Contents>(
        "evaluations",
        [folder = session().studyFolder(), sight = session().sight()](StopToken, Progress&) -> Result<Contents> {
            const auto study = Study::open(folder, sight);
            if (!study)
                return study.as<Contents>();
            auto labels = (*study)->labels();
            if (!labels)
                return labels.as<Contents>();
            return Contents{readEvaluations(folder), std::move(*labels), countFindings(**study)};
        },
        [this, generation](Result<Contents> contents) {
            if (generation != generation_ || !contents.ok())
                return;
            form_->setLabels(contents->labels);
            form_->setFindings(contents->findings);
            entries_ = std::move(contents->entries);
            fillHistory();
            showEntry();
        });
}

void EvaluateView::showButtons() {
    const bool running = job_ != 0;
    start_->setEnabled(session().hasStudy() && !running && !form_->questions().empty());
    stop_->setEnabled(running);
    tools_->setInfo(running ? tr("evaluating; the list of jobs tells how far") : QString());
    const auto model = session().model();
    form_->setModel(model ? tr("Model %1 of width %2, as chosen in Training")
                                .arg(QString::fromStdString(model->hash).left(8))
                                .arg(model->width)
                          : tr("The study's own model, else the weights that come with the program"));
}

void EvaluateView::fillHistory() {
    const QSignalBlocker blocker(history_);
    history_->setRowCount(static_cast<int>(entries_.size()));
    int select = 0;
    for (int r = 0; r < history_->rowCount(); ++r) {
        const auto& entry = entries_[static_cast<std::size_t>(r)];
        const auto& mean = entry.mean.recording.known() || entry.labels.empty() ? entry.mean : entry.labels.front();
        cell(history_, r, 0, tr("%1 UTC").arg(QString::fromStdString(entry.finished)));
        cell(history_, r, 1, Texts::protocol(entry.protocol));
        cell(history_, r, 2, QString::fromStdString(entry.model).left(8));
        cell(history_, r, 3, QLocale().toString(entry.recordings));
        cell(history_, r, 4, shown(mean.recording.value));
        if (entry.file == wanted_)
            select = r;
    }
    if (history_->rowCount() > 0)
        history_->selectRow(select);
}

const EvaluationEntry* EvaluateView::chosen() const {
    const int r = history_->currentRow();
    return r >= 0 && r < static_cast<int>(entries_.size()) ? &entries_[static_cast<std::size_t>(r)] : nullptr;
}

void EvaluateView::showEntry() {
    showButtons();
    const auto* entry = chosen();
    if (!entry) {
        showEmpty();
        board_->setCurrentIndex(0);
        return;
    }
    board_->setCurrentIndex(1);
    std::vector<ForestRow> rows;
    if (!entry->models.empty()) {
        plot_->setSeries({tr("model")});
        for (const auto& model : entry->models) {
            rows.push_back(forestRow(model, false));
            rows.back().marks.resize(1);
        }
    } else {
        QStringList series{tr("model"), tr("random weights"), tr("simple features")};
        if (isHead(*entry))
            series << tr("linear probe");
        plot_->setSeries(series);
        for (const auto& label : entry->labels)
            rows.push_back(forestRow(label, false));
        if (entry->mean.recording.known()) {
            rows.push_back(forestRow(entry->mean, true));
            rows.back().name = tr("Mean");
        }
    }
    plot_->setNoteHeading(entry->models.empty() ? tr("recordings with / without") : QString());
    plot_->setRows(std::move(rows), tr("AUROC, 95 % interval over patients"), 0.5);
    fillTable(*entry);
    QStringList facts;
    if (entry->models.empty())
        facts << tr("Counted are recordings with the label and without it, of the data sets that use it.");
    if (std::isfinite(entry->heartRate))
        facts << tr("Heart rate from the recording embedding: R² %1, random weights %2, simple features %3.")
                     .arg(shown(entry->heartRate), shown(entry->heartRateRandom), shown(entry->heartRateSimple));
    for (const auto& [label, why] : entry->refused)
        facts << tr("Not probed: %1 (%2).").arg(QString::fromStdString(label), QString::fromStdString(why));
    summary_->setText(facts.join(QLatin1Char('\n')));
    summary_->setVisible(!facts.isEmpty());
}

// What the button on the left would do, as the form stands now.
void EvaluateView::showEmpty() {
    if (!session().hasStudy()) {
        empty_->set(tr("Evaluate"), tr("Open a study; its labels tell how good a model's encodings are."));
        return;
    }
    const QString what = tr("How well the model's encodings tell a label, beside the same model with random weights "
                            "and beside plain numbers, will stand here.");
    empty_->set(tr("Evaluate"),
                what + QLatin1Char(' ') +
                    (form_->asksFindings()
                         ? tr("Evaluate asks for the seven findings listed on the left; for others, choose \"Labels of "
                              "this study\" there and tick them.")
                         : tr("Tick one or several labels on the left, then choose Evaluate.")));
}

void EvaluateView::fillTable(const EvaluationEntry& entry) {
    auto rows = entry.models.empty() ? entry.labels : entry.models;
    const int plain = static_cast<int>(rows.size());
    if (entry.models.empty() && entry.mean.recording.known()) {
        rows.push_back(entry.mean);
        rows.back().name = tr("Mean").toStdString();
    }
    table_->horizontalHeaderItem(0)->setText(entry.models.empty() ? tr("Label") : tr("Model"));
    const bool head = isHead(entry);
    table_->horizontalHeaderItem(1)->setText(head ? tr("With its head [95 %]") : tr("Recording [95 %]"));
    table_->horizontalHeaderItem(4)->setText(head ? tr("Linear probe") : tr("Interval"));
    table_->horizontalHeaderItem(5)->setText(head ? tr("Above linear") : tr("Event"));
    table_->setRowCount(static_cast<int>(rows.size()));
    for (int r = 0; r < table_->rowCount(); ++r) {
        const auto& row = rows[static_cast<std::size_t>(r)];
        const bool strong = r >= plain;
        cell(table_, r, 0, QString::fromStdString(row.name), strong);
        cell(table_, r, 1, withInterval(row.recording), strong);
        cell(table_, r, 2, difference(row.aboveRandom), strong);
        cell(table_, r, 3, difference({row.aboveSimple.value}), strong);
        table_->item(r, 3)->setToolTip(difference(row.aboveSimple));
        cell(table_, r, 4, shown(head ? row.linear : row.interval.value), strong);
        cell(table_, r, 5, head ? difference({row.aboveLinear.value}) : shown(row.event.value), strong);
        table_->item(r, 5)->setToolTip(head ? difference(row.aboveLinear) : QString());
    }
}

} // namespace precordia
