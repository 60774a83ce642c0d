// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/appearance.h"

#include <QApplication>
#include <QLibraryInfo>
#include <QLocale>
#include <QTranslator>

namespace precordia {

namespace {

// What the desktop had chosen before this program set its own palette.
ThemeKind systemTheme() {
    static const ThemeKind kind =
        QGuiApplication::palette().color(QPalette::Window).lightness() < 128 ? ThemeKind::Dark : ThemeKind::Light;
    return kind;
}

} // namespace

QStringList themeNames() {
    return {QStringLiteral("system"), QStringLiteral("light"), QStringLiteral("dark"), QStringLiteral("contrast")};
}

void applyTheme(const QString& name) {
    const ThemeKind system = systemTheme();
    ThemeKind kind = system;
    if (name == QLatin1String("light"))
        kind = ThemeKind::Light;
    else if (name == QLatin1String("dark"))
        kind = ThemeKind::Dark;
    else if (name == QLatin1String("contrast"))
        kind = ThemeKind::HighContrast;
    ThemeManager::instance().apply(kind);
}

QStringList languageNames() {
    return {QStringLiteral("system"), QStringLiteral("en"), QStringLiteral("de")};
}

void installLanguage(QApplication& application, const QString& name) {
    const QLocale locale = name == QLatin1String("en")   ? QLocale(QLocale::English)
                           : name == QLatin1String("de") ? QLocale(QLocale::German)
                                                         : QLocale();
    QLocale::setDefault(locale);
    auto* qt = new QTranslator(&application);
    if (qt->load(locale, QStringLiteral("qtbase"), QStringLiteral("_"),
                 QLibraryInfo::path(QLibraryInfo::TranslationsPath)))
        QCoreApplication::installTranslator(qt);
    // English too: its plural forms are a translation.
    auto* own = new QTranslator(&application);
    if (own->load(locale, QStringLiteral("precordia"), QStringLiteral("_"), QStringLiteral(":/i18n")) ||
        own->load(QStringLiteral(":/i18n/precordia_en.qm")))
        QCoreApplication::installTranslator(own);
}

} // namespace precordia
