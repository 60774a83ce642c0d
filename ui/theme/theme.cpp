// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/theme.h"

#include "core/paper/categories.h"

#include <QApplication>
#include <QFontDatabase>
#include <QIcon>
#include <QStyle>
#include <QStyleFactory>
#include <QToolTip>

#include <algorithm>
#include <array>
#include <cmath>

namespace precordia {

namespace {

QColor rgb(QRgb value) {
    return QColor(value);
}

// Okabe & Ito 2008; the eighth is the ink of the theme.
Theme light() {
    Theme t;
    t.kind = ThemeKind::Light;
    t.window = rgb(0xF5F6F7);
    t.panel = rgb(0xFFFFFF);
    t.raised = rgb(0xFFFFFF);
    t.text = rgb(0x1B1F24);
    t.secondary = rgb(0x57606A);
    t.disabled = rgb(0x9AA3AD);
    t.line = rgb(0xD7DCE1);
    t.accent = rgb(0x0B6BCB);
    t.onAccent = rgb(0xFFFFFF);
    t.good = rgb(0x1A7F4B);
    t.caution = rgb(0x9A6700);
    t.alarm = rgb(0xB42318);
    t.computedMark = rgb(0x0B6BCB);
    t.fileMark = rgb(0x7A4FBF);
    t.categories = categoryColours(rgb(0x000000));
    t.paper = PaperColours::standard();
    return t;
}

Theme dark() {
    Theme t;
    t.kind = ThemeKind::Dark;
    t.window = rgb(0x16191D);
    t.panel = rgb(0x1D2126);
    t.raised = rgb(0x252A30);
    t.text = rgb(0xE6EAEE);
    t.secondary = rgb(0x9DA7B1);
    t.disabled = rgb(0x5C6670);
    t.line = rgb(0x333A42);
    t.accent = rgb(0x5AA9FF);
    t.onAccent = rgb(0x0A1420);
    t.good = rgb(0x4CC38A);
    t.caution = rgb(0xE2A336);
    t.alarm = rgb(0xFF7A6B);
    t.computedMark = rgb(0x5AA9FF);
    t.fileMark = rgb(0xB79AF0);
    t.categories = categoryColours(rgb(0xFFFFFF));
    t.paper = PaperColours::night();
    return t;
}

Theme highContrast() {
    Theme t;
    t.kind = ThemeKind::HighContrast;
    t.window = t.panel = t.raised = rgb(0x000000);
    t.text = t.secondary = rgb(0xFFFFFF);
    t.disabled = rgb(0xA0A0A0);
    t.line = rgb(0xFFFFFF);
    t.accent = rgb(0xFFFF00);
    t.onAccent = rgb(0x000000);
    t.good = rgb(0x00FF00);
    t.caution = rgb(0xFFFF00);
    t.alarm = rgb(0xFF6060);
    t.computedMark = rgb(0x5AA9FF);
    t.fileMark = rgb(0xB79AF0);
    t.categories = categoryColours(rgb(0xFFFFFF));
    t.paper = PaperColours::highContrast();
    return t;
}

QColor blend(const QColor& a, const QColor& b, double share) {
    const auto mix = [share](int x, int y) { return static_cast<int>(std::lround(x + (y - x) * share)); };
    return QColor(mix(a.red(), b.red()), mix(a.green(), b.green()), mix(a.blue(), b.blue()));
}

// 256 steps between evenly spaced anchors.
using ColourMap = std::array<QColor, 256>;
template <std::size_t N>
ColourMap between(const std::array<QRgb, N>& anchors) {
    ColourMap map;
    for (std::size_t i = 0; i < map.size(); ++i) {
        const double at = static_cast<double>(i) * (N - 1) / 255.0;
        const auto k = std::min(static_cast<std::size_t>(at), N - 2);
        map[i] = blend(QColor(anchors[k]), QColor(anchors[k + 1]), at - static_cast<double>(k));
    }
    return map;
}

QColor look(const ColourMap& map, double t) {
    if (std::isnan(t))
        return theme().disabled;
    return map[static_cast<std::size_t>(std::lround(std::clamp(t, 0.0, 1.0) * 255.0))];
}

} // namespace

Theme Theme::of(ThemeKind kind) {
    switch (kind) {
    case ThemeKind::Dark:
        return dark();
    case ThemeKind::HighContrast:
        return highContrast();
    case ThemeKind::Light:
        break;
    }
    return light();
}

QColor Theme::soft() const {
    return blend(panel, accent, kind == ThemeKind::Light ? 0.10 : 0.20);
}
QColor Theme::hover() const {
    return blend(panel, text, kind == ThemeKind::HighContrast ? 0.25 : 0.06);
}
QColor Theme::tint(const QColor& colour) const {
    return blend(panel, colour, kind == ThemeKind::Light ? 0.05 : 0.14);
}

QPalette Theme::palette() const {
    QPalette p;
    p.setColor(QPalette::Window, window);
    p.setColor(QPalette::WindowText, text);
    p.setColor(QPalette::Base, panel);
    p.setColor(QPalette::AlternateBase, window);
    p.setColor(QPalette::Text, text);
    p.setColor(QPalette::PlaceholderText, secondary);
    p.setColor(QPalette::Button, raised);
    p.setColor(QPalette::ButtonText, text);
    p.setColor(QPalette::BrightText, alarm);
    p.setColor(QPalette::ToolTipBase, raised);
    p.setColor(QPalette::ToolTipText, text);
    p.setColor(QPalette::Highlight, accent);
    p.setColor(QPalette::HighlightedText, onAccent);
    p.setColor(QPalette::Link, accent);
    p.setColor(QPalette::LinkVisited, fileMark);
    p.setColor(QPalette::Light, raised);
    p.setColor(QPalette::Midlight, line);
    p.setColor(QPalette::Mid, line);
    p.setColor(QPalette::Dark, secondary);
    p.setColor(QPalette::Shadow, line);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        p.setColor(QPalette::Disabled, role, disabled);
    p.setColor(QPalette::Disabled, QPalette::Highlight, line);
    p.setColor(QPalette::Disabled, QPalette::HighlightedText, secondary);
    return p;
}

// Where no desktop names a UI font (offscreen, bare X), the best of what is installed; never a name that is not there.
QFont Theme::baseFont() {
    QFont font = QFontDatabase::systemFont(QFontDatabase::GeneralFont);
    static const QString family = [] {
        const QString system = QFontInfo(QFontDatabase::systemFont(QFontDatabase::GeneralFont)).family();
        if (!system.startsWith(QLatin1String("DejaVu")) && !system.isEmpty())
            return system;
        for (const char* wanted : {"Inter", "Noto Sans", "Cantarell", "DejaVu Sans"})
            if (QFontDatabase::hasFamily(QLatin1String(wanted)))
                return QString::fromLatin1(wanted);
        return system;
    }();
    font.setFamily(family);
    font.setPointSizeF(10);
    return font;
}

QFont Theme::smallFont() {
    QFont font = baseFont();
    font.setPointSizeF(8.5);
    return font;
}

QFont Theme::headingFont() {
    QFont font = baseFont();
    font.setWeight(QFont::DemiBold);
    return font;
}

ThemeManager& ThemeManager::instance() {
    static ThemeManager manager;
    return manager;
}

void ThemeManager::apply(ThemeKind kind) {
    theme_ = Theme::of(kind);
    static const bool prepared = [] {
        QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
        QIcon::setThemeSearchPaths(QIcon::themeSearchPaths() << QStringLiteral("/usr/share/icons"));
        return true;
    }();
    Q_UNUSED(prepared)
    QIcon::setThemeName(kind == ThemeKind::Light ? QStringLiteral("breeze") : QStringLiteral("breeze-dark"));
    QApplication::setFont(Theme::baseFont());
    QApplication::setPalette(theme_.palette());
    QToolTip::setPalette(theme_.palette());
    qApp->setStyleSheet(theme_.styleSheet());
    Q_EMIT changed();
}

// Nuñez, Anderton & Renslow 2018: even in lightness, the same to colour-blind eyes.
QColor cividis(double t) {
    static const ColourMap map = between<10>(
        {0x00224E, 0x123570, 0x3B496C, 0x575D6D, 0x707173, 0x8A8678, 0xA59C74, 0xC3B369, 0xE1CC55, 0xFEE838});
    return look(map, t);
}

// After Crameri's batlow.
QColor batlow(double t) {
    static const ColourMap map = between<10>(
        {0x011959, 0x103F60, 0x1C5A62, 0x3C6D56, 0x687B3E, 0x9D892B, 0xD29343, 0xF8A17B, 0xFDB7BC, 0xFACCFA});
    return look(map, t);
}

QColor blueWhiteBrown(double t) {
    static const ColourMap map =
        between<9>({0x08306B, 0x2166AC, 0x5AA0D0, 0xB5D4E9, 0xF7F7F7, 0xE8CFAE, 0xC8955A, 0x96602A, 0x543005});
    return look(map, t);
}

} // namespace precordia
