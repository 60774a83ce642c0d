// SPDX-License-Identifier: GPL-3.0-or-later
// SQLite through Qt, with Results: one connection of its own for each Database, used by the thread that opened it.
// Internal to core/study.
#pragma once

#include "core/base/result.h"

#include <QSqlDatabase>
#include <QSqlQuery>
#include <QString>
#include <QVariant>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace precordia {

class Database {
public:
    // The file is made when absent. WAL, foreign keys on, waits up to 10 s for another writer. Error DatabaseFailed.
    static Result<std::unique_ptr<Database>> open(const std::filesystem::path& file);
    // For a folder where nothing can be written: changing it is then the error FileUnwritable.
    static Result<std::unique_ptr<Database>> openReadOnly(const std::filesystem::path& file);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    Result<QSqlQuery> prepare(const QString& sql) const;
    // Binds in order and runs; the query can be run again.
    Result<Done> execute(QSqlQuery& query, const std::vector<QVariant>& values = {}) const;
    Result<QSqlQuery> run(const QString& sql, const std::vector<QVariant>& values = {}) const;
    // For statements that give no rows.
    Result<Done> change(const QString& sql, const std::vector<QVariant>& values = {}) const;
    // The first column of the first row; an invalid QVariant when there is none.
    Result<QVariant> scalar(const QString& sql, const std::vector<QVariant>& values = {}) const;
    // All of it or nothing. Inside another transaction it is part of that one.
    Result<Done> transaction(const std::function<Result<Done>()>& work);

private:
    Database(QSqlDatabase handle, QString connection, std::string file);
    static Result<std::unique_ptr<Database>> openAs(const std::filesystem::path& file, const QString& name,
                                                    const QString& options, bool readOnly);
    Error refused(const QSqlError& error) const;
    Error unwritable() const;

    QSqlDatabase handle_;
    QString connection_;
    std::string file_;
    bool inTransaction_ = false;
    bool readOnly_ = false;
};

inline QString toQt(const std::string& text) {
    return QString::fromStdString(text);
}
inline std::string fromQt(const QVariant& value) {
    return value.toString().toStdString();
}
// NULL when empty.
inline QVariant orNull(const std::optional<double>& value) {
    return value ? QVariant(*value) : QVariant();
}
inline std::optional<double> optionalDouble(const QVariant& value) {
    return value.isNull() ? std::nullopt : std::optional(value.toDouble());
}

} // namespace precordia
