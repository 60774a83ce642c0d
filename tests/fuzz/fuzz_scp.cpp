// SPDX-License-Identifier: GPL-3.0-or-later
// SCP-ECG files: leads of one length, samples in proportion to the bytes; a copy without identity is read again, with
// the same signal.
#include "core/io/deidentify_scp.h"
#include "core/io/scp_reader.h"
#include "tests/fuzz/fuzz.h"

#include <cstring>
#include <span>

namespace {

class Map final : public precordia::IdentityMap {
public:
    std::string pseudonym(const std::string& id) const override { return id.empty() ? "" : "P0123456789ab"; }
    int dateShiftDays(const std::string&) const override { return -400; }
    std::string uid(const std::string&) const override { return "2.25.1"; }
};

std::size_t samplesIn(const precordia::Recording& recording) {
    for (const auto& lead : recording.leads)
        promise(lead.samples.size() == recording.samples(), "the leads have one length");
    std::size_t samples = recording.samples() * recording.leads.size();
    for (const auto& beat : recording.medianBeats)
        samples += samplesIn(beat);
    return samples;
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto bytes = std::as_bytes(std::span(data, size));
    const auto recording = precordia::readScp(bytes, "input", {});
    if (!recording) {
        promise(!recording.error().message.empty() && !recording.error().where.empty(),
                "a refusal has place and reason");
        return 0;
    }
    // A bit is a sample at least; decimation by 16, and time in common of 32 times the samples, are the limits.
    promise(samplesIn(*recording) <= size * 8 * 16 * 33, "samples in proportion to the file");
    promise(recording->samplingRate > 0, "the sampling rate is known");
    for (const auto& mark : recording->annotations)
        promise(mark.sample.value >= 0, "no mark before the beginning");
    if (size % 4 != 0) // the copy takes several times as long as reading
        return 0;
    std::vector<std::string> removed;
    const auto copy = precordia::deidentifiedScp(bytes, "input", Map(), removed);
    if (!copy)
        return 0;
    const auto again = precordia::readScp(*copy, "copy", {});
    promise(again.ok() && again->samples() == recording->samples(), "the copy has the same signal");
    for (std::size_t l = 0; l < again->leads.size(); ++l)
        promise(again->samples() == 0 || std::memcmp(again->leads[l].samples.data(), recording->leads[l].samples.data(),
                                                     again->samples() * sizeof(float)) == 0,
                "bit for bit");
    return 0;
}
