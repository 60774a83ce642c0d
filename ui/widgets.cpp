// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets.h"

#include "ui/theme/theme.h"

#include <QPainter>
#include <QStyle>
#include <QVBoxLayout>

namespace precordia {

void setRole(QWidget* widget, const char* role) {
    widget->setProperty("role", role);
    widget->style()->unpolish(widget);
    widget->style()->polish(widget);
}

// ElidedLabel -----------------------------------------------------------------

ElidedLabel::ElidedLabel(const QString& text, QWidget* parent) : QLabel(text, parent) {
    setTextFormat(Qt::PlainText);
}

QSize ElidedLabel::minimumSizeHint() const {
    constexpr int kLetters = 6; // so that something is left to read
    return {fontMetrics().averageCharWidth() * kLetters, QLabel::minimumSizeHint().height()};
}

void ElidedLabel::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const QRect inside = contentsRect();
    const QString shown = fontMetrics().elidedText(text(), Qt::ElideRight, inside.width());
    const QString tip = shown == text() ? QString() : text();
    if (toolTip() != tip)
        setToolTip(tip);
    style()->drawItemText(&painter, inside, static_cast<int>(alignment()) | Qt::TextSingleLine, palette(), isEnabled(),
                          shown, foregroundRole());
}

// ToolRow ---------------------------------------------------------------------

ToolRow::ToolRow(QWidget* parent) : QFrame(parent), row_(new QHBoxLayout), info_(new ElidedLabel) {
    auto* outer = new QHBoxLayout(this);
    outer->setContentsMargins(Theme::kPanel, Theme::kStep + 1, Theme::kPanel, Theme::kStep + 1);
    outer->setSpacing(Theme::kStep * 2);
    row_->setSpacing(Theme::kStep * 2);
    outer->addLayout(row_);
    // The facts take what is left and give way first: the buttons are never cut.
    info_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    info_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    setRole(info_, "secondary");
    outer->addWidget(info_, 1);
}

void ToolRow::add(QWidget* widget) {
    row_->addWidget(widget);
}

void ToolRow::addSeparator() {
    auto* rule = new QFrame;
    rule->setFixedSize(1, Theme::kStep * 5);
    setRole(rule, "rule");
    row_->addWidget(rule);
}

void ToolRow::setInfo(const QString& text) {
    info_->setText(text);
}

// Panel -----------------------------------------------------------------------

Panel::Panel(const QString& heading, QWidget* parent)
    : QFrame(parent)
    , headingRow_(new QWidget(this))
    , heading_(new ElidedLabel(heading, headingRow_)) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(Theme::kPanel, Theme::kStep * 2, Theme::kPanel, Theme::kPanel);
    column->setSpacing(Theme::kStep * 2);
    auto* row = new QHBoxLayout(headingRow_);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(Theme::kStep * 2);
    setRole(heading_, "heading");
    row->addWidget(heading_);
    row->addStretch(1);
    column->addWidget(headingRow_);
    headingRow_->setVisible(!heading.isEmpty());
}

void Panel::setHeading(const QString& heading) {
    heading_->setText(heading);
    headingRow_->setVisible(!heading.isEmpty());
}

void Panel::setContent(QWidget* content) {
    static_cast<QVBoxLayout*>(layout())->addWidget(content, 1);
}

// EmptyState ------------------------------------------------------------------

EmptyState::EmptyState(QWidget* parent)
    : QWidget(parent)
    , title_(new QLabel(this))
    , text_(new QLabel(this))
    , button_(new QPushButton(this)) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(Theme::kPanel * 2, Theme::kPanel * 2, Theme::kPanel * 2, Theme::kPanel * 2);
    column->setSpacing(Theme::kPanel);
    column->addStretch(2);
    setRole(title_, "title");
    title_->setAlignment(Qt::AlignCenter);
    title_->setWordWrap(true);
    setRole(text_, "secondary");
    text_->setAlignment(Qt::AlignCenter);
    text_->setWordWrap(true);
    text_->setMaximumWidth(460);
    setRole(button_, "primary");
    column->addWidget(title_);
    // Centred by stretches: a word-wrapped label with an alignment would not get its height for width.
    auto* textRow = new QHBoxLayout;
    textRow->addStretch(1);
    textRow->addWidget(text_, 100);
    textRow->addStretch(1);
    column->addLayout(textRow);
    column->addWidget(button_, 0, Qt::AlignHCenter);
    column->addStretch(3);
    connect(button_, &QPushButton::clicked, this, [this] {
        if (action_)
            action_();
    });
    button_->hide();
}

void EmptyState::set(const QString& title, const QString& text, const QString& button, std::function<void()> action) {
    title_->setText(title);
    text_->setText(text);
    text_->setVisible(!text.isEmpty());
    button_->setText(button);
    button_->setVisible(!button.isEmpty());
    action_ = std::move(action);
}

// MessageBar ------------------------------------------------------------------

MessageBar::MessageBar(QWidget* parent)
    : QFrame(parent)
    , text_(new QLabel(this))
    , button_(new QPushButton(this))
    , close_(new QPushButton(this)) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(Theme::kPanel, Theme::kStep, Theme::kStep, Theme::kStep);
    row->setSpacing(Theme::kStep * 2);
    text_->setWordWrap(true);
    text_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    row->addWidget(text_, 1);
    row->addWidget(button_);
    setRole(close_, "flat");
    close_->setText(QStringLiteral("\u2715"));
    close_->setToolTip(tr("Dismiss"));
    close_->setAccessibleName(tr("Dismiss the message"));
    row->addWidget(close_);
    connect(close_, &QPushButton::clicked, this, &MessageBar::clear);
    connect(button_, &QPushButton::clicked, this, [this] {
        const auto action = onAction_; // may tell the next message while it runs
        clear();
        if (action)
            action();
    });
    QFrame::hide();
}

void MessageBar::show(const QString& level, const QString& text, const QString& action,
                      std::function<void()> onAction) {
    setProperty("level", level);
    style()->unpolish(this);
    style()->polish(this);
    text_->setText(text);
    button_->setText(action);
    button_->setVisible(!action.isEmpty());
    onAction_ = std::move(onAction);
    QFrame::show();
}

void MessageBar::clear() {
    onAction_ = {};
    QFrame::hide();
}

} // namespace precordia
