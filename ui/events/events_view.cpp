// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/events/events_view.h"

#include "core/engine/engine_loader.h"
#include "core/explore/surprise_study.h"
#include "ui/events/decoder_table.h"
#include "ui/events/latent_error_bars.h"
#include "ui/plots/trace_stack.h"
#include "ui/texts.h"
#include "ui/theme/theme.h"
#include "ui/why_empty.h"
#include "ui/widgets.h"

#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <random>

namespace precordia {

namespace {

// What the model sees, as a recording: the first preprocessed window.
std::shared_ptr<const Recording> modelInput(const LoadedRecording& loaded) {
    auto out = std::make_shared<Recording>();
    const auto& window = loaded.windows.front();
    const auto& config = loaded.preprocessing;
    const auto n = static_cast<std::size_t>(config.windowSamples());
    out->name = loaded.row.name;
    out->samplingRate = config.samplingRate;
    for (std::size_t l = 0; l < config.leads.size(); ++l) {
        Lead lead;
        lead.name = config.leads[l];
        const auto from = window.samples.begin() + static_cast<std::ptrdiff_t>(l * n);
        lead.samples.assign(from, from + static_cast<std::ptrdiff_t>(n));
        out->leads.push_back(std::move(lead));
    }
    return out;
}

std::shared_ptr<MemoryWindows> windowsOf(const LoadedRecording& loaded) {
    const auto& config = loaded.preprocessing;
    auto windows = std::make_shared<MemoryWindows>(
        WindowShape{static_cast<int>(config.leads.size()), config.windowSamples(), config.samplingRate});
    windows->add(loaded.windows.front().samples, loaded.windows.front().leadPresent);
    return windows;
}

enum HidePreset { ByHand, EveryFifth, MiddleThird, RandomSixty };

} // namespace

EventsView::EventsView(Session& s, QWidget* parent) : View(s, parent) {
    makeTools();
    bar_ = new MessageBar(this);
    empty_ = new EmptyState(this);
    stack_ = new QStackedWidget(this);
    stack_->addWidget(empty_);
    stack_->addWidget(makeContent());

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(tools_);
    column->addWidget(bar_);
    column->addWidget(stack_, 1);

    debounce_.setSingleShot(true);
    debounce_.setInterval(120);
    connect(&debounce_, &QTimer::timeout, this, &EventsView::reconstruct);
    connect(&s, &Session::recordingChanged, this, &EventsView::refresh);
    connect(&s, &Session::encodingsChanged, this, &EventsView::refresh);
    connect(&s, &Session::modelChanged, this, &EventsView::refresh);
    connect(&s.selection(), &StudySelection::timeChanged, this, [this] {
        const auto t = session().selection().time();
        trace_->setCursor(t);
        errors_->setCursor(t);
    });
    refresh();
}

void EventsView::makeTools() {
    tools_ = new ToolRow(this);
    leads_ = new QComboBox(this);
    leads_->addItem(tr("Leads: II, V1, V5"),
                    QStringList{QStringLiteral("II"), QStringLiteral("V1"), QStringLiteral("V5")});
    leads_->addItem(tr("Limb leads"), QStringList{"I", "II", "III", "aVR", "aVL", "aVF"});
    leads_->addItem(tr("Chest leads"), QStringList{"V1", "V2", "V3", "V4", "V5", "V6"});
    hide_ = new QComboBox(this);
    hide_->addItem(tr("Hide: by clicking"), ByHand);
    hide_->addItem(tr("Hide: every fifth interval"), EveryFifth);
    hide_->addItem(tr("Hide: the middle third"), MiddleThird);
    hide_->addItem(tr("Hide: 60 % at random"), RandomSixty);
    clear_ = new QPushButton(tr("Show all"), this);
    clear_->setToolTip(tr("No interval hidden"));
    sweep_ = new QPushButton(tr("Sweep for surprise"), this);
    sweep_->setToolTip(tr("Hides each interval in turn and shows how wrong the model's expectation is"));
    tools_->add(leads_);
    tools_->add(hide_);
    tools_->add(clear_);
    tools_->addSeparator();
    tools_->add(sweep_);
    connect(leads_, &QComboBox::currentIndexChanged, this, &EventsView::showLeads);
    connect(hide_, &QComboBox::activated, this, [this] { hidePreset(hide_->currentData().toInt()); });
    connect(clear_, &QPushButton::clicked, this, [this] { hideIntervals({}); });
    connect(sweep_, &QPushButton::clicked, this, &EventsView::sweep);
}

QWidget* EventsView::makeContent() {
    auto* content = new QWidget(this);
    trace_ = new TraceStack(content);
    trace_->setLeads({"II", "V1", "V5"});
    trace_->setHidable(true);
    errors_ = new LatentErrorBars(content);
    decoder_ = new DecoderTable(content);
    note_ = new QLabel(content);
    note_->setWordWrap(true);
    setRole(note_, "secondary");
    const auto hover = [this](std::optional<double> t) { session().selection().setTime(t); };
    connect(trace_, &TraceStack::timeHovered, this, hover);
    connect(errors_, &LatentErrorBars::timeHovered, this, hover);
    connect(trace_, &TraceStack::hiddenChanged, this, [this] {
        hide_->setCurrentIndex(0);
        scheduleReconstruction();
    });
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(Theme::kPanel, Theme::kPanel, Theme::kPanel, Theme::kPanel);
    column->setSpacing(Theme::kStep);
    column->addWidget(trace_, 1);
    column->addWidget(errors_);
    column->addWidget(decoder_);
    column->addWidget(note_);
    return content;
}

QString EventsView::help() const {
    return tr("Click or drag over the trace to hide intervals from the model. It predicts the event encodings of what "
              "is hidden; "
              "the event decoder turns them into a waveform, drawn in colour over the original. It shows what the "
              "model expects, "
              "not a measurement. The bars give the latent error of each hidden interval. Sweep hides every interval "
              "in turn.");
}

void EventsView::activated() {
    refresh();
}

void EventsView::enterTourState(const QString& state) {
    if (state == QLatin1String("hidden"))
        hideIntervals({9, 10, 11, 24, 25, 26, 27, 40, 41});
    else
        hidePreset(RandomSixty);
    debounce_.stop();
    reconstruct();
}

void EventsView::showEmpty() {
    explainEmpty(
        *empty_, session(), tr("Events"),
        tr("Choose a recording in the worklist. Hide some of its intervals here and see what the model expects "
           "in their place."));
    stack_->setCurrentIndex(0);
    tools_->setInfo({});
}

void EventsView::refresh() {
    const auto loaded = session().recording();
    const auto model = session().model();
    if (!loaded || loaded->windows.empty() || !model) {
        showEmpty();
        return;
    }
    const auto modelHash = QString::fromStdString(model->hash);
    const bool same = loaded->row.id == shownRecording_ && modelHash == shownModel_ && stack_->currentIndex() == 1;
    const auto encodings = session().encodings();
    const bool hasSweep = encodings && encodings->id == loaded->row.id && !encodings->surprisePerInterval.empty();
    if (same) {
        if (hasSweep && swept_.empty()) {
            swept_ = encodings->surprisePerInterval;
            percentiles_ = encodings->surprisePercentiles;
            showBars();
        }
        return;
    }
    shownRecording_ = loaded->row.id;
    shownModel_ = modelHash;
    shown_.reset();
    swept_ = hasSweep ? encodings->surprisePerInterval : std::vector<float>{};
    percentiles_ = hasSweep ? encodings->surprisePercentiles : std::vector<float>{};
    decoder_->setReport(model->decoder);
    ++generation_, ++sweepGeneration_;
    bar_->clear();
    const double interval = model->intervalSamples / model->samplingRate;
    trace_->setRecording(modelInput(*loaded), model->intervals * interval);
    trace_->setIntervals(model->intervals, interval);
    trace_->setReconstruction({}, {}, 1);
    stack_->setCurrentIndex(1);
    sweep_->setEnabled(true);
    // Views change in place: the mask stays when the recording changes.
    if (std::any_of(trace_->hidden().begin(), trace_->hidden().end(), [](bool h) { return h; }))
        scheduleReconstruction();
    showResult();
}

void EventsView::showLeads() {
    std::vector<std::string> names;
    for (const auto& name : leads_->currentData().toStringList())
        names.push_back(name.toStdString());
    trace_->setLeads(names);
}

void EventsView::hideIntervals(const std::vector<int>& intervals) {
    std::vector<bool> hidden(trace_->hidden().size(), false);
    for (const int i : intervals)
        if (i >= 0 && i < static_cast<int>(hidden.size()))
            hidden[static_cast<std::size_t>(i)] = true;
    trace_->setHidden(std::move(hidden));
    scheduleReconstruction();
}

void EventsView::hidePreset(int preset) {
    const int n = static_cast<int>(trace_->hidden().size());
    std::vector<int> intervals;
    std::mt19937 random(7); // the same mask every time: two recordings compare
    for (int i = 0; i < n; ++i)
        if ((preset == EveryFifth && i % 5 == 2) || (preset == MiddleThird && i >= n / 3 && i < 2 * n / 3) ||
            (preset == RandomSixty && random() % 10 < 6))
            intervals.push_back(i);
    if (preset != ByHand)
        hideIntervals(intervals);
}

void EventsView::scheduleReconstruction() {
    ++generation_;
    shown_.reset();
    trace_->setReconstruction({}, {}, 1);
    debounce_.start();
    showResult();
}

void EventsView::reconstruct() {
    const auto loaded = session().recording();
    const auto model = session().model();
    std::vector<int> hidden;
    for (std::size_t i = 0; i < trace_->hidden().size(); ++i)
        if (trace_->hidden()[i])
            hidden.push_back(static_cast<int>(i));
    if (!loaded || !model || hidden.empty())
        return;
    if (hidden.size() == trace_->hidden().size()) {
        bar_->show(QStringLiteral("caution"),
                   tr("Every interval is hidden: the model has nothing to go by. Show at least one."));
        return;
    }
    bar_->clear();
    working_ = true;
    showResult();
    const int generation = generation_;
    session().jobs().start<Reconstruction>(
        tr("Reconstruction").toStdString(),
        [windows = windowsOf(*loaded), hash = model->hash, hidden](StopToken, Progress&) -> Result<Reconstruction> {
            auto engine = loadEngine();
            return engine ? (*engine)->reconstruct(hash, *windows, 0, hidden) : engine.as<Reconstruction>();
        },
        [this, generation, leads = model->leads, rate = model->samplingRate](Result<Reconstruction> result) {
            if (generation != generation_)
                return; // the mask or the recording changed meanwhile
            working_ = false;
            if (result.failed())
                bar_->show(QStringLiteral("alarm"), Texts::error(result.error()));
            else if (result.ok()) {
                shown_ = std::move(*result);
                trace_->setReconstruction(leads, shown_->waveform, rate);
            }
            showResult();
        });
}

void EventsView::sweep() {
    const auto loaded = session().recording();
    const auto model = session().model();
    if (!loaded || !model || loaded->windows.empty())
        return;
    sweep_->setEnabled(false);
    const int generation = ++sweepGeneration_;
    session().jobs().start<WindowSurprise>(
        tr("Surprise sweep").toStdString(),
        [windows = windowsOf(*loaded), model, folder = session().studyFolder()](StopToken, Progress&) {
            return windowSurprise(folder, *model, *windows, 0);
        },
        [this, generation](Result<WindowSurprise> result) {
            if (generation != sweepGeneration_)
                return;
            sweep_->setEnabled(true);
            if (result.failed())
                bar_->show(QStringLiteral("alarm"), Texts::error(result.error()));
            else if (result.ok())
                swept_ = std::move(result->latentError), percentiles_ = std::move(result->percentile);
            showResult();
        });
}

void EventsView::showBars() {
    const auto model = session().model();
    if (!model)
        return;
    const double interval = model->intervalSamples / model->samplingRate;
    errors_->setValues(swept_, percentiles_, shown_ ? shown_->latentError : std::vector<float>{}, interval,
                       model->intervals * interval);
}

void EventsView::showResult() {
    showBars();
    const int hidden = static_cast<int>(std::count(trace_->hidden().begin(), trace_->hidden().end(), true));
    clear_->setEnabled(hidden > 0);
    if (working_ && hidden > 0) {
        tools_->setInfo(tr("%n interval(s) hidden, reconstructing…", nullptr, hidden));
    } else if (shown_) {
        double sum = 0;
        for (const auto e : shown_->latentError)
            sum += static_cast<double>(e);
        tools_->setInfo(tr("%n interval(s) hidden, mean latent error %1", nullptr, hidden)
                            .arg(sum / static_cast<double>(std::max(1, hidden)), 0, 'f', 3));
    } else {
        tools_->setInfo(hidden == 0 ? tr("Click intervals in the trace to hide them")
                                    : tr("%n interval(s) hidden", nullptr, hidden));
    }
    QString text = tr("Trace: the model's input (band-passed). In colour over the hidden intervals: decoded by the "
                      "event decoder; shows what the model expects, not a measurement.");
    if (!swept_.empty())
        text += QLatin1Char(' ') + tr("Bars: surprise of each interval when it is hidden.");
    note_->setText(text);
}

} // namespace precordia
