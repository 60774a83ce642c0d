// SPDX-License-Identifier: GPL-3.0-or-later
// The table of labels, pseudonyms, and which recordings a label can be judged on.
#include "core/study/import_scan.h"
#include "core/study/label_table.h"
#include "core/study/labelled_set.h"
#include "core/study/pseudonym.h"
#include "core/study/reader_labels.h"
#include "study_test_data.h"

#include <QTest>

#include <algorithm>
#include <set>
#include <sys/stat.h>

using namespace precordia;
using testing::Folder;

class TestStudyLabels : public QObject {
    Q_OBJECT

    static std::vector<std::string> names(const LabelRow& row) {
        std::vector<std::string> out;
        for (const auto& label : row.labels)
            out.push_back(label.name);
        return out;
    }

private Q_SLOTS:
    void readsQuotesBomAndLineEndings() {
        const Folder dir;
        dir.write("labels.csv", "\xEF\xBB\xBFLabels,record_path,age,sex,dataset,patient,codes\r\n"
                                "\"Rhythm: Sinus bradycardia.; Left ventricular hypertrophy\",sub/1,51,F,LUDB,p7,\r\n"
                                "\r\n"
                                "\"say \"\"yes\"\",\nand more\",sub/2.x,7.5 yr,male,LUDB,,\"164889003, I08.0\"\r\n");
        const auto table = LabelTable::read(dir / "labels.csv");
        QVERIFY2(table.ok(), failureText(table).c_str());
        QCOMPARE(table->rows().size(), 2U);
        const auto& first = table->rows()[0];
        QCOMPARE(names(first), (std::vector<std::string>{"sinus bradycardia", "left ventricular hypertrophy"}));
        QCOMPARE(first.labels[0].kind, std::string("rhythm"));
        QCOMPARE(*first.ageYears, 51.0);
        QCOMPARE(first.sex, std::string("female"));
        QCOMPARE(first.patient, std::string("p7"));
        const auto& second = table->rows()[1];
        QCOMPARE(second.line, 4);
        QCOMPARE(*second.ageYears, 7.5);
        QCOMPARE(names(second).back(), std::string("atrial fibrillation")); // 164889003; I08.0 is another system's
        QCOMPARE(second.labels.size(), 2U);
    }

    void findsRecordsWithAndWithoutExtension() {
        const Folder dir;
        dir.write("b.dat", "x");
        dir.write("labels.csv", "record_path,labels\na.1,one\na.2.hea,two\nb.dat,three\n./s/../c,four\n");
        const auto table = LabelTable::read(dir / "labels.csv");
        QVERIFY(table.ok());
        const auto row = [&](const std::string& name) {
            const auto at = table->find(sourceKey(dir / name));
            return at ? static_cast<int>(*at) : -1;
        };
        QCOMPARE(row("a.1.hea"), 0);
        QCOMPARE(row("a.2.hea"), 1);
        QCOMPARE(row("b.hea"), 2); // the row names its companion
        QCOMPARE(row("c.hea"), 3);
        QCOMPARE(row("a.hea"), -1); // ".1" is no extension
        QCOMPARE(row("a.3.hea"), -1);
    }

    void refusesWithTheLine_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected");
        QTest::newRow("no column") << "place,labels\na,b\n"
                                   << "line 1: ";
        QTest::newRow("open quote") << "record_path,labels\na,b\nc,\"d\n"
                                    << "line 3: ";
        QTest::newRow("twice") << "record_path\na\nb\na\n"
                               << "line 4: ";
        QTest::newRow("no path") << "record_path,labels\n,b\n"
                                 << "line 2: ";
        QTest::newRow("empty") << ""
                               << "line 1: ";
    }
    void refusesWithTheLine() {
        QFETCH(QString, text);
        QFETCH(QString, expected);
        const Folder dir;
        dir.write("labels.csv", text.toStdString());
        const auto table = LabelTable::read(dir / "labels.csv");
        QVERIFY(table.failed());
        QVERIFY2(QString::fromStdString(table.error().text()).contains(expected), table.error().text().c_str());
        QVERIFY(LabelTable::read(dir / "none.csv").error().code == ErrorCode::FileNotFound);
    }

    void agesAndSexes() {
        QCOMPARE(*parseAge("51"), 51.0);
        QCOMPARE(*parseAge(">89"), 89.0);
        QCOMPARE(*parseAge("6 months"), 0.5);
        QVERIFY(std::abs(*parseAge("10d") - 10 / 365.25) < 1e-12);
        QVERIFY(!parseAge("NaN") && !parseAge("") && !parseAge("-3") && !parseAge("300"));
        QCOMPARE(parseSex(" Female "), std::string("female"));
        QCOMPARE(parseSex("m"), std::string("male"));
        QCOMPARE(parseSex("unknown"), std::string());
    }

    void pseudonymsAreKeyedAndStable() {
        const Folder dir;
        const auto one = Pseudonyms::load(dir / "deep/one.key");
        QVERIFY2(one.ok(), failureText(one).c_str());
        const auto again = Pseudonyms::load(dir / "deep/one.key");
        const auto other = Pseudonyms::load(dir / "other.key");
        const auto name = one->of("A", "Doe, Jane");
        QCOMPARE(name.size(), 13U);
        QCOMPARE(name, again->of("A", "Doe, Jane"));
        QVERIFY(name != other->of("A", "Doe, Jane")); // another key
        QVERIFY(name != one->of("B", "Doe, Jane"));   // another data set
        QVERIFY(name != one->of("A", "Doe, John"));
        QVERIFY(name.find("Doe") == std::string::npos);
        QCOMPARE(one->of("A", ""), std::string());
        struct stat info {};
        QCOMPARE(::stat((dir / "deep/one.key").c_str(), &info), 0);
        QCOMPARE(info.st_mode & 0777U, 0600U);
        dir.write("short.key", "abc");
        QVERIFY(Pseudonyms::load(dir / "short.key").failed());
    }

    // Data set A uses the label, B does not; of the recordings without a data set only labelled ones count.
    void silenceOfAnotherSetIsNoNegative() {
        const Folder dir;
        std::string csv = "record_path,dataset,patient,labels\n";
        const std::vector<std::string> rows = {
            "a1,A,p1,Atrial Fibrillation",         "a2,A,p1,sinus rhythm", "a3,A,p2,", "b1,B,p1,sinus rhythm",
            "n1,,,paroxysmal atrial fibrillation", "n2,,,sinus rhythm",    "n3,,,"};
        for (std::size_t i = 0; i < rows.size(); ++i) {
            testing::writeRecord(dir / ("in/" + rows[i].substr(0, 2) + ".hea"), testing::ecg(i + 1, 2));
            csv += "in/" + rows[i] + "\n";
        }
        dir.write("labels.csv", csv);
        QVERIFY(testing::import(dir / "study", {dir / "in"}, dir / "labels.csv").ok());
        const auto study = Study::open(dir / "study");
        const auto set = labelledSet(**study, {"ATRIAL fib"});
        QVERIFY2(set.ok(), failureText(set).c_str());
        std::map<std::string, int> y;
        std::map<std::string, std::int64_t> group;
        for (std::size_t i = 0; i < set->ids.size(); ++i) {
            const auto row = (*study)->row(set->ids[i]);
            y[row->name] = set->y[i];
            group[row->name] = set->groups[i];
        }
        QCOMPARE(y, (std::map<std::string, int>{{"a1", 1}, {"a2", 0}, {"a3", 0}, {"n1", 1}, {"n2", 0}}));
        QCOMPARE(set->positives, 2);
        QCOMPARE(group["a1"], group["a2"]); // one patient
        const std::set<std::int64_t> distinct = {group["a1"], group["a3"], group["n1"], group["n2"]};
        QCOMPARE(distinct.size(), 4U);
        QCOMPARE(labelledSet(**study, {"atrial fib", "sinus"})->positives, 5);
        QVERIFY(labelledSet(**study, {"long qt"}).error().code == ErrorCode::NotFound);
        QVERIFY(labelledSet(**study, {""}).error().code == ErrorCode::WrongUse);
    }

    // Labels that differ by case alone are one, spelled as the first of them was, or as the readers' vocabulary does.
    void caseMakesNoSecondLabel() {
        const Folder dir;
        for (int i = 0; i < 3; ++i)
            testing::writeRecord(dir / ("in/r" + std::to_string(i) + ".hea"),
                                 testing::ecg(static_cast<std::uint64_t>(i) + 1));
        {
            const auto study = Study::create(dir / "study");
            QVERIFY(study.ok());
            ReaderLabels labels(**study);
            VocabularyTerm term;
            term.name = "Old Scar";
            QVERIFY(labels.setTerms("A", {term}).ok());
        }
        dir.write("labels.csv", "record_path,labels\nin/r0,Inferior Infarct;INFERIOR INFARCT;SINUS RHYTHM\n"
                                "in/r1,inferior infarct;old scar\nin/r2,inferior infarct;sinus rhythm\n");
        QVERIFY(testing::import(dir / "study", {dir / "in"}, dir / "labels.csv").ok());
        const auto study = Study::open(dir / "study");
        const auto rows = (*study)->query();
        QCOMPARE((*rows)[0].labels, (std::vector<std::string>{"Inferior Infarct", "sinus rhythm"}));
        QCOMPARE((*rows)[1].labels, (std::vector<std::string>{"Inferior Infarct", "Old Scar"}));
        QCOMPARE((*rows)[2].labels, (std::vector<std::string>{"Inferior Infarct", "sinus rhythm"}));
        QCOMPARE((*study)->labels()->front(), (std::pair<std::string, int>{"Inferior Infarct", 3}));
        ReaderLabels labels(**study);
        VocabularyTerm term;
        term.name = "INFERIOR infarct";
        QVERIFY(labels.setTerms("A", {term}).ok());
        const auto terms = labels.vocabulary();
        QVERIFY(std::any_of(terms->begin(), terms->end(), [](const auto& t) { return t.name == "Inferior Infarct"; }));
        term.name = "inferior INFARCT";
        QCOMPARE(labels.setTerms("A", {term}).error().code, ErrorCode::AlreadyExists);
    }
};

QTEST_GUILESS_MAIN(TestStudyLabels)
#include "test_study_labels.moc"
