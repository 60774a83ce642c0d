// SPDX-License-Identifier: GPL-3.0-or-later
// The order of windows and the thread that reads them ahead of the step that needs them.
#pragma once

#include "core/ecg/window_source.h"

#include <ATen/core/Tensor.h>

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

namespace precordia {

// An endless stream of window numbers: each epoch is a permutation of its own, known from the seed and the epoch alone,
// so that a position is all there is to keep.
class Sampler {
public:
    Sampler(std::int64_t windows, std::uint64_t seed) : windows_(windows), seed_(seed) {}
    std::int64_t at(std::int64_t position);

private:
    std::int64_t windows_;
    std::uint64_t seed_;
    std::int64_t epoch_ = -1;
    std::vector<std::int64_t> order_;
};

struct Batch {
    at::Tensor microvolts;             // [B, L, N]; rows of absent leads are 0
    std::vector<std::uint8_t> present; // [B * L]; empty: every window has all leads
    std::vector<std::int64_t> windows; // [B]
    std::int64_t positionAfter = 0;    // of the stream, after this batch
};

// Windows that have fewer than `minLeads` leads (0: all) are passed over and counted.
class BatchLoader {
public:
    BatchLoader(std::shared_ptr<const WindowSource> windows, std::int64_t batch, std::uint64_t seed,
                std::int64_t position, bool pinned, std::int64_t minLeads = 0);
    ~BatchLoader();
    BatchLoader(const BatchLoader&) = delete;
    BatchLoader& operator=(const BatchLoader&) = delete;

    // Waits until it is read. Throws what reading threw; an empty batch when no window has leads enough.
    Batch next();
    std::int64_t passedOver() const; // distinct windows

private:
    void loop(std::stop_token stop);
    Batch read(const std::stop_token& stop);

    std::shared_ptr<const WindowSource> windows_;
    std::int64_t batch_;
    Sampler sampler_;
    std::int64_t position_;
    bool pinned_;
    std::int64_t minLeads_;
    mutable std::mutex mutex_;
    std::condition_variable_any changed_;
    std::deque<Batch> ready_;
    std::set<std::int64_t> passedOver_;
    std::exception_ptr failure_;
    std::jthread thread_; // last: joined first
};

} // namespace precordia
