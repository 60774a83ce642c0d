// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/bench_read.h"

#include "core/ecg/synthesis.h"
#include "core/io/reader.h"
#include "core/io/wfdb_writer.h"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <string>
#include <system_error>
#include <vector>

namespace precordia::cli {

namespace fs = std::filesystem;
using Json = nlohmann::json;

namespace {

double processorSeconds() {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

double wallSeconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

Result<std::vector<fs::path>> writeRecords(const ReadBench& bench, const StopToken& stop, Progress& progress) {
    std::vector<fs::path> files;
    const int recordings = bench.recordings > 0 ? bench.recordings : 200;
    progress.begin("Writing recordings to read", recordings);
    for (int i = 0; i < recordings; ++i) {
        if (stop.stop_requested())
            return Cancelled{};
        const auto name = "bench" + std::to_string(i);
        files.push_back(bench.temporary / (name + ".hea"));
        auto ecg = synthesiseMember(1, i % 20);
        ecg.recording.name = name;
        if (auto written = writeWfdb(ecg.recording, files.back()); !written)
            return written.as<std::vector<fs::path>>();
        progress.advance();
    }
    return files;
}

// What a reader takes for its own; companions are read with their records.
Result<std::vector<fs::path>> findRecords(const ReadBench& bench, const StopToken& stop) {
    std::vector<fs::path> files;
    std::error_code ec;
    fs::recursive_directory_iterator it(bench.folder, fs::directory_options::skip_permission_denied, ec);
    if (ec)
        return makeError(ErrorCode::FileUnreadable, ec.message(), bench.folder.string());
    for (; it != fs::recursive_directory_iterator(); it.increment(ec)) {
        if (stop.stop_requested())
            return Cancelled{};
        if (ec)
            break;
        if (it->is_regular_file(ec) && Registry::standard().find(it->path()))
            files.push_back(it->path());
    }
    std::sort(files.begin(), files.end());
    if (bench.recordings > 0 && files.size() > static_cast<std::size_t>(bench.recordings))
        files.resize(static_cast<std::size_t>(bench.recordings));
    return files;
}

struct Pass {
    double wall = 0;
    double processor = 0;
    std::size_t read = 0, failed = 0;
    std::uint64_t samples = 0;
};

Pass pass(const std::vector<fs::path>& files, const ReadOptions& options) {
    Pass out;
    const auto wall = wallSeconds();
    const auto processor = processorSeconds();
    for (const auto& file : files) {
        const auto recording = Registry::standard().read(file, options);
        ++(recording.ok() ? out.read : out.failed);
        if (recording.ok())
            out.samples += recording->samples() * recording->leads.size();
    }
    out.wall = wallSeconds() - wall;
    out.processor = processorSeconds() - processor;
    return out;
}

// The middle one of as many passes as fit into the time.
Pass measured(const std::vector<fs::path>& files, const ReadOptions& options, double seconds, const StopToken& stop) {
    pass(files, options);
    std::vector<Pass> passes;
    for (const auto end = wallSeconds() + seconds; passes.size() < 3 || wallSeconds() < end;) {
        passes.push_back(pass(files, options));
        if (stop.stop_requested())
            break;
    }
    const auto middle = passes.begin() + static_cast<std::ptrdiff_t>(passes.size() / 2);
    std::nth_element(passes.begin(), middle, passes.end(),
                     [](const Pass& a, const Pass& b) { return a.wall < b.wall; });
    return *middle;
}

} // namespace

Result<Json> benchRead(const ReadBench& bench, const StopToken& stop, Progress& progress) {
    const auto files = bench.folder.empty() ? writeRecords(bench, stop, progress) : findRecords(bench, stop);
    if (!files)
        return files.as<Json>();
    if (files->empty())
        return makeError(ErrorCode::NotFound, "no ECG file is there", bench.folder.string());
    Json out{{"recordings", files->size()}};
    const auto measure = [&](const std::string& key, bool metadata, bool annotations) {
        ReadOptions options;
        options.metadataOnly = metadata;
        options.annotations = annotations;
        const auto middle = measured(*files, options, bench.seconds, stop);
        out[key + "_per_s"] = static_cast<double>(middle.read) / middle.wall;
        out[key + "_per_cpu_s"] = static_cast<double>(middle.read) / middle.processor;
        return middle;
    };
    const auto whole = measure("recordings", false, false);
    measure("metadata", true, false);
    measure("with_annotations", false, true);
    if (stop.stop_requested())
        return Cancelled{};
    out["samples_per_s"] = static_cast<double>(whole.samples) / whole.wall;
    out["failed"] = whole.failed;
    return out;
}

} // namespace precordia::cli
