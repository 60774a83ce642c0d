// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/events/decoder_table.h"

#include "core/base/result.h" // first: see CONTRIBUTING, moc
#include "core/engine/engine.h"
#include "ui/theme/theme.h"
#include "ui/widgets.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QTableWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <cmath>

namespace precordia {

namespace {

QString whole(double microvolts) {
    return QString::number(std::lround(microvolts));
}

} // namespace

DecoderTable::DecoderTable(QWidget* parent) : QWidget(parent) {
    more_ = new QToolButton(this);
    more_->setText(tr("Leads"));
    more_->setCheckable(true);
    more_->setToolTip(tr("The error of the event decoder on each lead"));
    line_ = new QLabel(this);
    line_->setWordWrap(true);
    setRole(line_, "secondary");
    table_ = new QTableWidget(4, 0, this);
    table_->setVerticalHeaderLabels(
        {tr("hidden, decoded"), tr("mean interval"), tr("nearest visible"), tr("visible, decoded")});
    table_->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table_->setSelectionMode(QAbstractItemView::NoSelection);
    table_->setAccessibleName(tr("Error of the event decoder"));
    table_->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    table_->verticalHeader()->setDefaultSectionSize(Theme::kStep * 6);
    table_->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    table_->setVisible(false);
    connect(more_, &QToolButton::toggled, table_, &QWidget::setVisible);

    auto* row = new QHBoxLayout;
    row->setSpacing(Theme::kStep * 2);
    row->addWidget(line_, 1);
    row->addWidget(more_, 0, Qt::AlignTop);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Theme::kStep);
    column->addLayout(row);
    column->addWidget(table_);
    setVisible(false);
}

void DecoderTable::setReport(const std::optional<DecoderReport>& report) {
    setVisible(report && !report->leads.empty());
    if (!report || report->leads.empty())
        return;
    const auto& all = report->leads.back();
    const QString kind = report->kind == "linear" ? tr("linear")
                         : report->kind == "mlp"  ? tr("small network")
                                                  : tr("small network that sees the neighbouring intervals");
    line_->setText(tr("Event decoder: %1. Its error on %2 other recordings (root mean square, uV, all leads): %3 where "
                      "intervals are hidden; the mean interval would be %4 off, the nearest visible one %5; %6 where "
                      "they are visible.")
                       .arg(kind)
                       .arg(report->heldBack)
                       .arg(whole(all.hidden), whole(all.meanInterval), whole(all.nearest), whole(all.seen)));
    table_->setColumnCount(static_cast<int>(report->leads.size()));
    QStringList names;
    for (std::size_t i = 0; i < report->leads.size(); ++i) {
        const auto& lead = report->leads[i];
        const bool last = i + 1 == report->leads.size();
        names << (last ? tr("all") : QString::fromStdString(lead.lead));
        const double values[] = {lead.hidden, lead.meanInterval, lead.nearest, lead.seen};
        for (int r = 0; r < 4; ++r) {
            auto* item = new QTableWidgetItem(whole(values[r]));
            item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
            table_->setItem(r, static_cast<int>(i), item);
        }
    }
    table_->setHorizontalHeaderLabels(names);
    table_->setFixedHeight(table_->horizontalHeader()->sizeHint().height() + 4 * Theme::kStep * 6 + 4);
}

} // namespace precordia
