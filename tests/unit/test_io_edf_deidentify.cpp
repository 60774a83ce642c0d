// SPDX-License-Identifier: GPL-3.0-or-later
// A marker is planted in every place of an EDF file that can hold words; none may come through, and the signal stays.
#include "core/io/deidentify.h"
#include "core/io/reader.h"
#include "tests/unit/edf_fixture.h"

#include <QTest>

#include <cmath>

using namespace precordia;
using namespace precordia::test;

namespace {

class FixedMap final : public IdentityMap {
public:
    std::string pseudonym(const std::string& id) const override { return id.empty() ? "" : "P0123456789ab"; }
    int dateShiftDays(const std::string&) const override { return -100; }
    std::string uid(const std::string& uid) const override { return uid; }
};

QByteArray planted(bool plus) {
    EdfFile file;
    file.patient = plus ? "MARK F 01-FEB-1950 MARK_Anna MARK" : "MARK Anna, born 1.2.1950";
    file.recording = plus ? "Startdate 05-APR-2021 MARK MARK MARK MARK" : "MARK hospital";
    file.date = "05.04.21";
    file.time = "10.11.12";
    file.reserved = plus ? "EDF+C MARK" : "MARK";
    file.headerBytes = "1536";
    file.records = "2";
    file.signalList = {edfSignal("ECG II"), edfSignal("Anna MARK"), edfSignal("Resp nasal"), edfTexts(100)};
    file.signalList.push_back(edfTexts(8)); // a second one
    file.signalList[1].unit = "MARK";
    file.signalList[0].transducer = "MARK electrode";
    file.signalList[0].prefilter = "HP:0.05Hz LP:150Hz MARK";
    file.signalList[2].reserved = "MARK";
    file.signalList[2].physicalMax = "32 MARK";
    return file.header() + words16({1, 2, 3, 4, 5, 6}) +
           edfLists(
               "+0[20][20][0]+0.1[20]MARK fell asleep[20]V[20][0]+0.2[21]0.5[20](AFIB@@ECG II[20][0]MARK rubbish[0]"
               "+0.3[20]Lead off@@Anna MARK[20][0]",
               200) +
           edfLists("+1[20]MARK[20][0]", 16) + words16({7, 8, 9, 10, 11, 12}) +
           edfLists("+1[20][20]MARK[20][0]+1.5[20]Recording ends[20][0]", 200) + edfLists("MARK", 16) +
           "MARK at the end";
}

} // namespace

class TestIoEdfDeidentify : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void markers_data() {
        QTest::addColumn<bool>("plus");
        QTest::newRow("EDF+") << true;
        QTest::newRow("EDF") << false;
    }
    void markers() {
        QFETCH(bool, plus);
        const Folder folder;
        const auto in = folder.write("in.edf", planted(plus));
        const auto before = Registry::standard().read(in);
        QVERIFY2(before.ok(), failureText(before).c_str());
        const auto report = deidentify(in, folder.path("out.edf"), FixedMap());
        QVERIFY2(report.ok(), failureText(report).c_str());
        QCOMPARE(report->written.size(), 1U);
        QVERIFY(report->removed.size() > 5);
        for (const auto& field : report->removed)
            QVERIFY(field.find("MARK") == std::string::npos);

        QFile file(QString::fromStdString(folder.path("out.edf").string()));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto bytes = file.readAll();
        for (const char* word : {"MARK", "Anna", "1950", "05-APR", "05.04.21", "hospital", "rubbish", "asleep"})
            QVERIFY2(!bytes.contains(word), word);

        const auto after = Registry::standard().read(folder.path("out.edf"));
        QVERIFY2(after.ok(), failureText(after).c_str());
        QCOMPARE(after->metadata.patientId, std::string("P0123456789ab"));
        QCOMPARE(after->metadata.recordedAt, std::string("2020-12-26T10:11:12")); // 100 days before
        QCOMPARE(after->metadata.sex, std::string(plus ? "female" : ""));
        QCOMPARE(after->metadata.filters.lowPassHz.value_or(0), 150.0);
        QCOMPARE(after->leads.size(), before->leads.size());
        for (std::size_t l = 0; l < after->leads.size(); ++l)
            QCOMPARE(after->leads[l].samples, before->leads[l].samples);
        QCOMPARE(after->leads[0].name, std::string("II"));
        QCOMPARE(after->leads[1].name, std::string("signal 2"));
        QCOMPARE(after->annotations.size(), 4U); // V, (AFIB, Lead off, Recording ends
        QCOMPARE(after->annotations[1].text, std::string("(AFIB"));
        QCOMPARE(after->annotations[1].duration, 0.5);
        QCOMPARE(after->annotations[1].lead.value, 0);
        QCOMPARE(after->annotations[2].lead.value, 1); // under its new name
    }

    void neverOverAnything() {
        const Folder folder;
        const auto in = folder.write("in.edf", planted(true));
        folder.write("out.edf", std::string("here"));
        QCOMPARE(deidentify(in, folder.path("out.edf"), FixedMap()).error().code, ErrorCode::AlreadyExists);
    }

    // Before 1985 two digits no longer tell the year.
    void longAgo() {
        const Folder folder;
        EdfFile file;
        file.reserved = "EDF+C";
        file.patient = "7 M X X";
        file.recording = "Startdate 03-FEB-1985 X X X";
        file.date = "03.02.85";
        file.signalList = {edfSignal("II")};
        const auto in = folder.write("in.edf", file.header() + words16({1, 2}));
        QVERIFY(deidentify(in, folder.path("out.edf"), FixedMap()).ok());
        const auto r = Registry::standard().read(folder.path("out.edf"));
        QCOMPARE(r->metadata.recordedAt.substr(0, 10), std::string("1984-10-26"));
    }

    void mutations() {
        const Folder folder;
        Dice dice(23);
        int done = 0;
        for (int i = 0; i < 300; ++i) {
            const auto in = folder.write("in.edf", mutated(planted(true), dice));
            const auto out = folder.path("out" + std::to_string(i) + ".edf");
            done += deidentify(in, out, FixedMap()).ok() ? 1 : 0;
        }
        QVERIFY(done > 100);
    }
};

QTEST_APPLESS_MAIN(TestIoEdfDeidentify)
#include "test_io_edf_deidentify.moc"
