// SPDX-License-Identifier: GPL-3.0-or-later
// A DICOM file as users have it, in a file: read whole, described, in a range, and freed of its identity. What is read
// is in proportion to the file; a range is that part of the whole.
#include "core/io/deidentify_dicom.h"
#include "core/io/dicom_reader.h"
#include "core/io/reader.h"
#include "tests/fuzz/fuzz.h"

#include <cmath>
#include <cstring>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

using namespace precordia;

namespace {

class Nobody final : public IdentityMap {
public:
    std::string pseudonym(const std::string&) const override { return "P0123456789ab"; }
    int dateShiftDays(const std::string&) const override { return -400; }
    std::string uid(const std::string&) const override { return "2.25.1"; }
};

// One file of memory for all inputs.
const std::string& pathOf(const std::uint8_t* data, std::size_t size) {
    static const int file = ::memfd_create("fuzz", 0);
    static const std::string path = "/proc/self/fd/" + std::to_string(file);
    promise(file >= 0 && ::ftruncate(file, 0) == 0 && ::pwrite(file, data, size, 0) == static_cast<ssize_t>(size),
            "the input is in its file");
    return path;
}

std::size_t weight(const Recording& r) {
    std::size_t out = r.annotations.size() * 16;
    for (const auto& lead : r.leads)
        out += lead.samples.size() * sizeof(float) + lead.name.size();
    for (const auto& w : r.warnings)
        out += w.message.size() + w.where.size();
    for (const auto* groups : {&r.medianBeats, &r.otherGroups})
        for (const auto& group : *groups)
            out += weight(group);
    return out;
}

bool same(float a, float b) {
    return a == b || (std::isnan(a) && std::isnan(b));
}

void checkRange(const std::string& path, const Recording& whole) {
    ReadOptions options;
    options.range = SampleRange{static_cast<std::int64_t>(whole.samples() / 3), 7};
    const auto part = DicomReader().read(path, options);
    promise(part.ok(), "a range of a readable file is readable");
    promise(part->leads.size() == whole.leads.size() && part->samples() <= 7, "the range has the leads");
    for (std::size_t l = 0; l < whole.leads.size(); ++l)
        for (std::size_t i = 0; i < part->samples(); ++i)
            promise(same(part->leads[l].samples[i],
                         whole.leads[l].samples[static_cast<std::size_t>(part->firstSample) + i]),
                    "the range is that part of the whole");
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto& path = pathOf(data, size);
    (void)DicomReader().recognises({path, std::as_bytes(std::span(data, std::min<std::size_t>(size, 4096)))});
    ReadOptions described;
    described.metadataOnly = true;
    const auto head = DicomReader().read(path, described);
    const auto whole = DicomReader().read(path, {});
    if (whole.failed())
        promise(!whole.error().message.empty() && !whole.error().where.empty(), "a refusal has reason and place");
    promise(!whole.ok() || head.ok(), "what is readable can be described");
    if (whole.ok()) {
        for (const auto& lead : whole->leads)
            promise(lead.samples.size() == whole->samples(), "all leads have one length");
        promise(weight(*whole) < 64 * size + (4U << 20U), "memory is in proportion to the file");
        checkRange(path, *whole);
    }
    static const std::string out = "/dev/shm/fuzz_dicom_" + std::to_string(::getpid()) + ".dcm";
    if (const auto cleaned = deidentifyDicom(path, out, Nobody()); cleaned.ok()) {
        const auto back = DicomReader().read(out, {});
        if (whole.ok() && back.ok())
            promise(back->samples() == whole->samples(), "nothing of the signal is lost");
        ::unlink(out.c_str());
    }
    return 0;
}
