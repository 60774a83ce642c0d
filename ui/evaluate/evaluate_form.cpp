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
#include <QStackedWidget>

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
    counted_ = new QLabel(this);
    counted_->setWordWrap(true);
    setRole(counted_, "small");
    lists_ = new QStackedWidget(this);
    findings_ = new QListWidget(lists_);
    findings_->setSelectionMode(QAbstractItemView::NoSelection);
    findings_->setFocusPolicy(Qt::NoFocus);
    labels_ = new QListWidget(lists_);
    labels_->setUniformItemSizes(true);
    for (auto* list : {findings_, labels_}) {
        list->setMinimumHeight(4 * Theme::kRow);
        list->setWordWrap(true);
        list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        lists_->addWidget(list);
    }
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
    form->addRow(counted_);
    form->addRow(lists_);
    form->addRow(tr("Protocol"), protocol_);
    form->addRow(tr("Folds"), folds_);
    form->addRow(tr("Divisions"), repeats_);
    form->addRow(tr("Random models"), seeds_);
    form->addRow(model_);

    const auto show = [this] {
        lists_->setCurrentWidget(asksFindings() ? findings_ : labels_);
        counted_->setText(asksFindings()
                              ? tr("Each is asked in the data sets that use it. Recordings there with / without it:")
                              : tr("Tick one or several. In brackets: recordings of the study with the label, of all "
                                   "data sets."));
        Q_EMIT changed();
    };
    connect(what_, &QComboBox::currentIndexChanged, this, show);
    connect(labels_, &QListWidget::itemChanged, this, &EvaluateForm::changed);
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

void EvaluateForm::setFindings(const std::vector<FindingCount>& findings) {
    findings_->clear();
    const QLocale locale;
    for (const auto& finding : findings) {
        const QString text =
            finding.datasets.isEmpty() // nothing is known of recordings that nobody was to label
                ? tr("%1: not used here").arg(finding.name)
                : finding.with < EvaluateOptions{}.fewestPositives
                      ? tr("%1  %2 / %3, too few")
                            .arg(finding.name, locale.toString(finding.with), locale.toString(finding.without))
                      : tr("%1  %2 / %3")
                            .arg(finding.name, locale.toString(finding.with), locale.toString(finding.without));
        auto* item = new QListWidgetItem(text, findings_);
        item->setFlags(Qt::ItemIsEnabled);
        item->setToolTip(finding.datasets.isEmpty()
                             ? tr("%1: no data set of the study uses it").arg(finding.name)
                             : tr("%1: %2 recordings with it and %3 without, of the data sets %4")
                                   .arg(finding.name, locale.toString(finding.with), locale.toString(finding.without),
                                        finding.datasets));
    }
}

bool EvaluateForm::asksFindings() const {
    return what_->currentData().toString() == QLatin1String("findings");
}

void EvaluateForm::setModel(const QString& text) {
    model_->setText(text);
}

std::vector<LabelQuestion> EvaluateForm::questions() const {
    if (asksFindings())
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
