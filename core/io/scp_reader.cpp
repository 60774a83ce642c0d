// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/scp_reader.h"

#include "core/base/file.h"
#include "core/io/scp_container.h"
#include "core/io/scp_demographics.h"
#include "core/io/scp_leads.h"
#include "core/io/scp_measurements.h"
#include "core/io/scp_signal.h"
#include "core/io/signal_checks.h"
#include "core/io/text.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

namespace precordia {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kMaxBytes = 256U << 20U;
constexpr std::uint8_t kVersion3 = 30;

void append(std::vector<Warning>& to, std::vector<Warning> from) {
    std::move(from.begin(), from.end(), std::back_inserter(to));
}

// The QRS complexes that section 4 names; their types number the shapes, they are no diagnosis.
void addBeats(const scp::BeatTable& table, std::int64_t first, Recording& recording) {
    for (const auto& beat : table.beats)
        if (beat.fiducial >= first && beat.fiducial - first < std::max<std::int64_t>(recording.samplesPromised, 1))
            recording.annotations.push_back(
                {SampleIndex{beat.fiducial - first}, LeadIndex{}, "Q", "type " + std::to_string(beat.type), "scp"});
}

void addReferenceBeat(scp::Signals& signals, Recording& recording) {
    if (signals.reference.empty())
        return;
    Recording beat;
    beat.name = "reference beat";
    beat.samplingRate = signals.referenceRate;
    beat.samplesPromised = signals.referencePromised;
    beat.leads = std::move(signals.reference);
    beat.metadata.format = recording.metadata.format;
    makeLeadNamesUnique(beat);
    deriveLimbLeads(beat);
    beat.warnings.clear(); // the rhythm's leads have the same names, and say the same
    recording.warnings.push_back(
        {WarningCode::SkippedGroup,
         "kept apart from the rhythm: the reference beat, " + std::to_string(beat.leads.size()) + " leads",
         "section 5"});
    recording.medianBeats.push_back(std::move(beat));
}

// Sample 1 of the file, or the first one of the lead that began first.
std::int64_t firstSampleNumber(const scp::LeadLayout& layout) {
    std::int64_t first = 0;
    for (const auto& lead : layout.leads)
        if (lead.length() > 0)
            first = first == 0 ? lead.first : std::min(first, lead.first);
    return std::max<std::int64_t>(first, 1);
}

// Leads that were recorded one after the other do not add up to others.
bool limbLeadsTogether(const scp::LeadLayout& layout) {
    const scp::LeadRange* one = nullptr;
    for (const auto& lead : layout.leads) {
        const auto name = scp::leadName(lead.number);
        if (name != "I" && name != "II" && name != "III")
            continue;
        if (one != nullptr && (one->first != lead.first || one->last != lead.last))
            return false;
        one = &lead;
    }
    return true;
}

} // namespace

int ScpReader::recognises(const FileHead& head) const {
    return scp::looksLikeScp(head.bytes);
}

Result<Recording> ScpReader::read(const fs::path& path, const ReadOptions& options) const {
    const auto bytes = readFile(path, kMaxBytes);
    if (!bytes)
        return bytes.as<Recording>();
    auto recording = readScp(*bytes, path.string(), options);
    if (recording)
        recording->name = path.stem().string();
    return recording;
}

Result<Recording> readScp(std::span<const std::byte> bytes, const std::string& file, const ReadOptions& options) {
    auto container = scp::openContainer(bytes, file);
    if (!container)
        return container.as<Recording>();
    auto sections = scp::signalSections(*container, file);
    if (!sections)
        return sections.as<Recording>();
    auto signals = scp::decodeSignals(*sections, file, options.metadataOnly, options.stop);
    if (!signals)
        return signals.as<Recording>();

    Recording recording;
    recording.metadata.format = "scp";
    recording.samplingRate = signals->samplingRate;
    recording.samplesPromised = signals->samplesPromised;
    recording.leads = std::move(signals->leads);
    append(recording.warnings, std::move(container->warnings));
    append(recording.warnings, std::move(sections->warnings));
    append(recording.warnings, std::move(signals->warnings));
    if (std::max(container->version, container->find(6)->version) >= kVersion3)
        recording.warnings.push_back({WarningCode::Repaired,
                                      "the file calls itself SCP-ECG 3.0 or later; it was read by the rules of 2.0",
                                      "section 0"});
    makeLeadNamesUnique(recording);
    if (sections->beats)
        addBeats(*sections->beats, firstSampleNumber(sections->layout), recording);
    if (const auto* section = container->find(1))
        scp::readDemographics(*section, recording);
    else
        recording.warnings.push_back(
            {WarningCode::Repaired, "the file says nothing of patient and acquisition", "section 1"});
    if (const auto* section = container->find(7))
        scp::readGlobalMeasurements(*section, recording);
    if (const auto* section = container->find(10))
        scp::readLeadMeasurements(*section, recording);
    if (!options.annotations)
        recording.annotations.clear();
    scp::readReports(*container, recording);
    addReferenceBeat(*signals, recording);
    if (limbLeadsTogether(sections->layout))
        deriveLimbLeads(recording);
    if (!options.metadataOnly)
        warnImplausibleUnits(recording);
    return recording;
}

} // namespace precordia
