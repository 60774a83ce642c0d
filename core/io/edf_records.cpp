// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/edf_records.h"

#include <algorithm>
#include <cmath>

namespace precordia::edf {

namespace {

constexpr std::size_t kReadAhead = 1U << 18U;

} // namespace

Result<File> File::open(const std::filesystem::path& path) {
    auto bytes = RandomAccess::open(path);
    if (!bytes)
        return bytes.as<File>();
    return File(std::move(*bytes));
}

std::span<const std::byte> File::read(std::uint64_t at, std::size_t count, bool ahead) {
    const auto size = bytes_->size();
    const auto there = at < size ? static_cast<std::size_t>(std::min<std::uint64_t>(count, size - at)) : 0;
    if (at < bufferAt_ || at + there > bufferAt_ + buffer_.size()) {
        buffer_.resize(std::min<std::uint64_t>(ahead ? std::max(there, kReadAhead) : there, size - std::min(at, size)));
        bufferAt_ = at;
        const auto got = bytes_->readSome(at, buffer_);
        if (got.failed() && !failure_)
            failure_ = got.error();
        buffer_.resize(got ? *got : 0);
    }
    const auto offset = static_cast<std::size_t>(at - bufferAt_);
    return offset < buffer_.size()
               ? std::span<const std::byte>(buffer_).subspan(offset).first(std::min(there, buffer_.size() - offset))
               : std::span<const std::byte>();
}

Result<Header> readHeader(File& file, const std::string& where) {
    const auto signalsThere = signalCount(file.read(0, kFixedBytes), where);
    if (!signalsThere)
        return signalsThere.as<Header>();
    return parseHeader(file.read(0, kFixedBytes + kSignalBytes * *signalsThere), where);
}

Placement place(double recordSeconds, std::uint64_t samplesPerRecord, std::uint64_t records,
                const std::vector<double>& onsets, std::size_t& gaps, std::size_t& backwards) {
    Placement out;
    out.samplesPerRecord = samplesPerRecord;
    out.rate = static_cast<double>(samplesPerRecord) / recordSeconds;
    const auto step = static_cast<std::int64_t>(samplesPerRecord);
    if (onsets.empty()) {
        out.length = static_cast<std::int64_t>(records) * step;
        return out;
    }
    // Onsets are rounded to what the writer printed: less than a sample or 2 ms off is no gap.
    const double tolerance = std::min(std::max(1.0 / out.rate, 0.002) * 1.001, recordSeconds / 2);
    std::int64_t next = 0;
    double anchor = 0; // s, where the present run of records began
    std::int64_t anchorSample = 0;
    for (const double onset : onsets) {
        const double expected = anchor + static_cast<double>(next - anchorSample) / out.rate;
        if (onset > expected + tolerance) {
            anchor = onset;
            next = anchorSample = std::max(next, static_cast<std::int64_t>(std::llround(onset * out.rate)));
            ++gaps;
        } else if (onset < expected - tolerance) {
            ++backwards;
        }
        out.starts.push_back(next);
        next += step;
    }
    out.length = next;
    return out;
}

} // namespace precordia::edf
