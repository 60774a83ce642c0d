// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/dock_title.h"

#include "ui/theme/theme.h"
#include "ui/widgets.h"

#include <QDockWidget>
#include <QHBoxLayout>
#include <QLabel>

namespace precordia {

DockTitle::DockTitle(const QString& heading, QDockWidget* dock) : QWidget(dock), fact_(new ElidedLabel({}, this)) {
    setRole(this, "panelGround");
    setAttribute(Qt::WA_StyledBackground);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(Theme::kPanel, Theme::kStep, Theme::kStep, 0);
    row->setSpacing(0);
    auto* name = new QLabel(heading, this);
    setRole(name, "heading");
    row->addWidget(name);
    row->addSpacing(Theme::kStep * 4);
    setRole(fact_, "secondary");
    fact_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    row->addWidget(fact_, 1);
    row->addSpacing(Theme::kStep);
    const auto button = [&](const QString& sign, const QString& tip) {
        auto* b = new QPushButton(sign, this);
        b->setToolTip(tip);
        b->setAccessibleName(tip);
        b->setFocusPolicy(Qt::NoFocus);
        setRole(b, "sign");
        row->addWidget(b);
        return b;
    };
    connect(button(QStringLiteral("\u2750"), tr("Float or dock again")), &QPushButton::clicked, dock,
            [dock] { dock->setFloating(!dock->isFloating()); });
    connect(button(QStringLiteral("\u2715"), tr("Close; the View menu brings it back")), &QPushButton::clicked, dock,
            &QDockWidget::close);
}

void DockTitle::setFact(const QString& text) {
    fact_->setText(text);
}

} // namespace precordia
