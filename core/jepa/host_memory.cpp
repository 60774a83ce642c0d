// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jepa/host_memory.h"

#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <new>
#include <sys/mman.h>
#include <vector>

namespace precordia {

namespace {

constexpr std::size_t kAlign = 64;                   // a cache line and the widest vector
constexpr std::size_t kSmall = std::size_t{1} << 16; // below, the C library does well
constexpr std::size_t kHuge = std::size_t{1} << 21;  // a huge page
constexpr std::size_t kKeep = std::size_t{1} << 31;  // no more than this is kept unused
constexpr std::size_t kSteps = 4;                    // sizes an octave: at most a quarter is wasted
constexpr std::size_t kClasses = 64 * kSteps;

// Sizes are (4 + step) * 2^n.
std::size_t classOf(std::size_t bytes) {
    const auto octave = static_cast<std::size_t>(std::bit_width(bytes - 1) - 1); // of the largest power of two below
    const std::size_t unit = std::max<std::size_t>((std::size_t{1} << octave) / kSteps, 1);
    const std::size_t step = (bytes - (std::size_t{1} << octave) + unit - 1) / unit; // 1 .. 4
    return octave * kSteps + step;
}

std::size_t sizeOf(std::size_t sizeClass) {
    const std::size_t base = std::size_t{1} << (sizeClass / kSteps);
    return base + base / kSteps * (sizeClass % kSteps);
}

// What lies before the memory handed out.
struct alignas(kAlign) Header {
    std::size_t sizeClass; // 0: small, not kept
};

class Cache {
public:
    static Cache& instance() {
        static auto* cache = new Cache; // never destroyed: tensors of static life are freed after main
        return *cache;
    }

    void* take(std::size_t bytes) {
        const std::size_t whole = bytes + sizeof(Header);
        if (whole < kSmall)
            return fresh(whole, 0);
        const std::size_t wanted = classOf(whole);
        {
            const std::lock_guard lock(mutex_);
            // A block of up to twice the size will do: batches differ a little from step to step.
            for (std::size_t c = wanted; c <= wanted + kSteps && c < kClasses; ++c) {
                if (free_[c].empty())
                    continue;
                void* memory = free_[c].back();
                free_[c].pop_back();
                kept_ -= sizeOf(c);
                return memory;
            }
        }
        return fresh(sizeOf(wanted), wanted);
    }

    void give(void* memory) {
        Header* header = static_cast<Header*>(memory) - 1;
        const std::size_t c = header->sizeClass;
        if (c != 0) {
            const std::lock_guard lock(mutex_);
            if (kept_ + sizeOf(c) <= kKeep) {
                free_[c].push_back(memory);
                kept_ += sizeOf(c);
                return;
            }
        }
        std::free(header);
    }

    void release() {
        const std::lock_guard lock(mutex_);
        for (auto& blocks : free_) {
            for (void* memory : blocks)
                std::free(static_cast<Header*>(memory) - 1);
            blocks.clear();
        }
        kept_ = 0;
    }

    std::size_t kept() const {
        const std::lock_guard lock(mutex_);
        return kept_;
    }

private:
    void* fresh(std::size_t bytes, std::size_t sizeClass) {
        const bool huge = bytes >= 2 * kHuge;
        void* block = nullptr;
        if (::posix_memalign(&block, huge ? kHuge : kAlign, bytes) != 0) {
            release();
            if (::posix_memalign(&block, kAlign, bytes) != 0)
                throw std::bad_alloc();
        }
        if (huge)
            ::madvise(block, bytes, MADV_HUGEPAGE); // a wish
        return new (block) Header{sizeClass} + 1;
    }

    mutable std::mutex mutex_;
    std::array<std::vector<void*>, kClasses> free_;
    std::size_t kept_ = 0;
};

void giveBack(void* memory) {
    if (memory != nullptr)
        Cache::instance().give(memory);
}

// LibTorch made allocate() non-const and added copy_data() in 2.x: what is there is overridden.
class HostAllocator final : public c10::Allocator {
public:
    c10::DataPtr allocate(std::size_t bytes) const { return make(bytes); }
    c10::DataPtr allocate(std::size_t bytes) { return make(bytes); }
    c10::DeleterFnPtr raw_deleter() const { return &giveBack; }
    void copy_data(void* to, const void* from, std::size_t bytes) const { std::memcpy(to, from, bytes); }

private:
    static c10::DataPtr make(std::size_t bytes) {
        void* memory = bytes == 0 ? nullptr : Cache::instance().take(bytes);
        return {memory, memory, &giveBack, c10::Device(c10::DeviceType::CPU)};
    }
};

} // namespace

void cacheHostMemory() {
    static std::once_flag once;
    std::call_once(once, [] { c10::SetCPUAllocator(new HostAllocator, /*priority=*/1); });
}

void releaseHostMemory() {
    Cache::instance().release();
}

std::size_t cachedHostMemory() {
    return Cache::instance().kept();
}

} // namespace precordia
