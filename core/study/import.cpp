// SPDX-License-Identifier: GPL-3.0-or-later
// Many threads decode, the calling one writes, in the order of the files: two imports of the same folders give the
// same study whatever the threads do, and one that was killed and went on the same as one that was not.
#include "core/study/import.h"

#include "core/study/import_queue.h"
#include "core/study/import_report.h"
#include "core/study/import_scan.h"

#include <QDateTime>

#include <algorithm>
#include <unordered_set>

namespace precordia {

namespace fs = std::filesystem;

namespace {

class Import {
public:
    Import(Study& study, StudyWriter& writer, const std::vector<fs::path>& files, const SourceOptions& reading)
        : study_(study)
        , writer_(writer)
        , files_(files)
        , reading_(reading) {}

    // All of a batch or nothing of it; the report counts only what is confirmed.
    Result<Done> write(const std::vector<QueuedRecording>& batch) {
        const auto done = study_.inTransaction([&]() -> Result<Done> {
            for (const auto& one : batch)
                if (const auto written = writeOne(one); !written)
                    return written;
            return Done{};
        });
        return done;
    }

    ImportReport& report() { return report_; }
    const std::unordered_set<std::size_t>& rowsUsed() const { return rowsUsed_; }

private:
    Result<Done> writeOne(const QueuedRecording& one) {
        using Kind = DecodedFile::Kind;
        const auto& file = one.decoded;
        if (file.labelRow && (file.kind == Kind::Recording || file.kind == Kind::Known))
            rowsUsed_.insert(*file.labelRow);
        switch (file.kind) {
        case Kind::Skipped:
            ++report_.skipped;
            return Done{};
        case Kind::Failed: {
            auto path = files_[one.file];
            if (one.item > 0)
                path += "#" + std::to_string(one.item);
            report_.failed.push_back(failureOf(path, file.error));
            return Done{};
        }
        case Kind::Known:
            ++report_.duplicates;
            noteLeftOut(file);
            if (file.noteCompanions)
                if (const auto done = writer_.noteCompanions(file.known, file.recording.companions); !done)
                    return done;
            return writer_.addFacts(file.known, file.recording.facts);
        case Kind::Recording:
            break;
        }
        return writeRecording(one);
    }

    Result<Done> writeRecording(const QueuedRecording& one) {
        const auto& file = one.decoded;
        const auto& recording = file.recording;
        // With the recordings that were read by it: what is kept is what they were read by.
        if (const auto* said = reading_.given(recording.source); said != nullptr && one.item == 0)
            if (const auto kept = keepTableLayout(study_, recording.source, *said); !kept)
                return kept;
        if (one.item == 0 && recording.replaces.valid())
            if (const auto done = writer_.removeItemsFrom(recording, recording.items); !done)
                return done;
        const auto same = writer_.findBySamples(recording.sampleHash);
        if (!same)
            return same.as<Done>();
        if (*same) {
            ++report_.duplicates;
            // The file was changed and holds another file's ECG now: what it held is gone.
            if (recording.replaces.valid() && recording.replaces != **same)
                if (const auto done = writer_.remove(recording.replaces); !done)
                    return done;
            if (const auto done = writer_.refreshFile(**same, recording); !done)
                return done;
            return writer_.addFacts(**same, recording.facts);
        }
        ++report_.imported;
        ++report_.formats[recording.format];
        report_.pseudonymous += file.pseudonymous ? 1 : 0;
        report_.withoutEcg += file.withoutEcg ? 1 : 0;
        noteLeftOut(file);
        for (const auto& warning : recording.warnings) {
            auto& kind = report_.warnings[warning.code];
            ++kind.count;
            if (kind.files.size() < ImportReport::kMostOfAKind)
                kind.files.push_back({files_[one.file], warning.message, warning.where});
        }
        const auto id = writer_.insert(recording);
        return id ? Result<Done>(Done{}) : id.as<Done>();
    }

    void noteLeftOut(const DecodedFile& file) {
        report_.withheld += file.wordsLeftOut > 0 ? 1 : 0;
        report_.wordsLeftOut += file.wordsLeftOut;
    }

    Study& study_;
    StudyWriter& writer_;
    const std::vector<fs::path>& files_;
    const SourceOptions& reading_;
    ImportReport report_;
    std::unordered_set<std::size_t> rowsUsed_;
};

std::string plural(std::size_t count, const std::string& one, const std::string& many) {
    return std::to_string(count) + " " + (count == 1 ? one : many);
}

void addNotes(const LabelTable* table, const std::unordered_set<std::size_t>& rowsUsed, int foldsLeftOut,
              const ImportRequest& request, ImportReport& report) {
    if (table != nullptr)
        if (const auto unused = table->rows().size() - rowsUsed.size(); unused > 0)
            report.notes.push_back(request.labelsCsv.filename().string() + ": " +
                                   plural(unused, "row names", "rows name") + " no recording that came in");
    if (foldsLeftOut > 0)
        report.notes.push_back("the folds of " +
                               plural(static_cast<std::size_t>(foldsLeftOut), "recording", "recordings") +
                               " in the table were left out: the study has a split of its own");
    if (report.withheld > 0)
        report.notes.push_back("of the diagnoses of " +
                               plural(static_cast<std::size_t>(report.withheld), "recording", "recordings") + ", " +
                               plural(static_cast<std::size_t>(report.wordsLeftOut), "word was", "words were") +
                               " left out: only words of electrocardiography enter a study");
    if (report.withoutEcg > 0)
        report.notes.push_back(
            plural(static_cast<std::size_t>(report.withoutEcg), "recording has", "recordings have") +
            " no ECG leads: not measured as an ECG, and left out where a model is trained on ECG leads");
    if (report.pseudonymous > 0 && request.names != NamePolicy::Pseudonym)
        report.notes.push_back(
            plural(static_cast<std::size_t>(report.pseudonymous), "recording has", "recordings have") +
            " a pseudonym for a name: the file's name may tell who it is");
}

std::string namesOf(const std::vector<fs::path>& paths) {
    std::string names;
    for (const auto& path : paths)
        names += (names.empty() ? "" : ", ") + path.string();
    return names;
}

// When folders were walked and nothing of them is an ECG, nor was one that could not be read: how many files there are.
std::optional<std::size_t> filesOfOtherKinds(const ImportReport& report, const ImportRequest& request) {
    std::error_code ec;
    const bool found = report.imported > 0 || report.duplicates > 0 ||
                       std::any_of(report.failed.begin(), report.failed.end(),
                                   [](const auto& failure) { return failure.code != ErrorCode::FormatUnknown; });
    const bool walked = std::any_of(request.paths.begin(), request.paths.end(),
                                    [&](const auto& path) { return fs::is_directory(path, ec); });
    if (found || !walked)
        return std::nullopt;
    return static_cast<std::size_t>(report.skipped) + report.failed.size();
}

Error nothingFound(const ImportRequest& request, std::size_t others) {
    return makeError(ErrorCode::NotFound, "no ECG was found in " + namesOf(request.paths) + ": " +
                                              plural(others, "file of another kind", "files of other kinds"));
}

// A mistyped folder makes no study: of one that was made for this import and holds nothing, nothing stays. In a folder
// that was there before, only what an empty one got.
class MadeStudy {
public:
    explicit MadeStudy(fs::path folder) : folder_(std::move(folder)) {
        std::error_code ec;
        there_ = fs::exists(folder_, ec);
        bare_ = !there_ || (fs::is_empty(folder_, ec) && !ec);
    }
    void removeIfEmpty(std::unique_ptr<Study> study) const {
        const auto count = study->count();
        study.reset(); // closes the database
        if (!bare_ || !count || *count > 0)
            return;
        std::error_code ec;
        if (!there_) {
            fs::remove_all(folder_, ec);
            return;
        }
        std::vector<fs::path> inside;
        for (fs::directory_iterator entry(folder_, ec); !ec && entry != fs::directory_iterator(); entry.increment(ec))
            inside.push_back(entry->path());
        for (const auto& path : inside)
            fs::remove_all(path, ec);
    }

private:
    fs::path folder_;
    bool there_ = false, bare_ = false;
};

Result<ImportReport> importFiles(Study& study, ScannedFiles scanned, const LabelTable* table,
                                 const ImportRequest& request, const StopToken& stop, Progress& progress) {
    const auto& pseudonyms = study.impl().pseudonyms();
    if (!pseudonyms)
        return pseudonyms.as<ImportReport>();
    const auto writer = StudyWriter::create(study);
    if (!writer)
        return writer.as<ImportReport>();
    const auto known = (*writer)->knownFiles();
    if (!known)
        return known.as<ImportReport>();
    const auto reading = SourceOptions::of(study, request.tableLayouts);
    if (!reading)
        return reading.as<ImportReport>();
    const DecodeContext context{table,         table ? sourceKey(request.labelsCsv) : std::string(),
                                pseudonyms,    *known,
                                request.names, request.registry != nullptr ? *request.registry : Registry::standard(),
                                stop,          *reading,
                                study.folder()};
    Import import(study, **writer, scanned.files, *reading);
    import.report().failed = std::move(scanned.failed);
    progress.begin("importing", static_cast<std::int64_t>(scanned.files.size()));
    {
        DecodedQueue queue(scanned.files, context, request.threads);
        for (auto batch = queue.next(); !batch.empty(); batch = queue.next()) {
            if (const auto done = import.write(batch); !done)
                return done.as<ImportReport>();
            progress.advance(std::count_if(batch.begin(), batch.end(), [](const auto& one) { return one.lastOfFile; }));
        }
    }
    if (stop.stop_requested())
        return Cancelled{};
    auto& report = import.report();
    if (const auto others = filesOfOtherKinds(report, request); others)
        return nothingFound(request, *others);
    report.labels = (*writer)->labelsAdded();
    report.labelled = (*writer)->labelledRecordings();
    addNotes(table, import.rowsUsed(), (*writer)->foldsLeftOut(), request, report);
    report.endedAt = QDateTime::currentDateTimeUtc().toString(Qt::ISODate).toStdString();
    if (const auto kept = keepImportReport(study, report); !kept)
        return kept.as<ImportReport>();
    return std::move(report);
}

} // namespace

ImportFailure failureOf(fs::path path, const Error& error) {
    return {std::move(path), error.code, error.text()};
}

Result<ImportReport> importInto(const fs::path& studyFolder, const ImportRequest& request, StopToken stop,
                                Progress& progress) {
    std::optional<LabelTable> table;
    if (!request.labelsCsv.empty()) {
        auto read = LabelTable::read(request.labelsCsv, request.mapping);
        if (!read)
            return read.as<ImportReport>();
        table = *std::move(read);
    }
    if (std::none_of(request.paths.begin(), request.paths.end(), isThere) && !request.paths.empty())
        return makeError(ErrorCode::FileNotFound, "nothing was imported", namesOf(request.paths));
    const MadeStudy made(studyFolder);
    auto study = Study::openOrCreate(studyFolder);
    if (!study)
        return study.as<ImportReport>();
    progress.begin("looking for files", 0);
    auto scanned = scanForImport(request.paths, stop);
    if (!scanned)
        return scanned.as<ImportReport>();
    auto report = importFiles(**study, *std::move(scanned), table ? &*table : nullptr, request, stop, progress);
    if (report.failed() && report.error().code == ErrorCode::NotFound)
        made.removeIfEmpty(*std::move(study));
    return report;
}

} // namespace precordia
