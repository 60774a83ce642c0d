// SPDX-License-Identifier: GPL-3.0-or-later
// Theme and language by the names that settings and command line use.
#pragma once

#include "ui/theme/theme.h"

#include <QString>
#include <QStringList>

class QApplication;

namespace precordia {

// "system", "light", "dark", "contrast"; anything else: "system".
void applyTheme(const QString& name);
QStringList themeNames();

// "system", "en", "de". Texts that are built already keep their language: call before the window is made.
void installLanguage(QApplication& application, const QString& name);
QStringList languageNames();

} // namespace precordia
