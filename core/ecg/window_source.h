// SPDX-License-Identifier: GPL-3.0-or-later
// The model's food: preprocessed windows of equal shape, read from a cache or from memory. Thread-safe to read.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace precordia {

struct WindowShape {
    int leads = 12;
    int samples = 2500;        // a lead
    double samplingRate = 250; // Hz
};

class WindowSource {
public:
    virtual ~WindowSource() = default;
    virtual std::int64_t size() const = 0;
    virtual WindowShape shape() const = 0;
    // out: [leads, samples] in uV after band-pass and resampling, before offset removal and scaling; gaps are 0.
    // leadPresent: [leads], 0 where the recording has no such lead (its row is 0).
    virtual void read(std::int64_t index, std::span<float> out, std::span<std::uint8_t> leadPresent) const = 0;
    // Changes when any window does: goes into run folders and embedding files.
    virtual std::string dataHash() const = 0;
    // What a person finds the window by ("recording 17"), without a patient's name or a file's. "": not known.
    virtual std::string origin(std::int64_t index) const;
};

// Windows in memory, for tests, benches and a single recording on the screen.
class MemoryWindows final : public WindowSource {
public:
    explicit MemoryWindows(WindowShape shape) : shape_(shape) {}
    void add(std::vector<float> window, std::vector<std::uint8_t> leadPresent = {}); // [leads * samples]
    std::int64_t size() const override { return static_cast<std::int64_t>(windows_.size()); }
    WindowShape shape() const override { return shape_; }
    void read(std::int64_t index, std::span<float> out, std::span<std::uint8_t> leadPresent) const override;
    std::string dataHash() const override;

private:
    WindowShape shape_;
    std::vector<std::vector<float>> windows_;
    std::vector<std::vector<std::uint8_t>> present_;
};

// Two sources of one shape, the second after the first. Both are kept.
class JoinedWindows final : public WindowSource {
public:
    // prefix: before the second one's origins.
    JoinedWindows(std::shared_ptr<const WindowSource> first, std::shared_ptr<const WindowSource> second,
                  std::string prefix);
    std::int64_t size() const override { return first_->size() + second_->size(); }
    WindowShape shape() const override { return first_->shape(); }
    void read(std::int64_t index, std::span<float> out, std::span<std::uint8_t> leadPresent) const override;
    std::string dataHash() const override;
    std::string origin(std::int64_t index) const override;

private:
    std::shared_ptr<const WindowSource> first_, second_;
    std::string prefix_;
};

} // namespace precordia
