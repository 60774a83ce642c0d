// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/beat/beat_view.h"

#include "core/signal/single_beat.h"
#include "ui/beat/beat_canvas.h"
#include "ui/beat/beat_marks.h"
#include "ui/compare/compared.h"
#include "ui/compare/comparison_table.h"
#include "ui/texts.h"
#include "ui/theme/theme.h"
#include "ui/widgets.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QHeaderView>
#include <QLocale>
#include <QPointer>
#include <QSignalBlocker>
#include <QSplitter>
#include <QUndoStack>
#include <QVBoxLayout>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

namespace precordia {

namespace {

constexpr std::array kGains{5.0, 10.0, 20.0}; // mm/mV
constexpr int kTableWidth = 340;              // px
constexpr int kShownEdits = 4;
constexpr double kSameBeat = 0.05; // s

struct Row {
    QString name;
    Measured EcgMeasurements::*value;
};
std::vector<Row> shownRows() {
    return {{BeatView::tr("P, ms"), &EcgMeasurements::p},
            {BeatView::tr("PR, ms"), &EcgMeasurements::pr},
            {BeatView::tr("QRS, ms"), &EcgMeasurements::qrs},
            {BeatView::tr("QT, ms"), &EcgMeasurements::qt},
            {BeatView::tr("QTc Bazett, ms"), &EcgMeasurements::qtcBazett},
            {BeatView::tr("QTc Fridericia, ms"), &EcgMeasurements::qtcFridericia},
            {BeatView::tr("P axis, °"), &EcgMeasurements::pAxis},
            {BeatView::tr("QRS axis, °"), &EcgMeasurements::qrsAxis},
            {BeatView::tr("T axis, °"), &EcgMeasurements::tAxis}};
}

QString text(const Measured& measured) {
    if (!measured.value || !std::isfinite(*measured.value))
        return QStringLiteral("–");
    const double rounded = std::round(*measured.value);
    return (rounded < 0 ? QString(QChar(0x2212)) : QString()) + Texts::number(std::abs(rounded), 0);
}

} // namespace

BeatView::BeatView(Session& s, QWidget* parent) : View(s, parent) {
    bar_ = new MessageBar(this);
    empty_ = new EmptyState(this);
    marks_ = new BeatMarks(s.undoStack(), this);
    store_ = new FiducialStore(this);
    canvas_ = new BeatCanvas(*marks_, this);
    makeTools();
    auto* both = new QSplitter(Qt::Horizontal, this);
    both->addWidget(canvas_);
    both->addWidget(makeSide());
    both->setStretchFactor(0, 1);
    both->setSizes({3 * kTableWidth, kTableWidth});
    both->setCollapsible(0, false);
    stack_ = new QStackedWidget(this);
    stack_->addWidget(empty_);
    stack_->addWidget(both);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(bar_);
    column->addWidget(tools_);
    column->addWidget(stack_, 1);

    connect(marks_, &BeatMarks::changed, this, &BeatView::showMeasurements);
    connect(marks_, &BeatMarks::edited, this, &BeatView::keep);
    connect(canvas_, &BeatCanvas::otherBeatWanted, which_, [this](int step) { which_->stepBy(step); });
    connect(which_, &QSpinBox::valueChanged, this, &BeatView::showWhich);
    connect(store_, &FiducialStore::kept, this, [this](const MarkChange& change) {
        if (!change.beat)
            session().setMoved(change.recording, change.moved);
    });
    connect(store_, &FiducialStore::loaded, this, &BeatView::showBeat);
    connect(store_, &FiducialStore::loadFailed, this, [this](const QString& reason) {
        showEmpty(tr("No median beat"), reason);
        Q_EMIT beatReady();
    });
    connect(store_, &FiducialStore::keepFailed, this, [this](const QString& reason) {
        bar_->show(QStringLiteral("alarm"), tr("The marks were not kept: %1").arg(reason));
    });
    connect(&s, &Session::recordingChanged, this, &BeatView::stale);
    connect(&s, &Session::studyChanged, this, &BeatView::stale);
    refresh();
}

void BeatView::makeTools() {
    tools_ = new ToolRow(this);
    which_ = new QSpinBox(this);
    which_->setSpecialValueText(tr("Median beat"));
    which_->setPrefix(tr("Beat ", "before its number"));
    which_->setKeyboardTracking(false);
    which_->setToolTip(tr("The median beat or a single one (Page up, Page down)"));
    which_->setAccessibleName(tr("Which beat"));
    tools_->add(which_);
    gain_ = new QComboBox(this);
    gain_->setToolTip(tr("Gain"));
    gain_->setAccessibleName(tr("Gain"));
    for (const double gain : kGains)
        gain_->addItem(tr("%1 mm/mV").arg(QLocale().toString(gain)), gain);
    gain_->setCurrentIndex(1);
    tools_->add(gain_);
    tools_->addSeparator();
    reset_ = new QPushButton(tr("Marks as computed"), this);
    tools_->add(reset_);
    connect(gain_, &QComboBox::currentIndexChanged, this,
            [this] { canvas_->setGain(gain_->currentData().toDouble()); });
    connect(reset_, &QPushButton::clicked, marks_, &BeatMarks::reset);
    auto* action = new QAction(tr("Marks as computed"), this);
    connect(action, &QAction::triggered, reset_, &QPushButton::click);
    addAction(action);
}

QWidget* BeatView::makeSide() {
    auto* side = new QWidget(this);
    auto* column = new QVBoxLayout(side);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    makeTable();
    column->addWidget(table_, 1);
    journal_ = new QLabel(side);
    journal_->setWordWrap(true);
    journal_->setContentsMargins(Theme::kPanel, Theme::kStep, Theme::kPanel, Theme::kStep);
    setRole(journal_, "secondary");
    column->addWidget(journal_);
    return side;
}

void BeatView::makeTable() {
    table_ = new QTableWidget(0, 3, this);
    table_->setHorizontalHeaderLabels({tr("Measurement"), tr("Computed"), tr("With the marks")});
    table_->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table_->setSelectionMode(QAbstractItemView::NoSelection);
    table_->setFocusPolicy(Qt::TabFocus);
    table_->setShowGrid(false);
    table_->verticalHeader()->hide();
    table_->verticalHeader()->setDefaultSectionSize(Theme::kRow);
    fitColumns(*table_);
    table_->setAccessibleName(tr("Measurements of the median beat"));
    for (const Row& row : shownRows()) {
        const int at = table_->rowCount();
        table_->insertRow(at);
        for (int column = 0; column < 3; ++column) {
            auto* item = new QTableWidgetItem(column == 0 ? row.name : QString());
            item->setTextAlignment((column == 0 ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
            table_->setItem(at, column, item);
        }
    }
}

QString BeatView::help() const {
    return tr("The mean of the normal beats, lead by lead, with the marks over all leads: P onset and end, QRS onset "
              "and end (J), T end. Page down and Page up show each single beat the same way. Drag a mark to move it; "
              "the measurements follow. X takes the next mark, the arrow keys move it by one sample, with Shift by "
              "five. Every step can be undone; what is moved is kept in the study with the reader's name and the time, "
              "beside what was computed. What was moved on the median beat also stands in the details, the worklist "
              "and the report. Of a longer recording the first %1 min are measured.")
        .arg(kMarkedSeconds / 60);
}

void BeatView::activated() {
    if (stale_)
        refresh();
    if (beat_)
        canvas_->setFocus(Qt::OtherFocusReason);
}

void BeatView::stale() {
    stale_ = true;
    ++generation_;
    if (job_ != 0)
        session().jobs().stop(job_);
    job_ = 0;
    store_->cancel();
    // The beat of another recording would be taken for this one's.
    beat_.reset();
    marks_->set({}, {}, nullptr, {});
    if (isVisible())
        refresh();
}

void BeatView::showEmpty(const QString& title, const QString& text) {
    beat_.reset();
    marks_->set({}, {}, nullptr, {});
    reset_->setEnabled(false);
    which_->setEnabled(false);
    tools_->setInfo({});
    empty_->set(title, text);
    stack_->setCurrentWidget(empty_);
}

void BeatView::refresh() {
    const auto recording = session().recording();
    if (!session().hasStudy() || !recording) {
        showEmpty(tr("Beat"), tr("The median beat of the recording that is chosen in the worklist, with its marks and "
                                 "measurements."));
        return;
    }
    if (!isVisible())
        return; // it is measured when somebody looks
    stale_ = false;
    bar_->clear();
    tools_->setInfo(tr("Measuring…"));
    using Made = std::shared_ptr<MarkedBeat>;
    job_ = session().jobs().start<Made>(
        tr("Measuring the median beat").toStdString(),
        [folder = session().studyFolder(), recording](const StopToken& stop, Progress&) {
            return measureBeat(folder, recording, stop);
        },
        [this, generation = generation_, guard = QPointer<BeatView>(this)](const Result<Made>& made) {
            if (!guard || generation != generation_ || made.cancelled())
                return;
            job_ = 0;
            if (made.ok()) {
                store_->load(session().studyFolder(), session().sight(), *made);
                return;
            }
            showEmpty(tr("No median beat"), Texts::error(made.error()));
            Q_EMIT beatReady();
        });
}

// How far apart the R peak of one beat may be seen, in samples.
std::int64_t BeatView::reach() const {
    return beat_ ? std::llround(kSameBeat * beat_->recording->samplingRate) : 0;
}

std::optional<SampleIndex> BeatView::wanted() const {
    const auto number = static_cast<std::size_t>(which_->value());
    if (!beat_ || number == 0 || number > beat_->ecg.delineation.beats.size())
        return std::nullopt;
    return beat_->ecg.delineation.beats[number - 1].peak;
}

int BeatView::numberOf(std::optional<SampleIndex> beat) const {
    if (!beat || !beat_)
        return 0;
    const auto& beats = beat_->ecg.delineation.beats;
    const auto at = std::find_if(beats.begin(), beats.end(),
                                 [&](const Beat& b) { return std::abs(b.peak.value - beat->value) <= reach(); });
    return at == beats.end() ? 0 : static_cast<int>(at - beats.begin()) + 1;
}

void BeatView::showBeat(std::shared_ptr<const MarkedBeat> beat) {
    beat_ = std::move(beat);
    edits_ = beat_->edits;
    const QSignalBlocker quiet(which_);
    which_->setEnabled(true);
    which_->setRange(0, static_cast<int>(beat_->ecg.delineation.beats.size()));
    which_->setValue(undone_ && undone_->recording == beat_->row.id ? numberOf(undone_->beat) : 0);
    undone_.reset();
    stack_->setCurrentWidget(stack_->widget(1));
    showWhich();
    Q_EMIT beatReady();
}

void BeatView::showWhich() {
    if (!beat_)
        return;
    bar_->clear();
    const auto beat = wanted();
    std::shared_ptr<const EcgAnalysis> ecg(beat_, &beat_->ecg);
    QString name = tr("median beat"), facts;
    if (beat) {
        const auto at = static_cast<std::size_t>(which_->value()) - 1;
        ecg = std::make_shared<const EcgAnalysis>(analysisOfBeat(*beat_->recording, beat_->ecg, at));
        name = tr("beat at %1 s").arg(QLocale().toString(beat_->ecg.delineation.beats[at].seconds, 'f', 2));
        facts = tr("%1, %2 of %3").arg(name).arg(at + 1).arg(beat_->ecg.delineation.beats.size());
        if (ecg->medianBeat.beats == 0)
            bar_->show(QStringLiteral("caution"), tr("This beat lies too near the end to be measured."));
    } else {
        facts = tr("%n beat(s) averaged", nullptr, static_cast<int>(beat_->ecg.medianBeat.beats));
    }
    if (beat_->cut)
        facts += QStringLiteral(" · ") + tr("first %1 min").arg(QLocale().toString(kMarkedSeconds / 60));
    const FiducialEdit* last = lastEdit(edits_, beat, reach());
    std::optional<MedianMarks> moved = last != nullptr ? last->marks : std::nullopt;
    if (moved && !plausible(*moved, ecg->medianBeat)) {
        moved.reset();
        bar_->show(QStringLiteral("caution"),
                   tr("The marks that were kept do not fit this beat; the computed ones are shown."));
    }
    canvas_->setTitle(nameAndDate(beat_->row), name);
    marks_->set(beat_->row.id, beat, std::move(ecg), moved);
    tools_->setInfo(facts);
    showJournal();
}

void BeatView::keep(const MarkChange& change, bool again) {
    if (!session().hasStudy())
        return;
    const std::string& reader = session().sight().reader;
    store_->keep(session().studyFolder(), change, reader, again);
    if (beat_ && beat_->row.id == change.recording) {
        if (again && !edits_.empty())
            edits_.pop_back();
        edits_.push_back(
            {change.beat, change.marks, reader, QDateTime::currentDateTimeUtc().toString(Qt::ISODate).toStdString()});
        if (change.beat == wanted())
            showJournal();
        else
            which_->setValue(numberOf(change.beat)); // an undo shows what it undoes
    }
    if (session().selection().current() != change.recording) {
        undone_ = change;
        session().selection().setCurrent(change.recording);
    }
}

void BeatView::showMeasurements() {
    reset_->setEnabled(marks_->ecg() != nullptr && marks_->isEdited());
    if (marks_->ecg() == nullptr)
        return;
    const EcgMeasurements now =
        marks_->isEdited() ? measuredWith(*marks_->ecg(), marks_->marks()) : marks_->ecg()->measurements;
    int at = 0;
    for (const Row& row : shownRows()) {
        const QString computed = text(marks_->ecg()->measurements.*row.value), with = text(now.*row.value);
        table_->item(at, 1)->setText(computed);
        auto* item = table_->item(at, 2);
        item->setText(with);
        QFont font = item->font();
        font.setBold(with != computed);
        item->setFont(font);
        ++at;
    }
}

void BeatView::showJournal() {
    QStringList lines;
    int count = 0;
    for (auto edit = edits_.rbegin(); edit != edits_.rend(); ++edit) {
        if (lastEdit({*edit}, wanted(), reach()) == nullptr || ++count > kShownEdits)
            continue;
        const auto when =
            QDateTime::fromString(QString::fromStdString(edit->editedAt), Qt::ISODateWithMs).toLocalTime();
        const QString time = QLocale().toString(when, QStringLiteral("yyyy-MM-dd HH:mm"));
        const QString who = QString::fromStdString(edit->reader);
        lines << (edit->marks ? tr("%1: marks moved by %2").arg(time, who)
                              : tr("%1: as computed again, by %2").arg(time, who));
    }
    if (count > kShownEdits)
        lines << tr("and %n more", nullptr, count - kShownEdits);
    journal_->setText(lines.isEmpty() ? tr("The marks are as computed.") : lines.join(QLatin1Char('\n')));
}

// For a picture; nothing of it is kept.
void BeatView::enterTourState(const QString& state) {
    if (!beat_)
        return;
    which_->setValue(state == QLatin1String("single") ? 3 : 0);
    if (state != QLatin1String("moved"))
        return;
    auto moved = marks_->computed();
    for (const auto& [mark, by] : {std::pair{MedianMark::TOff, 0.024}, {MedianMark::QrsOn, -0.008}})
        if (moved.at(mark))
            moved = withMark(moved, mark, *moved.at(mark) + by, beat_->ecg.medianBeat);
    edits_.push_back(
        {{}, moved, tr("Reader").toStdString(), QDateTime::currentDateTimeUtc().toString(Qt::ISODate).toStdString()});
    showWhich();
}

} // namespace precordia
