// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/screenshot_tour.h"

#include "core/engine/config.h"
#include "ui/labels/label_panel.h"
#include "ui/shell/appearance.h"
#include "ui/shell/welcome_page.h"
#include "ui/theme/theme.h"
#include "ui/widgets.h"
#include "ui/worklist/filter_chips.h"
#include "ui/worklist/hover_thumbnail.h"
#include "ui/worklist/measuring.h"

#include <QApplication>
#include <QComboBox>
#include <QDockWidget>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QFileInfo>
#include <QLineEdit>
#include <QMouseEvent>
#include <QTableView>
#include <QTextStream>
#include <QTimer>

#include <algorithm>

namespace precordia {

namespace {

constexpr int kDemoRecordings = 32;
constexpr int kJobTimeoutMs = 600000;
constexpr int kSettleTimeoutMs = 60000;
constexpr int kPaintMs = 120;

void spin(int milliseconds) {
    QEventLoop loop;
    QTimer::singleShot(milliseconds, &loop, &QEventLoop::quit);
    loop.exec();
}

} // namespace

ScreenshotTour::ScreenshotTour(const QString& out, const QString& study) : out_(out), study_(study) {}
ScreenshotTour::~ScreenshotTour() = default;

int ScreenshotTour::run() {
    if (!out_.mkpath(QStringLiteral("."))) {
        QTextStream(stderr) << "precordia: " << out_.path() << " cannot be made" << Qt::endl;
        return 1;
    }
    window_ = std::make_unique<MainWindow>(MainWindow::Memory::None);
    window_->session().setSight({"reader 1", false}); // not whoever sits here
    setTheme(QStringLiteral("light"));
    setSize(1280, 800);
    window_->show();
    welcome();
    if (!openStudy())
        return 1;
    emptyStates();
    if (!trainAndEmbed())
        failed_ = true; // what can be seen without a model is still worth a picture
    chooseRecording();
    for (const char* theme : {"light", "dark", "contrast"}) {
        setTheme(QLatin1String(theme));
        views(QStringLiteral("filled"));
    }
    setTheme(QStringLiteral("light"));
    worklistStates();
    labelStates();
    helpers();
    messages();
    setSize(1920, 1080);
    views(QStringLiteral("filled"));
    setSize(1280, 800);
    if (!window_->views().isEmpty()) {
        window_->showView(window_->views().front()->key());
        settle();
        shoot(window_->views().front()->key(), QStringLiteral("scale2"), 2);
    }
    // Last: a view stays in the state it was put into.
    for (const char* theme : {"light", "dark"}) {
        setTheme(QLatin1String(theme));
        viewStates();
    }
    QTextStream(stdout) << pictures_ << " pictures in " << out_.path() << Qt::endl;
    return failed_ ? 1 : 0;
}

bool ScreenshotTour::waitFor(const QString& what, const std::function<bool()>& reached, int milliseconds) {
    QElapsedTimer clock;
    clock.start();
    while (!reached()) {
        if (clock.elapsed() > milliseconds) {
            QTextStream(stderr) << "precordia: waited in vain for " << what << Qt::endl;
            return false;
        }
        spin(20);
    }
    return true;
}

bool ScreenshotTour::settle() {
    const bool idle = waitFor(
        QStringLiteral("the recording in focus"), [this] { return window_->session().idle(); }, kSettleTimeoutMs);
    spin(kPaintMs);
    return idle;
}

void ScreenshotTour::setTheme(const QString& name) {
    theme_ = name;
    applyTheme(name);
}

void ScreenshotTour::setSize(int width, int height) {
    window_->resize(width, height);
    window_->resetLayout();
}

void ScreenshotTour::shoot(const QString& view, const QString& state, int scale) {
    const QSize size = window_->size();
    QPixmap picture(size * scale);
    picture.setDevicePixelRatio(scale);
    window_->render(&picture);
    const QString name = QStringLiteral("%1-%2-%3-%4x%5.png")
                             .arg(view, state, theme_)
                             .arg(size.width() * scale)
                             .arg(size.height() * scale);
    if (picture.save(out_.filePath(name)))
        ++pictures_;
    else
        failed_ = true;
}

void ScreenshotTour::welcome() {
    for (const char* theme : {"light", "dark"}) {
        setTheme(QLatin1String(theme));
        spin(kPaintMs);
        shoot(QStringLiteral("window"), QStringLiteral("welcome"));
    }
    setTheme(QStringLiteral("light"));
}

bool ScreenshotTour::openStudy() {
    Session& session = window_->session();
    if (study_.isEmpty() || !QFileInfo::exists(study_ + QStringLiteral("/study.sqlite"))) {
        if (study_.isEmpty()) {
            temporary_ = std::make_unique<QTemporaryDir>();
            study_ = temporary_->filePath(QStringLiteral("demo"));
        }
        session.createDemoStudy(study_, kDemoRecordings);
    } else {
        session.openStudy(study_);
    }
    return waitFor(
               QStringLiteral("the study"), [&session] { return session.hasStudy() && !session.rows()->empty(); },
               kJobTimeoutMs) &&
           waitFor(
               QStringLiteral("the engine"),
               [&session] { return session.engineInfo() || !session.engineFailure().isEmpty(); }, kSettleTimeoutMs) &&
           settle();
}

// Before anything was computed: what a newcomer sees. A study that was worked on has no such states.
void ScreenshotTour::emptyStates() {
    if (!window_->session().study()->currentModel().empty())
        return;
    for (const char* theme : {"light", "dark"}) {
        setTheme(QLatin1String(theme));
        views(QStringLiteral("empty"));
    }
    setTheme(QStringLiteral("light"));
}

bool ScreenshotTour::trainAndEmbed() {
    Session& session = window_->session();
    if (!session.study()->currentModel().empty())
        return true;
    if (!temporary_) { // somebody's own: looked at, not changed
        QTextStream(stderr) << "precordia: the study has no model, so the views of one are empty" << Qt::endl;
        return true;
    }
    ConfigRequest request;
    request.settings = {"steps=16", "batch=4", "diagnose_every=4", "decoder_steps=20", "name=tour"};
    const auto config = resolveConfig(request);
    if (!config)
        return false;
    session.startPretraining(*config, QStringLiteral("cpu"));
    window_->showView(QStringLiteral("training"));
    constexpr std::size_t kSeenSteps = 8;
    const bool seen = waitFor(
        QStringLiteral("the pretraining"),
        [&session] { return session.run().updates.size() >= kSeenSteps || !session.run().running; }, kJobTimeoutMs);
    if (seen && session.run().running) {
        for (const char* theme : {"light", "dark"}) {
            setTheme(QLatin1String(theme));
            spin(kPaintMs);
            shoot(QStringLiteral("training"), QStringLiteral("running"));
        }
        setTheme(QStringLiteral("light"));
    }
    // The run ends, the model is taken over, the study is embedded: each a job that starts the next.
    const bool done = waitFor(
        QStringLiteral("the embeddings"),
        [&session] {
            return !session.run().running &&
                   (!session.run().failure.isEmpty() ||
                    (session.idle() && session.study()->map().ok() && !session.study()->map()->empty()));
        },
        kJobTimeoutMs);
    return done && session.run().failure.isEmpty() && settle() && useDemoWeights();
}

// A run of seconds has learned nothing worth showing: the other views are seen with the weights that come with the
// program.
bool ScreenshotTour::useDemoWeights() {
    Session& session = window_->session();
    const auto demo = demoModelFile();
    if (demo.empty())
        return true;
    const auto before = session.study()->currentModel();
    session.useModel(QString::fromStdString(demo.string()));
    if (!waitFor(
            QStringLiteral("the demo weights"),
            [&] { return session.study()->currentModel() != before && session.idle(); }, kJobTimeoutMs))
        return false;
    session.embedStudy();
    return waitFor(
               QStringLiteral("the map of the demo weights"),
               [&] { return session.idle() && session.study()->map().ok() && !session.study()->map()->empty(); },
               kJobTimeoutMs) &&
           settle();
}

// One with something to see, and a choice on the map.
void ScreenshotTour::chooseRecording() {
    const auto& rows = *window_->session().rows();
    RecordingId chosen = rows.front().id;
    for (const auto& row : rows)
        if (std::any_of(row.labels.begin(), row.labels.end(),
                        [](const auto& label) { return label.find("premature") != std::string::npos; })) {
            chosen = row.id;
            break;
        }
    window_->session().selection().setCurrent(chosen);
    window_->messages().clear();
    settle();
}

void ScreenshotTour::views(const QString& state) {
    for (const View* view : window_->views()) {
        window_->showView(view->key());
        settle();
        shoot(view->key(), state);
    }
}

void ScreenshotTour::viewStates() {
    for (View* view : window_->views()) {
        window_->showView(view->key());
        for (const QString& state : view->tourStates()) {
            view->enterTourState(state);
            settle();
            shoot(view->key(), state);
        }
    }
}

void ScreenshotTour::worklistStates() {
    if (window_->views().isEmpty())
        return;
    window_->showView(window_->views().front()->key());
    FilterChips& chips = window_->worklist().chips();
    const auto& rows = *window_->session().rows();
    WorklistFilter filter;
    if (const auto labels = window_->worklist().model().index().counts("label"); !labels.empty())
        filter.choices["label"] = {labels.front().value};
    filter.ranges["heart_rate"] = {50, 110};
    filter.choices["sex"] = {"female"};
    chips.setFilter(filter);
    settle();
    shoot(QStringLiteral("worklist"), QStringLiteral("filtered"));
    window_->worklist().search().setText(QStringLiteral("nothing like this"));
    spin(kPaintMs * 3);
    shoot(QStringLiteral("worklist"), QStringLiteral("nothing-fits"));
    window_->worklist().search().clear();
    chips.setFilter({});
    std::vector<RecordingId> some;
    for (std::size_t i = 0; i < rows.size(); i += 3)
        some.push_back(rows[i].id);
    window_->session().selection().setChosen(some);
    settle();
    shoot(QStringLiteral("worklist"), QStringLiteral("chosen"));
    window_->session().selection().setChosen({});
    spin(kPaintMs * 2);
    for (const char* theme : {"light", "dark"}) {
        setTheme(QLatin1String(theme));
        worklistColumns();
    }
    setTheme(QStringLiteral("light"));
}

// Measured columns with their filters, the menu of columns, and the card of the row under the pointer.
void ScreenshotTour::worklistColumns() {
    WorklistPanel& worklist = window_->worklist();
    const WorklistView before = worklist.view();
    worklist.measuring().start(true);
    waitFor(
        QStringLiteral("the measurements"), [&worklist] { return !worklist.measuring().running(); }, kJobTimeoutMs);
    WorklistView measured = before;
    measured.layout.columns = {
        {"name", 96}, {"computed/pr_ms", 48}, {"computed/qrs_ms", 60}, {"computed/qtc_bazett_ms", 56}, {"quality", 70}};
    measured.layout.sortedBy = "computed/qrs_ms";
    measured.layout.descending = true;
    measured.filter.ranges["computed/qrs_ms"] = {95, {}};
    worklist.applyView(measured);
    settle();
    window_->messages().clear();
    spin(kPaintMs);
    shoot(QStringLiteral("worklist"), QStringLiteral("measured"));
    QWidget* viewport = worklist.table().viewport();
    const QPointF at(40, worklist.table().rowViewportPosition(2) + 8);
    QMouseEvent move(QEvent::MouseMove, at, viewport->mapToGlobal(at), Qt::NoButton, Qt::NoButton, {});
    QApplication::sendEvent(viewport, &move);
    HoverThumbnail& card = worklist.thumbnail();
    if (waitFor(
            QStringLiteral("the card of a row"), [&card] { return card.hasPicture(); }, kSettleTimeoutMs) &&
        card.grab().save(out_.filePath(QStringLiteral("worklist-card-%1.png").arg(theme_))))
        ++pictures_;
    card.dismiss();
    worklist.applyView(before);
    spin(kPaintMs);
}

// Labels by two readers, then the panel of a blinded one. Of the tour's own study: a journal is only added to.
void ScreenshotTour::labelStates() {
    if (!temporary_)
        return;
    Session& session = window_->session();
    LabelPanel& panel = window_->labels();
    for (const char* term : {"Atrial fibrillation", "Premature ventricular contractions", "Left axis deviation",
                             "ST depression", "noisy lead"})
        panel.addTerm(QLatin1String(term));
    settle();
    const auto give = [&](std::int64_t term) {
        panel.toggle(term, LabelValue::Present);
        settle();
    };
    const auto order = window_->worklist().shown();
    const auto current = session.selection().current();
    for (const char* reader : {"reader 2", "reader 1"}) {
        session.setSight({reader, false});
        for (std::size_t i = 0; i < std::min<std::size_t>(6, order.size()); ++i) {
            session.selection().setCurrent(order[i]);
            settle();
            give(i == 2 ? kReadTerm : static_cast<std::int64_t>(1 + i % (reader[7] == '1' ? 3 : 2)));
        }
    }
    session.selection().setCurrent(current);
    settle();
    give(2);
    session.selection().setLead("V1");
    panel.target().setCurrentIndex(static_cast<int>(LabelPart::Lead));
    give(5);
    window_->docks()[2]->raise();
    for (const char* theme : {"light", "dark", "contrast"}) {
        setTheme(QLatin1String(theme));
        settle();
        shoot(QStringLiteral("labels"), QStringLiteral("filled"));
        if (theme[0] == 'c')
            continue;
        window_->showReaders();
        settle();
        spin(kPaintMs * 2);
        shootWindows(QStringLiteral("readers"));
    }
    setTheme(QStringLiteral("light"));
    session.setSight({"reader 2", true});
    settle();
    shoot(QStringLiteral("labels"), QStringLiteral("blinded"));
    session.setSight({"reader 1", false});
    panel.target().setCurrentIndex(0);
    settle();
    window_->docks()[1]->raise();
}

// Whatever stands before the main window: its picture, and away with it.
void ScreenshotTour::shootWindows(const QString& state) {
    for (QWidget* widget : QApplication::topLevelWidgets()) {
        if (!widget->isVisible() || widget == window_.get())
            continue;
        const QString name =
            QStringLiteral("window-%1-%2-%3x%4.png").arg(state, theme_).arg(widget->width()).arg(widget->height());
        if (widget->grab().save(out_.filePath(name)))
            ++pictures_;
        widget->close();
    }
}

// The palette and the sheet are windows of their own.
void ScreenshotTour::helpers() {
    window_->showHelp();
    spin(kPaintMs);
    shoot(QStringLiteral("window"), QStringLiteral("help"));
    window_->messages().clear();
    for (const char* theme : {"light", "dark"}) {
        setTheme(QLatin1String(theme));
        window_->showShortcuts();
        spin(kPaintMs * 2);
        shootWindows(QStringLiteral("shortcuts"));
        window_->showPalette();
        spin(kPaintMs * 2);
        shootWindows(QStringLiteral("palette"));
    }
    setTheme(QStringLiteral("light"));
}

void ScreenshotTour::messages() {
    window_->session().openStudy(QStringLiteral("/no/such/study"));
    settle();
    for (const char* theme : {"light", "dark"}) {
        setTheme(QLatin1String(theme));
        spin(kPaintMs);
        shoot(QStringLiteral("window"), QStringLiteral("error"));
    }
    setTheme(QStringLiteral("light"));
    window_->messages().clear();
}

} // namespace precordia
