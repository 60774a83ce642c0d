// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/map/selection_profile.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <unordered_set>

namespace precordia {

namespace {

struct Moments {
    int n = 0;
    double sum = 0, squares = 0;
    void add(double v) {
        ++n;
        sum += v;
        squares += v * v;
    }
    double mean() const { return n > 0 ? sum / n : 0; }
    double variance() const { return n > 1 ? std::max(0.0, (squares - sum * sum / n) / (n - 1)) : 0; }
};

ValueContrast contrast(const std::string& name, const Moments& in, const Moments& out) {
    ValueContrast c{name, in.n, in.mean(), out.mean(), 0};
    if (in.n > 1 && out.n > 1) {
        const double pooled =
            std::sqrt(((in.n - 1) * in.variance() + (out.n - 1) * out.variance()) / (in.n + out.n - 2));
        c.d = pooled > 0 ? (c.meanInSet - c.meanInRest) / pooled : 0;
    }
    return c;
}

} // namespace

SelectionProfile profileOf(const std::vector<RecordingRow>& rows, const std::vector<RecordingId>& chosen) {
    const std::unordered_set<RecordingId> set(chosen.begin(), chosen.end());
    std::map<std::string, LabelShare> labels;
    Moments rateIn, rateOut, ageIn, ageOut;
    SelectionProfile profile;
    int rest = 0;
    for (const auto& row : rows) {
        const bool in = set.count(row.id) > 0;
        (in ? profile.size : rest)++;
        for (const auto& label : row.labels)
            (in ? labels[label].inSet : labels[label].inRest)++;
        if (row.heartRateBpm)
            (in ? rateIn : rateOut).add(*row.heartRateBpm);
        if (row.ageYears)
            (in ? ageIn : ageOut).add(*row.ageYears);
    }
    for (auto& [name, share] : labels) {
        share.label = name;
        share.shareInSet = profile.size > 0 ? static_cast<double>(share.inSet) / profile.size : 0;
        share.shareInRest = rest > 0 ? static_cast<double>(share.inRest) / rest : 0;
        profile.labels.push_back(share);
    }
    std::stable_sort(profile.labels.begin(), profile.labels.end(), [](const LabelShare& a, const LabelShare& b) {
        return a.shareInSet - a.shareInRest > b.shareInSet - b.shareInRest;
    });
    profile.heartRate = contrast("heart rate", rateIn, rateOut);
    profile.age = contrast("age", ageIn, ageOut);
    return profile;
}

} // namespace precordia
