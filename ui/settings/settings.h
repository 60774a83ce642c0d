// SPDX-License-Identifier: GPL-3.0-or-later
// What the window remembers: geometry, theme, language, recent studies. In memory only for tests and screenshots.
#pragma once

#include <QSettings>
#include <QStringList>
#include <QVariantMap>

#include <memory>

namespace precordia {

class Settings {
public:
    // persistent false, or PRECORDIA_NO_SETTINGS in the environment: nothing is read from or written to disk.
    explicit Settings(bool persistent = true);

    QVariant value(const QString& key, const QVariant& fallback = {}) const;
    void setValue(const QString& key, const QVariant& value);

    // Who reads: the name that was given, else the user of the machine; never empty.
    QString readerName() const;
    void setReaderName(const QString& name);

    QStringList recentStudies() const; // newest first, those that are still there
    void addRecentStudy(const QString& folder);

private:
    std::unique_ptr<QSettings> file_; // null: in memory
    QVariantMap memory_;
};

} // namespace precordia
