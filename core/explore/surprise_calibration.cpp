// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explore/surprise_calibration.h"

#include <Eigen/Cholesky>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

namespace precordia {

namespace {

constexpr float kShrink = 0.002F; // towards equal variance: few windows do not say all of a covariance
constexpr float kOfAll = 20;      // windows that the mean over all places counts for in that of one
constexpr int kQuantiles = 2001;
constexpr std::size_t kAtPlace = 200; // lengths that a place's median is taken over; fewer windows: neighbours help
constexpr Eigen::Index kBeside = 1;   // intervals to each side that a length is averaged with: a beat spans several
constexpr std::uint32_t kMagic = 0x31535250; // "PRS1"

// length [N * T] -> the moving mean inside each window, as a logarithm
Eigen::VectorXf smoothLogarithm(const Eigen::VectorXf& length, Eigen::Index intervals) {
    Eigen::VectorXf out(length.size());
    for (Eigen::Index i = 0; i < length.size(); ++i) {
        const Eigen::Index t = i % intervals, from = std::max<Eigen::Index>(0, t - kBeside);
        const Eigen::Index to = std::min(intervals - 1, t + kBeside);
        out[i] = std::log(std::max(length.segment(i - t + from, to - from + 1).mean(), 1e-6F));
    }
    return out;
}

float medianOf(std::vector<float>& values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

std::vector<float> quantilesOf(std::vector<float> values) {
    std::sort(values.begin(), values.end());
    if (values.size() <= static_cast<std::size_t>(kQuantiles))
        return values;
    std::vector<float> out;
    for (int q = 0; q < kQuantiles; ++q)
        out.push_back(values[static_cast<std::size_t>(
            std::llround(static_cast<double>(values.size() - 1) * q / (kQuantiles - 1)))]);
    return out;
}

// The share of `ascending` below the value; among equal ones the middle.
double percentileIn(const std::vector<float>& ascending, double value) {
    if (ascending.empty())
        return 0;
    const auto [low, high] = std::equal_range(ascending.begin(), ascending.end(), static_cast<float>(value));
    const double below = 0.5 * static_cast<double>((low - ascending.begin()) + (high - ascending.begin()));
    return 100 * below / static_cast<double>(ascending.size());
}

} // namespace

double largestTenth(std::span<const float> values) {
    std::vector<float> sorted(values.begin(), values.end());
    if (sorted.empty())
        return 0;
    const auto tenth = std::max<std::size_t>(1, (sorted.size() + 9) / 10);
    std::partial_sort(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(tenth), sorted.end(),
                      std::greater<>());
    return std::accumulate(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(tenth), 0.0) /
           static_cast<double>(tenth);
}

Result<SurpriseCalibration> SurpriseCalibration::fit(const std::vector<std::vector<float>>& residuals, int intervals,
                                                     int width, int block) {
    const auto size = static_cast<std::size_t>(intervals) * static_cast<std::size_t>(width);
    if (residuals.empty() || size == 0)
        return makeError(ErrorCode::ValueOutOfRange, "there is nothing to calibrate surprise with");
    SurpriseCalibration c;
    c.intervals_ = intervals, c.width_ = width, c.block_ = block;
    c.windows_ = static_cast<int>(residuals.size());
    const auto rows = static_cast<Eigen::Index>(residuals.size()) * intervals;
    Matrix all(rows, width);
    Eigen::Index at = 0;
    for (const auto& residual : residuals) {
        if (residual.size() != size)
            return makeError(ErrorCode::ValueOutOfRange, "a window has another number of intervals than the others");
        all.middleRows(at, intervals) = Eigen::Map<const Matrix>(residual.data(), intervals, width);
        at += intervals;
    }
    if (!all.allFinite())
        return makeError(ErrorCode::NotFinite, "the model's error of an interval");
    const auto n = static_cast<float>(residuals.size());
    const Eigen::RowVectorXf everywhere = all.colwise().mean();
    c.mean_ = Matrix::Zero(intervals, width);
    for (Eigen::Index i = 0; i < rows; ++i)
        c.mean_.row(i % intervals) += all.row(i) / (n + kOfAll);
    c.mean_.rowwise() += everywhere * (kOfAll / (n + kOfAll));
    for (Eigen::Index i = 0; i < rows; ++i)
        all.row(i) -= c.mean_.row(i % intervals);
    Matrix covariance = all.transpose() * all / static_cast<float>(std::max<Eigen::Index>(rows - 1, 1));
    const float level = std::max(covariance.trace() / static_cast<float>(width), 1e-12F);
    covariance *= 1 - kShrink;
    covariance.diagonal().array() += kShrink * level;
    const Eigen::LLT<Matrix> factor(covariance);
    c.whitening_ = factor.matrixL().solve(Matrix::Identity(width, width));

    // Lengths by place; with few windows the neighbouring places of the same kind help out.
    std::vector<std::vector<float>> lengths(static_cast<std::size_t>(intervals));
    const Eigen::VectorXf length =
        smoothLogarithm((all * c.whitening_.transpose()).rowwise().norm(), static_cast<Eigen::Index>(intervals));
    for (Eigen::Index i = 0; i < rows; ++i)
        lengths[static_cast<std::size_t>(i % intervals)].push_back(length[i]);
    const int reach = static_cast<int>((kAtPlace / residuals.size()) / 2);
    for (int t = 0; t < intervals; ++t) {
        std::vector<float> here;
        // Inside, `reach` places to each side; near an edge no farther than the distance to it.
        const int near = std::min({reach, t, intervals - 1 - t});
        for (int k = t - near; k <= t + near; ++k)
            here.insert(here.end(), lengths[static_cast<std::size_t>(k)].begin(),
                        lengths[static_cast<std::size_t>(k)].end());
        const float middle = medianOf(here);
        for (auto& v : here)
            v = std::abs(v - middle);
        c.median_.push_back(middle);
        c.spread_.push_back(std::max(1.4826F * medianOf(here), 1e-3F));
    }
    std::vector<float> scores, recordings;
    for (const auto& residual : residuals) {
        const auto one = c.scores(residual);
        scores.insert(scores.end(), one.begin(), one.end());
        recordings.push_back(static_cast<float>(largestTenth(one)));
    }
    c.interval_ = quantilesOf(std::move(scores));
    c.recording_ = quantilesOf(std::move(recordings));
    return c;
}

std::vector<float> SurpriseCalibration::scores(std::span<const float> residual) const {
    const Eigen::Map<const Matrix> r(residual.data(), intervals_, width_);
    const Matrix centred = r - mean_;
    const Eigen::VectorXf length =
        smoothLogarithm((centred * whitening_.transpose()).rowwise().norm(), static_cast<Eigen::Index>(intervals_));
    std::vector<float> out;
    for (std::size_t t = 0; t < median_.size(); ++t)
        out.push_back((length[static_cast<Eigen::Index>(t)] - median_[t]) / spread_[t]);
    return out;
}

CalibratedSurprise SurpriseCalibration::operator()(std::span<const float> residual) const {
    CalibratedSurprise out;
    if (residual.size() != static_cast<std::size_t>(intervals_) * static_cast<std::size_t>(width_))
        return out;
    out.score = scores(residual);
    for (const float score : out.score)
        out.percentile.push_back(static_cast<float>(percentileIn(interval_, static_cast<double>(score))));
    out.recordingScore = largestTenth(out.score);
    out.recordingPercentile = recordingPercentile(out.recordingScore);
    return out;
}

double SurpriseCalibration::recordingPercentile(double score) const {
    return percentileIn(recording_, score);
}

std::string SurpriseCalibration::bytes() const {
    std::string out;
    const auto put = [&out](const void* data, std::size_t size) { out.append(static_cast<const char*>(data), size); };
    const std::uint32_t head[] = {kMagic,
                                  static_cast<std::uint32_t>(intervals_),
                                  static_cast<std::uint32_t>(width_),
                                  static_cast<std::uint32_t>(block_),
                                  static_cast<std::uint32_t>(windows_),
                                  static_cast<std::uint32_t>(interval_.size()),
                                  static_cast<std::uint32_t>(recording_.size())};
    put(head, sizeof(head));
    put(mean_.data(), sizeof(float) * static_cast<std::size_t>(mean_.size()));
    put(whitening_.data(), sizeof(float) * static_cast<std::size_t>(whitening_.size()));
    for (const auto* values : {&median_, &spread_, &interval_, &recording_})
        put(values->data(), sizeof(float) * values->size());
    return out;
}

Result<SurpriseCalibration> SurpriseCalibration::fromBytes(std::string_view bytes) {
    const auto invalid = [] {
        return makeError(ErrorCode::ModelInvalid, "the study's calibration of surprise is damaged");
    };
    std::uint32_t head[7];
    if (bytes.size() < sizeof(head))
        return invalid();
    std::memcpy(head, bytes.data(), sizeof(head));
    constexpr std::uint32_t kMost = 1U << 16U;
    if (head[0] != kMagic || head[1] == 0 || head[2] == 0 ||
        std::any_of(std::begin(head) + 1, std::end(head) - 3, [](std::uint32_t v) { return v > kMost; }) ||
        head[5] > kQuantiles || head[6] > kQuantiles)
        return invalid();
    const std::size_t t = head[1], d = head[2];
    if (bytes.size() != sizeof(head) + sizeof(float) * (t * d + d * d + 2 * t + head[5] + head[6]))
        return invalid();
    SurpriseCalibration c;
    c.intervals_ = static_cast<int>(t), c.width_ = static_cast<int>(d);
    c.block_ = static_cast<int>(head[3]), c.windows_ = static_cast<int>(head[4]);
    const char* at = bytes.data() + sizeof(head);
    const auto take = [&at](float* to, std::size_t count) {
        std::memcpy(to, at, sizeof(float) * count);
        at += sizeof(float) * count;
    };
    c.mean_.resize(static_cast<Eigen::Index>(t), static_cast<Eigen::Index>(d));
    c.whitening_.resize(static_cast<Eigen::Index>(d), static_cast<Eigen::Index>(d));
    take(c.mean_.data(), t * d);
    take(c.whitening_.data(), d * d);
    for (auto [values, count] : {std::pair{&c.median_, t},
                                 {&c.spread_, t},
                                 {&c.interval_, std::size_t{head[5]}},
                                 {&c.recording_, std::size_t{head[6]}}}) {
        values->resize(count);
        take(values->data(), count);
    }
    if (!c.mean_.allFinite() || !c.whitening_.allFinite() || !std::is_sorted(c.interval_.begin(), c.interval_.end()) ||
        !std::is_sorted(c.recording_.begin(), c.recording_.end()))
        return invalid();
    return c;
}

} // namespace precordia
