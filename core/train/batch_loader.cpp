// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/batch_loader.h"

#include "core/jepa/random.h"
#include "core/train/train_config.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <numeric>

namespace precordia {

namespace {

constexpr std::size_t kAhead = 2; // batches

} // namespace

std::int64_t Sampler::at(std::int64_t position) {
    const auto epoch = position / windows_;
    if (epoch != epoch_) {
        order_.resize(static_cast<std::size_t>(windows_));
        std::iota(order_.begin(), order_.end(), 0);
        Random random(chanceSeed(seed_, Chance::Order, epoch));
        for (std::int64_t i = windows_ - 1; i > 0; --i)
            std::swap(order_[static_cast<std::size_t>(i)], order_[static_cast<std::size_t>(random.below(i + 1))]);
        epoch_ = epoch;
    }
    return order_[static_cast<std::size_t>(position % windows_)];
}

BatchLoader::BatchLoader(std::shared_ptr<const WindowSource> windows, std::int64_t batch, std::uint64_t seed,
                         std::int64_t position, bool pinned, std::int64_t minLeads)
    : windows_(std::move(windows))
    , batch_(batch)
    , sampler_(windows_->size(), seed)
    , position_(position)
    , pinned_(pinned)
    , minLeads_(minLeads > 0 ? minLeads : windows_->shape().leads)
    , thread_([this](const std::stop_token& stop) { loop(stop); }) {}

BatchLoader::~BatchLoader() {
    thread_.request_stop();
    changed_.notify_all();
}

Batch BatchLoader::read(const std::stop_token& stop) {
    const auto shape = windows_->shape();
    Batch batch;
    batch.microvolts =
        at::empty({batch_, shape.leads, shape.samples}, at::TensorOptions(at::kFloat).pinned_memory(pinned_));
    const auto length = static_cast<std::size_t>(shape.leads) * static_cast<std::size_t>(shape.samples);
    std::vector<std::uint8_t> present(static_cast<std::size_t>(shape.leads));
    auto* out = batch.microvolts.data_ptr<float>();
    std::int64_t refusedInARow = 0;
    bool whole = true;
    while (static_cast<std::int64_t>(batch.windows.size()) < batch_ && !stop.stop_requested()) {
        const auto window = sampler_.at(position_++);
        windows_->read(window, {out + batch.windows.size() * length, length}, present);
        const auto absent = std::count(present.begin(), present.end(), 0);
        if (shape.leads - absent >= minLeads_) {
            batch.windows.push_back(window);
            batch.present.insert(batch.present.end(), present.begin(), present.end());
            whole = whole && absent == 0;
            refusedInARow = 0;
            continue;
        }
        const std::lock_guard lock(mutex_);
        passedOver_.insert(window);
        if (++refusedInARow >= 2 * windows_->size())
            return {};
    }
    if (whole)
        batch.present.clear();
    batch.positionAfter = position_;
    return batch;
}

void BatchLoader::loop(std::stop_token stop) {
    try {
        while (!stop.stop_requested()) {
            auto batch = read(stop);
            const bool empty = batch.windows.empty();
            std::unique_lock lock(mutex_);
            changed_.wait(lock, stop, [this] { return ready_.size() < kAhead; });
            if (stop.stop_requested())
                return;
            ready_.push_back(std::move(batch));
            changed_.notify_all();
            if (empty)
                return;
        }
    } catch (...) {
        const std::lock_guard lock(mutex_);
        failure_ = std::current_exception();
        changed_.notify_all();
    }
}

Batch BatchLoader::next() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !ready_.empty() || failure_; });
    if (ready_.empty())
        std::rethrow_exception(failure_);
    auto batch = std::move(ready_.front());
    ready_.pop_front();
    changed_.notify_all();
    return batch;
}

std::int64_t BatchLoader::passedOver() const {
    const std::lock_guard lock(mutex_);
    return static_cast<std::int64_t>(passedOver_.size());
}

} // namespace precordia
