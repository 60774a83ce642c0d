// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/training/training_view.h"

#include "ui/flow_layout.h"
#include "ui/plots/series_plot.h"
#include "ui/texts.h"
#include "ui/theme/theme.h"
#include "ui/training/training_form.h"
#include "ui/widgets.h"

#include <QGridLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>
#include <QTableWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <map>

namespace precordia {

namespace {

constexpr std::size_t kShownPoints = 2000; // a curve has no more pixels than this

// Every n-th update, the last one always: shown as measured, never averaged.
std::vector<const TrainUpdate*> thinned(const std::vector<TrainUpdate>& updates) {
    std::vector<const TrainUpdate*> out;
    const std::size_t stride = std::max<std::size_t>(1, updates.size() / kShownPoints);
    for (std::size_t i = 0; i < updates.size(); i += stride)
        out.push_back(&updates[i]);
    if (!updates.empty() && out.back() != &updates.back())
        out.push_back(&updates.back());
    return out;
}

Series curve(const QString& name, int category, const std::vector<const TrainUpdate*>& updates,
             double TrainUpdate::*member) {
    Series s{name, category, {}, {}, {}, {}};
    for (const auto* u : updates) {
        if (u->step == 0)
            continue; // the diagnosis before the first step: no loss yet
        s.x.push_back(static_cast<double>(u->step));
        s.y.push_back(u->*member);
    }
    return s;
}

Series levelCurve(const QString& name, int category, const std::vector<TrainUpdate>& updates, const std::string& level,
                  double LevelDiagnostics::*member) {
    Series s{name, category, {}, {}, {}, {}};
    for (const auto& u : updates)
        for (const auto& [key, d] : u.diagnostics)
            if (key == level) {
                s.x.push_back(static_cast<double>(u.step));
                s.y.push_back(d.*member);
            }
    return s;
}

// Every alarm, also one between the points that are shown.
void markAlarms(Series& series, const std::vector<TrainUpdate>& updates, double TrainUpdate::*member) {
    for (const auto& u : updates)
        if (!u.alarm.empty()) {
            series.markX.push_back(static_cast<double>(u.step));
            series.markY.push_back(u.*member);
        }
}

Series knnCurve(const QString& name, const std::vector<TrainUpdate>& updates) {
    Series s{name, 0, {}, {}, {}, {}};
    for (const auto& u : updates)
        if (std::isfinite(u.knn)) {
            s.x.push_back(static_cast<double>(u.step));
            s.y.push_back(u.knn);
        }
    return s;
}

const LevelDiagnostics* lastOf(const std::vector<TrainUpdate>& updates, const std::string& level) {
    for (auto u = updates.rbegin(); u != updates.rend(); ++u)
        for (const auto& [key, d] : u->diagnostics)
            if (key == level)
                return &d;
    return nullptr;
}

const TrainUpdate* lastJudged(const std::vector<TrainUpdate>& updates) {
    for (auto u = updates.rbegin(); u != updates.rend(); ++u)
        if (!u->verdict.empty())
            return &*u;
    return nullptr;
}

} // namespace

TrainingView::TrainingView(Session& s, QWidget* parent) : View(s, parent) {
    tools_ = new ToolRow(this);
    pause_ = new QPushButton(tr("Pause"), this);
    afterEpoch_ = new QPushButton(tr("Stop after epoch"), this);
    stop_ = new QPushButton(tr("Stop now"), this);
    stop_->setToolTip(tr("Stops after this step and keeps a checkpoint to resume from"));
    resume_ = new QPushButton(tr("Resume"), this);
    use_ = new QPushButton(tr("Use this model"), this);
    use_->setToolTip(tr("Encodings, surprise and map of the whole study by this run's model"));
    for (auto* button : {pause_, afterEpoch_, stop_})
        tools_->add(button);
    tools_->addSeparator();
    tools_->add(resume_);
    tools_->add(use_);
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

    connect(pause_, &QPushButton::clicked, this, [this] { session().pausePretraining(!session().run().paused); });
    connect(afterEpoch_, &QPushButton::clicked, this, [this] { session().stopPretraining(true); });
    connect(stop_, &QPushButton::clicked, this, [this] { session().stopPretraining(false); });
    connect(use_, &QPushButton::clicked, this, &TrainingView::useChosen);
    connect(resume_, &QPushButton::clicked, this, [this] {
        const int chosen = table_->currentRow();
        if (chosen < 0 || chosen >= static_cast<int>(runs_.size()))
            return;
        const auto config = form_->config();
        if (config)
            session().startPretraining(*config, form_->device(),
                                       QString::fromStdString(runs_[static_cast<std::size_t>(chosen)].folder.string()));
    });
    connect(&s, &Session::engineChanged, this, [this] { form_->setEngine(session().engineInfo().get()); });
    connect(&s, &Session::runUpdated, this, &TrainingView::showRun);
    connect(&s, &Session::runChanged, this, [this] {
        reloadRuns();
        if (!session().run().failure.isEmpty())
            bar_->show(QStringLiteral("alarm"), session().run().failure);
        showRun();
    });
    connect(&s, &Session::studyChanged, this, &TrainingView::reloadRuns);
    connect(&s, &Session::modelChanged, this, &TrainingView::fillRuns);
    form_->setEngine(s.engineInfo().get());
    reloadRuns();
}

namespace {

// On a small screen what does not fit is scrolled to; the window does not grow for it.
QScrollArea* scrolled(QWidget* inner, QWidget* parent) {
    auto* scroll = new QScrollArea(parent);
    scroll->setWidget(inner);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    inner->setAutoFillBackground(false);
    scroll->viewport()->setAutoFillBackground(false);
    return scroll;
}

} // namespace

QWidget* TrainingView::makeForm() {
    auto* panel = new Panel(tr("New pretraining"), this);
    auto* inner = new QWidget(panel);
    form_ = new TrainingForm(inner);
    start_ = new QPushButton(tr("Start pretraining"), inner);
    setRole(start_, "primary");
    connect(start_, &QPushButton::clicked, this, &TrainingView::start);
    auto* column = new QVBoxLayout(inner);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Theme::kPanel);
    column->addWidget(form_);
    column->addWidget(start_);
    column->addStretch(1);
    panel->setContent(scrolled(inner, panel));
    panel->setFixedWidth(264);
    return panel;
}

QWidget* TrainingView::makeBoard() {
    empty_ = new EmptyState(this);
    auto* full = new QWidget(this);
    auto* grid = new QGridLayout(full);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setSpacing(Theme::kPanel);
    lastRow_ = new QWidget(full);
    auto* pair = new QGridLayout(lastRow_);
    pair->setContentsMargins(0, 0, 0, 0);
    pair->setSpacing(Theme::kPanel);
    pair->setColumnStretch(0, 1);
    pair->setColumnStretch(1, 1);
    const auto add = [&](SeriesPlot*& plot, const QString& heading, const QString& y, int r, int c) {
        auto* panel = new Panel({}, r < 2 ? full : lastRow_);
        plot = new SeriesPlot(panel);
        plot->setLabels(tr("step"), y);
        // The legend goes under a heading that it leaves no room for: neither is cut.
        auto* head = new QWidget(panel);
        auto* flow = new FlowLayout(head, 2 * Theme::kStep);
        auto* name = new QLabel(heading, head);
        setRole(name, "heading");
        flow->addWidget(name);
        flow->addWidget(plot->legend());
        auto* inner = new QWidget(panel);
        auto* column = new QVBoxLayout(inner);
        column->setContentsMargins(0, 0, 0, 0);
        column->setSpacing(Theme::kStep);
        column->addWidget(head);
        column->addWidget(plot, 1);
        panel->setContent(inner);
        if (r < 2)
            grid->addWidget(panel, r, c);
        else
            pair->addWidget(panel, 0, c);
    };
    add(loss_, tr("Loss"), tr("smooth L1"), 0, 0);
    add(rank_, tr("Effective rank"), tr("dimensions"), 0, 1);
    add(spread_, tr("Spread"), tr("SD"), 1, 0);
    add(cosine_, tr("Likeness"), tr("mean cosine"), 1, 1);
    add(knn_, tr("k-NN probe of the labels"), tr("AUROC"), 2, 0);
    add(gap_, tr("Teacher gap"), tr("share"), 2, 1);
    gap_->setToolTip(tr("How far the encoder's weights are from the teacher's, as a share of these"));
    grid->addWidget(lastRow_, 2, 0, 1, 2);
    verdict_ = new QLabel(full);
    verdict_->setWordWrap(true);
    verdict_->setFrameStyle(QFrame::NoFrame);
    grid->addWidget(verdict_, 3, 0, 1, 2);
    grid->addWidget(makeRuns(), 4, 0, 1, 2);
    for (int r = 0; r < 3; ++r)
        grid->setRowStretch(r, 3);
    board_ = new QStackedWidget(this);
    board_->addWidget(empty_);
    board_->addWidget(scrolled(full, board_));
    return board_;
}

QWidget* TrainingView::makeRuns() {
    table_ = new QTableWidget(0, 8, this);
    table_->setHorizontalHeaderLabels({tr("Run"), tr("Preset"), tr("Step"), tr("Channel"), tr("Temporal"),
                                       tr("Event rank"), tr("Verdict"), tr("Model")});
    table_->setSelectionBehavior(QAbstractItemView::SelectRows);
    table_->setSelectionMode(QAbstractItemView::SingleSelection);
    table_->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table_->verticalHeader()->hide();
    table_->verticalHeader()->setDefaultSectionSize(Theme::kRow);
    table_->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    table_->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    table_->horizontalHeader()->setHighlightSections(false);
    table_->setShowGrid(false);
    table_->setFont(Theme::smallFont()); // eight columns at 1280 px, and the run's whole name
    table_->horizontalHeader()->setFont(Theme::smallFont());
    table_->setFixedHeight(5 * Theme::kRow);
    connect(table_, &QTableWidget::itemSelectionChanged, this, &TrainingView::showRun);
    return table_;
}

QString TrainingView::help() const {
    return tr(
        "Pretraining needs no labels. Channel loss: predicting the hidden leads of an interval; temporal loss: "
        "predicting hidden intervals. "
        "A falling loss alone is no success: when the effective rank or the spread falls with it, the encodings "
        "collapse. "
        "The verdict says so in words, and what to change. A triangle marks a step whose loss or gradient lies far "
        "from the steps before it. The k-NN probe asks whether the nearest neighbours of a recording have its "
        "labels; the training never sees them. Stop keeps a checkpoint; Resume goes on exactly where it was.");
}

void TrainingView::activated() {
    showRun();
}

void TrainingView::start() {
    if (!session().hasStudy()) {
        bar_->show(QStringLiteral("caution"), tr("Open a study first: pretraining reads its recordings."));
        return;
    }
    const auto config = form_->config();
    if (!config) {
        bar_->show(QStringLiteral("alarm"), Texts::failure(config));
        return;
    }
    bar_->clear();
    table_->clearSelection();
    session().startPretraining(*config, form_->device());
}

void TrainingView::reloadRuns() {
    const int generation = ++generation_;
    if (!session().hasStudy()) {
        runs_.clear();
        fillRuns();
        showRun();
        return;
    }
    session().jobs().start<std::vector<RunEntry>>(
        tr("Reading runs").toStdString(),
        [folder = session().studyFolder() / "runs"](StopToken, Progress&) -> Result<std::vector<RunEntry>> {
            return readRuns(folder);
        },
        [this, generation](Result<std::vector<RunEntry>> runs) {
            if (generation != generation_ || !runs.ok())
                return;
            runs_ = std::move(*runs);
            fillRuns();
            showRun();
        });
}

void TrainingView::fillRuns() {
    const QSignalBlocker blocker(table_);
    const int chosen = table_->currentRow();
    table_->setRowCount(static_cast<int>(runs_.size()));
    for (int r = 0; r < static_cast<int>(runs_.size()); ++r) {
        const auto& run = runs_[static_cast<std::size_t>(r)];
        const auto* judged = lastJudged(run.updates);
        const auto* event = lastOf(run.updates, "event");
        const auto cell = [&](int c, const QString& text, bool right = false) {
            auto* item = new QTableWidgetItem(text);
            if (right)
                item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
            table_->setItem(r, c, item);
            return item;
        };
        const TrainUpdate none;
        const auto& last = run.updates.empty() ? none : run.updates.back();
        cell(0, QString::fromStdString(run.name))->setToolTip(QString::fromStdString(run.name));
        cell(1, QString::fromStdString(run.preset));
        cell(2, QStringLiteral("%1 / %2").arg(last.step).arg(last.steps), true);
        cell(3, run.updates.empty() ? QString() : Texts::number(last.channel, 3), true);
        cell(4, run.updates.empty() ? QString() : Texts::number(last.temporal, 3), true);
        cell(5, event ? Texts::number(event->effectiveRank, 0) : QString(), true);
        auto* verdict = cell(6, judged ? Texts::verdictWord(judged->verdict) : QString());
        if (judged && !judged->advice.empty())
            verdict->setForeground(judged->verdict == "collapsed" ? theme().alarm : theme().caution);
        cell(7, run.complete ? tr("complete") : tr("checkpoint"));
    }
    if (chosen >= 0 && chosen < table_->rowCount())
        table_->selectRow(chosen);
}

void TrainingView::useChosen() {
    const int chosen = table_->currentRow();
    if (chosen < 0 || chosen >= static_cast<int>(runs_.size()))
        return;
    session().useModel(QString::fromStdString(runs_[static_cast<std::size_t>(chosen)].folder.string()));
    session().embedStudy();
}

void TrainingView::showButtons() {
    const auto& run = session().run();
    const int chosen = table_->currentRow();
    const RunEntry* entry = chosen >= 0 && chosen < static_cast<int>(runs_.size()) && !table_->selectedItems().isEmpty()
                                ? &runs_[static_cast<std::size_t>(chosen)]
                                : nullptr;
    start_->setEnabled(!run.running && session().hasStudy());
    pause_->setEnabled(run.running && !run.stopping);
    pause_->setText(run.paused ? tr("Continue") : tr("Pause"));
    afterEpoch_->setEnabled(run.running && !run.stopping);
    stop_->setEnabled(run.running && !run.stopping);
    resume_->setEnabled(!run.running && entry && !entry->complete);
    use_->setEnabled(!run.running && entry && entry->complete);
}

void TrainingView::showRun() {
    showButtons();
    const auto& run = session().run();
    const int chosen = table_->currentRow();
    const std::vector<TrainUpdate>* updates = nullptr;
    if (!table_->selectedItems().isEmpty() && chosen >= 0 && chosen < static_cast<int>(runs_.size()))
        updates = &runs_[static_cast<std::size_t>(chosen)].updates;
    else if (run.running || !run.updates.empty())
        updates = &run.updates;
    else if (!runs_.empty())
        updates = &runs_.front().updates;
    if (!updates) {
        empty_->set(tr("Training"),
                    session().hasStudy()
                        ? tr("No run in this study yet. Start one on the left: losses, collapse diagnostics and the "
                             "time left will stand here. A nano model on a few hundred recordings takes minutes.")
                        : tr("Open a study; pretraining reads its recordings, no labels needed."));
        board_->setCurrentIndex(0);
        tools_->setInfo({});
        return;
    }
    board_->setCurrentIndex(1);
    plot(*updates);
    showVerdict(*updates);
    if (run.running && !run.updates.empty() && updates == &run.updates) {
        const auto& u = run.updates.back();
        const auto left = QString::fromStdString(
            durationText(std::chrono::milliseconds(static_cast<std::int64_t>(u.secondsLeft * 1000))));
        tools_->setInfo(run.paused ? tr("paused at step %1 of %2").arg(u.step).arg(u.steps)
                                   : tr("step %1 of %2, %3 recordings/s, %4 left")
                                         .arg(u.step)
                                         .arg(u.steps)
                                         .arg(u.recordingsPerSecond, 0, 'f', 0)
                                         .arg(left));
    } else if (run.running) {
        tools_->setInfo(run.updates.empty() ? tr("preparing the signal cache…") : tr("running"));
    } else {
        tools_->setInfo(updates->empty() ? QString() : tr("%1 steps").arg(updates->back().step));
    }
}

void TrainingView::plot(const std::vector<TrainUpdate>& updates) {
    const auto shown = thinned(updates);
    auto channel = curve(tr("channel"), 0, shown, &TrainUpdate::channel);
    markAlarms(channel, updates, &TrainUpdate::channel);
    loss_->setSeries({channel, curve(tr("temporal"), 5, shown, &TrainUpdate::temporal)});
    const auto levels = [&](double LevelDiagnostics::*member) {
        return std::vector<Series>{levelCurve(tr("interval"), 0, updates, "interval", member),
                                   levelCurve(tr("event"), 5, updates, "event", member),
                                   levelCurve(tr("recording"), 2, updates, "recording", member)};
    };
    rank_->setSeries(levels(&LevelDiagnostics::effectiveRank));
    spread_->setSeries(levels(&LevelDiagnostics::std));
    cosine_->setSeries(levels(&LevelDiagnostics::meanCosine));
    const auto knn = knnCurve(tr("most frequent labels"), updates);
    const auto gaps = levels(&LevelDiagnostics::teacherGap);
    knn_->setSeries({knn});
    gap_->setSeries(gaps);
    const bool anyGap = std::any_of(gaps.begin(), gaps.end(), [](const Series& s) {
        return std::any_of(s.y.begin(), s.y.end(), [](double v) { return v > 0; });
    });
    knn_->parentWidget()->parentWidget()->setVisible(!knn.x.empty());
    gap_->parentWidget()->parentWidget()->setVisible(anyGap);
    lastRow_->setVisible(!knn.x.empty() || anyGap);
}

void TrainingView::showVerdict(const std::vector<TrainUpdate>& updates) {
    const auto* judged = lastJudged(updates);
    verdict_->setVisible(judged != nullptr);
    if (!judged)
        return;
    static const std::map<std::string, std::pair<const char*, const char*>> kWords = {
        {"healthy", {QT_TR_NOOP("Healthy."), "good"}},
        {"early", {QT_TR_NOOP("Too early to tell."), "secondary"}},
        {"collapsing", {QT_TR_NOOP("Collapsing."), "caution"}},
        {"collapsed", {QT_TR_NOOP("Collapsed."), "alarm"}}};
    const auto found = kWords.find(judged->verdict);
    const auto head = found == kWords.end() ? QString::fromStdString(judged->verdict) : tr(found->second.first);
    setRole(verdict_, found == kWords.end() ? "secondary" : found->second.second);
    QString text = Texts::verdict(judged->verdictText);
    if (text.isEmpty())
        if (const auto* event = lastOf(updates, "event"))
            text = tr("Event level: effective rank %1, spread %2, mean cosine %3 (step %4).")
                       .arg(event->effectiveRank, 0, 'f', 0)
                       .arg(event->std, 0, 'f', 2)
                       .arg(event->meanCosine, 0, 'f', 2)
                       .arg(judged->step);
    QStringList lines{QStringLiteral("<b>%1</b> %2").arg(head, text.toHtmlEscaped())};
    if (const auto advice = Texts::advice(judged->advice); !advice.isEmpty())
        lines += tr("What to change: %1").arg(advice.join(QStringLiteral(" · ")).toHtmlEscaped());
    for (const auto& u : updates)
        if (!u.earlyTestText.empty() && (u.earlyTest == "failed" || judged->verdict == "healthy"))
            lines += Texts::earlyTest(u.earlyTestText).toHtmlEscaped();
    const auto isAlarm = [](const TrainUpdate& u) { return !u.alarm.empty(); };
    const auto alarms = static_cast<int>(std::count_if(updates.begin(), updates.end(), isAlarm));
    if (alarms > 0) {
        const auto last = std::find_if(updates.rbegin(), updates.rend(), isAlarm);
        lines += tr("%n alarm(s), marked on the loss. The last: %1", nullptr, alarms)
                     .arg(Texts::alarm(last->alarm).toHtmlEscaped());
    }
    verdict_->setText(lines.join(QStringLiteral("<br>")));
}

} // namespace precordia
