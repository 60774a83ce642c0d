// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/byte_cursor.h"
#include "core/io/scp_leads.h"
#include "core/io/scp_signal.h"

#include <algorithm>
#include <utility>

namespace precordia::scp {

namespace {

constexpr std::size_t kLeadBytes = 9;
constexpr std::size_t kBeatBytes = 14;
constexpr std::size_t kAreaBytes = 8;
constexpr std::uint16_t kLongTermSection = 12;

Error broken(ErrorCode code, std::string why, const std::string& file, int section) {
    return makeError(code, std::move(why), file + ", section " + std::to_string(section));
}

Result<LeadLayout> parseLayout(const Section& section, const std::string& file, std::vector<Warning>& warnings) {
    ByteCursor cursor(section.body);
    const std::size_t count = cursor.u8();
    const auto flags = cursor.u8();
    if (cursor.failed() || count == 0)
        return broken(ErrorCode::FormatInvalid, "it defines no lead", file, 3);
    if (cursor.left() < count * kLeadBytes)
        return broken(ErrorCode::FileTruncated,
                      std::to_string(cursor.left() / kLeadBytes) + " of " + std::to_string(count) +
                          " lead definitions are there",
                      file, 3);
    LeadLayout layout;
    layout.subtracted = (flags & 1U) != 0;
    layout.simultaneous = (flags & 4U) != 0;
    for (std::size_t l = 0; l < count; ++l) {
        LeadRange lead;
        lead.first = cursor.u32();
        lead.last = cursor.u32();
        lead.number = cursor.u8();
        if (lead.first == 0 && lead.last > 0) { // counted from 0
            ++lead.first;
            ++lead.last;
            warnings.push_back({WarningCode::Repaired, "its samples are counted from 0 instead of 1",
                                "section 3, lead " + std::to_string(l + 1)});
        }
        layout.leads.push_back(lead);
    }
    return layout;
}

// Keeps what is in order and apart: nothing is added twice, and the work stays in proportion.
template <typename T>
void keepOrdered(std::vector<T>& spans, const char* what, std::vector<Warning>& warnings) {
    std::int64_t end = 0;
    std::size_t dropped = 0;
    std::erase_if(spans, [&](const T& span) {
        if (span.first == 0 && span.last == 0) // none of this beat
            return true;
        if (span.first <= end || span.last < span.first) {
            ++dropped;
            return true;
        }
        end = span.last;
        return false;
    });
    if (dropped > 0)
        warnings.push_back(
            {WarningCode::Repaired,
             std::to_string(dropped) + " " + what + " lie over others or end before they begin; left out",
             "section 4"});
}

Result<BeatTable> parseBeats(const Section& section, const std::string& file, std::vector<Warning>& warnings) {
    ByteCursor cursor(section.body);
    BeatTable table;
    table.referenceMs = cursor.u16();
    table.referenceFiducial = cursor.u16();
    const std::size_t count = cursor.u16();
    if (cursor.failed())
        return broken(ErrorCode::FileTruncated, "the QRS locations are not there", file, 4);
    const auto there = std::min(count, cursor.left() / kBeatBytes);
    if (there < count)
        warnings.push_back({WarningCode::ShortFile,
                            std::to_string(there) + " of " + std::to_string(count) + " QRS locations are there",
                            "section 4"});
    for (std::size_t b = 0; b < there; ++b) {
        Beat beat;
        beat.type = cursor.u16();
        beat.first = cursor.u32();
        beat.fiducial = cursor.u32();
        beat.last = cursor.u32();
        table.beats.push_back(beat);
    }
    // Versions before 1.3 have no protected areas: the subtraction zones stand for them.
    if (cursor.left() >= count * kAreaBytes)
        for (std::size_t b = 0; b < count; ++b) {
            Zone zone;
            zone.first = cursor.u32();
            zone.last = cursor.u32();
            table.protectedAreas.push_back(zone);
        }
    else if (section.version < 13)
        for (const auto& beat : table.beats)
            table.protectedAreas.push_back({beat.first, beat.last});
    table.bytesParsed = cursor.position();
    // A beat of another type has no subtraction zone, only its place.
    std::vector<Beat> others;
    std::erase_if(table.beats, [&](const Beat& beat) {
        if (beat.type == 0 && (beat.first != 0 || beat.last != 0))
            return false;
        others.push_back(beat);
        return true;
    });
    keepOrdered(table.beats, "subtraction zones", warnings);
    keepOrdered(table.protectedAreas, "protected areas", warnings);
    table.beats.insert(table.beats.end(), others.begin(), others.end());
    std::stable_sort(table.beats.begin(), table.beats.end(),
                     [](const Beat& a, const Beat& b) { return a.fiducial < b.fiducial; });
    return table;
}

Result<Block> parseBlock(const Section& section, int number, std::size_t leads, const std::string& file,
                         std::vector<Warning>& warnings) {
    ByteCursor cursor(section.body);
    Block block;
    block.nanovolts = cursor.u16();
    block.intervalUs = cursor.u16();
    block.difference = cursor.u8();
    block.bimodal = cursor.u8() != 0 && number == 6; // reserved in section 5
    std::vector<std::size_t> lengths;
    for (std::size_t l = 0; l < leads; ++l)
        lengths.push_back(cursor.u16());
    if (cursor.failed())
        return broken(ErrorCode::FileTruncated, "the lengths of its leads are not all there", file, number);
    if (block.intervalUs <= 0)
        return broken(ErrorCode::FormatInvalid, "it gives no sampling interval", file, number);
    if (block.difference > 2)
        return broken(ErrorCode::FormatUnsupported,
                      "differences of order " + std::to_string(block.difference) + " are not defined", file, number);
    for (std::size_t l = 0; l < leads; ++l) {
        const auto there = std::min(lengths[l], cursor.left());
        if (there < lengths[l])
            warnings.push_back({WarningCode::ShortFile,
                                std::to_string(there) + " of " + std::to_string(lengths[l]) + " bytes of lead " +
                                    std::to_string(l + 1) + " are there",
                                "section " + std::to_string(number)});
        block.coded.push_back(cursor.bytes(there));
    }
    block.bytesParsed = cursor.position();
    return block;
}

} // namespace

Result<SignalSections> signalSections(const Container& container, const std::string& file) {
    SignalSections out;
    out.huffman = container.find(2);
    const auto* layout = container.find(3);
    const auto* rhythm = container.find(6);
    if (rhythm == nullptr)
        return container.find(kLongTermSection) != nullptr && container.version >= 30
                   ? broken(ErrorCode::FormatUnsupported,
                            "long-term rhythm data of SCP-ECG 3 without a section 6 are not read", file,
                            kLongTermSection)
                   : broken(ErrorCode::FormatUnsupported, "the file has no rhythm data", file, 6);
    if (layout == nullptr)
        return broken(ErrorCode::FormatInvalid, "the file does not define its leads", file, 3);
    auto leads = parseLayout(*layout, file, out.warnings);
    if (!leads)
        return leads.as<SignalSections>();
    out.layout = std::move(*leads);
    if (const auto* section = container.find(4)) {
        auto beats = parseBeats(*section, file, out.warnings);
        if (beats)
            out.beats = std::move(*beats);
        else
            out.warnings.push_back({WarningCode::SkippedGroup, beats.error().message, "section 4"});
    }
    if (const auto* section = container.find(5)) {
        auto reference = parseBlock(*section, 5, out.layout.leads.size(), file, out.warnings);
        if (reference)
            out.reference = std::move(*reference);
        else
            out.warnings.push_back({WarningCode::SkippedGroup, reference.error().message, "section 5"});
    }
    auto block = parseBlock(*rhythm, 6, out.layout.leads.size(), file, out.warnings);
    if (!block)
        return block.as<SignalSections>();
    out.rhythm = std::move(*block);
    if (!out.layout.subtracted)
        return out;
    // Without the reference beat a residual is no ECG.
    const bool zones = out.beats && std::any_of(out.beats->beats.begin(), out.beats->beats.end(),
                                                [](const Beat& beat) { return beat.type == 0 && beat.last > 0; });
    if ((zones && !out.reference) || (!out.beats && out.reference))
        return broken(ErrorCode::FormatInvalid,
                      std::string("the reference beat was taken away from the rhythm, and ") +
                          (zones ? "it is" : "the QRS locations are") + " not there",
                      file, zones ? 5 : 4);
    if (!out.beats)
        out.warnings.push_back({WarningCode::Repaired,
                                "it says that a reference beat was taken away, and the file has neither this beat nor "
                                "QRS locations; the rhythm is taken as it stands",
                                "section 3"});
    return out;
}

} // namespace precordia::scp
