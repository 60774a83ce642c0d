// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/demo.h"

#include "core/base/file.h"
#include "core/ecg/synthesis.h"
#include "core/io/wfdb_writer.h"
#include "core/study/import.h"
#include "core/study/study.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace precordia {

namespace fs = std::filesystem;

namespace {

constexpr auto kDataset = "Precordia demo";
constexpr auto kMadeFrom = "demo"; // setting: how many and which, once all are in

struct Member {
    std::string name;
    Metadata metadata;
    SynthesisTruth truth;
};

std::string memberName(std::int64_t index) {
    auto digits = std::to_string(index + 1);
    digits.insert(0, digits.size() < 4 ? 4 - digits.size() : 0, '0');
    return "DEMO-" + digits;
}

Result<Done> writeMember(const fs::path& folder, std::uint64_t seed, std::int64_t index, Member& into) {
    auto ecg = synthesiseMember(seed, index);
    into.name = memberName(index);
    ecg.recording.name = into.name;
    if (const auto written = writeWfdb(ecg.recording, folder / (into.name + ".hea")); !written)
        return written;
    into.metadata = std::move(ecg.recording.metadata);
    into.truth = std::move(ecg.truth);
    return Done{};
}

Result<std::vector<Member>> writeMembers(const fs::path& folder, int count, std::uint64_t seed, const StopToken& stop,
                                         Progress& progress) {
    progress.begin("making demo recordings", count);
    std::vector<Member> members(static_cast<std::size_t>(count));
    std::atomic<std::size_t> next = 0;
    std::mutex mutex;
    std::optional<Error> error;
    const auto failed = [&] {
        const std::lock_guard lock(mutex);
        return error.has_value();
    };
    {
        std::vector<std::jthread> workers;
        for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i)
            workers.emplace_back([&] {
                for (auto k = next++; k < members.size() && !stop.stop_requested() && !failed(); k = next++) {
                    if (const auto done = writeMember(folder, seed, static_cast<std::int64_t>(k), members[k]); !done) {
                        const std::lock_guard lock(mutex);
                        error = done.error();
                    }
                    progress.advance();
                }
            });
    }
    if (error)
        return *error;
    if (stop.stop_requested())
        return Cancelled{};
    return members;
}

// The labels go the way every study's do: through a table beside the recordings.
Result<Done> writeLabels(const fs::path& file, const std::vector<Member>& members) {
    std::string csv = "record_path,dataset,age,sex,labels\n";
    for (const auto& member : members) {
        std::string labels;
        for (const auto& label : member.truth.labels)
            labels += (labels.empty() ? "" : "; ") + label;
        const auto& age = member.metadata.ageYears;
        csv += member.name + "," + kDataset + "," + (age ? std::to_string(static_cast<int>(*age)) : "") + "," +
               member.metadata.sex + ",\"" + labels + "\"\n";
    }
    return writeFileAtomically(file, csv);
}

Result<Done> writeTruth(Study& study, const std::vector<Member>& members) {
    const auto rows = study.query();
    if (!rows)
        return rows.as<Done>();
    std::map<std::string, RecordingId> ids;
    for (const auto& row : *rows)
        ids.emplace(row.name, row.id);
    return study.inTransaction([&]() -> Result<Done> {
        for (const auto& member : members) {
            const auto id = ids.find(member.name);
            if (id == ids.end())
                return makeError(ErrorCode::Bug, "a demo recording did not come in: " + member.name);
            if (const auto done = study.setMeasurements(id->second, "truth", member.truth.measurements); !done)
                return done;
        }
        return Done{};
    });
}

Result<Done> importMembers(const fs::path& studyFolder, const fs::path& recordings, const StopToken& stop,
                           Progress& progress) {
    ImportRequest request;
    request.paths = {recordings};
    request.labelsCsv = recordings / "labels.csv";
    const auto imported = importInto(studyFolder, request, stop, progress);
    if (!imported)
        return imported.as<Done>();
    if (!imported->failed.empty())
        return makeError(ErrorCode::Bug, imported->failed.front().reason, imported->failed.front().path.string());
    return Done{};
}

} // namespace

Result<Done> makeDemoStudy(const fs::path& studyFolder, int recordings, std::uint64_t seed, StopToken stop,
                           Progress& progress) {
    if (recordings < 1)
        return makeError(ErrorCode::WrongUse, "a demo study needs at least one recording");
    const auto study = Study::openOrCreate(studyFolder);
    if (!study)
        return study.as<Done>();
    // The same seed gives the same files: asked again it is done at once, and one that was stopped goes on.
    const auto wanted = std::to_string(recordings) + " recordings, seed " + std::to_string(seed);
    const auto madeFrom = (*study)->value(kMadeFrom);
    const auto count = (*study)->count();
    if (!count)
        return count.as<Done>();
    if (madeFrom == wanted)
        return Done{};
    const auto begun = (*study)->value("demo_begun");
    if (!madeFrom.empty() || (*count > 0 && begun != wanted))
        return makeError(ErrorCode::AlreadyExists, "the folder holds another study", studyFolder.string());
    if (const auto noted = (*study)->setValue("demo_begun", wanted); !noted)
        return noted;
    const auto folder = (*study)->folder() / "recordings";
    std::error_code ec;
    fs::create_directories(folder, ec);
    if (ec)
        return makeError(ErrorCode::FileUnwritable, ec.message(), folder.string());
    const auto members = writeMembers(folder, recordings, seed, stop, progress);
    if (!members)
        return members.as<Done>();
    if (const auto written = writeLabels(folder / "labels.csv", *members); !written)
        return written;
    if (const auto imported = importMembers(studyFolder, folder, stop, progress); !imported)
        return imported;
    if (const auto truth = writeTruth(**study, *members); !truth)
        return truth;
    return (*study)->setValue(kMadeFrom, wanted);
}

} // namespace precordia
