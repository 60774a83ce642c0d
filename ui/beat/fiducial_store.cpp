// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/beat/fiducial_store.h"

#include "ui/ecg/long_recording.h"
#include "ui/texts.h"

#include <QMetaObject>

#include <utility>

namespace precordia {

using Loaded = std::shared_ptr<const MarkedBeat>;

namespace {
constexpr int kHeldMs = 250; // longer than the pause between two repeats of a key
}

Result<std::shared_ptr<MarkedBeat>> measureBeat(const std::filesystem::path& study,
                                                const std::shared_ptr<const LoadedRecording>& recording,
                                                const StopToken& stop) {
    using Made = std::shared_ptr<MarkedBeat>;
    const auto opened = Study::open(study);
    if (!opened)
        return opened.as<Made>();
    const auto ecg = beginningOf(**opened, recording, kMarkedSeconds);
    if (!ecg)
        return ecg.as<Made>();
    auto beat = std::make_shared<MarkedBeat>();
    beat->row = recording->row;
    beat->cut = wholeSeconds(*recording) > kMarkedSeconds;
    if (stop.stop_requested())
        return Cancelled{};
    beat->recording = *ecg;
    beat->ecg = analyseEcg(**ecg);
    if (stop.stop_requested())
        return Cancelled{};
    if (beat->ecg.medianBeat.beats == 0 || beat->ecg.medianBeat.leads.empty())
        return makeError(ErrorCode::SignalTooShort, "the recording has no beat that can be averaged");
    return beat;
}

FiducialStore::FiducialStore(QObject* parent)
    : QObject(parent)
    , runner_(std::make_unique<JobRunner>(1, [this](std::function<void()> f) {
        QMetaObject::invokeMethod(this, std::move(f), Qt::QueuedConnection);
    })) {
    wait_.setSingleShot(true);
    wait_.setInterval(kHeldMs);
    connect(&wait_, &QTimer::timeout, this, &FiducialStore::flush);
}

FiducialStore::~FiducialStore() {
    cancel();
    flush();
    runner_->waitForAll(); // a reader's edits are written before the window is gone
}

void FiducialStore::cancel() {
    ++generation_;
    if (loading_ != 0)
        runner_->stop(loading_);
    loading_ = 0;
}

void FiducialStore::load(const std::filesystem::path& study, const ReaderSight& sight,
                         const std::shared_ptr<MarkedBeat>& beat) {
    cancel();
    flush();
    loading_ = runner_->start<Loaded>(
        "fiducial points",
        [study, sight, beat](StopToken, Progress&) -> Result<Loaded> {
            const auto opened = Study::open(study, sight);
            if (!opened)
                return opened.as<Loaded>();
            auto edits = fiducialEdits(**opened, beat->row.id);
            if (!edits)
                return edits.as<Loaded>();
            beat->edits = std::move(*edits);
            return Loaded(beat);
        },
        [this, generation = generation_](const Result<Loaded>& read) {
            if (generation != generation_ || read.cancelled())
                return;
            loading_ = 0;
            if (read.ok())
                Q_EMIT loaded(*read);
            else
                Q_EMIT loadFailed(Texts::error(read.error()));
        });
}

void FiducialStore::keep(const std::filesystem::path& study, const MarkChange& change, const std::string& reader,
                         bool again) {
    if (!again || (held_ && (held_->change.recording != change.recording || held_->change.beat != change.beat)))
        flush();
    Edit edit{study, change, reader};
    if (!again) {
        write(std::move(edit));
        return;
    }
    held_ = std::move(edit);
    wait_.start();
}

void FiducialStore::flush() {
    wait_.stop();
    if (held_)
        write(*std::exchange(held_, std::nullopt));
}

void FiducialStore::write(Edit edit) {
    const MarkChange change = edit.change;
    runner_->start<Done>(
        "fiducial points",
        [edit = std::move(edit)](StopToken, Progress&) -> Result<Done> {
            const auto opened = Study::open(edit.study);
            const MarkChange& made = edit.change;
            return opened
                       ? addFiducialEdit(**opened, made.recording, {made.beat, made.marks, edit.reader, {}}, made.moved)
                       : opened.as<Done>();
        },
        [this, change](const Result<Done>& done) {
            if (done.ok())
                Q_EMIT kept(change);
            else
                Q_EMIT keepFailed(Texts::failure(done));
        });
}

bool FiducialStore::busy() const {
    return held_.has_value() || runner_->busy();
}

} // namespace precordia
