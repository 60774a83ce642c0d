// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/aecg_sequences.h"

#include "core/io/signal_checks.h"
#include "core/io/text.h"
#include "core/io/units.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace precordia::aecg {

namespace {

constexpr std::size_t kMostLeads = 128;
constexpr double kMaxRate = 1e7;
constexpr std::size_t kMostPadding = 4; // times the samples that are there
constexpr std::size_t kFreePadding = 100'000;
constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();

struct Axis {
    double step = 0; // s; 0: none
    Clock clock;
};

// Walks over the words of a digits element without keeping them.
class Words {
public:
    explicit Words(std::string_view text) : rest_(text) {}
    std::string_view next() {
        const auto start = rest_.find_first_not_of(kBlank);
        if (start == std::string_view::npos)
            return {};
        rest_.remove_prefix(start);
        const auto word = rest_.substr(0, rest_.find_first_of(kBlank));
        rest_.remove_prefix(word.size());
        return word;
    }

private:
    static constexpr std::string_view kBlank = " \t\r\n,;";
    std::string_view rest_;
};

bool isMissing(std::string_view word) {
    const auto lowered = text::lower(word);
    return lowered == "nan" || lowered == "null" || lowered == "na" || lowered == "-";
}

class Set {
public:
    Set(const xml::Element& set, const std::string& where, const ReadOptions& options)
        : set_(set)
        , where_(where)
        , options_(options) {}

    Result<Group> read() {
        for (const auto& component : set_.children("component"))
            for (const auto& sequence : component.children("sequence"))
                if (auto done = take(sequence); !done)
                    return done.as<Group>();
        auto& recording = group_.recording;
        if (recording.leads.empty())
            return fail("it has no lead with samples");
        if (!(axis_.step > 0))
            return fail("it has no time axis: without an increment the sampling rate is not known");
        const double rate = 1 / axis_.step;
        if (rate > kMaxRate)
            return fail("its time increment is too small");
        // 1 / 0.001 in binary is a little off
        recording.samplingRate = std::abs(rate - std::round(rate)) < 1e-6 * rate ? std::round(rate) : rate;
        recording.samplesPromised = static_cast<std::int64_t>(longest_);
        group_.clock = axis_.clock;
        if (auto done = evenOut(); !done)
            return done.as<Group>();
        makeLeadNamesUnique(recording);
        return std::move(group_);
    }

private:
    Error fail(std::string why, ErrorCode code = ErrorCode::FormatInvalid) const {
        return makeError(code, std::move(why), where_);
    }

    Result<Done> take(const xml::Element& sequence) {
        if (options_.stop.stop_requested())
            return Cancelled{};
        const auto code = sequence.attributeOf("code", "code");
        const auto value = sequence.child("value");
        if (code.starts_with("TIME_") || value.attribute("type").starts_with("GLIST"))
            return takeTime(code, value);
        if (!value.child("digits"))
            return Done{};
        return takeLead(code, sequence, value);
    }

    Result<Done> takeTime(std::string_view code, const xml::Element& value) {
        Axis axis;
        auto head = value.path("head");
        auto increment = value.path("increment");
        double factor = 1;
        if (const auto digits = value.child("digits")) { // every time on its own: even ones only
            head = value.path("origin");
            increment = value.path("scale");
            const auto step = evenStep(digits.rawText());
            if (!step)
                return step.as<Done>();
            factor = *step;
        }
        const auto amount = text::number(increment.attribute("value"));
        const auto unit = secondsPer(increment.attribute("unit"));
        if (!amount || !unit || !(*amount * factor > 0))
            return fail("its time increment '" + increment.attribute("value") + " " + increment.attribute("unit") +
                        "' is no time");
        axis.step = *amount * factor * *unit;
        if (code == "TIME_ABSOLUTE" || value.attribute("type").ends_with("_TS"))
            axis.clock.start = microseconds(head.attribute("value"));
        else
            axis.clock.relativeStart =
                text::number(head.attribute("value")).value_or(0) * secondsPer(head.attribute("unit")).value_or(1);
        if (axis_.step > 0 && std::abs(axis_.step - axis.step) > 1e-6 * axis_.step)
            group_.recording.warnings.push_back({WarningCode::RateContradiction,
                                                 "one time axis steps by " + text::shortest(axis_.step) +
                                                     " s, another by " + text::shortest(axis.step) +
                                                     " s; the first counts",
                                                 "sequence set"});
        if (!(axis_.step > 0))
            axis_.step = axis.step;
        if (axis.clock.start)
            axis_.clock.start = axis.clock.start;
        else
            axis_.clock.relativeStart = axis.clock.relativeStart;
        return Done{};
    }

    // In units of the scale, of times that all lie equally far apart.
    Result<double> evenStep(const std::string& digits) const {
        Words words(digits);
        std::optional<double> before, step;
        for (auto word = words.next(); !word.empty(); word = words.next()) {
            const auto value = text::number(word);
            if (!value)
                return fail("'" + std::string(word.substr(0, 20)) + "' among its times is no number");
            if (before && !step)
                step = *value - *before;
            else if (before && std::abs(*value - *before - *step) > 1e-6 * std::abs(*step))
                return fail("its times do not lie equally far apart", ErrorCode::FormatUnsupported);
            before = value;
        }
        return step ? Result<double>(*step) : fail("its time axis has fewer than two times");
    }

    Result<Done> takeLead(std::string_view code, const xml::Element& sequence, const xml::Element& value) {
        auto& recording = group_.recording;
        if (recording.leads.size() == kMostLeads)
            return fail("more than " + std::to_string(kMostLeads) + " leads in one sequence set");
        Lead lead;
        lead.name = leadName(code);
        if (lead.name.empty())
            lead.name = standardLeadName(sequence.attributeOf("code", "displayName"));
        if (lead.name.empty())
            lead.name = code.empty() ? "channel " + std::to_string(recording.leads.size() + 1) : std::string(code);
        const auto where = "lead " + lead.name;
        const auto scale = value.child("scale");
        const auto origin = value.child("origin");
        const auto step = text::number(scale.attribute("value"));
        lead.fileUnit = scale.attribute("unit");
        if (lead.fileUnit.empty())
            lead.fileUnit = origin.attribute("unit");
        const auto factor = microvoltsPer(lead.fileUnit);
        lead.unit = factor ? "uV" : lead.fileUnit;
        if (!step)
            recording.warnings.push_back(
                {WarningCode::GainMissing, "the file gives no scale; its integers stand for themselves", where});
        if (!factor)
            recording.warnings.push_back({WarningCode::UnknownUnit,
                                          "'" + lead.fileUnit + "' is no voltage we know; the values stay as they are",
                                          where});
        const double toUnit = factor.value_or(1);
        const double quantum = step.value_or(1) * toUnit;
        // the origin may be in a unit of its own
        const double offset = text::number(origin.attribute("value")).value_or(0) *
                              (factor ? microvoltsPer(origin.attribute("unit")).value_or(toUnit) : 1);
        lead.quantum = std::abs(quantum);
        const auto digits = value.child("digits").rawText();
        if (auto done = fill(lead, digits, quantum, offset); !done)
            return done;
        recording.leads.push_back(std::move(lead));
        return Done{};
    }

    Result<Done> fill(Lead& lead, std::string_view digits, double quantum, double offset) {
        Words words(digits);
        std::vector<std::int32_t> raw;
        std::size_t count = 0;
        std::size_t missing = 0;
        if (!options_.metadataOnly)
            lead.samples.reserve(digits.size() / 4);
        for (auto word = words.next(); !word.empty(); word = words.next()) {
            ++count;
            const auto number = text::number(word);
            if (!number && !isMissing(word))
                return fail("lead " + lead.name + ": '" + std::string(word.substr(0, 20)) + "', digit " +
                            std::to_string(count) + ", is no number");
            missing += number ? 0 : 1;
            if (options_.metadataOnly)
                continue;
            lead.samples.push_back(number ? static_cast<float>(*number * quantum + offset) : kMissing);
            raw.push_back(number && std::abs(*number) <= 0x7FFFFFFF ? static_cast<std::int32_t>(*number) : 0);
        }
        if (count == 0)
            return fail("lead " + lead.name + " has no digits");
        longest_ = std::max(longest_, count);
        present_ += count;
        counts_.push_back(count);
        if (missing > 0)
            group_.recording.warnings.push_back(
                {WarningCode::Gap, std::to_string(missing) + " samples are missing", "lead " + lead.name});
        warnClipped(group_.recording, lead, clippedSamples(raw, -32768, 32767)); // recorders keep 16 bits
        return Done{};
    }

    // All leads of one length, the shorter ones with NaN at their end.
    Result<Done> evenOut() {
        auto& recording = group_.recording;
        if (longest_ * recording.leads.size() > kMostPadding * present_ + kFreePadding)
            return fail("its leads have wildly different lengths");
        for (std::size_t l = 0; l < recording.leads.size(); ++l) {
            if (counts_[l] < longest_)
                recording.warnings.push_back(
                    {WarningCode::LengthContradiction,
                     std::to_string(counts_[l]) + " samples, where the longest lead has " + std::to_string(longest_),
                     "lead " + recording.leads[l].name});
            if (!options_.metadataOnly)
                recording.leads[l].samples.resize(longest_, kMissing);
        }
        return Done{};
    }

    const xml::Element& set_;
    const std::string& where_;
    const ReadOptions& options_;
    Axis axis_;
    Group group_;
    std::size_t longest_ = 0;
    std::size_t present_ = 0;
    std::vector<std::size_t> counts_;
};

// Samples after the start of `first` at which `other` begins; empty when they have no clock in common.
std::optional<double> offsetBetween(const Group& first, const Group& other) {
    if (first.recording.samplingRate != other.recording.samplingRate ||
        first.clock.start.has_value() != other.clock.start.has_value())
        return std::nullopt;
    const double seconds = first.clock.start ? static_cast<double>(*other.clock.start - *first.clock.start) * 1e-6
                                             : other.clock.relativeStart - first.clock.relativeStart;
    return std::round(seconds * first.recording.samplingRate);
}

bool allMissing(const Lead& lead, std::size_t from, std::size_t count) {
    const auto begin = lead.samples.begin() + static_cast<std::ptrdiff_t>(from);
    return std::all_of(begin, begin + static_cast<std::ptrdiff_t>(count), [](float v) { return std::isnan(v); });
}

// Puts `other` into `into`, `offset` samples after its start; false when it does not fit.
bool join(Group& into, const Group& other, double offset) {
    auto& target = into.recording;
    const auto& source = other.recording;
    const auto length = static_cast<std::size_t>(target.samplesPromised);
    const auto count = static_cast<std::size_t>(source.samplesPromised);
    const auto present = length * target.leads.size() + count * source.leads.size();
    if (offset < 0 || offset > static_cast<double>(present))
        return false;
    const auto at = static_cast<std::size_t>(offset);
    const auto total = std::max(length, at + count);
    if (target.leads.size() + source.leads.size() > kMostLeads ||
        total * (target.leads.size() + source.leads.size()) > kMostPadding * present + kFreePadding)
        return false;
    const bool samples = !source.leads.front().samples.empty();
    for (const auto& lead : source.leads)
        if (const auto there = target.find(lead.name);
            there.valid() && at < length && samples &&
            !allMissing(target.leads[static_cast<std::size_t>(there.value)], at, std::min(count, length - at)))
            return false;
    if (samples)
        for (auto& lead : target.leads)
            lead.samples.resize(total, kMissing);
    for (const auto& lead : source.leads) {
        auto there = target.find(lead.name);
        if (!there.valid()) {
            there = LeadIndex{static_cast<std::int32_t>(target.leads.size())};
            auto added = lead;
            added.samples.assign(samples ? total : 0, kMissing);
            target.leads.push_back(std::move(added));
        }
        auto& to = target.leads[static_cast<std::size_t>(there.value)];
        std::copy(lead.samples.begin(), lead.samples.end(),
                  to.samples.begin() + static_cast<std::ptrdiff_t>(samples ? at : 0));
    }
    target.samplesPromised = static_cast<std::int64_t>(total);
    target.warnings.insert(target.warnings.end(), source.warnings.begin(), source.warnings.end());
    return true;
}

} // namespace

Result<Group> readSet(const xml::Element& set, const std::string& where, const ReadOptions& options) {
    return Set(set, where, options).read();
}

std::vector<Group> joined(std::vector<Group> groups) {
    const auto begin = [](const Group& g) {
        return std::pair(g.clock.start.value_or(std::numeric_limits<std::int64_t>::min()), g.clock.relativeStart);
    };
    std::stable_sort(groups.begin(), groups.end(), [&](const Group& a, const Group& b) { return begin(a) < begin(b); });
    std::vector<Group> out;
    for (auto& group : groups) {
        bool done = false;
        for (auto& into : out)
            if (const auto offset = offsetBetween(into, group); offset && join(into, group, *offset)) {
                done = true;
                break;
            }
        if (!done)
            out.push_back(std::move(group));
    }
    for (auto& group : out) {
        std::size_t gaps = 0;
        for (const auto& lead : group.recording.leads)
            gaps +=
                std::any_of(lead.samples.begin(), lead.samples.end(), [](float v) { return std::isnan(v); }) ? 1 : 0;
        if (groups.size() > out.size() && gaps > 0)
            group.recording.warnings.push_back(
                {WarningCode::Gap,
                 std::to_string(gaps) + " leads were not recorded all the time; missing where they were not",
                 "sequence sets"});
    }
    return out;
}

} // namespace precordia::aecg
