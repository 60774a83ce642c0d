// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/dicom_reader.h"

#include "core/io/dicom_annotations.h"
#include "core/io/dicom_file.h"
#include "core/io/dicom_group.h"
#include "core/io/dicom_metadata.h"
#include "core/io/signal_checks.h"
#include "core/io/text.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <tuple>
#include <utility>

namespace precordia {

namespace fs = std::filesystem;

namespace {

constexpr double kLongestBeat = 3; // seconds: a derived group no longer than this is a beat, not a rhythm
constexpr std::size_t kMaxGroups = 10'000;

struct Groups {
    std::vector<dicom::Group> read;
    std::vector<Warning> skipped;
    std::optional<Error> firstError;
};

Groups groupsOf(DcmDataset& data, const fs::path& path) {
    Groups out;
    std::size_t number = 0;
    dicom::forEachItem(data, DCM_WaveformSequence, [&](DcmItem& item) {
        if (number >= kMaxGroups)
            return;
        auto group = dicom::Group::of(item, number++, path.string());
        if (group) {
            out.read.push_back(std::move(*group));
            return;
        }
        out.skipped.push_back(
            {WarningCode::SkippedGroup, group.error().message, "multiplex group " + std::to_string(number)});
        if (!out.firstError)
            out.firstError = group.error();
    });
    return out;
}

// The rhythm: what holds voltages and is no median beat; the group that calls itself so, recorded rather than derived,
// of the most leads, the longest. The first of equals.
std::size_t rhythmGroup(const std::vector<dicom::Group>& groups) {
    const auto rank = [](const dicom::Group& g) {
        return std::tuple(g.voltages() > 0, !g.saysMedian(), g.saysRhythm(), g.original(),
                          g.seconds() * static_cast<double>(g.voltages()), g.seconds());
    };
    return static_cast<std::size_t>(
        std::max_element(groups.begin(), groups.end(),
                         [&](const dicom::Group& a, const dicom::Group& b) { return rank(a) < rank(b); }) -
        groups.begin());
}

bool isMedian(const dicom::Group& group, const dicom::Group& main) {
    return group.saysMedian() || (!group.original() && group.seconds() <= kLongestBeat &&
                                  group.seconds() < main.seconds() && group.voltages() > 0);
}

// The same stretch of time at another rate.
std::optional<SampleRange> rangeFor(const dicom::Group& group, const dicom::Group& main,
                                    const std::optional<SampleRange>& range) {
    if (!range)
        return std::nullopt;
    const auto scaled = [&](std::int64_t samples) {
        const double value = std::round(static_cast<double>(samples) / main.samplingRate() * group.samplingRate());
        return static_cast<std::int64_t>(std::clamp(value, -9e15, 9e15));
    };
    return SampleRange{scaled(range->first), scaled(range->count)};
}

Warning keptApart(const dicom::Group& group, const dicom::Group& main, const Recording& recording) {
    const bool otherRate = group.samplingRate() != main.samplingRate();
    const auto rounded = [](double value) { return text::shortest(std::round(value * 1000) / 1000); };
    std::string message = "kept apart from the rhythm: " + std::to_string(recording.leads.size()) + " leads of " +
                          rounded(group.seconds()) + " s";
    if (otherRate)
        message += " at " + text::shortest(group.samplingRate()) + " Hz";
    if (const auto later = group.offsetSeconds() - main.offsetSeconds(); std::abs(later) > 1e-9)
        message += ", " + rounded(std::abs(later)) + (later > 0 ? " s later" : " s earlier");
    return {otherRate ? WarningCode::OtherRates : WarningCode::SkippedGroup, message,
            group.label().empty() ? "multiplex group " + std::to_string(group.number() + 1) : group.label()};
}

// 12-lead and General ECG are sampled at 200 to 1000 Hz, ambulatory ECG at 50 to 1000 Hz (PS3.3, A.34.3 to A.34.5).
void checkRate(const std::string& uid, Recording& recording) {
    const bool ambulatory = uid == UID_AmbulatoryECGWaveformStorage;
    if (!ambulatory && uid != UID_TwelveLeadECGWaveformStorage && uid != UID_GeneralECGWaveformStorage)
        return;
    const double lowest = ambulatory ? 50 : 200;
    if (recording.samplingRate < lowest || recording.samplingRate > 1000)
        recording.warnings.push_back({WarningCode::RateContradiction,
                                      text::shortest(recording.samplingRate) + " Hz, but objects of this class have " +
                                          text::shortest(lowest) + " to 1000 Hz",
                                      "sampling frequency"});
}

Error noEcg(DcmDataset& data, const fs::path& path, const Groups& groups) {
    if (groups.read.empty() && groups.firstError)
        return *groups.firstError;
    const auto uid = dicom::stringOf(data, DCM_SOPClassUID);
    const char* name = dcmFindNameOfUID(uid.c_str());
    return makeError(ErrorCode::FormatUnsupported,
                     std::string(groups.read.empty() ? "a DICOM object without waveforms ("
                                                     : "a DICOM object whose waveforms are no ECG (") +
                         (name != nullptr ? name : "unknown class") + ")",
                     path.string());
}

Result<Recording> readGroups(DcmDataset& data, const fs::path& path, const ReadOptions& options) {
    auto groups = groupsOf(data, path);
    const auto main = groups.read.empty() ? 0 : rhythmGroup(groups.read);
    const bool sound = dicom::stringOf(data, DCM_Modality) == "AU";
    const bool described = std::any_of(groups.read.begin(), groups.read.end(),
                                       [](const dicom::Group& g) { return g.voltages() > 0 || !g.hasUnits(); });
    if (groups.read.empty() || sound || !described)
        return noEcg(data, path, groups);
    auto recording = groups.read[main].read(options.range, options.metadataOnly, options.stop);
    if (!recording)
        return recording;
    std::vector<std::pair<std::size_t, bool>> places; // group number, median
    for (auto& group : groups.read) {
        if (&group == &groups.read[main])
            continue;
        const bool median = isMedian(group, groups.read[main]);
        auto other = group.read(median ? std::nullopt : rangeFor(group, groups.read[main], options.range),
                                options.metadataOnly, options.stop);
        if (!other)
            return other;
        recording->warnings.push_back(keptApart(group, groups.read[main], *other));
        (median ? recording->medianBeats : recording->otherGroups).push_back(std::move(*other));
        places.emplace_back(group.number(), median);
    }
    for (auto& warning : groups.skipped)
        recording->warnings.push_back(std::move(warning));
    dicom::GroupTargets targets(std::min<std::size_t>(groups.read.size() + groups.skipped.size(), kMaxGroups));
    targets[groups.read[main].number()] = &*recording;
    std::size_t medians = 0;
    std::size_t others = 0;
    for (const auto& [number, median] : places)
        targets[number] = median ? &recording->medianBeats[medians++] : &recording->otherGroups[others++];
    dicom::readAnnotations(data, targets, *recording);
    return recording;
}

} // namespace

int DicomReader::recognises(const FileHead& head) const {
    return dicom::hasPreamble(head.bytes) || dicom::looksBare(head.bytes) ? 2 : 0;
}

Result<Recording> DicomReader::read(const fs::path& path, const ReadOptions& options) const {
    auto file = dicom::open(path);
    if (!file)
        return file.as<Recording>();
    auto& data = *file->dataset;
    auto recording = readGroups(data, path, options);
    if (!recording)
        return recording;
    recording->name = path.stem().string();
    dicom::readMetadata(data, recording->metadata);
    dicom::checkUids(data, *recording);
    checkRate(dicom::stringOf(data, DCM_SOPClassUID), *recording);
    if (!file->layout.preamble)
        recording->warnings.push_back(
            {WarningCode::Repaired, "it has no preamble; its encoding was told by its first elements", "file"});
    if (file->unknownCharacters)
        recording->warnings.push_back(
            {WarningCode::Repaired,
             "its texts in the character set " + dicom::stringOf(data, DCM_SpecificCharacterSet) + " stay as they are",
             "file"});
    if (!options.metadataOnly)
        warnImplausibleUnits(*recording);
    return recording;
}

} // namespace precordia
