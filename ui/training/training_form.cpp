// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/training/training_form.h"

#include "core/engine/config.h"
#include "ui/texts.h"
#include "ui/theme/theme.h"
#include "ui/widgets.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSpinBox>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace precordia {

namespace {

QDoubleSpinBox* number(double low, double high, double step, int decimals, QWidget* parent) {
    auto* box = new QDoubleSpinBox(parent);
    box->setRange(low, high);
    box->setSingleStep(step);
    box->setDecimals(decimals);
    return box;
}

constexpr int kUsualSteps = 5000; // docs/results.md: what the runs of a tenth of it lack

QSpinBox* whole(int low, int high, int step, QWidget* parent) {
    auto* box = new QSpinBox(parent);
    box->setRange(low, high);
    box->setSingleStep(step);
    box->setGroupSeparatorShown(true);
    return box;
}

QString memoryText(std::int64_t bytes) {
    return bytes > 0 ? TrainingForm::tr("%1 GB").arg(static_cast<double>(bytes) / 1e9, 0, 'f', 1) : QString();
}

} // namespace

TrainingForm::TrainingForm(QWidget* parent) : QWidget(parent) {
    preset_ = new QComboBox(this);
    for (const auto& name : presetNames())
        preset_->addItem(QString::fromStdString(name));
    steps_ = whole(1, 10'000'000, 50, this);
    batch_ = whole(1, 4096, 8, this);
    rate_ = number(1e-6, 1, 1e-4, 6, this);
    leads_ = whole(0, 64, 1, this);
    leads_->setSpecialValueText(tr("all"));
    leads_->setToolTip(tr("Recordings with at least so many leads are learned from; they train beside complete ones"));
    synthetic_ = whole(0, 100'000, 500, this);
    synthetic_->setSpecialValueText(tr("none"));
    synthetic_->setToolTip(
        tr("Lifelike synthetic ECGs that the run learns from beside the study's recordings: worth it "
           "where there are fewer than some thousands. They never enter the study"));
    steps_->setToolTip(tr("Length pays most: 5,000 steps of nano are worth more than any other setting"));
    regulariser_ = new QComboBox(this);
    regulariser_->addItem(tr("VICReg"), QStringLiteral("vicreg"));
    regulariser_->addItem(tr("SIGReg"), QStringLiteral("sigreg"));
    regulariser_->addItem(tr("none"), QStringLiteral("none"));
    weight_ = number(0, 100, 0.01, 3, this);
    ema_ = number(0, 1, 0.001, 4, this);
    seed_ = whole(0, 1'000'000'000, 1, this);
    device_ = new QComboBox(this);
    deviceText_ = new QLabel(this);
    deviceText_->setWordWrap(true);
    setRole(deviceText_, "small");
    more_ = new QLineEdit(this);
    more_->setPlaceholderText(tr("key=value key=value"));
    more_->setToolTip(tr("Any other setting, as precordia-cli pretrain --set takes it: dropout=0.1 lead_keep=0.5"));

    auto* form = new QFormLayout(this);
    form->setContentsMargins(0, 0, 0, 0);
    form->setVerticalSpacing(Theme::kStep);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->addRow(tr("Preset"), preset_);
    form->addRow(tr("Steps"), steps_);
    form->addRow(tr("Batch"), batch_);
    form->addRow(tr("Learning rate"), rate_);
    form->addRow(tr("Synthetic"), synthetic_);
    form->addRow(tr("Fewest leads"), leads_);
    form->addRow(tr("Regulariser"), regulariser_);
    form->addRow(tr("Its weight"), weight_);
    form->addRow(tr("EMA from"), ema_);
    form->addRow(tr("Seed"), seed_);
    form->addRow(tr("More"), more_);
    form->addRow(tr("Device"), device_);
    form->addRow(deviceText_);
    connect(preset_, &QComboBox::currentIndexChanged, this, &TrainingForm::loadPreset);
    setEngine(nullptr);
    setPreset(QStringLiteral("nano"));
    loadPreset();
}

void TrainingForm::setPreset(const QString& preset) {
    preset_->setCurrentText(preset);
}
void TrainingForm::setSteps(int steps) {
    steps_->setValue(steps);
}

void TrainingForm::loadPreset() {
    ConfigRequest request;
    request.preset = preset_->currentText().toStdString();
    const auto text = resolveConfig(request);
    if (!text)
        return;
    const auto c = nlohmann::json::parse(*text);
    steps_->setValue(c.value("steps", 0) > 0 ? c.value("steps", 0) : kUsualSteps);
    batch_->setValue(c.value("batch", 32));
    rate_->setValue(c.value("learning_rate", 1e-3));
    leads_->setMaximum(static_cast<int>(c["leads"].size()));
    leads_->setValue(c.value("min_leads", 0));
    synthetic_->setValue(c.value("synthetic", 0));
    regulariser_->setCurrentIndex(
        std::max(0, regulariser_->findData(QString::fromStdString(c.value("regulariser", "vicreg")))));
    weight_->setValue(c.value("regulariser_weight", 0.05));
    ema_->setValue(c["ema"][0].get<double>());
    emaEnd_ = c["ema"][1].get<double>();
    seed_->setValue(c.value("seed", 0));
    preset_->setToolTip(tr("Width %1, %2 + %3 layers")
                            .arg(c.value("width", 0))
                            .arg(c.value("channel_depth", 0))
                            .arg(c.value("temporal_depth", 0)));
    Q_EMIT changed();
}

void TrainingForm::setEngine(const EngineInfo* info) {
    const auto chosen = device_->currentData().toString();
    device_->clear();
    device_->addItem(tr("automatic"), QStringLiteral("auto"));
    device_->addItem(tr("CPU"), QStringLiteral("cpu"));
    if (!info) {
        deviceText_->setText(tr("The model engine is being loaded…"));
        return;
    }
    QStringList lines;
    for (const auto& device : info->devices) {
        if (device.key != "cpu")
            device_->addItem(tr("GPU (CUDA)"), QStringLiteral("cuda"));
        lines += QStringLiteral("%1 %2").arg(Texts::device(device.name), memoryText(device.memoryBytes)).trimmed();
    }
    if (!info->cudaReason.empty())
        lines += tr("CPU only: %1").arg(Texts::cudaReason(info->cudaReason));
    deviceText_->setText(lines.join(QLatin1Char('\n')));
    device_->setCurrentIndex(std::max(0, device_->findData(chosen)));
}

Result<std::string> TrainingForm::config() const {
    ConfigRequest request;
    request.preset = preset_->currentText().toStdString();
    const auto set = [&](const char* key, const QString& value) {
        request.settings.push_back(std::string(key) + "=" + value.toStdString());
    };
    set("steps", QString::number(steps_->value()));
    set("batch", QString::number(batch_->value()));
    set("learning_rate", QString::number(rate_->value(), 'g', 8));
    set("min_leads", QString::number(leads_->value()));
    set("synthetic", QString::number(synthetic_->value()));
    set("regulariser", regulariser_->currentData().toString());
    set("regulariser_weight", QString::number(weight_->value(), 'g', 8));
    set("ema",
        QStringLiteral("[%1,%2]").arg(ema_->value(), 0, 'g', 8).arg(std::max(emaEnd_, ema_->value()), 0, 'g', 8));
    set("seed", QString::number(seed_->value()));
    for (const auto& part : more_->text().split(QLatin1Char(' '), Qt::SkipEmptyParts))
        request.settings.push_back(part.toStdString());
    return resolveConfig(request);
}

QString TrainingForm::device() const {
    return device_->currentData().toString();
}

} // namespace precordia
