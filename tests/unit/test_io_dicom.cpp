// SPDX-License-Identifier: GPL-3.0-or-later
// Waveform objects put together byte by byte (PS3.5), in both encodings.
#include "core/io/dicom_codes.h"
#include "core/io/dicom_scan.h"
#include "core/io/reader.h"
#include "tests/unit/io_fixture.h"

#include <QTest>

#include <cmath>

using namespace precordia;
using namespace precordia::test;

namespace {

struct Writer {
    bool explicitVr = true;

    static QByteArray even(QByteArray value, char pad) { return value.size() % 2 != 0 ? value + pad : value; }

    QByteArray element(int group, int number, const QByteArray& vr, const QByteArray& value) const {
        auto out = words16({group, number});
        const bool isLong = vr == "OB" || vr == "OW" || vr == "SQ" || vr == "UT";
        if (!explicitVr)
            return out + words32({value.size()}) + value;
        out += vr;
        return out + (isLong ? words16({0}) + words32({value.size()}) : words16({static_cast<int>(value.size())})) +
               value;
    }
    QByteArray text(int group, int number, const QByteArray& vr, const QByteArray& value) const {
        return element(group, number, vr, even(value, vr == "UI" ? '\0' : ' '));
    }
    QByteArray sequence(int group, int number, const std::vector<QByteArray>& items) const {
        QByteArray all;
        for (const auto& item : items)
            all += words16({0xFFFE, 0xE000}) + words32({item.size()}) + item;
        return element(group, number, "SQ", all);
    }
    QByteArray code(int group, int number, const char* value, const char* scheme, const char* meaning) const {
        return sequence(group, number,
                        {text(0x0008, 0x0100, "SH", value) + text(0x0008, 0x0102, "SH", scheme) +
                         text(0x0008, 0x0104, "LO", meaning)});
    }
    QByteArray channel(const char* lead, const char* scheme, const char* unit, const char* sensitivity,
                       const QByteArray& more = {}) const {
        auto out = code(0x003A, 0x0208, lead, scheme, "");
        if (sensitivity != nullptr)
            out += text(0x003A, 0x0210, "DS", sensitivity) + code(0x003A, 0x0211, unit, "UCUM", "");
        return out + more;
    }
    QByteArray group(const char* label, int samples, int bits, const char* kind,
                     const std::vector<QByteArray>& channels, const QByteArray& data,
                     const QByteArray& padding = {}) const {
        auto out = element(0x003A, 0x0005, "US", words16({static_cast<int>(channels.size())})) +
                   element(0x003A, 0x0010, "UL", words32({samples})) + text(0x003A, 0x001A, "DS", "500") +
                   text(0x003A, 0x0020, "SH", label) + sequence(0x003A, 0x0200, channels) +
                   element(0x5400, 0x1004, "US", words16({bits})) + text(0x5400, 0x1006, "CS", kind);
        if (!padding.isEmpty())
            out += element(0x5400, 0x100A, "OW", padding);
        return out + element(0x5400, 0x1010, bits == 8 && explicitVr ? "OB" : "OW", even(data, '\0'));
    }
    QByteArray file(const std::vector<QByteArray>& groups, const QByteArray& uid = "1.2.3",
                    const QByteArray& annotations = {}) const {
        const Writer meta; // always explicit
        const auto syntax = explicitVr ? QByteArray("1.2.840.10008.1.2.1") : QByteArray("1.2.840.10008.1.2");
        const auto head = meta.text(0x0002, 0x0002, "UI", "1.2.840.10008.5.1.4.1.1.9.1.1") +
                          meta.text(0x0002, 0x0003, "UI", uid) + meta.text(0x0002, 0x0010, "UI", syntax);
        auto out = QByteArray(128, '\0') + "DICM" + meta.element(0x0002, 0x0000, "UL", words32({head.size()})) + head;
        out += text(0x0008, 0x0016, "UI", "1.2.840.10008.5.1.4.1.1.9.1.1") + text(0x0008, 0x0018, "UI", uid) +
               text(0x0008, 0x002A, "DT", "20030201123005") + text(0x0010, 0x0020, "LO", "patient 7") +
               text(0x0010, 0x0030, "DA", "19530508") + text(0x0010, 0x0040, "CS", "F") +
               text(0x0020, 0x000D, "UI", "1.2.4") + text(0x0020, 0x000E, "UI", "1.2.5");
        return out + annotations + sequence(0x5400, 0x0100, groups);
    }
};

Result<Recording> read(const Folder& folder, const QByteArray& file) {
    return Registry::standard().read(folder.write("x.dcm", file));
}

std::span<const std::byte> spanOf(const QByteArray& data) {
    return std::as_bytes(std::span(data.constData(), static_cast<std::size_t>(data.size())));
}

} // namespace

class TestIoDicom : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // A failing disk is no short file.
    void readErrorsAreTold() {
        const FailingAccess disk(1000, 500);
        dicom::Source source(disk);
        QCOMPARE(dicom::scan(source, "x").error().code, ErrorCode::FileUnreadable);
    }

    void rhythmAndMedianBeat_data() {
        QTest::addColumn<bool>("explicitVr");
        QTest::newRow("explicit VR") << true;
        QTest::newRow("implicit VR") << false;
    }
    // value = sample x sensitivity x correction + baseline: 100 x 2.5 x 2 + 10 = 510 uV; 3 mV.
    void rhythmAndMedianBeat() {
        QFETCH(bool, explicitVr);
        const Writer w{explicitVr};
        const auto corrected = w.text(0x003A, 0x0212, "DS", "2") + w.text(0x003A, 0x0213, "DS", "10");
        const auto median = w.group("MEDIAN BEAT", 1, 16, "SS", {w.channel("2:1", "MDC", "uV", "1")}, words16({7}));
        const auto rhythm =
            w.group("RHYTHM", 3, 16, "SS",
                    {w.channel("5.6.3-9-1", "SCPECG", "uV", "2.5", corrected), w.channel("2:61", "MDC", "mV", "1")},
                    words16({100, 3, -100, -3, 0, 0}));
        const auto pr = w.sequence(0x0040, 0xB020,
                                   {w.code(0x0040, 0x08EA, "s", "UCUM", "") +
                                        w.code(0x0040, 0xA043, "5.13.5-7", "SCPECG", "PR Interval") +
                                        w.text(0x0040, 0xA30A, "DS", "0.148"),
                                    w.text(0x0070, 0x0006, "ST", "Sinus rhythm")});
        const Folder folder;
        const auto r = read(folder, w.file({median, rhythm}, "1.2.3", pr));
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->samplingRate, 500.0);
        QCOMPARE(r->leads.size(), 2U);
        QCOMPARE(r->leads[0].name, std::string("I"));
        QCOMPARE(r->leads[0].samples, (std::vector<float>{510, -490, 10}));
        QCOMPARE(r->leads[0].quantum, 5.0);
        QCOMPARE(r->leads[1].name, std::string("III"));
        QCOMPARE(r->leads[1].samples, (std::vector<float>{3000, -3000, 0}));
        QCOMPARE(r->medianBeats.size(), 1U);
        QCOMPARE(r->medianBeats[0].leads[0].samples, (std::vector<float>{7}));
        QCOMPARE(warnings(*r, WarningCode::SkippedGroup), 1U);
        QCOMPARE(r->warnings.size(), 1U);
        QCOMPARE(r->fileMeasurements.at("pr_ms"), 148.0);
        QCOMPARE(r->metadata.diagnosisTexts, (std::vector<std::string>{"Sinus rhythm"}));
        QCOMPARE(r->metadata.patientId, std::string("patient 7"));
        QCOMPARE(r->metadata.sex, std::string("female"));
        QCOMPARE(r->metadata.ageYears.value_or(0), 49.0); // three months before the fiftieth birthday
        QCOMPARE(r->metadata.recordedAt, std::string("2003-02-01T12:30:05"));
    }

    void sampleKinds() {
        const Writer w;
        const Folder folder;
        const auto channel = w.channel("2:2", "MDC", "uV", "1");
        const auto first = [&](int bits, const char* kind, const QByteArray& data) {
            const auto r = read(folder, w.file({w.group("R", 2, bits, kind, {channel}, data)}));
            return r.ok() ? r->leads[0].samples : std::vector<float>{};
        };
        QCOMPARE(first(16, "SS", words16({-2, 1})), (std::vector<float>{-2, 1}));
        QCOMPARE(first(16, "US", words16({65534, 1})), (std::vector<float>{65534, 1}));
        QCOMPARE(first(8, "SB", bytes({254, 1})), (std::vector<float>{-2, 1}));
        QCOMPARE(first(8, "UB", bytes({254, 1})), (std::vector<float>{254, 1}));
        QCOMPARE(first(8, "MB", bytes({254, 1})).size(), 0U); // companded: refused, not misread
        QCOMPARE(first(8, "AB", bytes({254, 1})).size(), 0U);
        QCOMPARE(first(32, "SL", words32({-70'000, 2})), (std::vector<float>{-70'000, 2}));
        QCOMPARE(first(32, "UL", words32({3'000'000'000, 2})), (std::vector<float>{3e9F, 2}));
    }

    // 8-bit samples in words, as implicit VR has them: the first sample in the lower byte.
    void bytesInWords() {
        const Writer w{false};
        const Folder folder;
        const auto r =
            read(folder, w.file({w.group("R", 3, 8, "UB", {w.channel("2:2", "MDC", "uV", "1")}, bytes({1, 2, 3}))}));
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->leads[0].samples, (std::vector<float>{1, 2, 3}));
    }

    void paddingAndSkew() {
        const Writer w;
        const Folder folder;
        const auto late = w.text(0x003A, 0x0215, "DS", "1");
        const auto channels = std::vector{w.channel("2:1", "MDC", "uV", "1"), w.channel("2:2", "MDC", "uV", "1", late)};
        const auto data = words16({-32768, 1, 5, 2, 0, 3});
        const auto r = read(folder, w.file({w.group("R", 3, 16, "SS", channels, data, words16({-32768}))}));
        QVERIFY(std::isnan(r->leads[0].samples[0]));
        QCOMPARE(r->leads[0].samples[1], 5.F);
        QVERIFY(std::isnan(r->leads[1].samples[0]));
        QCOMPARE(r->leads[1].samples[1], 1.F);
        QCOMPARE(warnings(*r, WarningCode::Skew), 1U);
        // 0 as padding value would tear holes into every signal that crosses zero
        const auto s = read(folder, w.file({w.group("R", 3, 16, "SS", channels, data, words16({0}))}));
        QCOMPARE(s->leads[0].samples[2], 0.F);
        QCOMPARE(s->leads[0].samples[0], -32768.F);
        QCOMPARE(warnings(*s, WarningCode::Repaired), 1U);
    }

    void doubtfulButReadable() {
        const Writer w;
        const Folder folder;
        const auto r =
            read(folder, w.file({w.group("R", 5, 16, "SS", {w.channel("2:1", "MDC", "uV", nullptr)}, words16({1, 2}))},
                                "1.02..3"));
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->samples(), 2U);
        QCOMPARE(warnings(*r, WarningCode::ShortFile), 1U);
        QCOMPARE(warnings(*r, WarningCode::GainMissing), 1U);
        QCOMPARE(warnings(*r, WarningCode::UnknownUnit), 1U);
        QCOMPARE(warnings(*r, WarningCode::InvalidIdentifier), 1U);
    }

    void refused() {
        const Writer w;
        const Folder folder;
        const auto channel = w.channel("2:1", "MDC", "uV", "1");
        const auto none = read(folder, w.file({}));
        QVERIFY(none.failed());
        QCOMPARE(none.error().code, ErrorCode::FormatUnsupported);
        QVERIFY(none.error().message.find("without waveforms") != std::string::npos);
        const auto empty = read(folder, w.file({w.group("R", 5, 16, "SS", {channel}, {})}));
        QVERIFY(empty.failed());
        QCOMPARE(empty.error().code, ErrorCode::FileTruncated);
        auto cut = w.file({w.group("R", 2, 16, "SS", {channel}, words16({1, 2}))});
        cut.chop(1);
        const auto short_ = read(folder, cut);
        QVERIFY(short_.failed());
        QCOMPARE(short_.error().code, ErrorCode::FileTruncated);
        QVERIFY(read(folder, QByteArray(128, '\0') + "DICM").failed());
    }

    // A length of gigabytes in a file of a kilobyte is found before DCMTK is asked.
    void lengthsBeyondTheFile() {
        for (const bool explicitVr : {true, false}) {
            const Writer w{explicitVr};
            auto file = w.file({w.group("R", 2, 16, "SS", {w.channel("2:1", "MDC", "uV", "1")}, words16({1, 2}))});
            QVERIFY(dicom::scan(spanOf(file), "x").ok());
            const auto at = file.size() - 4 - 4; // the length of WaveformData
            file.replace(at, 4, words32({0x90000000LL}));
            const auto scanned = dicom::scan(spanOf(file), "x");
            QVERIFY(scanned.failed());
            QCOMPARE(scanned.error().code, ErrorCode::FileTruncated);
            QVERIFY(scanned.error().message.find("5400,1010") != std::string::npos);
        }
    }

    void deepNesting() {
        const Writer w;
        QByteArray inner;
        for (int i = 0; i < 100; ++i)
            inner = w.sequence(0x5400, 0x0100, {inner});
        const auto file = QByteArray(128, '\0') + "DICM" + w.text(0x0002, 0x0010, "UI", "1.2.840.10008.1.2.1") + inner;
        const auto scanned = dicom::scan(spanOf(file), "x");
        QVERIFY(scanned.failed());
        QCOMPARE(scanned.error().code, ErrorCode::ValueOutOfRange);
    }

    void mutations() {
        const Folder folder;
        Dice dice(11);
        int readable = 0;
        for (int i = 0; i < 600; ++i) {
            const Writer w{i % 2 == 0};
            const auto good =
                w.file({w.group("RHYTHM", 3, 16, "SS", {w.channel("2:1", "MDC", "uV", "1")}, words16({1, 2, 3})),
                        w.group("MEDIAN", 1, 8, "UB", {w.channel("2:2", "MDC", "mV", "2")}, bytes({9}))});
            const auto r = read(folder, mutated(good, dice));
            QVERIFY(r.ok() || r.failed());
            readable += r.ok() ? 1 : 0;
        }
        QVERIFY(readable > 50);
    }

    void codes() {
        QCOMPARE(dicom::leadName({"5.6.3-9-62", "SCPECG", ""}), std::string("aVR"));
        QCOMPARE(dicom::leadName({"2:5", "MDC", ""}), std::string("V3"));
        QCOMPARE(dicom::leadName({"MDC_ECG_LEAD_V6", "MDC", ""}), std::string("V6"));
        QCOMPARE(dicom::leadName({"x", "99LOCAL", "Lead aVL (Goldberger)"}), std::string("aVL"));
        QCOMPARE(dicom::leadName({"9", "99LOCAL", "Chest"}), std::string("Chest"));
        QVERIFY(dicom::validUid("1.2.840.0.5"));
        for (const char* bad : {"", "1..2", "1.02", "1.2.", "1.a", ".1"})
            QVERIFY2(!dicom::validUid(bad), bad);
        QVERIFY(!dicom::validUid(std::string(65, '1')));
        QVERIFY(!dicom::measurementKey({"", "", "Electrode Placement"}, "ms"));
    }
};

QTEST_APPLESS_MAIN(TestIoDicom)
#include "test_io_dicom.moc"
