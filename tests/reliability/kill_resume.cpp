// SPDX-License-Identifier: GPL-3.0-or-later
// kill_resume [--times N] [--seed S]: a small run is ended by SIGKILL, N times: at a random moment, while a checkpoint
// is written, while the model is written. Each time it is resumed, from the last complete checkpoint, and must end with
// the weights and moments of the undisturbed run, bit for bit, and without a stray file.
#include "core/train/engine_impl.h"
#include "tests/golden/train_fixture.h"

#include <nlohmann/json.hpp>

#include <chrono>
#include <csignal>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <poll.h>
#include <sys/inotify.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace precordia;
using namespace precordia::test;
namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

namespace {

constexpr int kSteps = 40;
constexpr int kFailed = 3;

std::string bytesOf(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// The run in a process of its own. Forked before this process has made an engine: no thread is lost by it.
pid_t start(const fs::path& folder, bool resume) {
    const pid_t id = ::fork();
    if (id != 0)
        return id;
    {
        EngineImpl engine;
        PretrainRequest request;
        request.windows = tinyWindows(16);
        request.configJson = tinyConfig({"steps=" + std::to_string(kSteps), "checkpoint_every=3", "diagnose_every=10"});
        request.runFolder = folder;
        request.resume = resume;
        request.device = "cpu";
        const auto result = engine.pretrain(request);
        if (!result) {
            std::cerr << failureText(result) << '\n';
            ::_exit(kFailed);
        }
    }
    ::_exit(0);
}

int wait(pid_t id) {
    int status = 0;
    ::waitpid(id, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

// File events of a folder.
class Watch {
public:
    explicit Watch(const fs::path& folder) : handle_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {
        ::inotify_add_watch(handle_, folder.c_str(), IN_CREATE | IN_MODIFY | IN_MOVED_TO);
    }
    ~Watch() { ::close(handle_); }
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

    // Until something with this in its name happens to a file; false when the process has ended before.
    bool until(const std::string& part, pid_t process) {
        for (;;) {
            pollfd waiting{handle_, POLLIN, 0};
            ::poll(&waiting, 1, 20);
            alignas(inotify_event) char buffer[4096];
            for (ssize_t got = 0; (got = ::read(handle_, buffer, sizeof buffer)) > 0;)
                for (ssize_t at = 0; at < got;) {
                    inotify_event event;
                    std::memcpy(&event, buffer + at, sizeof event);
                    const std::string name = event.len > 0 ? buffer + at + sizeof event : "";
                    if (name.find(part) != std::string::npos)
                        return true;
                    at += static_cast<ssize_t>(sizeof event + event.len);
                }
            siginfo_t info{};
            if (::waitid(P_PID, static_cast<id_t>(process), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
                info.si_pid == process)
                return false;
        }
    }

private:
    int handle_;
};

// -1: none. A checkpoint is complete when its .json is there.
int lastComplete(const fs::path& run) {
    int last = -1;
    std::error_code ec;
    for (const auto& entry : fs::directory_iterator(run / "checkpoints", ec))
        if (entry.path().extension() == ".json")
            last = std::max(last, std::stoi(entry.path().stem().string().substr(5)));
    return last;
}

std::string strayFile(const fs::path& run) {
    for (const auto& entry : fs::recursive_directory_iterator(run))
        if (entry.path().extension() == ".tmp")
            return entry.path().string();
    return {};
}

struct Reference {
    std::string model, checkpoint;
    std::chrono::microseconds afterFirstCheckpoint{};
};

class Trials {
public:
    Trials(fs::path folder, std::uint64_t seed) : folder_(std::move(folder)), random_(seed) {}

    bool undisturbed() {
        const auto run = fresh();
        const pid_t id = begin(run);
        const auto since = Clock::now();
        if (wait(id) != 0)
            return complain("the undisturbed run failed");
        reference_.afterFirstCheckpoint = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - since);
        reference_.model = bytesOf(run / "model.safetensors");
        reference_.checkpoint = bytesOf(run / ("checkpoints/step-" + std::to_string(kSteps) + ".safetensors"));
        return !reference_.model.empty() && !reference_.checkpoint.empty();
    }

    bool one(int trial) {
        const auto run = fresh();
        const pid_t id = begin(run);
        const char* moment = killAtSomeMoment(id, run, trial % 3);
        const int ended = wait(id);
        if (ended != -SIGKILL) { // it was faster than the signal
            ++missed_;
            moment = "after its end";
        }
        const int last = lastComplete(run);
        if (last < 0)
            return complain("the first checkpoint is gone again");
        if (!resumeTo(run, last))
            return false;
        ++kills_[moment];
        fs::remove_all(run);
        return true;
    }

    void report() const {
        for (const auto& [moment, count] : kills_)
            std::cout << count << " killed " << moment << '\n';
    }

private:
    fs::path fresh() { return folder_ / std::to_string(runs_++); }

    // Started, and its first checkpoint complete.
    pid_t begin(const fs::path& run) {
        fs::create_directories(run / "checkpoints");
        Watch watch(run / "checkpoints");
        const pid_t id = start(run, false);
        watch.until("step-3.json", id);
        constexpr int kPatience = 50'000; // a run that failed never gets there
        for (int i = 0; lastComplete(run) < 0 && i < kPatience; ++i)
            std::this_thread::sleep_for(std::chrono::microseconds(200));
        return id;
    }

    const char* killAtSomeMoment(pid_t id, const fs::path& run, int kind) {
        const auto pause = [this](std::int64_t most) {
            std::this_thread::sleep_for(std::chrono::microseconds(random_.below(most)));
        };
        const char* moment = "at a random moment";
        if (kind == 0) {
            pause(std::max<std::int64_t>(1, reference_.afterFirstCheckpoint.count()));
        } else if (kind == 1) {
            Watch watch(run / "checkpoints");
            for (auto i = random_.below(6); i >= 0; --i)
                watch.until(".tmp", id);
            pause(1500);
            moment = "while a checkpoint was written";
        } else {
            Watch watch(run);
            watch.until(random_.below(2) == 0 ? "model.safetensors" : "model.json", id);
            pause(1000);
            moment = "while the model was written";
        }
        ::kill(id, SIGKILL);
        return moment;
    }

    bool resumeTo(const fs::path& run, int last) {
        if (wait(start(run, true)) != 0)
            return complain("the resumed run failed");
        const auto environment = nlohmann::json::parse(bytesOf(run / "environment.json"), nullptr, false);
        if (!environment.is_object() || environment["resumed_at_step"].back() != last)
            return complain("it did not go on from the last complete checkpoint, step " + std::to_string(last));
        if (environment.contains("damaged_checkpoints"))
            return complain("a checkpoint was damaged: " + environment["damaged_checkpoints"].dump());
        if (bytesOf(run / "model.safetensors") != reference_.model)
            return complain("the weights differ from the undisturbed run's");
        if (bytesOf(run / ("checkpoints/step-" + std::to_string(kSteps) + ".safetensors")) != reference_.checkpoint)
            return complain("the last checkpoint differs from the undisturbed run's");
        if (const auto stray = strayFile(run); !stray.empty())
            return complain("a temporary file stayed: " + stray);
        return true;
    }

    static bool complain(const std::string& what) {
        std::cerr << "kill_resume: " << what << '\n';
        return false;
    }

    fs::path folder_;
    Random random_;
    Reference reference_;
    int runs_ = 0, missed_ = 0;
    std::map<std::string, int> kills_;
};

} // namespace

int main(int argc, char** argv) {
    int times = 5;
    std::uint64_t seed = 1;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (std::strcmp(argv[i], "--times") == 0)
            times = std::atoi(argv[i + 1]);
        if (std::strcmp(argv[i], "--seed") == 0)
            seed = std::strtoull(argv[i + 1], nullptr, 10);
    }
    std::string folder = (fs::temp_directory_path() / "kill-resume-XXXXXX").string();
    if (::mkdtemp(folder.data()) == nullptr)
        return 1;
    Trials trials(folder, seed);
    bool good = trials.undisturbed();
    int done = 0;
    for (; good && done < times; ++done)
        good = trials.one(done);
    trials.report();
    std::cout << (good ? "all " : "FAILED after ") << done << " kills"
              << (good ? ": resumed from the last complete checkpoint, the same weights bit for bit" : "") << '\n';
    if (good)
        fs::remove_all(folder);
    else
        std::cerr << "left for a look: " << folder << '\n';
    return good ? 0 : 1;
}
