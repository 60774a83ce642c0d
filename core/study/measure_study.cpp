// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/measure_study.h"

#include "core/study/recording_source.h"
#include "core/study/study_writer.h"

#include <QStringList>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <limits>
#include <mutex>
#include <sys/resource.h>
#include <thread>

namespace precordia {

namespace {

constexpr auto kMostUnsaved = std::chrono::seconds(2); // what a kill may cost
constexpr std::size_t kMostInBatch = 64;
constexpr int kLowestPriority = 19;
const QString kMeasurable = QStringLiteral("r.samples <= ? * r.sampling_rate");

struct Wanted {
    RecordingId id;
    std::string name, sampleHash;
    double seconds = 0;
};

struct MeasuredOne {
    Wanted of;
    Result<MeasuredSignal> measured;
};

Result<MeasuredSignal> measureOne(const Study& study, const Wanted& wanted) {
    try {
        const auto recording = readBeginning(study, wanted.id, kMeasuredSeconds);
        if (!recording)
            return recording.as<MeasuredSignal>();
        if (auto measured = measureSignal(*recording, wanted.seconds))
            return *std::move(measured);
        return makeError(ErrorCode::Bug, "it is too long to be measured");
    } catch (const std::bad_alloc&) {
        return makeError(ErrorCode::OutOfMemory, "the recording needs more memory than there is");
    } catch (const std::exception& e) {
        return makeError(ErrorCode::Bug, e.what());
    }
}

// Workers measure, each with a Study of its own; the caller's thread writes.
class Workers {
public:
    Workers(const std::filesystem::path& folder, std::vector<Wanted> wanted, const StudyMeasureOptions& options,
            StopToken stop)
        : wanted_(std::move(wanted))
        , stop_(std::move(stop)) {
        const int count = std::max(1, options.threads);
        running_ = count; // less with every worker that has ended: the first may, before the last is there
        for (int i = 0; i < count; ++i)
            threads_.emplace_back([this, folder, background = options.background] { work(folder, background); });
    }
    ~Workers() { quit_ = true; } // threads_ are joined behind it

    // Waits until there is something, all is done, or the time is over.
    std::vector<MeasuredOne> take(std::chrono::milliseconds patience) {
        std::unique_lock lock(mutex_);
        ready_.wait_for(lock, patience, [&] { return done_.size() >= kMostInBatch || running_ == 0; });
        std::vector<MeasuredOne> taken(std::make_move_iterator(done_.begin()), std::make_move_iterator(done_.end()));
        done_.clear();
        return taken;
    }
    bool finished() {
        const std::lock_guard lock(mutex_);
        return running_ == 0 && done_.empty();
    }
    std::optional<Error> failure() {
        const std::lock_guard lock(mutex_);
        return failure_;
    }

private:
    void work(const std::filesystem::path& folder, bool background) {
        if (background)
            ::setpriority(PRIO_PROCESS, 0, kLowestPriority); // of this thread alone, under Linux
        const auto study = Study::open(folder);
        for (std::size_t i = 0; study.ok() && !quit_ && !stop_.stop_requested() && (i = next_++) < wanted_.size();) {
            MeasuredOne one{wanted_[i], measureOne(**study, wanted_[i])};
            const std::lock_guard lock(mutex_);
            done_.push_back(std::move(one));
            if (done_.size() >= kMostInBatch)
                ready_.notify_all();
        }
        const std::lock_guard lock(mutex_);
        if (study.failed())
            failure_ = study.error();
        --running_;
        ready_.notify_all();
    }

    const std::vector<Wanted> wanted_;
    StopToken stop_;
    std::atomic<std::size_t> next_ = 0;
    std::atomic<bool> quit_ = false;
    std::mutex mutex_;
    std::condition_variable ready_;
    std::deque<MeasuredOne> done_;
    std::optional<Error> failure_;
    int running_ = 0;
    std::vector<std::jthread> threads_; // last: joined first
};

Result<std::vector<Wanted>> wantedOf(const Study& study, bool again) {
    using List = std::vector<Wanted>;
    auto found = study.impl().database->run("SELECT r.id, r.name, r.sample_hash, r.samples / r.sampling_rate"
                                            " FROM recordings r LEFT JOIN measured m ON m.recording_id = r.id"
                                            " WHERE (? OR m.version IS NULL OR m.version < ?) AND " +
                                                kMeasurable + " ORDER BY r.id",
                                            {again ? 1 : 0, kMeasuringVersion, kLongestMeasuredSeconds});
    if (!found)
        return found.as<List>();
    List list;
    while (found->next())
        list.push_back({RecordingId(found->value(0).toLongLong()), fromQt(found->value(1)), fromQt(found->value(2)),
                        found->value(3).toDouble()});
    return list;
}

Result<Done> write(Study& study, StudyWriter& writer, const std::vector<MeasuredOne>& batch,
                   StudyMeasureReport& report) {
    return study.inTransaction([&]() -> Result<Done> {
        for (const auto& one : batch) {
            if (one.measured.failed())
                report.failed.push_back({one.of.id, one.of.name, one.measured.error()});
            if (!one.measured)
                continue;
            const auto written = writer.setMeasured(one.of.id, one.of.sampleHash, *one.measured);
            if (!written)
                return written.as<Done>();
            report.measured += *written ? 1 : 0;
        }
        return Done{};
    });
}

} // namespace

Result<StudyMeasureReport> measureStudy(const std::filesystem::path& folder, const StudyMeasureOptions& options,
                                        const StopToken& stop, Progress& progress) {
    auto study = Study::open(folder);
    if (!study)
        return study.as<StudyMeasureReport>();
    const auto state = measuredState(**study);
    auto wanted = wantedOf(**study, options.again);
    if (!state || !wanted)
        return state ? wanted.as<StudyMeasureReport>() : state.as<StudyMeasureReport>();
    StudyMeasureReport report;
    report.upToDate = state->recordings - static_cast<std::int64_t>(wanted->size());
    progress.begin("Measuring", static_cast<std::int64_t>(wanted->size()));
    if (wanted->empty())
        return report;
    const auto writer = StudyWriter::create(**study);
    if (!writer)
        return writer.as<StudyMeasureReport>();
    Workers workers(folder, std::move(*wanted), options, stop);
    while (!workers.finished()) {
        const auto batch = workers.take(kMostUnsaved);
        if (batch.empty())
            continue;
        if (const auto written = write(**study, **writer, batch, report); !written)
            return written.as<StudyMeasureReport>();
        progress.advance(static_cast<std::int64_t>(batch.size()));
    }
    if (const auto failure = workers.failure())
        return *failure;
    if (stop.stop_requested())
        return Cancelled{};
    return report;
}

Result<MeasuredState> measuredState(const Study& study) {
    const Database& database = *study.impl().database;
    const auto all =
        database.scalar("SELECT COUNT(*) FROM recordings r WHERE " + kMeasurable, {kLongestMeasuredSeconds});
    if (!all)
        return all.as<MeasuredState>();
    const auto measured = database.scalar("SELECT COUNT(*) FROM measured WHERE version >= ?", {kMeasuringVersion});
    if (!measured)
        return measured.as<MeasuredState>();
    const auto older = database.scalar("SELECT COUNT(*) FROM measured WHERE version < ?", {kMeasuringVersion});
    if (!older)
        return older.as<MeasuredState>();
    return MeasuredState{all->toLongLong(), measured->toLongLong(), older->toLongLong()};
}

Result<int> measuredVersion(const Study& study, RecordingId id) {
    const auto version = study.impl().database->scalar("SELECT MAX(version) FROM measured WHERE recording_id = ?",
                                                       {static_cast<qlonglong>(id.value)});
    return version ? Result<int>(version->toInt()) : version.as<int>();
}

Result<std::vector<std::pair<RecordingId, MeasuredQuality>>> measuredQualities(const Study& study) {
    using Qualities = std::vector<std::pair<RecordingId, MeasuredQuality>>;
    auto found =
        study.impl().database->run("SELECT recording_id, quality, quality_leads FROM measured ORDER BY recording_id");
    if (!found)
        return found.as<Qualities>();
    Qualities qualities;
    while (found->next()) {
        MeasuredQuality one{fromQt(found->value(1)), {}};
        for (const auto& lead : found->value(2).toString().split(QLatin1Char(';'), Qt::SkipEmptyParts))
            one.leads.push_back(lead.toStdString());
        qualities.emplace_back(RecordingId(found->value(0).toLongLong()), std::move(one));
    }
    return qualities;
}

namespace {

// Both in the order of ids; `take(place of the row, value)` for what is in both.
template <typename Values, typename Take>
void merge(const std::vector<RecordingRow>& rows, const Values& values, Take take) {
    std::size_t at = 0;
    for (const auto& [id, value] : values) {
        while (at < rows.size() && rows[at].id < id)
            ++at;
        if (at < rows.size() && rows[at].id == id)
            take(at, value);
    }
}

} // namespace

Result<NumberColumn> measurementNumbers(const Study& study, const std::vector<RecordingRow>& rows,
                                        const std::string& key) {
    NumberColumn column(rows.size(), std::numeric_limits<float>::quiet_NaN());
    const auto slash = key.find('/');
    if (slash == std::string::npos)
        return column;
    const auto values = study.measurementColumn(key.substr(0, slash), key.substr(slash + 1));
    if (!values)
        return values.as<NumberColumn>();
    merge(rows, *values, [&](std::size_t row, double value) { column[row] = static_cast<float>(value); });
    return column;
}

Result<TermColumn> qualityTerms(const Study& study, const std::vector<RecordingRow>& rows) {
    const auto qualities = measuredQualities(study);
    if (!qualities)
        return qualities.as<TermColumn>();
    std::vector<std::vector<std::string>> words(rows.size());
    merge(rows, *qualities, [&](std::size_t row, const MeasuredQuality& quality) { words[row] = {quality.word}; });
    return termColumn(words);
}

} // namespace precordia
