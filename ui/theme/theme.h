// SPDX-License-Identifier: GPL-3.0-or-later
// Colours, type and spacing: the only place where one is written. Light, dark and high contrast.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over the C++20 standard headers behind these
#include "core/paper/paper.h"
#endif

#include <QColor>
#include <QFont>
#include <QObject>
#include <QPalette>
#include <QString>

#include <vector>

namespace precordia {

enum class ThemeKind { Light, Dark, HighContrast };

struct Theme {
    ThemeKind kind = ThemeKind::Light;
    QColor window, panel, raised;
    QColor text, secondary, disabled;
    QColor line, accent;
    QColor onAccent; // text on accent
    QColor good, caution, alarm;
    QColor computedMark, fileMark;
    std::vector<QColor> categories; // Okabe-Ito; the second round takes another marker shape
    PaperColours paper;

    static Theme of(ThemeKind kind);
    // Derived: ground of an active chip, of a hovered thing, of a message in that colour.
    QColor soft() const;
    QColor hover() const;
    QColor tint(const QColor& colour) const;

    QPalette palette() const;
    QString styleSheet() const;

    // Spacing in px at scale 1.
    static constexpr int kStep = 4;
    static constexpr int kPanel = 12;
    static constexpr int kRow = 24;
    static constexpr int kRadius = 4;
    static QFont baseFont();    // 10 pt UI font, tabular figures where the font has them
    static QFont smallFont();   // 8.5 pt
    static QFont headingFont(); // semi-bold
};

// The theme in force; views repaint on changed().
class ThemeManager : public QObject {
    Q_OBJECT
public:
    static ThemeManager& instance();
    const Theme& theme() const { return theme_; }
    void apply(ThemeKind kind); // to the application

Q_SIGNALS:
    void changed();

private:
    ThemeManager() = default;
    Theme theme_ = Theme::of(ThemeKind::Light);
};
inline const Theme& theme() {
    return ThemeManager::instance().theme();
}

// Colour maps with 256 steps. t in 0..1; NaN: the disabled colour.
QColor cividis(double t);
QColor batlow(double t);         // surprise
QColor blueWhiteBrown(double t); // 0.5 is zero

} // namespace precordia
