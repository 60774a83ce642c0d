// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/compare_view.h"

#include "ui/compare/comparison_table.h"
#include "ui/texts.h"
#include "ui/theme/theme.h"
#include "ui/widgets.h"

#include <QLocale>
#include <QPointer>
#include <QSplitter>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace precordia {

namespace {

constexpr std::array kGains{5.0, 10.0, 20.0}; // mm/mV
constexpr int kTableWidth = 380;              // px
constexpr int kReferenceLetters = 28;

const RecordingRow* rowOf(const std::vector<RecordingRow>& rows, RecordingId id) {
    const auto at = std::lower_bound(rows.begin(), rows.end(), id,
                                     [](const RecordingRow& row, RecordingId wanted) { return row.id < wanted; });
    return at != rows.end() && at->id == id ? &*at : nullptr;
}

} // namespace

CompareView::CompareView(Session& s, QWidget* parent) : View(s, parent) {
    bar_ = new MessageBar(this);
    empty_ = new EmptyState(this);
    canvas_ = new ComparisonCanvas(this);
    table_ = new ComparisonTable(this);
    makeTools();
    auto* both = new QSplitter(Qt::Horizontal, this);
    both->addWidget(canvas_);
    both->addWidget(table_);
    both->setStretchFactor(0, 1);
    both->setSizes({4 * kTableWidth, kTableWidth});
    both->setChildrenCollapsible(true);
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

    auto* swapAction = new QAction(tr("Swap the two ECGs"), this);
    connect(swapAction, &QAction::triggered, this, &CompareView::swap);
    addAction(swapAction);
    connect(&s, &Session::recordingChanged, this, &CompareView::stale);
    connect(&s, &Session::studyChanged, this, &CompareView::stale);
    connect(&s, &Session::neighboursChanged, this, [this] { fillReferences(session().selection().reference()); });
    connect(&s, &Session::rowsChanged, this, [this] { // one to propose may be among them
        if (!compared_)
            stale();
        else
            fillReferences(session().selection().reference());
    });
    connect(&s.selection(), &StudySelection::referenceChanged, this, &CompareView::stale);
    refresh();
}

void CompareView::makeTools() {
    tools_ = new ToolRow(this);
    mode_ = new QComboBox(this);
    mode_->setToolTip(tr("How the two are shown"));
    mode_->setAccessibleName(mode_->toolTip());
    mode_->addItem(tr("Beats overlaid"), static_cast<int>(ComparisonCanvas::Mode::Beats));
    mode_->addItem(tr("Traces side by side"), static_cast<int>(ComparisonCanvas::Mode::Traces));
    tools_->add(mode_);
    reference_ = new QComboBox(this);
    reference_->setToolTip(tr("The reference: what the recording in focus is compared with. Any other recording can be "
                              "made it in the worklist, with the right mouse button."));
    reference_->setAccessibleName(tr("Reference"));
    reference_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    reference_->setMinimumContentsLength(kReferenceLetters);
    tools_->add(reference_);
    swap_ = new QPushButton(tr("Swap"), this);
    swap_->setToolTip(tr("The reference comes into focus, and the recording in focus becomes the reference"));
    tools_->add(swap_);
    tools_->addSeparator();
    gain_ = new QComboBox(this);
    gain_->setToolTip(tr("Gain"));
    gain_->setAccessibleName(tr("Gain"));
    for (const double gain : kGains)
        gain_->addItem(tr("%1 mm/mV").arg(QLocale().toString(gain)), gain);
    gain_->setCurrentIndex(1);
    tools_->add(gain_);
    connect(mode_, &QComboBox::currentIndexChanged, this, [this] {
        canvas_->setMode(static_cast<ComparisonCanvas::Mode>(mode_->currentData().toInt()));
        // Two whole ECGs need the width: beside the table their names could not be read.
        table_->setVisible(canvas_->mode() == ComparisonCanvas::Mode::Beats);
        if (compared_)
            showCompared(compared_);
    });
    connect(gain_, &QComboBox::currentIndexChanged, this,
            [this] { canvas_->setGain(gain_->currentData().toDouble()); });
    connect(reference_, &QComboBox::activated, this,
            [this] { session().selection().setReference(RecordingId(reference_->currentData().toLongLong())); });
    connect(swap_, &QPushButton::clicked, this, &CompareView::swap);
}

QString CompareView::help() const {
    return tr("The recording in focus against a reference: the one before it of the same patient, or any that was "
              "chosen. Overlaid are the median beats of both, lined up where their QRS complexes agree best; under "
              "them lies the difference, the current one less the reference, on the same scale; the bars at the foot "
              "are P, QRS and T of both. Side by side are the traces on one scale. The table has the measurements of "
              "both, computed here, and what changed. J and K go to the next and the previous recording; the reference "
              "stays.");
}

void CompareView::activated() {
    if (stale_)
        refresh();
}

void CompareView::stale() {
    stale_ = true;
    if (isVisible())
        refresh();
}

// Which two ------------------------------------------------------------------------

std::vector<const RecordingRow*> CompareView::ofSamePatient() const {
    std::vector<const RecordingRow*> out;
    const auto& rows = *session().rows();
    const auto* current = rowOf(rows, session().selection().current());
    if (current == nullptr || current->patient.empty())
        return out;
    for (const RecordingRow& row : rows)
        if (row.patient == current->patient && row.dataset == current->dataset && row.id != current->id)
            out.push_back(&row);
    std::stable_sort(out.begin(), out.end(), [](const RecordingRow* a, const RecordingRow* b) {
        return a->recordedAt < b->recordedAt; // ISO 8601; those without a date first
    });
    return out;
}

RecordingId CompareView::suggestion() const {
    const auto others = ofSamePatient();
    const auto* current = rowOf(*session().rows(), session().selection().current());
    if (others.empty() || current == nullptr)
        return {};
    const auto before = [&](const RecordingRow* row) {
        return row->recordedAt != current->recordedAt ? row->recordedAt < current->recordedAt : row->id < current->id;
    };
    const auto last = std::find_if(others.rbegin(), others.rend(), before);
    return last != others.rend() ? (*last)->id : others.front()->id;
}

void CompareView::fillReferences(RecordingId chosen) {
    if (!isVisible())
        return;
    const QSignalBlocker quiet(reference_);
    reference_->clear();
    reference_->addItem(tr("The one before, same patient"), qlonglong(-1));
    const auto& rows = *session().rows();
    const RecordingId current = session().selection().current();
    const auto add = [&](const RecordingRow& row, const QString& text) {
        if (row.id != current && reference_->findData(qlonglong(row.id.value)) < 0)
            reference_->addItem(text, qlonglong(row.id.value));
    };
    for (const RecordingRow* row : ofSamePatient())
        add(*row, nameAndDate(*row));
    for (const Neighbour& near : session().neighbours())
        if (const auto* row = rowOf(rows, near.id))
            add(*row, tr("Near: %1", "by the model").arg(nameAndDate(*row)));
    if (const auto* row = rowOf(rows, chosen))
        add(*row, nameAndDate(*row));
    reference_->setCurrentIndex(std::max(0, reference_->findData(qlonglong(chosen.value))));
}

void CompareView::swap() {
    if (!compared_)
        return;
    const RecordingId reference = compared_->referenceRow.id, current = compared_->currentRow.id;
    session().selection().setReference(current);
    session().selection().setCurrent(reference);
}

// What is shown --------------------------------------------------------------------

void CompareView::showEmpty(const QString& title, const QString& text) {
    compared_.reset();
    canvas_->set(nullptr);
    table_->set(nullptr);
    swap_->setEnabled(false);
    tools_->setInfo({});
    empty_->set(title, text);
    stack_->setCurrentWidget(empty_);
}

void CompareView::refresh() {
    const auto current = session().recording();
    ++generation_;
    if (job_ != 0)
        session().jobs().stop(job_);
    job_ = 0;
    stale_ = false;
    bar_->clear();
    const RecordingId chosen = session().selection().reference();
    fillReferences(chosen);
    if (!session().hasStudy() || !current) {
        showEmpty(tr("Compare"), tr("Two ECGs of the study, side by side or with their median beats laid over each "
                                    "other. Choose a recording in the worklist."));
        return;
    }
    const RecordingId reference = chosen.valid() ? chosen : suggestion();
    if (!reference.valid()) {
        showEmpty(tr("No reference yet"),
                  tr("No other recording of this patient is known. Choose a reference above, or in the worklist: the "
                     "right mouse button, Compare with the current one."));
        return;
    }
    if (reference == current->row.id) {
        showEmpty(tr("This is the reference"),
                  tr("The recording in focus is the reference itself. Go to another one in the worklist, or choose "
                     "another reference above."));
        return;
    }
    if (!isVisible()) {
        stale_ = true; // it is made when somebody looks
        return;
    }
    tools_->setInfo(tr("Comparing…"));
    using Made = std::shared_ptr<const Compared>;
    job_ = session().jobs().start<Made>(
        tr("Comparing").toStdString(),
        [folder = session().studyFolder(), sight = session().sight(), reference,
         current](const StopToken& stop, Progress&) { return compareWith(folder, sight, reference, current, stop); },
        [this, generation = generation_, guard = QPointer<CompareView>(this)](const Result<Made>& made) {
            if (!guard || generation != generation_ || made.cancelled())
                return;
            job_ = 0;
            if (made.ok())
                showCompared(*made);
            else
                showEmpty(tr("No comparison"), tr("The reference cannot be read: %1").arg(Texts::error(made.error())));
            Q_EMIT comparisonReady();
        });
}

void CompareView::showCompared(std::shared_ptr<const Compared> compared) {
    compared_ = std::move(compared);
    canvas_->set(compared_);
    table_->set(compared_.get());
    swap_->setEnabled(true);
    stack_->setCurrentWidget(stack_->widget(1));
    QStringList facts;
    if (compared_->beats)
        facts << tr("%1 and %2 beats averaged")
                     .arg(QLocale().toString(static_cast<qulonglong>(compared_->beats->referenceBeats)),
                          QLocale().toString(static_cast<qulonglong>(compared_->beats->currentBeats)));
    if (compared_->cut)
        facts << tr("first %1 s").arg(QLocale().toString(kComparedSeconds));
    tools_->setInfo(facts.join(QStringLiteral(" · ")));
    bar_->clear();
    const SamePatient same = samePatient(compared_->referenceRow, compared_->currentRow);
    QStringList notes;
    if (same == SamePatient::No)
        notes << tr("They are of different patients.");
    else if (same == SamePatient::Unknown)
        notes << tr("Whether they are of the same patient is not known.");
    const QString level = same == SamePatient::No ? QStringLiteral("caution") : QStringLiteral("info");
    if (!compared_->beats)
        bar_->show(QStringLiteral("caution"),
                   (notes << tr("Their beats cannot be compared: %1").arg(Texts::error(compared_->whyNoBeats)))
                       .join(QLatin1Char(' ')),
                   mode_->currentIndex() == 0 ? tr("Traces side by side") : QString(),
                   [this] { mode_->setCurrentIndex(1); });
    else if (!compared_->beats->notCompared.empty()) {
        QStringList names;
        for (const std::string& name : compared_->beats->notCompared)
            names << QString::fromStdString(name);
        notes << tr("Only one of them has: %1").arg(names.join(QStringLiteral(", ")));
    }
    if (compared_->beats && !notes.isEmpty())
        bar_->show(level, notes.join(QLatin1Char(' ')));
}

// Tour -----------------------------------------------------------------------------

QStringList CompareView::tourStates() const {
    return {QStringLiteral("beats"), QStringLiteral("traces")};
}

void CompareView::enterTourState(const QString& state) {
    mode_->setCurrentIndex(state == QLatin1String("traces") ? 1 : 0);
    const auto& rows = *session().rows();
    const RecordingId current = session().selection().current();
    if (!session().selection().reference().valid())
        for (const RecordingRow& row : rows)
            if (row.id != current) {
                session().selection().setReference(row.id);
                break;
            }
}

} // namespace precordia
