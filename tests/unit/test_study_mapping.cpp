// SPDX-License-Identifier: GPL-3.0-or-later
// Tables of labels other than our own: PTB-XL, CODE-15, and any by its columns.
#include "core/study/import_preview.h"
#include "core/study/import_scan.h"
#include "core/study/label_table.h"
#include "core/study/splits.h"
#include "study_test_data.h"

#include <QTest>

using namespace precordia;
using testing::Folder;
namespace fs = std::filesystem;

class TestStudyMapping : public QObject {
    Q_OBJECT

    static QStringList names(const LabelRow& row) {
        QStringList out;
        for (const auto& label : row.labels)
            out << QString::fromStdString(label.name + (label.kind.empty() ? "" : "/" + label.kind));
        return out;
    }

    static void writePtbxl(const Folder& dir) {
        dir.write("ptbxl_database.csv",
                  "ecg_id,patient_id,age,sex,report,scp_codes,strat_fold,filename_lr,filename_hr\n"
                  "1,15709.0,56.0,1,sinusrhythmus Zebrafink,\"{'NORM': 100.0, 'SR': 0.0}\",3,records100/00000/00001_lr,"
                  "records500/00000/00001_hr\n"
                  "2,13243.0,300.0,0,\"a, b\",\"{'IMI': 35.0, 'ABQRS': 0.0, 'ILMI': 80.0}\",10,"
                  "records100/00000/00002_lr,records500/00000/00002_hr\n");
        dir.write("scp_statements.csv",
                  ",description,diagnostic,form,rhythm,diagnostic_class,diagnostic_subclass\n"
                  "NORM,normal ECG,1.0,,,NORM,NORM\nSR,sinus rhythm,,,1.0,,\n"
                  "IMI,inferior myocardial infarction,1.0,,,MI,IMI\n"
                  "ILMI,inferolateral myocardial infarction,1.0,,,MI,IMI\nABQRS,abnormal QRS,,1.0,,,\n");
    }

private Q_SLOTS:
    void ptbxl() {
        const Folder dir;
        writePtbxl(dir);
        const auto table = LabelTable::read(dir / "ptbxl_database.csv");
        QVERIFY2(table.ok(), failureText(table).c_str());
        QCOMPARE(table->rows().size(), 2U);
        const auto& first = table->rows()[0];
        QCOMPARE(names(first), (QStringList{"normal ECG", "sinus rhythm/rhythm", "NORM/superclass"}));
        QCOMPARE(*first.labels[0].likelihood, 100.0);
        QCOMPARE(*first.labels[1].likelihood, 0.0);
        QCOMPARE(first.sex, std::string("female"));
        QCOMPARE(first.patient, std::string("15709"));
        QCOMPARE(first.dataset, std::string("PTB-XL"));
        QCOMPARE(*first.fold, 3);
        const auto& second = table->rows()[1];
        QCOMPARE(names(second), (QStringList{"inferior myocardial infarction", "abnormal QRS",
                                             "inferolateral myocardial infarction", "MI/superclass"}));
        QCOMPARE(*second.labels.back().likelihood, 80.0); // the highest of the class
        QCOMPARE(*second.ageYears, 90.0);                 // 300: over 89
        QCOMPARE(second.sex, std::string("male"));
        // Both rates, also when the records lie elsewhere than the table.
        QCOMPARE(*table->find(sourceKey(dir / "records100/00000/00002_lr.hea")), 1U);
        QCOMPARE(*table->find(sourceKey(dir / "records500/00000/00001_hr.hea")), 0U);
        QCOMPARE(*table->find("/elsewhere/ptb/records500/00000/00002_hr.hea"), 1U);
        QVERIFY(!table->find("/elsewhere/00002_hr.hea"));
        QVERIFY(!table->find("/elsewhere/records500/00000/00003_hr.hea"));
    }

    void ptbxlBringsItsSplit() {
        const Folder dir;
        writePtbxl(dir);
        testing::writeRecord(dir / "records500/00000/00001_hr.hea", testing::ecg(1, 4, 500));
        testing::writeRecord(dir / "records500/00000/00002_hr.hea", testing::ecg(2, 4, 500));
        const auto report = testing::import(dir / "study", {dir / "records500"}, dir / "ptbxl_database.csv");
        QVERIFY2(report.ok(), failureText(report).c_str());
        QVERIFY(report->notes.empty());
        const auto study = Study::open(dir / "study");
        const auto folds = storedFolds(**study);
        QCOMPARE(folds->size(), 2U);
        QCOMPARE(folds->at(RecordingId(1)), 3);
        QCOMPARE(folds->at(RecordingId(2)), 10);
        const auto rows = (*study)->query();
        QCOMPARE((*rows)[0].labels, (std::vector<std::string>{"NORM", "normal ECG", "sinus rhythm"}));
        QCOMPARE((*rows)[0].name, std::string("00001_hr"));
    }

    void statementsWithoutTheirTable() {
        const Folder dir;
        writePtbxl(dir);
        fs::remove(dir / "scp_statements.csv");
        const auto table = LabelTable::read(dir / "ptbxl_database.csv");
        QCOMPARE(names(table->rows()[0]), (QStringList{"NORM", "SR"}));
    }

    void code15() {
        const Folder dir;
        dir.write("exams.csv",
                  "exam_id,age,is_male,nn_predicted_age,1dAVb,RBBB,LBBB,SB,ST,AF,patient_id,death,timey,normal_ecg,"
                  "trace_file\n"
                  "1169160,38,True,40.16,False,True,False,False,False,True,523632,False,2.09,False,exams_part13.hdf5\n"
                  "7,73,False,67,False,False,False,False,False,False,1724173,,,True,exams_part1.hdf5\n");
        const auto table = LabelTable::read(dir / "exams.csv");
        QVERIFY2(table.ok(), failureText(table).c_str());
        QVERIFY(table->needsNames());
        const auto& first = table->rows()[0];
        QCOMPARE(names(first), (QStringList{"right bundle branch block", "atrial fibrillation"}));
        QCOMPARE(first.sex, std::string("male"));
        QCOMPARE(table->rows()[1].sex, std::string("female"));
        QCOMPARE(names(table->rows()[1]), (QStringList{"normal ECG"}));
        QCOMPARE(first.patient, std::string("523632"));
        QCOMPARE(first.dataset, std::string("CODE-15%"));
        QCOMPARE(*table->find("/x/exams_part13.hdf5", "1169160"), 0U);
        QCOMPARE(*table->find("/x/exams_part13.hdf5", "exam 1169160"), 0U);
        QCOMPARE(*table->find("/x/1169160.hea"), 0U); // taken apart since
        QCOMPARE(*table->find("/x/exams_part1.hdf5", "7"), 1U);
        QVERIFY(!table->find("/x/exams_part7.hdf5", "8")); // the file's own number is no exam
    }

    void anyTableByProposal() {
        const Folder dir;
        dir.write("t.csv", "Subject ID;File Name;Gender;Age;Diagnosis;Smoker;Remark\n"
                           "a1;r1.csv;f;44;AF|LVH;yes;foo\n"
                           "a2;r2.csv;m;55;;no;bar\n");
        const auto glance = glanceAtTable(dir / "t.csv");
        QVERIFY2(glance.ok(), failureText(glance).c_str());
        const auto& m = glance->proposed;
        QCOMPARE(m.delimiter, ';');
        using R = ColumnRole;
        QCOMPARE(m.roles, (std::vector<R>{R::Patient, R::Recording, R::Sex, R::Age, R::Labels, R::Flag, R::Ignored}));
        QCOMPARE(m.match, LabelMapping::Match::Stem);
        QCOMPARE(m.separators, std::string("|"));
        const auto table = LabelTable::read(dir / "t.csv");
        QCOMPARE(names(table->rows()[0]), (QStringList{"AF", "LVH", "Smoker"}));
        QCOMPARE(*table->find("/any/where/R1.csv"), 0U);
        QCOMPARE(*table->find("/any/where/r2.csv"), 1U);
        QVERIFY(!table->find("/any/where/r3.csv"));
    }

    void aMappingOfOnesOwn() {
        const Folder dir;
        dir.write("t.csv", "a,b,c,d\n3,,x;y,1\n,z,w,0\n12,,u,1\n");
        LabelMapping mapping;
        using R = ColumnRole;
        mapping.roles = {R::Recording, R::Ignored, R::Labels, R::Flag};
        mapping.match = LabelMapping::Match::Id;
        mapping.dataset = "Mine";
        const auto table = LabelTable::read(dir / "t.csv", mapping);
        QVERIFY2(table.ok(), failureText(table).c_str());
        QCOMPARE(table->rows().size(), 2U); // the row of no recording is passed over
        QCOMPARE(names(table->rows()[0]), (QStringList{"x", "y", "d"}));
        QCOMPARE(table->rows()[0].dataset, std::string("Mine"));
        QCOMPARE(*table->find("/q/rec_00012.hea"), 1U);
        QVERIFY(!table->find("/q/rec_1_12.hea")); // two numbers: which is meant?
        mapping.roles[0] = R::Ignored;
        QVERIFY(LabelTable::read(dir / "t.csv", mapping).failed());
        mapping.roles = {R::Recording, R::Age, R::Age, R::Ignored};
        QVERIFY(!mappingProblem(mapping).empty());
    }

    void tablesAreFoundBesideTheRecordings() {
        const Folder dir;
        writePtbxl(dir);
        dir.write("records500/00000/x", "x");
        dir.write("own/labels.csv", "x");
        QCOMPARE(tableBeside(dir / "records500"), dir / "ptbxl_database.csv");
        QCOMPARE(tableBeside(dir / "own"), dir / "own/labels.csv");
        QCOMPARE(tableBeside(dir / "records500/00000"), fs::path());
    }

    void previewCountsWithoutWriting() {
        const Folder dir;
        auto ecg = testing::ecg(1, 4);
        ecg.metadata.comments = {"Dx: 164889003"};
        testing::writeRecord(dir / "in/a.hea", ecg);
        testing::writeRecord(dir / "in/b.hea", testing::ecg(2, 6, 500));
        testing::writeRecord(dir / "in/c.hea", testing::ecg(3, 4));
        dir.write("in/noise.bin", std::string(3000, '\x07'));
        dir.write("labels.csv", "record_path,patient,labels\nin/a,p,\nin/b,p,sinus rhythm\nin/q,r,\n");
        Progress silent;
        ImportRequest request{{dir / "in"}, dir / "labels.csv", 2};
        const auto preview = previewImport(dir / "study", request, {}, silent);
        QVERIFY2(preview.ok(), failureText(preview).c_str());
        QVERIFY(!fs::exists(dir / "study"));
        QCOMPARE(preview->recordings, 3);
        QCOMPARE(preview->patients, 1);
        QCOMPARE(preview->withoutPatient, 1);
        QCOMPARE(preview->formats.at("wfdb"), 3);
        QCOMPARE(preview->rates.at(250), 2);
        QCOMPARE(preview->rates.at(500), 1);
        QCOMPARE(preview->leads.at(12), 3);
        QCOMPARE(preview->seconds, 14.0);
        QCOMPARE(preview->skipped, 3);
        QCOMPARE(preview->problems.size(), 1U);
        QCOMPARE(preview->labels.size(), 2U);
        QCOMPARE(preview->labelled, 2);
        QCOMPARE(preview->tableRows, 3U);
        QCOMPARE(preview->tableRowsUsed, 2U);
        // What comes in is what was foretold.
        const auto report = testing::import(dir / "study", {dir / "in"}, dir / "labels.csv");
        QCOMPARE(report->imported, preview->recordings);
        const auto again = previewImport(dir / "study", request, {}, silent);
        QCOMPARE(again->there, 3);
        QCOMPARE(again->recordings, 0);
    }
};

QTEST_GUILESS_MAIN(TestStudyMapping)
#include "test_study_mapping.moc"
