// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/map/map_colouring.h"

#include "ui/map/scatter_canvas.h"
#include "ui/theme/theme.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

namespace precordia {

namespace {

constexpr std::size_t kShownCategories = 10; // the rest is "other"

// What no category tells: seen, but nobody's colour.
MapColouring::Mark noCategory(int shape) {
    return {theme().secondary, shape, true};
}

bool hasSeveral(const RecordingRow& row) {
    return row.labels.size() > 1;
}

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

// The category of a recording; "": none that is shown.
std::string keyOf(const RecordingRow& row, MapField field, const std::map<std::string, int>& frequent) {
    switch (field) {
    case MapField::Label:
        return labelOf(row, frequent);
    case MapField::Cluster:
        return row.cluster && *row.cluster >= 0 ? MapColours::tr("cluster %1").arg(*row.cluster).toStdString()
                                                : std::string{};
    case MapField::DataSet:
        return row.dataset;
    default:
        return row.sex == "female" ? MapColours::tr("female").toStdString()
               : row.sex == "male" ? MapColours::tr("male").toStdString()
                                   : std::string{};
    }
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
            out.marks.push_back(noCategory(kRing));
            ++out.missing;
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
        keys.push_back(keyOf(row, field, frequent));
        ++counts[keys.back()];
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
    for (std::size_t i = 0; i < order.size() && i < 2 * colours.size(); ++i) {
        // Neighbouring categories differ in shape too: never colour alone.
        const MapColouring::Mark mark{colours[i % colours.size()], static_cast<int>((i + i / colours.size()) % 4),
                                      false};
        const auto& [count, key] = order[i];
        marks[key] = mark;
        const auto all = frequent.find(key);
        out.legend.push_back({QString::fromStdString(key), mark.colour, mark.shape, count,
                              all != frequent.end() && all->second > count ? all->second : 0});
    }
    // Of another label, or of a category too many: a ring. Of nothing at all: a cross.
    int others = 0, none = 0, several = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto found = marks.find(keys[i]);
        const bool nothing = keys[i].empty() && (field != MapField::Label || rows[i].labels.empty());
        several += hasSeveral(rows[i]) ? 1 : 0;
        others += found == marks.end() && !nothing ? 1 : 0;
        none += nothing ? 1 : 0;
        out.marks.push_back(found == marks.end() ? noCategory(nothing ? kCross : kRing) : found->second);
    }
    if (others > 0)
        out.legend.push_back(
            {field == MapField::Label ? tr("other labels") : tr("other"), theme().secondary, kRing, others, 0});
    if (none > 0)
        out.legend.push_back(
            {field == MapField::Label ? tr("no label") : tr("not known"), theme().secondary, kCross, none, 0});
    if (field == MapField::Label && several > 0)
        out.note = tr("%n recording(s) with several labels: each is one dot, in the colour of the rarest of its labels "
                      "that are listed here. \"3 of 8\": 3 dots in this colour, 8 recordings with the label.",
                      nullptr, several);
    return out;
}

} // namespace precordia
