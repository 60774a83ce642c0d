// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/measured_signal.h"

#include "core/io/paged_recording.h"
#include "core/signal/ecg_leads.h"
#include "core/signal/measurements.h"
#include "core/signal/quality.h"
#include "core/study/privacy.h"

#include <algorithm>

namespace precordia {

namespace {

// Worst first: what leaves nothing to read, then what misleads, then what disturbs.
constexpr QualityFinding kWorstFirst[] = {
    QualityFinding::Missing,       QualityFinding::Flat,           QualityFinding::LeadOff,
    QualityFinding::SwapSuspected, QualityFinding::Clipped,        QualityFinding::Noise,
    QualityFinding::BaselineJump,  QualityFinding::BaselineWander, QualityFinding::Mains};

MeasuredQuality worstOf(const SignalQuality& quality) {
    const auto has = [](const std::vector<QualityNote>& notes, QualityFinding finding) {
        return std::any_of(notes.begin(), notes.end(), [&](const QualityNote& n) { return n.finding == finding; });
    };
    for (const QualityFinding finding : kWorstFirst) {
        MeasuredQuality out{std::string(name(finding)), {}};
        for (const auto& lead : quality.leads)
            if (has(lead.notes, finding))
                out.leads.push_back(lead.lead);
        if (!out.leads.empty() || has(quality.limbs, finding))
            return out;
    }
    return {"good", {}};
}

} // namespace

std::optional<MeasuredSignal> measureSignal(const Recording& beginning, double wholeSeconds) {
    if (ecgLeads(beginning).empty()) // whatever its length
        return MeasuredSignal{{}, {std::string(kNoEcgLeads), {}}};
    if (measuredPart(wholeSeconds) == MeasuredPart::Nothing)
        return std::nullopt;
    auto recording = cutPart(beginning, 0, kMeasuredSeconds);
    deriveLimbLeads(recording);
    const EcgAnalysis ecg = analyseEcg(recording);
    MeasuredSignal out{flat(ecg.measurements), worstOf(assessQuality(recording, ecg))};
    if (wholeSeconds > kMeasuredSeconds)
        for (const char* ofWhole : {"heart_rate_bpm", "rr_sd_ms"})
            out.values.erase(ofWhole);
    // A file may call a channel what it likes.
    const IdentityWords identity(beginning.metadata, {});
    std::erase_if(out.quality.leads, [&](const std::string& lead) { return identity.in(lead); });
    return out;
}

} // namespace precordia
