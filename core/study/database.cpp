// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/database.h"

#include <QSqlError>
#include <QUrl>

#include <atomic>
#include <utility>

namespace precordia {

Database::Database(QSqlDatabase handle, QString connection, std::string file)
    : handle_(std::move(handle))
    , connection_(std::move(connection))
    , file_(std::move(file)) {}

Database::~Database() {
    handle_.close();
    handle_ = {}; // removeDatabase() warns while a handle is about
    QSqlDatabase::removeDatabase(connection_);
}

Error Database::refused(const QSqlError& error) const {
    constexpr int kReadOnly = 8; // SQLITE_READONLY, the low byte of its extended codes
    if (readOnly_ && (error.nativeErrorCode().toInt() & 0xff) == kReadOnly)
        return unwritable();
    return makeError(ErrorCode::DatabaseFailed, error.text().trimmed().toStdString(), file_);
}

Error Database::unwritable() const {
    return makeError(ErrorCode::FileUnwritable, "the study can only be read here",
                     std::filesystem::path(file_).parent_path().string());
}

Result<std::unique_ptr<Database>> Database::openAs(const std::filesystem::path& file, const QString& name,
                                                   const QString& options, bool readOnly) {
    if (!QSqlDatabase::isDriverAvailable("QSQLITE"))
        return makeError(ErrorCode::DatabaseFailed, "Qt's SQLite driver is missing (package libqt6sql6-sqlite)",
                         file.string());
    static std::atomic<int> serial{0};
    const auto connection = QStringLiteral("precordia-study-%1").arg(serial++);
    auto handle = QSqlDatabase::addDatabase("QSQLITE", connection);
    handle.setDatabaseName(name);
    handle.setConnectOptions(options);
    std::unique_ptr<Database> database(new Database(std::exchange(handle, {}), connection, file.string()));
    database->readOnly_ = readOnly;
    if (!database->handle_.open())
        return database->refused(database->handle_.lastError());
    return database;
}

Result<std::unique_ptr<Database>> Database::open(const std::filesystem::path& file) {
    auto database = openAs(file, toQt(file.string()), "QSQLITE_BUSY_TIMEOUT=10000", false);
    if (!database)
        return database;
    // synchronous stays FULL: what was confirmed survives a power cut; commits come in batches, so it costs little.
    for (const auto* pragma : {"PRAGMA journal_mode = WAL", "PRAGMA foreign_keys = ON"})
        if (const auto set = (*database)->change(pragma); !set)
            return set.as<std::unique_ptr<Database>>();
    return database;
}

Result<std::unique_ptr<Database>> Database::openReadOnly(const std::filesystem::path& file) {
    // Without a write-ahead log the file is whole, and "immutable" spares SQLite the files it would make beside it.
    // With one, another program is at work or was cut off: its log must be read too, or confirmed changes were missed.
    auto log = file;
    log += "-wal";
    std::error_code ec;
    const bool whole = !std::filesystem::exists(log, ec) || std::filesystem::file_size(log, ec) == 0;
    auto name = QString::fromUtf8(QUrl::fromLocalFile(toQt(file.string())).toEncoded());
    name += whole ? QStringLiteral("?immutable=1") : QStringLiteral("?mode=ro");
    auto database = openAs(file, name, "QSQLITE_OPEN_READONLY;QSQLITE_OPEN_URI;QSQLITE_BUSY_TIMEOUT=10000", true);
    if (!database || whole)
        return database;
    if (const auto asked = (*database)->scalar("SELECT COUNT(*) FROM sqlite_master"); !asked)
        return makeError(ErrorCode::DatabaseFailed,
                         "its last changes wait in " + log.filename().string() +
                             "; open the study once where its folder can be written",
                         file.string());
    return database;
}

Result<QSqlQuery> Database::prepare(const QString& sql) const {
    QSqlQuery query(handle_);
    query.setForwardOnly(true);
    if (!query.prepare(sql))
        return refused(query.lastError());
    return query;
}

Result<Done> Database::execute(QSqlQuery& query, const std::vector<QVariant>& values) const {
    for (std::size_t i = 0; i < values.size(); ++i)
        query.bindValue(static_cast<int>(i), values[i]);
    if (!query.exec())
        return refused(query.lastError());
    return Done{};
}

Result<QSqlQuery> Database::run(const QString& sql, const std::vector<QVariant>& values) const {
    auto query = prepare(sql);
    if (!query)
        return query;
    if (const auto done = execute(*query, values); !done)
        return done.as<QSqlQuery>();
    return query;
}

Result<Done> Database::change(const QString& sql, const std::vector<QVariant>& values) const {
    const auto query = run(sql, values);
    return query ? Result<Done>(Done{}) : query.as<Done>();
}

Result<QVariant> Database::scalar(const QString& sql, const std::vector<QVariant>& values) const {
    auto query = run(sql, values);
    if (!query)
        return query.as<QVariant>();
    return query->next() ? query->value(0) : QVariant();
}

Result<Done> Database::transaction(const std::function<Result<Done>()>& work) {
    if (inTransaction_)
        return work();
    if (readOnly_)
        return unwritable();
    // IMMEDIATE: a reader that turns writer half-way is refused at once instead of waiting for its turn.
    if (const auto begun = change("BEGIN IMMEDIATE"); !begun)
        return begun;
    inTransaction_ = true;
    auto result = work();
    inTransaction_ = false;
    if (result.ok()) {
        result = change("COMMIT");
        if (result.ok())
            return result;
    }
    (void)change("ROLLBACK"); // the first failure is the one to tell
    return result;
}

} // namespace precordia
