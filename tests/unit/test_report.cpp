// SPDX-License-Identifier: GPL-3.0-or-later
// The report's page: to scale, complete, and the same facts in HTML; what the study knows is gathered rightly.
#include "core/io/wfdb_writer.h"
#include "core/report/recording_report.h"
#include "core/study/embedding_store.h"
#include "core/study/import.h"
#include "tests/unit/paper_fixture.h"

#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QSvgRenderer>
#include <QTemporaryDir>
#include <QTest>

using namespace precordia;
using namespace precordia::test;

namespace {

RecordingReport example() {
    RecordingReport report;
    report.recording = measurable();
    report.row.name = "P0042";
    report.row.dataset = "demo";
    report.row.ageYears = 63;
    report.row.sex = "female";
    report.row.recordedAt = "2024-02-04";
    report.row.labels = {"atrial fibrillation", "left axis <deviation>"};
    report.row.sha256 = "0123456789abcdef0123456789abcdef";
    report.row.surprise = 0.5;
    report.computed = {{"heart_rate_bpm", 71.6}, {"rr_sd_ms", 40.2}};
    report.fromFile = {{"heart_rate_bpm", 69}, {"qt_ms", 398.4}};
    report.neighbours = {{"P0007", {"sinus rhythm"}, 3.14, 64.0}, {"P0011", {}, 4.2, std::nullopt}};
    report.surprisePercentile = 93;
    report.surprisePerInterval.assign(50, 0.1F);
    report.surprisePerInterval[20] = 0.4F;
    report.modelHash = "feedfacecafebeef";
    report.preprocessingHash = "1122334455667788";
    return report;
}

QString readAll(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

std::filesystem::path pathIn(const QTemporaryDir& folder, const char* name) {
    return folder.filePath(QString::fromLatin1(name)).toStdString();
}

// Three recordings as WFDB files, imported; their embeddings on a line: 0, 1 and 10.
Result<Done> makeStudy(const QTemporaryDir& folder, std::vector<RecordingId>& ids) {
    const auto source = pathIn(folder, "source");
    std::filesystem::create_directories(source);
    for (int i = 0; i < 3; ++i) {
        Recording recording = measurable();
        recording.name = "r" + std::to_string(i);
        for (Lead& lead : recording.leads)
            lead.samples[100] += static_cast<float>(10 * i); // else they are duplicates
        if (auto written = writeWfdb(recording, source / (recording.name + ".hea")); !written)
            return written.as<Done>();
    }
    const auto study = pathIn(folder, "study");
    if (auto created = Study::create(study); !created)
        return created.as<Done>();
    Progress quiet;
    ImportRequest request;
    request.paths = {source};
    request.threads = 1;
    if (auto imported = importInto(study, request, {}, quiet); !imported)
        return imported.as<Done>();
    auto opened = Study::open(study);
    if (!opened)
        return opened.as<Done>();
    WorklistQuery byName;
    byName.order = WorklistQuery::Order::Name;
    const auto rows = (*opened)->query(byName);
    if (!rows)
        return rows.as<Done>();
    for (const RecordingRow& row : *rows)
        ids.push_back(row.id);

    EmbeddingHeader header;
    header.modelHash = "feedfacecafebeef";
    header.preprocessingHash = "1122334455667788";
    header.intervals = 50;
    header.leads = 12;
    header.width = 1;
    header.recordingWidth = 2;
    std::filesystem::create_directories((*opened)->embeddingsFolder());
    auto writer = EmbeddingWriter::create((*opened)->embeddingsFolder() / "feedfacecafebeef.h5", header, false);
    if (!writer)
        return writer.as<Done>();
    const std::vector<float> perTime(50, 0.0F);
    std::vector<std::pair<RecordingId, double>> surprises;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const std::vector<float> embedding{std::vector<float>{0, 1, 10}[i], 5};
        if (auto added = (*writer)->append(ids[i], embedding, perTime, perTime, {}); !added)
            return added;
        surprises.emplace_back(ids[i], 0.1 * static_cast<double>(i + 1));
    }
    if (auto finished = (*writer)->finish(); !finished)
        return finished;
    if (auto set = (*opened)->setCurrentModel(header.modelHash); !set)
        return set;
    return (*opened)->setSurprise(header.modelHash, surprises, std::vector<std::vector<float>>(3, {0.1F, 0.2F}));
}

} // namespace

class TestReport : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void pageIsToScale();
    void tallFirstRowKeepsThePage();
    void ribbonFollowsTheSurprise();
    void pdfIsA4WithTheFacts();
    void htmlHasTheFactsAndTheFigure();
    void reportsWithoutModelSaySo();
    void collectsWhatTheStudyKnows();
    void onePageARecording();
    void wrongExtension();
};

void TestReport::pageIsToScale() {
    RecordingReport report = example();
    report.paper.grid = false;
    const double scale = 10;
    QImage image(2970, 2100, QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter painter(&image);
    painter.scale(scale, scale);
    drawReport(painter, report);
    painter.end();
    // The rhythm strip is the fourth row: its baseline at 25 + 5 + 3 * 25 + 12.5 mm, rounded up to a millimetre line.
    const auto ground = report.paper.colours.ground, trace = report.paper.colours.trace;
    const int row = static_cast<int>((118 - 5) * scale);
    const auto marks =
        inkCentresX(image, row, static_cast<int>(28.5 * scale), static_cast<int>(278.4 * scale), ground, trace);
    QCOMPARE(marks.size(), std::size_t(29)); // as in test_paper: 9 spikes, 10 steps
    QVERIFY(std::abs((marks[26] - marks[2]) / scale - 200) < 0.2);
    QVERIFY(std::abs(marks[2] / scale - (13.5 + 15 + 25)) < 0.1);
}

void TestReport::tallFirstRowKeepsThePage() {
    RecordingReport report = example();
    report.paper.grid = false;
    for (float& v : report.recording.leads[static_cast<std::size_t>(report.recording.find("V4").value)].samples)
        v *= 2.6F; // 26 mm, where a first row of 25 mm has 17.5
    QImage image(2970, 2100, QImage::Format_RGB32);
    QPainter painter(&image);
    painter.scale(10, 10);
    drawReport(painter, report);
    painter.end();
    // The step from 8.5 to 8.7 s is closed at its top, under the paper's edge at 25 mm and not on it.
    const int x = static_cast<int>((13.5 + 15 + 8.6 * 25) * 10);
    const double top = inkCentreY(image, x, 251, 300, report.paper.colours.ground, report.paper.colours.trace);
    QVERIFY2(top > 255 && top < 280, qPrintable(QString::number(top)));
    // What lies under the paper has kept its place: no ink of the page's own between paper and ribbon.
    QCOMPARE(image.pixel(x, (25 + 115) * 10 + 7), qRgb(255, 255, 255));
    QCOMPARE(QColor(image.pixel(x, (25 + 115) * 10 - 7)), report.paper.colours.ground);
}

void TestReport::ribbonFollowsTheSurprise() {
    const RecordingReport report = example();
    QImage image(1485, 1050, QImage::Format_RGB32);
    QPainter painter(&image);
    painter.scale(5, 5);
    drawReport(painter, report);
    painter.end();
    const auto barHeight = [&](int interval) { // px of accent in the middle of the interval's slot
        const int x = static_cast<int>((13.5 + 15 + (interval + 0.5) * 5) * 5);
        int height = 0;
        for (int y = 0; y < image.height(); ++y)
            height += QColor(image.pixel(x, y)) == report.paper.colours.accent ? 1 : 0;
        return height;
    };
    QVERIFY(std::abs(barHeight(20) - 30) <= 1);  // 6 mm
    QVERIFY(std::abs(barHeight(10) - 7.5) <= 1); // a quarter of it
}

void TestReport::pdfIsA4WithTheFacts() {
    QTemporaryDir folder;
    QVERIFY(writeReport(example(), pathIn(folder, "r.pdf")).ok());
    QFile file(folder.filePath(QStringLiteral("r.pdf")));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QString raw = QString::fromLatin1(file.readAll());
    // A4 across: 297 x 210 mm = 842 x 595 points.
    QVERIFY(raw.contains(QRegularExpression(QStringLiteral("/MediaBox \\[0 0 842(\\.0+)? 595(\\.0+)?\\]"))));
    const QString tool = QStandardPaths::findExecutable(QStringLiteral("pdftotext"));
    if (tool.isEmpty())
        QSKIP("pdftotext (poppler-utils) is not installed");
    QCOMPARE(
        QProcess::execute(tool, {QStringLiteral("-layout"), file.fileName(), folder.filePath(QStringLiteral("t"))}), 0);
    // The font writes "fi" as one glyph.
    const QString text = readAll(folder.filePath(QStringLiteral("t"))).normalized(QString::NormalizationForm_KC);
    for (const char* fact : {"P0042",
                             "demo",
                             "63 years",
                             "female",
                             "2024-02-04",
                             "atrial fibrillation",
                             "72 bpm",
                             "69 bpm",
                             "398 ms",
                             "P0007",
                             "64 bpm",
                             "3.1",
                             "percentile 93",
                             "feedfacecafebeef",
                             "1122334455667788",
                             "0123456789ab",
                             "Precordia " PRECORDIA_VERSION,
                             "Research use only",
                             "25 mm/s",
                             "10 mm/mV"})
        QVERIFY2(text.contains(QString::fromLatin1(fact)), fact);
    QVERIFY(!text.contains(QLatin1String("0123456789abc"))); // twelve digits of the source's hash, no more
}

void TestReport::htmlHasTheFactsAndTheFigure() {
    QTemporaryDir folder;
    QVERIFY(writeReport(example(), pathIn(folder, "r.html")).ok());
    const QString html = readAll(folder.filePath(QStringLiteral("r.html")));
    for (const char* fact : {"P0042", "72 bpm", "398 ms", "P0007", "percentile 93", "0123456789ab", "Research use only",
                             "left axis &lt;deviation&gt;"})
        QVERIFY2(html.contains(QString::fromLatin1(fact)), fact);
    QVERIFY(!html.contains(QLatin1String("http://localhost")) && !html.contains(QLatin1String("<script")));
    const qsizetype from = html.indexOf(QLatin1String("<svg")), to = html.indexOf(QLatin1String("</svg>"));
    QVERIFY(from > 0 && to > from);
    QSvgRenderer renderer(html.mid(from, to + 6 - from).toUtf8());
    QVERIFY(renderer.isValid());
    // 270 mm wide; 115 of paper and 7.5 of ribbon.
    QCOMPARE(renderer.viewBoxF().size(), QSizeF(27000, 12250));
}

void TestReport::reportsWithoutModelSaySo() {
    RecordingReport report = example();
    report.modelHash.clear();
    report.neighbours.clear();
    report.surprisePercentile.reset();
    report.surprisePerInterval.clear();
    QTemporaryDir folder;
    QVERIFY(writeReport(report, pathIn(folder, "r.html")).ok());
    const QString html = readAll(folder.filePath(QStringLiteral("r.html")));
    QVERIFY(html.contains(QLatin1String("No model has encoded this study yet")));
    QVERIFY(!html.contains(QLatin1String("ercentile")));
}

void TestReport::collectsWhatTheStudyKnows() {
    QTemporaryDir folder;
    std::vector<RecordingId> ids;
    const auto made = makeStudy(folder, ids);
    QVERIFY2(made.ok(), failureText(made).c_str());
    QCOMPARE(ids.size(), std::size_t(3));
    auto study = Study::open(pathIn(folder, "study"));
    QVERIFY(study.ok());
    QVERIFY((*study)->setMeasurements(ids[1], "file", {{"qt_ms", 400}}).ok());
    const auto report = collectReport(**study, ids[1]);
    QVERIFY2(report.ok(), failureText(report).c_str());
    QCOMPARE(report->row.name, std::string("r1"));
    QCOMPARE(report->recording.leads.size(), std::size_t(12));
    QCOMPARE(report->fromFile.at("qt_ms"), 400.0);
    // Standardised: 0, 1, 10 have mean 11/3 and population deviation 4.4969; the constant column adds nothing.
    QCOMPARE(report->neighbours.size(), std::size_t(2));
    QCOMPARE(report->neighbours[0].name, std::string("r0"));
    QVERIFY(std::abs(report->neighbours[0].distance - 1 / 4.4969) < 1e-3);
    QVERIFY(std::abs(report->neighbours[1].distance - 9 / 4.4969) < 1e-2);
    QCOMPARE(std::lround(report->surprisePercentile.value()), 67L); // the second of three
    QCOMPARE(report->surprisePerInterval.size(), std::size_t(2));
    QCOMPARE(report->modelHash, std::string("feedfacecafebeef"));
    QCOMPARE(report->preprocessingHash, std::string("1122334455667788"));
    QCOMPARE(report->intervalSeconds, 0.2);
    QCOMPARE(collectReport(**study, RecordingId(999)).error().code, ErrorCode::NotFound);
}

void TestReport::onePageARecording() {
    QTemporaryDir folder;
    std::vector<RecordingId> ids;
    QVERIFY(makeStudy(folder, ids).ok());
    auto study = Study::open(pathIn(folder, "study"));
    QVERIFY(study.ok());
    Progress quiet;
    QVERIFY(writeReports(**study, ids, pathIn(folder, "all.pdf"), {}, quiet).ok());
    QFile file(folder.filePath(QStringLiteral("all.pdf")));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(QString::fromLatin1(file.readAll()).contains(QRegularExpression(QStringLiteral("/Count 3\\b"))));
    // A recording whose file is gone is named, the others are written.
    std::filesystem::remove(pathIn(folder, "source/r1.hea"));
    std::filesystem::remove(pathIn(folder, "source/r1.dat"));
    int failures = 0;
    QVERIFY(writeReports(**study, ids, pathIn(folder, "two.html"), {}, quiet, [&](const Error&) { ++failures; }).ok());
    QCOMPARE(failures, 1);
    QCOMPARE(readAll(folder.filePath(QStringLiteral("two.html"))).count(QLatin1String("<section>")), 2);
    // A stop leaves nothing.
    std::stop_source stop;
    stop.request_stop();
    QVERIFY(writeReports(**study, ids, pathIn(folder, "none.pdf"), stop.get_token(), quiet).cancelled());
    QVERIFY(!QFile::exists(folder.filePath(QStringLiteral("none.pdf"))));
}

void TestReport::wrongExtension() {
    QTemporaryDir folder;
    QCOMPARE(writeReport(example(), pathIn(folder, "r.docx")).error().code, ErrorCode::WrongUse);
    QCOMPARE(writeReport(example(), pathIn(folder, "no/folder/r.pdf")).error().code, ErrorCode::FileUnwritable);
}

QTEST_MAIN(TestReport)
#include "test_report.moc"
