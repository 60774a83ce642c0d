// SPDX-License-Identifier: GPL-3.0-or-later
// bench worklist: a study of many rows, opened, shown, filtered, sorted and scrolled: in the core, and in the window.
#include "app/cli/bench_load.h"
#include "app/cli/command.h"
#include "app/cli/temporary_folder.h"
#include "core/study/bench_rows.h"
#include "core/study/measure_study.h"
#include "core/study/worklist_rows.h"

#include <QProcess>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <iomanip>
#include <iostream>
#include <memory>
#include <tuple>

namespace precordia::cli {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using Json = nlohmann::json;

namespace {

constexpr int kTimes = 5; // of each question; the median counts
constexpr int kFirstPage = 200;

struct WorklistBench {
    std::int64_t rows = 200000;
    std::string study;
    bool json = false;
};

// A machine with other work says little by the clock: what this thread worked stands beside it.
struct Stopwatch {
    Clock::time_point start = Clock::now();
    double worked = work();

    static double work() {
        timespec spent{};
        ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
        return static_cast<double>(spent.tv_sec) * 1000 + static_cast<double>(spent.tv_nsec) * 1e-6;
    }
    Json json() const { return {{"ms", millisecondsSince(start)}, {"work_ms", work() - worked}}; }
    static double millisecondsSince(Clock::time_point from) {
        return std::chrono::duration<double, std::milli>(Clock::now() - from).count();
    }
};

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

template <typename Work>
Json timed(Work work) {
    std::vector<double> times, works;
    for (int i = 0; i < kTimes; ++i) {
        const Stopwatch watch;
        work();
        const auto one = watch.json();
        times.push_back(one["ms"]);
        works.push_back(one["work_ms"]);
    }
    return {{"ms", median(std::move(times))}, {"work_ms", median(std::move(works))}};
}

Json filters(const WorklistIndex& index) {
    const auto order = index.sorted("name", false);
    Json out = Json::object();
    const auto one = [&](const char* name, const WorklistFilter& filter) {
        std::size_t rows = 0;
        out[name] = timed([&] { rows = index.matching(filter, order).size(); });
        out[name]["rows"] = rows;
    };
    const auto counts = index.counts("label");
    WorklistFilter filter;
    filter.text = "atrial fib";
    one("text", filter);
    filter = {};
    filter.choices["label"] = {counts.empty() ? std::string() : counts.front().value};
    one("label", filter);
    filter = {};
    filter.choices["sex"] = {"female"};
    one("sex", filter);
    for (const auto& [key, from, to] :
         {std::tuple("age", 60.0, 70.0), std::tuple("date", 15000.0, 16000.0), std::tuple("heart_rate", 100.0, 200.0),
          std::tuple("surprise", 90.0, 100.0), std::tuple("computed/qrs_ms", 120.0, 400.0)}) {
        filter = {};
        filter.ranges[key] = {from, to};
        one(key, filter);
    }
    return out;
}

// What stands below the window, in this process.
Result<Json> measureCore(const fs::path& folder) {
    Stopwatch watch;
    const auto study = Study::open(folder);
    if (!study)
        return study.as<Json>();
    Json out{{"open", watch.json()}};
    watch = {};
    const auto first = firstRows(**study, kFirstPage);
    if (!first)
        return first.as<Json>();
    out["first_rows"] = watch.json();
    watch = {};
    auto rows = worklistRows(**study);
    if (!rows)
        return rows.as<Json>();
    out["all_rows"] = watch.json();
    out["rows"] = rows->size();
    watch = {};
    auto index = WorklistIndex::build(std::make_shared<const std::vector<RecordingRow>>(std::move(*rows)));
    out["index"] = watch.json();
    watch = {};
    auto column = measurementNumbers(**study, index->rows(), "computed/qrs_ms");
    if (!column)
        return column.as<Json>();
    out["measurement_column"] = watch.json();
    index = index->with("computed/qrs_ms", std::make_shared<const NumberColumn>(std::move(*column)));
    Json sorts = Json::object();
    for (const char* key : {"name", "label", "age", "surprise", "computed/qrs_ms"})
        sorts[key] = timed([&] { return index->sorted(key, true); });
    out["sort"] = std::move(sorts);
    out["filter"] = filters(*index);
    out["peak_mib"] = peakMiB();
    return out;
}

// The window's program stands beside this one; without a display it paints into memory.
Json measureWindow(const fs::path& folder) {
    const auto program = fs::read_symlink("/proc/self/exe").parent_path() / "precordia";
    if (std::error_code ec; !fs::exists(program, ec))
        return {{"missing", program.string()}};
    QProcess window;
    auto environment = QProcessEnvironment::systemEnvironment();
    if (!environment.contains("QT_QPA_PLATFORM"))
        environment.insert("QT_QPA_PLATFORM", "offscreen");
    window.setProcessEnvironment(environment);
    window.start(QString::fromStdString(program.string()),
                 {"--worklist-times", QString::fromStdString(folder.string())});
    window.waitForFinished(-1);
    auto out = Json::parse(window.readAllStandardOutput().toStdString(), nullptr, false);
    return out.is_object() ? out : Json{{"failed", window.readAllStandardError().toStdString()}};
}

void tell(const Json& value, const std::string& name) {
    if (value.is_object()) {
        for (const auto& [key, inner] : value.items())
            tell(inner, name + "  " + key);
        return;
    }
    std::cout << name << "  ";
    if (value.is_number_float())
        std::cout << std::fixed << std::setprecision(1) << value.get<double>() << '\n';
    else
        std::cout << value << '\n';
}

void run(const WorklistBench& bench, Context& context) {
    const TemporaryFolder temporary;
    fs::path folder = bench.study;
    if (folder.empty()) {
        if (temporary.path().empty())
            return context.fail(makeError(ErrorCode::FileUnwritable, "no temporary folder can be made",
                                          fs::temp_directory_path().string()));
        folder = temporary.path() / "study";
    }
    if (std::error_code ec; !fs::exists(folder / "study.sqlite", ec)) {
        auto progress = context.progress();
        if (const auto made = makeBenchRows(folder, bench.rows, 1, context.stop, progress); !made)
            return context.fail(made);
    }
    const auto core = measureCore(folder);
    if (!core)
        return context.fail(core);
    const Json out{{"worklist", {{"core", *core}, {"window", measureWindow(folder)}}}};
    if (bench.json)
        return context.print(out);
    tell(out["worklist"], "worklist");
}

} // namespace

void addWorklistBench(CLI::App& bench, Context& context) {
    const auto arguments = std::make_shared<WorklistBench>();
    auto* command = bench.add_subcommand("worklist", "A worklist of many rows: opening, filters, sorting, scrolling");
    command->add_option("--rows", arguments->rows, "Rows of the synthetic study")
        ->check(CLI::Range(100, 10'000'000))
        ->capture_default_str();
    command->add_option("--study", arguments->study,
                        "A study to measure; made of synthetic rows and kept when it is not there");
    command->add_flag("--json", arguments->json, "Machine-readable output");
    command->callback([arguments, &context] { run(*arguments, context); });
}

} // namespace precordia::cli
