// SPDX-License-Identifier: GPL-3.0-or-later
// Philips Sierra files put together by hand, with an XLI compressor of the test's own; short streams are worked out by
// bits.
#include "core/io/sierra_reader.h"
#include "core/io/sierra_xli.h"
#include "tests/unit/xml_fixture.h"

#include <QDir>
#include <QTest>

#include <cmath>
#include <map>

using namespace precordia;
using namespace precordia::test;

namespace {

// LZW with codes of ten bits, high bit first; 1023 ends.
QByteArray lzw(const QByteArray& data) {
    std::map<QByteArray, int> table;
    for (int i = 0; i < 256; ++i)
        table[QByteArray(1, static_cast<char>(i))] = i;
    std::vector<int> codes;
    QByteArray word;
    for (const char c : data) {
        const auto longer = word + c;
        if (table.count(longer) != 0) {
            word = longer;
            continue;
        }
        codes.push_back(table[word]);
        if (table.size() < 1023)
            table.emplace(longer, static_cast<int>(table.size()));
        word = QByteArray(1, c);
    }
    if (!word.isEmpty())
        codes.push_back(table[word]);
    codes.push_back(1023);
    QByteArray out;
    unsigned bits = 0;
    int have = 0;
    for (const int code : codes) {
        bits = bits << 10U | static_cast<unsigned>(code);
        for (have += 10; have >= 8; have -= 8)
            out.append(static_cast<char>(bits >> static_cast<unsigned>(have - 8) & 0xFFU));
    }
    if (have > 0)
        out.append(static_cast<char>(bits << static_cast<unsigned>(8 - have) & 0xFFU));
    return out;
}

// s[i] = 2 s[i-1] - s[i-2] - d[i-1]: the differences that give these samples, as words: s0, s1, d2 + 64, d3 + 64 ...
QByteArray chunk(const std::vector<int>& s) {
    const auto difference = [&](std::size_t i) { // d[i-1], which makes s[i]
        return i < s.size() ? 2 * s[i - 1] - s[i - 2] - s[i] : 0;
    };
    QByteArray high, low;
    for (std::size_t i = 0; i < s.size(); ++i) {
        const int word = i < 2 ? s[i] : difference(i + 1) + 64;
        high.append(static_cast<char>(word >> 8 & 0xFF));
        low.append(static_cast<char>(word & 0xFF));
    }
    const auto codes = lzw(high + low);
    return words32({codes.size()}) + words16({1, s.size() > 2 ? difference(2) : 0}) + codes;
}

struct Leads {
    std::vector<int> one, two, v1;
    explicit Leads(int count) {
        for (int i = 0; i < count; ++i) {
            one.push_back(static_cast<int>(std::lround(80 * std::sin(0.1 * i))) - 7);
            two.push_back(static_cast<int>(std::lround(120 * std::cos(0.07 * i))) + 3);
            v1.push_back(i % 40 == 0 ? 300 : -20);
        }
    }
    std::vector<int> made(int (*of)(int, int)) const {
        std::vector<int> out;
        for (std::size_t i = 0; i < one.size(); ++i)
            out.push_back(of(one[i], two[i]));
        return out;
    }
};

const QByteArray kAcquisition =
    "<samplingrate>500</samplingrate><signalresolution>5</signalresolution><signalbandwidth>0.05-150"
    "</signalbandwidth><acquisitiontype>STD-12</acquisitiontype><bitspersample>16</bitspersample>"
    "<signaloffset>0</signaloffset><signalsigned>True</signalsigned>"
    "<numberchannelsvalid>12</numberchannelsvalid><leadset>STD-12</leadset>";

QByteArray document(const QByteArray& waveforms, const QByteArray& acquisition = kAcquisition,
                    const QByteArray& version = "1.04", const QByteArray& type = "PhilipsECG",
                    const QByteArray& more = {}) {
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?><restingecgdata xmlns=\"http://www3.medical.philips.com\" "
           "lang=\"en\">"
           "<documentinfo><documentname>7eacbc80.xml</documentname><documenttype>" +
           type + "</documenttype><documentversion>" + version +
           "</documentversion></documentinfo><dataacquisition date=\"2020-02-29\" time=\"10:20:30\"><machine "
           "machineid=\"SN17\" "
           "detaildescription=\"x\">PageWriter TC</machine><acquirer><operator id=\"OP9\"/><institutionname>Clinic "
           "B</institutionname>"
           "</acquirer><signalcharacteristics>" +
           acquisition + "</signalcharacteristics></dataacquisition>" + more + "<waveforms>" + waveforms +
           "</waveforms></restingecgdata>";
}

QByteArray parsed(const QByteArray& data, const QByteArray& attributes) {
    return "<parsedwaveforms dataencoding=\"Base64\" " + attributes + ">" + data.toBase64() + "</parsedwaveforms>";
}

// III, aVR, aVL, aVF as the differences that are left when the recorder cuts halves off: here none for the first two.
QByteArray twelve(const Leads& leads) {
    const std::vector<int> zero(leads.one.size(), 0);
    auto one = zero;
    one[3] = 1; // aVL of sample 3 is a step less than predicted
    QByteArray data = chunk(leads.one) + chunk(leads.two) + chunk(zero) + chunk(zero) + chunk(one) + chunk(zero);
    for (int v = 0; v < 6; ++v)
        data += chunk(leads.v1);
    return data;
}

const QByteArray kXli =
    "compression=\"XLI\" numberofleads=\"12\" leadlabels=\"I II III aVR aVL aVF V1 V2 V3 V4 V5 V6\" "
    "durationperchannel=\"400\" samplespersecond=\"500\" resolution=\"5\" signaloffset=\"0\" signalsigned=\"True\" "
    "bitspersample=\"16\" hipass=\"0.05\" lowpass=\"150\" notchfiltered=\"True\" notchfilterfreqs=\"60 120\"";

const QByteArray kPatient = "<patient><generalpatientdata><patientid>ID-5</patientid><name><lastname>Miller</"
                            "lastname><firstname>Eva</firstname></name><age>"
                            "<dateofbirth>1920-03-01</dateofbirth></age><pacestatus>Paced</pacestatus><sex>Female</"
                            "sex></generalpatientdata></patient>";

const QByteArray kInterpretation =
    "<internalmeasurements><crossleadmeasurements><pacepulses><pacepulse "
    "starttime=\"100\"/></pacepulses><meanventrate>60</meanventrate>"
    "<meanqrsdur>99</meanqrsdur><meanqtc>410</meanqtc><pfrontaxis>Failed</pfrontaxis></crossleadmeasurements></"
    "internalmeasurements>"
    "<interpretations><interpretation date=\"2020-02-29\" "
    "time=\"10:20:31\"><globalmeasurements><heartrate>61</heartrate><print>150</print>"
    "<qrsdur>90</qrsdur><qrsfrontaxis>-12</qrsfrontaxis></globalmeasurements><mdsignatureline>Confirmed by Dr "
    "F</mdsignatureline>"
    "<severity code=\"AB\">- ABNORMAL ECG -</severity><statement editedflag=\"False\"><statementcode>SR</statementcode>"
    "<leftstatement>SINUS RHYTHM</leftstatement><rightstatement>normal P "
    "axis</rightstatement></statement><statement><statementcode/>"
    "<leftstatement>Seen by Dr F</leftstatement></statement></interpretation></interpretations>";

QByteArray beats() {
    return "<repbeats dataencoding=\"Base64\" samplespersec=\"1000\" resolution=\"2.5\" "
           "repbeatmethod=\"mean\"><repbeat leadname=\"I\">"
           "<qonset>2</qonset><waveform duration=\"4\">" +
           words16({10, -10, 4, -32768}).toBase64() +
           "</waveform></repbeat><repbeat leadname=\"II\"><waveform duration=\"4\">" +
           words16({1, 2, 3, -32768}).toBase64() + "</waveform></repbeat></repbeats>";
}

QByteArray whole() {
    return document(parsed(twelve(Leads(200)), kXli) + beats(), kAcquisition, "1.04", "PhilipsECG",
                    kPatient + kInterpretation);
}

Result<Recording> read(const QByteArray& file, const ReadOptions& options = {}) {
    const Folder folder;
    return Registry::standard().read(folder.write("s.xml", file), options);
}

const std::vector<float>& lead(const Recording& r, const char* name) {
    return r.leads.at(static_cast<std::size_t>(r.find(name).value)).samples;
}

std::span<const std::byte> spanOf(const QByteArray& data) {
    return std::as_bytes(std::span(data.constData(), static_cast<std::size_t>(data.size())));
}

std::string expanded(const QByteArray& codes, std::size_t most = 1000) {
    const auto out = xli::decompressed(spanOf(codes), most, "x");
    return out.ok() ? std::string(out->begin(), out->end()) : "error: " + out.error().message;
}

} // namespace

class TestIoSierra : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // Codes of ten bits: 65 66 256 1023 is "A", "B", "AB", end: 0001000001 0001000010 0100000000 1111111111 =
    // 00010000 01000100 00100100 00000011 11111111. And 65 256: a string and its own first letter before it was
    // learned.
    void lzwByHand() {
        QCOMPARE(expanded(bytes({0x10, 0x44, 0x24, 0x03, 0xFF})), std::string("ABAB"));
        QCOMPARE(expanded(bytes({0x10, 0x50, 0x00})),
                 std::string("AAA")); // 0001000001 0100000000 0000: the end is open
        QCOMPARE(expanded({}), std::string());
        QCOMPARE(expanded(bytes({0x10, 0x50, 0x0F})), std::string("AAA")); // four bits more are no code
        QVERIFY(expanded(bytes({0x40, 0x00})).find("error") == 0);         // 256 before anything
        QVERIFY(expanded(bytes({0x10, 0x7F, 0x80})).find("error") == 0);   // 65, 504
        QVERIFY(expanded(bytes({0x10, 0x44, 0x24, 0x03, 0xFF}), 3).find("error") == 0);
    }

    void lzwFillsItsTable() {
        Dice dice(3);
        QByteArray data;
        for (int i = 0; i < 20'000; ++i)
            data.append(static_cast<char>(dice.below(7)));
        QCOMPARE(expanded(lzw(data), 30'000), data.toStdString());
        const auto zeros = QByteArray(10'000, '\0');
        QCOMPARE(expanded(lzw(zeros), 30'000), zeros.toStdString());
    }

    // 10, 12, then 2 x 12 - 10 - 3 = 11 with the header's 3, 2 x 11 - 12 - (63 - 64) = 11 with the word 63, and
    // 2 x 11 - 11 - (300 - 64) = -225.
    void secondDifferences() {
        const auto codes = lzw(bytes({0, 0, 0, 1, 0, 10, 12, 63, 300 & 0xFF, 64}));
        const xli::Chunk one{3, spanOf(codes)};
        const auto samples = xli::samples(one, 100, "x");
        QVERIFY2(samples.ok(), failureText(samples).c_str());
        QCOMPARE(*samples, (std::vector<std::int32_t>{10, 12, 11, 11, -225}));
        const auto wrapping = lzw(bytes({0x7F, 0x7F, 0, 0xFF, 0xFF, 64}));
        QCOMPARE(*xli::samples({-1, spanOf(wrapping)}, 100, "x"), (std::vector<std::int32_t>{32767, 32767, -32768}));
    }

    void chunksAreBounded() {
        QCOMPARE(xli::chunks(spanOf(chunk({1, 2, 3}) + chunk({4})), "x")->size(), 2U);
        QCOMPARE(xli::chunks(spanOf(words32({5}) + words16({1, 0}) + "abc"), "x").error().code,
                 ErrorCode::FileTruncated);
        QCOMPARE(xli::chunks(spanOf(words32({-1}) + words16({1, 0})), "x").error().code, ErrorCode::FileTruncated);
    }

    void wholeFile() {
        const Leads truth(200);
        const auto r = read(whole());
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->metadata.format, std::string("sierra-xml"));
        QCOMPARE(r->samplingRate, 500.0);
        QCOMPARE(r->samples(), 200U);
        QCOMPARE(r->samplesPromised, 200);
        QCOMPARE(r->leads.size(), 12U);
        for (std::size_t i = 0; i < 200; ++i) {
            const int a = truth.one[i];
            const int b = truth.two[i];
            QCOMPARE(lead(*r, "I")[i], 5.F * static_cast<float>(a));
            QCOMPARE(lead(*r, "II")[i], 5.F * static_cast<float>(b));
            QCOMPARE(lead(*r, "III")[i], 5.F * static_cast<float>(b - a));
            QCOMPARE(lead(*r, "aVR")[i], 5.F * static_cast<float>(-((a + b) / 2)));
            QCOMPARE(lead(*r, "aVL")[i], 5.F * static_cast<float>((a - (b - a)) / 2 - (i == 3 ? 1 : 0)));
            QCOMPARE(lead(*r, "aVF")[i], 5.F * static_cast<float>((b + (b - a)) / 2));
            QCOMPARE(lead(*r, "V6")[i], 5.F * static_cast<float>(truth.v1[i]));
        }
        QCOMPARE(warnings(*r, WarningCode::ReconstructedLeads), 1U);
        QCOMPARE(warnings(*r, WarningCode::SkippedGroup), 1U);
        QCOMPARE(r->warnings.size(), 2U);
        QCOMPARE(r->leads[0].quantum, 5.0);

        QCOMPARE(r->medianBeats.size(), 1U);
        const auto& beat = r->medianBeats[0];
        QCOMPARE(beat.samplingRate, 1000.0);
        QCOMPARE(beat.leads[0].samples[0], 25.F);
        QCOMPARE(beat.leads[1].samples[2], 7.5F);
        QVERIFY(std::isnan(beat.leads[0].samples[3])); // -32768 fills up
    }

    void whatItSays() {
        const auto r = read(whole());
        QVERIFY(r.ok());
        QCOMPARE(r->metadata.patientId, std::string("ID-5"));
        QCOMPARE(r->metadata.identity.patientName, std::string("Eva Miller"));
        QCOMPARE(r->metadata.identity.birthDate, std::string("1920-03-01"));
        QCOMPARE(r->metadata.identity.institution, std::string("Clinic B"));
        QCOMPARE(r->metadata.identity.operatorName, std::string("OP9"));
        QCOMPARE(r->metadata.ageYears.value_or(0), 99.0); // the day before the hundredth birthday
        QCOMPARE(r->metadata.sex, std::string("female"));
        QCOMPARE(r->metadata.recordedAt, std::string("2020-02-29T10:20:30"));
        QCOMPARE(r->metadata.device, std::string("Philips PageWriter TC"));
        QCOMPARE(r->metadata.filters.highPassHz.value_or(0), 0.05);
        QCOMPARE(r->metadata.filters.lowPassHz.value_or(0), 150.0);
        QCOMPARE(r->metadata.filters.notchHz.value_or(0), 60.0);
        QCOMPARE(r->metadata.diagnosisTexts,
                 (std::vector<std::string>{"SINUS RHYTHM", "Seen by Dr F", "ABNORMAL ECG"}));
        // the interpretation's values before the algorithm's
        QCOMPARE(r->fileMeasurements,
                 (Measurements{
                     {"heart_rate_bpm", 61}, {"pr_ms", 150}, {"qrs_ms", 90}, {"qrs_axis_deg", -12}, {"qtc_ms", 410}}));
        QCOMPARE(r->annotations.size(), 1U);
        QCOMPARE(r->annotations[0].symbol, std::string("^"));
        QCOMPARE(r->annotations[0].sample.value, 50);
    }

    // 1.03: no labels, the acquisition tells the coding, more channels allocated than used.
    void version103() {
        const Leads truth(200);
        std::vector<int> unused(200, 0);
        std::fill(unused.begin() + 150, unused.begin() + 160, 200); // but for the pulse
        const auto data =
            parsed(twelve(truth) + chunk(unused) + chunk(unused),
                   "compressflag=\"True\" compressmethod=\"XLI\" durationperchannel=\"400\" nbitspersample=\"16\"");
        const auto more =
            QByteArray("<measurements><globalmeasurements><pon>100</pon><qrson>200</qrson><qrsoff>300</qrsoff>"
                       "<meanventrate>41</meanventrate></globalmeasurements></measurements>");
        const auto r = read(document(data, kAcquisition, "1.03", "SierraECG", more));
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->leads.size(), 12U);
        QCOMPARE(r->leads[11].name, std::string("V6"));
        QCOMPARE(lead(*r, "III")[7], 5.F * static_cast<float>(truth.two[7] - truth.one[7]));
        QCOMPARE(r->metadata.filters.lowPassHz.value_or(0), 150.0);
        QCOMPARE(r->fileMeasurements.at("heart_rate_bpm"), 41.0);
        QCOMPARE(r->annotations.size(), 3U);
        QCOMPARE(r->annotations[1].sample.value, 100);
    }

    void otherLeadCounts() {
        const Leads truth(100);
        const auto attributes = [](const char* count, const char* labels) {
            return QByteArray("compression=\"XLI\" samplespersecond=\"1000\" resolution=\"1.25\" "
                              "durationperchannel=\"100\" numberofleads=\"") +
                   count + "\" leadlabels=\"" + labels + "\"";
        };
        const auto two = read(document(parsed(chunk(truth.v1) + chunk(truth.two), attributes("2", "V1 II")), {}));
        QVERIFY2(two.ok(), failureText(two).c_str());
        QCOMPARE(two->samplingRate, 1000.0);
        QCOMPARE(two->leads.size(), 2U);
        QCOMPARE(two->leads[1].samples[5], 1.25F * static_cast<float>(truth.two[5]));
        QVERIFY(two->warnings.empty()); // nothing to put together
        QByteArray data;
        for (int i = 0; i < 16; ++i)
            data += chunk(i < 2 ? (i == 0 ? truth.one : truth.two) : truth.v1);
        const auto sixteen =
            read(document(parsed(data, attributes("16", "I II III aVR aVL aVF V1 V2 V3 V4 V5 V6 V7 V8 V9 V3R")), {}));
        QVERIFY2(sixteen.ok(), failureText(sixteen).c_str());
        QCOMPARE(sixteen->leads.size(), 16U);
        QCOMPARE(sixteen->leads[15].name, std::string("V3R"));
    }

    void uncompressed_data() {
        QTest::addColumn<QByteArray>("encoding");
        QTest::newRow("Base64") << QByteArray("Base64");
        QTest::newRow("Hex") << QByteArray("Hex");
        QTest::newRow("Plain") << QByteArray("Plain");
    }
    // I, II and III as they are: nearer to the prediction than to zero, so nothing is put together.
    void uncompressed() {
        QFETCH(QByteArray, encoding);
        const Leads truth(50);
        const auto third = truth.made([](int a, int b) { return b - a; });
        auto all = truth.one;
        all.insert(all.end(), truth.two.begin(), truth.two.end());
        all.insert(all.end(), third.begin(), third.end());
        QByteArray data;
        if (encoding == "Plain")
            for (const int v : all)
                data += QByteArray::number(v) + ' ';
        else
            data = encoding == "Hex" ? words16(all).toHex() : words16(all).toBase64();
        const auto file = document("<parsedwaveforms dataencoding=\"" + encoding +
                                   "\" compressflag=\"False\" compressmethod=\"XLI\" "
                                   "numberofleads=\"3\" leadlabels=\"I II III\" durationperchannel=\"100\">" +
                                   data + "</parsedwaveforms>");
        const auto r = read(file);
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->samples(), 50U);
        for (std::size_t i = 0; i < 50; ++i)
            QCOMPARE(lead(*r, "III")[i], 5.F * static_cast<float>(third[i]));
        QVERIFY(r->warnings.empty());
        QCOMPARE(leaks(file,
                       {"Base64", "Hex", "Plain", "XLI", "False", "True", "I II III", "PhilipsECG", "STD-12",
                        data.simplified().toStdString()},
                       5),
                 std::string());
    }

    void uncompressedDifferences() {
        const Leads truth(50);
        auto all = truth.one;
        all.insert(all.end(), truth.two.begin(), truth.two.end());
        all.insert(all.end(), 50, 0);
        const auto r = read(
            document(parsed(words16(all), "numberofleads=\"3\" leadlabels=\"I II III\" durationperchannel=\"100\"")));
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(lead(*r, "III")[9], 5.F * static_cast<float>(truth.two[9] - truth.one[9]));
        QCOMPARE(warnings(*r, WarningCode::ReconstructedLeads), 1U);
    }

    void leadByLead() {
        const auto r =
            read(document("<leadwaveforms dataencoding=\"Base64\" samplespersecond=\"250\" "
                          "resolution=\"2\"><leadwaveform leadname=\"V1\" "
                          "starttime=\"0\" duration=\"12\">" +
                              words16({1, -2, 3}).toBase64() + "</leadwaveform><leadwaveform leadname=\"V2\">" +
                              words16({4, 5, 6}).toBase64() + "</leadwaveform></leadwaveforms>",
                          {}));
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->samplingRate, 250.0);
        QCOMPARE(r->leads[0].samples, (std::vector<float>{2, -4, 6}));
        QCOMPARE(r->leads[1].name, std::string("V2"));
    }

    void offsetsAndSigns() {
        const auto r = read(document(parsed(
            words16({40000, 2}), "numberofleads=\"1\" leadlabels=\"V1\" signalsigned=\"False\" signaloffset=\"2\" "
                                 "resolution=\"1\"")));
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->leads[0].samples, (std::vector<float>{39998, 0}));
    }

    void contradictions() {
        auto attributes = kXli;
        attributes.replace("\"400\"", "\"500\"").replace("samplespersecond=\"500\"", "samplespersecond=\"1000\"");
        const auto r = read(document(parsed(twelve(Leads(200)), attributes)));
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->samplingRate, 1000.0);
        QCOMPARE(warnings(*r, WarningCode::RateContradiction), 1U);
        QCOMPARE(warnings(*r, WarningCode::ShortFile), 1U);
        attributes.replace("\"500\"", "\"100\"");
        QCOMPARE(warnings(*read(document(parsed(twelve(Leads(200)), attributes))), WarningCode::LengthContradiction),
                 1U);
        const auto few = read(document(parsed(chunk(Leads(200).one) + chunk(Leads(200).two), kXli)));
        QCOMPARE(warnings(*few, WarningCode::MissingLead), 1U);
        const auto bare = read(document(parsed(chunk({1, 2, 3}), "compression=\"XLI\" leadlabels=\"V1\""),
                                        "<samplingrate>500</samplingrate>"));
        QCOMPARE(warnings(*bare, WarningCode::GainMissing), 1U);
    }

    void calibrationPulse() {
        Leads leads(400);
        for (std::size_t i = 300; i < 400; ++i)
            leads.one[i] = leads.two[i] = leads.v1[i] = i >= 320 && i < 370 ? 200 : 0;
        const std::vector<int> zero(400, 0);
        auto third = zero, right = zero;
        std::fill(third.begin() + 320, third.begin() + 370, -200);
        std::fill(right.begin() + 320, right.begin() + 370, -400);
        QByteArray data =
            chunk(leads.one) + chunk(leads.two) + chunk(third) + chunk(right) + chunk(third) + chunk(zero);
        for (int v = 0; v < 6; ++v)
            data += chunk(leads.v1);
        auto attributes = kXli;
        attributes.replace("\"400\"", "\"800\"");
        const auto r = read(document(parsed(data, attributes)));
        QVERIFY2(r.ok(), failureText(r).c_str());
        for (const auto& l : r->leads)
            QCOMPARE(l.samples[330], 1000.F); // the same millivolt everywhere
        QCOMPARE(warnings(*r, WarningCode::CalibrationPulse), 1U);
        const auto at = std::find_if(r->warnings.begin(), r->warnings.end(),
                                     [](const Warning& w) { return w.code == WarningCode::CalibrationPulse; });
        QVERIFY2(at->message.find("from 0.6 s to 0.8 s") == 0, at->message.c_str());
        QVERIFY(std::any_of(r->annotations.begin(), r->annotations.end(), [](const Annotation& mark) {
            return mark.text == "calibration pulse" && mark.sample.value == 300; // 0.6 s at 500 Hz
        }));
        QCOMPARE(warnings(*read(whole()), WarningCode::CalibrationPulse), 0U);
    }

    void errors_data() {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<ErrorCode>("code");
        const auto good = parsed(twelve(Leads(20)), kXli);
        QTest::newRow("other type") << document(good, kAcquisition, "1.04", "MortaraECG")
                                    << ErrorCode::FormatUnsupported;
        QTest::newRow("other version") << document(good, kAcquisition, "1.05") << ErrorCode::FormatUnsupported;
        QTest::newRow("no waveforms") << document({}) << ErrorCode::FormatInvalid;
        QTest::newRow("elsewhere") << document("<unparsedwaveforms href=\"x\"/>") << ErrorCode::FormatUnsupported;
        QTest::newRow("no rate") << document(parsed(chunk({1, 2}), "compression=\"XLI\" leadlabels=\"V1\""), "<x/>")
                                 << ErrorCode::FormatInvalid;
        QTest::newRow("other compression")
            << document(parsed(chunk({1, 2}), "compression=\"Huffman\"")) << ErrorCode::FormatUnsupported;
        QTest::newRow("no Base64")
            << document("<parsedwaveforms dataencoding=\"Base64\" compression=\"XLI\">***</parsedwaveforms>")
            << ErrorCode::FormatInvalid;
        QTest::newRow("cut lead") << document(parsed(twelve(Leads(20)).chopped(5), kXli)) << ErrorCode::FileTruncated;
        QTest::newRow("nothing") << document(parsed({}, kXli)) << ErrorCode::FileTruncated;
        QTest::newRow("broken codes") << document(parsed(words32({2}) + words16({1, 0}) + bytes({0x40, 0}), kXli))
                                      << ErrorCode::FormatInvalid;
        QTest::newRow("cut file") << whole().left(2500) << ErrorCode::FormatInvalid;
        const auto bomb = lzw(QByteArray(3'000'000, '\0')); // from some kilobytes
        QTest::newRow("expands beyond reason")
            << document(parsed(words32({bomb.size()}) + words16({1, 0}) + bomb,
                               "compression=\"XLI\" leadlabels=\"V1\" durationperchannel=\"100\""))
            << ErrorCode::ValueOutOfRange;
    }
    void errors() {
        QFETCH(QByteArray, file);
        QFETCH(ErrorCode, code);
        const auto r = read(file);
        QVERIFY(r.failed());
        QVERIFY2(r.error().code == code, r.error().text().c_str());
        QVERIFY(r.error().where.find("s.xml") != std::string::npos);
    }

    // Beats that cannot be read are told; the rhythm stays.
    void brokenBeats() {
        const auto r =
            read(document(parsed(chunk({1, 2, 3}), "compression=\"XLI\" leadlabels=\"V1\"") +
                          "<repbeats dataencoding=\"Base64\"><repbeat leadname=\"I\">A*</repbeat></repbeats>"));
        QVERIFY2(r.ok(), failureText(r).c_str());
        QVERIFY(r->medianBeats.empty());
        QCOMPARE(warnings(*r, WarningCode::SkippedGroup), 1U);
    }

    void metadataOnly() {
        const auto r = read(whole(), test::metadataOnly());
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->leads.size(), 12U);
        QCOMPARE(r->samplesPromised, 200);
        QVERIFY(r->leads[0].samples.empty());
        QCOMPARE(r->metadata.patientId, std::string("ID-5"));
    }

    void mutations() {
        Dice dice(5);
        const auto file = whole();
        for (int i = 0; i < 1000; ++i)
            if (const auto r = fromMemory(readSierra, mutated(file, dice)); r.ok())
                for (const auto& l : r->leads)
                    QCOMPARE(l.samples.size(), r->samples());
        const auto data = twelve(Leads(100));
        for (int i = 0; i < 1000; ++i)
            (void)fromMemory(readSierra, document(parsed(mutated(data, dice), kXli)));
    }

    static std::set<std::string> structural(const QByteArray& file) {
        std::set<std::string> kept{"SierraECG", "PhilipsECG", "Base64",
                                   "XLI",       "True",       "False",
                                   "STD-12",    "10-WIRE",    "I II III aVR aVL aVF V1 V2 V3 V4 V5 V6"};
        for (const auto& name : standardLeads())
            kept.insert(name);
        pugi::xml_document document;
        document.load_buffer(file.constData(), static_cast<std::size_t>(file.size()));
        for (const auto* path : {"//parsedwaveforms", "//waveform"})
            for (const auto& found : document.select_nodes(path))
                kept.insert(QString::fromUtf8(found.node().child_value()).simplified().toStdString());
        return kept;
    }

    void deidentified() {
        QCOMPARE(leaks(whole(), structural(whole()), 15), std::string());
        const Folder folder;
        const auto in = folder.write("a.xml", whole());
        const auto report = deidentify(in, folder.path("b.xml"), FixedIdentities());
        QVERIFY2(report.ok(), failureText(report).c_str());
        const auto r = Registry::standard().read(folder.path("b.xml"));
        QVERIFY2(r.ok(), failureText(r).c_str());
        QVERIFY(sameSignals(*Registry::standard().read(in), *r));
        QCOMPARE(r->metadata.patientId, std::string("P0123456789ab"));
        QCOMPARE(r->metadata.ageYears.value_or(0), 90.0); // 99 by its dates
        QCOMPARE(r->metadata.recordedAt, std::string("2019-11-21T10:20:30"));
        QCOMPARE(r->metadata.sex, std::string("female"));
        QCOMPARE(r->metadata.device, std::string("Philips PageWriter TC"));
        QCOMPARE(r->metadata.diagnosisTexts, (std::vector<std::string>{"SR"})); // the code; what had none is gone
        QVERIFY(r->metadata.identity.birthDate.empty() && r->metadata.identity.institution.empty());
        QCOMPARE(r->fileMeasurements.at("qrs_ms"), 90.0);
    }

    // Both versions: Einthoven and Goldberger hold to a step in what the compression keeps apart, and the pulse at the
    // end is one millivolt in all twelve leads.
    void realFiles() {
        int seen = 0;
        const QDir folder(sharedData(QStringLiteral("formats/sierra-xml")));
        for (const auto& name : folder.entryList({QStringLiteral("*.xml")}, QDir::Files)) { // in any case
            if (name.startsWith(QLatin1String("invalid")))
                continue;
            ++seen;
            const auto r = Registry::standard().read(folder.filePath(name).toStdString());
            QVERIFY2(r.ok(), failureText(r).c_str());
            QCOMPARE(r->leads.size(), 12U);
            QCOMPARE(r->samples(), 5500U);
            QCOMPARE(r->samplingRate, 500.0);
            QCOMPARE(warnings(*r, WarningCode::CalibrationPulse), 1U);
            QCOMPARE(warnings(*r, WarningCode::ReconstructedLeads), 1U);
            std::size_t pulse = 0;
            for (std::size_t i = 0; i < 5500; ++i) {
                const auto one = lead(*r, "I")[i];
                const auto two = lead(*r, "II")[i];
                const auto within = [&](float value, float exact) {
                    return std::abs(value - exact) <= 12.5F;
                }; // two steps and a half
                const bool all = std::all_of(r->leads.begin(), r->leads.end(),
                                             [&](const Lead& l) { return l.samples[i] == 1000.F; });
                pulse += all ? 1 : 0;
                if (i >= 5000)
                    continue;
                QVERIFY(within(lead(*r, "III")[i], two - one));
                QVERIFY(within(lead(*r, "aVR")[i], -(one + two) / 2));
                QVERIFY(within(lead(*r, "aVL")[i], one - two / 2));
                QVERIFY(within(lead(*r, "aVF")[i], two - one / 2));
            }
            QCOMPARE(pulse, 100U);
            QFile file(folder.filePath(name));
            QVERIFY(file.open(QIODevice::ReadOnly));
            const auto data = file.readAll();
            QCOMPARE(leaks(data, structural(data), 30), std::string());
        }
        if (seen == 0)
            QSKIP("no Philips files here: set PRECORDIA_DATA");
    }

    void realErrors() {
        const auto path = sharedData("formats/sierra-xml/invalid-doc-type.xml");
        if (!QFile::exists(path))
            QSKIP("no Philips files here: set PRECORDIA_DATA");
        const auto r = Registry::standard().read(path.toStdString());
        QVERIFY(r.failed());
        QCOMPARE(r.error().code, ErrorCode::FormatUnsupported);
        QVERIFY(r.error().message.find("MortaraECG") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(TestIoSierra)
#include "test_io_sierra.moc"
