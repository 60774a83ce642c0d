// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/action_palette.h"

#include "ui/theme/theme.h"
#include "ui/widgets.h"

#include <QDialogButtonBox>
#include <QGridLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>

namespace precordia {

namespace {

constexpr int kPaletteWidth = 520;
constexpr int kPaletteRows = 12;

constexpr int kActionRole = Qt::UserRole;
constexpr char kSubmenu[] = "submenu";

bool everyWord(const QString& text, const QStringList& words) {
    return std::all_of(words.begin(), words.end(),
                       [&](const QString& word) { return text.contains(word, Qt::CaseInsensitive); });
}

} // namespace

QString plainText(const QAction& action) {
    QString text = action.text();
    text.remove(QLatin1Char('&'));
    text.remove(QStringLiteral("\u2026"));
    return text;
}

void setSubmenu(QAction& action, const QString& title) {
    QString plain = title;
    action.setProperty(kSubmenu, plain.remove(QLatin1Char('&')));
}

QString paletteText(const QAction& action) {
    const QString submenu = action.property(kSubmenu).toString();
    return submenu.isEmpty() ? plainText(action) : submenu + QStringLiteral(": ") + plainText(action);
}

ActionPalette::ActionPalette(QWidget* parent)
    : QFrame(parent, Qt::Popup)
    , search_(new QLineEdit)
    , list_(new QListWidget) {
    setRole(this, "popup");
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(Theme::kStep * 2, Theme::kStep * 2, Theme::kStep * 2, Theme::kStep * 2);
    column->setSpacing(Theme::kStep * 2);
    search_->setPlaceholderText(tr("What do you want to do?"));
    search_->installEventFilter(this);
    column->addWidget(search_);
    column->addWidget(list_);
    list_->setFocusPolicy(Qt::NoFocus);
    list_->setUniformItemSizes(true);
    connect(search_, &QLineEdit::textChanged, this, &ActionPalette::filter);
    connect(search_, &QLineEdit::returnPressed, this, &ActionPalette::trigger);
    connect(list_, &QListWidget::itemClicked, this, &ActionPalette::trigger);
    setFixedSize(kPaletteWidth, Theme::kRow * (kPaletteRows + 2));
}

void ActionPalette::open(const QList<ActionGroup>& groups) {
    groups_ = groups;
    search_->clear();
    filter({});
    const QWidget* over = parentWidget();
    move(over->mapToGlobal(QPoint((over->width() - width()) / 2, Theme::kRow * 3)));
    show();
    search_->setFocus();
}

void ActionPalette::filter(const QString& wanted) {
    list_->clear();
    const QStringList words = wanted.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    for (qsizetype at = 0; at < groups_.size(); ++at) {
        const ActionGroup& group = groups_.at(at);
        for (QAction* action : group.actions) {
            if (!action->isEnabled() || action->isSeparator() || action->text().isEmpty())
                continue;
            // The window's own come first and need no heading; a view's say whose they are.
            const QString text = paletteText(*action);
            const QString name = at == 0 ? text : group.heading + QStringLiteral(": ") + text;
            if (!everyWord(name, words))
                continue;
            const QString keys = action->shortcut().toString(QKeySequence::NativeText);
            auto* item = new QListWidgetItem(keys.isEmpty() ? name : name + QStringLiteral("    ") + keys, list_);
            item->setData(kActionRole, QVariant::fromValue(static_cast<QObject*>(action)));
        }
    }
    if (list_->count() == 0)
        (new QListWidgetItem(tr("Nothing found"), list_))->setFlags(Qt::NoItemFlags);
    list_->setCurrentRow(0);
}

void ActionPalette::trigger() {
    const QListWidgetItem* item = list_->currentItem();
    auto* action = item != nullptr ? qobject_cast<QAction*>(item->data(kActionRole).value<QObject*>()) : nullptr;
    if (action == nullptr)
        return; // nothing found: the words can be changed
    close();
    action->trigger();
}

bool ActionPalette::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Down || key == Qt::Key_Up) {
            const int row = list_->currentRow() + (key == Qt::Key_Down ? 1 : -1);
            list_->setCurrentRow(std::clamp(row, 0, std::max(0, list_->count() - 1)));
            return true;
        }
        if (key == Qt::Key_Escape) {
            close();
            return true;
        }
    }
    return QFrame::eventFilter(watched, event);
}

ShortcutSheet::ShortcutSheet(const QList<ActionGroup>& groups, QWidget* parent) : QDialog(parent) {
    setWindowTitle(tr("Shortcuts"));
    setAttribute(Qt::WA_DeleteOnClose);
    auto* outer = new QVBoxLayout(this);
    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    auto* content = new QWidget;
    auto* grid = new QGridLayout(content);
    grid->setHorizontalSpacing(Theme::kPanel * 2);
    grid->setVerticalSpacing(Theme::kStep);
    grid->setColumnStretch(1, 1);
    int row = 0;
    for (const ActionGroup& group : groups) {
        bool headed = false;
        for (const QAction* action : group.actions) {
            if (action->shortcut().isEmpty())
                continue;
            if (!headed) {
                auto* heading = new QLabel(group.heading);
                setRole(heading, "heading");
                heading->setContentsMargins(0, row == 0 ? 0 : Theme::kPanel, 0, Theme::kStep);
                grid->addWidget(heading, row++, 0, 1, 2);
                headed = true;
            }
            QStringList keys;
            for (const QKeySequence& shortcut : action->shortcuts())
                keys << shortcut.toString(QKeySequence::NativeText);
            auto* key = new QLabel(keys.join(QStringLiteral(", ")));
            setRole(key, "secondary");
            grid->addWidget(key, row, 0);
            grid->addWidget(new QLabel(paletteText(*action)), row++, 1);
        }
    }
    auto* mouse = new QLabel(tr("In every trace: the wheel zooms time at the cursor, Shift and wheel the amplitude; "
                                "drag to move, double click to reset."));
    mouse->setWordWrap(true);
    setRole(mouse, "small");
    mouse->setContentsMargins(0, Theme::kPanel, 0, 0);
    grid->addWidget(mouse, row++, 0, 1, 2);
    grid->setRowStretch(row, 1);
    scroll->setWidget(content);
    outer->addWidget(scroll);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::close);
    outer->addWidget(buttons);
    resize(480, 600);
}

} // namespace precordia
