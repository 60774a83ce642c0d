// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/import_queue.h"

#include <algorithm>
#include <chrono>
#include <optional>

namespace precordia {

namespace {

constexpr std::size_t kAhead = 1024; // decoded but not yet written: files, and items of files
constexpr std::size_t kBatch = 128;  // a transaction
constexpr std::chrono::milliseconds kBatchTime(500);

} // namespace

DecodedQueue::DecodedQueue(const std::vector<std::filesystem::path>& files, const DecodeContext& context, int threads)
    : files_(files)
    , context_(context) {
    for (int i = 0; i < std::max(1, threads); ++i)
        threads_.emplace_back([this](const std::stop_token& quit) { work(quit); });
}

DecodedQueue::~DecodedQueue() {
    for (auto& thread : threads_)
        thread.request_stop();
    space_.notify_all();
}

std::vector<QueuedRecording> DecodedQueue::next() {
    std::vector<QueuedRecording> batch;
    const auto until = std::chrono::steady_clock::now() + kBatchTime;
    std::unique_lock lock(mutex_);
    while (taken_.first < files_.size() && batch.size() < kBatch && !context_.stop.stop_requested()) {
        if (const auto first = ready_.find(taken_); first != ready_.end()) {
            auto& [file, item] = taken_;
            QueuedRecording one{file, item, true, std::move(first->second)};
            ready_.erase(first);
            if (item == 0)
                itemsOfTaken_ = one.decoded.items;
            else
                --itemsOut_;
            one.lastOfFile = item + 1 >= itemsOfTaken_;
            if (one.lastOfFile)
                ++file, item = 0;
            else
                ++item;
            batch.push_back(std::move(one));
            space_.notify_all();
            continue;
        }
        const auto arrived = [this] { return ready_.contains(taken_); };
        if (batch.empty()) {
            if (!arrival_.wait(lock, context_.stop, arrived))
                break;
        } else if (!arrival_.wait_until(lock, context_.stop, until, arrived)) {
            break;
        }
    }
    return batch;
}

// Items of the file that is being taken always get on: the writer waits for them.
bool DecodedQueue::mayGiveItem() const {
    return !items_.empty() && (itemsOut_ < kAhead || items_.begin()->first == taken_.first);
}

bool DecodedQueue::mayGiveFile() const {
    return givenFiles_ < files_.size() && givenFiles_ < taken_.first + kAhead;
}

void DecodedQueue::work(const std::stop_token& quit) {
    while (!quit.stop_requested() && !context_.stop.stop_requested()) {
        Place place;
        std::shared_ptr<const SharedSource> shared;
        {
            std::unique_lock lock(mutex_);
            if (!space_.wait(lock, quit, [this] { return mayGiveItem() || mayGiveFile(); }))
                return;
            if (mayGiveItem()) {
                auto& [file, rest] = *items_.begin();
                place = {file, rest.next++};
                shared = rest.shared;
                ++itemsOut_;
                if (rest.next == rest.count)
                    items_.erase(items_.begin());
            } else {
                place = {givenFiles_++, 0};
            }
        }
        auto decoded =
            shared ? decodeItem(shared, place.second, context_) : decodeForImport(files_[place.first], context_);
        if (context_.stop.stop_requested())
            return; // it may have been cut short
        const std::lock_guard lock(mutex_);
        if (!shared && decoded.items > 1)
            items_.emplace(place.first, Items{1, decoded.items, decoded.shared});
        ready_.emplace(place, std::move(decoded));
        arrival_.notify_all();
        space_.notify_all();
    }
}

} // namespace precordia
