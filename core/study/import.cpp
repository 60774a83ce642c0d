// SPDX-License-Identifier: GPL-3.0-or-later
// Many threads decode, the calling one writes, in the order of the files: two imports of the same folders give the
// same study whatever the threads do.
#include "core/study/import.h"

#include "core/study/import_decode.h"
#include "core/study/import_scan.h"

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <unordered_set>

namespace precordia {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kAhead = 256; // files decoded but not yet written
constexpr std::size_t kBatch = 64;  // files a transaction
constexpr std::chrono::milliseconds kBatchTime(500);

// Hands decoded files on in the order of their numbers.
class DecodedQueue {
public:
    DecodedQueue(const std::vector<fs::path>& files, const DecodeContext& context, int threads)
        : files_(files)
        , context_(context) {
        for (int i = 0; i < std::max(1, threads); ++i)
            threads_.emplace_back([this](const std::stop_token& quit) { work(quit); });
    }
    ~DecodedQueue() {
        for (auto& thread : threads_)
            thread.request_stop();
        space_.notify_all();
    }
    DecodedQueue(const DecodedQueue&) = delete;
    DecodedQueue& operator=(const DecodedQueue&) = delete;

    // The next files, at least one unless all are through or it was stopped.
    std::vector<DecodedFile> next() {
        std::vector<DecodedFile> batch;
        const auto until = std::chrono::steady_clock::now() + kBatchTime;
        std::unique_lock lock(mutex_);
        while (taken_ < files_.size() && batch.size() < kBatch && !context_.stop.stop_requested()) {
            if (const auto first = ready_.find(taken_); first != ready_.end()) {
                batch.push_back(std::move(first->second));
                ready_.erase(first);
                ++taken_;
                space_.notify_all();
                continue;
            }
            const auto arrived = [this] { return ready_.contains(taken_); };
            if (batch.empty()) {
                if (!arrival_.wait(lock, context_.stop, arrived))
                    break;
            } else if (!arrival_.wait_until(lock, context_.stop, until, arrived)) {
                break;
            }
        }
        return batch;
    }

private:
    void work(const std::stop_token& quit) {
        while (!quit.stop_requested() && !context_.stop.stop_requested()) {
            std::size_t number = 0;
            {
                std::unique_lock lock(mutex_);
                if (!space_.wait(lock, quit, [this] { return given_ < taken_ + kAhead; }))
                    return;
                if (given_ >= files_.size())
                    return;
                number = given_++;
            }
            auto decoded = decodeForImport(files_[number], context_);
            if (context_.stop.stop_requested())
                return; // it may have been cut short
            const std::lock_guard lock(mutex_);
            ready_.emplace(number, std::move(decoded));
            arrival_.notify_all();
        }
    }

    const std::vector<fs::path>& files_;
    const DecodeContext& context_;
    std::mutex mutex_;
    std::condition_variable_any arrival_, space_;
    std::map<std::size_t, DecodedFile> ready_;
    std::size_t given_ = 0, taken_ = 0;
    std::vector<std::jthread> threads_; // last: joined first
};

class Import {
public:
    Import(Study& study, StudyWriter& writer, const std::vector<fs::path>& files)
        : study_(study)
        , writer_(writer)
        , files_(files) {}

    // All of a batch or nothing of it; the report counts only what is confirmed.
    Result<Done> write(const std::vector<DecodedFile>& batch) {
        auto report = report_;
        auto rows = rowsUsed_;
        auto position = position_;
        const auto done = study_.inTransaction([&]() -> Result<Done> {
            for (const auto& file : batch)
                if (const auto one = writeOne(file, files_[position++], report, rows); !one)
                    return one;
            return Done{};
        });
        if (done) {
            report_ = std::move(report);
            rowsUsed_ = std::move(rows);
            position_ = position;
        }
        return done;
    }

    ImportReport& report() { return report_; }
    const std::unordered_set<std::size_t>& rowsUsed() const { return rowsUsed_; }

private:
    Result<Done> writeOne(const DecodedFile& file, const fs::path& path, ImportReport& report,
                          std::unordered_set<std::size_t>& rows) {
        using Kind = DecodedFile::Kind;
        if (file.labelRow && (file.kind == Kind::Recording || file.kind == Kind::Known))
            rows.insert(*file.labelRow);
        switch (file.kind) {
        case Kind::Skipped:
            ++report.skipped;
            return Done{};
        case Kind::Failed:
            report.failed.push_back({path, file.reason});
            return Done{};
        case Kind::Known:
            ++report.duplicates;
            return writer_.addFacts(file.known, file.recording.facts);
        case Kind::Recording:
            break;
        }
        const auto same = writer_.findBySamples(file.recording.sampleHash);
        if (!same)
            return same.as<Done>();
        if (*same) {
            ++report.duplicates;
            if (const auto done = writer_.refreshFile(**same, file.recording); !done)
                return done;
            return writer_.addFacts(**same, file.recording.facts);
        }
        ++report.imported;
        const auto id = writer_.insert(file.recording);
        return id ? Result<Done>(Done{}) : id.as<Done>();
    }

    Study& study_;
    StudyWriter& writer_;
    const std::vector<fs::path>& files_;
    ImportReport report_;
    std::unordered_set<std::size_t> rowsUsed_;
    std::size_t position_ = 0;
};

std::string plural(std::size_t count, const std::string& one, const std::string& many) {
    return std::to_string(count) + " " + (count == 1 ? one : many);
}

Result<ImportReport> importFiles(Study& study, ScannedFiles scanned, const LabelTable* table,
                                 const ImportRequest& request, const StopToken& stop, Progress& progress) {
    const auto writer = StudyWriter::create(study);
    if (!writer)
        return writer.as<ImportReport>();
    const auto known = (*writer)->knownFiles();
    if (!known)
        return known.as<ImportReport>();
    const auto pseudonyms = Pseudonyms::load();
    const DecodeContext context{table, table ? sourceKey(request.labelsCsv) : std::string(), pseudonyms, *known, stop};
    Import import(study, **writer, scanned.files);
    import.report().failed = std::move(scanned.failed);
    progress.begin("importing", static_cast<std::int64_t>(scanned.files.size()));
    {
        DecodedQueue queue(scanned.files, context, request.threads);
        for (auto batch = queue.next(); !batch.empty(); batch = queue.next()) {
            if (const auto done = import.write(batch); !done)
                return done.as<ImportReport>();
            progress.advance(static_cast<std::int64_t>(batch.size()));
        }
    }
    if (stop.stop_requested())
        return Cancelled{};
    if (table)
        if (const auto unused = table->rows().size() - import.rowsUsed().size(); unused > 0)
            import.report().notes.push_back(request.labelsCsv.filename().string() + ": " +
                                            plural(unused, "row names", "rows name") + " no recording that came in");
    return std::move(import.report());
}

} // namespace

Result<ImportReport> importInto(const fs::path& studyFolder, const ImportRequest& request, StopToken stop,
                                Progress& progress) {
    std::optional<LabelTable> table;
    if (!request.labelsCsv.empty()) {
        auto read = LabelTable::read(request.labelsCsv);
        if (!read)
            return read.as<ImportReport>();
        table = *std::move(read);
    }
    if (std::none_of(request.paths.begin(), request.paths.end(), isThere) && !request.paths.empty()) {
        std::string names; // a mistyped path makes no empty study
        for (const auto& path : request.paths)
            names += (names.empty() ? "" : ", ") + path.string();
        return makeError(ErrorCode::FileNotFound, "nothing was imported", names);
    }
    const auto study = Study::openOrCreate(studyFolder);
    if (!study)
        return study.as<ImportReport>();
    progress.begin("looking for files", 0);
    auto scanned = scanForImport(request.paths, stop);
    if (!scanned)
        return scanned.as<ImportReport>();
    return importFiles(**study, *std::move(scanned), table ? &*table : nullptr, request, stop, progress);
}

} // namespace precordia
