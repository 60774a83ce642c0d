// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/signal/beat_shapes.h"

#include "core/signal/statistics.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

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
            if (at >= qrsBefore && at - qrsBefore + static_cast<std::ptrdiff_t>(points - 1) * stride <= last) {
                const float* from = lead->narrow.data() + (at - qrsBefore);
                for (std::size_t k = 0; k < points; ++k)
                    to[k] = from[k * stride];
            } else {
                for (std::size_t k = 0; k < points; ++k)
                    to[k] = lead->narrow[static_cast<std::size_t>(
                        std::clamp<std::ptrdiff_t>(at - qrsBefore + static_cast<std::ptrdiff_t>(k) * stride, 0, last))];
            }
            float odd = 0; // two sums, that need not wait for each other
            for (std::size_t k = 0; k + 1 < points; k += 2) {
                mean += to[k];
                odd += to[k + 1];
            }
            mean = (mean + odd + (points % 2 == 1 ? to[points - 1] : 0)) / static_cast<float>(points);
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

    static float length(const std::vector<float>& x) { return std::sqrt(dot(x, x)); }

    static float correlation(const Shape& shape, const std::vector<float>& x) {
        return dot(shape.sum, x) / std::max(shape.norm * length(x), 1e-6F);
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

// Samples of the mean beat that are sorted side by side: four a vector, as GCC and Clang have it on every processor.
using Four = float __attribute__((vector_size(16)));
constexpr std::size_t side = 16;
using Row = std::array<Four, side / 4>;

// Each column of the rows in order, all columns at once: neighbours change places, as often as there are rows.
void sortColumns(std::vector<Row>& rows, std::size_t n) {
    for (std::size_t round = 0; round < n; ++round)
        for (std::size_t r = round % 2; r + 1 < n; r += 2) {
            for (std::size_t k = 0; k < side / 4; ++k) {
                const Four a = rows[r][k], b = rows[r + 1][k];
                rows[r][k] = a < b ? a : b;
                rows[r + 1][k] = a < b ? b : a;
            }
        }
}

struct BeatPlace {
    std::size_t at = 0;
    std::size_t until = beatLength; // of its samples: from there on the next beat
};

std::vector<BeatPlace> placesOf(const std::vector<AlignedBeat>& beats, const std::vector<std::size_t>& members) {
    constexpr auto ahead = static_cast<std::size_t>(0.12 * workRate); // of the next R peak: a broad QRS begins
    std::vector<double> intervals;
    for (const std::size_t m : members)
        if (beats[m].rrAfter > 0)
            intervals.push_back(beats[m].rrAfter);
    const double usual = usualInterval(intervals);
    std::vector<BeatPlace> out;
    for (const std::size_t m : members) {
        BeatPlace place{beats[m].at, beatLength};
        if (beats[m].rrAfter > 0 && beats[m].rrAfter < earlyShare * usual)
            place.until = std::min(beatLength, beatBefore + static_cast<std::size_t>(beats[m].rrAfter * workRate) -
                                                   std::min(ahead, beatBefore));
        out.push_back(place);
    }
    return out;
}

// One lead's mean beat, sample by sample.
class LeadMean {
public:
    LeadMean(const std::vector<float>& level, const std::vector<BeatPlace>& places) : level_(level), places_(places) {}

    void make() {
        mean.assign(beatLength, 0.0F);
        for (std::size_t first = 0; first < beatLength; first += side)
            if (!makeTogether(first))
                for (std::size_t k = first; k < std::min(first + side, beatLength); ++k)
                    makeOne(k);
    }

    std::vector<float> mean, spread;

private:
    static constexpr std::size_t mostTogether = 64; // beats: beyond that a sort of each sample is quicker

    // False: an end of the recording or an early beat cuts through these samples of a beat, or the beats are too few or
    // too many.
    bool makeTogether(std::size_t first) {
        rows_.clear();
        if (places_.size() > mostTogether || first + side > beatLength)
            return false;
        for (const BeatPlace& place : places_) {
            const std::size_t from = place.at + first; // counted from beatBefore ahead of the recording
            if (from + side <= beatBefore || from >= beatBefore + level_.size() || first >= place.until)
                continue;
            if (from < beatBefore || from + side > beatBefore + level_.size() || first + side > place.until)
                return false;
            rows_.emplace_back();
            std::memcpy(rows_.back().data(), level_.data() + (from - beatBefore), sizeof(Row));
        }
        const std::size_t n = rows_.size();
        if (n < 4)
            return false;
        sortColumns(rows_, n);
        const std::size_t cut = n / 4;
        Row sum{};
        for (std::size_t b = cut; b < n - cut; ++b)
            for (std::size_t k = 0; k < sum.size(); ++k)
                sum[k] += rows_[b][k];
        for (std::size_t k = 0; k < side; ++k) {
            mean[first + k] = sum[k / 4][k % 4] / static_cast<float>(n - 2 * cut);
            addSpread(first + k, n, rows_[cut][k / 4][k % 4], rows_[n - 1 - cut][k / 4][k % 4]);
        }
        return true;
    }

    void makeOne(std::size_t k) {
        values_.clear();
        for (const BeatPlace& place : places_) {
            const std::size_t i = place.at + k;
            if (i >= beatBefore && i - beatBefore < level_.size() && k < place.until)
                values_.push_back(level_[i - beatBefore]);
        }
        if (values_.empty()) { // beyond the recording for all: the last value goes on
            mean[k] = k > 0 ? mean[k - 1] : 0.0F;
            return;
        }
        const std::size_t n = values_.size(), cut = n / 4;
        if (cut > 0)
            sortFew(values_);
        float sum = 0;
        for (std::size_t v = cut; v < n - cut; ++v)
            sum += values_[v];
        mean[k] = sum / static_cast<float>(n - 2 * cut);
        if (n >= 4)
            addSpread(k, n, values_[cut], values_[n - 1 - cut]);
    }

    void addSpread(std::size_t k, std::size_t n, float low, float high) {
        if (k % 4 == 0) // quartiles are 1.35 deviations apart
            spread.push_back((high - low) / 1.35F / std::sqrt(static_cast<float>(n)));
    }

    const std::vector<float>& level_;
    const std::vector<BeatPlace>& places_;
    std::vector<Row> rows_;
    std::vector<float> values_;
};

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

double usualInterval(const std::vector<double>& intervals) {
    return intervals.empty() ? 0 : quantile(intervals, 0.75);
}

MeanBeat meanBeat(const WorkSignal& signal, const std::vector<AlignedBeat>& beats,
                  const std::vector<std::size_t>& members) {
    MeanBeat out;
    const std::vector<BeatPlace> places = placesOf(beats, members);
    for (const WorkLead& lead : signal.leads) {
        LeadMean one(lead.level, places);
        one.make();
        // 15: of beats too few to tell.
        out.noise.push_back(one.spread.empty() ? 15 : static_cast<double>(quantile(one.spread, 1.0 / 3)));
        out.leads.push_back(std::move(one.mean));
    }
    return out;
}

} // namespace precordia::signal
