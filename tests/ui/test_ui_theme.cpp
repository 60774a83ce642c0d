// SPDX-License-Identifier: GPL-3.0-or-later
// Text and marks can be read on every ground they stand on, in every theme (WCAG 2.1 contrast).
#include "ui/theme/theme.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace precordia;

namespace {

double luminance(const QColor& colour) {
    const auto linear = [](double c) { return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); };
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF());
}

double contrast(const QColor& a, const QColor& b) {
    const double x = luminance(a), y = luminance(b);
    return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

const std::vector<ThemeKind> kKinds = {ThemeKind::Light, ThemeKind::Dark, ThemeKind::HighContrast};

} // namespace

class TestUiTheme : public QObject {
    Q_OBJECT
private Q_SLOTS:
    // Black on white is 21, #767676 on white 4.54: the figures of the standard.
    void contrastIsMeasuredAsTheStandardSays() {
        QVERIFY(std::abs(contrast(Qt::black, Qt::white) - 21.0) < 1e-9);
        QVERIFY(std::abs(contrast(QColor(0x767676), Qt::white) - 4.54) < 0.01);
    }

    void textCanBeRead() {
        for (const ThemeKind kind : kKinds) {
            const Theme t = Theme::of(kind);
            for (const QColor& ground : {t.window, t.panel, t.raised, t.hover()}) {
                QVERIFY2(contrast(t.text, ground) >= 4.5, qPrintable(ground.name()));
                QVERIFY2(contrast(t.secondary, ground) >= 4.5, qPrintable(ground.name()));
            }
            QVERIFY(contrast(t.onAccent, t.accent) >= 4.5);
            QVERIFY(contrast(t.accent, t.soft()) >= 4.5); // an active chip
            QVERIFY(contrast(t.text, t.tint(t.caution)) >= 4.5);
            QVERIFY(contrast(t.text, t.tint(t.alarm)) >= 4.5);
            QVERIFY(contrast(t.text, t.tint(t.accent)) >= 4.5);
            QVERIFY(contrast(t.caution, t.tint(t.caution)) >= 4.5); // the badge
            QVERIFY(contrast(t.paper.text, t.paper.ground) >= 4.5);
        }
    }

    void marksCanBeSeen() {
        for (const ThemeKind kind : kKinds) {
            const Theme t = Theme::of(kind);
            for (const QColor& mark : {t.accent, t.good, t.caution, t.alarm, t.computedMark, t.fileMark})
                for (const QColor& ground : {t.window, t.panel})
                    QVERIFY2(contrast(mark, ground) >= 3, qPrintable(mark.name()));
            QVERIFY(contrast(t.paper.trace, t.paper.ground) >= 3);
            QVERIFY(contrast(t.paper.trace, t.paper.majorGrid) >= 3);
        }
    }

    // The tokens of the design, by hand.
    void tokensAreThoseOfTheDesign() {
        const Theme light = Theme::of(ThemeKind::Light);
        QCOMPARE(light.accent.name(), QStringLiteral("#0b6bcb"));
        QCOMPARE(light.caution.name(), QStringLiteral("#9a6700"));
        const Theme dark = Theme::of(ThemeKind::Dark);
        QCOMPARE(dark.window.name(), QStringLiteral("#16191d"));
        QCOMPARE(dark.paper.trace.name(), QStringLiteral("#cff5df"));
    }

    void styleSheetKnowsEveryToken() {
        for (const ThemeKind kind : kKinds) {
            const QString sheet = Theme::of(kind).styleSheet();
            QVERIFY2(!sheet.contains(QLatin1Char('@')), "a token of the style sheet has no value");
            QCOMPARE(sheet.count(QLatin1Char('{')), sheet.count(QLatin1Char('}')));
        }
    }

    // Cividis runs from dark to light without turning back, whatever an eye makes of its hues.
    void cividisGrowsLighter() {
        double before = -1;
        for (int i = 0; i <= 255; ++i) {
            const double now = luminance(cividis(i / 255.0));
            QVERIFY(now > before - 1e-3);
            before = now;
        }
        QCOMPARE(cividis(0.0).name(), QStringLiteral("#00224e"));
        QCOMPARE(cividis(1.0).name(), QStringLiteral("#fee838"));
        QCOMPARE(cividis(std::numeric_limits<double>::quiet_NaN()), theme().disabled);
        QCOMPARE(cividis(7.0), cividis(1.0));
    }

    void divergingMapIsPaleAtZero() {
        QVERIFY(luminance(blueWhiteBrown(0.5)) > luminance(blueWhiteBrown(0.3)));
        QVERIFY(luminance(blueWhiteBrown(0.5)) > luminance(blueWhiteBrown(0.7)));
        QVERIFY(blueWhiteBrown(0.1).blue() > blueWhiteBrown(0.1).red());
        QVERIFY(blueWhiteBrown(0.9).red() > blueWhiteBrown(0.9).blue());
    }
};

QTEST_MAIN(TestUiTheme)
#include "test_ui_theme.moc"
