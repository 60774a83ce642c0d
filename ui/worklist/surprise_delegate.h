// SPDX-License-Identifier: GPL-3.0-or-later
// Surprise as a small bar: how much of the study surprises less.
#pragma once

#include <QStyledItemDelegate>

namespace precordia {

class SurpriseDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

} // namespace precordia
