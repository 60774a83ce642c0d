// SPDX-License-Identifier: GPL-3.0-or-later
// GE MUSE files put together by hand; Base64 is Qt's, the CRC zlib's through Python, values are worked out beside them.
#include "core/io/muse_reader.h"
#include "tests/unit/xml_fixture.h"

#include <QTest>

#include <cmath>
#include <map>

using namespace precordia;
using namespace precordia::test;

namespace {

QByteArray tag(const QByteArray& name, const QByteArray& text) {
    return "<" + name + ">" + text + "</" + name + ">";
}

using Fields = std::map<QByteArray, QByteArray>;

// A LeadData element with what MUSE writes, fields replaced (or left out where empty).
QByteArray lead(const QByteArray& id, const std::vector<int>& samples, const Fields& fields = {}) {
    const auto data = words16(samples);
    Fields all{{"LeadByteCountTotal", QByteArray::number(data.size())},
               {"LeadTimeOffset", "0"},
               {"LeadSampleCountTotal", QByteArray::number(samples.size())},
               {"LeadAmplitudeUnitsPerBit", "4.88"},
               {"LeadAmplitudeUnits", "MICROVOLTS"},
               {"LeadHighLimit", "32767"},
               {"LeadLowLimit", "-32768"},
               {"LeadID", id},
               {"LeadOffsetFirstSample", "0"},
               {"LeadSampleSize", "2"},
               {"LeadOff", "FALSE"},
               {"WaveFormData", "\n" + data.toBase64() + "\n"}};
    for (const auto& [name, value] : fields)
        all[name] = value;
    QByteArray out;
    for (const auto& [name, value] : all)
        if (!value.isEmpty())
            out += tag(name, value);
    return tag("LeadData", out);
}

QByteArray waveform(const QByteArray& type, const QByteArray& leads, const QByteArray& base = "500",
                    const QByteArray& exponent = "0", const QByteArray& count = {}) {
    return tag("Waveform",
               tag("WaveformType", type) +
                   tag("NumberofLeads", count.isEmpty() ? QByteArray::number(leads.count("<LeadData>")) : count) +
                   tag("SampleType", "CONTINUOUS_SAMPLES") + tag("SampleBase", base) + tag("SampleExponent", exponent) +
                   tag("HighPassFilter", "16") + tag("LowPassFilter", "150") + tag("ACFilter", "NONE") + leads);
}

QByteArray document(const QByteArray& inner) {
    return "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<!DOCTYPE RestingECG SYSTEM \"restecg.dtd\">\n" +
           tag("RestingECG", inner);
}

Result<Recording> read(const QByteArray& file, const ReadOptions& options = {}) {
    const Folder folder;
    return Registry::standard().read(folder.write("m.xml", file), options);
}

std::vector<int> ramp(int from, int step, int count) {
    std::vector<int> out;
    for (int i = 0; i < count; ++i)
        out.push_back(from + step * i);
    return out;
}

QByteArray eight(int count) {
    QByteArray out;
    int from = 0;
    for (const auto* id : {"I", "II", "V1", "V2", "V3", "V4", "V5", "V6"})
        out += lead(id, ramp(from += 10, 1, count));
    return out;
}

QByteArray whole() {
    const auto statement = [](const QByteArray& text, bool end) {
        return tag("DiagnosisStatement", (end ? tag("StmtFlag", "ENDSLINE") : QByteArray()) + tag("StmtText", text));
    };
    return document(
        tag("MuseInfo", tag("MuseVersion", "9.0.7.17363")) +
        tag("PatientDemographics", tag("PatientID", "A-77") + tag("PatientAge", "94") + tag("AgeUnits", "YEARS") +
                                       tag("DateofBirth", "12-31-1925") + tag("Gender", "FEMALE") + tag("Race", "X") +
                                       tag("PatientLastName", "M\xFCller") + tag("PatientFirstName", "Eva")) +
        tag("TestDemographics", tag("DataType", "RESTING") + tag("SiteName", "Site A") +
                                    tag("AcquisitionDevice", "MAC55") + tag("AcquisitionTime", "10:20:30") +
                                    tag("AcquisitionDate", "03-04-2020") + tag("AcquisitionTechLastName", "Tech") +
                                    tag("ReferringMDLastName", "House")) +
        tag("RestingECGMeasurements", tag("VentricularRate", "61") + tag("PRInterval", "0") + tag("QRSDuration", "96") +
                                          tag("QTInterval", "400") + tag("QTCorrected", "403") + tag("PAxis", "0") +
                                          tag("RAxis", "-20") + tag("TAxis", "40") + tag("POnset", "5") +
                                          tag("QOffset", "30") + tag("ECGSampleBase", "500") +
                                          tag("ECGSampleExponent", "0") + tag("QTcFrederica", "401")) +
        tag("Diagnosis", tag("Modality", "RESTING") + statement("Sinus", false) + statement("rhythm", true) +
                             statement("Abnormal ECG", true)) +
        tag("OriginalDiagnosis", statement("Other words", true)) + tag("MeasurementMatrix", "QUJD") +
        tag("QRSTimesTypes", tag("QRS", tag("Number", "1") + tag("Type", "0") + tag("Time", "20")) +
                                 tag("QRS", tag("Number", "2") + tag("Type", "1") + tag("Time", "60")) +
                                 tag("QRS", tag("Number", "3") + tag("Type", "0") + tag("Time", "90000")) +
                                 tag("GlobalRR", "984")) +
        waveform("Median", eight(40)) +
        waveform("Rhythm",
                 eight(50) + tag("PaceSpikes", tag("PaceType", "VENTRICULAR") + tag("IndexOffsets", "7 21"))) +
        tag("PharmaData", tag("PharmaUniqueECGID", "SKJ1")));
}

} // namespace

class TestIoMuse : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // I = 10, 11 ...; II = 20, 21 ... steps of 4.88 uV; III = II - I = 48.8 uV, aVR = -(I + II) / 2 = -73.2 uV,
    // aVL = I - II / 2 = 0, aVF = II - I / 2 = 73.2 uV
    void wholeFile() {
        const auto r = read(whole());
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->metadata.format, std::string("muse-xml"));
        QCOMPARE(r->samplingRate, 500.0);
        QCOMPARE(r->samples(), 50U);
        QCOMPARE(r->samplesPromised, 50);
        QCOMPARE(r->leads.size(), 12U);
        const auto value = [&](const char* name) {
            const auto& found = r->leads[static_cast<std::size_t>(r->find(name).value)];
            return std::pair(std::round(found.samples[0] * 100) / 100, found.derived);
        };
        QCOMPARE(value("I"), std::pair(48.8F, false));
        QCOMPARE(value("V6"), std::pair(390.4F, false));
        QCOMPARE(value("III"), std::pair(48.8F, true));
        QCOMPARE(value("aVR"), std::pair(-73.2F, true));
        QCOMPARE(value("aVL"), std::pair(0.F, true));
        QCOMPARE(value("aVF"), std::pair(73.2F, true));
        QCOMPARE(r->medianBeats.size(), 1U);
        QCOMPARE(r->medianBeats[0].samples(), 40U);
        QCOMPARE(r->medianBeats[0].leads.size(), 12U);
        QCOMPARE(warnings(*r, WarningCode::ReconstructedLeads), 1U);
        QCOMPARE(warnings(*r, WarningCode::SkippedGroup), 1U);
        QCOMPARE(warnings(*r, WarningCode::Annotation), 1U); // the QRS at 90 s
        QCOMPARE(r->warnings.size(), 3U);
        QCOMPARE(r->metadata.filters.highPassHz.value_or(0), 0.16); // hundredths of a hertz
        QCOMPARE(r->metadata.filters.lowPassHz.value_or(0), 150.0);
        QVERIFY(!r->metadata.filters.notchHz);
    }

    void whatItSays() {
        const auto r = read(whole());
        QVERIFY(r.ok());
        QCOMPARE(r->metadata.patientId, std::string("A-77"));
        QCOMPARE(r->metadata.identity.patientName, std::string("Eva M\xC3\xBCller"));
        QCOMPARE(r->metadata.identity.birthDate, std::string("1925-12-31"));
        QCOMPARE(r->metadata.identity.institution, std::string("Site A"));
        QCOMPARE(r->metadata.identity.operatorName, std::string("Tech"));
        QCOMPARE(r->metadata.identity.physician, std::string("House"));
        QCOMPARE(r->metadata.ageYears.value_or(0), 94.0);
        QCOMPARE(r->metadata.sex, std::string("female"));
        QCOMPARE(r->metadata.recordedAt, std::string("2020-03-04T10:20:30"));
        QCOMPARE(r->metadata.device, std::string("MAC55"));
        QCOMPARE(r->metadata.diagnosisTexts, (std::vector<std::string>{"Sinus rhythm", "Abnormal ECG"}));
        // a PR of 0 was not measured, an axis of 0 was
        QCOMPARE(r->fileMeasurements, (Measurements{{"heart_rate_bpm", 61},
                                                    {"qrs_ms", 96},
                                                    {"qt_ms", 400},
                                                    {"qtc_ms", 403},
                                                    {"p_axis_deg", 0},
                                                    {"qrs_axis_deg", -20},
                                                    {"t_axis_deg", 40},
                                                    {"rr_ms", 984},
                                                    {"qtc_fridericia_ms", 401}}));
        QCOMPARE(r->annotations.size(), 4U);
        QCOMPARE(r->annotations[0].symbol, std::string("N"));
        QCOMPARE(r->annotations[0].sample.value, 10); // 20 ms at 500 Hz
        QCOMPARE(r->annotations[1].symbol, std::string("Q"));
        QCOMPARE(r->annotations[1].text, std::string("type 1"));
        QCOMPARE(r->annotations[3].symbol, std::string("^"));
        QCOMPARE(r->annotations[3].sample.value, 21);
        QCOMPARE(r->medianBeats[0].annotations.size(), 2U);
        QCOMPARE(r->medianBeats[0].annotations[0].sample.value, 5);
    }

    void dates_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("iso");
        QTest::newRow("month first") << "07-15-2019"
                                     << "2019-07-15";
        QTest::newRow("slashes") << "7/5/2019"
                                 << "2019-07-05";
        QTest::newRow("day first, by its number") << "15-07-2019"
                                                  << "2019-07-15";
        QTest::newRow("month by name") << "15-JUL-2019"
                                       << "2019-07-15";
        QTest::newRow("ISO") << "2019-07-15"
                             << "2019-07-15";
        QTest::newRow("none") << "soon"
                              << "";
        QTest::newRow("two parts") << "07-2019"
                                   << "";
        QTest::newRow("year of two digits") << "07-15-19"
                                            << "";
    }
    void dates() {
        QFETCH(QString, text);
        QFETCH(QString, iso);
        QCOMPARE(QString::fromStdString(museDate(text.toStdString())), iso);
    }

    void ratesAndUnits() {
        const auto r = read(document(waveform(
            "Rhythm",
            lead("V1", {1, -1}, {{"LeadAmplitudeUnitsPerBit", "0,005"}, {"LeadAmplitudeUnits", "MILLIVOLTS"}}) +
                lead("V2", {2, 2}, {{"LeadAmplitudeUnitsPerBit", ""}, {"LeadAmplitudeUnits", ""}}) +
                lead("V3", {3, 3}, {{"LeadAmplitudeUnits", "FURLONGS"}}),
            "25", "1")));
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->samplingRate, 250.0); // 25 x 10^1
        QCOMPARE(r->leads[0].samples, (std::vector<float>{5, -5}));
        QCOMPARE(r->leads[1].samples[0], 9.76F);
        QCOMPARE(r->leads[2].unit, std::string("FURLONGS"));
        QCOMPARE(warnings(*r, WarningCode::GainMissing), 1U);
        QCOMPARE(warnings(*r, WarningCode::UnknownUnit), 1U);
        QVERIFY(!r->find("III").valid()); // nothing to derive it from
    }

    void sampleSizes() {
        const auto r =
            read(document(waveform("Rhythm", lead("V1", {},
                                                  {{"LeadSampleSize", "1"},
                                                   {"LeadByteCountTotal", "3"},
                                                   {"LeadSampleCountTotal", "3"},
                                                   {"WaveFormData", bytes({1, 0xFF, 0x80}).toBase64()},
                                                   {"LeadAmplitudeUnitsPerBit", "1"}}) +
                                                 lead("V2", {},
                                                      {{"LeadSampleSize", "4"},
                                                       {"LeadByteCountTotal", "12"},
                                                       {"LeadSampleCountTotal", "3"},
                                                       {"WaveFormData", words32({1, -70000, 70000}).toBase64()},
                                                       {"LeadAmplitudeUnitsPerBit", "1"}}))));
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->leads[0].samples, (std::vector<float>{1, -1, -128}));
        QCOMPARE(r->leads[1].samples, (std::vector<float>{1, -70000, 70000}));
        QVERIFY(r->warnings.empty());
    }

    void offsets() {
        const auto r = read(document(
            waveform("Rhythm", lead("V1", ramp(0, 1, 10)) + lead("V2", ramp(0, 1, 7), {{"LeadTimeOffset", "6"}}) +
                                   lead("V3", ramp(0, 1, 8), {{"LeadOffsetFirstSample", "2"}}))));
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->samples(), 10U);
        QVERIFY(std::isnan(r->leads[1].samples[2]) && r->leads[1].samples[3] == 0); // 6 ms at 500 Hz are 3 samples
        QVERIFY(std::isnan(r->leads[2].samples[1]) && r->leads[2].samples[2] == 0);
        QCOMPARE(warnings(*r, WarningCode::Skew), 2U);
        const auto far =
            read(document(waveform("Rhythm", lead("V1", {1, 2}, {{"LeadOffsetFirstSample", "2000000000"}}))));
        QVERIFY(far.ok());
        QCOMPARE(far->samples(), 2U);
        QCOMPARE(warnings(*far, WarningCode::Skew), 1U);
    }

    // 1, -2, 300, -32768: zlib.crc32 says 1256888707
    void checksums() {
        const std::vector<int> samples{1, -2, 300, -32768};
        const auto good = read(document(waveform("Rhythm", lead("V1", samples, {{"LeadDataCRC32", "1256888707"}}))));
        QVERIFY(good.ok() && good->warnings.empty());
        const auto bad = read(document(waveform("Rhythm", lead("V1", samples, {{"LeadDataCRC32", "12345"}}))));
        QCOMPARE(warnings(*bad, WarningCode::Checksum), 1U);
    }

    void lengths() {
        const auto r =
            read(document(waveform("Rhythm",
                                   lead("V1", {1, 2, 3}, {{"LeadSampleCountTotal", "5"}}) +
                                       lead("V2", {1, 2, 3}, {{"LeadSampleCountTotal", "2"}}) +
                                       lead("V3", {1, 2, 3}, {{"LeadByteCountTotal", "8"}}) + lead("V4", {1, 2}),
                                   "500", "0", "6")));
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(warnings(*r, WarningCode::ShortFile), 1U);
        QCOMPARE(warnings(*r, WarningCode::LengthContradiction), 3U); // V2, V3, and V4 that is shorter than the others
        QCOMPARE(warnings(*r, WarningCode::MissingLead), 1U);
        QCOMPARE(r->samplesPromised, 5);
        QVERIFY(std::isnan(r->leads[3].samples[2]));
    }

    void ratesThatContradict() {
        const auto measured =
            tag("RestingECGMeasurements", tag("ECGSampleBase", "250") + tag("ECGSampleExponent", "0"));
        QCOMPARE(warnings(*read(document(measured + waveform("Rhythm", lead("V1", {1, 2})))),
                          WarningCode::RateContradiction),
                 1U);
        QCOMPARE(warnings(*read(document(measured + waveform("Median", lead("V1", {1}), "250") +
                                         waveform("Rhythm", lead("V1", {1, 2})))),
                          WarningCode::RateContradiction),
                 0U);
    }

    void clippedSamples() {
        const std::vector<int> flat{100, 2047, 2047, 2047, 2047, 5};
        const auto r = read(document(waveform(
            "Rhythm", lead("V1", flat, {{"LeadHighLimit", "2047"}, {"LeadLowLimit", "-2048"}}) +
                          lead("V2", flat, {{"LeadHighLimit", "2147483647"}, {"LeadLowLimit", "268435456"}}))));
        QCOMPARE(warnings(*r, WarningCode::ClippedSamples), 1U);
        QCOMPARE(r->warnings[0].where, std::string("lead V1"));
    }

    void oneBrokenLeadIsNotAll() {
        const auto r =
            read(document(waveform("Rhythm", lead("V1", {1, 2}) + lead("V2", {1, 2}, {{"WaveFormData", "AAA"}}))));
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->leads.size(), 1U);
        QCOMPARE(warnings(*r, WarningCode::MissingLead), 1U);
    }

    void twoRhythms() {
        const auto r =
            read(document(waveform("Rhythm", lead("V1", {1, 2})) + waveform("Rhythm", lead("V1", {1, 2, 3}))));
        QCOMPARE(r->samples(), 3U);
        QCOMPARE(r->otherGroups.size(), 1U);
        const auto median = read(document(waveform("Median", lead("V1", {1, 2}))));
        QVERIFY(median.ok() && median->medianBeats.empty()); // all there is
    }

    void errors_data() {
        QTest::addColumn<QByteArray>("file");
        QTest::newRow("no waveform") << document(tag("MuseInfo", "x"));
        QTest::newRow("no leads") << document(waveform("Rhythm", {}));
        QTest::newRow("no rate") << document(waveform("Rhythm", lead("V1", {1}), ""));
        QTest::newRow("rate 0") << document(waveform("Rhythm", lead("V1", {1}), "0"));
        QTest::newRow("exponent beyond") << document(waveform("Rhythm", lead("V1", {1}), "500", "99"));
        QTest::newRow("no data") << document(waveform("Rhythm", lead("V1", {1}, {{"WaveFormData", ""}})));
        QTest::newRow("no Base64") << document(waveform("Rhythm", lead("V1", {1}, {{"WaveFormData", "*"}})));
        QTest::newRow("samples of 3 bytes") << document(waveform("Rhythm", lead("V1", {1}, {{"LeadSampleSize", "3"}})));
        QTest::newRow("one long among short")
            << document(waveform("Rhythm", lead("V1", std::vector<int>(20'000, 1)) + lead("V2", {1}).repeated(100)));
        QTest::newRow("cut") << whole().left(4000);
    }
    void errors() {
        QFETCH(QByteArray, file);
        const auto r = read(file);
        QVERIFY(r.failed());
        QCOMPARE(r.error().code, ErrorCode::FormatInvalid);
        QVERIFY2(r.error().where.find("m.xml") != std::string::npos, r.error().text().c_str());
    }

    void metadataOnly() {
        const auto r = read(whole(), test::metadataOnly());
        QVERIFY(r.ok());
        QCOMPARE(r->leads.size(), 12U);
        QCOMPARE(r->samplesPromised, 50);
        QVERIFY(r->leads[0].samples.empty());
    }

    void mutations() {
        Dice dice(11);
        const auto file = whole();
        for (int i = 0; i < 1000; ++i)
            if (const auto r = fromMemory(readMuse, mutated(file, dice)); r.ok())
                for (const auto& lead : r->leads)
                    QCOMPARE(lead.samples.size(), r->samples());
    }

    static std::set<std::string> structural(const QByteArray& file) {
        std::set<std::string> kept{"Rhythm", "Median", "MICROVOLTS"};
        for (const auto& name : standardLeads())
            kept.insert(name);
        const auto parts = file.split('<');
        for (const auto& part : parts)
            if (part.startsWith("WaveFormData>"))
                kept.insert(QString::fromUtf8(part.mid(13)).simplified().toStdString());
        return kept;
    }

    void deidentified() {
        QCOMPARE(leaks(whole(), structural(whole()), 30), std::string());
        const Folder folder;
        const auto in = folder.write("a.xml", whole());
        const auto report = deidentify(in, folder.path("b.xml"), FixedIdentities());
        QVERIFY2(report.ok(), failureText(report).c_str());
        const auto r = Registry::standard().read(folder.path("b.xml"));
        QVERIFY2(r.ok(), failureText(r).c_str());
        QVERIFY(sameSignals(*Registry::standard().read(in), *r));
        QCOMPARE(r->metadata.patientId, std::string("P0123456789ab"));
        QCOMPARE(r->metadata.ageYears.value_or(0), 90.0);
        QCOMPARE(r->metadata.recordedAt, std::string("2019-11-25T10:20:30")); // 4 March 2020 less a hundred days
        QVERIFY(r->metadata.identity.birthDate.empty() && r->metadata.identity.institution.empty());
        QVERIFY(r->metadata.diagnosisTexts.empty()); // MUSE has no codes for them
        QCOMPARE(r->annotations.size(), 4U);
        QVERIFY(std::find(report->removed.begin(), report->removed.end(),
                          "RestingECG/PatientDemographics/PatientLastName") != report->removed.end());
        QVERIFY(std::find(report->removed.begin(), report->removed.end(), "RestingECG/MeasurementMatrix") !=
                report->removed.end());
    }

    // Decoded by the few lines below; CRCs are the file's own.
    void realFiles() {
        int seen = 0;
        for (const auto* name : {"example1.xml", "example2.xml"}) {
            QFile file(sharedData(QString("formats/muse-xml/") + name));
            if (!file.open(QIODevice::ReadOnly))
                continue;
            ++seen;
            const auto data = file.readAll();
            const auto r = Registry::standard().read(file.fileName().toStdString());
            QVERIFY2(r.ok(), failureText(r).c_str());
            QCOMPARE(warnings(*r, WarningCode::Checksum), 0U);
            QCOMPARE(r->samplingRate, 500.0);
            QCOMPARE(r->samples(), 5000U);
            QCOMPARE(r->leads.size(), 12U);
            const auto rhythm = data.mid(data.indexOf("<WaveformType>Rhythm"));
            qsizetype at = 0;
            for (std::size_t l = 0; l < 8; ++l) {
                const auto open = rhythm.indexOf("<WaveFormData>", at) + 14;
                at = rhythm.indexOf("</WaveFormData>", open);
                const auto raw = QByteArray::fromBase64(rhythm.mid(open, at - open).simplified().replace(' ', ""));
                QCOMPARE(raw.size(), 10000);
                for (qsizetype i = 0; i < 5000; ++i) {
                    const auto word = static_cast<std::int16_t>(static_cast<unsigned char>(raw[2 * i]) |
                                                                static_cast<unsigned char>(raw[2 * i + 1]) << 8);
                    QCOMPARE(r->leads[l].samples[static_cast<std::size_t>(i)], static_cast<float>(word * 4.88));
                }
            }
            QCOMPARE(leaks(data, structural(data), 30), std::string());
        }
        if (seen == 0)
            QSKIP("no MUSE files here: set PRECORDIA_DATA");
    }
};

QTEST_APPLESS_MAIN(TestIoMuse)
#include "test_io_muse.moc"
