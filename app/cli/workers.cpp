// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/workers.h"

#include "core/base/file.h"

#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string_view>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace precordia::cli {

namespace fs = std::filesystem;

namespace {

constexpr const char* kStoreVariable = "PRECORDIA_STORE"; // set for the processes started here

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr ? value : "";
}

Result<int> numberFrom(const char* name, int low, int high) {
    const auto text = environment(name);
    int value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure != std::errc() || end != text.data() + text.size() || value < low || value > high)
        return makeError(ErrorCode::WrongUse, std::string(name) + " is \"" + text + "\", not a whole number from " +
                                                  std::to_string(low) + " to " + std::to_string(high));
    return value;
}

} // namespace

Result<std::optional<ProcessPlace>> placeFromEnvironment() {
    using Place = std::optional<ProcessPlace>;
    const bool here = !environment(kStoreVariable).empty();
    if (environment("RANK").empty() || environment("WORLD_SIZE").empty() ||
        (!here && (environment("MASTER_ADDR").empty() || environment("MASTER_PORT").empty())))
        return Place();
    const auto size = numberFrom("WORLD_SIZE", 1, 1024);
    if (!size)
        return size.as<Place>();
    const auto rank = numberFrom("RANK", 0, *size - 1);
    if (!rank)
        return rank.as<Place>();
    if (*size == 1)
        return Place();
    ProcessPlace place;
    place.rank = *rank;
    place.size = *size;
    if (here) {
        place.storeFile = environment(kStoreVariable);
        return Place(place);
    }
    const auto port = numberFrom("MASTER_PORT", 1, 65535);
    if (!port)
        return port.as<Place>();
    place.address = environment("MASTER_ADDR");
    place.port = *port;
    place.storeRuns = environment("TORCHELASTIC_USE_AGENT_STORE") == "True";
    place.name = environment("TORCHELASTIC_RUN_ID") + "/" + environment("TORCHELASTIC_RESTART_COUNT");
    return Place(place);
}

std::string deviceOf(const std::string& wanted, const EngineInfo& engine) {
    const auto own = "cuda:" + environment("LOCAL_RANK");
    if (wanted == "auto" || wanted == "cuda")
        for (const auto& device : engine.devices)
            if (device.key == own)
                return own;
    return wanted;
}

struct Workers::State {
    struct Child {
        pid_t id = 0;
        int rank = 0;
        bool ended = false;
        int status = 0;
    };
    std::mutex mutex;
    std::vector<Child> children;
    fs::path folder; // store and configuration; of this user alone
    std::jthread watch;

    // True when all have ended.
    bool look(const std::stop_source& onLoss) {
        const std::lock_guard lock(mutex);
        bool all = true;
        for (auto& child : children) {
            if (!child.ended && ::waitpid(child.id, &child.status, WNOHANG) == child.id) {
                child.ended = true;
                if (child.status != 0)
                    std::stop_source(onLoss).request_stop();
            }
            all = all && child.ended;
        }
        return all;
    }

    void end(int signal) {
        const std::lock_guard lock(mutex);
        for (const auto& child : children)
            if (!child.ended)
                ::kill(child.id, signal);
    }

    ~State() {
        watch.request_stop();
        if (watch.joinable())
            watch.join();
        end(SIGKILL);
        for (auto& child : children)
            if (!child.ended)
                ::waitpid(child.id, &child.status, 0);
        std::error_code ec;
        if (!folder.empty())
            fs::remove_all(folder, ec);
    }
};

namespace {

// In the child, between fork and exec: only what a signal handler may do.
[[noreturn]] void become(const std::vector<char*>& arguments, const std::vector<char*>& variables, pid_t parent) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent)
        ::_exit(1);
    ::dup2(STDERR_FILENO, STDOUT_FILENO); // results are told by the first process alone
    ::execve("/proc/self/exe", arguments.data(), variables.data());
    ::_exit(127);
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> out;
    for (auto& text : texts)
        out.push_back(text.data());
    out.push_back(nullptr);
    return out;
}

std::vector<std::string> variablesFor(int rank, int processes, const fs::path& store) {
    std::vector<std::string> out;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text(*entry);
        const auto name = text.substr(0, text.find('='));
        if (name != "RANK" && name != "LOCAL_RANK" && name != "WORLD_SIZE" && name != kStoreVariable)
            out.emplace_back(text);
    }
    out.push_back("RANK=" + std::to_string(rank));
    out.push_back("LOCAL_RANK=" + std::to_string(rank));
    out.push_back("WORLD_SIZE=" + std::to_string(processes));
    out.push_back(std::string(kStoreVariable) + "=" + store.string());
    return out;
}

std::string howItEnded(int status) {
    if (WIFSIGNALED(status))
        return std::string("was killed (") + strsignal(WTERMSIG(status)) + ")";
    return "ended with code " + std::to_string(WEXITSTATUS(status));
}

} // namespace

Workers::Workers(std::unique_ptr<State> state) : state_(std::move(state)) {}
Workers::Workers(Workers&&) noexcept = default;
Workers::~Workers() = default;

Result<Workers> Workers::start(int processes, std::vector<std::string> arguments,
                               const std::optional<std::string>& configJson, std::stop_source onLoss) {
    std::error_code ec;
    auto pattern = (fs::temp_directory_path(ec) / "precordia-XXXXXX").string();
    if (ec || ::mkdtemp(pattern.data()) == nullptr)
        return makeError(ErrorCode::FileUnwritable, "no folder for the processes of the run could be made", pattern);
    auto state = std::make_unique<State>();
    state->folder = pattern;
    if (configJson) {
        if (auto written = writeFileAtomically(state->folder / "config.json", *configJson); !written)
            return written.as<Workers>();
        arguments.insert(arguments.end(), {"--config", (state->folder / "config.json").string()});
    }
    arguments.insert(arguments.begin(), "precordia-cli");
    const auto asPointers = pointers(arguments);
    const pid_t self = ::getpid();
    for (int rank = 1; rank < processes; ++rank) {
        auto variables = variablesFor(rank, processes, state->folder / "store");
        const auto asVariables = pointers(variables);
        const pid_t id = ::fork();
        if (id == 0)
            become(asPointers, asVariables, self);
        if (id < 0)
            return makeError(ErrorCode::ProcessLost,
                             "process " + std::to_string(rank) + " could not be started: " + std::strerror(errno));
        state->children.push_back({id, rank});
    }
    auto& watched = *state;
    state->watch = std::jthread([&watched, onLoss](const std::stop_token& quit) {
        while (!quit.stop_requested() && !watched.look(onLoss))
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
    });
    Workers workers(std::move(state));
    workers.place_.size = processes;
    workers.place_.storeFile = fs::path(pattern) / "store";
    return workers;
}

Result<Done> Workers::finish() {
    constexpr auto kPatience = std::chrono::seconds(10);
    const auto start = std::chrono::steady_clock::now();
    while (!state_->look({}) && std::chrono::steady_clock::now() - start < kPatience)
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    state_->end(SIGKILL);
    std::string failed;
    const std::lock_guard lock(state_->mutex);
    for (const auto& child : state_->children)
        if (!child.ended || (child.status != 0 && WEXITSTATUS(child.status) != 130))
            failed += (failed.empty() ? "process " : "; process ") + std::to_string(child.rank) + " " +
                      (child.ended ? howItEnded(child.status) : "did not end");
    if (!failed.empty())
        return makeError(ErrorCode::ProcessLost, failed);
    return Done{};
}

} // namespace precordia::cli
