// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/evaluate/evaluate_form.h"

#include "ui/texts.h"
#include "ui/theme/theme.h"
#include "ui/widgets.h"

#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QListWidget>
#include <QLocale>
#include <QSet>
#include <QSpinBox>

namespace precordia {

namespace {

QSpinBox* whole(int low, int high, int value, const QString& tip, QWidget* parent) {
    auto* box = new QSpinBox(parent);
    box->setRange(low, high);
    box->setValue(value);
    box->setToolTip(tip);
    return box;
}

} // namespace

EvaluateForm::EvaluateForm(QWidget* parent) : QWidget(parent) {
    what_ = new QComboBox(this);
    what_->addItem(tr("The seven findings"), QStringLiteral("findings"));
    what_->addItem(tr("Labels of this study"), QStringLiteral("labels"));
    what_->setToolTip(tr("Atrial fibrillation, left ventricular hypertrophy, sinus tachycardia and bradycardia, right "
                         "and left bundle branch block, left axis deviation: each among the data sets that use it"));
    labels_ = new QListWidget(this);
    labels_->setMinimumHeight(4 * Theme::kRow);
    labels_->setUniformItemSizes(true);
    protocol_ = new QComboBox(this);
    for (const auto protocol : {ProbeProtocol::Linear, ProbeProtocol::Attentive, ProbeProtocol::FineTune})
        protocol_->addItem(Texts::protocol(protocolName(protocol)), static_cast<int>(protocol));
    protocol_->setToolTip(tr("Linear and attentive probes leave the model as it is; fine-tuning moves a copy of it and "
                             "takes minutes a label. A stopped one goes on where it was"));
    folds_ =
        whole(2, 100, 5, tr("Parts of the study, divided by patient; each is judged by what the others taught"), this);
    repeats_ = whole(1, 100, 1, tr("Other divisions into folds; the figures are means over them"), this);
    seeds_ = whole(1, 20, 1, tr("Random initialisations of the same model; their mean is the row beside it"), this);
    model_ = new QLabel(this);
    model_->setWordWrap(true);
    setRole(model_, "small");

    auto* form = new QFormLayout(this);
    form->setContentsMargins(0, 0, 0, 0);
    form->setVerticalSpacing(Theme::kStep);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->addRow(what_);
    form->addRow(labels_);
    form->addRow(tr("Protocol"), protocol_);
    form->addRow(tr("Folds"), folds_);
    form->addRow(tr("Divisions"), repeats_);
    form->addRow(tr("Random models"), seeds_);
    form->addRow(model_);

    const auto show = [this] {
        labels_->setEnabled(what_->currentData().toString() == QLatin1String("labels"));
        Q_EMIT changed();
    };
    connect(what_, &QComboBox::currentIndexChanged, this, show);
    connect(labels_, &QListWidget::itemChanged, this, [this](QListWidgetItem* item) {
        if (item->checkState() == Qt::Checked && what_->currentIndex() == 0)
            what_->setCurrentIndex(1);
        Q_EMIT changed();
    });
    show();
}

void EvaluateForm::setLabels(const std::vector<std::pair<std::string, int>>& labels) {
    QSet<QString> ticked;
    for (int i = 0; i < labels_->count(); ++i)
        if (labels_->item(i)->checkState() == Qt::Checked)
            ticked.insert(labels_->item(i)->data(Qt::UserRole).toString());
    const QSignalBlocker blocker(labels_);
    labels_->clear();
    for (const auto& [name, count] : labels) {
        const QString text = QString::fromStdString(name);
        auto* item = new QListWidgetItem(QStringLiteral("%1 (%2)").arg(text, QLocale().toString(count)), labels_);
        item->setData(Qt::UserRole, text);
        item->setToolTip(text);
        item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsUserCheckable | Qt::ItemIsSelectable);
        item->setCheckState(ticked.contains(text) ? Qt::Checked : Qt::Unchecked);
    }
}

void EvaluateForm::setModel(const QString& text) {
    model_->setText(text);
}

std::vector<LabelQuestion> EvaluateForm::questions() const {
    if (what_->currentData().toString() == QLatin1String("findings"))
        return sevenFindings();
    std::vector<LabelQuestion> out;
    for (int i = 0; i < labels_->count(); ++i)
        if (labels_->item(i)->checkState() == Qt::Checked)
            out.push_back(questionOf(labels_->item(i)->data(Qt::UserRole).toString().toStdString()));
    return out;
}

EvaluateOptions EvaluateForm::options() const {
    EvaluateOptions options;
    options.protocol = static_cast<ProbeProtocol>(protocol_->currentData().toInt());
    options.folds = folds_->value();
    options.repeats = repeats_->value();
    options.randomSeeds = seeds_->value();
    return options;
}

} // namespace precordia
