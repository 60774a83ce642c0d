// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/import_preview.h"

#include "core/io/reader.h"
#include "core/io/snomed.h"
#include "core/io/table_layout.h"
#include "core/io/text.h"
#include "core/signal/ecg_leads.h"
#include "core/study/import_decode.h"
#include "core/study/import_scan.h"
#include "core/study/privacy.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <map>
#include <mutex>
#include <thread>
#include <unordered_set>

namespace precordia {

namespace fs = std::filesystem;

namespace {

// A table of samples that a person could make whole; not one of anything else.
bool needsWords(const fs::path& file) {
    const auto proposal = proposeLayout(file);
    return proposal && (proposal->rateUnknown || proposal->unitUnknown);
}

// What the study has.
struct Held {
    std::unordered_map<std::string, KnownFile> known;
    SourceOptions reading;
};

class Previewer {
public:
    Previewer(const ImportRequest& request, const LabelTable* table, Held held, const StopToken& stop)
        : request_(request)
        , table_(table)
        , labelsFile_(request.labelsCsv.empty() ? std::string() : sourceKey(request.labelsCsv))
        , known_(std::move(held.known))
        , reading_(std::move(held.reading))
        , stop_(stop) {}

    void run(const std::vector<fs::path>& files, Progress& progress) {
        preview_.files = static_cast<int>(files.size());
        std::atomic<std::size_t> next = 0;
        std::vector<std::jthread> workers;
        for (int i = 0; i < std::max(1, request_.threads); ++i)
            workers.emplace_back([&] {
                for (auto k = next++; k < files.size() && !stop_.stop_requested(); k = next++) {
                    look(files[k]);
                    progress.advance();
                }
            });
    }

    ImportPreview take() {
        preview_.patients = static_cast<int>(patients_.size());
        preview_.tableRowsUsed = rowsUsed_.size();
        for (const auto& [key, label] : labels_)
            preview_.labels.emplace_back(label.spelled, label.recordings);
        std::sort(preview_.labels.begin(), preview_.labels.end(), [](const auto& a, const auto& b) {
            return a.second != b.second ? a.second > b.second : a.first < b.first;
        });
        std::sort(preview_.problems.begin(), preview_.problems.end(),
                  [](const auto& a, const auto& b) { return a.path < b.path; });
        std::sort(preview_.undescribedTables.begin(), preview_.undescribedTables.end());
        return std::move(preview_);
    }

private:
    void look(const fs::path& file) {
        if (isDocument(file) || file.string() == labelsFile_)
            return skip();
        const auto state = sourceState(file);
        const auto known = known_.find(knownKey(file, 0));
        if (state && known != known_.end() && isUnchanged(file, known->second, *state, reading_)) {
            const std::lock_guard lock(mutex_);
            preview_.there += static_cast<int>(known->second.items);
            return;
        }
        const auto& registry = Registry::standard();
        if (registry.isCompanion(file))
            return skip();
        auto options = reading_.of(file, 0);
        if (!options)
            return refuse(file, options.error());
        options->metadataOnly = true;
        options->annotations = false;
        options->stop = stop_;
        try {
            const auto head = registry.read(file, *options);
            if (head)
                count(file, *head);
            else if (head.failed())
                refuse(file, head.error());
        } catch (const std::exception& e) {
            refuse(file, makeError(ErrorCode::Bug, e.what()));
        }
    }

    void skip() {
        const std::lock_guard lock(mutex_);
        ++preview_.skipped;
    }

    void refuse(const fs::path& file, Error error) {
        if (error.where.starts_with(file.string()))
            error.where.erase(0,
                              std::min(error.where.find_first_not_of(", :", file.string().size()), error.where.size()));
        static constexpr std::array kTables = {".csv", ".tsv", ".txt", ".npy", ".npz"};
        const auto extension = text::lower(file.extension().string());
        const bool table = std::find(kTables.begin(), kTables.end(), extension) != kTables.end();
        const std::lock_guard lock(mutex_);
        if (table && needsWords(file))
            preview_.undescribedTables.push_back(file);
        preview_.problems.push_back(failureOf(file, error));
    }

    void count(const fs::path& file, const Recording& head) {
        const auto row =
            table_ != nullptr ? table_->find(file, head.items > 1 ? head.name : std::string()) : std::nullopt;
        const auto* tableRow = row ? &table_->rows()[*row] : nullptr;
        const auto tablePatient = tableRow != nullptr ? tableRow->patient : std::string();
        const auto found = importLabels(head.metadata, tableRow, IdentityWords(head.metadata, tablePatient));
        std::map<std::string, std::string> labels; // names by what tells them apart
        for (const auto& label : found.labels)
            labels.emplace(text::lower(label.name.name), label.name.name);
        const auto patient = !tablePatient.empty() ? tablePatient : head.metadata.patientId;
        const auto dataset = tableRow != nullptr ? tableRow->dataset : std::string();
        const auto items = static_cast<int>(std::clamp<std::int64_t>(head.items, 1, 1 << 30));
        const std::lock_guard lock(mutex_);
        preview_.recordings += items;
        preview_.formats[head.metadata.format] += items;
        preview_.rates[head.samplingRate] += items;
        preview_.leads[static_cast<int>(head.leads.size())] += items;
        const auto samples = std::max<std::int64_t>(head.samplesPromised, static_cast<std::int64_t>(head.samples()));
        if (head.samplingRate > 0)
            preview_.seconds += static_cast<double>(samples) / head.samplingRate * items;
        if (patient.empty())
            preview_.withoutPatient += items;
        else
            patients_.insert(dataset + "\n" + patient);
        preview_.labelled += labels.empty() ? 0 : items;
        for (const auto& [key, spelled] : labels) {
            auto& label = labels_[key];
            label.recordings += items;
            if (label.spelled.empty() || spelled < label.spelled) // whichever thread came first
                label.spelled = spelled;
        }
        preview_.withheld += found.wordsLeftOut > 0 ? items : 0;
        preview_.wordsLeftOut += found.wordsLeftOut * items;
        preview_.withoutEcg += ecgLeads(head).empty() ? items : 0;
        if (row)
            rowsUsed_.insert(*row);
    }

    const ImportRequest& request_;
    const LabelTable* table_;
    std::string labelsFile_;
    std::unordered_map<std::string, KnownFile> known_;
    SourceOptions reading_;
    StopToken stop_;
    std::mutex mutex_;
    ImportPreview preview_;
    std::unordered_set<std::string> patients_;
    struct Label {
        std::string spelled;
        int recordings = 0;
    };
    std::map<std::string, Label> labels_; // by the name in lower case
    std::unordered_set<std::size_t> rowsUsed_;
};

Result<Held> heldBy(const fs::path& studyFolder, const ImportRequest& request) {
    if (std::error_code ec; studyFolder.empty() || !fs::is_regular_file(studyFolder / "study.sqlite", ec))
        return Held{{}, SourceOptions(request.tableLayouts)};
    const auto study = Study::open(studyFolder);
    if (!study)
        return study.as<Held>();
    const auto writer = StudyWriter::create(**study);
    if (!writer)
        return writer.as<Held>();
    auto known = (*writer)->knownFiles();
    if (!known)
        return known.as<Held>();
    auto reading = SourceOptions::of(**study, request.tableLayouts);
    if (!reading)
        return reading.as<Held>();
    return Held{*std::move(known), *std::move(reading)};
}

} // namespace

Result<ImportPreview> previewImport(const fs::path& studyFolder, const ImportRequest& request, const StopToken& stop,
                                    Progress& progress) {
    std::optional<LabelTable> table;
    if (!request.labelsCsv.empty()) {
        auto read = LabelTable::read(request.labelsCsv, request.mapping);
        if (!read)
            return read.as<ImportPreview>();
        table = *std::move(read);
    }
    auto held = heldBy(studyFolder, request);
    if (!held)
        return held.as<ImportPreview>();
    progress.begin("looking for files", 0);
    auto scanned = scanForImport(request.paths, stop);
    if (!scanned)
        return scanned.as<ImportPreview>();
    progress.begin("looking at files", static_cast<std::int64_t>(scanned->files.size()));
    Previewer previewer(request, table ? &*table : nullptr, *std::move(held), stop);
    previewer.run(scanned->files, progress);
    if (stop.stop_requested())
        return Cancelled{};
    auto preview = previewer.take();
    preview.problems.insert(preview.problems.begin(), scanned->failed.begin(), scanned->failed.end());
    preview.tableRows = table ? table->rows().size() : 0;
    return preview;
}

} // namespace precordia
