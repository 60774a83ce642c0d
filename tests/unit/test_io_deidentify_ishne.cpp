// SPDX-License-Identifier: GPL-3.0-or-later
// A marker of its own in every text of an ISHNE recording and of its annotations: none may be in the bytes that are
// written, and samples and beats must be the same.
#include "core/io/deidentify.h"
#include "core/io/reader.h"
#include "tests/unit/ishne_fixture.h"

#include <QTest>

#include <cstring>

using namespace precordia;
using namespace precordia::test;

namespace {

class Map final : public IdentityMap {
public:
    std::string pseudonym(const std::string& id) const override { return id.empty() ? "" : "P0123456789ab"; }
    int dateShiftDays(const std::string& id) const override { return id == "MARK-id" ? -60 : id == "stem" ? -1 : -400; }
    std::string uid(const std::string&) const override { return "2.25.1"; }
};

QByteArray contents(const std::filesystem::path& path) {
    QFile file(QString::fromStdString(path.string()));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

IshneFile marked() {
    IshneFile file;
    file.text = "MARK-text of the variable block";
    file.first = "MARK-first";
    file.last = "MARK-last";
    file.id = "MARK-id";
    file.recorder = "MARK-recorder";
    file.proprietary = "MARK-proprietary";
    file.copyright = "MARK-copyright";
    file.reserved = "MARK-reserved";
    file.race = 2;
    file.pacemaker = 3;
    file.samples = 50;
    for (int i = 0; i < 50; ++i)
        file.data += words16({i, -2 * i});
    return file;
}

IshneFile markedBeats() {
    auto file = marked();
    file.magic = "ANN  1.0";
    file.data = words32({3}) + "NM" + words16({0}) + "VA" + words16({20}) + "MR" + words16({7}) + "MAR";
    return file;
}

} // namespace

class TestIoDeidentifyIshne : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void noMarker() {
        const Folder folder;
        auto file = marked();
        file.data += "MARK behind the samples"; // a part of a sample, and more than the header promises
        const auto in = folder.write("in.ecg", file.bytes());
        folder.write("in.ann", markedBeats().bytes());
        const auto out = folder.path("out.ecg");
        const auto report = deidentify(in, out, Map());
        QVERIFY2(report.ok(), failureText(report).c_str());
        QVERIFY((report->written == std::vector<std::filesystem::path>{out, folder.path("out.ann")}));
        for (const auto& path : report->written) {
            const auto written = contents(path);
            QVERIFY(written.size() > 522);
            QVERIFY2(!written.contains("MA") && !written.contains("AR"), path.c_str());
        }
        for (const auto* field : {"patient name", "patient id", "birth date", "recorder", "proprietary field",
                                  "copyright field", "reserved field", "text of the variable block"})
            QVERIFY2(std::find(report->removed.begin(), report->removed.end(), field) != report->removed.end(), field);
        QCOMPARE(std::distance(std::filesystem::directory_iterator(folder.path("")), {}), 4); // no temporary file
    }

    void whatStays() {
        const Folder folder;
        const auto in = folder.write("in.ecg", marked().bytes());
        folder.write("in.ann", markedBeats().bytes());
        const auto out = folder.path("out.ecg");
        QVERIFY(deidentify(in, out, Map()).ok());
        const auto before = Registry::standard().read(in);
        const auto after = Registry::standard().read(out);
        QVERIFY2(before.ok() && after.ok(), (failureText(before) + failureText(after)).c_str());
        QCOMPARE(contents(out).size(), contents(in).size());
        QCOMPARE(contents(out).last(200), contents(in).last(200)); // the samples' bytes
        QCOMPARE(after->leads.size(), before->leads.size());
        for (std::size_t l = 0; l < after->leads.size(); ++l) {
            QCOMPARE(after->leads[l].name, before->leads[l].name);
            QVERIFY(after->leads[l].samples == before->leads[l].samples);
        }
        QVERIFY(after->warnings.empty()); // the half annotation at the end is gone, the unknown label is "unclassified"
        QCOMPARE(after->annotations.size(), 3U);
        for (std::size_t i = 0; i < 3; ++i) {
            QCOMPARE(after->annotations[i].sample.value, before->annotations[i].sample.value);
            QCOMPARE(after->annotations[i].symbol, before->annotations[i].symbol);
        }
        const auto& m = after->metadata;
        QCOMPARE(m.patientId, "P0123456789ab");
        QVERIFY(m.identity.patientName.empty() && m.identity.birthDate.empty() && m.device.empty());
        QCOMPARE(m.recordedAt, "1999-12-31T23:59:58"); // 60 days before the 29th of February
        QCOMPARE(m.sex, "male");
        QVERIFY(
            (m.comments == std::vector<std::string>{"lead V1: frequent noise", "pacemaker: dual chamber, unipolar"}));
        // The checksum is of the new bytes.
        const auto written = contents(out);
        const auto expected = bitwiseCrc(written.mid(10, 512 + 31));
        QCOMPARE(written.mid(8, 2), words16({expected}));
    }

    void withoutIdOrAnnotations() {
        const Folder folder;
        auto file = marked();
        file.id.clear();
        file.recorder = "Digital";
        const auto in = folder.write("stem.ecg", file.bytes());
        const auto out = folder.path("out.ecg");
        const auto report = deidentify(in, out, Map());
        QVERIFY2(report.ok(), failureText(report).c_str());
        QCOMPARE(report->written.size(), 1U);
        const auto after = Registry::standard().read(out);
        QCOMPARE(after->metadata.patientId, "");
        QCOMPARE(after->metadata.recordedAt, "2000-02-28T23:59:58"); // by the file's stem
        QCOMPARE(after->metadata.device, "digital");
    }

    void refusals() {
        const Folder folder;
        const auto in = folder.write("in.ecg", marked().bytes());
        folder.write("in.ann", markedBeats().bytes());
        folder.write("out.ann", std::string("of another"));
        const auto out = folder.path("out.ecg");
        QCOMPARE(deidentify(in, out, Map()).error().code, ErrorCode::AlreadyExists);
        QVERIFY(!std::filesystem::exists(out));
        QCOMPARE(contents(folder.path("out.ann")), QByteArray("of another"));
        auto file = marked();
        file.rate = 0;
        QVERIFY(deidentify(folder.write("bad.ecg", file.bytes()), folder.path("o.ecg"), Map()).failed());
        QCOMPARE(deidentify(in, folder.path("no/folder.ecg"), Map()).error().code, ErrorCode::FileUnwritable);
    }
};

QTEST_GUILESS_MAIN(TestIoDeidentifyIshne)
#include "test_io_deidentify_ishne.moc"
