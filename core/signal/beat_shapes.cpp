// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/signal/beat_shapes.h"

#include <algorithm>
#include <cmath>

namespace precordia::signal {
namespace {

constexpr std::ptrdiff_t qrsBefore = 45, qrsAfter = 60, stride = 2; // samples about the peak
constexpr std::size_t points = (qrsBefore + qrsAfter) / stride + 1;
constexpr std::ptrdiff_t reach = 16;   // samples that a beat may be moved
constexpr float alike = 0.90F;         // correlation within a shape
constexpr float sizeRatio = 1.8F;      // of the lengths of two vectors of one shape
constexpr std::size_t mostShapes = 12; // a recording of a day may meet many: the rest joins the most alike

struct Shape {
    std::vector<float> sum; // [leads * points]
    float norm = 0;
    int count = 0;
};

class Grouping {
public:
    explicit Grouping(const WorkSignal& signal) : signal_(signal) {
        for (const WorkLead& lead : signal.leads)
            if (!lead.derived)
                leads_.push_back(&lead);
    }

    // The QRS about `at` without its mean in each lead.
    void cut(std::ptrdiff_t at, std::vector<float>& out) const {
        out.resize(leads_.size() * points);
        const auto last = static_cast<std::ptrdiff_t>(signal_.samples) - 1;
        float* to = out.data();
        for (const WorkLead* lead : leads_) {
            float mean = 0;
            for (std::size_t k = 0; k < points; ++k) {
                const std::ptrdiff_t i =
                    std::clamp<std::ptrdiff_t>(at - qrsBefore + static_cast<std::ptrdiff_t>(k) * stride, 0, last);
                to[k] = lead->narrow[static_cast<std::size_t>(i)];
                mean += to[k];
            }
            mean /= static_cast<float>(points);
            for (std::size_t k = 0; k < points; ++k)
                to[k] -= mean;
            to += points;
        }
    }

    // The most alike place within `reach`; the correlation there.
    float align(const Shape& shape, std::ptrdiff_t peak, std::ptrdiff_t step, std::ptrdiff_t far,
                std::ptrdiff_t& best) const {
        float most = -2;
        const std::ptrdiff_t centre = best;
        for (std::ptrdiff_t shift = -far; shift <= far; shift += step) {
            const std::ptrdiff_t at = centre + shift;
            if (std::abs(at - peak) > reach)
                continue;
            cut(at, scratch_);
            const float r = correlation(shape, scratch_);
            if (r > most) {
                most = r;
                best = at;
            }
        }
        return most;
    }

    static float length(const std::vector<float>& x) {
        float sum = 0;
        for (const float v : x)
            sum += v * v;
        return std::sqrt(sum);
    }

    static float correlation(const Shape& shape, const std::vector<float>& x) {
        float dot = 0, own = 0;
        for (std::size_t k = 0; k < x.size(); ++k) {
            dot += shape.sum[k] * x[k];
            own += x[k] * x[k];
        }
        return dot / std::max(shape.norm * std::sqrt(own), 1e-6F);
    }

    // A running mean that forgets slowly: the shape of hours ago is not today's.
    void learn(Shape& shape, std::ptrdiff_t at) const {
        cut(at, scratch_);
        if (shape.sum.empty())
            shape.sum.assign(scratch_.size(), 0.0F);
        const float weight = 1 / static_cast<float>(std::min(++shape.count, 16));
        for (std::size_t k = 0; k < scratch_.size(); ++k)
            shape.sum[k] += weight * (scratch_[k] - shape.sum[k]);
        shape.norm = length(shape.sum);
    }

    bool usable() const { return !leads_.empty(); }

private:
    const WorkSignal& signal_;
    std::vector<const WorkLead*> leads_;
    mutable std::vector<float> scratch_;
};

// Joins or founds a shape.
void place(const Grouping& grouping, std::vector<Shape>& shapes, AlignedBeat& beat) {
    const auto peak = static_cast<std::ptrdiff_t>(beat.peak);
    float best = -2;
    std::ptrdiff_t bestAt = peak;
    int bestShape = shapes.empty() ? -1 : 0;
    std::vector<float> own;
    for (std::size_t s = 0; s < shapes.size(); ++s) {
        std::ptrdiff_t at = peak;
        grouping.align(shapes[s], peak, 4, 16, at);
        const float r = grouping.align(shapes[s], peak, 1, 3, at);
        grouping.cut(at, own);
        const float ratio = Grouping::length(own) / std::max(shapes[s].norm, 1e-3F);
        const bool sized = ratio < sizeRatio && ratio > 1 / sizeRatio;
        const float score = sized ? r : r - 0.3F;
        if (score > best) {
            best = score;
            bestAt = at;
            bestShape = static_cast<int>(s);
        }
    }
    if (shapes.empty() || (best < alike && shapes.size() < mostShapes)) {
        shapes.emplace_back();
        bestShape = static_cast<int>(shapes.size()) - 1;
        bestAt = peak;
        best = 1;
    }
    beat.shape = bestShape;
    beat.at = static_cast<std::size_t>(std::max<std::ptrdiff_t>(bestAt, 0));
    beat.similarity = best;
    grouping.learn(shapes[static_cast<std::size_t>(bestShape)], bestAt);
}

// Ten values as a rule: insertion is the quickest.
void sortFew(std::vector<float>& x) {
    if (x.size() > 24) {
        std::sort(x.begin(), x.end());
        return;
    }
    for (std::size_t i = 1; i < x.size(); ++i) {
        const float v = x[i];
        std::size_t k = i;
        for (; k > 0 && x[k - 1] > v; --k)
            x[k] = x[k - 1];
        x[k] = v;
    }
}

} // namespace

BeatShapes groupBeats(const WorkSignal& signal, const std::vector<std::size_t>& peaks) {
    BeatShapes out;
    const Grouping grouping(signal);
    if (!grouping.usable())
        return out;
    std::vector<Shape> shapes;
    for (std::size_t k = 0; k < peaks.size(); ++k) {
        AlignedBeat beat;
        beat.peak = beat.at = peaks[k];
        if (k > 0)
            beat.rrBefore = static_cast<double>(peaks[k] - peaks[k - 1]) / workRate;
        if (k + 1 < peaks.size())
            beat.rrAfter = static_cast<double>(peaks[k + 1] - peaks[k]) / workRate;
        place(grouping, shapes, beat);
        out.beats.push_back(beat);
    }
    // The first beats were lined up with a shape of few: once more with what it has become.
    out.counts.assign(shapes.size(), 0);
    for (AlignedBeat& beat : out.beats) {
        auto at = static_cast<std::ptrdiff_t>(beat.at);
        beat.similarity = grouping.align(shapes[static_cast<std::size_t>(beat.shape)],
                                         static_cast<std::ptrdiff_t>(beat.peak), 1, 3, at);
        beat.at = static_cast<std::size_t>(std::max<std::ptrdiff_t>(at, 0));
        ++out.counts[static_cast<std::size_t>(beat.shape)];
    }
    if (!out.counts.empty())
        out.dominant = static_cast<int>(std::max_element(out.counts.begin(), out.counts.end()) - out.counts.begin());
    return out;
}

MeanBeat meanBeat(const WorkSignal& signal, const std::vector<std::size_t>& places) {
    MeanBeat out;
    std::vector<float> values;
    for (const WorkLead& lead : signal.leads) {
        std::vector<float> spread;
        std::vector<float> mean(beatLength, 0.0F);
        values.reserve(places.size());
        for (std::size_t k = 0; k < beatLength; ++k) {
            values.clear();
            for (const std::size_t at : places) {
                const std::size_t i = at + k;
                if (i >= beatBefore && i - beatBefore < signal.samples)
                    values.push_back(lead.level[i - beatBefore]);
            }
            if (values.empty()) { // beyond the recording for all: the last value goes on
                mean[k] = k > 0 ? mean[k - 1] : 0.0F;
                continue;
            }
            const std::size_t n = values.size();
            const std::size_t cut = n / 4;
            if (cut > 0)
                sortFew(values);
            float sum = 0;
            for (std::size_t v = cut; v < n - cut; ++v)
                sum += values[v];
            mean[k] = sum / static_cast<float>(n - 2 * cut);
            if (n >= 4 && k % 4 == 0) { // quartiles are 1.35 deviations apart
                const float width = (values[n - 1 - cut] - values[cut]) / 1.35F;
                spread.push_back(width / std::sqrt(static_cast<float>(n)));
            }
        }
        double noise = 15; // of beats too few to tell
        if (!spread.empty()) {
            const auto low = spread.begin() + static_cast<std::ptrdiff_t>(spread.size() / 3);
            std::nth_element(spread.begin(), low, spread.end());
            noise = *low;
        }
        out.noise.push_back(noise);
        out.leads.push_back(std::move(mean));
    }
    return out;
}

} // namespace precordia::signal
