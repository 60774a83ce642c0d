// SPDX-License-Identifier: GPL-3.0-or-later
// The style sheet: flat, quiet, one accent. Written with the names of the tokens, filled in by styleSheet().
#include "ui/theme/theme.h"

#include <QPair>

namespace precordia {

namespace {

const char* const kSheet = R"(
QMainWindow, QDialog { background: @window; }
QMainWindow::separator { background: @line; width: 1px; height: 1px; }
QMainWindow::separator:hover { background: @accent; }
QToolTip { background: @raised; color: @text; border: 1px solid @line; padding: 4px 6px; }

QMenuBar { background: @panel; border-bottom: 1px solid @line; padding: 2px 8px; }
QMenuBar::item { padding: 5px 9px; border-radius: @radius; background: transparent; }
QMenuBar::item:selected { background: @hover; }
QMenu { background: @raised; border: 1px solid @line; padding: 4px; }
QMenu::item { padding: 5px 28px 5px 24px; border-radius: @radius; }
QMenu::item:selected { background: @accent; color: @onAccent; }
QMenu::item:disabled { color: @disabled; background: transparent; }
QMenu::separator { height: 1px; background: @line; margin: 4px 6px; }
QMenu::icon { padding-left: 6px; }

QDockWidget { titlebar-close-icon: none; }
QDockWidget > QWidget { background: @panel; }

QTabWidget::pane { border: none; border-top: 1px solid @line; background: @window; }
QTabWidget { background: @panel; }
QTabWidget::tab-bar { left: 0; }
QTabBar { background: @panel; qproperty-drawBase: 0; }
QTabBar::tab { background: transparent; color: @secondary; padding: 8px 12px 7px 12px; margin: 0 1px;
    border: none; border-bottom: 2px solid transparent; }
QTabBar::tab:first { margin-left: 8px; }
QTabBar::tab:hover { color: @text; }
QTabBar::tab:selected { color: @accent; font-weight: 600; border-bottom: 2px solid @accent; }
QTabBar::tab:focus { color: @accent; }
QTabBar::tab:disabled { color: @disabled; }

QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QDoubleSpinBox, QComboBox {
    background: @panel; color: @text; border: 1px solid @line; border-radius: @radius; padding: 3px 7px;
    selection-background-color: @accent; selection-color: @onAccent; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QComboBox:focus {
    border: 1px solid @accent; }
QLineEdit:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled, QComboBox:disabled { color: @disabled; background: @window; }
QComboBox { padding-right: 20px; min-height: 18px; }
QComboBox::drop-down { border: none; width: 18px; }
QComboBox::down-arrow { image: url(:/theme/chevron-down-@name.svg); width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: @raised; border: 1px solid @line; selection-background-color: @accent;
    selection-color: @onAccent; outline: none; }
QSpinBox::up-button, QDoubleSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::down-button {
    border: none; background: transparent; width: 16px; }
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow { image: url(:/theme/chevron-up-@name.svg); width: 9px; height: 9px; }
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow { image: url(:/theme/chevron-down-@name.svg); width: 9px; height: 9px; }

QPushButton, QToolButton { background: @panel; color: @text; border: 1px solid @line; border-radius: @radius;
    padding: 4px 10px; min-height: 14px; }
QToolButton { padding: 4px 8px; }
QPushButton:hover, QToolButton:hover { background: @hover; }
QPushButton:pressed, QToolButton:pressed { background: @line; }
QPushButton:focus, QToolButton:focus { border: 1px solid @accent; }
QPushButton:checked, QToolButton:checked { background: @accent; color: @onAccent; border: 1px solid @accent; }
QPushButton:disabled, QToolButton:disabled { color: @disabled; background: @window; border: 1px solid @line; }
QPushButton:default, QPushButton[role="primary"], QToolButton[role="primary"] {
    background: @accent; color: @onAccent; border: 1px solid @accent; }
QPushButton[role="primary"]:hover, QPushButton:default:hover, QToolButton[role="primary"]:hover { background: @accentHover; }
QPushButton[role="primary"]:disabled { background: @line; color: @secondary; border: 1px solid @line; }
QPushButton[role="chip"], QToolButton[role="chip"] { background: @hover; color: @secondary; border: 1px solid transparent;
    border-radius: 10px; padding: 1px 9px; min-height: 16px; }
QPushButton[role="chip"]:hover, QToolButton[role="chip"]:hover { background: @line; }
QPushButton[role="chip"][active="true"], QToolButton[role="chip"][active="true"] { background: @soft; color: @accent; }
QPushButton[role="flat"], QToolButton[role="flat"] { background: transparent; border: 1px solid transparent; padding: 3px 6px; }
QPushButton[role="flat"]:hover, QToolButton[role="flat"]:hover { background: @hover; }
QPushButton[role="flat"]:focus, QToolButton[role="flat"]:focus { border: 1px solid @accent; }
QPushButton[role="sign"] { background: transparent; border: 1px solid transparent; color: @secondary; padding: 0; min-width: 20px; max-width: 20px;
    min-height: 20px; max-height: 20px; }
QPushButton[role="sign"]:hover { background: @hover; color: @text; }
QPushButton[role="link"] { background: transparent; border: none; color: @accent; padding: 2px; text-align: left; }
QPushButton[role="link"]:hover { text-decoration: underline; }
QToolButton::menu-indicator { image: url(:/theme/chevron-down-@name.svg); width: 10px; height: 10px;
    subcontrol-position: right center; subcontrol-origin: padding; right: 5px; }
QToolButton[popupMode="2"] { padding-right: 20px; }
QToolButton[role="chip"]::menu-indicator { image: none; }
QToolButton[role="chip"] { padding: 1px 9px; }
QPushButton::menu-indicator { image: url(:/theme/chevron-down-@name.svg); width: 10px; height: 10px;
    subcontrol-position: right center; subcontrol-origin: padding; right: 6px; }

QAbstractItemView::indicator, QCheckBox::indicator { width: 12px; height: 12px; border: 1px solid @secondary; border-radius: 2px;
    background: @panel; }
QAbstractItemView::indicator:checked, QCheckBox::indicator:checked { border-color: @accent; background: @accent;
    image: url(:/theme/check-@name.svg); }
QAbstractItemView::indicator:disabled, QCheckBox::indicator:disabled { border-color: @line; }

QAbstractItemView { background: @panel; border: none; outline: none; selection-background-color: @accent;
    selection-color: @onAccent; gridline-color: @line; alternate-background-color: @panel; }
QTableView::item { border-bottom: 1px solid @rowLine; padding: 0 3px; }
QTableView::item:hover { background: @hover; }
QTableView::item:selected { background: @accent; color: @onAccent; }
QListView::item { padding: 4px 8px; border-radius: @radius; }
QListView::item:selected { background: @accent; color: @onAccent; }
QHeaderView { background: @headerGround; border: none; }
QHeaderView::section { background: @headerGround; color: @secondary; border: none; border-bottom: 1px solid @line;
    padding: 4px 6px; font-weight: 400; }
QHeaderView::section:hover { color: @text; }
QHeaderView::up-arrow { image: url(:/theme/chevron-up-@name.svg); width: 9px; height: 9px;
    subcontrol-position: center right; subcontrol-origin: padding; right: 2px; }
QHeaderView::down-arrow { image: url(:/theme/chevron-down-@name.svg); width: 9px; height: 9px;
    subcontrol-position: center right; subcontrol-origin: padding; right: 2px; }
QTableCornerButton::section { background: @headerGround; border: none; }

QProgressBar { background: @line; border: none; border-radius: 2px; max-height: 4px; min-height: 4px; }
QProgressBar::chunk { background: @accent; border-radius: 2px; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: @scroll; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: @secondary; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QScrollArea { background: transparent; border: none; }
QSplitter::handle { background: @line; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QGroupBox { border: 1px solid @line; border-radius: @radius; margin-top: 10px; padding-top: 8px; }
QGroupBox::title { subcontrol-origin: margin; left: 10px; color: @secondary; }

precordia--Panel { background: @panel; border: 1px solid @line; border-radius: @radius; }
precordia--ToolRow { background: @panel; border: none; border-bottom: 1px solid @line; }
QFrame[role="bar"] { background: @panel; border: none; border-top: 1px solid @line; }
QFrame[role="card"] { background: @raised; border: 1px solid @line; border-radius: @radius; }
QFrame[role="popup"] { background: @raised; border: 1px solid @line; }
QFrame[role="rule"] { background: @line; border: none; max-width: 1px; }
QWidget[role="panelGround"] { background: @panel; }
precordia--MessageBar { background: @infoGround; border: none; border-bottom: 1px solid @line; border-left: 3px solid @accent; }
precordia--MessageBar[level="caution"] { background: @cautionGround; border-left: 3px solid @caution; }
precordia--MessageBar[level="alarm"] { background: @alarmGround; border-left: 3px solid @alarm; }
precordia--MessageBar[level="good"] { background: @goodGround; border-left: 3px solid @good; }

QLabel[role="secondary"] { color: @secondary; }
QLabel[role="small"] { color: @secondary; font-size: 8.5pt; }
QLabel[role="heading"] { font-weight: 600; }
QLabel[role="title"] { font-weight: 600; font-size: 15pt; }
QLabel[role="good"] { color: @good; }
QLabel[role="caution"] { color: @caution; }
QLabel[role="alarm"] { color: @alarm; }
QLabel[role="badge"] { color: @caution; background: @cautionGround; border: 1px solid @badgeLine; border-radius: @radius; padding: 2px 8px; }
)";

QColor blend(const QColor& a, const QColor& b, double share) {
    const auto mix = [share](int x, int y) { return static_cast<int>(x + (y - x) * share); };
    return QColor(mix(a.red(), b.red()), mix(a.green(), b.green()), mix(a.blue(), b.blue()));
}

} // namespace

QString Theme::styleSheet() const {
    const QString name = kind == ThemeKind::Light  ? QStringLiteral("light")
                         : kind == ThemeKind::Dark ? QStringLiteral("dark")
                                                   : QStringLiteral("contrast");
    const bool contrast = kind == ThemeKind::HighContrast;
    QColor badgeLine = caution;
    badgeLine.setAlphaF(0.45F);
    QColor scroll = secondary;
    scroll.setAlphaF(contrast ? 1.0F : 0.4F);
    const auto css = [](const QColor& c) {
        return c.alpha() == 255
                   ? c.name()
                   : QStringLiteral("rgba(%1,%2,%3,%4)").arg(c.red()).arg(c.green()).arg(c.blue()).arg(c.alpha());
    };
    // Longer names first: "@accentHover" must not be read as "@accent".
    const QList<QPair<QString, QString>> tokens = {
        {QStringLiteral("@accentHover"), css(kind == ThemeKind::Light ? accent.darker(112) : accent.lighter(108))},
        {QStringLiteral("@cautionGround"), css(tint(caution))},
        {QStringLiteral("@alarmGround"), css(tint(alarm))},
        {QStringLiteral("@goodGround"), css(tint(good))},
        {QStringLiteral("@infoGround"), css(tint(accent))},
        {QStringLiteral("@headerGround"), css(window)},
        {QStringLiteral("@rowLine"), css(blend(panel, line, contrast ? 1.0 : 0.55))},
        {QStringLiteral("@badgeLine"), css(badgeLine)},
        {QStringLiteral("@onAccent"), css(onAccent)},
        {QStringLiteral("@secondary"), css(secondary)},
        {QStringLiteral("@disabled"), css(disabled)},
        {QStringLiteral("@caution"), css(caution)},
        {QStringLiteral("@accent"), css(accent)},
        {QStringLiteral("@radius"), QStringLiteral("%1px").arg(kRadius)},
        {QStringLiteral("@window"), css(window)},
        {QStringLiteral("@raised"), css(raised)},
        {QStringLiteral("@scroll"), css(scroll)},
        {QStringLiteral("@hover"), css(hover())},
        {QStringLiteral("@panel"), css(panel)},
        {QStringLiteral("@alarm"), css(alarm)},
        {QStringLiteral("@good"), css(good)},
        {QStringLiteral("@soft"), css(soft())},
        {QStringLiteral("@text"), css(text)},
        {QStringLiteral("@line"), css(line)},
        {QStringLiteral("@name"), name},
    };
    QString sheet = QString::fromLatin1(kSheet);
    for (const auto& [token, value] : tokens)
        sheet.replace(token, value);
    return sheet;
}

} // namespace precordia
