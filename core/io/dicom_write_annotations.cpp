// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/dicom_write_annotations.h"

#include "core/io/dicom_build.h"
#include "core/io/snomed.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace precordia::dicom {

namespace {

constexpr std::size_t kMaxPositions = 16'000; // a UL of explicit VR holds 16383
constexpr std::size_t kLongestText = 1024;

std::string waveOf(const std::string& symbol) {
    if (symbol == "p")
        return "P";
    if (symbol == "t")
        return "T";
    static constexpr std::string_view kBeats = "NLRBAaJSVrFejnE/fQ?";
    return symbol.size() == 1 && kBeats.find(symbol) != std::string_view::npos ? "QRS" : "";
}

// "(" and ")" say which wave they belong to by the peak between them (MIT delineation): "P onset", "QRS offset".
std::vector<std::string> textsOf(const std::vector<Annotation>& annotations) {
    std::map<std::pair<std::int32_t, std::string>, std::size_t> open; // last "(" of a lead and source
    std::map<std::pair<std::int32_t, std::string>, std::string> wave;
    std::vector<std::string> out(annotations.size());
    for (std::size_t i = 0; i < annotations.size(); ++i) {
        const auto& a = annotations[i];
        const std::pair place{a.lead.value, a.source};
        out[i] = a.text;
        if (a.symbol == "(") {
            open[place] = i;
            wave.erase(place);
        } else if (const auto name = waveOf(a.symbol); !name.empty()) {
            wave[place] = name;
            if (const auto begin = open.find(place); begin != open.end() && out[begin->second].empty())
                out[begin->second] = name + " onset";
            open.erase(place);
        } else if (a.symbol == ")") {
            if (out[i].empty() && wave.contains(place))
                out[i] = wave[place] + " offset";
            wave.erase(place);
        }
    }
    return out;
}

void putReference(DcmItem& item, unsigned group, LeadIndex lead) {
    const std::array<Uint16, 2> pair{static_cast<Uint16>(group),
                                     static_cast<Uint16>(lead.valid() ? lead.value + 1 : 0)};
    (void)item.putAndInsertUint16Array(DCM_ReferencedWaveformChannels, pair.data(), pair.size());
}

using Positions = std::map<std::tuple<std::string, std::string, std::int32_t>, std::vector<Uint32>>;

// SCP-ECG has no code for the onset of T: onset and offset of one T wave are its span (CID 3335). What is put into
// `spans`, by lead, is told apart by an empty symbol in `symbols`.
std::map<std::int32_t, std::vector<Uint32>> tWaves(const std::vector<Annotation>& annotations,
                                                   const std::vector<std::string>& texts,
                                                   std::vector<std::string>& symbols) {
    std::map<std::int32_t, std::vector<Uint32>> spans;
    std::map<std::pair<std::int32_t, std::string>, std::size_t> open;
    for (std::size_t i = 0; i < annotations.size(); ++i) {
        const auto& a = annotations[i];
        const std::pair place{a.lead.value, a.source};
        if (symbols[i] == "(" && (texts[i] == "T onset" || texts[i] == "T wave"))
            open[place] = i;
        else if (symbols[i] == ")" && (texts[i] == "T offset" || texts[i] == "T wave") && open.contains(place)) {
            const auto begin = open[place];
            auto& span = spans[a.lead.valid() ? a.lead.value : -1];
            span.push_back(static_cast<Uint32>(annotations[begin].sample.value + 1));
            span.push_back(static_cast<Uint32>(a.sample.value + 1));
            symbols[i].clear();
            symbols[begin].clear();
            open.erase(place);
        }
    }
    return spans;
}

// Positions beyond what one element holds go on in another item.
void putPositions(DcmItem& data, const Code& code, unsigned group, std::int32_t lead,
                  const std::vector<Uint32>& positions, bool spans) {
    for (std::size_t at = 0; at < positions.size(); at += kMaxPositions) {
        const auto count = std::min(kMaxPositions, positions.size() - at);
        auto& item = addItem(data, DCM_WaveformAnnotationSequence);
        putCode(item, DCM_ConceptNameCodeSequence, code);
        putReference(item, group, lead < 0 ? LeadIndex{} : LeadIndex{lead});
        put(item, DCM_TemporalRangeType,
            spans ? (count == 2 ? "SEGMENT" : "MULTISEGMENT") : (count == 1 ? "POINT" : "MULTIPOINT"));
        (void)item.putAndInsertUint32Array(DCM_ReferencedSamplePositions, positions.data() + at,
                                           static_cast<unsigned long>(count));
    }
}

// Marks that differ in their place alone share an item.
void putMarks(DcmItem& data, const Recording& r, unsigned group) {
    std::vector<Annotation> inside;
    for (const auto& a : r.annotations)
        if (a.sample.value >= 0 && static_cast<std::size_t>(a.sample.value) < r.samples())
            inside.push_back(a);
    const auto texts = textsOf(inside);
    std::vector<std::string> symbols;
    for (const auto& a : inside)
        symbols.push_back(a.symbol);
    for (const auto& [lead, positions] : tWaves(inside, texts, symbols))
        putPositions(data, markCode("t", ""), group, lead, positions, true);
    Positions places;
    for (std::size_t i = 0; i < inside.size(); ++i)
        if (const auto& a = inside[i]; !symbols[i].empty())
            places[{symbols[i], texts[i], a.lead.valid() ? a.lead.value : -1}].push_back(
                static_cast<Uint32>(a.sample.value + 1)); // the first sample is 1
    for (auto& [key, positions] : places) {
        const auto& [symbol, words, lead] = key;
        std::sort(positions.begin(), positions.end());
        putPositions(data, markCode(symbol, words), group, lead, positions, false);
    }
}

void putText(DcmItem& data, const std::string& words) {
    if (words.empty())
        return;
    auto& item = addItem(data, DCM_WaveformAnnotationSequence);
    put(item, DCM_UnformattedTextValue, words);
    putReference(item, 1, {});
}

void putFindings(DcmItem& data, const Metadata& metadata) {
    for (const auto& words : metadata.diagnosisTexts)
        putText(data, plainText(words, kLongestText));
    for (const auto& code : metadata.diagnosisCodes) {
        const bool digits = !code.empty() &&
                            std::all_of(code.begin(), code.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
        if (!digits || code.size() > 16)
            continue;
        auto& item = addItem(data, DCM_WaveformAnnotationSequence);
        putCode(item, DCM_ConceptNameCodeSequence, {code, "SCT", snomedName(code).value_or(code)});
        putReference(item, 1, {});
    }
}

void putMeasurements(DcmItem& data, const Measurements& measurements) {
    for (const auto& [key, value] : measurements) {
        if (!std::isfinite(value))
            continue;
        const auto code = measurementCode(key);
        auto& item = addItem(data, DCM_WaveformAnnotationSequence);
        putCode(item, DCM_ConceptNameCodeSequence, code.concept_);
        putNumber(item, DCM_NumericValue, value);
        putCode(item, DCM_MeasurementUnitsCodeSequence, code.unit);
        putReference(item, 1, {});
    }
}

} // namespace

void putAnnotations(DcmItem& data, const Recording& recording, const std::vector<const Recording*>& groups) {
    putFindings(data, recording.metadata);
    putMeasurements(data, recording.fileMeasurements);
    for (std::size_t g = 0; g < groups.size(); ++g)
        putMarks(data, *groups[g], static_cast<unsigned>(g + 1));
}

} // namespace precordia::dicom
