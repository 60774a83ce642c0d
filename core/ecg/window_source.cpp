// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ecg/window_source.h"

#include "core/base/hash.h"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <utility>

namespace precordia {

void MemoryWindows::add(std::vector<float> window, std::vector<std::uint8_t> leadPresent) {
    const auto leads = static_cast<std::size_t>(shape_.leads);
    // A window of another size is our own mistake: cut or filled, so that read() never runs over.
    assert(window.size() == leads * static_cast<std::size_t>(shape_.samples));
    window.resize(leads * static_cast<std::size_t>(shape_.samples), 0.0F);
    if (leadPresent.empty())
        leadPresent.assign(leads, 1);
    leadPresent.resize(leads, 0);
    windows_.push_back(std::move(window));
    present_.push_back(std::move(leadPresent));
}

void MemoryWindows::read(std::int64_t index, std::span<float> out, std::span<std::uint8_t> leadPresent) const {
    const auto& window = windows_.at(static_cast<std::size_t>(index));
    const auto& present = present_.at(static_cast<std::size_t>(index));
    assert(out.size() == window.size() && leadPresent.size() == present.size());
    std::copy_n(window.begin(), std::min(out.size(), window.size()), out.begin());
    std::copy_n(present.begin(), std::min(leadPresent.size(), present.size()), leadPresent.begin());
}

std::string WindowSource::origin(std::int64_t) const {
    return {};
}

std::string MemoryWindows::dataHash() const {
    // A hash of hashes: the whole never stands in memory twice.
    std::string digest =
        std::to_string(shape_.leads) + "x" + std::to_string(shape_.samples) + "@" + std::to_string(shape_.samplingRate);
    for (std::size_t i = 0; i < windows_.size(); ++i) {
        digest += sha256Hex(std::as_bytes(std::span(windows_[i])));
        digest += sha256Hex(std::as_bytes(std::span(present_[i])));
    }
    return sha256Hex(digest);
}

JoinedWindows::JoinedWindows(std::shared_ptr<const WindowSource> first, std::shared_ptr<const WindowSource> second,
                             std::string prefix)
    : first_(std::move(first))
    , second_(std::move(second))
    , prefix_(std::move(prefix)) {
    assert(first_->shape().leads == second_->shape().leads && first_->shape().samples == second_->shape().samples);
}

void JoinedWindows::read(std::int64_t index, std::span<float> out, std::span<std::uint8_t> leadPresent) const {
    const auto own = first_->size();
    index < own ? first_->read(index, out, leadPresent) : second_->read(index - own, out, leadPresent);
}

std::string JoinedWindows::dataHash() const {
    return sha256Hex(first_->dataHash() + "+" + second_->dataHash());
}

std::string JoinedWindows::origin(std::int64_t index) const {
    const auto own = first_->size();
    return index < own ? first_->origin(index) : prefix_ + second_->origin(index - own);
}

} // namespace precordia
