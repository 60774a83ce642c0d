// SPDX-License-Identifier: GPL-3.0-or-later
// The form a pretraining starts from: a preset and the settings people change, everything else as resolved.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over the C++20 standard headers behind these
#include "core/base/result.h"
#include "core/engine/engine.h"
#endif

#include <QWidget>

#include <string>

class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QLineEdit;
class QSpinBox;

namespace precordia {

class TrainingForm : public QWidget {
    Q_OBJECT
public:
    explicit TrainingForm(QWidget* parent = nullptr);
    // The devices in words, and why there is only the CPU. Null: the engine is not loaded yet.
    void setEngine(const EngineInfo* info);
    Result<std::string> config() const; // ConfigInvalid names the key
    QString device() const;             // auto, cpu, cuda
    void setPreset(const QString& preset);
    void setSteps(int steps);

Q_SIGNALS:
    void changed();

private:
    void loadPreset();
    QComboBox* preset_;
    QSpinBox* steps_;
    QSpinBox* batch_;
    QDoubleSpinBox* rate_;
    QComboBox* regulariser_;
    QDoubleSpinBox* weight_;
    QDoubleSpinBox* ema_;
    double emaEnd_ = 1.0; // of the preset: the momentum at the end of the run
    QSpinBox* leads_;     // "min_leads"
    QSpinBox* synthetic_;
    QSpinBox* seed_;
    QComboBox* device_;
    QLabel* deviceText_;
    QLineEdit* more_;
};

} // namespace precordia
