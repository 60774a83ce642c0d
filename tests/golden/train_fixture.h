// SPDX-License-Identifier: GPL-3.0-or-later
// A model small enough to train in a second, and windows that look a little like ECGs.
#pragma once

#include "core/ecg/window_source.h"
#include "core/engine/config.h"
#include "core/jepa/random.h"

#include <QByteArray>
#include <QFile>
#include <QString>

#include <cmath>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace precordia::test {

inline std::string tinyConfig(const std::vector<std::string>& settings = {}) {
    ConfigRequest request;
    request.settings = {"leads=[\"I\",\"II\",\"V1\",\"V5\"]", "sampling_rate=100", "interval_samples=20",
                        "intervals=10", "width=24", "heads=3", "channel_depth=1", "temporal_depth=1",
                        "predictor_width=12", "predictor_heads=3", "temporal_predictor_depth=1", "min_block=2",
                        "batch=6", "steps=20", "threads=1", "diagnose_every=0", "checkpoint_every=0", "dropout=0.1",
                        "decoder_steps=0",
                        // The reference's recipe: short runs of it collapse, learn and decode as these tests expect.
                        "predictor_query=place", "target_level=event", "mask=block", "interval_mask_ratio=[0.55,0.65]",
                        "ema=[0.996,1.0]", "learning_rate=0.001", "min_leads=0"};
    request.settings.insert(request.settings.end(), settings.begin(), settings.end());
    const auto config = resolveConfig(request);
    if (!config)
        qFatal("%s", config.error().text().c_str());
    return *config;
}

// [leads, samples] uV: beats as narrow bumps at a rate of the recording's own, a lead's gain, a little noise.
inline std::vector<float> tinyWindow(std::int64_t index, int leads = 4, int samples = 200) {
    Random random(static_cast<std::uint64_t>(index) + 1);
    const double every = 50 + 70 * random.uniform();
    const double phase = every * random.uniform();
    const double slow = 2 + 4 * random.uniform();
    std::vector<float> window;
    for (int l = 0; l < leads; ++l) {
        const double gain = 1500 * (random.uniform() - 0.4);
        for (int i = 0; i < samples; ++i) {
            const double sinceBeat = std::fmod(i + phase, every) - every / 3;
            const double beat = gain * std::exp(-sinceBeat * sinceBeat / 8) +
                                0.3 * gain * std::exp(-(sinceBeat - 18) * (sinceBeat - 18) / (10 * slow));
            window.push_back(static_cast<float>(beat + 40 * (random.uniform() - 0.5)));
        }
    }
    return window;
}

inline std::shared_ptr<MemoryWindows> tinyWindows(std::int64_t count) {
    auto windows = std::make_shared<MemoryWindows>(WindowShape{4, 200, 100});
    for (std::int64_t i = 0; i < count; ++i)
        windows->add(tinyWindow(i));
    return windows;
}

inline QByteArray contents(const std::filesystem::path& path) {
    QFile file(QString::fromStdString(path.string()));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace precordia::test
