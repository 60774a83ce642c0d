// SPDX-License-Identifier: GPL-3.0-or-later
// Identities planted in every place of a WFDB record: none is in any byte of the copy, and the signal is the same.
#include "core/io/deidentify.h"
#include "core/io/deidentify_wfdb_text.h"
#include "core/io/reader.h"
#include "tests/unit/io_fixture.h"
#include "tests/unit/wfdb_fixture.h"

#include <QTest>

#include <cmath>

using namespace precordia;
using namespace precordia::test;

namespace {

class Map final : public IdentityMap {
public:
    std::string pseudonym(const std::string& id) const override { return id.empty() ? "" : "Pfedcba987654"; }
    int dateShiftDays(const std::string& id) const override { return id == "ZQ17" ? -31 : -400; }
    std::string uid(const std::string&) const override { return "2.25.7"; }
};

const std::vector<QByteArray> kMarkers{"ZQ17", "Zappelphilipp", "Zwickau", "ZQserial", "ZQfile", "ZQlead", "ZQunit"};

QString text(const std::filesystem::path& path) {
    return QString::fromStdString(path.string());
}

QByteArray contents(const std::filesystem::path& path) {
    QFile file(text(path));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void checkClean(const DeidentifyReport& report, const Folder& folder) {
    for (const auto& path : report.written) {
        QVERIFY2(QFile::exists(text(path)), path.c_str());
        const auto all = contents(path) + QByteArray::fromStdString(path.filename().string());
        for (const auto& marker : kMarkers)
            QVERIFY2(!all.toLower().contains(marker.toLower()), path.c_str());
    }
    QVERIFY(!report.removed.empty());
    for (const auto& what : report.removed)
        for (const auto& marker : kMarkers)
            QVERIFY(!QByteArray::fromStdString(what).contains(marker));
    QVERIFY(QDir(text(folder.path("out"))).entryList({"*.tmp"}, QDir::Files).isEmpty());
}

void compareSignals(const Recording& a, const Recording& b) {
    QCOMPARE(a.leads.size(), b.leads.size());
    QCOMPARE(a.samplingRate, b.samplingRate);
    for (std::size_t l = 0; l < a.leads.size(); ++l) {
        QCOMPARE(a.leads[l].samples.size(), b.leads[l].samples.size());
        for (std::size_t i = 0; i < a.samples(); ++i)
            QVERIFY(a.leads[l].samples[i] == b.leads[l].samples[i] ||
                    (std::isnan(a.leads[l].samples[i]) && std::isnan(b.leads[l].samples[i])));
    }
}

int word(int code, int value) {
    return code << 10 | value;
}

QByteArray aux(const QByteArray& said) {
    return words16({word(63, static_cast<int>(said.size()))}) + said + QByteArray(said.size() % 2, '\0');
}

} // namespace

class TestIoDeidentifyWfdb : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyPlace() {
        const Folder folder;
        QVERIFY(QDir().mkpath(text(folder.path("out"))));
        // before the samples, four frames of two signals, and behind them
        folder.write("ZQfile.dat",
                     QByteArray("Zappelphilipp.  ") + words16({1, 10, 2, 20, 3, 30, 4, 40}) + QByteArray("Zwickau"));
        folder.write("ZQfile.xyz", words16({5, 6, 7, 8}));
        folder.write("ZQfile.hea",
                     std::string("# Zappelphilipp\nZQfile 3 500/360(17) 4 12:30:05 01/03/2003\n"
                                 "ZQfile.dat 16+16 200(3)/mV 12 0 1 10 0 MLII\n"
                                 "ZQfile.dat 16+16 200/ZQunit 12 0 10 100 0 ZQlead of Zappelphilipp\n"
                                 "ZQfile.xyz 16:1 200 12 0 5 26 0 V5\n"
                                 "# Patient ID: ZQ17\n#Age: 93\n#Sex: Female\n#Dx: 164889003,17171717\n"
                                 "#Rhythm: Sinus rhythm\n#Labels: NORM, Zappelphilipp\n#Rhythm: Zappelphilipp\n"
                                 "# Recorder: ZQserial in Zwickau\n#<diagnoses>: atrial fibrillation\n"));
        folder.write("ZQfile.atr", words16({word(22, 0)}) + aux("## time resolution: 1000") + words16({word(22, 0)}) +
                                       aux("## Zappelphilipp") + words16({word(28, 2)}) + aux("(AFIB") +
                                       words16({word(1, 1), word(62, 1), word(61, 3)}) + aux("Zappelphilipp") +
                                       words16({word(5, 1), 0}) + QByteArray("Zwickau"));
        folder.write("ZQfile.ii", words16({word(39, 1), word(1, 1)})); // no end: not readable
        const auto original = Registry::standard().read(folder.path("ZQfile.hea"));
        QVERIFY2(original.ok(), failureText(original).c_str());

        const auto report = deidentify(folder.path("ZQfile.hea"), folder.path("out/c1.hea"), Map());
        QVERIFY2(report.ok(), failureText(report).c_str());
        QCOMPARE(report->written.size(), 4U);
        QCOMPARE(report->written.front(), folder.path("out/c1.hea"));
        checkClean(*report, folder);
        const auto header = contents(folder.path("out/c1.hea"));
        QVERIFY(header.startsWith("c1 3 500 4 12:30:05 29/01/2003\n")); // 31 days earlier
        QVERIFY(header.contains("#Age: 90\n#Sex: Female\n#Dx: 164889003\n"));
        QVERIFY(header.contains("#Rhythm: Sinus rhythm\n"));
        QVERIFY(header.contains("NORM") && header.contains("atrial fibrillation"));
        QVERIFY(!header.contains("17171717"));

        const auto copy = Registry::standard().read(folder.path("out/c1.hea"));
        QVERIFY2(copy.ok(), failureText(copy).c_str());
        compareSignals(*original, *copy);
        QCOMPARE(warnings(*copy, WarningCode::Checksum), 0U);
        QCOMPARE(copy->leads[0].name, std::string("MLII"));
        QCOMPARE(copy->leads[1].name, std::string("channel 1"));
        QCOMPARE(copy->leads[1].unit, std::string("NU"));
        // Codes, times and channels as they were; of the texts the rhythm.
        QCOMPARE(copy->annotations.size(), original->annotations.size());
        for (std::size_t i = 0; i < copy->annotations.size(); ++i) {
            QCOMPARE(copy->annotations[i].sample, original->annotations[i].sample);
            QCOMPARE(copy->annotations[i].symbol, original->annotations[i].symbol);
            QCOMPARE(copy->annotations[i].lead, original->annotations[i].lead);
        }
        QCOMPARE(copy->annotations[0].text, std::string("(AFIB"));
        QCOMPARE(copy->annotations[1].text, std::string());
        // Not over what is there, and then nothing more is written.
        const auto again = deidentify(folder.path("ZQfile.hea"), folder.path("out/c1.hea"), Map());
        QCOMPARE(again.error().code, ErrorCode::AlreadyExists);
        folder.write("out/c2.dat", bytes({1}));
        QCOMPARE(deidentify(folder.path("ZQfile.hea"), folder.path("out/c2.hea"), Map()).error().code,
                 ErrorCode::AlreadyExists);
        QVERIFY(!QFile::exists(text(folder.path("out/c2.hea"))));
    }

    void matrixAndOwnStem() {
        const Folder folder;
        QVERIFY(QDir().mkpath(text(folder.path("out"))));
        folder.write("ZQfile.mat", words32({30, 2, 3, 0, 8}) + QByteArray("Zwickau\0", 8) +
                                       words16({100, -100, 200, -200, 300, -300}) + QByteArray("Zwickau"));
        folder.write("ZQfile.hea", std::string("ZQfile 2 500 3 14:50:55 05-May-2020\n"
                                               "ZQfile.mat 16+28 1000/mV 16 0 100 600 0 I\n"
                                               "ZQfile.mat 16+28 500/mv 16 0 -100 -600 0 II\n"));
        const auto original = Registry::standard().read(folder.path("ZQfile"));
        QVERIFY2(original.ok(), failureText(original).c_str());
        const auto report = deidentify(folder.path("ZQfile"), folder.path("out/m.hea"), Map());
        QVERIFY2(report.ok(), failureText(report).c_str());
        checkClean(*report, folder);
        const auto copy = Registry::standard().read(folder.path("out/m.hea"));
        QVERIFY2(copy.ok(), failureText(copy).c_str());
        compareSignals(*original, *copy);
        QCOMPARE(copy->metadata.recordedAt, std::string("2019-04-01T14:50:55")); // 400 days earlier
        QCOMPARE(copy->warnings.size(), 0U);
    }

    void segments() {
        const Folder folder;
        QVERIFY(QDir().mkpath(text(folder.path("out"))));
        folder.write("ZQfile.hea",
                     std::string("ZQfile/4 2 100 10 1:02:03 04/05/2001\nZQfile_layout 0\nZQfile_1 3\n~ 2\n"
                                 "ZQfile_1 3\n#Age: 60\n#Zwickau\n"));
        folder.write("ZQfile_layout.hea", std::string("ZQfile_layout 2 100 0 2:03.5\n~ 0 10/mV 12 0 0 0 0 II\n"
                                                      "~ 0 1/mmHg 9 0 0 0 0 ABP\n# Zappelphilipp\n"));
        folder.write("ZQfile_1.hea", std::string("ZQfile_1 1 100 3\nZQfile_1.dat 16 1/uV 16 0 1 6 0 II\n#ZQserial\n"));
        folder.write("ZQfile_1.dat", words16({1, 2, 3}) + QByteArray("Zwickau"));
        const auto original = Registry::standard().read(folder.path("ZQfile.hea"));
        QVERIFY2(original.ok(), failureText(original).c_str());
        const auto report = deidentify(folder.path("ZQfile.hea"), folder.path("out/s.hea"), Map());
        QVERIFY2(report.ok(), failureText(report).c_str());
        QCOMPARE(report->written.size(), 4U); // master, layout, one segment, one signal file
        checkClean(*report, folder);
        const auto copy = Registry::standard().read(folder.path("out/s.hea"));
        QVERIFY2(copy.ok(), failureText(copy).c_str());
        compareSignals(*original, *copy);
        QCOMPARE(warnings(*copy, WarningCode::Checksum), 0U);
    }

    void flac() {
        const Folder folder;
        QVERIFY(QDir().mkpath(text(folder.path("out"))));
        const std::vector<std::vector<int>> channels{{1, 2, 3, 4, 5}, {-1, -2, -3, -4, -5}};
        const auto stream = flacStream(channels, 16, 16, "Zappelphilipp");
        folder.write("ZQfile.dat", stream);
        folder.write("ZQfile.hea", std::string("ZQfile 2 500 5\nZQfile.dat 516 1/uV 16 0 1 15 0 I\n"
                                               "ZQfile.dat 516 1/uV 16 0 -1 -15 0 II\n"));
        const auto original = Registry::standard().read(folder.path("ZQfile.hea"));
        QVERIFY2(original.ok(), failureText(original).c_str());
        const auto report = deidentify(folder.path("ZQfile.hea"), folder.path("out/f.hea"), Map());
        QVERIFY2(report.ok(), failureText(report).c_str());
        checkClean(*report, folder);
        const auto copy = Registry::standard().read(folder.path("out/f.hea"));
        QVERIFY2(copy.ok(), failureText(copy).c_str());
        compareSignals(*original, *copy);
        folder.write("ZQfile.dat", stream + QByteArray("Zappelphilipp"));
        const auto refused = deidentify(folder.path("ZQfile.hea"), folder.path("out/g.hea"), Map());
        QCOMPARE(refused.error().code, ErrorCode::FormatUnsupported);
        QVERIFY(QDir(text(folder.path("out"))).entryList({"g*"}, QDir::Files).isEmpty());
    }

    void texts() {
        using namespace wfdb;
        for (const auto* kept : {"(AFIB", "(N", "AST1+300", "(ST0-", "T0+200"})
            QVERIFY2(knownAnnotationText(kept), kept);
        for (const auto* gone : {"Mr T", "(ADAM", "T12345678+", "+491701234567", "STASTASTAST+", "AT"})
            QVERIFY2(!knownAnnotationText(gone), gone);
        QVERIFY(knownDescription("ECG lead II") && knownDescription("Resp. Imp.") && knownDescription("col 0"));
        QVERIFY(!knownDescription("ECG Adam") && !knownDescription("ECG 4711") && !knownDescription("--"));
        QVERIFY(knownUnit("mmHg") && knownUnit("\xC2\xB5V") && !knownUnit("Adam"));
        QCOMPARE(patientIn({"x", "<subject>: 7 <age>: 5"}), std::string("7"));
        std::size_t dropped = 0;
        QCOMPARE(clinicalComments({"Dx: 1", "Adam", ""}, dropped), std::vector<std::string>());
        QCOMPARE(dropped, 2U);
    }
};

QTEST_APPLESS_MAIN(TestIoDeidentifyWfdb)
#include "test_io_deidentify_wfdb.moc"
