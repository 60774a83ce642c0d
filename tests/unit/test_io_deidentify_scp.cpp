// SPDX-License-Identifier: GPL-3.0-or-later
// A marker of its own in every text of an SCP-ECG file: none may be in the bytes that are written, and the signal must
// be the same.
#include "core/io/deidentify.h"
#include "core/io/reader.h"
#include "tests/unit/scp_fixture.h"

#include <QProcess>
#include <QTest>

#include <cstring>

using namespace precordia;
using namespace precordia::test;

namespace {

class Map final : public IdentityMap {
public:
    std::string pseudonym(const std::string& id) const override { return id.empty() ? "" : "P0123456789ab"; }
    int dateShiftDays(const std::string& id) const override { return id == "MARK02" ? -10 : -400; }
    std::string uid(const std::string&) const override { return "2.25.1"; }
};

QByteArray contents(const std::filesystem::path& path) {
    QFile file(QString::fromStdString(path.string()));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QByteArray device(const char* mark) {
    const QByteArray m(mark);
    return words16({0x4D4D, 0x4D4D, 0x4D4D}) + bytes({0, 200}) + m.left(6) + bytes({20, 0xC0, 0, 0x80, 1}) + m + m +
           QByteArray(4, '\0') + bytes({7}) + m + '\0' + m + '\0' + m + '\0' + m + '\0' + m + '\0';
}

// Every tag with a text holds MARKnn.
QByteArray markedPatient() {
    QByteArray out = scpText(0, "MARK00") + scpText(1, "MARK01") + scpText(2, "MARK02") + scpText(3, "MARK03") +
                     scpTag(4, words16({93}) + bytes({1})) + scpTag(5, words16({1927}) + bytes({3, 4})) +
                     scpTag(6, words16({172}) + bytes({1}) + "MARK06") + scpTag(8, bytes({2}) + QByteArray("MARK08")) +
                     scpTag(9, bytes({1})) + scpTag(10, bytes({0, 3, 16}) + QByteArray("MARK10")) +
                     scpText(13, "MARK13") + scpTag(14, device("MARK14")) + scpTag(15, device("MARK15"));
    for (int tag = 16; tag <= 23; ++tag)
        out += scpText(tag, qPrintable(QString("MARK%1").arg(tag)));
    out += scpTag(25, words16({2020}) + bytes({3, 5})) + scpTag(26, bytes({8, 5, 59})) + scpTag(27, words16({5})) +
           scpTag(28, words16({150})) + scpTag(29, bytes({2}));
    for (const int tag : {30, 31, 32, 33, 34, 35, 77, 200})
        out += scpText(tag, qPrintable(QString("MARK%1").arg(tag)));
    return out + scpText(30, "MARK30 again") + scpTagsEnd() + "MARKED behind the end";
}

QByteArray statement(int number, int kind, const QByteArray& text) {
    return bytes({number}) + words16({static_cast<int>(text.size()) + 1}) + bytes({kind}) + text;
}

std::map<int, QByteArray> marked() {
    const auto head = bytes({1}) + words16({2020}) + bytes({3, 6, 10, 11, 12});
    std::map<int, QByteArray> out;
    out[1] = markedPatient();
    out[3] = scpLeads({1, 2, 3}, 20) + "MARKED behind section 3";
    out[4] = words16({20, 3, 1}) + words16({0}) + words32({2, 4, 8, 3, 6}) + "MARKED behind section 4";
    out[5] = scpBlock({ramp(10, 1), ramp(10, 2), ramp(10, 3)}) + "MARKED behind section 5";
    out[6] = scpBlock({ramp(20, 3), ramp(20, -5), ramp(20, 7)}, 2500) + "MARKED behind section 6";
    // Samples beyond those that the lead definitions have: no place for a text either.
    out[6].replace(6, 2, words16({40 + 6}));
    out[6].insert(12 + 40, "MARKED");
    out[7] = bytes({1, 0}) + words16({812, 29999, 100, 210, 260, 350, 640, 45, -30, 60, 6}) + QByteArray("MARKED") +
             words16({74, 0, 431}) + bytes({1}) + words16({8}) + QByteArray("MARKED07") + "MARKED of a maker";
    out[8] = head + bytes({1}) + bytes({1}) + words16({7}) + QByteArray("MARK08\0", 7);
    out[9] = "MARKED 9";
    out[10] = words16({1, 0x4D4D}) + words16({1, 78}) + words16(ramp(35, 1)) + QByteArray("MARKED10");
    out[11] = head + bytes({4}) + statement(1, 1, QByteArray("NORM;MARK11\0MARK11\0", 19)) +
              statement(2, 2, QByteArray("MARK11\0", 7)) + statement(3, 3, QByteArray("MARK11 AND\0", 11)) +
              statement(4, 1, QByteArray("MARK11\0", 7));
    out[12] = "MARKED 12";
    out[200] = "MARKED 200";
    return out;
}

bool sameSamples(const Recording& a, const Recording& b) {
    if (a.leads.size() != b.leads.size())
        return false;
    for (std::size_t l = 0; l < a.leads.size(); ++l)
        if (a.leads[l].samples.size() != b.leads[l].samples.size() || a.leads[l].name != b.leads[l].name ||
            std::memcmp(a.leads[l].samples.data(), b.leads[l].samples.data(), a.leads[l].samples.size() * 4) != 0)
            return false;
    return true;
}

} // namespace

class TestIoDeidentifyScp : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void noMarker() {
        const Folder folder;
        auto file = scpFile(marked());
        const auto in = folder.write("in.scp", file);
        QVERIFY(contents(in).count("MARK") > 40);
        const auto out = folder.path("out.scp");
        const auto report = deidentify(in, out, Map());
        QVERIFY2(report.ok(), failureText(report).c_str());
        const auto written = contents(out);
        QVERIFY2(!written.contains("MARK"), written.mid(written.indexOf("MARK"), 20).constData());
        QVERIFY(!written.contains("MM"));
        QVERIFY(report->written == std::vector<std::filesystem::path>{out});
        for (const auto* field : {"last name", "patient id", "birth date", "room", "free text", "section 8",
                                  "section 9", "section 12", "section 200", "statements in words"})
            QVERIFY2(std::find(report->removed.begin(), report->removed.end(), field) != report->removed.end(), field);
        for (const auto& field : report->removed)
            QVERIFY(field.find("MARK") == std::string::npos);
    }

    void whatStays() {
        const Folder folder;
        const auto in = folder.write("in.scp", scpFile(marked()));
        const auto out = folder.path("out.scp");
        QVERIFY(deidentify(in, out, Map()).ok());
        const auto before = Registry::standard().read(in);
        const auto after = Registry::standard().read(out);
        QVERIFY2(before.ok() && after.ok(), (failureText(before) + failureText(after)).c_str());
        QVERIFY(sameSamples(*before, *after));
        QCOMPARE(after->medianBeats.size(), 1U);
        QVERIFY(sameSamples(before->medianBeats[0], after->medianBeats[0]));
        QVERIFY(before->fileMeasurements == after->fileMeasurements);
        QVERIFY(before->fileMeasurements.size() > 20);
        QCOMPARE(after->annotations.size(), 1U);
        for (const auto code : {WarningCode::Checksum, WarningCode::LengthContradiction, WarningCode::ShortFile})
            QCOMPARE(warnings(*after, code), 0U); // pointers, lengths and sums are right
        const auto& m = after->metadata;
        QCOMPARE(m.patientId, "P0123456789ab");
        QCOMPARE(m.recordedAt, "2020-02-24T08:05:59"); // ten days before the fifth of March of a leap year
        QCOMPARE(m.ageYears.value(), 90.0);
        QCOMPARE(m.sex, "female");
        QVERIFY(m.device.empty());
        QCOMPARE(m.filters.lowPassHz.value(), 150.0);
        QVERIFY(m.identity.patientName.empty() && m.identity.birthDate.empty() && m.identity.institution.empty());
        QVERIFY((m.diagnosisTexts == std::vector<std::string>{"NORM"}));
        QVERIFY(std::find(m.comments.begin(), m.comments.end(), "height: 172 cm") != m.comments.end());
        // The date of the statements moved as well: bytes 2 to 5 of section 11.
        const auto written = contents(out);
        const auto at = written.indexOf(QByteArray("NORM"));
        QVERIFY(at > 13);
        QCOMPARE(written.mid(at - 13, 9).toHex(),
                 (bytes({1}) + words16({2020}) + bytes({2, 25, 10, 11, 12, 1})).toHex());
    }

    void ages() {
        const Folder folder;
        const auto aged = [&](const QByteArray& tags) {
            static int number = 0;
            auto bodies = marked();
            bodies[1] = tags + scpTag(25, words16({2020}) + bytes({3, 5})) + scpTagsEnd();
            const auto name = std::to_string(++number);
            const auto in = folder.write("a" + name + ".scp", scpFile(bodies));
            const auto out = folder.path("b" + name + ".scp");
            if (!deidentify(in, out, Map()).ok())
                return -2.0;
            const auto r = Registry::standard().read(out);
            return r.ok() ? r->metadata.ageYears.value_or(-1) : -3.0;
        };
        QCOMPARE(aged(scpTag(4, words16({89}) + bytes({1}))), 89.0);
        QCOMPARE(aged(scpTag(4, words16({90}) + bytes({1}))), 90.0);
        QCOMPARE(aged(scpTag(4, words16({101}) + bytes({1}))), 90.0);
        QCOMPARE(aged(scpTag(4, words16({1200}) + bytes({2}))), 90.0); // months
        QCOMPARE(aged(scpTag(4, words16({6}) + bytes({2}))), 0.5);
        QCOMPARE(aged(scpTag(5, words16({1970}) + bytes({3, 6}))), 49.0); // of the dates; the birthday is a day away
        QCOMPARE(aged(scpTag(5, words16({1920}) + bytes({3, 4}))), 90.0);
        QCOMPARE(aged({}), -1.0);
    }

    void refusals() {
        const Folder folder;
        const auto in = folder.write("in.scp", scpFile(marked()));
        const auto there = folder.write("there.scp", std::string("x"));
        QCOMPARE(deidentify(in, there, Map()).error().code, ErrorCode::AlreadyExists);
        auto bodies = marked();
        bodies.erase(6);
        const auto empty = folder.write("empty.scp", scpFile(bodies));
        const auto out = folder.path("out.scp");
        QVERIFY(deidentify(empty, out, Map()).failed());
        QVERIFY(!std::filesystem::exists(out));
    }

    // Huffman codes, differences, reference beats, bimodal compression: the same samples.
    void everyEncoding() {
        const Folder folder;
        QProcess python;
        const auto script = qEnvironmentVariable("PRECORDIA_SOURCE_DIR") + "/tests/unit/scp_encode.py";
        python.start("/usr/bin/python3", {"-B", script, QString::fromStdString(folder.path("").string())});
        python.waitForFinished(60'000);
        if (python.error() == QProcess::FailedToStart)
            QSKIP("no python3 here to make the files");
        QVERIFY2(python.exitCode() == 0, python.readAllStandardError().constData());
        int files = 0;
        for (const auto& entry : std::filesystem::directory_iterator(folder.path(""))) {
            if (entry.path().extension() != ".scp")
                continue;
            const auto out = folder.path("deidentified");
            std::filesystem::remove(out);
            const auto report = deidentify(entry.path(), out, Map());
            QVERIFY2(report.ok(), failureText(report).c_str());
            const auto before = Registry::standard().read(entry.path());
            const auto after = Registry::standard().read(out);
            QVERIFY(before.ok() && after.ok());
            QVERIFY2(sameSamples(*before, *after), entry.path().c_str());
            QCOMPARE(warnings(*after, WarningCode::Checksum), 0U);
            QCOMPARE(before->warnings.size(), after->warnings.size());
            ++files;
        }
        QVERIFY(files > 15);
    }

    void realRecording() {
        const auto given = qEnvironmentVariable("PRECORDIA_DATA");
        const auto data = given.isEmpty() ? qEnvironmentVariable("PRECORDIA_SOURCE_DIR") + "/../shared/data" : given;
        const std::filesystem::path in = (data + "/formats/scp/Example.scp").toStdString();
        if (!std::filesystem::exists(in))
            QSKIP("no real ECGs here: set PRECORDIA_DATA to a folder with them");
        const Folder folder;
        const auto out = folder.path("out.scp");
        const auto report = deidentify(in, out, Map());
        QVERIFY2(report.ok(), failureText(report).c_str());
        const auto before = Registry::standard().read(in);
        const auto after = Registry::standard().read(out);
        QVERIFY(before.ok() && after.ok());
        QVERIFY(sameSamples(*before, *after) && sameSamples(before->medianBeats[0], after->medianBeats[0]));
        QVERIFY(before->fileMeasurements == after->fileMeasurements);
        const auto written = contents(out);
        QVERIFY(!before->metadata.patientId.empty() && !written.contains(before->metadata.patientId.c_str()));
        QVERIFY(!written.contains("ELI250") && !written.contains("ECGConversion"));
        QVERIFY(after->metadata.recordedAt != before->metadata.recordedAt);
    }
};

QTEST_GUILESS_MAIN(TestIoDeidentifyScp)
#include "test_io_deidentify_scp.moc"
