// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/header_comments.h"
#include "core/io/snomed.h"
#include "core/io/text.h"
#include "core/io/timestamp.h"
#include "core/io/units.h"
#include "tests/unit/io_fixture.h"

#include <QTest>

using namespace precordia;
using namespace precordia::test;

namespace {

Recording commented(std::vector<std::string> comments) {
    Recording r;
    applyComments(std::move(comments), r);
    return r;
}

} // namespace

class TestIoNames : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void snomed() {
        QCOMPARE(snomedName("164889003").value_or(""), std::string("atrial fibrillation"));
        QCOMPARE(snomedAbbreviation("164889003").value_or(""), std::string("AF"));
        QCOMPARE(snomedName("67741000119109").value_or(""), std::string("left atrial enlargement")); // a long code
        QVERIFY(!snomedName("1"));
        QVERIFY(!snomedName("code")); // the table's heading is no entry
        QVERIFY(!snomedName(""));
    }

    void labels() {
        QCOMPARE(normaliseLabel("Rhythm: Sinus  rhythm.").name, std::string("sinus rhythm"));
        QCOMPARE(normaliseLabel("Rhythm: Sinus rhythm.").kind, std::string("rhythm"));
        QCOMPARE(normaliseLabel("RHYTHM: Junctional").name, std::string("Junctional"));
        // As the source writes it; a term of SNOMED as SNOMED does.
        QCOMPARE(normaliseLabel(">>> Acute MI <<<").name, std::string("Acute MI"));
        QCOMPARE(normaliseLabel("*** Abnormal ECG ***").name, std::string("Abnormal ECG"));
        QCOMPARE(normaliseLabel("NORM").name, std::string("NORM"));
        QCOMPARE(normaliseLabel("1st degree av block").name, std::string("1st degree AV block"));
        QCOMPARE(normaliseLabel("t Wave Inversion").name, std::string("T wave inversion"));
        QCOMPARE(normaliseLabel(" Left ventricular hypertrophy. ").name, std::string("left ventricular hypertrophy"));
        QCOMPARE(normaliseLabel("NORM").kind, std::string());
        QCOMPARE(normaliseLabel("Electric axis of the heart: normal.").name,
                 std::string("Electric axis of the heart: normal"));
        QCOMPARE(normaliseLabel("...").name, std::string());
    }

    void linesOfLudb() {
        const auto r =
            commented({"<age>: 51", "<sex>: F", "<diagnoses>:", "Rhythm: Sinus bradycardia.",
                       "Electric axis of the heart: left axis deviation. ", "Left ventricular hypertrophy. "});
        QCOMPARE(r.metadata.ageYears.value_or(0), 51.0);
        QCOMPARE(r.metadata.sex, std::string("female"));
        QCOMPARE(
            r.metadata.diagnosisTexts,
            (std::vector<std::string>{"Rhythm: Sinus bradycardia.", "Electric axis of the heart: left axis deviation.",
                                      "Left ventricular hypertrophy."}));
    }

    void linesOfOthers() {
        const auto one = commented({" <age>: 25  <sex>: M  <diagnoses>: (none)  <medications>: (none)"});
        QCOMPARE(one.metadata.ageYears.value_or(0), 25.0);
        QCOMPARE(one.metadata.sex, std::string("male"));
        QVERIFY(one.metadata.diagnosisTexts.empty());

        const auto ptbxl = commented({" Age: 73", " Sex: Female", " Height: 150", " Labels: STTC, HYP, PVC"});
        QCOMPARE(ptbxl.metadata.diagnosisTexts, (std::vector<std::string>{"STTC", "HYP", "PVC"}));

        const auto challenge = commented({"Age: NaN", "Sex: Unknown", "Dx: 426783006, 999,426783006", "Rx: Unknown"});
        QVERIFY(!challenge.metadata.ageYears);
        QVERIFY(challenge.metadata.sex.empty());
        QCOMPARE(challenge.metadata.diagnosisCodes, (std::vector<std::string>{"426783006", "999"}));
        QCOMPARE(warnings(challenge, WarningCode::UnknownCode), 1U);

        const auto child = commented({" Age: 3 mo", " Category: ASD", " Statements: Sinus tachycardia; ICD-10: I07.1"});
        QCOMPARE(child.metadata.ageYears.value_or(0), 0.25);
        QCOMPARE(child.metadata.diagnosisTexts,
                 (std::vector<std::string>{"ASD", "Sinus tachycardia", "ICD-10: I07.1"}));

        QCOMPARE(commented({" Chagas label: False"}).metadata.diagnosisTexts.at(0), std::string("Chagas negative"));
        QCOMPARE(commented({" 69 M 1085 1629 x1"}).metadata.ageYears.value_or(0), 69.0);
        QVERIFY(!commented({"Ventricular_Tachycardia"}).metadata.ageYears);
    }

    void ages() {
        QCOMPARE(parseAgeYears(">89").value_or(0), 89.0);
        QCOMPARE(parseAgeYears("057Y").value_or(0), 57.0);
        QCOMPARE(parseAgeYears("7.5 yr").value_or(0), 7.5);
        QVERIFY(std::abs(parseAgeYears("010D").value_or(0) - 10 / 365.2425) < 1e-12);
        for (const char* bad : {"300", "-1", "nan", "", "Unknown", "12 apples"})
            QVERIFY2(!parseAgeYears(bad), bad);
    }

    void units() {
        QCOMPARE(microvoltsPer("mV").value_or(0), 1000.0);
        QCOMPARE(microvoltsPer("mv").value_or(0), 1000.0);
        QCOMPARE(microvoltsPer("\xC2\xB5V").value_or(0), 1.0);
        QCOMPARE(microvoltsPer("\xCE\xBCV").value_or(0), 1.0);
        QCOMPARE(microvoltsPer("nV").value_or(0), 1e-3);
        for (const char* other : {"mmHg", "NU", "", "bpm"})
            QVERIFY2(!microvoltsPer(other), other);
    }

    void times() {
        QCOMPARE(timestamp::fromDateAndTime("28/06/1987", "16:56:02"), std::string("1987-06-28T16:56:02"));
        QCOMPARE(timestamp::fromDateAndTime("05-May-2020", "8:26:04.25"), std::string("2020-05-05T08:26:04"));
        QCOMPARE(timestamp::fromDateAndTime("01/01/2001", "31:51.982"), std::string("2001-01-01T00:31:51"));
        QCOMPARE(timestamp::fromDateAndTime("2001-02-03", ""), std::string("2001-02-03"));
        QCOMPARE(timestamp::fromDateAndTime("", "12:00:00"), std::string());
        QCOMPARE(timestamp::fromDateAndTime("40/40/2001", "12:00:00"), std::string());
        QCOMPARE(timestamp::fromDicom("20021122091000.5"), std::string("2002-11-22T09:10:00"));
        QCOMPARE(timestamp::fromDicom("20021122"), std::string("2002-11-22"));
        QCOMPARE(timestamp::fromDicom("hello"), std::string());
    }

    // A birthday on the 22nd of November 1951: 50 until the day before, 51 from that day on.
    void yearsBetweenDates() {
        QCOMPARE(timestamp::yearsBetween("1951-11-22", "2002-11-21T23:59:59").value_or(-1), 50.0);
        QCOMPARE(timestamp::yearsBetween("1951-11-22", "2002-11-22").value_or(-1), 51.0);
        QCOMPARE(timestamp::yearsBetween("2002-11-22", "2002-11-22").value_or(-1), 0.0);
        QVERIFY(!timestamp::yearsBetween("2002-11-22", "1999-01-01"));
        QVERIFY(!timestamp::yearsBetween("1850-01-01", "1999-01-01"));
        QVERIFY(!timestamp::yearsBetween("", "1999-01-01"));
        QVERIFY(!timestamp::yearsBetween("19xx-01-01", "1999-01-01"));
    }

    void words() {
        QVERIFY(!text::number("1e999"));
        QVERIFY(!text::number("inf"));
        QVERIFY(!text::number("1,5"));
        QVERIFY(!text::integer("99999999999999999999"));
        QCOMPARE(text::number(" +1.5 ").value_or(0), 1.5);
        QCOMPARE(text::lines("a\r\nb\rc\n\nd").size(), 5U);
        QCOMPARE(text::utf8("\xB5V"), std::string("\xC2\xB5V"));     // Latin-1
        QCOMPARE(text::utf8("\xC2\xB5V"), std::string("\xC2\xB5V")); // is UTF-8 already
        QCOMPARE(text::utf8("\xED\xA0\x80").size(), 6U);             // a surrogate is none
        QCOMPARE(text::utf8("\xC0\xAF").size(), 4U);                 // nor an overlong form
    }
};

QTEST_APPLESS_MAIN(TestIoNames)
#include "test_io_names.moc"
