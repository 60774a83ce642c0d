// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explore/frequent_labels.h"

#include <algorithm>
#include <map>
#include <set>

namespace precordia {

namespace {

struct Candidate {
    const RecordingRow* row;
    std::int64_t window; // its first
};

bool has(const RecordingRow& row, const std::string& label) {
    return std::find(row.labels.begin(), row.labels.end(), label) != row.labels.end();
}

// 1, 0, -1 of each candidate.
std::vector<int> valuesOf(const std::vector<Candidate>& candidates, const std::string& label) {
    std::set<std::string> datasets;
    for (const auto& c : candidates)
        if (has(*c.row, label))
            datasets.insert(c.row->dataset);
    std::vector<int> out;
    for (const auto& c : candidates) {
        const bool speaks = datasets.contains(c.row->dataset) && (!c.row->dataset.empty() || !c.row->labels.empty());
        out.push_back(has(*c.row, label) ? 1 : speaks ? 0 : -1);
    }
    return out;
}

} // namespace

Result<ProbeLabels> frequentLabels(const Study& study, const SignalCache& windows,
                                   const FrequentLabelOptions& options) {
    const auto rows = study.query();
    if (!rows)
        return rows.as<ProbeLabels>();
    const auto names = study.labels();
    if (!names)
        return names.as<ProbeLabels>();
    std::map<RecordingId, const RecordingRow*> byId;
    for (const auto& row : *rows)
        byId.emplace(row.id, &row);
    std::vector<Candidate> candidates;
    std::set<RecordingId> taken;
    for (std::int64_t i = 0; i < windows.size(); ++i) {
        const auto id = windows.recording(i);
        if (const auto found = byId.find(id); found != byId.end() && taken.insert(id).second)
            candidates.push_back({found->second, i});
    }

    ProbeLabels out;
    std::vector<std::vector<int>> values;
    for (const auto& [name, count] : *names) {
        if (out.names.size() == options.labels)
            break;
        auto of = valuesOf(candidates, name);
        if (std::count(of.begin(), of.end(), 1) < options.least || std::count(of.begin(), of.end(), 0) < options.least)
            continue;
        out.names.push_back(name);
        values.push_back(std::move(of));
    }
    std::vector<std::size_t> known;
    for (std::size_t i = 0; i < candidates.size(); ++i)
        if (std::any_of(values.begin(), values.end(), [i](const auto& of) { return of[i] >= 0; }))
            known.push_back(i);
    const auto shown = std::min(known.size(), options.windows);
    std::map<std::string, std::int64_t> patients;
    for (std::size_t k = 0; k < shown; ++k) {
        const auto i = known[k * known.size() / shown];
        const auto& row = *candidates[i].row;
        out.windows.push_back(candidates[i].window);
        const auto own = static_cast<std::int64_t>(k);
        out.groups.push_back(row.patient.empty() ? own : patients.emplace(row.patient, own).first->second);
        for (const auto& of : values)
            out.values.push_back(of[i]);
    }
    return out;
}

} // namespace precordia
