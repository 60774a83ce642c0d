// SPDX-License-Identifier: GPL-3.0-or-later
// Decodes files in several threads and hands the recordings on in the order of the files, and of the items in a file.
// Internal to core/study.
#pragma once

#include "core/study/import_decode.h"

#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace precordia {

struct QueuedRecording {
    std::size_t file = 0; // its number
    std::int64_t item = 0;
    bool lastOfFile = true;
    DecodedFile decoded;
};

class DecodedQueue {
public:
    DecodedQueue(const std::vector<std::filesystem::path>& files, const DecodeContext& context, int threads);
    ~DecodedQueue();
    DecodedQueue(const DecodedQueue&) = delete;
    DecodedQueue& operator=(const DecodedQueue&) = delete;

    // The next ones, at least one unless all are through or it was stopped.
    std::vector<QueuedRecording> next();

private:
    using Place = std::pair<std::size_t, std::int64_t>; // file, item
    struct Items {
        std::int64_t next = 1, count = 1;
        std::shared_ptr<const SharedSource> shared;
    };
    void work(const std::stop_token& quit);
    bool mayGiveItem() const;
    bool mayGiveFile() const;

    const std::vector<std::filesystem::path>& files_;
    const DecodeContext& context_;
    std::mutex mutex_;
    std::condition_variable_any arrival_, space_;
    std::map<Place, DecodedFile> ready_;
    std::map<std::size_t, Items> items_; // files with more to decode than their first
    Place taken_{0, 0};                  // the next to be taken
    std::int64_t itemsOfTaken_ = 1;
    std::size_t givenFiles_ = 0;
    std::size_t itemsOut_ = 0;          // given and not yet taken, beside first ones
    std::vector<std::jthread> threads_; // last: joined first
};

} // namespace precordia
