// SPDX-License-Identifier: GPL-3.0-or-later
// Written objects: read back within half a quantum by our reader and by pydicom, and no complaint of dciodvfy.
#include "core/io/dicom_writer.h"
#include "core/io/reader.h"
#include "tests/unit/dicom_oracle.h"
#include "tests/unit/io_fixture.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace precordia;
using namespace precordia::test;

namespace {

constexpr float kGap = std::numeric_limits<float>::quiet_NaN();

Recording made(const std::vector<std::string>& names, std::size_t samples, double rate, double quantum) {
    Recording r;
    r.name = "x";
    r.samplingRate = rate;
    Dice dice(5);
    for (const auto& name : names) {
        Lead lead;
        lead.name = name;
        lead.quantum = quantum;
        for (std::size_t i = 0; i < samples; ++i)
            lead.samples.push_back(static_cast<float>(static_cast<int>(dice.below(8001)) - 4000) * 0.73F);
        r.leads.push_back(std::move(lead));
    }
    return r;
}

Recording twelveLeads() {
    auto r = made(standardLeads(), 5000, 500, 2.5);
    r.leads[4].samples[17] = kGap;
    auto& m = r.metadata;
    m.patientId = "T-17";
    m.identity.patientName = "Müller^Ännchen";
    m.identity.birthDate = "1950-02-03";
    m.identity.institution = "Herzzentrum";
    m.ageYears = 71;
    m.sex = "female";
    m.recordedAt = "2021-12-24T10:15:30";
    m.device = "Recorder 7";
    m.filters = {0.05, 150.0, 50.0};
    m.diagnosisTexts = {"Sinus rhythm"};
    m.diagnosisCodes = {"164889003"};
    r.fileMeasurements = {{"heart_rate_bpm", 72}, {"qrs_ms", 96.5}, {"qrs_axis_deg", -12}, {"pr_ms", 160}};
    const auto mark = [&](std::int64_t sample, const char* symbol, int lead = -1, const char* text = "") {
        r.annotations.push_back({SampleIndex{sample}, lead < 0 ? LeadIndex{} : LeadIndex{lead}, symbol, text, "atr"});
    };
    mark(90, "(", 1);
    mark(100, "p", 1);
    mark(110, ")", 1);
    mark(200, "N");
    mark(300, "(", 1);
    mark(330, "t", 1);
    mark(360, ")", 1);
    mark(700, "V");
    mark(1200, "N");
    auto median = made(standardLeads(), 600, 500, 2.5);
    r.medianBeats.push_back(median);
    return r;
}

// Largest difference in units of each lead's quantum as read back, less what a float cannot hold; missing samples must
// stand at the same places.
double worst(const Recording& a, const Recording& b) {
    double out = 0;
    if (a.leads.size() != b.leads.size() || a.samples() != b.samples())
        return 1e9;
    for (std::size_t l = 0; l < a.leads.size(); ++l)
        for (std::size_t i = 0; i < a.samples(); ++i) {
            const double x = a.leads[l].samples[i];
            const double y = b.leads[l].samples[i];
            if (std::isnan(x) != std::isnan(y))
                return 1e9;
            if (!std::isnan(x))
                out = std::max(out, (std::abs(x - y) - std::abs(x) * 1.2e-7) / b.leads[l].quantum);
        }
    return out;
}

} // namespace

class TestIoDicomWriter : public QObject {
    Q_OBJECT

private:
    // Written, checked by dciodvfy, read back.
    Recording roundTrip(const Recording& r, DicomClass expected, DicomClass wanted = DicomClass::ByContent,
                        int complaintsAllowed = 0) {
        path_ = folder_.path("x.dcm");
        const auto written = writeDicom(r, path_, wanted);
        if (!written) {
            QTest::qFail(failureText(written).c_str(), __FILE__, __LINE__);
            return {};
        }
        if (written->kind != expected)
            QTest::qFail("another class", __FILE__, __LINE__);
        notes_ = written->notes;
        complaints_ = complaints(QString::fromStdString(path_.string()));
        // A patient or a day that is not known leaves its field empty, which a DICOMDIR would not like.
        for (const auto& line : complaints_)
            if (line != "-" && !line.contains("DICOMDIR") && (complaintsAllowed == 0 || line.startsWith("Error")))
                QTest::qFail(qPrintable(line), __FILE__, __LINE__);
        auto back = Registry::standard().read(path_);
        if (!back) {
            QTest::qFail(failureText(back).c_str(), __FILE__, __LINE__);
            return {};
        }
        return std::move(*back);
    }

    Folder folder_;
    std::filesystem::path path_;
    std::vector<std::string> notes_;
    QStringList complaints_;

private Q_SLOTS:
    void twelveLead() {
        const auto r = twelveLeads();
        const auto back = roundTrip(r, DicomClass::TwelveLead);
        QVERIFY(worst(r, back) <= 0.5 + 1e-4);
        QCOMPARE(back.leads[0].quantum, 2.5);
        QCOMPARE(back.medianBeats.size(), 1U);
        QVERIFY(worst(r.medianBeats[0], back.medianBeats[0]) <= 0.5 + 1e-4);
        QCOMPARE(back.fileMeasurements, r.fileMeasurements);
        QCOMPARE(back.metadata.identity.patientName, r.metadata.identity.patientName);
        QCOMPARE(back.metadata.identity.birthDate, r.metadata.identity.birthDate);
        QCOMPARE(back.metadata.patientId, r.metadata.patientId);
        QCOMPARE(back.metadata.ageYears, r.metadata.ageYears);
        QCOMPARE(back.metadata.sex, r.metadata.sex);
        QCOMPARE(back.metadata.recordedAt, r.metadata.recordedAt);
        QCOMPARE(back.metadata.device, r.metadata.device);
        QCOMPARE(back.metadata.filters.lowPassHz, r.metadata.filters.lowPassHz);
        QCOMPARE(back.metadata.diagnosisCodes, r.metadata.diagnosisCodes);
        QCOMPARE(back.metadata.diagnosisTexts.front(), std::string("Sinus rhythm"));
        QCOMPARE(back.annotations.size(), r.annotations.size());
        for (std::size_t i = 0; i < r.annotations.size(); ++i) {
            QCOMPARE(back.annotations[i].sample.value, r.annotations[i].sample.value);
            QCOMPARE(back.annotations[i].symbol, r.annotations[i].symbol);
            QCOMPARE(back.annotations[i].lead.value, r.annotations[i].lead.value);
        }
        QCOMPARE(back.annotations[0].text, std::string("P onset"));
        QCOMPARE(back.annotations[4].text, std::string("T wave"));
        // The medians are told apart, nothing else is odd.
        QCOMPARE(back.warnings.size(), 1U);
        QCOMPARE(warnings(back, WarningCode::SkippedGroup), 1U);
        QFile file(QString::fromStdString(path_.string()));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(file.readAll().contains("Research use only"));
        if (complaints_.contains("-"))
            QSKIP("dciodvfy is not here; all else was tested");
    }

    void asPydicomSeesIt() {
        const auto r = twelveLeads();
        const auto back = roundTrip(r, DicomClass::TwelveLead);
        const auto dump = pydicom("dicom_objects.py", {"dump", QString::fromStdString(path_.string())});
        if (!dump.ran)
            QSKIP("no python3 with pydicom here");
        QVERIFY2(dump.exit == 0, qPrintable(dump.err));
        int line = 0;
        const auto lines = dump.out.split('\n', Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 25);
        QCOMPARE(lines[0], QString("class 1.2.840.10008.5.1.4.1.1.9.1.1"));
        for (const auto* group : {&r, &r.medianBeats[0]})
            for (const auto& lead : group->leads) {
                const auto words = lines[++line].split(' ');
                QCOMPARE(words[1].toDouble(), 500.0);
                QCOMPARE(words[3], QString("uV"));
                QCOMPARE(static_cast<std::size_t>(words.size()), lead.samples.size() + 5);
                for (std::size_t i = 0; i < lead.samples.size(); ++i) {
                    const double value = words[static_cast<qsizetype>(i) + 5].toDouble();
                    if (std::isnan(lead.samples[i]))
                        QCOMPARE(value, -32768 * 2.5);
                    else
                        QVERIFY(std::abs(value - lead.samples[i]) <= 1.25 + 1e-3);
                }
            }
        QCOMPARE(lines[4].split(' ')[2], QString("2:62")); // aVR by CID 3001
    }

    // Fewer leads, other leads, long ones: General; below 200 Hz: Ambulatory.
    void otherClasses() {
        const auto two = made({"MLII", "V5"}, 700, 360, 0);
        auto back = roundTrip(two, DicomClass::General);
        QVERIFY(worst(two, back) <= 0.5 + 1e-4);
        QCOMPARE(back.leads[0].name, std::string("MLII"));
        QVERIFY(back.leads[0].quantum <= 0.1); // no quantum was known: as fine as 16 bits hold
        const auto slow = made(standardLeads(), 1000, 100, 1);
        back = roundTrip(slow, DicomClass::Ambulatory);
        QVERIFY(worst(slow, back) <= 0.5 + 1e-4);
        QVERIFY(back.warnings.empty());
        const auto longer = made(standardLeads(), 16'385, 500, 1);
        back = roundTrip(longer, DicomClass::General);
        QVERIFY(worst(longer, back) <= 0.5 + 1e-4);
        const auto asked = made(standardLeads(), 500, 500, 1);
        back = roundTrip(asked, DicomClass::General, DicomClass::General);
        QVERIFY(worst(asked, back) <= 0.5 + 1e-4);
    }

    // Marks and numbers without a code of the standard keep their own; dciodvfy does not know the scheme and says so.
    void ownCodes() {
        auto r = made({"II"}, 700, 360, 1);
        r.annotations = {{SampleIndex{5}, {}, "+", "(AFIB", "atr"}, {SampleIndex{50}, {}, "/", "", "atr"}};
        r.fileMeasurements = {{"st_v1_uv", 120}};
        const auto back = roundTrip(r, DicomClass::General, DicomClass::ByContent, 10);
        QCOMPARE(back.annotations.size(), 2U);
        QCOMPARE(back.annotations[0].symbol, std::string("+"));
        QCOMPARE(back.annotations[0].text, std::string("(AFIB"));
        QCOMPARE(back.annotations[1].symbol, std::string("/"));
        QCOMPARE(back.fileMeasurements, r.fileMeasurements);
    }

    // 16 bits hold 65535 steps: a baseline keeps the step for one-sided signals, a coarser step is the last resort.
    void largeValues() {
        auto r = made({"I", "II"}, 300, 500, 1);
        for (auto& v : r.leads[0].samples)
            v += 50'000;
        r.leads[1].samples[0] = 900'000;
        const auto back = roundTrip(r, DicomClass::General);
        QVERIFY(worst(r, back) <= 0.5 + 1e-4);
        QCOMPARE(back.leads[0].quantum, 1.0);
        QVERIFY(back.leads[1].quantum > 20 && back.leads[1].quantum < 30);
    }

    void realFile() {
        const auto path = realExample();
        if (!QFile::exists(path))
            QSKIP("no real DICOM ECG here: set PRECORDIA_DATA");
        const auto r = Registry::standard().read(path.toStdString());
        QVERIFY2(r.ok(), failureText(r).c_str());
        const auto back = roundTrip(*r, DicomClass::TwelveLead);
        QCOMPARE(worst(*r, back), 0.0); // the same steps
        QCOMPARE(worst(r->medianBeats.at(0), back.medianBeats.at(0)), 0.0);
        QCOMPARE(back.fileMeasurements, r->fileMeasurements);
        QCOMPARE(back.annotations.size(), r->annotations.size());
        for (std::size_t i = 0; i < back.annotations.size(); ++i)
            QCOMPARE(back.annotations[i].text, r->annotations[i].text);
        QCOMPARE(warnings(back, WarningCode::InvalidIdentifier), 0U);
    }

    void unknownTime() {
        const auto r = made({"I"}, 300, 500, 1);
        const auto back = roundTrip(r, DicomClass::General);
        QCOMPARE(back.metadata.recordedAt, std::string());
        QCOMPARE(notes_.size(), 1U);
    }

    void leftOutIsTold() {
        auto r = twelveLeads();
        r.samplingRate = 100;
        const auto back = roundTrip(r, DicomClass::Ambulatory);
        QVERIFY(back.medianBeats.empty()); // an ambulatory ECG has one group
        QCOMPARE(notes_.size(), 1U);
        QVERIFY(notes_[0].find("MEDIAN BEAT") != std::string::npos);
    }

    void refused() {
        const auto target = folder_.path("no.dcm");
        const auto code = [&](const Recording& r, DicomClass kind = DicomClass::ByContent) {
            const auto written = writeDicom(r, target, kind);
            return written.failed() ? written.error().code : ErrorCode::Bug;
        };
        QCOMPARE(code(Recording{}), ErrorCode::WrongUse);
        QCOMPARE(code(made({"I"}, 100, 2000, 1)), ErrorCode::ValueOutOfRange);
        QCOMPARE(code(made({"I"}, 100, 500, 1), DicomClass::TwelveLead), ErrorCode::WrongUse);
        QVERIFY(!std::filesystem::exists(target));
    }
};

QTEST_APPLESS_MAIN(TestIoDicomWriter)
#include "test_io_dicom_writer.moc"
