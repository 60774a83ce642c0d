// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/worklist/surprise_delegate.h"

#include "ui/theme/theme.h"
#include "ui/worklist/worklist_model.h"

#include <QApplication>
#include <QPainter>

#include <algorithm>

namespace precordia {

void SurpriseDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
    QStyleOptionViewItem empty = option;
    initStyleOption(&empty, index);
    empty.text.clear(); // ground and selection by the style, the number by the bar
    const QWidget* widget = option.widget;
    (widget ? widget->style() : QApplication::style())->drawControl(QStyle::CE_ItemViewItem, &empty, painter, widget);
    const QVariant share = index.data(WorklistModel::kSurpriseShare);
    if (!share.isValid())
        return;
    constexpr int kHeight = Theme::kStep * 3 / 2;
    QRect groove = option.rect.adjusted(Theme::kStep + 2, 0, -Theme::kStep * 2, 0);
    groove.setTop(option.rect.center().y() - kHeight / 2);
    groove.setHeight(kHeight);
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    QColor ground = selected ? theme().onAccent : theme().text;
    ground.setAlphaF(selected ? 0.3F : 0.1F);
    painter->fillRect(groove, ground);
    QRect bar = groove;
    bar.setWidth(std::max(1, static_cast<int>(groove.width() * std::clamp(share.toDouble(), 0.0, 1.0))));
    painter->fillRect(bar, selected ? theme().onAccent : theme().categories[5]);
}

} // namespace precordia
