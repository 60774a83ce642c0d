// SPDX-License-Identifier: GPL-3.0-or-later
// Surprise in terms of a study. A raw latent error says little: the first and the last intervals have less context, an
// interval with a QRS is always harder than one of baseline, and some directions of the encoding are hardly predictable
// in any recording. So the residual (predicted less true encoding) is measured against the residuals of the study: its
// Mahalanobis length under their covariance, averaged with the two intervals beside it (a beat spans several), then
// against the lengths usual at its place in the recording, in robust standard deviations (median and median absolute
// deviation of the logarithm), then as a percentile.
#pragma once

#include "core/base/result.h"
#include "core/explore/embedding_table.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace precordia {

struct CalibratedSurprise {
    std::vector<float> score;      // [T] robust standard deviations above what is usual at that place
    std::vector<float> percentile; // [T] 0..100: share of the study's intervals that surprise less
    double recordingScore = 0;     // mean of the largest tenth
    double recordingPercentile = 0;
};

class SurpriseCalibration {
public:
    // residuals: [T, D] of each of several windows. Errors: ValueOutOfRange (none, or of different sizes), NotFinite.
    static Result<SurpriseCalibration> fit(const std::vector<std::vector<float>>& residuals, int intervals, int width,
                                           int block);
    // residual [T, D]
    CalibratedSurprise operator()(std::span<const float> residual) const;
    // A recording of several windows: the percentile of its most surprising one among windows.
    double recordingPercentile(double score) const;

    int block() const { return block_; }
    int windows() const { return windows_; }

    // What a study keeps beside the model, so that a recording on the screen is judged as the study was.
    std::string bytes() const;
    static Result<SurpriseCalibration> fromBytes(std::string_view bytes); // error ModelInvalid

private:
    std::vector<float> scores(std::span<const float> residual) const;

    int intervals_ = 0, width_ = 0, block_ = 1, windows_ = 0;
    Matrix mean_;                 // [T, D] usual residual at a place
    Matrix whitening_;            // [D, D], lower triangular: length(whitening (r - mean)) is the Mahalanobis length
    std::vector<float> median_;   // [T] of the logarithm of the length
    std::vector<float> spread_;   // [T]
    std::vector<float> interval_; // ascending quantiles of the scores
    std::vector<float> recording_;
};

// The mean of the largest tenth, at least one.
double largestTenth(std::span<const float> values);

} // namespace precordia
