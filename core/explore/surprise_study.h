// SPDX-License-Identifier: GPL-3.0-or-later
// Surprise of all recordings of a study, calibrated against the study (surprise_calibration.h).
#pragma once

#include "core/base/progress.h"
#include "core/engine/engine.h"
#include "core/explore/surprise_calibration.h"
#include "core/study/study.h"

#include <filesystem>
#include <optional>
#include <vector>

namespace precordia {

// Intervals hidden together unless somebody asks otherwise: two of 0.2 s hold a QRS complex with its T wave.
constexpr int kSurpriseBlock = 2;

struct StudySurprise {
    std::vector<RecordingId> ids;
    std::vector<double> raw;        // latent error, mean of the largest tenth; of several windows the largest
    std::vector<double> scores;     // calibrated
    std::vector<double> percentile; // among recordings
    std::vector<std::vector<float>> perInterval, percentilePerInterval; // of all windows, one after the other
    std::optional<SurpriseCalibration> calibration;
};
// Nothing is stored. Errors: NotFound (no recording can be given to the model), those of the engine.
Result<StudySurprise> computeSurprise(const std::filesystem::path& studyFolder, const ModelInfo& model, int block,
                                      StopToken stop, Progress& progress);

struct SurpriseReport {
    std::string modelHash;
    std::int64_t recordings = 0;
    int block = 1;
    double median = 0, highest = 0; // latent error
    RecordingId highestId;          // the most surprising, calibrated
    struct Row {
        RecordingId id;
        std::string name;
        double raw = 0, percentile = 0;
        double atSeconds = 0; // its most surprising interval
        double intervalPercentile = 0;
    };
    std::vector<Row> rows; // most surprising first
};
// By the study's current model; stored in the study, with the calibration.
Result<SurpriseReport> surpriseStudy(const std::filesystem::path& studyFolder, StopToken stop, Progress& progress,
                                     int block = kSurpriseBlock);

// What the study was calibrated with, for a recording on the screen. Empty: no surprise was computed yet, or by a model
// of another shape.
std::optional<SurpriseCalibration> surpriseCalibration(const Study& study, const std::string& modelHash);

// One window on the screen, hidden as the study's were and judged as they were.
struct WindowSurprise {
    std::vector<float> latentError, percentile; // [T]; percentile empty where the study was never calibrated
};
Result<WindowSurprise> windowSurprise(const std::filesystem::path& studyFolder, const ModelInfo& model,
                                      const WindowSource& windows, std::int64_t index);

} // namespace precordia
