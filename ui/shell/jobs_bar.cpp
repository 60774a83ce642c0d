// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/jobs_bar.h"

#include "ui/texts.h"
#include "ui/theme/theme.h"
#include "ui/widgets.h"

#include <QHBoxLayout>
#include <QProgressBar>
#include <QVBoxLayout>

#include <chrono>
#include <cmath>

namespace precordia {

namespace {

constexpr std::size_t kShown = 3;
constexpr int kSteps = 1000; // of a progress bar

QString dotted(const QStringList& parts) {
    return parts.join(QStringLiteral(" \u00B7 "));
}

QString leftText(std::chrono::milliseconds left) {
    return JobsBar::tr("%1 left").arg(QString::fromStdString(durationText(left)));
}

QString runText(const Session::RunState& run) {
    QStringList parts{JobsBar::tr("Pretraining %1").arg(run.name)};
    if (run.updates.empty()) {
        parts << JobsBar::tr("preparing the recordings");
    } else {
        const TrainUpdate& now = run.updates.back();
        parts << JobsBar::tr("step %1 of %2").arg(now.step).arg(now.steps);
        if (now.step >= now.steps && now.steps > 0)
            parts << JobsBar::tr("fitting the event decoder");
        else
            parts << JobsBar::tr("%1 recordings/s").arg(std::lround(now.recordingsPerSecond));
        if (!run.paused && now.secondsLeft > 0)
            parts << leftText(std::chrono::milliseconds(static_cast<std::int64_t>(now.secondsLeft * 1000)));
    }
    if (run.paused)
        parts << JobsBar::tr("paused");
    else if (run.stopping)
        parts << JobsBar::tr("stopping");
    return dotted(parts);
}

QString jobText(const JobInfo& info) {
    QStringList parts{QString::fromStdString(info.title)};
    if (info.stopRequested) {
        parts << JobsBar::tr("stopping at the next safe point");
        return dotted(parts);
    }
    if (info.status == JobStatus::Queued) {
        parts << JobsBar::tr("waiting");
        return dotted(parts);
    }
    if (!info.progress.phase.empty())
        parts << Texts::phase(info.progress.phase);
    if (info.progress.total > 0)
        parts << JobsBar::tr("%1 of %2").arg(info.progress.done).arg(info.progress.total);
    if (info.progress.left)
        parts << leftText(*info.progress.left);
    return dotted(parts);
}

} // namespace

class JobRow : public QWidget {
public:
    explicit JobRow(Session& session, QWidget* parent)
        : QWidget(parent)
        , session_(session)
        , text_(new QLabel(this))
        , pause_(new QPushButton(this))
        , stop_(new QPushButton(this))
        , bar_(new QProgressBar(this)) {
        auto* column = new QVBoxLayout(this);
        column->setContentsMargins(0, 0, 0, 0);
        column->setSpacing(Theme::kStep);
        auto* row = new QHBoxLayout;
        row->setSpacing(Theme::kStep * 2);
        setRole(text_, "secondary");
        text_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
        row->addWidget(text_, 1);
        row->addWidget(pause_);
        row->addWidget(stop_);
        column->addLayout(row);
        column->addWidget(bar_);
        bar_->setTextVisible(false);
        connect(pause_, &QPushButton::clicked, this, [this] { session_.pausePretraining(!session_.run().paused); });
        connect(stop_, &QPushButton::clicked, this, [this] {
            if (line_.pretraining)
                session_.stopPretraining(true);
            else if (line_.runner != nullptr)
                line_.runner->stop(line_.info.id);
        });
    }

    void show(const Session::JobLine& line) {
        line_ = line;
        const QString text = line.pretraining ? runText(session_.run()) : jobText(line.info);
        text_->setText(text);
        text_->setToolTip(text);
        pause_->setVisible(line.pretraining);
        pause_->setText(session_.run().paused ? JobsBar::tr("Resume") : JobsBar::tr("Pause"));
        stop_->setText(line.pretraining ? JobsBar::tr("Stop after epoch") : JobsBar::tr("Stop"));
        stop_->setEnabled(line.pretraining ? !session_.run().stopping : !line.info.stopRequested);
        const auto& progress = line.info.progress;
        if (progress.total > 0) {
            bar_->setRange(0, kSteps);
            bar_->setValue(static_cast<int>(progress.fraction() * kSteps));
        } else {
            // Not known how far: an empty groove, nothing that moves without a reason.
            bar_->setRange(0, 1);
            bar_->setValue(0);
        }
        QWidget::show();
    }

private:
    Session& session_;
    Session::JobLine line_;
    QLabel* text_;
    QPushButton* pause_;
    QPushButton* stop_;
    QProgressBar* bar_;
};

JobsBar::JobsBar(Session& session, QWidget* parent)
    : QFrame(parent)
    , session_(session)
    , column_(new QVBoxLayout(this))
    , idle_(new QWidget(this))
    , state_(new QLabel)
    , engine_(new QLabel)
    , more_(new QLabel(this)) {
    setRole(this, "bar");
    column_->setContentsMargins(Theme::kPanel, Theme::kStep + 2, Theme::kPanel, Theme::kStep + 2);
    column_->setSpacing(Theme::kStep + 2);
    auto* row = new QHBoxLayout(idle_);
    row->setContentsMargins(0, 0, 0, 0);
    auto* heading = new QLabel(tr("Jobs"));
    setRole(heading, "heading");
    row->addWidget(heading);
    setRole(state_, "secondary");
    row->addWidget(state_);
    row->addStretch(1);
    setRole(engine_, "secondary");
    row->addWidget(engine_);
    column_->addWidget(idle_);
    setRole(more_, "small");
    column_->addWidget(more_);
    more_->hide();
    connect(&session_, &Session::jobsChanged, this, &JobsBar::refresh);
    connect(&session_, &Session::runChanged, this, &JobsBar::refresh);
    connect(&session_, &Session::engineChanged, this, &JobsBar::showIdle);
    connect(&session_, &Session::modelChanged, this, &JobsBar::showIdle);
    refresh();
    showIdle();
}

void JobsBar::refresh() {
    std::size_t shown = 0, active = 0;
    for (const auto& line : session_.jobLines()) {
        if (line.info.status != JobStatus::Queued && line.info.status != JobStatus::Running)
            continue;
        if (++active > kShown)
            continue;
        if (shown == rows_.size()) {
            rows_.push_back(new JobRow(session_, this));
            column_->insertWidget(static_cast<int>(rows_.size()), rows_.back());
        }
        rows_[shown++]->show(line);
    }
    for (std::size_t i = shown; i < rows_.size(); ++i)
        rows_[i]->hide();
    more_->setText(tr("and %n more", nullptr, static_cast<int>(active - shown)));
    more_->setVisible(active > shown);
    // The dock follows: no higher than its lines.
    setFixedHeight(column_->sizeHint().height());
    state_->setText(active == 0 ? tr("none running") : tr("%n running", nullptr, static_cast<int>(active)));
}

// At rest the line says with what the model would be computed.
void JobsBar::showIdle() {
    QStringList parts;
    if (const auto model = session_.model())
        parts << tr("model %1").arg(QString::fromStdString(model->hash).left(8));
    if (const auto info = session_.engineInfo()) {
        const auto& device = info->devices.empty() ? EngineInfo::Device{} : info->devices.back();
        parts << (device.name.empty() ? tr("CPU") : Texts::device(device.name));
        parts << tr("%1 GFLOP/s").arg(info->matrixGflops, 0, 'f', 0);
        engine_->setToolTip(info->cudaReason.empty() ? QString() : Texts::cudaReason(info->cudaReason));
    } else if (!session_.engineFailure().isEmpty()) {
        parts << tr("model engine not available");
        engine_->setToolTip(session_.engineFailure());
    } else {
        parts << tr("the model engine is loading");
    }
    engine_->setText(dotted(parts));
}

} // namespace precordia
