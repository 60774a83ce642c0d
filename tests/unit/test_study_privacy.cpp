// SPDX-License-Identifier: GPL-3.0-or-later
// What must not enter a study does not: planted names, ids, dates and free text are in no byte of it.
#include "core/study/import_report.h"
#include "core/study/privacy.h"
#include "core/study/pseudonym.h"
#include "core/study/signal_cache.h"
#include "study_test_data.h"

#include <QDateTime>
#include <QTest>

#include <fstream>

using namespace precordia;
using testing::Folder;
namespace fs = std::filesystem;

class TestStudyPrivacy : public QObject {
    Q_OBJECT

    static std::string lowered(std::string text) {
        std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
        return text;
    }

    // The marker in a file below the folder, "" when there is none.
    static std::string fileWith(const fs::path& folder, const std::vector<std::string>& markers) {
        for (const auto& entry : fs::recursive_directory_iterator(folder)) {
            if (!entry.is_regular_file())
                continue;
            const auto bytes = readFile(entry.path());
            const auto text = lowered(std::string(reinterpret_cast<const char*>(bytes->data()), bytes->size()));
            for (const auto& marker : markers)
                if (text.find(lowered(marker)) != std::string::npos)
                    return marker + " in " + entry.path().filename().string();
        }
        return {};
    }

    static Result<ImportReport> importAs(const Folder& dir, NamePolicy names, const fs::path& csv = {}) {
        Progress silent;
        ImportRequest request{{dir / "in"}, csv, 2};
        request.names = names;
        return importInto(dir / "study", request, {}, silent);
    }

    // Our writer leaves dates out: into the record line they go, as header(5) has it.
    static void setDate(const fs::path& header, const std::string& timeAndDate) {
        const auto bytes = readFile(header);
        std::string text(reinterpret_cast<const char*>(bytes->data()), bytes->size());
        text.insert(text.find('\n'), " " + timeAndDate);
        std::ofstream(header) << text;
    }

    static RecordingRow firstRow(const Folder& dir) {
        const auto study = Study::open(dir / "study");
        return (*study)->query()->front();
    }

private Q_SLOTS:
    void plantedIdentitiesAreInNoByte() {
        const Folder dir;
        auto ecg = testing::ecg(1, 12);
        ecg.metadata.comments = {"Name: Zebrafink, Quirina",
                                 "Patient ID: 4711-0815",
                                 "DOB: 1931-02-03",
                                 "Age: 94",
                                 "Seen by Dr Xylander at Klinikum Ypsilon",
                                 "<diagnoses>:",
                                 "Rhythm: Sinus bradycardia",
                                 "Known to Xylander since 1999"};
        testing::writeRecord(dir / "in/Zebrafink_1.hea", ecg);
        setDate(dir / "in/Zebrafink_1.hea", "08:09:10 07/06/2021");
        // A free remark among the annotations, a rhythm and a beat (MIT format, decoded by hand: 59 skip, 63 aux).
        const auto mark = [](int code, int step) {
            const int word = (code << 10) | step;
            return std::string{static_cast<char>(word & 0xFF), static_cast<char>(word >> 8)};
        };
        const auto aux = [&](std::string text) {
            const int length = static_cast<int>(text.size());
            if (text.size() % 2 != 0)
                text += '\0';
            return std::string{static_cast<char>(length), static_cast<char>(63 << 2)} + text;
        };
        dir.write("in/Zebrafink_1.atr", mark(28, 10) + aux("(AFIB") + mark(22, 20) + aux("Xylander was here") +
                                            mark(1, 30) + std::string(2, '\0'));
        const auto report = importAs(dir, NamePolicy::File);
        QVERIFY2(report.ok(), failureText(report).c_str());
        QCOMPARE(report->imported, 1);
        QCOMPARE(report->pseudonymous, 1);
        const std::vector<std::string> markers = {"Zebrafink", "Quirina",  "4711",    "0815", "1931",
                                                  "Xylander",  "Klinikum", "Ypsilon", "1999", "2021-06-07"};
        Progress silent;
        QVERIFY(SignalCache::build(dir / "study", {}, {}, silent).ok());
        QCOMPARE(fileWith(dir / "study", markers), std::string());
        const auto row = firstRow(dir);
        QVERIFY2(row.name.starts_with("R-"), row.name.c_str());
        QCOMPARE(*row.ageYears, 90.0);
        QCOMPARE(row.labels, (std::vector<std::string>{"sinus bradycardia"}));
        const auto study = Study::open(dir / "study");
        const auto marks = (*study)->annotations(row.id);
        QCOMPARE(marks->size(), 3U);
        QCOMPARE((*marks)[0].text, std::string("(AFIB"));
        QCOMPARE((*marks)[1].text, std::string());
        // The person who imported it can still read the signal.
        QCOMPARE((*study)->readRecording(row.id)->samples(), 3000U);
        QCOMPARE(row.source, dir / "in/Zebrafink_1.hea");
        // And again nothing comes in twice.
        QCOMPARE(importAs(dir, NamePolicy::File)->duplicates, 1);
    }

    void anotherKeyDoesNotReadTheWay() {
        const Folder dir;
        const auto one = Pseudonyms::load(dir / "one.key");
        const auto other = Pseudonyms::load(dir / "other.key");
        const std::string path = "/data/Zebrafink/ecg 1.xml";
        const auto sealed = one->seal(path);
        QVERIFY(Pseudonyms::isSealed(sealed));
        QVERIFY(sealed.find("Zebra") == std::string::npos);
        QCOMPARE(*one->unseal(sealed), path);
        QCOMPARE(one->seal(path), sealed);
        QVERIFY(one->seal(path + "x") != sealed);
        QVERIFY(!other->unseal(sealed));
        auto changed = sealed;
        changed.back() = changed.back() == 'A' ? 'B' : 'A';
        changed[10] = changed[10] == 'A' ? 'B' : 'A';
        QVERIFY(!one->unseal(changed));
        QVERIFY(!one->unseal("sealed:") && !one->unseal(path));
        QCOMPARE(*one->unseal(one->seal(std::string(1000, 'x'))), std::string(1000, 'x'));
    }

    void tablesBringLabelsWithoutIdentity() {
        const Folder dir;
        testing::writeRecord(dir / "in/MRN99887.hea", testing::ecg(1, 2));
        dir.write("labels.csv", "record_path,patient,age,labels\nin/MRN99887,MRN99887,101,Old infarction;MRN99887\n");
        const auto report = importAs(dir, NamePolicy::Automatic, dir / "labels.csv");
        QVERIFY2(report.ok(), failureText(report).c_str());
        QCOMPARE(fileWith(dir / "study", {"MRN99887"}), std::string());
        const auto row = firstRow(dir);
        QCOMPARE(row.labels, (std::vector<std::string>{"Old infarction"}));
        QCOMPARE(*row.ageYears, 90.0);
        QVERIFY(row.patient.starts_with("P"));
    }

    void warningsDoNotQuote() {
        const IdentityWords identity(Metadata{}, "4711");
        const fs::path file = "/data/Muster/ecg7.xml";
        const auto clean = [&](const std::string& message, const std::string& where = {}) {
            return scrubbed({WarningCode::UnknownUnit, message, where}, identity, file);
        };
        QCOMPARE(clean("unit 'Zebrafink' is not known").message, std::string("unit '...' is not known"));
        QCOMPARE(clean("unit \"say 'Zebrafink'\" is odd").message, std::string("unit \"...\" is odd"));
        QCOMPARE(clean("lead 'V4' has the unit 'mV'").message, std::string("lead 'V4' has the unit 'mV'"));
        QCOMPARE(clean("400 of 1000 samples are there").message, std::string("400 of 1000 samples are there"));
        QCOMPARE(clean("the id 4711 breaks its rules").message, std::string("unknown unit"));
        QCOMPARE(clean("x", "/data/Muster/ecg7.xml, line 3").where, std::string(", line 3"));
        QCOMPARE(clean("never closed 'Zebrafink").message, std::string("never closed '...'"));
        Metadata remarks;
        remarks.comments = {"Zebrafink came late"};
        QCOMPARE(scrubbed({WarningCode::Gap, "a gap near Zebrafink", ""}, IdentityWords(remarks, ""), file).message,
                 std::string("gap"));
    }

    void namesThatLookPersonal() {
        for (const auto* name : {"Mustermann_Max", "max.mustermann", "19560412", "12041956_2", "1956-04-12",
                                 "ecg 12.4.1956", "x_04_12_1956", "M\xC3\xBCller Hans 3"})
            QVERIFY2(looksPersonal(name), name);
        for (const auto* name :
             {"JS00001", "00007_hr", "100", "s0010_re", "DEMO-0001", "sinus_rhythm_3", "exams_part0", "E07500",
              "patient001", "rec_1", "4711", "1.0.2", "2021.1.2", "100_1_2", "1956-13-45", "ptb-xl-data"})
            QVERIFY2(!looksPersonal(name), name);
    }

    void identityIsFoundInNames_data() {
        QTest::addColumn<QString>("id");
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("there");
        QTest::newRow("the id") << "12345678"
                                << "ecg_12345678_1" << true;
        QTest::newRow("written otherwise") << "47-11-08"
                                           << "471108" << true;
        QTest::newRow("in one word") << "Schulz"
                                     << "SchulzRest" << true;
        QTest::newRow("short and alone") << "7"
                                         << "7" << true;
        QTest::newRow("short in a number") << "17"
                                           << "00017_hr" << false;
        QTest::newRow("short number") << "700"
                                      << "records7001" << false;
        QTest::newRow("three digits alone") << "700"
                                            << "700" << true;
        QTest::newRow("another") << "12345678"
                                 << "JS00001" << false;
    }
    void identityIsFoundInNames() {
        QFETCH(QString, id);
        QFETCH(QString, name);
        QFETCH(bool, there);
        Metadata metadata;
        metadata.patientId = id.toStdString();
        QCOMPARE(IdentityWords(metadata, {}).in(name.toStdString()), there);
    }

    // A folder of a person's name is not told either; neither a study's own place nor a data set's is sealed.
    void foldersThatLookPersonal() {
        const Folder dir;
        testing::writeRecord(dir / "in/Zebrafink_Quirina/ecg1.hea", testing::ecg(1, 2));
        testing::writeRecord(dir / "in/1931-02-03/ecg2.hea", testing::ecg(2, 2));
        testing::writeRecord(dir / "Nachname Vorname/recordings/ecg3.hea", testing::ecg(3, 2));
        Progress silent;
        const auto study = dir / "Nachname Vorname";
        const auto report = importInto(study, {{dir / "in", study / "recordings"}, {}, 2}, {}, silent);
        QVERIFY2(report.ok(), failureText(report).c_str());
        QCOMPARE(report->imported, 3);
        QCOMPARE(report->pseudonymous, 0); // their own names tell nothing
        QCOMPARE(fileWith(study, {"Zebrafink", "Quirina", "1931-02-03"}), std::string());
        const auto opened = Study::open(study);
        for (int i = 1; i <= 3; ++i)
            QCOMPARE((*opened)->readRecording(RecordingId(i))->samples(), 500U);
        QVERIFY(fileWith(study, {"recordings/ecg3.hea"}).ends_with("study.sqlite") ||
                fileWith(study, {"recordings/ecg3.hea"}).ends_with("study.sqlite-wal")); // in clear: it can be moved
        QCOMPARE(importInto(study, {{dir / "in", study / "recordings"}, {}, 2}, {}, silent)->duplicates, 3);
        QVERIFY(!hasPersonalFolder("/home/data/ptb-xl-1.0.3/records500/00001_hr.dat"));
    }

    void birthDatesAreFoundInAnyOrder() {
        Metadata metadata;
        metadata.identity.birthDate = "1956-04-12";
        const IdentityWords identity(metadata, {});
        for (const auto* name : {"x_19560412", "12041956", "04121956x", "560412_a"})
            QVERIFY2(identity.in(name), name);
        QVERIFY(!identity.in("20210101"));
    }

    void onlyFindingsAreRecognised() {
        const auto names = [](const char* text) {
            QStringList out;
            for (const auto& finding : recognisedFindings(text).names)
                out << QString::fromStdString(finding.name);
            return out;
        };
        QCOMPARE(names("Left ventricular hypertrophy."), (QStringList{"left ventricular hypertrophy"}));
        QCOMPARE(names("Normal ECG"), (QStringList{"Normal ECG"}));
        QCOMPARE(names("Electric axis of the heart: left axis deviation."),
                 (QStringList{"Electric axis of the heart: left axis deviation"}));
        QCOMPARE(names("1st degree AV block, Dr. Zebrafink"), (QStringList{"1st degree AV block"}));
        QCOMPARE(names("Sinus rhythm; seen by Zebrafink; old inferior infarction"),
                 (QStringList{"sinus rhythm", "old inferior infarction"}));
        // Qualifiers stay with what they qualify.
        QCOMPARE(names("Inferior infarct, acute (LCx)"), (QStringList{"Inferior infarct, acute (LCx)"}));
        QCOMPARE(names("Inferior infarct, acute (Zebrafink)"), (QStringList{"Inferior infarct, acute"}));
        QCOMPARE(names("Acute (Zebrafink), inferior infarct"), (QStringList{"Acute, inferior infarct"}));
        QCOMPARE(names("Anterior infarct, age undetermined. Dr. Zebrafink"),
                 (QStringList{"Anterior infarct, age undetermined"}));
        QCOMPARE(names("Zebrafink, acute"), QStringList());
        QCOMPARE(names("Subacute anterior infarction; Zebrafink"), (QStringList{"Subacute anterior infarction"}));
        // What is in no name is counted.
        const auto cut = recognisedFindings("Inferior infarct, acute (seen by Zebrafink)");
        QCOMPARE(cut.words, 6);
        QCOMPARE(cut.dropped, 3);
        QCOMPARE(recognisedFindings("Rhythm: Atrial fibrillation.").dropped, 0);
        QCOMPARE(recognisedFindings("Zebrafink, acute").dropped, 2);
        // A code is one finding, whatever subdivision stands before it.
        QCOMPARE(names("ICD-10: (FO) Q21.1"), (QStringList{"ICD-10: (FO) Q21.1"}));
        QCOMPARE(recognisedFindings("ICD-10: (FO) Q21.1").dropped, 0);
        QCOMPARE(names("ICD-10: I07.1"), (QStringList{"ICD-10: I07.1"}));
        QCOMPARE(names("ICD-10: (Zebrafink) Q21.1"), (QStringList{"ICD-10: Q21.1"}));
        QCOMPARE(recognisedFindings("ICD-10: (Zebrafink) Q21.1").dropped, 1);
        QCOMPARE(names("Sinus rhythm; ICD-10: (OSD) Q21.1; Zebrafink"),
                 (QStringList{"sinus rhythm", "ICD-10: (OSD) Q21.1"}));
        QCOMPARE(names("PR interval 1.5, wide QRS. Zebrafink"), (QStringList{"PR interval 1.5, wide QRS"}));
        QCOMPARE(names("Sinus rhythm.Zebrafink"), (QStringList{"sinus rhythm"}));
        QCOMPARE(names("Zebrafink"), QStringList());
        QCOMPARE(names("12345"), QStringList());
        QCOMPARE(names("of the"), QStringList());
        QCOMPARE(recognisedFindings("Rhythm: Atrial fibrillation.").names.front().kind, std::string("rhythm"));
    }

    void datesMoveWithThePatient() {
        const Folder dir;
        testing::writeRecord(dir / "in/a.hea", testing::ecg(1, 2));
        testing::writeRecord(dir / "in/b.hea", testing::ecg(2, 2));
        setDate(dir / "in/a.hea", "10:11:12 01/03/2020");
        setDate(dir / "in/b.hea", "07:00:00 05/03/2020");
        QVERIFY(importAs(dir, NamePolicy::File).ok());
        const auto dates = [&] {
            const auto study = Study::open(dir / "study");
            std::vector<QDateTime> out;
            const auto all = (*study)->query();
            for (const auto& row : *all)
                out.push_back(QDateTime::fromString(QString::fromStdString(row.recordedAt), Qt::ISODate));
            return out;
        };
        const auto before = dates();
        QVERIFY(before[0].isValid());
        QVERIFY(before[0] < QDateTime(QDate(2020, 3, 1), QTime(0, 0)));
        QVERIFY(before[0].daysTo(before[1]) != 4); // two files of nobody in particular move apart
        // The table says that it is one patient: the days between come back.
        dir.write("labels.csv", "record_path,patient\nin/a,p1\nin/b,p1\n");
        QVERIFY(importAs(dir, NamePolicy::File, dir / "labels.csv").ok());
        const auto after = dates();
        QCOMPARE(after[0].daysTo(after[1]), 4);
        const auto shift = Pseudonyms::load()->dateShiftDays("", "p1");
        QCOMPARE(after[0].date(), QDate(2020, 3, 1).addDays(shift));
        QCOMPARE(after[0].time(), QTime(10, 11, 12));
        QVERIFY(importAs(dir, NamePolicy::File, dir / "labels.csv").ok()); // once only
        QCOMPARE(dates()[0], after[0]);
    }

    void pseudonymsOnRequest() {
        const Folder dir;
        testing::writeRecord(dir / "in/JS00001.hea", testing::ecg(1, 2));
        const auto report = importAs(dir, NamePolicy::Pseudonym);
        QCOMPARE(report->pseudonymous, 1);
        QCOMPARE(fileWith(dir / "study", {"JS00001"}), std::string());
        QVERIFY(firstRow(dir).name.starts_with("R-"));
        const Folder other;
        testing::writeRecord(other / "in/JS00001.hea", testing::ecg(1, 2));
        QCOMPARE(importAs(other, NamePolicy::Automatic)->pseudonymous, 0);
        QCOMPARE(firstRow(other).name, std::string("JS00001"));
    }

    void devicesWithoutSerialNumbers() {
        const IdentityWords identity(Metadata{}, "Zebrafink");
        QCOMPARE(scrubbedDevice("MAC 5500 SN:1234567 V2.1", identity), std::string("MAC 5500 V2.1"));
        QCOMPARE(scrubbedDevice("Zebrafink's recorder", identity), std::string());
    }

    void theReportIsKeptSealed() {
        const Folder dir;
        testing::writeRecord(dir / "in/a.hea", testing::ecg(1, 2));
        dir.write("in/Zebrafink.bin", std::string(100, '\x07'));
        const auto report = importAs(dir, NamePolicy::File);
        QCOMPARE(report->failed.size(), 1U);
        QCOMPARE(fileWith(dir / "study", {"Zebrafink"}), std::string());
        const auto study = Study::open(dir / "study");
        const auto kept = lastImportReport(**study);
        QVERIFY(kept.has_value());
        QCOMPARE(kept->imported, 1);
        QCOMPARE(kept->failed.size(), 1U);
        QCOMPARE(kept->failed[0].path, report->failed[0].path);
        QCOMPARE(kept->failed[0].reason, report->failed[0].reason);
        QCOMPARE(kept->formats.at("wfdb"), 1);
        QVERIFY(writeImportReportCsv(*kept, dir / "report.csv").ok());
        std::ifstream csv(dir / "report.csv");
        std::string header, line;
        std::getline(csv, header);
        std::getline(csv, line);
        QCOMPARE(header, std::string("kind,file,reason,place"));
        QVERIFY2(line.starts_with("failed,\"" + (dir / "in/Zebrafink.bin").string() + "\""), line.c_str());
    }
};

QTEST_GUILESS_MAIN(TestStudyPrivacy)
#include "test_study_privacy.moc"
