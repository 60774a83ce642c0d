// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/intervals/intervals_view.h"

#include "ui/plots/heat_map.h"
#include "ui/plots/trace_stack.h"
#include "ui/theme/theme.h"
#include "ui/why_empty.h"
#include "ui/widgets.h"

#include <QComboBox>
#include <QSplitter>
#include <QVBoxLayout>

#include <cmath>

namespace precordia {

IntervalsView::IntervalsView(Session& s, QWidget* parent) : View(s, parent) {
    tools_ = new ToolRow(this);
    lead_ = new QComboBox(this);
    lead_->setToolTip(tr("Lead shown above the encodings"));
    for (const auto& name : standardLeads())
        lead_->addItem(QString::fromStdString(name));
    lead_->setCurrentText(QStringLiteral("II"));
    level_ = new QComboBox(this);
    level_->addItem(tr("Below: interval level"), 0);
    level_->addItem(tr("Below: event level"), 1);
    level_->setToolTip(tr("Level that self-similarity and trajectory show"));
    tools_->add(lead_);
    tools_->add(level_);

    empty_ = new EmptyState(this);
    stack_ = new QStackedWidget(this);
    stack_->addWidget(empty_);
    stack_->addWidget(makeContent());

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(tools_);
    column->addWidget(stack_, 1);

    connect(lead_, &QComboBox::currentTextChanged, this,
            [this](const QString& name) { trace_->setLeads({name.toStdString()}); });
    connect(level_, &QComboBox::currentIndexChanged, this, &IntervalsView::refreshPanels);
    connect(&s, &Session::recordingChanged, this, &IntervalsView::refresh);
    connect(&s, &Session::encodingsChanged, this, &IntervalsView::refresh);
    connect(&s, &Session::modelChanged, this, &IntervalsView::refresh);
    connect(&s.selection(), &StudySelection::timeChanged, this, &IntervalsView::showCursor);
    refresh();
}

QWidget* IntervalsView::makeContent() {
    auto* content = new QWidget(this);
    trace_ = new TraceStack(content);
    intervalMap_ = new EncodingHeatMap(content);
    eventMap_ = new EncodingHeatMap(content);
    eventMap_->setColourBar(true);
    similarity_ = new SelfSimilarityMap(content);
    trajectory_ = new TrajectoryPlot(content);
    const auto hover = [this](std::optional<double> t) { session().selection().setTime(t); };
    connect(trace_, &TraceStack::timeHovered, this, hover);
    connect(intervalMap_, &EncodingHeatMap::timeHovered, this, hover);
    connect(eventMap_, &EncodingHeatMap::timeHovered, this, hover);
    connect(similarity_, &SelfSimilarityMap::timeHovered, this, hover);

    auto* similarity = new Panel(tr("Self-similarity of the intervals"), content);
    similarity->setContent(similarity_);
    auto* trajectory = new Panel(tr("Path through the first two principal components"), content);
    trajectory->setContent(trajectory_);
    auto* below = new QHBoxLayout;
    below->setSpacing(Theme::kPanel);
    below->addWidget(similarity, 2);
    below->addWidget(trajectory, 3);

    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(Theme::kPanel, Theme::kPanel, Theme::kPanel, Theme::kPanel);
    column->setSpacing(Theme::kStep);
    column->addWidget(trace_, 3);
    column->addWidget(intervalMap_, 4);
    column->addWidget(eventMap_, 4);
    column->addSpacing(Theme::kStep);
    column->addLayout(below, 5);
    return content;
}

QString IntervalsView::help() const {
    return tr(
        "Each column is one interval, each row one dimension of its encoding, shown as z-score over this recording "
        "(dark: low, yellow: high). Above: interval encodings, made from the leads of that interval alone. Below: "
        "event "
        "encodings, seen in the context of the whole recording. Move the mouse to see the same moment everywhere.");
}

void IntervalsView::activated() {
    refresh();
}

void IntervalsView::showEmpty() {
    explainEmpty(*empty_, session(), tr("Intervals"),
                 tr("Choose a recording in the worklist. Its encodings, one column for every interval, will stand here "
                    "under the trace."));
    stack_->setCurrentIndex(0);
    tools_->setInfo({});
}

void IntervalsView::refresh() {
    const auto recording = session().recording();
    const auto encodings = session().encodings();
    if (!recording || !encodings || encodings->id != recording->row.id || encodings->encodings.interval.empty()) {
        showEmpty();
        return;
    }
    const auto& e = encodings->encodings;
    const double seconds = e.intervals * encodings->intervalSeconds;
    trace_->setRecording({recording, &recording->recording}, seconds);
    trace_->setIntervals(e.intervals, encodings->intervalSeconds);
    intervalMap_->setTable({e.intervals, e.width, encodings->intervalSeconds, e.interval}, tr("interval level"),
                           seconds);
    eventMap_->setTable({e.intervals, e.width, encodings->intervalSeconds, e.event}, tr("event level"), seconds);
    stack_->setCurrentIndex(1);
    refreshPanels();
    showCursor();
}

void IntervalsView::refreshPanels() {
    const auto recording = session().recording();
    const auto encodings = session().encodings();
    if (!recording || !encodings || encodings->id != recording->row.id)
        return;
    const auto& e = encodings->encodings;
    const EncodingTable table{e.intervals, e.width, encodings->intervalSeconds,
                              level_->currentIndex() == 0 ? e.interval : e.event};
    std::vector<double> peaks;
    for (const auto peak : recording->rPeaks)
        peaks.push_back(static_cast<double>(peak.value) / recording->recording.samplingRate);
    similarity_->setTable(table);
    trajectory_->setTable(table, peaks);
}

void IntervalsView::showCursor() {
    const auto t = session().selection().time();
    trace_->setCursor(t);
    intervalMap_->setCursor(t);
    eventMap_->setCursor(t);
    similarity_->setCursor(t);
    trajectory_->setCursor(t);
    const auto encodings = session().encodings();
    if (!encodings || stack_->currentIndex() == 0)
        return;
    if (!t) {
        tools_->setInfo(tr("%1 intervals of %2 s, width %3, from the model %4")
                            .arg(encodings->encodings.intervals)
                            .arg(encodings->intervalSeconds)
                            .arg(encodings->encodings.width)
                            .arg(QString::fromStdString(encodings->modelHash).left(8)));
        return;
    }
    const int interval = static_cast<int>(std::floor(*t / encodings->intervalSeconds));
    tools_->setInfo(tr("interval %1 of %2, %3 to %4 s")
                        .arg(interval + 1)
                        .arg(encodings->encodings.intervals)
                        .arg(interval * encodings->intervalSeconds, 0, 'f', 2)
                        .arg((interval + 1) * encodings->intervalSeconds, 0, 'f', 2));
}

} // namespace precordia
