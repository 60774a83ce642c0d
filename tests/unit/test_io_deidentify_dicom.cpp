// SPDX-License-Identifier: GPL-3.0-or-later
// PS3.15, E on objects of pydicom's with a marker in every text, name, date and UID of DICOM's dictionary.
#include "core/io/deidentify.h"
#include "core/io/dicom_writer.h"
#include "core/io/reader.h"
#include "core/study/pseudonym.h"
#include "tests/unit/dicom_oracle.h"
#include "tests/unit/io_fixture.h"

#include <QRegularExpression>
#include <QTest>

#include <algorithm>
#include <chrono>

using namespace precordia;
using namespace precordia::test;

namespace {

QByteArray contents(const std::filesystem::path& path) {
    QFile file(QString::fromStdString(path.string()));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

std::int64_t days(const std::string& iso) {
    using namespace std::chrono;
    return sys_days(year_month_day(year(std::stoi(iso.substr(0, 4))),
                                   month(static_cast<unsigned>(std::stoi(iso.substr(5, 2)))),
                                   day(static_cast<unsigned>(std::stoi(iso.substr(8, 2))))))
        .time_since_epoch()
        .count();
}

bool sameSamples(const Recording& a, const Recording& b) {
    return std::equal(a.leads.begin(), a.leads.end(), b.leads.begin(), b.leads.end(), [](const Lead& x, const Lead& y) {
        return x.name == y.name && x.samples == y.samples && x.quantum == y.quantum;
    });
}

} // namespace

class TestIoDeidentifyDicom : public QObject {
    Q_OBJECT

private:
    Result<DeidentifyReport> clean(const std::string& in, const std::string& out) const {
        const PseudonymMap map(*keys_);
        return deidentify(folder_.path(in), folder_.path(out), map);
    }

    Folder folder_;
    std::optional<Pseudonyms> keys_;

private Q_SLOTS:
    void initTestCase() {
        auto loaded = Pseudonyms::load(folder_.path("key"));
        QVERIFY2(loaded.ok(), failureText(loaded).c_str());
        keys_ = *loaded;
    }

    void nothingPlantedIsLeft() {
        const auto path = folder_.path("planted.dcm");
        const auto made = pydicom("dicom_planted.py", {QString::fromStdString(path.string())});
        if (!made.ran)
            QSKIP("no python3 with pydicom here");
        QVERIFY2(made.exit == 0, qPrintable(made.err));
        QVERIFY(made.out.toInt() > 10'000);
        const auto before = contents(path);
        const QRegularExpression marks(
            "ZQ[0-9A-Z]{2}|1\\.2\\.3\\.(4|999)\\.|20190613|19400715|20200229|010203|077Y|093Y");
        QVERIFY(QString::fromLatin1(before).count(marks) > 10'000);

        const auto report = clean("planted.dcm", "clean.dcm");
        QVERIFY2(report.ok(), failureText(report).c_str());
        QCOMPARE(report->written, (std::vector{folder_.path("clean.dcm")}));
        QVERIFY(std::find(report->removed.begin(), report->removed.end(), "PatientName") != report->removed.end());
        QVERIFY(std::find(report->removed.begin(), report->removed.end(), "UnformattedTextValue") !=
                report->removed.end());
        QVERIFY(std::none_of(report->removed.begin(), report->removed.end(),
                             [](const std::string& name) { return name.find("ZQ") != std::string::npos; }));
        const auto after = QString::fromLatin1(contents(folder_.path("clean.dcm")));
        auto left = marks.globalMatch(after);
        QStringList leaks;
        while (left.hasNext())
            leaks << left.next().captured();
        QVERIFY2(leaks.isEmpty(), qPrintable(leaks.join(' ')));

        const auto a = Registry::standard().read(path);
        const auto b = Registry::standard().read(folder_.path("clean.dcm"));
        QVERIFY2(a.ok() && b.ok(), (failureText(a) + failureText(b)).c_str());
        QVERIFY(sameSamples(*a, *b));
        QVERIFY(sameSamples(a->medianBeats[0], b->medianBeats[0]));
        QByteArray raw; // and in the bytes: ramp(5000, 2) % 1000
        for (int i = 0; i < 10'000; ++i)
            raw += words16({((i - 50) % 1000 + 1000) % 1000});
        QVERIFY(before.contains(raw) && contents(folder_.path("clean.dcm")).contains(raw));

        QCOMPARE(b->fileMeasurements, (Measurements{{"pr_ms", 160}}));
        QCOMPARE(b->annotations.size(), 1U);
        QCOMPARE(b->annotations[0].sample.value, 99);
        QVERIFY(b->metadata.diagnosisTexts.empty());
        QCOMPARE(b->metadata.sex, std::string("female"));
        QCOMPARE(b->metadata.ageYears.value_or(0), 90.0);
        QVERIFY(b->metadata.patientId.starts_with("P"));
        QCOMPARE(b->metadata.identity.patientName, b->metadata.patientId);
        QVERIFY(b->metadata.identity.birthDate.empty() && b->metadata.identity.institution.empty());
        QCOMPARE(warnings(*b, WarningCode::InvalidIdentifier), 0U);

        const auto complained = complaints(QString::fromStdString(folder_.path("clean.dcm").string()));
        for (const auto& line : complained)
            QVERIFY2(!line.startsWith("Error"), qPrintable(line));
    }

    // The same key maps the same UID and patient alike; dates keep their distances and times of day.
    void consistent() {
        const auto made = pydicom("dicom_objects.py", {"all", QString::fromStdString(folder_.path("").string())});
        if (!made.ran)
            QSKIP("no python3 with pydicom here");
        QVERIFY(clean("annotated.dcm", "c1.dcm").ok());
        QVERIFY(clean("annotated.dcm", "c2.dcm").ok());
        QVERIFY(clean("big.dcm", "c3.dcm").ok());
        QCOMPARE(contents(folder_.path("c1.dcm")), contents(folder_.path("c2.dcm")));
        const auto a = Registry::standard().read(folder_.path("annotated.dcm"));
        const auto c1 = Registry::standard().read(folder_.path("c1.dcm"));
        const auto c3 = Registry::standard().read(folder_.path("c3.dcm"));
        QVERIFY2(c1.ok() && c3.ok(), (failureText(c1) + failureText(c3)).c_str());
        QCOMPARE(c1->metadata.patientId, c3->metadata.patientId);
        const auto moved = days(c1->metadata.recordedAt) - days(a->metadata.recordedAt);
        QCOMPARE(static_cast<int>(moved), keys_->dateShiftDays("", "T-1"));
        QCOMPARE(c1->metadata.recordedAt.substr(10), a->metadata.recordedAt.substr(10));
        QCOMPARE(c1->metadata.recordedAt, c3->metadata.recordedAt);
        const auto study = QByteArray::fromStdString(keys_->uid("1.2.3.4.6"));
        QVERIFY(contents(folder_.path("c1.dcm")).contains(study));
        QVERIFY(contents(folder_.path("c3.dcm")).contains(study));
        // The file meta information names the same instance.
        QCOMPARE(contents(folder_.path("c1.dcm")).count(QByteArray::fromStdString(keys_->uid("1.2.3.4.5"))), 2);
        // Coded and numeric annotations stay, words go.
        QCOMPARE(c1->fileMeasurements, a->fileMeasurements);
        QVERIFY(c1->metadata.diagnosisTexts.size() == 1 && c1->metadata.diagnosisCodes == a->metadata.diagnosisCodes);
        QCOMPARE(c1->annotations.size(), a->annotations.size() - 1);
        QVERIFY(sameSamples(*a, *c1));
        const auto big = Registry::standard().read(folder_.path("big.dcm"));
        QVERIFY(sameSamples(*big, *c3)); // the other byte order, the same samples
        const auto manufacturer = contents(folder_.path("c1.dcm"));
        QVERIFY(manufacturer.contains("Schiller") && !manufacturer.contains("Schiller AG"));
    }

    // What we write is clean before and after.
    void ofOurOwn() {
        Recording r;
        r.samplingRate = 500;
        for (const auto& name : standardLeads()) {
            Lead lead;
            lead.name = name;
            lead.quantum = 1;
            lead.samples.assign(1000, 0);
            for (std::size_t i = 0; i < 1000; ++i)
                lead.samples[i] = static_cast<float>(i % 300);
            r.leads.push_back(lead);
        }
        r.metadata.patientId = "Secret-1";
        r.metadata.identity.patientName = "Secret^Name";
        r.metadata.identity.institution = "Secret place";
        r.metadata.diagnosisTexts = {"Secret finding"};
        r.metadata.recordedAt = "2021-05-06T07:08:09";
        r.metadata.ageYears = 95;
        r.fileMeasurements = {{"heart_rate_bpm", 60}};
        r.annotations = {{SampleIndex{100}, {}, "N", "", "atr"},
                         {SampleIndex{200}, {}, "+", "(AFIB", "atr"},
                         {SampleIndex{300}, {}, "\"", "Secret note", "atr"}};
        QVERIFY(writeDicom(r, folder_.path("own.dcm")).ok());
        QVERIFY(contents(folder_.path("own.dcm")).contains("Secret"));
        const auto report = clean("own.dcm", "own-clean.dcm");
        QVERIFY2(report.ok(), failureText(report).c_str());
        QVERIFY(!contents(folder_.path("own-clean.dcm")).contains("Secret"));
        QVERIFY(!contents(folder_.path("own-clean.dcm")).contains("20210506"));
        const auto back = Registry::standard().read(folder_.path("own-clean.dcm"));
        QVERIFY(sameSamples(r, *back));
        QCOMPARE(back->metadata.ageYears.value_or(0), 90.0);
        QCOMPARE(back->fileMeasurements, r.fileMeasurements);
        QCOMPARE(back->annotations.size(), 3U);
        QCOMPARE(back->annotations[1].text, std::string("(AFIB"));
        QCOMPARE(back->annotations[2].text, std::string());
        for (const auto& line : complaints(QString::fromStdString(folder_.path("own-clean.dcm").string())))
            QVERIFY2(!line.startsWith("Error"), qPrintable(line));
    }

    // A kind of samples that nobody reads is not made one that somebody does. After ofOurOwn().
    void unknownSamples() {
        auto bytes = contents(folder_.path("own.dcm"));
        const QByteArray kind("\x00\x54\x06\x10"
                              "CS\x02\x00SS",
                              10);
        QCOMPARE(bytes.count(kind), 1);
        bytes.replace(kind, QByteArray("\x00\x54\x06\x10"
                                       "CS\x02\x00xy",
                                       10));
        folder_.write("odd.dcm", bytes);
        const auto a = Registry::standard().read(folder_.path("odd.dcm"));
        QVERIFY(a.failed());
        QVERIFY(clean("odd.dcm", "odd-clean.dcm").ok());
        const auto b = Registry::standard().read(folder_.path("odd-clean.dcm"));
        QVERIFY(b.failed());
        QCOMPARE(b.error().code, a.error().code);
        QVERIFY(!contents(folder_.path("odd-clean.dcm")).contains("xy"));
    }

    void realFile() {
        const auto path = realExample();
        if (!QFile::exists(path))
            QSKIP("no real DICOM ECG here: set PRECORDIA_DATA");
        const auto out = folder_.path("real-clean.dcm");
        const auto report = deidentify(path.toStdString(), out, PseudonymMap(*keys_));
        QVERIFY2(report.ok(), failureText(report).c_str());
        const auto a = Registry::standard().read(path.toStdString());
        const auto b = Registry::standard().read(out);
        QVERIFY2(b.ok(), failureText(b).c_str());
        QVERIFY(sameSamples(*a, *b));
        QVERIFY(sameSamples(a->medianBeats.at(0), b->medianBeats.at(0)));
        QCOMPARE(b->fileMeasurements, a->fileMeasurements);
        QCOMPARE(b->annotations.size(), a->annotations.size());
        QCOMPARE(warnings(*b, WarningCode::InvalidIdentifier), 0U); // the file's own UIDs break the rules
        const auto bytes = contents(out);
        for (const auto& secret : {a->metadata.patientId, a->metadata.identity.patientName, a->metadata.device})
            QVERIFY(!secret.empty() && !bytes.contains(QByteArray::fromStdString(secret)));
    }

    void refused() {
        folder_.write("t.dcm", QByteArray(128, '\0') + "DICM" +
                                   "\x02\x00\x10\x00UI\x12\x00"
                                   "1.2.840.10008.1.2\0");
        const auto none = clean("t.dcm", "t2.dcm");
        QVERIFY(none.failed());
        QVERIFY(!std::filesystem::exists(folder_.path("t2.dcm")));
        QVERIFY(clean("own.dcm", "own-clean.dcm").failed()); // is there already
        QCOMPARE(clean("own.dcm", "own-clean.dcm").error().code, ErrorCode::AlreadyExists);
    }
};

QTEST_APPLESS_MAIN(TestIoDeidentifyDicom)
#include "test_io_deidentify_dicom.moc"
