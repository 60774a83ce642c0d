// SPDX-License-Identifier: GPL-3.0-or-later
// bench import: how many files a second come into a study, how long it takes to see that all are in, and whether an
// import that was killed and went on gives the same study.
#include "app/cli/bench_load.h"
#include "app/cli/command.h"
#include "core/base/file.h"
#include "core/ecg/synthesis.h"
#include "core/io/wfdb_writer.h"
#include "core/study/import.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <iostream>
#include <memory>
#include <random>
#include <spawn.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

extern char** environ;

namespace precordia::cli {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using Json = nlohmann::json;

namespace {

struct ImportBench {
    int files = 20000, threads = 2, kills = 5;
    double seconds = 10;
    bool json = false;
};

double secondsSince(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

// Records of `seconds` with one made signal, each with its own number in the first samples: all differ.
Result<Done> writeFiles(const fs::path& folder, const ImportBench& bench, const StopToken& stop, Progress& progress) {
    SynthesisOptions options;
    options.seconds = bench.seconds;
    auto recording = synthesise(options, 1).recording;
    recording.metadata = {};
    if (const auto written = writeWfdb(recording, folder / "r.hea"); !written)
        return written;
    const auto header = readFile(folder / "r.hea");
    auto signal = readFile(folder / "r.dat");
    if (!header || !signal)
        return makeError(ErrorCode::FileUnreadable, "what was just written", folder.string());
    const std::string text(reinterpret_cast<const char*>(header->data()), header->size());
    progress.begin("Writing recordings to import", bench.files);
    for (int i = 0; i < bench.files; ++i) {
        if (stop.stop_requested())
            return Cancelled{};
        const auto part = folder / std::to_string(i / 1000);
        if (i % 1000 == 0)
            fs::create_directories(part);
        const auto name = "b" + std::to_string(i);
        auto own = text;
        own.replace(0, own.find(' '), name);
        for (auto at = own.find("r.dat"); at != std::string::npos; at = own.find("r.dat", at + name.size()))
            own.replace(at, 1, name);
        for (int byte = 0; byte < 3; ++byte) // three samples of the first leads
            (*signal)[static_cast<std::size_t>(2 * byte)] = static_cast<std::byte>((i >> (8 * byte)) & 0xFF);
        std::ofstream(part / (name + ".hea")) << own;
        std::ofstream data(part / (name + ".dat"), std::ios::binary);
        data.write(reinterpret_cast<const char*>(signal->data()), static_cast<std::streamsize>(signal->size()));
        if (!data)
            return makeError(ErrorCode::FileUnwritable, "the disk is full?", part.string());
        progress.advance();
    }
    fs::remove(folder / "r.hea");
    fs::remove(folder / "r.dat");
    return Done{};
}

// This program, importing in a process of its own.
pid_t startImport(const fs::path& study, const fs::path& files, int threads) {
    const std::vector<std::string> words = {"/proc/self/exe", "import",    study.string(),
                                            files.string(),   "--threads", std::to_string(threads)};
    std::vector<char*> arguments;
    for (const auto& word : words)
        arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t quiet;
    posix_spawn_file_actions_init(&quiet);
    for (const int stream : {STDOUT_FILENO, STDERR_FILENO})
        posix_spawn_file_actions_addopen(&quiet, stream, "/dev/null", O_WRONLY, 0);
    pid_t process = -1;
    const auto self = fs::read_symlink("/proc/self/exe").string();
    if (::posix_spawn(&process, self.c_str(), &quiet, nullptr, arguments.data(), environ) != 0)
        process = -1;
    posix_spawn_file_actions_destroy(&quiet);
    return process;
}

// What the study holds, without the time of the import.
Result<std::vector<std::string>> contentOf(const fs::path& folder) {
    using Content = std::vector<std::string>;
    const auto study = Study::open(folder);
    if (!study)
        return study.as<Content>();
    const auto rows = (*study)->query();
    if (!rows)
        return rows.as<Content>();
    Content content;
    for (const auto& row : *rows) {
        const auto hash = (*study)->sampleHash(row.id);
        content.push_back(std::to_string(row.id.value) + " " + row.name + " " + row.source.string() + " " +
                          hash.value() + " " + std::to_string(row.heartRateBpm.value_or(0)) + " " +
                          std::to_string(row.warnings));
    }
    return content;
}

// Imports, killed at random moments, each after about its share of what an undisturbed import takes, until one gets
// through.
Result<int> importKilled(const fs::path& study, const fs::path& files, const ImportBench& bench, double whole) {
    std::mt19937 random(1);
    int killed = 0;
    while (true) {
        const auto process = startImport(study, files, bench.threads);
        if (process < 0)
            return makeError(ErrorCode::Bug, "the import could not be started");
        std::uniform_real_distribution<double> moment(0.01 * whole, 1.5 * whole / std::max(1, bench.kills));
        const auto until = Clock::now() + std::chrono::duration<double>(killed < bench.kills ? moment(random) : 1e6);
        int status = 0;
        while (::waitpid(process, &status, WNOHANG) == 0) {
            if (Clock::now() >= until) {
                ::kill(process, SIGKILL);
                ::waitpid(process, &status, 0);
                break;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
        }
        if (WIFEXITED(status) && WEXITSTATUS(status) == Done_)
            return killed;
        if (!WIFSIGNALED(status))
            return makeError(ErrorCode::Bug, "an import ended with " + std::to_string(WEXITSTATUS(status)));
        ++killed;
    }
}

Result<Json> measure(const fs::path& folder, const ImportBench& bench, const StopToken& stop, Progress& progress) {
    const auto files = folder / "files";
    fs::create_directories(files);
    if (const auto written = writeFiles(files, bench, stop, progress); !written)
        return written.as<Json>();
    const ImportRequest request{{files}, {}, bench.threads};
    auto start = Clock::now();
    const auto report = importInto(folder / "once", request, stop, progress);
    if (!report)
        return report.as<Json>();
    const double whole = secondsSince(start);
    start = Clock::now();
    const auto again = importInto(folder / "once", request, stop, progress);
    if (!again)
        return again.as<Json>();
    const double second = secondsSince(start);
    const double peak = peakMiB();
    progress.begin("Importing, killed and going on", 0);
    const auto killed = importKilled(folder / "killed", files, bench, whole);
    if (!killed)
        return killed.as<Json>();
    const auto once = contentOf(folder / "once");
    const auto resumed = contentOf(folder / "killed");
    if (!once || !resumed)
        return once ? resumed.as<Json>() : once.as<Json>();
    return Json{{"files", bench.files},
                {"imported", report->imported},
                {"files_per_s", bench.files / whole},
                {"seconds", whole},
                {"again_s", second},
                {"peak_mib", peak},
                {"kills", *killed},
                {"same_after_kills", *once == *resumed}};
}

void run(const ImportBench& bench, Context& context) {
    std::string name = (fs::temp_directory_path() / "precordia-bench-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr)
        return context.fail(makeError(ErrorCode::FileUnwritable, "no temporary folder can be made",
                                      fs::temp_directory_path().string()));
    auto progress = context.progress();
    const auto result = measure(name, bench, context.stop, progress);
    std::error_code ec;
    fs::remove_all(name, ec);
    if (!result)
        return context.fail(result);
    if (bench.json)
        context.print({{"import", *result}});
    else
        for (const auto& [key, value] : result->items())
            std::cout << "import  " << key << "  " << value << '\n';
    if (!(*result)["same_after_kills"].get<bool>())
        context.exit = Failed;
}

} // namespace

void addImportBench(CLI::App& bench, Context& context) {
    const auto arguments = std::make_shared<ImportBench>();
    auto* command = bench.add_subcommand("import", "Importing small files; killed at random moments and going on");
    command->add_option("--files", arguments->files, "Synthetic WFDB records, 12 leads at 500 Hz (120 kB each)")
        ->check(CLI::Range(10, 10'000'000))
        ->capture_default_str();
    command->add_option("--length", arguments->seconds, "Seconds of each")
        ->check(CLI::Range(1.0, 3600.0))
        ->capture_default_str();
    command->add_option("--threads", arguments->threads, "Files read at once")
        ->check(CLI::Range(1, 256))
        ->capture_default_str();
    command->add_option("--kills", arguments->kills, "How often the second import is killed")
        ->check(CLI::Range(0, 1000))
        ->capture_default_str();
    command->add_flag("--json", arguments->json, "Machine-readable output");
    command->callback([arguments, &context] { run(*arguments, context); });
}

} // namespace precordia::cli
