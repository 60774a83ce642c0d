// SPDX-License-Identifier: GPL-3.0-or-later
// A reader under test: the input lies in memory under a path, and what is read keeps the promises of every recording.
#pragma once

#include "core/io/reader.h"
#include "tests/fuzz/fuzz.h"

#include <cmath>
#include <filesystem>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

class FuzzFile {
public:
    explicit FuzzFile(const char* name) : descriptor_(::memfd_create(name, MFD_CLOEXEC)) {}
    void set(const std::uint8_t* data, std::size_t size) const {
        promise(::ftruncate(descriptor_, 0) == 0 && ::pwrite(descriptor_, data, size, 0) == static_cast<ssize_t>(size),
                "the input lies in memory");
    }
    std::filesystem::path path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

private:
    int descriptor_;
};

inline void checkRecording(const precordia::Result<precordia::Recording>& recording, bool metadataOnly = false) {
    if (recording.failed()) {
        promise(!recording.error().message.empty(), "a refusal has its reason");
        promise(recording.error().code != precordia::ErrorCode::Bug, "an input is no bug");
    }
    if (!recording)
        return;
    promise(!recording->leads.empty(), "a recording has leads");
    promise(recording->samplingRate > 0 && std::isfinite(recording->samplingRate), "a recording has a sampling rate");
    for (const auto& lead : recording->leads) {
        promise(!lead.name.empty(), "a lead has a name");
        promise(lead.samples.size() == recording->samples(), "leads are of one length");
        promise(!metadataOnly || lead.samples.empty(), "no samples where none were asked for");
        for (const float value : lead.samples)
            promise(!std::isinf(value), "a sample is finite or missing");
    }
    for (const auto& mark : recording->annotations)
        promise(mark.sample.value >= 0 && mark.lead.value < static_cast<int>(recording->leads.size()),
                "a mark lies in the recording");
    promise(recording->items >= 1, "one recording at least");
}
