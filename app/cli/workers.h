// SPDX-License-Identifier: GPL-3.0-or-later
// Several processes for one pretraining: started here (pretrain --processes N), or by torchrun.
#pragma once

#include "core/base/result.h"
#include "core/engine/engine.h"

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace precordia::cli {

// From RANK, WORLD_SIZE, MASTER_ADDR, MASTER_PORT, as torchrun sets them; nullopt when they are not there or the world
// is this process alone. Error WrongUse names the variable that makes no sense.
Result<std::optional<ProcessPlace>> placeFromEnvironment();
// Of CUDA devices each process takes one: "cuda:LOCAL_RANK" where there is one and none was named.
std::string deviceOf(const std::string& wanted, const EngineInfo& engine);

// The processes 1 to N - 1 of a run of which this one is 0. They find it through a file in a folder of their own, not
// through a port. They end when this process does, however it ends.
class Workers {
public:
    // Each runs this program with `arguments`, and the configuration if there is one as a file after --config. onLoss
    // is asked to stop when one ends by itself: a run that waits for it to come would wait in vain.
    static Result<Workers> start(int processes, std::vector<std::string> arguments,
                                 const std::optional<std::string>& configJson, std::stop_source onLoss);
    Workers(Workers&&) noexcept;
    Workers& operator=(Workers&&) = delete;
    ~Workers(); // ends what still runs

    const ProcessPlace& place() const { return place_; }
    // Waits for their end, some seconds at most. Error ProcessLost says of each that failed how.
    Result<Done> finish();

private:
    struct State;
    explicit Workers(std::unique_ptr<State> state);

    std::unique_ptr<State> state_;
    ProcessPlace place_;
};

} // namespace precordia::cli
