// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/dicom_annotations.h"

#include "core/io/text.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace precordia::dicom {

namespace {

constexpr std::size_t kMaxMarks = 1'000'000;
constexpr std::size_t kMaxCopies = 100'000; // of marks that stand for several leads each
constexpr std::string_view kNote = "\"";    // MIT: a comment

// Seconds of a DICOM date and time, "20211224101500.25"; its zone is taken to be that of the whole file.
std::optional<double> secondsOf(std::string_view digits) {
    using namespace std::chrono;
    const auto part = [&](std::size_t at, std::size_t count) -> std::optional<std::int64_t> {
        if (at + count > digits.size())
            return std::nullopt;
        return text::integer(digits.substr(at, count));
    };
    const auto y = part(0, 4), m = part(4, 2), d = part(6, 2), h = part(8, 2), min = part(10, 2);
    if (!y || !m || !d || !h || !min || *y < 1 || *m < 1 || *d < 1 || *h < 0 || *min < 0)
        return std::nullopt;
    const year_month_day date{year(static_cast<int>(*y)), month(static_cast<unsigned>(*m)),
                              day(static_cast<unsigned>(*d))};
    if (!date.ok())
        return std::nullopt;
    auto rest = digits.substr(std::min<std::size_t>(12, digits.size()));
    rest = rest.substr(0, rest.find_first_of("+-&"));
    const double days = static_cast<double>(sys_days(date).time_since_epoch().count());
    return days * 86400 + static_cast<double>(*h) * 3600 + static_cast<double>(*min) * 60 +
           text::number(rest).value_or(0);
}

std::string unitWords(const Code& unit) {
    return unit.value.empty() || unit.value == "1" || unit.value == "{unity}" ? "" : " " + unit.value;
}

struct Reference {
    std::size_t group = 0; // from 0
    LeadIndex lead;        // invalid: all channels
};

class AnnotationReader {
public:
    AnnotationReader(DcmDataset& data, const GroupTargets& groups, Recording& main)
        : groups_(groups)
        , main_(main)
        , start_(secondsOf(stringOf(data, DCM_AcquisitionDateTime))) {}

    void read(DcmItem& item) {
        const auto concept_ = codeOf(item, DCM_ConceptNameCodeSequence);
        const auto words = stringOf(item, DCM_UnformattedTextValue);
        const auto references = referencesOf(item);
        if (const auto value = numberOf(item, DCM_NumericValue)) {
            measurement(concept_, *value, codeOf(item, DCM_MeasurementUnitsCodeSequence), references);
            return;
        }
        if (hasPlace(item))
            marks(item, concept_, words, references);
        else
            statement(item, concept_, words);
    }

    void finish() {
        if (dropped_ > 0)
            main_.warnings.push_back(
                {WarningCode::Annotation,
                 std::to_string(dropped_) + " marks have no place in the signal or are too many; left out",
                 "waveform annotations"});
        for (auto* group : groups_)
            if (group != nullptr)
                std::stable_sort(
                    group->annotations.begin(), group->annotations.end(),
                    [](const Annotation& a, const Annotation& b) { return a.sample.value < b.sample.value; });
    }

private:
    static bool hasPlace(DcmItem& item) {
        return elementOf(item, DCM_ReferencedSamplePositions) != nullptr ||
               elementOf(item, DCM_ReferencedTimeOffsets) != nullptr ||
               elementOf(item, DCM_ReferencedDateTime) != nullptr;
    }

    // Pairs of group and channel, both from 1; channel 0 is all of them.
    std::vector<Reference> referencesOf(DcmItem& item) const {
        std::set<std::pair<std::size_t, std::int32_t>> found;
        const auto numbers = numbersOf(item, DCM_ReferencedWaveformChannels);
        for (std::size_t i = 0; i + 1 < numbers.size(); i += 2) {
            const auto group = static_cast<std::size_t>(std::clamp(numbers[i], 1.0, 65535.0)) - 1;
            const auto channel = static_cast<std::int32_t>(std::clamp(numbers[i + 1], 0.0, 65535.0));
            if (group < groups_.size() && groups_[group] != nullptr &&
                std::cmp_less_equal(channel, groups_[group]->leads.size()))
                found.insert({group, channel - 1});
        }
        std::vector<Reference> out;
        for (const auto& [group, channel] : found) {
            const auto all = found.contains({group, -1});
            if (!all || channel == -1)
                out.push_back({group, channel < 0 ? LeadIndex{} : LeadIndex{channel}});
        }
        if (numbers.size() < 2)
            for (std::size_t g = 0; g < groups_.size(); ++g)
                if (groups_[g] == &main_)
                    out.push_back({g, LeadIndex{}});
        return out;
    }

    // A number of one lead alone says nothing of the recording.
    void measurement(const Code& concept_, double value, const Code& unit, const std::vector<Reference>& references) {
        const bool oneLead = references.size() == 1 && references.front().lead.valid();
        if (const auto key = measurementKey(concept_, unit.value); key && !oneLead)
            main_.fileMeasurements.emplace(key->key, value * key->factor);
        else if (!concept_.empty()) {
            const auto name = concept_.meaning.empty() ? concept_.value : concept_.meaning;
            const auto lead = oneLead ? " of " + groups_[references.front().group]
                                                     ->leads[static_cast<std::size_t>(references.front().lead.value)]
                                                     .name
                                      : std::string();
            main_.metadata.comments.push_back(name + lead + ": " + text::shortest(value) + unitWords(unit));
        }
    }

    void statement(DcmItem& item, const Code& concept_, const std::string& words) {
        auto& metadata = main_.metadata;
        if (!words.empty()) {
            metadata.diagnosisTexts.push_back(words);
            return;
        }
        const auto value = codeOf(item, DCM_ConceptCodeSequence);
        const auto name = concept_.meaning.empty() ? concept_.value : concept_.meaning;
        if (!value.empty())
            metadata.diagnosisTexts.push_back((name.empty() ? "" : name + ": ") +
                                              (value.meaning.empty() ? value.value : value.meaning));
        else if (!name.empty())
            metadata.diagnosisTexts.push_back(name);
        for (const auto& code : {concept_, value})
            if (code.scheme == "SCT" && !code.value.empty())
                metadata.diagnosisCodes.push_back(code.value);
    }

    struct Places {
        std::vector<double> values;
        bool seconds = false; // else samples from 0
    };

    Places places(DcmItem& item) const {
        Places out;
        if (elementOf(item, DCM_ReferencedSamplePositions) != nullptr) {
            out.values = numbersOf(item, DCM_ReferencedSamplePositions);
            for (auto& value : out.values)
                value -= 1; // the first sample is 1
            return out;
        }
        out.seconds = true;
        if (elementOf(item, DCM_ReferencedTimeOffsets) != nullptr) {
            out.values = numbersOf(item, DCM_ReferencedTimeOffsets);
            return out;
        }
        const auto times = stringOf(item, DCM_ReferencedDateTime);
        for (const auto time : text::split(times, '\\')) {
            const auto seconds = secondsOf(text::trim(time));
            out.values.push_back(seconds && start_ ? *seconds - *start_ : -1);
        }
        return out;
    }

    void marks(DcmItem& item, const Code& concept_, const std::string& words,
               const std::vector<Reference>& references) {
        const auto type = stringOf(item, DCM_TemporalRangeType);
        const bool spans = type == "SEGMENT" || type == "MULTISEGMENT";
        auto mark = markOf(concept_).value_or(
            Mark{std::string(kNote), concept_.meaning.empty() ? concept_.value : concept_.meaning});
        if (!words.empty())
            mark = {std::string(kNote), words};
        if (mark.symbol.empty())
            mark.symbol = kNote;
        // A symbol that says all needs no words.
        const bool plain = concept_.scheme != kOwnScheme && markCode(mark.symbol, "").value == concept_.value;
        const auto found = places(item);
        for (std::size_t n = 0; n < references.size(); ++n) {
            auto& group = *groups_[references[n].group];
            const auto count = found.values.size();
            copies_ += n > 0 ? count : 0;
            if (count == 0 || made_ + count > kMaxMarks || (n > 0 && copies_ > kMaxCopies)) {
                dropped_ += std::max<std::size_t>(count, 1);
                continue;
            }
            for (std::size_t i = 0; i < count; ++i) {
                const double at = std::round(found.values[i] * (found.seconds ? group.samplingRate : 1.0));
                if (!(at >= 0 && at < static_cast<double>(group.samplesPromised))) {
                    ++dropped_;
                    continue;
                }
                ++made_;
                const auto symbol = type == "BEGIN" || (spans && i % 2 == 0) ? "("
                                    : type == "END" || spans                 ? ")"
                                                                             : mark.symbol;
                const bool edge = symbol != mark.symbol;
                group.annotations.push_back({SampleIndex{static_cast<std::int64_t>(at)}, references[n].lead, symbol,
                                             edge    ? spanText(mark, concept_)
                                             : plain ? std::string()
                                                     : mark.text,
                                             "dicom"});
            }
        }
        if (references.empty())
            ++dropped_;
    }

    static std::string spanText(const Mark& mark, const Code& concept_) {
        return mark.text.empty() ? concept_.meaning : mark.text;
    }

    const GroupTargets& groups_;
    Recording& main_;
    std::optional<double> start_;
    std::size_t made_ = 0;
    std::size_t copies_ = 0;
    std::size_t dropped_ = 0;
};

} // namespace

void readAnnotations(DcmDataset& data, const GroupTargets& groups, Recording& main) {
    AnnotationReader reader(data, groups, main);
    forEachItem(data, DCM_WaveformAnnotationSequence, [&](DcmItem& item) { reader.read(item); });
    reader.finish();
}

} // namespace precordia::dicom
