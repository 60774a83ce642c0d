// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/scp_signal.h"

#include "core/io/byte_cursor.h"
#include "core/io/scp_huffman.h"
#include "core/io/scp_leads.h"
#include "core/io/scp_rhythm.h"
#include "core/io/signal_checks.h"
#include "core/io/text.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace precordia::scp {

namespace {

constexpr std::int64_t kMostDecimation = 16;
constexpr std::int64_t kSpread = 32; // the common time of all leads holds at most so many times their samples
// Of all leads together. A lead has 64 KiB of code at most; an hour of 12 leads at 500 Hz is 22 million samples.
constexpr std::int64_t kMostSamples = 32'000'000;
constexpr std::size_t kPadding = 15; // bits that fill the last byte and an even length: each could be a value

struct Samples {
    std::vector<std::int16_t> values;
    std::size_t bytesUsed = 0;
};

// Section 2 says how the samples are coded; without it they are 16-bit words.
class Coding {
public:
    static Result<Coding> of(const Section* huffman, const std::string& file) {
        Coding out;
        if (huffman == nullptr)
            return out;
        auto tables = HuffmanTables::parse(huffman->body, file);
        if (!tables)
            return tables.as<Coding>();
        out.tables_ = std::move(*tables);
        return out;
    }

    bool exact() const { return !tables_; } // the number of bytes tells the number of samples

    // At most `count` samples. They are 16-bit numbers, and so are the sums of their differences: a writer whose
    // differences ran over the range is undone by running over it again.
    Samples samples(std::span<const std::byte> bytes, std::size_t count, unsigned difference) const {
        Samples out;
        std::vector<std::int32_t> raw;
        if (tables_) {
            auto decoded = tables_->decode(bytes, count);
            raw = std::move(decoded.values);
            out.bytesUsed = (decoded.bitsUsed + 7) / 8;
        } else {
            raw.resize(std::min(count, bytes.size() / 2));
            ByteCursor cursor(bytes);
            for (auto& value : raw)
                value = cursor.i16();
            out.bytesUsed = 2 * raw.size();
        }
        out.values.resize(raw.size());
        for (std::size_t i = 0; i < raw.size(); ++i) {
            auto value = static_cast<std::uint32_t>(raw[i]);
            const auto before = [&](std::size_t steps) { return static_cast<std::uint32_t>(out.values[i - steps]); };
            if (difference == 1 && i >= 1)
                value += before(1);
            else if (difference == 2 && i >= 2)
                value += 2 * before(1) - before(2);
            out.values[i] = static_cast<std::int16_t>(value & 0xFFFFU);
        }
        return out;
    }

private:
    std::optional<HuffmanTables> tables_;
};

class Decoder {
public:
    Decoder(const SignalSections& sections, const std::string& file, const StopToken& stop)
        : sections_(sections)
        , file_(file)
        , stop_(stop) {}

    Result<Signals> decode(bool metadataOnly) {
        auto coding = Coding::of(sections_.huffman, file_);
        if (!coding)
            return coding.as<Signals>();
        coding_ = std::move(*coding);
        scales();
        settleDecimation();
        makeLeads();
        if (metadataOnly)
            return std::move(out_);
        if (auto done = readReference(); !done)
            return done.as<Signals>();
        if (auto done = readRhythm(); !done)
            return done.as<Signals>();
        return std::move(out_);
    }

private:
    void warn(WarningCode code, std::string message, std::string where) {
        out_.warnings.push_back({code, std::move(message), std::move(where)});
    }
    const LeadRange& range(std::size_t lead) const { return sections_.layout.leads[lead]; }
    bool compressed() const {
        return sections_.rhythm->bimodal || (sections_.layout.subtracted && sections_.reference);
    }
    std::span<const Zone> areas() const {
        if ((sections_.rhythm->bimodal || areasWithoutFlag_) && sections_.beats)
            return sections_.beats->protectedAreas;
        return {};
    }

    // Nanovolts a step; a file that does not say gets microvolts and a warning.
    void scales() {
        rhythmNv_ = sections_.rhythm->nanovolts;
        if (rhythmNv_ <= 0) {
            rhythmNv_ = 1000;
            warn(WarningCode::GainMissing, "it gives no amplitude of a step; its integers are taken for microvolts",
                 "section 6");
        }
        if (sections_.reference)
            referenceNv_ = sections_.reference->nanovolts > 0 ? sections_.reference->nanovolts : rhythmNv_;
    }

    // By how much the rhythm is sampled more slowly than its leads' sample numbers count (annex C): the interval of
    // section 6 is that of the decimated samples, the interval of section 5 the full one.
    void settleDecimation() {
        intervalUs_ = sections_.rhythm->intervalUs;
        if (!compressed())
            return;
        if (sections_.reference) {
            const auto slow = static_cast<std::int64_t>(sections_.rhythm->intervalUs);
            const auto full = static_cast<std::int64_t>(sections_.reference->intervalUs);
            if (slow > full && slow % full == 0 && slow / full <= kMostDecimation) {
                decimation_ = slow / full;
                intervalUs_ = static_cast<double>(full);
            } else if (slow != full) {
                warn(WarningCode::RateContradiction,
                     "the rhythm has a sample every " + std::to_string(slow) + " us, the reference beat every " +
                         std::to_string(full) + " us: no whole decimation",
                     "section 6");
            }
        }
        if (sections_.rhythm->bimodal && decimation_ == 1)
            guessDecimation();
        if (!sections_.rhythm->bimodal && decimation_ > 1)
            findAreas();
        if (decimation_ > 1)
            warn(WarningCode::LossyCompression,
                 std::string(!areas().empty() ? "outside of the protected areas " : "") + "one sample in " +
                     std::to_string(decimation_) + " was kept; those between are interpolated",
                 "section 6");
    }

    // Not called bimodal, and yet decimated: some writers sample the protected areas at the full rate all the same.
    void findAreas() {
        areasWithoutFlag_ = true;
        const auto stored = storedSamples(range(0), areas(), decimation_);
        const auto there = coding_.samples(sections_.rhythm->coded[0], static_cast<std::size_t>(stored), 0);
        areasWithoutFlag_ =
            stored > storedSamples(range(0), {}, decimation_) && std::cmp_greater_equal(there.values.size(), stored);
    }

    // Bimodal, and no other interval says the factor: it is the one whose number of samples is there.
    void guessDecimation() {
        const auto wanted = range(0).length();
        if (wanted <= 0)
            return;
        const auto there = static_cast<std::int64_t>(
            coding_.samples(sections_.rhythm->coded[0], static_cast<std::size_t>(wanted), 0).values.size());
        if (there >= wanted)
            return;
        for (std::int64_t factor = 2; factor <= kMostDecimation; ++factor) {
            const auto stored = storedSamples(range(0), areas(), factor);
            if (stored > there || there - stored > static_cast<std::int64_t>(coding_.exact() ? 1 : kPadding))
                continue;
            decimation_ = factor;
            if (!sections_.reference)
                intervalUs_ /= static_cast<double>(factor);
            warn(WarningCode::Repaired,
                 "the file does not say how much slower it is sampled outside of the protected areas; " +
                     std::to_string(factor) + " fits the number of samples",
                 "section 6");
            return;
        }
    }

    void makeLeads() {
        out_.samplingRate = 1e6 / intervalUs_;
        std::int64_t first = std::numeric_limits<std::int64_t>::max();
        std::int64_t last = 0;
        for (std::size_t l = 0; l < sections_.layout.leads.size(); ++l) {
            Lead lead;
            const auto number = range(l).number;
            lead.name = leadName(number);
            if (lead.name.empty()) {
                lead.name = "lead " + std::to_string(number);
                warn(WarningCode::UnknownCode, "no lead has the number " + std::to_string(number),
                     "section 3, lead " + std::to_string(l + 1));
            }
            lead.fileUnit = "nV";
            lead.quantum = rhythmNv_ / 1000;
            out_.leads.push_back(std::move(lead));
            if (range(l).length() > 0) {
                first = std::min(first, range(l).first);
                last = std::max(last, range(l).last);
            }
        }
        out_.samplesPromised = last > 0 ? last - first + 1 : 0;
        if (!sections_.reference)
            return;
        out_.referenceRate = 1e6 / sections_.reference->intervalUs;
        out_.reference = out_.leads;
        for (auto& lead : out_.reference)
            lead.quantum = referenceNv_ / 1000;
        if (sections_.beats)
            out_.referencePromised =
                static_cast<std::int64_t>(sections_.beats->referenceMs * 1000.0 / sections_.reference->intervalUs);
    }

    std::string leadPlace(std::size_t l) const { return "lead " + out_.leads[l].name; }

    Result<Done> readReference() {
        if (!sections_.reference)
            return Done{};
        const auto& block = *sections_.reference;
        const auto promised = static_cast<std::size_t>(out_.referencePromised);
        std::size_t longest = 0;
        for (std::size_t l = 0; l < block.coded.size(); ++l) {
            if (stop_.stop_requested())
                return Cancelled{};
            auto samples = coding_.samples(
                block.coded[l], promised > 0 ? promised : std::numeric_limits<std::size_t>::max(), block.difference);
            longest = std::max(longest, samples.values.size());
            out_.referenceBytesUsed.push_back(samples.bytesUsed);
            reference_.push_back(std::move(samples.values));
        }
        if (promised == 0)
            warn(WarningCode::LengthUnknown, "the file does not say how long the reference beat is", "section 5");
        else if (longest < promised)
            warn(WarningCode::ShortFile,
                 std::to_string(longest) + " of " + std::to_string(promised) +
                     " samples of the reference beat are there",
                 "section 5");
        if (static_cast<std::int64_t>(longest * block.coded.size()) > kMostSamples)
            return tooMany(5);
        if (longest == 0)
            out_.reference.clear();
        for (std::size_t l = 0; l < out_.reference.size(); ++l) {
            auto& lead = out_.reference[l].samples;
            lead.assign(longest, std::numeric_limits<float>::quiet_NaN());
            for (std::size_t i = 0; i < reference_[l].size(); ++i)
                lead[i] = static_cast<float>(reference_[l][i] * referenceNv_ / 1000);
        }
        return Done{};
    }

    Error tooMany(int section) const {
        return makeError(ErrorCode::ValueOutOfRange,
                         "its " + std::to_string(sections_.layout.leads.size()) + " leads have more samples than " +
                             std::to_string(kMostSamples) + " together",
                         file_ + ", section " + std::to_string(section));
    }

    // The samples of one lead at the full rate, in nanovolts, as many as are there.
    std::vector<double> rhythmOf(std::size_t l) {
        const auto& block = *sections_.rhythm;
        auto lead = range(l);
        const bool told = lead.length() > 0;
        const auto wanted = told ? static_cast<std::size_t>(storedSamples(lead, areas(), decimation_))
                                 : std::numeric_limits<std::size_t>::max();
        const auto samples = coding_.samples(block.coded[l], wanted, block.difference);
        out_.rhythmBytesUsed.push_back(samples.bytesUsed);
        if (!told) {
            warn(WarningCode::LengthUnknown, "the file does not say how many samples it has", leadPlace(l));
            lead.last = lead.first + static_cast<std::int64_t>(samples.values.size()) * decimation_ - 1;
        } else if (samples.values.size() < wanted) {
            warn(WarningCode::ShortFile,
                 std::to_string(samples.values.size()) + " of " + std::to_string(wanted) + " samples are there",
                 leadPlace(l));
        }
        std::vector<std::int32_t> raw(samples.values.begin(), samples.values.end());
        warnSpan(l, raw);
        auto full = decimation_ > 1 ? interpolated(samples.values, lead, areas(), decimation_)
                                    : std::vector<double>(samples.values.begin(), samples.values.end());
        if (decimation_ > 1)
            smooth(full, lead, areas(), cuts());
        for (auto& value : full)
            value *= rhythmNv_;
        if (sections_.layout.subtracted && sections_.beats && l < reference_.size())
            addReference(full, lead, *sections_.beats, reference_[l], referenceNv_);
        return full;
    }

    void warnSpan(std::size_t l, std::span<const std::int32_t> raw) {
        Recording none; // the warning's form is that of every reader
        warnClipped(none, out_.leads[l], clippedSamples(raw, -32768, 32767));
        out_.warnings.insert(out_.warnings.end(), none.warnings.begin(), none.warnings.end());
    }

    // Where a subtraction zone begins or ended: no filter runs across.
    std::vector<std::int64_t> cuts() const {
        std::vector<std::int64_t> out;
        if (sections_.layout.subtracted && sections_.beats)
            for (const auto& beat : sections_.beats->beats)
                if (beat.type == 0 && beat.last > 0) {
                    out.push_back(beat.first);
                    out.push_back(beat.last + 1);
                }
        std::sort(out.begin(), out.end());
        return out;
    }

    Result<Done> readRhythm() {
        std::vector<std::vector<double>> leads;
        std::int64_t samples = 0;
        std::int64_t first = std::numeric_limits<std::int64_t>::max();
        for (std::size_t l = 0; l < out_.leads.size(); ++l) {
            if (stop_.stop_requested())
                return Cancelled{};
            leads.push_back(rhythmOf(l));
            samples += static_cast<std::int64_t>(leads.back().size());
            if (samples > kMostSamples)
                return tooMany(6);
            if (!leads.back().empty())
                first = std::min(first, range(l).first);
        }
        if (samples == 0)
            return makeError(ErrorCode::FileTruncated, "no sample of the rhythm is there", file_ + ", section 6");
        std::int64_t length = 0;
        bool apart = false;
        for (std::size_t l = 0; l < leads.size(); ++l)
            if (!leads[l].empty()) {
                apart = apart || range(l).first != first;
                length = std::max(length, range(l).first - first + static_cast<std::int64_t>(leads[l].size()));
            }
        const auto count = static_cast<std::int64_t>(leads.size());
        const bool believed = length <= samples && length * count <= std::min(kSpread * samples, kMostSamples);
        if (!believed) {
            length = 0;
            for (const auto& lead : leads)
                length = std::max(length, static_cast<std::int64_t>(lead.size()));
            warn(WarningCode::LengthContradiction,
                 "the leads begin further apart than the file has samples; all are placed at the beginning",
                 "section 3");
        } else if (apart) {
            warn(WarningCode::Gap, "the leads were not recorded at the same time; where one was not, it has no samples",
                 "section 3");
        }
        if (length * count > kMostSamples)
            return tooMany(6);
        for (std::size_t l = 0; l < leads.size(); ++l) {
            auto& out = out_.leads[l].samples;
            out.assign(static_cast<std::size_t>(length), std::numeric_limits<float>::quiet_NaN());
            const auto at = believed && !leads[l].empty() ? range(l).first - first : 0;
            for (std::size_t i = 0; i < leads[l].size(); ++i)
                out[static_cast<std::size_t>(at) + i] = static_cast<float>(leads[l][i] / 1000);
            leads[l] = {};
        }
        return Done{};
    }

    const SignalSections& sections_;
    const std::string& file_;
    const StopToken& stop_;
    Coding coding_;
    double rhythmNv_ = 0;
    double referenceNv_ = 0;
    double intervalUs_ = 0; // of the rhythm at its full rate
    std::int64_t decimation_ = 1;
    bool areasWithoutFlag_ = false;
    std::vector<std::vector<std::int16_t>> reference_;
    Signals out_;
};

} // namespace

Result<Signals> decodeSignals(const SignalSections& sections, const std::string& file, bool metadataOnly,
                              const StopToken& stop) {
    return Decoder(sections, file, stop).decode(metadataOnly);
}

} // namespace precordia::scp
