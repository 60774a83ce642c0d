// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/pyramid.h"

#include "core/io/pyramid_file.h"

#include <algorithm>

namespace precordia {

namespace {

Error damaged(const std::string& where, const std::string& why) {
    return makeError(ErrorCode::FormatInvalid, why, where);
}

} // namespace

int PyramidShape::levels() const {
    int levels = 1;
    while (pairs(levels - 1) > pyramid::kTopPairs)
        ++levels;
    return levels;
}

std::int64_t PyramidShape::bucket(int level) const {
    std::int64_t bucket = kPyramidBase;
    for (int k = 0; k < level; ++k)
        bucket *= kPyramidRatio;
    return bucket;
}

std::int64_t PyramidShape::pairs(int level) const {
    const auto size = bucket(level);
    return samples / size + (samples % size > 0 ? 1 : 0);
}

std::uint64_t PyramidShape::fileBytes() const {
    const auto end = pyramid::endOf(*this);
    return end.byte + end.tile * sizeof(std::uint64_t);
}

int PyramidShape::levelFor(std::int64_t samplesShown, int columns) const {
    int level = -1;
    while (level + 1 < levels() && bucket(level + 1) * std::max(1, columns) <= samplesShown)
        ++level;
    return level;
}

Result<std::shared_ptr<const Pyramid>> Pyramid::open(const std::filesystem::path& path, std::string_view key) {
    using Opened = std::shared_ptr<const Pyramid>;
    auto file = RandomAccess::open(path);
    if (!file)
        return file.as<Opened>();
    const auto where = path.string();
    pyramid::Header header;
    if ((*file)->size() < sizeof header)
        return damaged(where, "it is cut short");
    if (auto read = (*file)->read(0, std::as_writable_bytes(std::span(&header, 1))); !read)
        return read.as<Opened>();
    const std::shared_ptr<Pyramid> out(new Pyramid);
    out->shape_ = {header.samples, header.samplingRate, header.leads};
    if (header.magic != pyramid::kMagic || header.byteOrder != pyramid::kByteOrder || header.base != kPyramidBase ||
        header.ratio != kPyramidRatio || header.sum != pyramid::sumOfHeader(header) || !pyramid::plausible(out->shape_))
        return damaged(where, "it is no overview of this version");
    if (header.key != pyramid::checksum(std::as_bytes(std::span(key))))
        return damaged(where, "it is of another recording");
    // The file's own size bounds what is allocated.
    const auto end = pyramid::endOf(out->shape_);
    if ((*file)->size() < out->shape_.fileBytes() || (*file)->size() - out->shape_.fileBytes() != header.moreBytes)
        return damaged(where, "it is cut short");
    out->sums_.resize(end.tile);
    const auto table = std::as_writable_bytes(std::span(out->sums_));
    if (auto read = (*file)->read(end.byte, table); !read)
        return read.as<Opened>();
    out->more_.resize(header.moreBytes);
    if (auto read = (*file)->read(end.byte + table.size(), out->more_); !read)
        return read.as<Opened>();
    if (pyramid::checksum(table) != header.sumOfSums || pyramid::checksum(out->more_) != header.sumOfMore)
        return damaged(where, "its checksums do not fit");
    out->tested_ = std::vector<std::atomic<bool>>(end.tile);
    out->file_ = std::move(*file);
    out->where_ = where;
    return Opened(out);
}

Result<std::vector<MinMax>> Pyramid::pairs(int level, LeadIndex lead, std::int64_t first, std::int64_t count) const {
    if (level < 0 || level >= shape_.levels() || !lead.valid() || lead.value >= shape_.leads)
        return makeError(ErrorCode::WrongUse, "it has no such level or lead", where_);
    const auto there = shape_.pairs(level);
    const auto from = std::clamp<std::int64_t>(first, 0, there);
    const auto end = std::clamp<std::int64_t>(first + count, from, there);
    std::vector<MinMax> out(static_cast<std::size_t>(end - from));
    const auto place = pyramid::placeOf(shape_, level, lead.value);
    constexpr auto kTile = static_cast<std::int64_t>(pyramid::kTilePairs);
    std::vector<MinMax> whole;
    for (auto at = from; at < end;) {
        const auto tile = at / kTile;
        const auto tileEnd = std::min((tile + 1) * kTile, there);
        const auto stop = std::min(end, tileEnd);
        const auto target =
            std::span(out).subspan(static_cast<std::size_t>(at - from), static_cast<std::size_t>(stop - at));
        auto& tested = tested_[place.tile + static_cast<std::uint64_t>(tile)];
        const auto byteOf = [&](std::int64_t pair) {
            return place.byte + static_cast<std::uint64_t>(pair) * sizeof(MinMax);
        };
        if (tested.load(std::memory_order_relaxed)) {
            if (auto read = file_->read(byteOf(at), std::as_writable_bytes(target)); !read)
                return read.as<std::vector<MinMax>>();
        } else {
            whole.resize(static_cast<std::size_t>(tileEnd - tile * kTile));
            if (auto read = file_->read(byteOf(tile * kTile), std::as_writable_bytes(std::span(whole))); !read)
                return read.as<std::vector<MinMax>>();
            if (pyramid::checksum(std::as_bytes(std::span(whole))) !=
                sums_[place.tile + static_cast<std::uint64_t>(tile)])
                return damaged(where_, "a part of it is damaged");
            tested.store(true, std::memory_order_relaxed);
            std::copy_n(whole.begin() + (at - tile * kTile), target.size(), target.begin());
        }
        at = stop;
    }
    return out;
}

Result<Recording> Pyramid::envelope(const Recording& head, SampleRange range, int level,
                                    std::span<const LeadIndex> chosen) const {
    if (level < 0 || level >= shape_.levels() || std::cmp_not_equal(head.leads.size(), shape_.leads))
        return makeError(ErrorCode::WrongUse, "it has no such level or leads", where_);
    std::vector<LeadIndex> leads(chosen.begin(), chosen.end());
    for (std::int32_t i = 0; chosen.empty() && i < shape_.leads; ++i)
        leads.emplace_back(i);
    const auto bucket = shape_.bucket(level);
    const auto first = std::clamp<std::int64_t>(range.first, 0, shape_.samples) / bucket;
    const auto last = (std::clamp<std::int64_t>(range.first + range.count, 0, shape_.samples) + bucket - 1) / bucket;
    Recording out;
    out.name = head.name;
    out.samplingRate = 2 * shape_.samplingRate / static_cast<double>(bucket);
    out.firstSample = 2 * first;
    out.samplesPromised = 2 * shape_.pairs(level);
    for (const auto index : leads) {
        const auto found = pairs(level, index, first, last - first);
        if (!found)
            return found.as<Recording>();
        Lead lead = head.leads[static_cast<std::size_t>(index.value)];
        lead.samples.clear();
        lead.samples.reserve(2 * found->size());
        for (const auto& pair : *found) {
            lead.samples.push_back(pair.low);
            lead.samples.push_back(pair.high);
        }
        out.leads.push_back(std::move(lead));
    }
    return out;
}

} // namespace precordia
