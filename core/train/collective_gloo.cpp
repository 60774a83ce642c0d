// SPDX-License-Identifier: GPL-3.0-or-later
// Collective over c10d's ProcessGroupGloo.
#include "core/train/collective.h"
#include "core/train/meeting_place.h"

#ifdef PRECORDIA_GLOO
#include <torch/csrc/distributed/c10d/FileStore.hpp>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>
#endif

#include <arpa/inet.h>
#include <chrono>
#include <thread>

namespace precordia {

#ifndef PRECORDIA_GLOO

Result<std::unique_ptr<Collective>> joinProcesses(const ProcessPlace&, const StopToken&) {
    return makeError(ErrorCode::ProcessLost, "this build trains in one process only: its LibTorch came without Gloo");
}

#else

namespace {

constexpr auto kJoin = std::chrono::seconds(120);  // for all processes to have loaded their data
constexpr auto kAnswer = std::chrono::minutes(30); // a process that lives but does not answer; a dead one shows at once
constexpr auto kLook = std::chrono::milliseconds(20);

class GlooCollective final : public Collective {
public:
    GlooCollective(const ProcessPlace& place, const c10::intrusive_ptr<c10d::Store>& store,
                   std::unique_ptr<MeetingPlace> held)
        : rank_(place.rank)
        , size_(place.size)
        , held_(std::move(held)) {
        auto options = c10d::ProcessGroupGloo::Options::create();
        options->devices.push_back(c10d::ProcessGroupGloo::createDeviceForHostname("127.0.0.1"));
        options->timeout = kAnswer;
        options->threads = 1;
        group_ = c10::make_intrusive<c10d::ProcessGroupGloo>(store, rank_, size_, options);
    }

    int rank() const override { return rank_; }
    int size() const override { return size_; }

    void sum(at::Tensor& x) override {
        std::vector<at::Tensor> tensors{x};
        try {
            group_->allreduce(tensors)->wait();
        } catch (const std::exception& e) {
            throw ProcessLost(e.what());
        }
    }

private:
    int rank_, size_;
    std::unique_ptr<MeetingPlace> held_; // its file goes after the group that uses it
    c10::intrusive_ptr<c10d::ProcessGroupGloo> group_;
};

// Numbers, but for "localhost": a name would be asked of the network.
bool ofThisMachine(const std::string& address) {
    in_addr four{};
    return address == "localhost" || address == "::1" ||
           (::inet_pton(AF_INET, address.c_str(), &four) == 1 && (ntohl(four.s_addr) >> 24) == 127);
}

// What torchrun's agent keeps; this process is its client.
c10::intrusive_ptr<c10d::Store> agentStore(const ProcessPlace& place) {
    c10d::TCPStoreOptions options;
    options.port = static_cast<std::uint16_t>(place.port);
    options.isServer = false;
    options.numWorkers = place.size;
    options.waitWorkers = false;
    options.timeout = kJoin;
    const auto store = c10::make_intrusive<c10d::TCPStore>(place.address, options);
    return c10::make_intrusive<c10d::PrefixStore>("precordia/" + place.name, store);
}

// held: keeps the meeting of the first process while the others come.
Result<c10::intrusive_ptr<c10d::Store>> openStore(const ProcessPlace& place, std::unique_ptr<MeetingPlace>& held,
                                                  const StopToken& stop) {
    using Store = c10::intrusive_ptr<c10d::Store>;
    if (place.storeFile.empty() && place.storeRuns)
        return agentStore(place);
    auto file = place.storeFile;
    const auto meeting = place.name + "/" + std::to_string(place.port);
    if (file.empty() && place.rank == 0) {
        auto holds = MeetingPlace::hold(meeting);
        if (!holds)
            return holds.as<Store>();
        held = std::move(*holds);
        file = held->storeFile();
    } else if (file.empty()) {
        auto found = findMeeting(meeting, kJoin, stop);
        if (!found)
            return found.as<Store>();
        file = std::move(*found);
    }
    return Store(c10::make_intrusive<c10d::FileStore>(file.string(), place.size));
}

// Looks again and again in place of one long wait: a stop is heard.
Result<Done> waitForAll(c10d::Store& store, const ProcessPlace& place, const StopToken& stop) {
    const auto key = [](int rank) { return "here/" + std::to_string(rank); };
    store.set(key(place.rank), std::vector<std::uint8_t>{1});
    const auto start = std::chrono::steady_clock::now();
    for (int rank = 0; rank < place.size;) {
        if (store.check({key(rank)})) {
            ++rank;
            continue;
        }
        if (stop.stop_requested())
            return Cancelled{};
        if (std::chrono::steady_clock::now() - start > kJoin)
            return makeError(ErrorCode::ProcessLost, "process " + std::to_string(rank) + " of " +
                                                         std::to_string(place.size) + " did not come within " +
                                                         std::to_string(kJoin.count()) + " s");
        std::this_thread::sleep_for(kLook);
    }
    return Done{};
}

} // namespace

Result<std::unique_ptr<Collective>> joinProcesses(const ProcessPlace& place, const StopToken& stop) {
    if (place.rank < 0 || place.rank >= place.size)
        return makeError(ErrorCode::WrongUse, "process " + std::to_string(place.rank) + " of " +
                                                  std::to_string(place.size) + " cannot be: they count from 0");
    if (place.storeFile.empty() && !ofThisMachine(place.address))
        return makeError(ErrorCode::WrongUse,
                         "MASTER_ADDR is " + place.address + "; the processes of a run are on one machine: 127.0.0.1");
    try {
        std::unique_ptr<MeetingPlace> held;
        const auto store = openStore(place, held, stop);
        if (!store)
            return store.as<std::unique_ptr<Collective>>();
        if (auto all = waitForAll(**store, place, stop); !all)
            return all.as<std::unique_ptr<Collective>>();
        return std::unique_ptr<Collective>(std::make_unique<GlooCollective>(place, *store, std::move(held)));
    } catch (const std::exception& e) {
        const std::string text = e.what();
        return makeError(ErrorCode::ProcessLost,
                         "the run's processes do not find each other: " + text.substr(0, text.find('\n')));
    }
}

#endif

} // namespace precordia
