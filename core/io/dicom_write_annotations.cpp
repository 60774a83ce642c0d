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

// Marks that differ in their place alone share an item.
void putMarks(DcmItem& data, const Recording& r, unsigned group) {
    const auto texts = textsOf(r.annotations);
    std::map<std::tuple<std::string, std::string, std::int32_t>, std::vector<Uint32>> places;
    for (std::size_t i = 0; i < r.annotations.size(); ++i) {
        const auto& a = r.annotations[i];
        if (a.sample.value < 0 || static_cast<std::size_t>(a.sample.value) >= r.samples())
            continue;
        places[{a.symbol, texts[i], a.lead.valid() ? a.lead.value : -1}].push_back(
            static_cast<Uint32>(a.sample.value + 1)); // the first sample is 1
    }
    for (auto& [key, positions] : places) {
        const auto& [symbol, words, lead] = key;
        std::sort(positions.begin(), positions.end());
        for (std::size_t at = 0; at < positions.size(); at += kMaxPositions) {
            const auto count = std::min(kMaxPositions, positions.size() - at);
            auto& item = addItem(data, DCM_WaveformAnnotationSequence);
            putCode(item, DCM_ConceptNameCodeSequence, markCode(symbol, words));
            putReference(item, group, lead < 0 ? LeadIndex{} : LeadIndex{lead});
            put(item, DCM_TemporalRangeType, count == 1 ? "POINT" : "MULTIPOINT");
            (void)item.putAndInsertUint32Array(DCM_ReferencedSamplePositions, positions.data() + at,
                                               static_cast<unsigned long>(count));
        }
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
