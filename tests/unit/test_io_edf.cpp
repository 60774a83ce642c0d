// SPDX-License-Identifier: GPL-3.0-or-later
// EDF and BDF files made by hand: every truth is a number written down here.
#include "core/io/edf_header.h"
#include "core/io/edf_records.h"
#include "core/io/edf_writer.h"
#include "core/io/reader.h"
#include "tests/unit/edf_fixture.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace precordia;
using namespace precordia::test;

namespace {

const float kGap = std::numeric_limits<float>::quiet_NaN();

bool same(const std::vector<float>& a, const std::vector<float>& b) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](float x, float y) {
               return std::abs(x - y) < 1e-3F || (std::isnan(x) && std::isnan(y));
           });
}

// Two leads at 2 Hz, three records, the middle one 10 s late, annotations.
QByteArray discontinuous(EdfFile file = {}) {
    file.reserved = "EDF+D";
    file.records = "3";
    file.signalList = {edfSignal("ECG II"), edfSignal("EKG aVR"), edfTexts(24)};
    return file.header() + words16({10, 20, -10, -20}) + edfLists("+0.5[20][20][0]+0.5[20]Lead off[20][0]", 48) +
           words16({30, 40, -30, -40}) + edfLists("+10.5[20][20][0]+11[21]0.5[20]N[20](AFIB@@ECG II[20][0]", 48) +
           words16({50, 60, -50, -60}) + edfLists("+11.5[20][20][0]", 48);
}

} // namespace

class TestIoEdf : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // A failing disk is no short file.
    void readErrorsAreKept() {
        edf::File file(std::make_unique<FailingAccess>(1000, 500));
        QCOMPARE(file.read(0, 500, false).size(), 500U);
        QVERIFY(file.failure().ok());
        QCOMPARE(file.read(400, 200, false).size(), 0U);
        QCOMPARE(file.failure().error().code, ErrorCode::FileUnreadable);
        QCOMPARE(file.read(0, 10, false).size(), 10U);
        QVERIFY(file.failure().failed());
    }

    void plain() {
        const Folder folder;
        EdfFile file;
        file.patient = "Some Body";
        file.date = "05.04.21";
        file.time = "10.11.12";
        file.records = "2";
        file.seconds = "0.5";
        file.signalList = {edfSignal("Lead I"), edfSignal("V1")};
        file.signalList[1].unit = "mV";
        file.signalList[1].physicalMin = "-3";
        file.signalList[1].physicalMax = "5";
        file.signalList[1].digitalMin = "-2";
        file.signalList[1].digitalMax = "2"; // 2 mV a step, about 1 mV
        file.signalList[0].prefilter = file.signalList[1].prefilter = "HP:0,05Hz LP:150Hz N:50Hz";
        const auto path =
            folder.write("o.bin", file.header() + words16({1000, -1000, 0, 1}) + words16({3, 32766, -1, -2}));
        const auto r = Registry::standard().read(path);
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->metadata.format, std::string("edf"));
        QCOMPARE(r->samplingRate, 4.0);
        QCOMPARE(r->leads[0].name, std::string("I"));
        QVERIFY(same(r->leads[0].samples, {100, -100, 0.3F, 3276.6F}));
        QVERIFY(same(r->leads[1].samples, {1000, 3000, -1000, -3000}));
        QVERIFY(std::abs(r->leads[0].quantum - 0.1) < 1e-9);
        QCOMPARE(r->leads[1].quantum, 2000.0);
        QCOMPARE(r->metadata.recordedAt, std::string("2021-04-05T10:11:12"));
        QCOMPARE(r->metadata.patientId, std::string("Some Body"));
        QCOMPARE(r->metadata.filters.highPassHz.value_or(0), 0.05);
        QCOMPARE(r->metadata.filters.lowPassHz.value_or(0), 150.0);
        QCOMPARE(r->metadata.filters.notchHz.value_or(0), 50.0);
        QCOMPARE(r->samplesPromised, 4);
        QCOMPARE(r->warnings.size(), 0U);
    }

    void twentyFourBits() {
        const Folder folder;
        EdfFile file;
        file.version = "\xFF"
                       "BIOSEMI";
        file.reserved = "24BIT";
        file.signalList = {edfSignal("II", 3)};
        file.signalList[0].physicalMin = "-8388608";
        file.signalList[0].physicalMax = "8388607";
        file.signalList[0].digitalMin = "-8388608";
        file.signalList[0].digitalMax = "8388607";
        const auto r = Registry::standard().read(
            folder.write("o", file.header() + bytes({0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x80, 0x56, 0x34, 0x12})));
        QVERIFY2(r.ok(), failureText(r).c_str());
        QVERIFY(same(r->leads[0].samples, {-1, -8388608, 0x123456}));
    }

    void personAndPlace() {
        const Folder folder;
        EdfFile file;
        file.patient = "MCH-0234567 F 02-MAY-1951 Haagse_Harry extra";
        file.recording = "Startdate 02-MAR-2002 EMG561 BK/JOP Sony._MNC_R1";
        file.date = "02.03.02";
        file.signalList = {edfSignal("II")};
        const auto r = Registry::standard().read(folder.write("o.edf", file.header() + words16({1, 2})));
        QVERIFY(r.ok());
        const auto& m = r->metadata;
        QCOMPARE(m.patientId, std::string("MCH-0234567"));
        QCOMPARE(m.sex, std::string("female"));
        QCOMPARE(m.identity.birthDate, std::string("1951-05-02"));
        QCOMPARE(m.identity.patientName, std::string("Haagse Harry"));
        QCOMPARE(m.identity.operatorName, std::string("BK/JOP"));
        QCOMPARE(m.device, std::string("Sony. MNC R1"));
        QCOMPARE(m.recordedAt, std::string("2002-03-02T00:00:00"));
        QCOMPARE(m.ageYears.value_or(0), 50.0); // two months before the 51st birthday
        QVERIFY(m.comments.empty());
    }

    void gaps() {
        const Folder folder;
        const auto path = folder.write("d.edf", discontinuous());
        const auto r = Registry::standard().read(path);
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->samples(), 24U); // 12 s at 2 Hz
        std::vector<float> ii(24, kGap);
        ii[0] = 1, ii[1] = 2, ii[20] = 3, ii[21] = 4, ii[22] = 5, ii[23] = 6;
        QVERIFY(same(r->leads[0].samples, ii));
        QCOMPARE(warnings(*r, WarningCode::Gap), 1U);
        QCOMPARE(r->leads[1].name, std::string("aVR"));
        QCOMPARE(r->annotations.size(), 3U);
        QCOMPARE(r->annotations[0].text, std::string("Lead off"));
        QCOMPARE(r->annotations[0].sample.value, 0);
        QCOMPARE(r->annotations[1].symbol, std::string("N"));
        QCOMPARE(r->annotations[1].sample.value, 21); // (11 - 0.5) s
        QCOMPARE(r->annotations[1].duration, 0.5);
        QCOMPARE(r->annotations[2].text, std::string("(AFIB"));
        QCOMPARE(r->annotations[2].lead.value, 0);
        // any part of it, the same
        for (const auto& [first, count] : {std::pair{0, 24}, {1, 3}, {19, 3}, {21, 100}, {5, 5}, {30, 4}}) {
            ReadOptions options;
            options.range = SampleRange{first, count};
            const auto part = Registry::standard().read(path, options);
            QVERIFY(part.ok());
            const auto from = std::min<std::size_t>(24, static_cast<std::size_t>(first));
            const auto to = std::min<std::size_t>(24, from + static_cast<std::size_t>(count));
            QCOMPARE(part->firstSample, static_cast<std::int64_t>(from));
            QCOMPARE(part->samplesPromised, 24);
            QVERIFY(same(part->leads[0].samples, {ii.begin() + static_cast<std::ptrdiff_t>(from),
                                                  ii.begin() + static_cast<std::ptrdiff_t>(to)}));
            QCOMPARE(part->annotations.size(), 3U);
        }
    }

    void absurdGap() {
        const Folder folder;
        auto bytes = discontinuous();
        bytes.replace("+11.5", "+9e9\x14"); // 285 years later
        auto r = Registry::standard().read(folder.write("d.edf", bytes));
        QVERIFY(r.failed());
        QCOMPARE(r.error().code, ErrorCode::ValueOutOfRange);
        ReadOptions options; // a part of it is no trouble
        options.range = SampleRange{0, 2};
        r = Registry::standard().read(folder.path("d.edf"), options);
        QVERIFY2(r.ok(), failureText(r).c_str());
        QVERIFY(same(r->leads[0].samples, {1, 2}));
        bytes.replace("+9e9", "x9e9"); // a record that does not know its time
        r = Registry::standard().read(folder.write("d.edf", bytes));
        QVERIFY(r.failed());
        QCOMPARE(r.error().code, ErrorCode::FormatInvalid);
    }

    void severalRates() {
        const Folder folder;
        EdfFile file;
        file.records = "2";
        file.signalList = {edfSignal("Resp", 1), edfSignal("ECG II", 4), edfSignal("EEG Fpz-Cz", 4),
                           edfSignal("ECG I", 4)};
        file.signalList[0].unit = "NU";
        const auto one = [](int k) { return words16({k, k, k, k}); };
        const auto path = folder.write("r.edf", file.header() + words16({7}) + one(1) + one(2) + one(3) + words16({8}) +
                                                    one(4) + one(5) + one(6));
        const auto r = Registry::standard().read(path);
        QVERIFY(r.ok());
        QCOMPARE(r->samplingRate, 4.0);
        QCOMPARE(r->leads.size(), 3U);
        QCOMPARE(r->otherGroups.size(), 1U);
        QCOMPARE(r->otherGroups[0].samplingRate, 1.0);
        QVERIFY(same(r->otherGroups[0].leads[0].samples, {0.7F, 0.8F}));
        QVERIFY(same(r->leads[2].samples, {0.3F, 0.3F, 0.3F, 0.3F, 0.6F, 0.6F, 0.6F, 0.6F}));
        QCOMPARE(warnings(*r, WarningCode::OtherRates), 1U);
        ReadOptions options;
        options.range = SampleRange{4, 4};
        const auto part = Registry::standard().read(path, options);
        QVERIFY(same(part->otherGroups[0].leads[0].samples, {0.8F}));
    }

    // What devices write and the standard does not; each is read with its warning.
    void tolerated_data() {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<int>("code");
        const auto row = [](const char* tag, EdfFile file, WarningCode code, const QByteArray& more = {}) {
            if (file.signalList.empty())
                file.signalList = {edfSignal("II")};
            QTest::newRow(tag) << file.header() + words16({10, 20}) + more << static_cast<int>(code);
        };
        EdfFile file;
        file.records = "-1";
        row("records unknown", file, WarningCode::LengthUnknown);
        file.records = "0";
        row("records never written", file, WarningCode::LengthUnknown);
        file.records = "3";
        row("records missing", file, WarningCode::ShortFile);
        file.records = "1";
        row("records too many", file, WarningCode::LengthContradiction, words16({1, 2}));
        row("rest at the end", file, WarningCode::Repaired, bytes({1}));
        file.seconds = "1,0";
        row("decimal comma", file, WarningCode::Repaired);
        file.seconds = std::string("1\0\0", 3);
        file.headerBytes = "999";
        row("zero bytes, wrong length", file, WarningCode::Repaired);
        file = {};
        file.count = "?";
        row("count by the header's length", file, WarningCode::LengthUnknown);
    }
    void tolerated() {
        QFETCH(QByteArray, file);
        QFETCH(int, code);
        const Folder folder;
        const auto r = Registry::standard().read(folder.write("t.edf", file));
        QVERIFY2(r.ok(), failureText(r).c_str());
        QVERIFY(same(r->leads[0].samples, {1, 2}));
        if (QByteArray(QTest::currentDataTag()) != "count by the header's length")
            QCOMPARE(warnings(*r, static_cast<WarningCode>(code)), 1U);
    }

    void noScale() {
        const Folder folder;
        for (const bool digital : {true, false}) {
            EdfFile file;
            file.signalList = {edfSignal("II")};
            (digital ? file.signalList[0].digitalMax : file.signalList[0].physicalMax) =
                digital ? file.signalList[0].digitalMin : file.signalList[0].physicalMin;
            const auto r = Registry::standard().read(folder.write("n.edf", file.header() + words16({10, 20})));
            QVERIFY(r.ok());
            QVERIFY(same(r->leads[0].samples, {10, 20}));
            QCOMPARE(r->leads[0].unit, std::string());
            QCOMPARE(warnings(*r, WarningCode::GainMissing), 1U);
        }
    }

    void refused_data() {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<int>("code");
        const auto row = [](const char* tag, EdfFile file, ErrorCode code, int cut = 0) {
            if (file.signalList.empty())
                file.signalList = {edfSignal("II")};
            auto all = file.header() + words16({10, 20});
            all.chop(cut);
            QTest::newRow(tag) << all << static_cast<int>(code);
        };
        EdfFile file;
        row("header cut", file, ErrorCode::FileTruncated, 100);
        row("no record", file, ErrorCode::FileTruncated, 2);
        file.seconds = "0";
        row("no duration", file, ErrorCode::FormatInvalid);
        file.seconds = "-1";
        row("negative duration", file, ErrorCode::FormatInvalid);
        file.seconds = "1";
        file.reserved = "EDF+D";
        row("discontinuous without times", file, ErrorCode::FormatInvalid);
        file.reserved.clear();
        file.signalList = {edfSignal("II", -3)};
        row("negative samples", file, ErrorCode::FormatInvalid);
        file.signalList = {edfSignal("II", 0)};
        row("no samples", file, ErrorCode::FormatInvalid);
        file.signalList = {edfTexts(2)};
        row("texts alone", file, ErrorCode::FormatUnsupported);
        file.signalList = {};
        file.count = "300";
        row("more signals than bytes", file, ErrorCode::FileTruncated);
    }
    void refused() {
        QFETCH(QByteArray, file);
        QFETCH(int, code);
        const Folder folder;
        const auto r = Registry::standard().read(folder.write("t.edf", file));
        QVERIFY(r.failed());
        QVERIFY2(static_cast<int>(r.error().code) == code, r.error().text().c_str());
        QVERIFY(!r.error().message.empty() && !r.error().where.empty());
    }

    void rateGiven() {
        const Folder folder;
        EdfFile file;
        file.seconds = "0";
        file.signalList = {edfSignal("II")};
        ReadOptions options;
        options.tableLayout = TableLayout{};
        options.tableLayout->samplingRate = 250;
        const auto r = Registry::standard().read(folder.write("z.edf", file.header() + words16({10, 20})), options);
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->samplingRate, 250.0);
    }

    void otherItem() {
        const Folder folder;
        ReadOptions options;
        options.item = 1;
        const auto r = Registry::standard().read(folder.write("d.edf", discontinuous()), options);
        QVERIFY(r.failed());
        QCOMPARE(r.error().code, ErrorCode::ValueOutOfRange);
    }

    void metadataOnly() {
        const Folder folder;
        ReadOptions options;
        options.metadataOnly = true;
        const auto r = Registry::standard().read(folder.write("d.edf", discontinuous()), options);
        QVERIFY(r.ok());
        QCOMPARE(r->samples(), 0U);
        QCOMPARE(r->samplesPromised, 24);
        QCOMPARE(r->leads.size(), 2U);
    }

    void mutations() {
        const Folder folder;
        Dice dice(5);
        int readable = 0;
        for (int i = 0; i < 600; ++i) {
            const auto r = Registry::standard().read(folder.write("m.edf", mutated(discontinuous(), dice)));
            readable += r.ok() ? 1 : 0;
            if (r.ok())
                for (const auto& lead : r->leads)
                    QCOMPARE(lead.samples.size(), r->samples());
            else
                QVERIFY(!r.error().message.empty() && r.error().code != ErrorCode::Bug);
        }
        QVERIFY(readable > 50);
    }

    void roundTrip_data() {
        QTest::addColumn<double>("rate");
        QTest::addColumn<int>("samples");
        for (const double rate : {100.0, 257.0, 360.0, 500.0, 1000.0, 128.5, 15.5})
            for (const int samples : {1, 997, 5000, 4096})
                QTest::addRow("%g Hz, %d", rate, samples) << rate << samples;
    }
    void roundTrip() {
        QFETCH(double, rate);
        QFETCH(int, samples);
        const Folder folder;
        Dice dice(9);
        Recording original;
        original.samplingRate = rate;
        original.metadata.sex = "female";
        original.metadata.patientId = "SECRET";
        original.metadata.recordedAt = "2020-02-02";
        original.metadata.filters.lowPassHz = 40;
        for (const auto& name : standardLeads()) {
            Lead lead;
            lead.name = name;
            lead.quantum = name == "V1" ? 4.88 : name == "V2" ? 0 : 1;
            for (int i = 0; i < samples; ++i)
                lead.samples.push_back(
                    static_cast<float>(static_cast<double>(dice.below(6000)) - 3000 + (name == "V6" ? 500'000 : 0)));
            if (samples > 10)
                lead.samples[7] = kGap;
            original.leads.push_back(std::move(lead));
        }
        Lead pressure = original.leads[0];
        pressure.name = "ABP";
        pressure.unit = "mmHg";
        pressure.quantum = 0;
        original.leads.push_back(pressure);
        Annotation mark;
        mark.sample = SampleIndex{samples / 2};
        mark.text = "Lead off \xC3\xA9";
        mark.duration = 0.25;
        mark.lead = LeadIndex{6};
        original.annotations = {mark};
        QVERIFY(writeEdf(original, folder.path("w.edf")).ok());
        const auto r = Registry::standard().read(folder.path("w.edf"));
        QVERIFY2(r.ok(), failureText(r).c_str());
        QVERIFY(std::abs(r->samplingRate - rate) < rate * 1e-7);
        QCOMPARE(r->samples(), static_cast<std::size_t>(samples));
        for (std::size_t l = 0; l < original.leads.size(); ++l) {
            QCOMPARE(r->leads[l].name, original.leads[l].name);
            QCOMPARE(r->leads[l].unit, original.leads[l].unit);
            if (original.leads[l].quantum > 0)
                QVERIFY(std::abs(r->leads[l].quantum - original.leads[l].quantum) < 1e-5);
            for (std::size_t i = 0; i < r->samples(); ++i) {
                const float a = original.leads[l].samples[i], b = r->leads[l].samples[i];
                QVERIFY(std::isnan(a) ? std::isnan(b) : std::abs(a - b) <= r->leads[l].quantum / 2 * 1.001 + 0.02);
            }
        }
        QCOMPARE(r->annotations.size(), 1U);
        QCOMPARE(r->annotations[0].text, mark.text);
        QCOMPARE(r->annotations[0].duration, 0.25);
        QCOMPARE(r->annotations[0].lead, mark.lead);
        QCOMPARE(r->annotations[0].sample, mark.sample);
        QCOMPARE(r->metadata.sex, std::string("female"));
        QVERIFY(r->metadata.patientId.empty() && r->metadata.recordedAt.empty());
        QCOMPARE(r->metadata.filters.lowPassHz.value_or(0), 40.0);
        QCOMPARE(warnings(*r, WarningCode::Repaired), 0U);
    }

    void writerRefuses() {
        const Folder folder;
        QCOMPARE(writeEdf(Recording{}, folder.path("w.edf")).error().code, ErrorCode::WrongUse);
        Recording r;
        r.leads.resize(1);
        r.leads[0].samples = {1, 2};
        QCOMPARE(writeEdf(r, folder.path("w.edf")).error().code, ErrorCode::WrongUse);
        r.samplingRate = 500;
        r.leads[0].samples = {1e12F, 0};
        QCOMPARE(writeEdf(r, folder.path("w.edf")).error().code, ErrorCode::ValueOutOfRange);
        QVERIFY(!QFile::exists(QString::fromStdString(folder.path("w.edf").string())));
    }

    void prefilters() {
        QCOMPARE(edf::filtersOf("HP:DC LP:0.1kHz").lowPassHz.value_or(0), 100.0);
        QVERIFY(!edf::filtersOf("HP:DC").highPassHz);
        QCOMPARE(edf::filtersOf("Highpass = 0.5 Hz, notch: 60").notchHz.value_or(0), 60.0);
        QVERIFY(!edf::filtersOf("none").notchHz);
        QVERIFY(!edf::filtersOf("BESSEL 3").highPassHz);
    }
};

QTEST_APPLESS_MAIN(TestIoEdf)
#include "test_io_edf.moc"
