// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ecg/ecg_view.h"

#include "core/paper/page_words.h"
#include "core/study/measured_signal.h"
#include "ui/ecg/caliper_store.h"
#include "ui/ecg/calipers.h"
#include "ui/ecg/filter_button.h"
#include "ui/ecg/lead_menu.h"
#include "ui/ecg/long_trace.h"
#include "ui/ecg/overview_strip.h"
#include "ui/ecg/paper_canvas.h"
#include "ui/ecg/paper_scroll.h"
#include "ui/ecg/print_ecg.h"
#include "ui/ecg/screen_scale.h"
#include "ui/texts.h"
#include "ui/theme/theme.h"
#include "ui/widgets.h"

#include <QAction>
#include <QFileDialog>
#include <QLocale>
#include <QPointer>
#include <QScreen>
#include <QShowEvent>
#include <QVBoxLayout>
#include <QWindow>

#include <algorithm>
#include <array>

namespace precordia {

namespace {

constexpr std::array kSpeeds{12.5, 25.0, 50.0, 100.0}; // mm/s
struct Gain {
    double limb, chest; // mm/mV
};
constexpr std::array kGains{Gain{2.5, 2.5}, Gain{5, 5}, Gain{10, 5}, Gain{10, 10}, Gain{20, 20}, Gain{40, 40}};
constexpr double kHalf = 0.5;   // of the chest leads' gain
constexpr int kLateAfter = 300; // ms
constexpr double kZoomStep = 1.25;

// Shows a value that is not in the list as the box's placeholder: zooming by wheel is continuous.
void showValue(QComboBox* box, const QVariant& value, const QString& text) {
    const QSignalBlocker quiet(box);
    box->setPlaceholderText(text);
    box->setCurrentIndex(box->findData(value));
}

} // namespace

EcgView::EcgView(Session& s, QWidget* parent) : View(s, parent) {
    bar_ = new MessageBar(this);
    empty_ = new EmptyState(this);
    canvas_ = new PaperCanvas(this);
    calipers_ = new Calipers(s.undoStack(), this);
    canvas_->setCalipers(calipers_);
    store_ = new CaliperStore(this);
    strip_ = new OverviewStrip(this);
    long_ = new LongTrace(s, canvas_, strip_, this);
    makeTools();
    makeActions();
    stack_ = new QStackedWidget(this);
    stack_->addWidget(empty_);
    paper_ = new PaperScroll(canvas_, this);
    stack_->addWidget(paper_);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(bar_);
    column->addWidget(tools_);
    column->addWidget(stack_, 1);
    column->addWidget(strip_);

    late_.setSingleShot(true);
    late_.setInterval(kLateAfter);
    connect(&late_, &QTimer::timeout, this, [this] { tools_->setInfo(tr("Reading the recording…")); });

    connect(canvas_, &PaperCanvas::viewChanged, this, &EcgView::showScale);
    connect(long_, &LongTrace::failed, this, [this](const QString& reason) {
        bar_->show(QStringLiteral("alarm"), tr("This part of the recording cannot be read: %1").arg(reason));
    });
    connect(canvas_, &PaperCanvas::timeHovered, this,
            [this](std::optional<double> time) { session().selection().setTime(time); });
    connect(canvas_, &PaperCanvas::leadHovered, this,
            [this](const std::string& name) { session().selection().setLead(name); });
    connect(calipers_, &Calipers::changed, this, &EcgView::showSpan);
    StudySelection& selection = s.selection();
    connect(&selection, &StudySelection::timeChanged, this,
            [this] { canvas_->setTimeCursor(session().selection().time()); });
    connect(&selection, &StudySelection::currentChanged, this, [this](RecordingId id) {
        failure_.clear();
        const auto there = session().recording(); // a recording read ahead is published at once
        if (id.valid() && !(there && there->row.id == id))
            late_.start();
        else
            late_.stop();
        showPosition();
    });
    connect(&selection, &StudySelection::chosenChanged, this, &EcgView::showPosition);
    connect(&s, &Session::studyChanged, this, &EcgView::showRecording);
    connect(&s, &Session::rowsChanged, this, [this] {
        showPosition();
        if (stack_->currentWidget() == empty_)
            showRecording();
    });
    connect(&s, &Session::recordingChanged, this, &EcgView::showRecording);
    connect(&s, &Session::recordingFailed, this, &EcgView::showFailure);
    connect(&s, &Session::encodingsChanged, this, &EcgView::showEncodings);
    connect(&ThemeManager::instance(), &ThemeManager::changed, canvas_, &PaperCanvas::themeChanged);
    showScale();
    showRecording();
}

void EcgView::makeTools() {
    tools_ = new ToolRow(this);
    const auto box = [this](const QString& name) {
        auto* made = new QComboBox(this);
        made->setToolTip(name);
        made->setAccessibleName(name);
        tools_->add(made);
        return made;
    };
    layout_ = box(tr("Layout"));
    layout_->addItem(tr("3 × 4 + rhythm"), static_cast<int>(PaperLayout::ThreeByFourRhythm));
    layout_->addItem(tr("3 × 4"), static_cast<int>(PaperLayout::ThreeByFour));
    layout_->addItem(tr("3 × 4 + 3 rhythm"), static_cast<int>(PaperLayout::ThreeByFourThreeRhythm));
    layout_->addItem(tr("6 × 2"), static_cast<int>(PaperLayout::SixByTwo));
    layout_->addItem(tr("Cabrera"), static_cast<int>(PaperLayout::Cabrera));
    layout_->addItem(tr("12 × 1"), static_cast<int>(PaperLayout::TwelveByOne));
    layout_->addItem(tr("Overlaid"), static_cast<int>(PaperLayout::Overlaid));
    layout_->addItem(tr("One lead"), static_cast<int>(PaperLayout::Single));
    lead_ = box(tr("Lead of the rhythm strip"));
    for (const std::string& name : standardLeads())
        lead_->addItem(QString::fromStdString(name));
    lead_->setCurrentText(QString::fromStdString(canvas_->options().rhythmLead));
    tools_->addSeparator();
    speed_ = box(tr("Speed"));
    for (const double speed : kSpeeds)
        speed_->addItem(tr("%1 mm/s").arg(QLocale().toString(speed)), speed);
    gain_ = box(tr("Gain"));
    for (const auto& [limb, chest] : kGains) {
        PaperOptions shown;
        shown.gain = limb;
        setChestGain(shown, chest / limb);
        gain_->addItem(tr("%1 mm/mV").arg(gainText(shown, QLocale())), QPointF(limb, chest / limb));
        if (chest != limb)
            gain_->setItemData(gain_->count() - 1, tr("Half gain for V1 to V6, as for tall chest leads"),
                               Qt::ToolTipRole);
    }
    tools_->addSeparator();
    filters_ = new FilterButton(this);
    tools_->add(filters_);
    leads_ = new LeadMenu(this);
    tools_->add(leads_);
    connect(filters_, &FilterButton::changed, this, &EcgView::applyFilters);
    connect(leads_, &LeadMenu::changed, this, [this] {
        canvas_->setLeadStyles(leads_->styles());
        showScale();
    });

    connect(layout_, &QComboBox::currentIndexChanged, this, [this] {
        const auto chosen = static_cast<PaperLayout>(layout_->currentData().toInt());
        canvas_->setPaperLayout(chosen);
        lead_->setEnabled(chosen == PaperLayout::ThreeByFourRhythm || chosen == PaperLayout::ThreeByFourThreeRhythm ||
                          chosen == PaperLayout::Single);
    });
    connect(lead_, &QComboBox::currentTextChanged, canvas_, &PaperCanvas::setRhythmLead);
    connect(speed_, &QComboBox::activated, this, [this] { canvas_->setSpeed(speed_->currentData().toDouble()); });
    connect(gain_, &QComboBox::activated, this, [this] {
        const QPointF chosen = gain_->currentData().toPointF();
        canvas_->setGain(chosen.x());
        halveChest(chosen.y());
    });
}

void EcgView::makeActions() {
    const auto add = [this](const QString& text, const QKeySequence& keys, std::function<void()> run) {
        auto* action = new QAction(text, this);
        action->setShortcut(keys);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        if (run) // a checkable action is told of by toggled()
            connect(action, &QAction::triggered, this, std::move(run));
        addAction(action);
        return action;
    };
    add(tr("Zoom in time"), QKeySequence(Qt::CTRL | Qt::Key_Plus),
        [this] { canvas_->setSpeed(canvas_->speed() * kZoomStep); });
    add(tr("Zoom out in time"), QKeySequence(Qt::CTRL | Qt::Key_Minus),
        [this] { canvas_->setSpeed(canvas_->speed() / kZoomStep); });
    add(tr("Larger amplitude"), QKeySequence(Qt::SHIFT | Qt::Key_Up), [this] { canvas_->zoomGain(kZoomStep); });
    add(tr("Smaller amplitude"), QKeySequence(Qt::SHIFT | Qt::Key_Down), [this] { canvas_->zoomGain(1 / kZoomStep); });
    add(tr("Fit the recording: 25 mm/s, 10 mm/mV"), QKeySequence(Qt::CTRL | Qt::Key_0),
        [this] { canvas_->resetView(); });
    halfChest_ = add(tr("Half gain for the chest leads (10/5 mm/mV)"), QKeySequence(Qt::Key_H), {});
    halfChest_->setCheckable(true);
    connect(halfChest_, &QAction::toggled, this, [this](bool on) { halveChest(on ? kHalf : 1); });
    QAction* grid = add(tr("Grid"), QKeySequence(Qt::Key_G), {});
    grid->setCheckable(true);
    grid->setChecked(true);
    connect(grid, &QAction::toggled, canvas_, &PaperCanvas::setGrid);
    trueSize_ = add(tr("True size on the screen"), QKeySequence(Qt::Key_T), {});
    trueSize_->setCheckable(true);
    connect(trueSize_, &QAction::toggled, this, &EcgView::applyTrueSize);
    add(tr("Measure the screen for true size…"), {}, [this] { calibrateScreen(); });
    caliperAction_ = add(tr("Calipers"), QKeySequence(Qt::Key_C), {});
    caliperAction_->setCheckable(true);
    connect(caliperAction_, &QAction::toggled, this, [this](bool on) {
        canvas_->setCaliperMode(on);
        if (on)
            bar_->show(
                QStringLiteral("info"),
                tr("Calipers: drag over a lead to measure. Arrows move the chosen end by one sample, Shift moves "
                   "both, X takes the other end, M marches out, A goes through all leads, Delete takes it away; "
                   "C ends."));
        else
            bar_->clear();
        canvas_->setFocus(Qt::OtherFocusReason);
    });
    add(tr("Filters…"), QKeySequence(Qt::Key_F), [this] { filters_->showMenu(); });
    add(tr("Raw trace"), QKeySequence(Qt::Key_R), [this] { filters_->setRaw(!filters_->raw()); });
    add(tr("Save the ECG as a picture…"), {}, [this] { savePicture(); });
    connect(calipers_, &Calipers::edited, this, [this](RecordingId id, const std::vector<Caliper>& calipers) {
        if (session().study() == nullptr)
            return;
        store_->keep(session().studyFolder(), id, calipers);
        if (session().selection().current() != id)
            session().selection().setCurrent(id); // an undo shows what it undoes
    });
    connect(store_, &CaliperStore::failed, this, [this](const QString& reason) {
        bar_->show(QStringLiteral("alarm"), tr("The calipers were not kept: %1").arg(reason));
    });
}

QString EcgView::help() const {
    return tr("The recording on calibrated paper: small squares are 1 mm, large ones 5 mm; at 25 mm/s a large square "
              "is "
              "0.2 s, at 10 mm/mV it is 0.5 mV. The wheel zooms time at the cursor, Shift and wheel the amplitude, "
              "dragging moves the paper, a double click fits it again. A wave too tall for its row runs into the next "
              "one, up "
              "to half a row; an arrowhead marks where it is cut there, and H draws the chest leads at half the gain. "
              "J and K go to the next and the previous "
              "recording. The bands below show, for each interval, how much it surprised the model and how it is "
              "encoded. C lays calipers; F chooses filters of the trace on the screen, R shows it as it is in the "
              "file.") +
           QLatin1Char(' ') +
           tr("Under a recording longer than a minute stands its overview: heart rate, pauses (triangles), stretches "
              "above 120 and below 40 bpm (bars), marks of the file; a click jumps, the handle is dragged. There the "
              "wheel scrolls, Ctrl and wheel zooms out to the whole, the page keys turn pages. The bands are of the "
              "model's first window. Intervals and axes are measured on the first %1 min, of more than %2 min in the "
              "Beat view alone; heart rate and RR spread are of the whole.")
               .arg(kMeasuredSeconds / 60)
               .arg(kLongestMeasuredSeconds / 60);
}

void EcgView::activated() {
    if (stack_->currentWidget() == paper_)
        canvas_->setFocus(Qt::OtherFocusReason);
}

void EcgView::showEvent(QShowEvent* event) {
    View::showEvent(event);
    // The window has its handle by now; a millimetre is another number of pixels on another screen.
    if (const QWindow* handle = window()->windowHandle())
        connect(handle, &QWindow::screenChanged, this, &EcgView::applyTrueSize, Qt::UniqueConnection);
}

// What is shown --------------------------------------------------------------------

void EcgView::showRecording() {
    late_.stop();
    const auto recording = session().recording();
    if (!recording) {
        showEmpty();
        return;
    }
    failure_.clear();
    if (!canvas_->caliperMode())
        bar_->clear();
    canvas_->setRecording(recording);
    long_->setRecording(recording);
    loadCalipers();
    applyFilters();
    canvas_->setEncodings(session().encodings());
    canvas_->setTimeCursor(session().selection().time());
    stack_->setCurrentWidget(paper_);
    tools_->setEnabled(true);
    showPosition();
}

void EcgView::showEncodings() {
    canvas_->setEncodings(session().encodings());
}

void EcgView::showFailure(const QString& reason) {
    late_.stop();
    failure_ = reason;
    bar_->show(QStringLiteral("alarm"), tr("This recording cannot be read: %1").arg(reason));
    stopFiltering();
    canvas_->setRecording(nullptr); // the trace of another one would be taken for it
    showEmpty();
}

void EcgView::showEmpty() {
    stopFiltering();
    long_->setRecording(nullptr);
    const auto rows = session().rows();
    if (!failure_.isEmpty())
        empty_->set(tr("No trace to show"), tr("The file of this recording could not be read. The reason stands above; "
                                               "the other recordings of the study are not affected."));
    else if (!session().hasStudy())
        empty_->set(tr("ECG"),
                    tr("Open a study, or the demo study, with the File menu. The recording that is chosen in "
                       "the worklist will stand here on calibrated paper."));
    else if (!rows || rows->empty())
        empty_->set(
            tr("The study is empty"),
            tr("Import a folder of ECG files: they are read, never changed. The recording that is chosen in the "
               "worklist will stand here on calibrated paper."),
            tr("Import a folder…"), [this] { importFolder(); });
    else
        empty_->set(tr("No recording is chosen"), tr("Choose one in the worklist, or begin with the first."),
                    tr("Show the first recording"),
                    [this] { session().selection().setCurrent(session().rows()->front().id); });
    stack_->setCurrentWidget(empty_);
    tools_->setEnabled(false);
    showPosition();
}

void EcgView::setListPosition(int at, int count) {
    listAt_ = at;
    listCount_ = count;
    showPosition();
}

void EcgView::showPosition() {
    if (late_.isActive())
        return; // the timer or the recording itself will tell
    const RecordingId current = session().selection().current();
    const auto& chosen = session().selection().chosen();
    const auto rows = session().rows();
    std::ptrdiff_t at = -1, count = 0;
    if (listCount_ >= 0) { // the worklist knows what it filters and how it is sorted
        at = listAt_;
        count = listCount_;
    } else if (!chosen.empty()) {
        const auto found = std::find(chosen.begin(), chosen.end(), current);
        at = found == chosen.end() ? -1 : found - chosen.begin();
        count = static_cast<std::ptrdiff_t>(chosen.size());
    } else if (rows) {
        const auto found =
            std::find_if(rows->begin(), rows->end(), [&](const RecordingRow& r) { return r.id == current; });
        at = found == rows->end() ? -1 : found - rows->begin();
        count = static_cast<std::ptrdiff_t>(rows->size());
    }
    if (count == 0)
        tools_->setInfo({});
    else if (at < 0)
        tools_->setInfo(current.valid()
                            ? tr("not among the %1 listed  J K").arg(QLocale().toString(static_cast<qlonglong>(count)))
                            : tr("%1 recordings  J K").arg(QLocale().toString(static_cast<qlonglong>(count))));
    else
        tools_->setInfo(tr("%1 of %2  J K")
                            .arg(QLocale().toString(static_cast<qlonglong>(at + 1)),
                                 QLocale().toString(static_cast<qlonglong>(count))));
}

void EcgView::showScale() {
    const QLocale locale;
    showValue(speed_, canvas_->speed(), tr("%1 mm/s").arg(locale.toString(canvas_->speed(), 'g', 3)));
    showValue(gain_, QPointF(canvas_->gain(), chestGain(canvas_->options())),
              tr("%1 mm/mV").arg(gainText(canvas_->options(), locale)));
    const QSignalBlocker quiet(halfChest_);
    halfChest_->setChecked(chestGain(canvas_->options()) != 1);
}

// By the leads' own styles, so that the menu of leads shows it and takes it back.
void EcgView::halveChest(double factor) {
    auto styles = leads_->styles();
    setChestGain(styles, factor);
    leads_->setStyles(std::move(styles));
}

void EcgView::applyTrueSize() {
    canvas_->setTrueSize(trueSize_->isChecked() ? std::optional(screenPixelsPerMm(session().settings(), *screen()))
                                                : std::nullopt);
    showScale();
}

void EcgView::calibrateScreen() {
    ScreenScaleDialog dialog(screenPixelsPerMm(session().settings(), *screen()), this);
    if (dialog.exec() != QDialog::Accepted)
        return;
    setScreenPixelsPerMm(session().settings(), *screen(), dialog.pixelsPerMm());
    trueSize_->setChecked(true);
    applyTrueSize();
}

void EcgView::loadCalipers() {
    const auto recording = session().recording();
    if (!recording || session().study() == nullptr)
        return;
    const auto id = recording->row.id;
    calipers_->set(id, store_->load(*session().study(), session().studyFolder(), id));
}

void EcgView::stopFiltering() {
    ++filterGeneration_;
    if (filterJob_ != 0)
        session().jobs().stop(filterJob_);
    filterJob_ = 0;
}

// The chosen caliper is what a label on an interval is given to.
void EcgView::showSpan() {
    const auto chosen = static_cast<std::size_t>(calipers_->chosen());
    std::optional<StudySelection::Span> span;
    if (calipers_->chosen() >= 0 && chosen < calipers_->all().size()) {
        const Caliper& c = calipers_->all()[chosen];
        if (c.fromSeconds != c.toSeconds)
            span = {c.allLeads ? std::string() : c.lead, std::min(c.fromSeconds, c.toSeconds),
                    std::max(c.fromSeconds, c.toSeconds)};
    }
    session().selection().setSpan(span);
}

// A day of twelve leads takes longer than a blink: never on the window's thread.
void EcgView::applyFilters() {
    stopFiltering();
    const int generation = filterGeneration_;
    const auto recording = session().recording();
    const auto filters = filters_->filters();
    if (long_->active())
        return long_->setFilters(filters); // by the page
    if (!recording || !filters.any()) {
        canvas_->setFiltered(nullptr, {});
        return;
    }
    using Shown = std::shared_ptr<const Recording>;
    filterJob_ = session().jobs().start<Shown>(
        tr("Filtering").toStdString(),
        [recording, filters](const StopToken& stop, Progress&) {
            return filteredForDisplay(recording->recording, filters, stop);
        },
        [this, generation, filters, guard = QPointer<EcgView>(this)](const Result<Shown>& shown) {
            if (!guard || generation != filterGeneration_)
                return;
            filterJob_ = 0;
            if (shown.ok())
                canvas_->setFiltered(*shown, filterText(filters));
            else if (shown.failed())
                bar_->show(QStringLiteral("alarm"), tr("The trace was not filtered: %1").arg(Texts::failure(shown)));
        });
}

// Actions --------------------------------------------------------------------------

void EcgView::importFolder() {
    const QString folder = QFileDialog::getExistingDirectory(this, tr("A folder of ECG files"));
    if (!folder.isEmpty())
        session().importPaths({folder});
}

void EcgView::savePicture() {
    const auto recording = session().recording();
    if (!recording)
        return;
    const QString name = QString::fromStdString(recording->row.name) + QStringLiteral(".png");
    const QString file =
        QFileDialog::getSaveFileName(this, tr("Save the ECG as a picture"), name, tr("Pictures (*.png *.svg *.pdf)"));
    if (file.isEmpty())
        return;
    PaperOptions options = canvas_->options(); // layout, filters and leads as they are shown
    options.rowHeight = 0;
    options.colours = PaperColours::standard();
    options.footer.clear();
    const auto save = [&](const Recording& part) { return renderPaper(part, options, file.toStdString()); };
    const auto saved = long_->active() ? save(long_->page(options)) : save(canvas_->shown());
    if (saved.ok())
        bar_->show(QStringLiteral("info"), tr("Saved %1").arg(file));
    else
        bar_->show(QStringLiteral("alarm"), tr("The picture was not saved: %1").arg(Texts::failure(saved)));
}

bool EcgView::canPrint() const {
    return session().recording() != nullptr;
}

void EcgView::print() {
    const auto recording = session().recording();
    if (!recording)
        return;
    const auto printed =
        askAndPrintEcg(this, canvas_->shown(), canvas_->options(), QString::fromStdString(recording->row.name));
    if (!printed)
        bar_->show(QStringLiteral("alarm"), tr("The ECG was not printed: %1").arg(Texts::failure(printed)));
}

// Tour -----------------------------------------------------------------------------

QStringList EcgView::tourStates() const {
    return {QStringLiteral("cursor"),   QStringLiteral("zoomed"),  QStringLiteral("12x1"),
            QStringLiteral("calipers"), QStringLiteral("cabrera"), QStringLiteral("overlaid"),
            QStringLiteral("filtered")};
}

void EcgView::enterTourState(const QString& state) {
    canvas_->resetView();
    const auto layout = paperLayout(state.toStdString());
    layout_->setCurrentIndex(layout_->findData(static_cast<int>(layout.value_or(PaperLayout::ThreeByFourRhythm))));
    filters_->choose(state == QLatin1String("filtered") ? DisplayFilters{0.5, 50, 40} : DisplayFilters{});
    caliperAction_->setChecked(state == QLatin1String("calipers"));
    if (state == QLatin1String("calipers") && session().recording())
        calipers_->set(session().recording()->row.id,
                       {{"II", 3.2, 4.1, 0, 800, true, false}, {"V5", 8.4, 8.8, 0, 1000, false, true}});
    else
        loadCalipers();
    if (state == QLatin1String("cursor"))
        session().selection().setTime(canvas_->startSeconds() + 0.62 * canvas_->shownSeconds());
    if (state == QLatin1String("zoomed"))
        canvas_->setSpeed(kSpeeds[2]);
}

} // namespace precordia
