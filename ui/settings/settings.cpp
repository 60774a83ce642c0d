// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/settings.h"

#include <QDir>
#include <QFileInfo>

namespace precordia {

namespace {
constexpr int kRecent = 6;
const QString kReaderKey = QStringLiteral("reader/name");
const QString kRecentKey = QStringLiteral("study/recent");
} // namespace

Settings::Settings(bool persistent) {
    if (persistent && !qEnvironmentVariableIsSet("PRECORDIA_NO_SETTINGS"))
        file_ = std::make_unique<QSettings>(QStringLiteral("Precordia"), QStringLiteral("Precordia"));
}

QVariant Settings::value(const QString& key, const QVariant& fallback) const {
    return file_ ? file_->value(key, fallback) : memory_.value(key, fallback);
}

void Settings::setValue(const QString& key, const QVariant& value) {
    if (file_)
        file_->setValue(key, value);
    else
        memory_.insert(key, value);
}

QString Settings::readerName() const {
    QString name = value(kReaderKey).toString().simplified();
    for (const char* variable : {"USER", "LOGNAME", "USERNAME"})
        if (name.isEmpty())
            name = qEnvironmentVariable(variable).simplified();
    return name.isEmpty() ? QStringLiteral("reader") : name;
}

void Settings::setReaderName(const QString& name) {
    setValue(kReaderKey, name);
}

QStringList Settings::recentStudies() const {
    QStringList there;
    for (const QString& folder : value(kRecentKey).toStringList())
        if (QFileInfo::exists(folder + QStringLiteral("/study.sqlite")))
            there << folder;
    return there;
}

void Settings::addRecentStudy(const QString& folder) {
    QStringList recent = value(kRecentKey).toStringList();
    const QString clean = QDir::cleanPath(folder);
    recent.removeAll(clean);
    recent.prepend(clean);
    setValue(kRecentKey, QStringList(recent.mid(0, kRecent)));
}

} // namespace precordia
