// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ecg/ecg_view.h"

#include "ui/ecg/paper_canvas.h"
#include "ui/texts.h"
#include "ui/theme/theme.h"
#include "ui/widgets.h"

#include <QFileDialog>
#include <QLocale>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace precordia {

namespace {

constexpr std::array kSpeeds{12.5, 25.0, 50.0, 100.0};   // mm/s
constexpr std::array kGains{2.5, 5.0, 10.0, 20.0, 40.0}; // mm/mV
constexpr int kLateAfter = 300;                          // ms
constexpr double kZoomStep = 1.25;

// Shows a value that is not in the list as the box's placeholder: zooming by wheel is continuous.
void showValue(QComboBox* box, double value, const QString& text) {
    const QSignalBlocker quiet(box);
    box->setPlaceholderText(text);
    box->setCurrentIndex(box->findData(value));
}

} // namespace

EcgView::EcgView(Session& s, QWidget* parent) : View(s, parent) {
    bar_ = new MessageBar(this);
    empty_ = new EmptyState(this);
    canvas_ = new PaperCanvas(this);
    makeTools();
    makeActions();
    stack_ = new QStackedWidget(this);
    stack_->addWidget(empty_);
    stack_->addWidget(canvas_);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(bar_);
    column->addWidget(tools_);
    column->addWidget(stack_, 1);

    late_.setSingleShot(true);
    late_.setInterval(kLateAfter);
    connect(&late_, &QTimer::timeout, this, [this] { tools_->setInfo(tr("Reading the recording…")); });

    connect(canvas_, &PaperCanvas::viewChanged, this, &EcgView::showScale);
    connect(canvas_, &PaperCanvas::timeHovered, this,
            [this](std::optional<double> time) { session().selection().setTime(time); });
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
    layout_->addItem(tr("6 × 2"), static_cast<int>(PaperLayout::SixByTwo));
    layout_->addItem(tr("12 × 1"), static_cast<int>(PaperLayout::TwelveByOne));
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
    for (const double gain : kGains)
        gain_->addItem(tr("%1 mm/mV").arg(QLocale().toString(gain)), gain);
    tools_->addSeparator();
    filters_ = new QLabel(tr("Filters: off"), this);
    filters_->setToolTip(
        tr("The trace is drawn as it is in the file. Only a constant offset of each lead is left out."));
    setRole(filters_, "secondary");
    tools_->add(filters_);

    connect(layout_, &QComboBox::currentIndexChanged, this, [this] {
        const auto chosen = static_cast<PaperLayout>(layout_->currentData().toInt());
        canvas_->setPaperLayout(chosen);
        lead_->setEnabled(chosen == PaperLayout::ThreeByFourRhythm || chosen == PaperLayout::Single);
    });
    connect(lead_, &QComboBox::currentTextChanged, canvas_, &PaperCanvas::setRhythmLead);
    connect(speed_, &QComboBox::activated, this, [this] { canvas_->setSpeed(speed_->currentData().toDouble()); });
    connect(gain_, &QComboBox::activated, this, [this] { canvas_->setGain(gain_->currentData().toDouble()); });
}

void EcgView::makeActions() {
    const auto add = [this](const QString& text, const QKeySequence& keys, std::function<void()> run) {
        auto* action = new QAction(text, this);
        action->setShortcut(keys);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
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
    QAction* grid = add(tr("Grid"), QKeySequence(Qt::Key_G), {});
    grid->setCheckable(true);
    grid->setChecked(true);
    connect(grid, &QAction::toggled, canvas_, &PaperCanvas::setGrid);
    add(tr("Save the ECG as a picture…"), {}, [this] { savePicture(); });
}

QString EcgView::help() const {
    return tr(
        "The recording on calibrated paper: small squares are 1 mm, large ones 5 mm; at 25 mm/s a large square is "
        "0.2 s, at 10 mm/mV it is 0.5 mV. The wheel zooms time at the cursor, Shift and wheel the amplitude, "
        "dragging moves the paper, a double click fits it again. J and K go to the next and the previous "
        "recording. The bands below show, for each interval, how much it surprised the model and how it is "
        "encoded. No filter is applied.");
}

void EcgView::activated() {
    if (stack_->currentWidget() == canvas_)
        canvas_->setFocus(Qt::OtherFocusReason);
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
    bar_->clear();
    canvas_->setRecording(recording);
    canvas_->setEncodings(session().encodings());
    canvas_->setTimeCursor(session().selection().time());
    stack_->setCurrentWidget(canvas_);
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
    canvas_->setRecording(nullptr); // the trace of another one would be taken for it
    showEmpty();
}

void EcgView::showEmpty() {
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

void EcgView::showPosition() {
    if (late_.isActive())
        return; // the timer or the recording itself will tell
    const RecordingId current = session().selection().current();
    const auto& chosen = session().selection().chosen();
    const auto rows = session().rows();
    std::ptrdiff_t at = -1, count = 0;
    if (!chosen.empty()) {
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
        tools_->setInfo(tr("%1 recordings  J K").arg(QLocale().toString(static_cast<qlonglong>(count))));
    else
        tools_->setInfo(tr("%1 of %2  J K")
                            .arg(QLocale().toString(static_cast<qlonglong>(at + 1)),
                                 QLocale().toString(static_cast<qlonglong>(count))));
}

void EcgView::showScale() {
    const QLocale locale;
    showValue(speed_, canvas_->speed(), tr("%1 mm/s").arg(locale.toString(canvas_->speed(), 'g', 3)));
    showValue(gain_, canvas_->gain(), tr("%1 mm/mV").arg(locale.toString(canvas_->gain(), 'g', 3)));
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
    PaperOptions options = canvas_->options();
    options.rowHeight = 0;
    options.colours = PaperColours::standard();
    options.footer.clear();
    const auto saved = renderPaper(recording->recording, options, file.toStdString());
    if (saved.ok())
        bar_->show(QStringLiteral("info"), tr("Saved %1").arg(file));
    else
        bar_->show(QStringLiteral("alarm"), tr("The picture was not saved: %1").arg(Texts::failure(saved)));
}

// Tour -----------------------------------------------------------------------------

QStringList EcgView::tourStates() const {
    return {QStringLiteral("cursor"), QStringLiteral("zoomed"), QStringLiteral("12x1")};
}

void EcgView::enterTourState(const QString& state) {
    canvas_->resetView();
    layout_->setCurrentIndex(state == QLatin1String("12x1") ? 3 : 0);
    if (state == QLatin1String("cursor"))
        session().selection().setTime(canvas_->startSeconds() + 0.62 * canvas_->shownSeconds());
    if (state == QLatin1String("zoomed"))
        canvas_->setSpeed(kSpeeds[2]);
}

} // namespace precordia
