// SPDX-License-Identifier: GPL-3.0-or-later
// What a run leaves behind: config.json (resolved), environment.json (versions, device, threads, seed, data),
// metrics.csv (a row a step), checkpoints/, model.safetensors + model.json.
#pragma once

#include "core/base/result.h"
#include "core/engine/engine.h"

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace precordia {

struct RunEnvironment {
    std::string device, deviceName;
    int threads = 0;
    std::string precision; // what "auto" came to
    std::uint64_t seed = 0;
    std::string dataHash;
    std::int64_t windows = 0;
    std::int64_t totalSteps = 0;
    std::int64_t windowsPassedOver = 0; // that lack a lead
    std::int64_t resumedAt = -1;        // step; -1: from the start
    int processes = 1;
    std::vector<std::string> damaged; // checkpoints that were passed over, with their reasons
};

class RunFolder {
public:
    // Makes it and writes config.json. Error AlreadyExists when a run is there.
    static Result<RunFolder> create(const std::filesystem::path& folder, const std::string& configJson);
    // Errors: NotFound, ConfigInvalid, WrongUse when the data are not those the run began with.
    static Result<RunFolder> open(const std::filesystem::path& folder, const std::string& dataHash);

    // Removes temporary files that a killed process left; those of running ones stay.
    void tidy() const;
    // For all processes of a run but one: nothing is written.
    static RunFolder silent(const std::filesystem::path& folder, const std::string& configJson);
    void silence() { silent_ = true; }
    bool isSilent() const { return silent_; }

    const std::filesystem::path& path() const { return path_; }
    const std::string& configJson() const { return configJson_; }
    int threads() const { return threads_; } // that the run began with; 0: not known. Sums differ with their number
    const std::string& precision() const { return precision_; } // that the run began with; "": not known
    // Keeps what stands there of earlier starts.
    Result<Done> writeEnvironment(const RunEnvironment& environment, const EngineInfo& engine) const;

    // Opens metrics.csv; rows after `step` (of a part that was lost) are cut off.
    Result<Done> openMetrics(std::int64_t step);
    Result<Done> addMetrics(const TrainUpdate& update);

private:
    struct CloseFile {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };
    std::filesystem::path path_;
    std::string configJson_;
    int threads_ = 0;
    std::string precision_;
    bool silent_ = false;
    std::unique_ptr<std::FILE, CloseFile> metrics_;
};

} // namespace precordia
