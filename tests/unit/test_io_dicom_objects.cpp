// SPDX-License-Identifier: GPL-3.0-or-later
// Objects made by pydicom (dicom_objects.py): classes, encodings, sample kinds, groups, skew, annotations. The truths
// are counted here: sample [f, c] of a ramp is base + f * channels + c.
#include "core/io/reader.h"
#include "tests/unit/dicom_oracle.h"
#include "tests/unit/io_fixture.h"

#include <QTest>

#include <cmath>

using namespace precordia;
using namespace precordia::test;

class TestIoDicomObjects : public QObject {
    Q_OBJECT

private:
    Result<Recording> read(const std::string& kind, const ReadOptions& options = {}) const {
        return Registry::standard().read(folder_.path(kind + ".dcm"), options);
    }
    static bool told(const Recording& r, WarningCode code, const char* words) {
        for (const auto& w : r.warnings)
            if (w.code == code && (w.message + w.where).find(words) != std::string::npos)
                return true;
        return false;
    }

    Folder folder_;

private Q_SLOTS:
    void initTestCase() {
        const auto made = pydicom("dicom_objects.py", {"all", QString::fromStdString(folder_.path("").string())});
        if (!made.ran)
            QSKIP("no python3 with pydicom here");
        QVERIFY2(made.exit == 0, qPrintable(made.err));
    }

    // The same ramp in every encoding and sample kind; II is in mV.
    void encodings_data() {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<int>("bits");
        QTest::addColumn<bool>("isSigned");
        for (const char* kind :
             {"explicit", "implicit", "big", "deflated", "bare-explicit", "bare-implicit", "bare-big"})
            QTest::newRow(kind) << kind << 16 << true;
        QTest::newRow("sb") << "sb" << 8 << true;
        QTest::newRow("ub") << "ub" << 8 << false;
        QTest::newRow("us") << "us" << 16 << false;
        QTest::newRow("sl") << "sl" << 32 << true;
        QTest::newRow("ul") << "ul" << 32 << false;
        QTest::newRow("big-sb") << "big-sb" << 8 << true;
        QTest::newRow("big-sl") << "big-sl" << 32 << true;
    }
    void encodings() {
        QFETCH(QString, kind);
        QFETCH(int, bits);
        QFETCH(bool, isSigned);
        const auto r = read(kind.toStdString());
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->samplingRate, 500.0);
        QCOMPARE(r->samples(), 100U);
        QCOMPARE(r->leads[0].name, std::string("I"));
        QCOMPARE(r->leads[1].fileUnit, std::string("mV"));
        QCOMPARE(r->leads[0].quantum, 2.5);
        for (int f = 0; f < 100; ++f)
            for (int c = 0; c < 2; ++c) {
                const int value = (isSigned ? -50 : 0) + f * 2 + c;
                const int stored = bits == 8 && isSigned ? static_cast<std::int8_t>(value) : value;
                QCOMPARE(r->leads[static_cast<std::size_t>(c)].samples[static_cast<std::size_t>(f)],
                         static_cast<float>(stored * (c == 0 ? 2.5 : 1.0)));
            }
        QCOMPARE(r->metadata.patientId, std::string("T-1"));
        QCOMPARE(r->metadata.identity.patientName, std::string("Tester^Anna"));
        QCOMPARE(r->metadata.identity.birthDate, std::string("1950-01-01"));
        QCOMPARE(r->metadata.identity.physician, std::string("Doc^Tor"));
        QCOMPARE(r->metadata.recordedAt, std::string("2020-02-29T10:11:12"));
        QCOMPARE(r->metadata.ageYears.value_or(0), 70.0);
        QCOMPARE(told(*r, WarningCode::Repaired, "preamble"), kind.startsWith("bare"));
    }

    // Long data: a range of it alone is read, and equals that part of the whole.
    void ambulatory() {
        const auto whole = read("ambulatory");
        QVERIFY2(whole.ok(), failureText(whole).c_str());
        QCOMPARE(whole->samples(), 50'001U);
        QCOMPARE(whole->samplingRate, 125.0);
        for (const auto& range : {SampleRange{0, 10}, SampleRange{30'001, 777}, SampleRange{50'000, 100}}) {
            ReadOptions options;
            options.range = range;
            const auto part = read("ambulatory", options);
            QVERIFY2(part.ok(), failureText(part).c_str());
            QCOMPARE(part->firstSample, range.first);
            QCOMPARE(part->samplesPromised, std::int64_t{50'001});
            QCOMPARE(part->samples(),
                     static_cast<std::size_t>(std::min<std::int64_t>(range.count, 50'001 - range.first)));
            for (std::size_t l = 0; l < 3; ++l)
                for (std::size_t i = 0; i < part->samples(); ++i) {
                    const auto at = static_cast<std::size_t>(range.first) + i;
                    QCOMPARE(part->leads[l].samples[i], whole->leads[l].samples[at]);
                    QCOMPARE(part->leads[l].samples[i],
                             static_cast<float>((static_cast<int>(at * 3 + l) % 251 - 125) * 10));
                }
        }
        ReadOptions described;
        described.metadataOnly = true;
        const auto head = read("ambulatory", described);
        QVERIFY(head.ok());
        QCOMPARE(head->samples(), 0U);
        QCOMPARE(head->samplesPromised, std::int64_t{50'001});
        QCOMPARE(head->leads.size(), 3U);
    }

    // 12 bits in 16 with the upper bits zero: -50 is written as 4046.
    void twelveBitsInSixteen() {
        const auto r = read("twelve-bit");
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->leads[0].samples[0], -50.F);
        QCOMPARE(r->leads[1].samples[99], 149.F);
        QVERIFY(told(*r, WarningCode::Repaired, "12 bits"));
    }

    // II begins two samples late; V1 3.55 sample periods late: to the nearest sample, and told. A range sees the same.
    void skew() {
        const auto r = read("skew");
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->leads[0].samples[0], -50.F);
        QVERIFY(std::isnan(r->leads[1].samples[1]));
        QCOMPARE(r->leads[1].samples[2], -49.F);
        QVERIFY(std::isnan(r->leads[2].samples[3]));
        QCOMPARE(r->leads[2].samples[4], -48.F);
        QCOMPARE(warnings(*r, WarningCode::Skew), 2U);
        QVERIFY(told(*r, WarningCode::Skew, "3.55"));
        ReadOptions options;
        options.range = SampleRange{3, 5};
        const auto part = read("skew", options);
        for (std::size_t l = 0; l < 3; ++l)
            for (std::size_t i = 0; i < 5; ++i) {
                const auto a = part->leads[l].samples[i];
                const auto b = r->leads[l].samples[i + 3];
                QVERIFY(a == b || (std::isnan(a) && std::isnan(b)));
            }
    }

    // The rhythm is found wherever it stands; medians by label and by originality, the rest among the other groups.
    void groups() {
        const auto r = read("groups");
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->samples(), 5000U);
        QCOMPARE(r->medianBeats.size(), 2U);
        QCOMPARE(r->medianBeats[0].name, std::string("MEDIAN BEAT"));
        QCOMPARE(r->medianBeats[1].samples(), 600U);
        QCOMPARE(r->otherGroups.size(), 1U);
        QCOMPARE(r->otherGroups[0].samplingRate, 250.0);
        QCOMPARE(r->otherGroups[0].leads[0].name, std::string("V1"));
        QVERIFY(told(*r, WarningCode::OtherRates, "1.5 s later"));
        QCOMPARE(warnings(*r, WarningCode::SkippedGroup), 2U);
        // Annotations of group 1 belong to the median beat.
        QVERIFY(r->annotations.empty());
        QCOMPARE(r->medianBeats[0].annotations.size(), 2U);
        QCOMPARE(r->medianBeats[0].annotations[0].symbol, std::string("("));
        QCOMPARE(r->medianBeats[0].annotations[0].sample.value, 10);
        QCOMPARE(r->medianBeats[0].annotations[1].symbol, std::string(")"));
        QCOMPARE(r->medianBeats[0].annotations[1].sample.value, 60);
        ReadOptions options; // the same second of all
        options.range = SampleRange{1000, 500};
        const auto part = read("groups", options);
        QCOMPARE(part->otherGroups[0].samples(), 250U);
        QCOMPARE(part->otherGroups[0].leads[0].samples[0], r->otherGroups[0].leads[0].samples[500]);
        QCOMPARE(part->medianBeats[0].samples(), 600U);
    }

    void otherClasses() {
        const auto r = read("hemodynamic"); // the pressure stands first; the ECG is what the program is for
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->leads[0].name, std::string("II"));
        QCOMPARE(r->otherGroups.size(), 1U);
        QCOMPARE(r->otherGroups[0].leads[0].unit, std::string("mm[Hg]"));
        QCOMPARE(warnings(*r, WarningCode::UnknownUnit), 0U);
        const auto pressure = read("pressure");
        QVERIFY(pressure.failed());
        QCOMPARE(pressure.error().code, ErrorCode::FormatUnsupported);
        QVERIFY(pressure.error().message.find("no ECG") != std::string::npos);
        const auto sound = read("companded");
        QVERIFY(sound.failed());
        QVERIFY(sound.error().message.find("mu-law") != std::string::npos);
    }

    void annotations() {
        const auto r = read("annotated");
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->fileMeasurements, (Measurements{{"pr_ms", 160}, {"qrs_ms", 98}}));
        QCOMPARE(r->metadata.diagnosisTexts,
                 (std::vector<std::string>{"Sinus rhythm\\with text", "Atrial fibrillation"}));
        QCOMPARE(r->metadata.diagnosisCodes, std::vector<std::string>{"49436004"});
        QCOMPARE(r->metadata.comments,
                 (std::vector<std::string>{"Sokolow of II: 1.5 mV", "Electrode Placement: Standard 12-lead placement",
                                           "Weight: 71.5 kg"}));
        QCOMPARE(r->metadata.identity.institution, std::string("Heart Centre"));
        QCOMPARE(r->metadata.identity.operatorName, std::string("Op^Erator"));
        struct Truth {
            int sample, lead;
            const char* symbol;
            const char* text;
        };
        const std::vector<Truth> truths{{0, 1, "(", "QRS onset"}, {100, -1, "V", ""},
                                        {250, -1, "(", "T wave"}, {299, -1, "V", ""},
                                        {375, -1, ")", "T wave"}, {500, -1, "\"", "artefact"}};
        QCOMPARE(r->annotations.size(), truths.size());
        for (std::size_t i = 0; i < truths.size(); ++i) {
            const auto& a = r->annotations[i];
            QCOMPARE(a.sample.value, truths[i].sample);
            QCOMPARE(a.lead.valid() ? a.lead.value : -1, truths[i].lead);
            QCOMPARE(a.symbol, std::string(truths[i].symbol));
            QCOMPARE(a.text, std::string(truths[i].text));
        }
        QCOMPARE(warnings(*r, WarningCode::Annotation), 1U); // sample 1001 of 1000
    }

    // A recorder's own file: both groups as pydicom computes them.
    void realFile() {
        const auto path = realExample();
        if (!QFile::exists(path))
            QSKIP("no real DICOM ECG here: set PRECORDIA_DATA");
        const auto r = Registry::standard().read(path.toStdString());
        QVERIFY2(r.ok(), failureText(r).c_str());
        const auto dump = pydicom("dicom_objects.py", {"dump", path});
        QVERIFY2(dump.exit == 0, qPrintable(dump.err));
        const auto lines = dump.out.split('\n', Qt::SkipEmptyParts);
        QCOMPARE(static_cast<std::size_t>(lines.size()), 1 + r->leads.size() + r->medianBeats.at(0).leads.size());
        qsizetype line = 0;
        for (const auto* group : {&*r, &r->medianBeats[0]})
            for (const auto& lead : group->leads) {
                const auto words = lines[++line].split(' ');
                QCOMPARE(words[1].toDouble(), group->samplingRate);
                QCOMPARE(static_cast<std::size_t>(words.size()), lead.samples.size() + 5);
                for (std::size_t i = 0; i < lead.samples.size(); ++i)
                    QCOMPARE(lead.samples[i], words[static_cast<qsizetype>(i) + 5].toFloat());
            }
        QVERIFY(!r->annotations.empty());
        QVERIFY(std::all_of(r->annotations.begin(), r->annotations.end(),
                            [](const Annotation& a) { return a.symbol == "(" || a.symbol == ")"; }));
        QVERIFY(r->fileMeasurements.size() >= 7);
    }

    void textsAndFilters() {
        const auto r = read("cyrillic");
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(QString::fromStdString(r->metadata.identity.patientName), QStringLiteral(u"Люкceдир"));
        const auto f = read("filters");
        QCOMPARE(f->metadata.filters.highPassHz.value_or(0), 0.05);
        QCOMPARE(f->metadata.filters.lowPassHz.value_or(0), 150.0);
        QCOMPARE(f->metadata.filters.notchHz.value_or(0), 50.0);
        QVERIFY(told(*f, WarningCode::MissingLead, "lead II"));
    }
};

QTEST_APPLESS_MAIN(TestIoDicomObjects)
#include "test_io_dicom_objects.moc"
