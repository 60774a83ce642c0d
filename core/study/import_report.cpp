// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/import_report.h"

#include "core/base/file.h"
#include "core/study/study_impl.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace precordia {

namespace {

constexpr std::size_t kMostKept = 10000; // failures
constexpr int kReportsKept = 10;

QJsonObject toJson(const ImportReport& report) {
    QJsonArray failed;
    for (std::size_t i = 0; i < std::min(report.failed.size(), kMostKept); ++i)
        failed.append(QJsonArray{toQt(report.failed[i].path.string()), toQt(report.failed[i].reason),
                                 toQt(std::string(describe(report.failed[i].code)))});
    QJsonArray notes;
    for (const auto& note : report.notes)
        notes.append(toQt(note));
    QJsonObject formats;
    for (const auto& [format, count] : report.formats)
        formats.insert(toQt(format), count);
    QJsonObject warnings;
    for (const auto& [code, kind] : report.warnings) {
        QJsonArray files;
        for (const auto& file : kind.files)
            files.append(QJsonArray{toQt(file.path.string()), toQt(file.message), toQt(file.where)});
        warnings.insert(toQt(std::string(name(code))), QJsonObject{{"count", kind.count}, {"files", files}});
    }
    return {{"imported", report.imported},
            {"skipped", report.skipped},
            {"duplicates", report.duplicates},
            {"pseudonymous", report.pseudonymous},
            {"withheld", report.withheld},
            {"words_left_out", report.wordsLeftOut},
            {"labels", report.labels},
            {"labelled", report.labelled},
            {"without_ecg", report.withoutEcg},
            {"ended_at", toQt(report.endedAt)},
            {"failed", failed},
            {"notes", notes},
            {"formats", formats},
            {"warnings", warnings}};
}

std::optional<WarningCode> codeOf(const std::string& key) {
    for (int code = 0; code <= static_cast<int>(WarningCode::Repaired); ++code)
        if (name(static_cast<WarningCode>(code)) == key)
            return static_cast<WarningCode>(code);
    return std::nullopt;
}

// Reports of earlier programs have no code, but its sentence in the reason.
ErrorCode errorCodeOf(const std::string& kept, const std::string& reason) {
    for (int code = 0; code <= static_cast<int>(ErrorCode::Bug); ++code)
        if (const auto sentence = describe(static_cast<ErrorCode>(code));
            kept.empty() ? reason.find(sentence) != std::string::npos : kept == sentence)
            return static_cast<ErrorCode>(code);
    return ErrorCode::Bug;
}

std::string textAt(const QJsonArray& array, int at) {
    return array.at(at).toString().toStdString();
}

ImportReport fromJson(const QJsonObject& json) {
    ImportReport report;
    report.imported = json["imported"].toInt();
    report.skipped = json["skipped"].toInt();
    report.duplicates = json["duplicates"].toInt();
    report.pseudonymous = json["pseudonymous"].toInt();
    report.withheld = json["withheld"].toInt();
    report.wordsLeftOut = json["words_left_out"].toInt();
    report.labels = json["labels"].toInt();
    report.labelled = json["labelled"].toInt();
    report.withoutEcg = json["without_ecg"].toInt();
    report.endedAt = json["ended_at"].toString().toStdString();
    for (const auto& one : json["failed"].toArray()) {
        const auto failure = one.toArray();
        const auto reason = textAt(failure, 1);
        report.failed.push_back({textAt(failure, 0), errorCodeOf(textAt(failure, 2), reason), reason});
    }
    for (const auto& note : json["notes"].toArray())
        report.notes.push_back(note.toString().toStdString());
    const auto formats = json["formats"].toObject();
    for (auto it = formats.begin(); it != formats.end(); ++it)
        report.formats[it.key().toStdString()] = it.value().toInt();
    const auto warnings = json["warnings"].toObject();
    for (auto it = warnings.begin(); it != warnings.end(); ++it) {
        const auto code = codeOf(it.key().toStdString());
        if (!code)
            continue;
        auto& kind = report.warnings[*code];
        const auto object = it.value().toObject();
        kind.count = object["count"].toInt();
        for (const auto& file : object["files"].toArray())
            kind.files.push_back({textAt(file.toArray(), 0), textAt(file.toArray(), 1), textAt(file.toArray(), 2)});
    }
    return report;
}

std::string quoted(std::string text) {
    for (auto at = text.find('"'); at != std::string::npos; at = text.find('"', at + 2))
        text.insert(at, 1, '"');
    // A cell that begins like a formula is none in a spreadsheet.
    if (!text.empty() && std::string_view("=+-@").find(text.front()) != std::string_view::npos)
        text.insert(0, 1, '\'');
    return '"' + text + '"';
}

} // namespace

Result<Done> keepImportReport(Study& study, const ImportReport& report) {
    const auto& key = study.impl().pseudonyms();
    if (!key)
        return key.as<Done>();
    auto& database = *study.impl().database;
    const auto text = QJsonDocument(toJson(report)).toJson(QJsonDocument::Compact).toStdString();
    return study.inTransaction([&]() -> Result<Done> {
        if (const auto done = database.change("INSERT INTO imports(ended_at, report) VALUES(?, ?)",
                                              {toQt(report.endedAt), toQt(key->seal(text))});
            !done)
            return done;
        return database.change("DELETE FROM imports WHERE id <= (SELECT MAX(id) FROM imports) - ?", {kReportsKept});
    });
}

std::optional<ImportReport> lastImportReport(const Study& study) {
    const auto stored = study.impl().database->scalar("SELECT report FROM imports ORDER BY id DESC LIMIT 1");
    const auto& key = study.impl().pseudonyms();
    if (!stored || !stored->isValid() || !key)
        return std::nullopt;
    const auto text = key->unseal(fromQt(*stored));
    if (!text)
        return std::nullopt;
    return fromJson(QJsonDocument::fromJson(QByteArray::fromStdString(*text)).object());
}

Result<Done> writeImportReportCsv(const ImportReport& report, const std::filesystem::path& file) {
    std::string csv = "kind,file,reason,place\n";
    for (const auto& failure : report.failed)
        csv += "failed," + quoted(failure.path.string()) + "," + quoted(failure.reason) + ",\n";
    for (const auto& [code, kind] : report.warnings)
        for (const auto& warning : kind.files)
            csv += std::string(name(code)) + "," + quoted(warning.path.string()) + "," + quoted(warning.message) + "," +
                   quoted(warning.where) + "\n";
    return writeFileAtomically(file, csv);
}

} // namespace precordia
