// SPDX-License-Identifier: GPL-3.0-or-later
// SCP-ECG files made by hand, section by section, and one real recording that is there in DICOM too.
#include "core/io/crc_ccitt.h"
#include "core/io/reader.h"
#include "core/io/scp_huffman.h"
#include "core/io/scp_reader.h"
#include "tests/unit/scp_fixture.h"

#include <QTest>

#include <cmath>

using namespace precordia;
using namespace precordia::test;

namespace {

std::span<const std::byte> view(const QByteArray& bytes) {
    return std::as_bytes(std::span(bytes.constData(), static_cast<std::size_t>(bytes.size())));
}

Result<Recording> read(const QByteArray& bytes, const ReadOptions& options = {}) {
    return readScp(view(bytes), "made.scp", options);
}

// Two leads of 20 samples, 2.5 uV a step.
std::map<int, QByteArray> smallest() {
    return {{1, scpText(2, "ID 7") + scpTagsEnd()},
            {3, scpLeads({1, 61}, 20)},
            {6, scpBlock({ramp(20, 3), ramp(20, -5)}, 2500)}};
}

std::map<int, QByteArray> with(int id, const QByteArray& body) {
    auto bodies = smallest();
    bodies[id] = body;
    return bodies;
}

bool contains(const std::vector<std::string>& texts, const std::string& text) {
    return std::find(texts.begin(), texts.end(), text) != texts.end();
}

} // namespace

class TestIoScp : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // "123456789" has the published check value of CRC-16 with this polynomial and all ones at the start.
    void checksum() { QCOMPARE(crcCcitt(view("123456789")), 0x29B1); }

    void smallestFile() {
        const auto file = scpFile(smallest());
        const auto r = read(file);
        QVERIFY2(r.ok(), failureText(r).c_str());
        QVERIFY2(r->warnings.empty(), r->warnings.empty() ? "" : r->warnings.front().message.c_str());
        QCOMPARE(r->metadata.format, "scp");
        QCOMPARE(r->metadata.patientId, "ID 7");
        QCOMPARE(r->samplingRate, 500.0);
        QCOMPARE(r->samplesPromised, 20);
        QCOMPARE(r->samples(), 20U);
        QCOMPARE(r->leads[0].name, "I");
        QCOMPARE(r->leads[1].name, "III");
        QCOMPARE(r->leads[0].samples[19], 19 * 3 * 2.5F);
        QCOMPARE(r->leads[1].samples[19], -19 * 5 * 2.5F);
        QCOMPARE(r->leads[0].quantum, 2.5);
        QCOMPARE(r->leads[0].fileUnit, "nV");
        // II = I + III, and the rest follows.
        QCOMPARE(r->leads.size(), 6U);
        QCOMPARE(r->leads[2].name, "II");
        QVERIFY(r->leads[2].derived);
        QCOMPARE(r->leads[2].samples[10], -10 * 2 * 2.5F);
    }

    void found() {
        const Folder folder;
        const auto& registry = Registry::standard();
        const auto file = scpFile(smallest());
        const auto path = folder.write("no_extension", file);
        const auto r = registry.read(path);
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->name, "no_extension");
        ReadOptions options;
        options.range = SampleRange{5, 4};
        const auto part = registry.read(path, options);
        QVERIFY(part.ok());
        QCOMPARE(part->samples(), 4U);
        QCOMPARE(part->leads[0].samples[0], 5 * 3 * 2.5F);
        // Old writers leave the word of section 0 out.
        auto wordless = file;
        wordless.replace(16, 6, QByteArray(6, '\0'));
        const auto old = registry.read(folder.write("old.scp", wordless));
        QVERIFY2(old.ok(), failureText(old).c_str());
        QCOMPARE(warnings(*old, WarningCode::Checksum), 2U); // section 0 and the record
        QCOMPARE(old->samples(), 20U);
    }

    void demographics() {
        const auto device = words16({5, 6, 7}) + bytes({0, 255}) + QByteArray("MODEL1") +
                            bytes({20, 0xC0, 0, 0x80, 1}) + QByteArray(16, '\0') + bytes({5}) +
                            QByteArray("PROG\0SERIAL9\0SYS\0SCP\0Maker\0", 29);
        const auto section = scpText(0, "D\xF6rfler") + scpText(1, "Anna") + scpText(2, "P-1") + scpText(3, "Ruiz") +
                             scpTag(5, words16({1950}) + bytes({11, 30})) + scpTag(6, words16({172}) + bytes({1})) +
                             scpTag(7, words16({65}) + bytes({1})) + scpTag(8, bytes({2})) + scpTag(9, bytes({1})) +
                             scpTag(10, bytes({0, 3, 16}) + QByteArray("Digoxin\0", 8)) + scpTag(11, words16({140})) +
                             scpTag(12, words16({85})) + scpText(13, "Chest pain") + scpTag(14, device) +
                             scpText(16, "Clinic") + scpText(18, "Cardiology") + scpText(20, "Dr R") +
                             scpText(21, "Dr C") + scpText(22, "Tech") + scpTag(25, words16({2020}) + bytes({11, 29})) +
                             scpTag(26, bytes({8, 5, 59})) + scpTag(27, words16({5})) + scpTag(28, words16({150})) +
                             scpTag(29, bytes({2})) + scpText(30, "note") + scpText(31, "31") +
                             scpTag(32, bytes({0, 4})) + scpTag(33, bytes({1, 2})) +
                             scpTag(34, words16({-90, 0}) + QByteArray(1, '\0')) + scpText(35, "none") + scpTagsEnd();
        const auto r = read(scpFile(with(1, section)));
        QVERIFY2(r.ok(), failureText(r).c_str());
        const auto& m = r->metadata;
        QCOMPARE(m.patientId, "P-1");
        QCOMPARE(m.identity.patientName, "D\xC3\xB6rfler Ruiz, Anna");
        QCOMPARE(m.identity.birthDate, "1950-11-30");
        QCOMPARE(m.identity.institution, "Clinic, Cardiology");
        QCOMPARE(m.identity.physician, "Dr R");
        QCOMPARE(m.identity.operatorName, "Tech");
        QCOMPARE(m.ageYears.value(), 69.0); // the birthday is a day away
        QCOMPARE(m.sex, "female");
        QCOMPARE(m.recordedAt, "2020-11-29T08:05:59");
        QCOMPARE(m.device, "Maker MODEL1");
        QCOMPARE(m.filters.highPassHz.value(), 0.05);
        QCOMPARE(m.filters.lowPassHz.value(), 150.0);
        QCOMPARE(m.filters.notchHz.value(), 50.0);
        for (const auto* comment :
             {"height: 172 cm", "weight: 65 kg", "race: Caucasian", "medication: Digoxin, code 0.3.16",
              "systolic blood pressure: 140 mmHg", "diastolic blood pressure: 85 mmHg", "indication: Chest pain",
              "free text: note", "sequence number: 31", "medical history codes: 0 4", "electrode configuration: 1 2",
              "time zone: -01:30", "medical history: none"})
            QVERIFY2(contains(m.comments, comment), comment);
        QVERIFY(r->warnings.empty());
    }

    void ages_data() {
        QTest::addColumn<int>("value");
        QTest::addColumn<int>("unit");
        QTest::addColumn<double>("years"); // -1: not known
        QTest::newRow("years") << 49 << 1 << 49.0;
        QTest::newRow("months") << 18 << 2 << 1.5;
        QTest::newRow("weeks") << 52 << 3 << 52 * 7 / 365.2425;
        QTest::newRow("days") << 30 << 4 << 30 / 365.2425;
        QTest::newRow("hours") << 48 << 5 << 2 / 365.2425;
        QTest::newRow("unspecified") << 49 << 0 << -1.0;
        QTest::newRow("impossible") << 900 << 1 << -1.0;
    }
    void ages() {
        QFETCH(int, value);
        QFETCH(int, unit);
        QFETCH(double, years);
        const auto r = read(scpFile(with(1, scpTag(4, words16({value}) + bytes({unit})) + scpTagsEnd())));
        QVERIFY(r.ok());
        QVERIFY(std::abs(r->metadata.ageYears.value_or(-1) - years) < 1e-9);
    }

    void globalMeasurements() {
        const auto waves = words16({100, 210, 260, 350, 640, 45, -30, 60});
        const auto none = words16({29999, 29999, 29999, 29999, 29999, 29999, 29999, 29999});
        const auto spike = words16({24, 500}); // ms, uV
        const auto info = bytes({1, 1}) + words16({0, 1});
        const auto section = bytes({2, 1}) + words16({812, 29999}) + waves + none + spike + info + words16({2}) +
                             bytes({0, 1}) + words16({74, 0, 431}) + bytes({1}) + words16({0});
        const auto r = read(scpFile(with(7, section)));
        QVERIFY2(r.ok(), failureText(r).c_str());
        const Measurements expected{{"rr_ms", 812},         {"p_ms", 110},      {"pr_ms", 160},
                                    {"qrs_ms", 90},         {"qt_ms", 380},     {"p_axis_deg", 45},
                                    {"qrs_axis_deg", -30},  {"t_axis_deg", 60}, {"pacemaker_spikes", 1},
                                    {"heart_rate_bpm", 74}, {"qtc_ms", 431}};
        QVERIFY(r->fileMeasurements == expected);
        QCOMPARE(r->annotations.size(), 1U);
        QCOMPARE(r->annotations[0].symbol, "^");
        QCOMPARE(r->annotations[0].sample.value, 12); // 24 ms at 500 Hz
        // No P wave: neither its duration nor a PR interval.
        const auto flutter = read(scpFile(
            with(7, bytes({1, 0}) + words16({29999, 29999, 19999, 19999, 260, 350, 640, 29999, 29999, 29999}))));
        QVERIFY(flutter.ok());
        QVERIFY((flutter->fileMeasurements == Measurements{{"qrs_ms", 90}, {"qt_ms", 380}}));
    }

    void leadMeasurements() {
        const auto section = words16({2, 0}) +
                             words16({1, 22, 110, 160, 90, 380, 29999, 40, 29999, 29999, 29999, 0, 900}) +
                             words16({3, 4, 29999, 29998});
        const auto r = read(scpFile(with(10, section)));
        QVERIFY2(r.ok(), failureText(r).c_str());
        const Measurements expected{{"p_I_ms", 110}, {"pr_I_ms", 160}, {"qrs_I_ms", 90}, {"qt_I_ms", 380},
                                    {"r_I_ms", 40},  {"q_I_uv", 0},    {"r_I_uv", 900}};
        QVERIFY(r->fileMeasurements == expected);
    }

    void statements() {
        const auto head = bytes({1}) + words16({2020}) + bytes({1, 2, 3, 4, 5});
        const auto words = [](int number, const QByteArray& text) {
            return bytes({number}) + words16({static_cast<int>(text.size())}) + text;
        };
        auto bodies = smallest();
        bodies[8] =
            head + bytes({2}) + words(1, QByteArray("Sinus rhythm\0", 13)) + words(2, QByteArray("Normal ECG\0", 11));
        bodies[11] = head + bytes({4}) + words(1, bytes({1}) + QByteArray("NORM\0", 5)) +
                     words(2, bytes({2}) + QByteArray("Sinus rhythm\0", 13)) +
                     words(3, bytes({1}) + QByteArray("LVH\0PROB\0", 9)) +
                     words(4, bytes({3}) + QByteArray("1 AND 3\0", 8));
        const auto r = read(scpFile(bodies));
        QVERIFY2(r.ok(), failureText(r).c_str());
        QVERIFY(
            (r->metadata.diagnosisTexts == std::vector<std::string>{"Sinus rhythm", "Normal ECG", "NORM", "LVH PROB"}));
        QVERIFY(contains(r->metadata.comments, "interpretation: confirmed"));
        QVERIFY(contains(r->metadata.comments, "1 AND 3"));
    }

    // The bits of the standard's own example: 0, 1, -1, 2, then -100 in 8 bits and 1000 in 16.
    void defaultTable() {
        // 0 | 100 | 101 | 1100 | 1111111110 10011100 | 1111111111 0000001111101000
        const auto coded = bytes({0b01001011, 0b10011111, 0b11110100, 0b11100111, 0b11111110, 0b00000111, 0b11010000});
        const auto decoded = scp::HuffmanTables::standard().decode(view(coded), 6);
        QVERIFY((decoded.values == std::vector<std::int32_t>{0, 1, -1, 2, -100, 1000}));
        QCOMPARE(decoded.bitsUsed, 55U);
    }

    void brokenTables() {
        const auto code = [](int prefix, int total, int mode, int base, int bits) {
            return bytes({prefix, total, mode}) + words16({base}) + words32({bits});
        };
        const auto parse = [](const QByteArray& body) { return scp::HuffmanTables::parse(view(body), "t"); };
        QVERIFY(parse(words16({1, 1}) + code(1, 1, 1, 0, 0)).ok());
        QVERIFY(parse({}).failed());
        QVERIFY(parse(words16({0})).failed());
        QVERIFY(parse(words16({1, 2}) + code(1, 1, 1, 0, 0)).failed());   // a code is missing
        QVERIFY(parse(words16({1, 1}) + code(0, 0, 1, 0, 0)).failed());   // would never end
        QVERIFY(parse(words16({1, 1}) + code(33, 33, 1, 0, 0)).failed()); // more bits than it has
        QVERIFY(parse(words16({1, 1}) + code(2, 1, 1, 0, 0)).failed());   // shorter than its prefix
        QVERIFY(parse(words16({1, 1}) + code(1, 60, 1, 0, 0)).failed());  // no sample is so long
        QVERIFY(parse(words16({1, 1}) + code(1, 1, 0, 2, 0)).failed());   // to a table that is not there
        QVERIFY(parse(words16({20000}) + QByteArray(40, '\0')).failed());
    }

    void damage() {
        const auto file = scpFile(smallest());
        QCOMPARE(warnings(*read(file), WarningCode::Checksum), 0U);
        auto flipped = file;
        flipped[file.size() - 1] = static_cast<char>(flipped[file.size() - 1] ^ 1); // in the rhythm's last sample
        auto r = read(flipped);
        QVERIFY(r.ok());
        QCOMPARE(warnings(*r, WarningCode::Checksum), 2U); // the record and section 6
        r = read(file + QByteArray("more"));
        QVERIFY(r.ok());
        QCOMPARE(warnings(*r, WarningCode::LengthContradiction), 1U);
        r = read(file.left(file.size() - 10)); // five samples of III
        QVERIFY(r.ok());
        QCOMPARE(r->samples(), 20U);
        QVERIFY(std::isnan(r->leads[1].samples[15]) && !std::isnan(r->leads[1].samples[14]));
        QVERIFY(warnings(*r, WarningCode::ShortFile) > 0);
        for (int n = 0; n < file.size(); ++n) {
            const auto cut = read(file.left(n));
            QVERIFY(cut.ok() || !cut.error().message.empty());
        }
    }

    void contradictions() {
        // Lengths that are only declared.
        auto r = read(scpFile(with(3, scpLeads({1, 61}, 4'000'000'000))));
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->samples(), 20U);
        QCOMPARE(r->samplesPromised, 4'000'000'000);
        QCOMPARE(warnings(*r, WarningCode::ShortFile), 2U);
        // Leads that begin hours apart, of a file of 20 samples.
        r = read(scpFile(
            with(3, bytes({2, 16}) + words32({1, 20}) + bytes({1}) + words32({4'000'000, 4'000'019}) + bytes({61}))));
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->samples(), 20U);
        QCOMPARE(warnings(*r, WarningCode::LengthContradiction), 1U);
        r = read(scpFile(with(6, scpBlock({ramp(20, 3), ramp(20, -5)}, 0))));
        QVERIFY(r.ok());
        QCOMPARE(warnings(*r, WarningCode::GainMissing), 1U);
        QCOMPARE(r->leads[0].samples[1], 3.0F);
        r = read(scpFile(with(3, scpLeads({1, 200}, 20))));
        QVERIFY(r.ok());
        QCOMPARE(r->leads[1].name, "lead 200");
        QCOMPARE(warnings(*r, WarningCode::UnknownCode), 1U);
        r = read(scpFile(with(3, scpLeads({1, 1}, 20))));
        QVERIFY(r.ok());
        QCOMPARE(r->leads[1].name, "I (2)");
    }

    void refusals() {
        const auto refused = [](const std::map<int, QByteArray>& bodies, ErrorCode code, const char* place) {
            const auto r = read(scpFile(bodies));
            return r.failed() && r.error().code == code && r.error().where == std::string("made.scp, ") + place &&
                   !r.error().message.empty();
        };
        auto bodies = smallest();
        bodies.erase(6);
        QVERIFY(refused(bodies, ErrorCode::FormatUnsupported, "section 6"));
        bodies = smallest();
        bodies.erase(3);
        QVERIFY(refused(bodies, ErrorCode::FormatInvalid, "section 3"));
        QVERIFY(refused(with(3, bytes({0, 0})), ErrorCode::FormatInvalid, "section 3"));
        QVERIFY(refused(with(3, scpLeads({1, 2, 3}, 20).left(20)), ErrorCode::FileTruncated, "section 3"));
        QVERIFY(refused(with(6, scpBlock({ramp(20, 1), ramp(20, 1)}, 1000, 0)), ErrorCode::FormatInvalid, "section 6"));
        QVERIFY(refused(with(6, words16({1000, 2000}) + bytes({3, 0}) + words16({0, 0})), ErrorCode::FormatUnsupported,
                        "section 6"));
        QVERIFY(refused(with(6, words16({1000, 2000}) + bytes({0, 0}) + words16({0, 0})), ErrorCode::FileTruncated,
                        "section 6"));
        QVERIFY(refused(with(2, words16({1, 1})), ErrorCode::FileTruncated, "section 2"));
        // A residual without its reference beat.
        bodies = with(3, scpLeads({1, 61}, 20, true));
        bodies[4] = words16({20, 3, 1, 0}) + words32({2, 4, 8});
        QVERIFY(refused(bodies, ErrorCode::FormatInvalid, "section 5"));
        QVERIFY(read("not an ECG, but long enough to have a header of 22 bytes").failed());
    }

    // 16 KB of one-bit codes in each of 255 leads would be 33 million samples.
    void tooManySamples() {
        const QByteArray zeros(16'384, '\0');
        auto block = words16({1000, 2000}) + bytes({0, 0});
        auto leads = bytes({255, 4});
        QByteArray coded;
        for (int l = 0; l < 255; ++l) {
            block += words16({16'384});
            coded += zeros;
            leads += words32({1, 131'072}) + bytes({1});
        }
        auto bodies = smallest();
        bodies[2] = words16({19999});
        bodies[3] = leads;
        bodies[6] = block + coded;
        const auto r = read(scpFile(bodies));
        QVERIFY(r.failed());
        QCOMPARE(r.error().code, ErrorCode::ValueOutOfRange);
    }

    void version3() {
        const auto r = read(scpFile(smallest(), 30));
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(warnings(*r, WarningCode::Repaired), 1U);
        QCOMPARE(r->samples(), 20U);
        auto bodies = smallest();
        bodies.erase(6);
        bodies[12] = bytes({1, 2, 3, 4});
        const auto longTerm = read(scpFile(bodies, 30));
        QVERIFY(longTerm.failed());
        QCOMPARE(longTerm.error().code, ErrorCode::FormatUnsupported);
        QCOMPARE(longTerm.error().where, "made.scp, section 12");
    }

    // The same recording in two formats: every sample, lead by lead, and what both say of it.
    void realRecordingAndItsDicom() {
        const auto given = qEnvironmentVariable("PRECORDIA_DATA");
        const auto data = given.isEmpty() ? qEnvironmentVariable("PRECORDIA_SOURCE_DIR") + "/../shared/data" : given;
        const auto scp = data + "/formats/scp/Example.scp";
        const auto dicom = data + "/formats/dicom/Example.dcm";
        if (!QFile::exists(scp) || !QFile::exists(dicom))
            QSKIP("no real ECGs here: set PRECORDIA_DATA to a folder with them");
        const auto a = Registry::standard().read(scp.toStdString());
        const auto b = Registry::standard().read(dicom.toStdString());
        QVERIFY2(a.ok() && b.ok(), (failureText(a) + failureText(b)).c_str());
        QCOMPARE(a->samplingRate, b->samplingRate);
        QCOMPARE(a->leads.size(), 12U);
        const auto same = [](const Recording& one, const Recording& other, std::size_t samples) {
            for (const auto& lead : one.leads) {
                const auto index = other.find(lead.name);
                if (!index.valid() || lead.samples.size() < samples)
                    return false;
                const auto& theirs = other.leads[static_cast<std::size_t>(index.value)].samples;
                for (std::size_t i = 0; i < samples; ++i)
                    if (std::abs(lead.samples[i] - theirs[i]) > 0.01F)
                        return false;
            }
            return true;
        };
        QVERIFY(same(*a, *b, 5000));
        QCOMPARE(a->medianBeats.size(), 1U);
        QVERIFY(same(a->medianBeats[0], b->medianBeats[0], 599));
        for (const auto& [key, value] : b->fileMeasurements)
            if (a->fileMeasurements.contains(key))
                QCOMPARE(a->fileMeasurements.at(key), value);
        QVERIFY(a->fileMeasurements.size() >= 7);
        QCOMPARE(a->metadata.recordedAt, b->metadata.recordedAt);
        QCOMPARE(a->metadata.sex, b->metadata.sex);
        QCOMPARE(a->metadata.patientId, b->metadata.patientId);
        QCOMPARE(warnings(*a, WarningCode::Checksum), 0U);
    }
};

QTEST_GUILESS_MAIN(TestIoScp)
#include "test_io_scp.moc"
