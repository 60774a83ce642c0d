// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/run_folder.h"

#include "core/base/file.h"
#include "core/engine/alarms.h"
#include "core/engine/config.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cmath>
#include <csignal>
#include <ctime>
#include <string_view>

namespace precordia {

namespace fs = std::filesystem;
using Json = nlohmann::json;

namespace {

constexpr const char* kLevels[] = {"lead", "interval", "event", "recording"};

std::string now() {
    const auto time = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    std::tm utc{};
    ::gmtime_r(&time, &utc);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    return text;
}

constexpr std::uint64_t kLargest = 1ULL << 30; // ten million rows of metrics.csv

Result<std::string> readText(const fs::path& path) {
    const auto bytes = readFile(path, kLargest);
    if (!bytes)
        return bytes.as<std::string>();
    return std::string(reinterpret_cast<const char*>(bytes->data()), bytes->size());
}

std::string header() {
    std::string line = "step,epoch,total,channel,temporal,regulariser,learning_rate,momentum,gradient_norm,"
                       "recordings_per_second,data_share";
    for (const std::string level : kLevels)
        line += "," + level + "_std," + level + "_effective_rank," + level + "_mean_cosine," + level +
                "_temporal_std," + level + "_teacher_gap";
    return line + ",verdict,early_test,knn_auroc,loss_z,gradient_z,alarm\n";
}

std::string number(double value) {
    if (std::isnan(value))
        return {};
    char text[32];
    std::snprintf(text, sizeof text, "%.6g", value);
    return text;
}

std::vector<std::string> cells(const std::string& line) {
    std::vector<std::string> out(1);
    for (const char c : line)
        if (c == ',')
            out.emplace_back();
        else if (c != '\n')
            out.back() += c;
    return out;
}

// Rows that an older version wrote get the columns of this one, where they are of the same name.
std::string withColumns(const std::string& csv, const std::string& wanted) {
    const auto first = csv.find('\n');
    if (first == std::string::npos || csv.compare(0, first + 1, wanted) == 0)
        return csv;
    const auto old = cells(csv.substr(0, first));
    const auto names = cells(wanted);
    std::string out = wanted;
    for (std::size_t at = first + 1, end = 0; (end = csv.find('\n', at)) != std::string::npos; at = end + 1) {
        const auto row = cells(csv.substr(at, end - at));
        for (std::size_t i = 0; i < names.size(); ++i) {
            const auto place = static_cast<std::size_t>(std::find(old.begin(), old.end(), names[i]) - old.begin());
            out += (i > 0 ? "," : "") + (place < row.size() ? row[place] : std::string());
        }
        out += "\n";
    }
    return out;
}

// The part of a metrics.csv up to and with `step`; a last line without its end was cut off by a crash.
std::string upTo(const std::string& csv, std::int64_t step) {
    std::string kept;
    std::size_t at = 0;
    for (std::size_t end = 0; (end = csv.find('\n', at)) != std::string::npos; at = end + 1) {
        std::int64_t row = -1;
        const auto parsed = std::from_chars(csv.data() + at, csv.data() + end, row);
        if (parsed.ec == std::errc() && row > step)
            break;
        kept += csv.substr(at, end - at + 1);
    }
    return kept;
}

// What writeFileAtomically of a process that was killed left behind.
void removeStrayTemporaries(const fs::path& folder) {
    std::error_code ec;
    std::vector<fs::path> stray;
    for (const auto& entry : fs::directory_iterator(folder, ec)) {
        // "<name>.<process>-<number>.tmp"
        const auto name = entry.path().filename().string();
        constexpr std::string_view kEnd = ".tmp";
        if (name.size() <= kEnd.size() || name.substr(name.size() - kEnd.size()) != kEnd)
            continue;
        const auto body = std::string_view(name).substr(0, name.size() - kEnd.size());
        const auto dot = body.rfind('.');
        const auto dash = body.rfind('-');
        pid_t process = 0;
        if (dot == std::string_view::npos || dash == std::string_view::npos || dash <= dot + 1)
            continue;
        const auto [end, failure] = std::from_chars(body.data() + dot + 1, body.data() + dash, process);
        if (failure == std::errc() && end == body.data() + dash && process > 0 && ::kill(process, 0) != 0 &&
            errno == ESRCH)
            stray.push_back(entry.path());
    }
    for (const auto& path : stray)
        fs::remove(path, ec);
}

} // namespace

Result<RunFolder> RunFolder::create(const fs::path& folder, const std::string& configJson) {
    std::error_code ec;
    if (fs::exists(folder / "config.json", ec))
        return makeError(ErrorCode::AlreadyExists, "a run is there; resume it or name another folder", folder.string());
    fs::create_directories(folder, ec);
    if (ec)
        return makeError(ErrorCode::FileUnwritable, ec.message(), folder.string());
    RunFolder run;
    run.path_ = folder;
    run.configJson_ = configJson;
    if (auto written = writeFileAtomically(folder / "config.json", configJson + "\n"); !written) {
        fs::remove(folder, ec); // when it is empty: no run began
        return written.as<RunFolder>();
    }
    return run;
}

void RunFolder::tidy() const {
    removeStrayTemporaries(path_);
    removeStrayTemporaries(path_ / "checkpoints");
}

RunFolder RunFolder::silent(const fs::path& folder, const std::string& configJson) {
    RunFolder run;
    run.path_ = folder;
    run.configJson_ = configJson;
    run.silent_ = true;
    return run;
}

Result<RunFolder> RunFolder::open(const fs::path& folder, const std::string& dataHash) {
    const auto text = readText(folder / "config.json");
    if (!text) {
        if (text.failed() && text.error().code == ErrorCode::FileNotFound)
            return makeError(ErrorCode::NotFound, "there is no such run", folder.string());
        return text.as<RunFolder>();
    }
    auto config = completeConfig(*text);
    if (config.failed()) {
        auto error = config.error();
        error.where = (folder / "config.json").string();
        return error;
    }
    RunFolder run;
    if (const auto environment = readText(folder / "environment.json")) {
        const auto document = Json::parse(*environment, nullptr, false);
        const auto entry = [&document](const char* key) {
            return document.is_object() && document.contains(key) && document[key].is_string()
                       ? document[key].get<std::string>()
                       : std::string();
        };
        if (const auto began = entry("data_hash"); !began.empty() && began != dataHash)
            return makeError(ErrorCode::WrongUse,
                             "the study's recordings are not those the run began with; start a new run",
                             folder.string());
        if (document.is_object() && document.contains("threads") && document["threads"].is_number_integer())
            run.threads_ = document["threads"];
        run.precision_ = entry("precision");
        if (run.precision_.empty())
            run.precision_ = "float32"; // there was nothing else before it was written down
    }
    run.path_ = folder;
    run.configJson_ = std::move(*config);
    return run;
}

Result<Done> RunFolder::writeEnvironment(const RunEnvironment& e, const EngineInfo& engine) const {
    if (silent_)
        return Done{};
    Json document = Json::object();
    if (const auto text = readText(path_ / "environment.json")) {
        document = Json::parse(*text, nullptr, false);
        if (!document.is_object())
            document = Json::object();
    }
    const auto keys = preprocessingKeys(configJson_);
    if (!keys)
        return keys.as<Done>();
    if (!document.contains("started"))
        document["started"] = now();
    document["written"] = now();
    document["program"] = "Precordia " PRECORDIA_VERSION;
    document["libtorch"] = engine.libtorchVersion;
    document["blas"] = engine.blas;
    document["matrix_gflops"] = std::round(engine.matrixGflops * 10) / 10;
    document["device"] = e.device;
    document["device_name"] = e.deviceName;
    document["threads"] = e.threads; // of each process
    document["precision"] = e.precision;
    document["processes"] = e.processes;
    document["seed"] = e.seed;
    document["data_hash"] = e.dataHash;
    document["total_steps"] = e.totalSteps;
    document["windows"] = e.windows;
    document["windows_without_all_leads"] = e.windowsPassedOver;
    document["preprocessing"] = {{"leads", keys->leads},
                                 {"low_hz", keys->lowHz},
                                 {"high_hz", keys->highHz},
                                 {"sampling_rate", keys->samplingRate},
                                 {"window_seconds", keys->windowSeconds}};
    for (const auto& reason : e.damaged) {
        auto& all = document["damaged_checkpoints"];
        if (std::find(all.begin(), all.end(), Json(reason)) == all.end())
            all.push_back(reason);
    }
    auto& resumed = document["resumed_at_step"];
    if (!resumed.is_array())
        resumed = Json::array();
    if (e.resumedAt >= 0 && (resumed.empty() || resumed.back() != e.resumedAt))
        resumed.push_back(e.resumedAt);
    return writeFileAtomically(path_ / "environment.json", document.dump(2) + "\n");
}

Result<Done> RunFolder::openMetrics(std::int64_t step) {
    if (silent_)
        return Done{};
    const auto file = path_ / "metrics.csv";
    std::string kept;
    std::error_code ec;
    if (fs::exists(file, ec)) {
        const auto text = readText(file);
        if (!text)
            return text.as<Done>();
        kept = withColumns(upTo(*text, step), header());
    }
    if (kept.empty())
        kept = header();
    if (auto written = writeFileAtomically(file, kept); !written)
        return written;
    metrics_.reset(std::fopen(file.c_str(), "ae"));
    if (!metrics_)
        return makeError(ErrorCode::FileUnwritable, {}, file.string());
    return Done{};
}

Result<Done> RunFolder::addMetrics(const TrainUpdate& u) {
    if (silent_)
        return Done{};
    std::string line = std::to_string(u.step);
    // Before the first step there is only the diagnosis.
    for (const double value : {u.epoch, u.total, u.channel, u.temporal, u.regulariser, u.learningRate, u.momentum,
                               u.gradientNorm, u.recordingsPerSecond, u.dataShare})
        line += u.step == 0 ? "," : "," + number(value);
    for (const std::string level : kLevels) {
        const LevelDiagnostics* found = nullptr;
        for (const auto& [name, d] : u.diagnostics)
            if (name == level)
                found = &d;
        if (found == nullptr)
            line += ",,,,,";
        else
            line += "," + number(found->std) + "," + number(found->effectiveRank) + "," + number(found->meanCosine) +
                    "," + number(found->temporalStd) + "," + number(found->teacherGap);
    }
    line += "," + u.verdict + "," + u.earlyTest + "," + number(u.knn) + "," + number(u.lossZ) + "," +
            number(u.gradientZ) + "," + alarmOf(u) + "\n";
    if (std::fwrite(line.data(), 1, line.size(), metrics_.get()) != line.size() || std::fflush(metrics_.get()) != 0)
        return makeError(ErrorCode::FileUnwritable, "is the disk full?", (path_ / "metrics.csv").string());
    return Done{};
}

} // namespace precordia
