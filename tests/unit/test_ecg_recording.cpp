// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ecg/recording.h"

#include <QTest>

#include <cmath>
#include <limits>
#include <set>

using namespace precordia;

namespace {

Lead lead(const std::string& name, std::vector<float> samples) {
    Lead out;
    out.name = name;
    out.samples = std::move(samples);
    out.quantum = 2;
    return out;
}

const Lead& of(const Recording& r, const char* name) {
    return r.leads.at(static_cast<std::size_t>(r.find(name).value));
}

} // namespace

class TestEcgRecording : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void leadNames_data() {
        QTest::addColumn<QString>("written");
        QTest::addColumn<QString>("expected");
        const std::pair<const char*, const char*> rows[] = {
            {"avr", "aVR"},
            {"AVL", "aVL"},
            {"aVF ", "aVF"},
            {"i", "I"},
            {"Lead II", "II"},
            {"ECG V1", "V1"},
            {"V 1", "V1"},
            {"ECG lead II", "II"},
            {"MDC_ECG_LEAD_V3", "V3"},
            {"Lead I (Einthoven)", "I"},
            {"DIII", "III"},
            {"aV-F", "aVF"},
            // not ours to rename
            {"MLII", "MLII"},
            {"V", "V"},
            {"ECG 1", "ECG 1"},
            {"-aVR", "-aVR"},
            {"ECG_1", "ECG_1"},
            {"V10", "V10"},
            {"", ""},
            {"ECG", "ECG"},
        };
        for (const auto& [written, expected] : rows)
            QTest::addRow("'%s'", written) << written << expected;
    }
    void leadNames() {
        QFETCH(QString, written);
        QFETCH(QString, expected);
        QCOMPARE(QString::fromStdString(standardLeadName(written.toStdString())), expected);
    }

    // By hand: I = 10, II = 30 -> III = 20, aVR = -20, aVL = -5, aVF = 25.
    void limbLeadsFromOneAndTwo() {
        Recording r;
        r.leads = {lead("I", {10}), lead("II", {30}), lead("V1", {7})};
        deriveLimbLeads(r);
        QCOMPARE(r.leads.size(), 7U);
        QCOMPARE(of(r, "III").samples[0], 20.F);
        QCOMPARE(of(r, "aVR").samples[0], -20.F);
        QCOMPARE(of(r, "aVL").samples[0], -5.F);
        QCOMPARE(of(r, "aVF").samples[0], 25.F);
        QVERIFY(of(r, "aVF").derived);
        QVERIFY(!of(r, "I").derived);
        QCOMPARE(r.leads[2].name, std::string("V1")); // appended, not put between
    }

    void theThirdFromTheTwoOthers() {
        Recording r;
        r.leads = {lead("II", {30}), lead("III", {20})};
        deriveLimbLeads(r);
        QCOMPARE(of(r, "I").samples[0], 10.F);
        Recording s;
        s.leads = {lead("I", {10}), lead("III", {20})};
        deriveLimbLeads(s);
        QCOMPARE(of(s, "II").samples[0], 30.F);
    }

    void recordedLeadsStayAndGapsCarryOver() {
        Recording r;
        r.leads = {lead("I", {10, std::numeric_limits<float>::quiet_NaN()}), lead("II", {30, 1}),
                   lead("aVF", {99, 99})};
        deriveLimbLeads(r);
        QCOMPARE(of(r, "aVF").samples[0], 99.F);
        QVERIFY(std::isnan(of(r, "III").samples[1]));
    }

    void nothingFromLeadsThatDoNotMatch() {
        Recording r;
        r.leads = {lead("I", {10}), lead("II", {30, 31})};
        deriveLimbLeads(r);
        QCOMPARE(r.leads.size(), 2U);
        r.leads = {lead("I", {10}), lead("II", {30})};
        r.leads[1].unit = "mmHg";
        deriveLimbLeads(r);
        QCOMPARE(r.leads.size(), 2U);
    }

    void absentLeadIsNotFound() {
        Recording r;
        r.leads = {lead("I", {10})};
        QVERIFY(!r.find("V1").valid());
        QCOMPARE(r.find("I"), LeadIndex{0});
    }

    void warningKeysAreDistinct() {
        std::set<std::string_view> keys;
        for (int i = 0; i <= static_cast<int>(WarningCode::Repaired); ++i)
            keys.insert(name(static_cast<WarningCode>(i)));
        QCOMPARE(keys.size(), static_cast<std::size_t>(WarningCode::Repaired) + 1);
        QCOMPARE(name(WarningCode::ShortFile), std::string_view("short-file"));
    }
};

QTEST_APPLESS_MAIN(TestEcgRecording)
#include "test_ecg_recording.moc"
