// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/import_preview.h"

#include "core/io/reader.h"
#include "core/io/snomed.h"
#include "core/io/table_layout.h"
#include "core/io/text.h"
#include "core/study/import_scan.h"
#include "core/study/label_table.h"
#include "core/study/privacy.h"
#include "core/study/source_state.h"
#include "core/study/study_writer.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <set>
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

class Previewer {
public:
    Previewer(const ImportRequest& request, const LabelTable* table, std::unordered_map<std::string, KnownFile> known,
              const StopToken& stop)
        : request_(request)
        , table_(table)
        , labelsFile_(request.labelsCsv.empty() ? std::string() : sourceKey(request.labelsCsv))
        , known_(std::move(known))
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
        preview_.labels.assign(labels_.begin(), labels_.end());
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
        if (state && known != known_.end() && known->second.size == state->size &&
            known->second.modified == state->modified &&
            (known->second.companions.empty() || known->second.companions == state->companions)) {
            const std::lock_guard lock(mutex_);
            preview_.there += static_cast<int>(known->second.items);
            return;
        }
        const auto& registry = Registry::standard();
        if (registry.isCompanion(file))
            return skip();
        ReadOptions options;
        options.metadataOnly = true;
        options.annotations = false;
        options.stop = stop_;
        try {
            const auto head = registry.read(file, options);
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
        preview_.problems.push_back({file, error.text()});
    }

    void count(const fs::path& file, const Recording& head) {
        const auto row =
            table_ != nullptr ? table_->find(file, head.items > 1 ? head.name : std::string()) : std::nullopt;
        const auto* tableRow = row ? &table_->rows()[*row] : nullptr;
        std::set<std::string> labels;
        for (const auto& code : head.metadata.diagnosisCodes)
            labels.insert(normaliseLabel(snomedName(code).value_or("code " + code)).name);
        for (const auto& text : head.metadata.diagnosisTexts)
            for (const auto& finding : recognisedFindings(text))
                labels.insert(finding.name);
        if (tableRow != nullptr)
            for (const auto& label : tableRow->labels)
                labels.insert(label.name);
        const auto patient =
            tableRow != nullptr && !tableRow->patient.empty() ? tableRow->patient : head.metadata.patientId;
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
        for (const auto& label : labels)
            labels_[label] += items;
        if (row)
            rowsUsed_.insert(*row);
    }

    const ImportRequest& request_;
    const LabelTable* table_;
    std::string labelsFile_;
    std::unordered_map<std::string, KnownFile> known_;
    StopToken stop_;
    std::mutex mutex_;
    ImportPreview preview_;
    std::unordered_set<std::string> patients_;
    std::map<std::string, int> labels_;
    std::unordered_set<std::size_t> rowsUsed_;
};

Result<std::unordered_map<std::string, KnownFile>> knownOf(const fs::path& studyFolder) {
    using Known = std::unordered_map<std::string, KnownFile>;
    if (std::error_code ec; studyFolder.empty() || !fs::is_regular_file(studyFolder / "study.sqlite", ec))
        return Known{};
    const auto study = Study::open(studyFolder);
    if (!study)
        return study.as<Known>();
    const auto writer = StudyWriter::create(**study);
    return writer ? (*writer)->knownFiles() : writer.as<Known>();
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
    auto known = knownOf(studyFolder);
    if (!known)
        return known.as<ImportPreview>();
    progress.begin("looking for files", 0);
    auto scanned = scanForImport(request.paths, stop);
    if (!scanned)
        return scanned.as<ImportPreview>();
    progress.begin("looking at files", static_cast<std::int64_t>(scanned->files.size()));
    Previewer previewer(request, table ? &*table : nullptr, *std::move(known), stop);
    previewer.run(scanned->files, progress);
    if (stop.stop_requested())
        return Cancelled{};
    auto preview = previewer.take();
    preview.problems.insert(preview.problems.begin(), scanned->failed.begin(), scanned->failed.end());
    preview.tableRows = table ? table->rows().size() : 0;
    return preview;
}

} // namespace precordia
