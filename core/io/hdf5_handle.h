// SPDX-License-Identifier: GPL-3.0-or-later
// HDF5 ids that close themselves, and the one lock of the process around a library that has no threads of its own.
// Internal to core/io and core/study.
#pragma once

#include <hdf5.h>

#include <mutex>
#include <utility>

namespace precordia {

// Debian's serial libhdf5 may be built without thread safety: whoever calls it, holds this.
class Hdf5Lock {
public:
    Hdf5Lock();

private:
    std::lock_guard<std::mutex> guard_;
};

class Hdf5Id {
public:
    using Close = herr_t (*)(hid_t);
    Hdf5Id() = default;
    Hdf5Id(hid_t id, Close close) : id_(id), close_(close) {}
    Hdf5Id(Hdf5Id&& other) noexcept : id_(std::exchange(other.id_, -1)), close_(other.close_) {}
    Hdf5Id& operator=(Hdf5Id&& other) noexcept {
        std::swap(id_, other.id_);
        std::swap(close_, other.close_);
        return *this;
    }
    ~Hdf5Id() { reset(); }
    void reset() {
        if (id_ >= 0)
            close_(id_);
        id_ = -1;
    }
    hid_t get() const { return id_; }
    bool valid() const { return id_ >= 0; }

private:
    hid_t id_ = -1;
    Close close_ = nullptr;
};

} // namespace precordia
