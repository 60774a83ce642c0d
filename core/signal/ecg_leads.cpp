// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/signal/ecg_leads.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

namespace precordia {
namespace {

struct OtherSignal {
    std::string_view word, what;
};

// Words of channel names: of EDF's standard texts, of the monitors behind PhysioNet's waveform records, of MDC's terms.
constexpr std::array<OtherSignal, 38> others{{
    {"eeg", "an EEG"},
    {"ecog", "an EEG"},
    {"eog", "an EOG"},
    {"emg", "an EMG"},
    {"ppg", "a pulse wave"},
    {"pleth", "a pulse wave"},
    {"pulse", "a pulse wave"},
    {"spo2", "an oxygen saturation"},
    {"sao2", "an oxygen saturation"},
    {"abp", "a blood pressure"},
    {"abpsys", "a blood pressure"},
    {"abpdias", "a blood pressure"},
    {"abpmean", "a blood pressure"},
    {"nbp", "a blood pressure"},
    {"art", "a blood pressure"},
    {"bp", "a blood pressure"},
    {"cvp", "a blood pressure"},
    {"pap", "a blood pressure"},
    {"icp", "a pressure"},
    {"resp", "breathing"},
    {"respiration", "breathing"},
    {"airflow", "breathing"},
    {"flow", "breathing"},
    {"thorax", "breathing"},
    {"abdomen", "breathing"},
    {"snore", "breathing"},
    {"co2", "breathing"},
    {"icg", "an impedance"},
    {"gsr", "a skin conductance"},
    {"eda", "a skin conductance"},
    {"temp", "a temperature"},
    {"acc", "an acceleration"},
    {"accel", "an acceleration"},
    {"uc", "a uterine activity"},
    {"toco", "a uterine activity"},
    {"pcg", "heart sounds"},
    {"marker", "a marker"},
    {"status", "a marker"},
}};

std::vector<std::string> wordsOf(std::string_view name) {
    std::vector<std::string> out(1);
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        if (std::isalnum(byte))
            out.back() += static_cast<char>(std::tolower(byte));
        else if (!out.back().empty())
            out.emplace_back();
    }
    return out;
}

// A place of the 10-20 system. C1 to C6 alone are not: so are V1 to V6 called where ECGs follow IEC.
bool isEegPlace(const std::string& word) {
    static constexpr std::array<std::string_view, 12> regions{"fp", "af", "f", "fc", "ft", "t",
                                                              "tp", "cp", "p", "po", "o",  "c"};
    if (word.size() < 2 || word.size() > 3)
        return false;
    const std::string_view region = std::string_view(word).substr(0, word.size() - 1);
    const char side = word.back();
    const bool known = std::find(regions.begin(), regions.end(), region) != regions.end();
    return known && (side == 'z' || (region != "c" && side >= '1' && side <= '9'));
}

// "C3-A2", "C4-M1": against an ear.
bool isEegPair(const std::vector<std::string>& words) {
    const auto ear = [](const std::string& w) { return w == "a1" || w == "a2" || w == "m1" || w == "m2"; };
    return words.size() >= 2 && words[0].size() >= 2 && words[0][0] == 'c' && ear(words[1]);
}

bool hasNoUnit(const std::string& unit) {
    static constexpr std::array<std::string_view, 9> none{"", "nu", "au", "a.u.", "adu", "1", "counts", "count", "raw"};
    std::string lower;
    for (const char c : unit)
        lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return std::find(none.begin(), none.end(), lower) != none.end();
}

} // namespace

std::string reasonNotEcg(const Lead& lead) {
    if (lead.unit != "uV" && !hasNoUnit(lead.unit))
        return "its unit is " + lead.unit;
    const auto words = wordsOf(lead.name);
    // "ECG art": whoever says ECG means it.
    if (std::any_of(words.begin(), words.end(), [](const std::string& w) { return w == "ecg" || w == "ekg"; }))
        return {};
    for (const std::string& word : words)
        for (const OtherSignal& other : others)
            if (word == other.word)
                return "its name is that of " + std::string(other.what);
    if (isEegPair(words) || std::any_of(words.begin(), words.end(), isEegPlace))
        return "its name is that of an EEG";
    return {};
}

std::vector<const Lead*> ecgLeads(const Recording& recording) {
    std::vector<const Lead*> out;
    const bool anyVolt = std::any_of(recording.leads.begin(), recording.leads.end(),
                                     [](const Lead& lead) { return lead.unit == "uV" && reasonNotEcg(lead).empty(); });
    for (const Lead& lead : recording.leads)
        if ((!anyVolt || lead.unit == "uV") && reasonNotEcg(lead).empty())
            out.push_back(&lead);
    return out;
}

} // namespace precordia
