// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/map/map_colouring.h"

#include "ui/theme/theme.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

namespace precordia {

namespace {

constexpr std::size_t kShownCategories = 10; // the rest is "other"

std::optional<double> numberOf(const RecordingRow& row, MapField field) {
    switch (field) {
    case MapField::HeartRate:
        return row.heartRateBpm;
    case MapField::RrSpread:
        return row.rrSdMs;
    case MapField::Age:
        return row.ageYears;
    case MapField::Surprise:
        return row.surprise;
    default:
        return std::nullopt;
    }
}

// A recording with several labels is shown under the rarest of the shown ones: "sinus rhythm" says least.
std::string labelOf(const RecordingRow& row, const std::map<std::string, int>& counts) {
    std::string best;
    int fewest = 0;
    for (const auto& label : row.labels) {
        const auto found = counts.find(label);
        if (found != counts.end() && (best.empty() || found->second < fewest)) {
            best = label;
            fewest = found->second;
        }
    }
    return best;
}

std::map<std::string, int> frequentLabels(const std::vector<RecordingRow>& rows) {
    std::map<std::string, int> counts;
    for (const auto& row : rows)
        for (const auto& label : row.labels)
            ++counts[label];
    std::vector<std::pair<int, std::string>> order;
    for (const auto& [label, count] : counts)
        order.emplace_back(count, label);
    std::sort(order.rbegin(), order.rend());
    std::map<std::string, int> out;
    for (std::size_t i = 0; i < order.size() && i < kShownCategories; ++i)
        out[order[i].second] = order[i].first;
    return out;
}

MapColouring numeric(const std::vector<RecordingRow>& rows, MapField field) {
    MapColouring out;
    out.numeric = true;
    std::vector<double> values;
    for (const auto& row : rows)
        if (const auto v = numberOf(row, field))
            values.push_back(*v);
    std::sort(values.begin(), values.end());
    if (!values.empty()) {
        const auto at = [&](double share) {
            return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
        };
        out.low = at(0.05);
        out.high = std::max(at(0.95), out.low + 1e-9);
    }
    for (const auto& row : rows) {
        const auto v = numberOf(row, field);
        if (!v) {
            out.marks.push_back({theme().disabled, 0, true});
            continue;
        }
        const double t = std::clamp((*v - out.low) / (out.high - out.low), 0.0, 1.0);
        out.marks.push_back({field == MapField::Surprise ? batlow(t) : cividis(t), 0, false});
    }
    return out;
}

} // namespace

std::vector<MapField> MapColours::fields() {
    return {MapField::Label,    MapField::Cluster, MapField::HeartRate, MapField::RrSpread,
            MapField::Surprise, MapField::DataSet, MapField::Age,       MapField::Sex};
}

QString MapColours::fieldName(MapField field) {
    switch (field) {
    case MapField::Label:
        return tr("label");
    case MapField::Cluster:
        return tr("cluster");
    case MapField::DataSet:
        return tr("data set");
    case MapField::Sex:
        return tr("sex");
    case MapField::HeartRate:
        return tr("heart rate");
    case MapField::RrSpread:
        return tr("RR spread");
    case MapField::Age:
        return tr("age");
    case MapField::Surprise:
        return tr("surprise");
    }
    return {};
}

MapColouring MapColours::colour(const std::vector<RecordingRow>& rows, MapField field) {
    if (field == MapField::HeartRate || field == MapField::RrSpread || field == MapField::Age ||
        field == MapField::Surprise) {
        auto out = numeric(rows, field);
        out.unit = field == MapField::HeartRate  ? tr("bpm")
                   : field == MapField::RrSpread ? tr("ms")
                   : field == MapField::Age      ? tr("years")
                                                 : tr("latent error");
        return out;
    }
    const auto frequent = field == MapField::Label ? frequentLabels(rows) : std::map<std::string, int>{};
    std::vector<std::string> keys;
    std::map<std::string, int> counts;
    for (const auto& row : rows) {
        std::string key;
        if (field == MapField::Label)
            key = labelOf(row, frequent);
        else if (field == MapField::Cluster)
            key = row.cluster && *row.cluster >= 0 ? tr("cluster %1").arg(*row.cluster).toStdString() : std::string{};
        else if (field == MapField::DataSet)
            key = row.dataset;
        else
            key = row.sex == "female" ? tr("female").toStdString()
                  : row.sex == "male" ? tr("male").toStdString()
                                      : std::string{};
        keys.push_back(key);
        ++counts[key];
    }
    std::vector<std::pair<int, std::string>> order;
    for (const auto& [key, count] : counts)
        if (!key.empty())
            order.emplace_back(count, key);
    std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
        return a.first != b.first ? a.first > b.first : a.second < b.second;
    });
    std::map<std::string, MapColouring::Mark> marks;
    MapColouring out;
    const auto& colours = theme().categories;
    int others = counts.count({}) ? counts.at({}) : 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
        if (i >= 2 * colours.size()) {
            others += order[i].first;
            continue;
        }
        // Neighbouring categories differ in shape too: never colour alone.
        const MapColouring::Mark mark{colours[i % colours.size()], static_cast<int>((i + i / colours.size()) % 4),
                                      false};
        marks[order[i].second] = mark;
        out.legend.push_back({QString::fromStdString(order[i].second), mark.colour, mark.shape, order[i].first});
    }
    if (others > 0)
        out.legend.push_back({tr("other or none"), theme().disabled, 0, others});
    for (const auto& key : keys) {
        const auto found = marks.find(key);
        out.marks.push_back(found == marks.end() ? MapColouring::Mark{theme().disabled, 0, true} : found->second);
    }
    return out;
}

} // namespace precordia
