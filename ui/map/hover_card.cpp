// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/map/hover_card.h"

#include "core/paper/page_words.h"
#include "ui/theme/theme.h"
#include "ui/widgets.h"

#include <QLabel>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace precordia {

HoverCard::HoverCard(QWidget* parent)
    : QFrame(parent)
    , title_(new QLabel(this))
    , facts_(new QLabel(this))
    , trace_(new TraceStack(this)) {
    setObjectName(QStringLiteral("hoverCard"));
    setRole(this, "card");
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setRole(title_, "heading");
    setRole(facts_, "small");
    trace_->setFixedHeight(72);
    trace_->setMargins(2 * Theme::kStep, 2 * Theme::kStep);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(2 * Theme::kStep, 2 * Theme::kStep, 2 * Theme::kStep, 2 * Theme::kStep);
    column->setSpacing(Theme::kStep);
    column->addWidget(title_);
    column->addWidget(trace_);
    column->addWidget(facts_);
    setFixedWidth(300);
    hide();
}

void HoverCard::show(const RecordingRow& row, const QPoint& at) {
    if (id_ != row.id)
        trace_->setRecording(nullptr, 5);
    id_ = row.id;
    QString labels;
    for (const auto& label : row.labels)
        labels += (labels.isEmpty() ? QString() : QStringLiteral(", ")) + QString::fromStdString(label);
    title_->setText(title_->fontMetrics().elidedText(
        QString::fromStdString(row.name) + (labels.isEmpty() ? QString() : QStringLiteral(" · ") + labels),
        Qt::ElideRight, 280));
    QStringList facts;
    if (row.heartRateBpm)
        facts += tr("%1 bpm").arg(std::lround(*row.heartRateBpm));
    if (row.ageYears)
        facts += ageText(*row.ageYears);
    if (row.cluster && *row.cluster >= 0)
        facts += tr("cluster %1").arg(*row.cluster);
    if (row.surprisePercentile)
        facts += tr("surprise: percentile %1").arg(std::lround(*row.surprisePercentile));
    else if (row.surprise)
        facts += tr("surprise %1").arg(*row.surprise, 0, 'f', 2);
    facts_->setText(facts.join(QStringLiteral(" · ")));
    adjustSize();
    auto place = at + QPoint(16, 16);
    if (place.x() + width() > parentWidget()->width() - 8)
        place.setX(at.x() - width() - 16);
    if (place.y() + height() > parentWidget()->height() - 8)
        place.setY(at.y() - height() - 16);
    move(std::max(4, place.x()), std::max(4, place.y()));
    QFrame::show();
    raise();
}

void HoverCard::setTrace(RecordingId id, std::shared_ptr<const Recording> recording) {
    if (id == id_ && recording)
        trace_->setRecording(recording, std::min(5.0, recording->seconds()));
}

} // namespace precordia
