// SPDX-License-Identifier: GPL-3.0-or-later
// ISHNE Holter files by hand, and a real one decoded by numpy beside ours.
#include "core/io/ishne_annotation.h"
#include "core/io/ishne_reader.h"
#include "core/io/reader.h"
#include "tests/unit/ishne_fixture.h"

#include <QProcess>
#include <QTest>

#include <cmath>

using namespace precordia;
using namespace precordia::test;

namespace {

std::span<const std::byte> view(const QByteArray& bytes) {
    return std::as_bytes(std::span(bytes.constData(), static_cast<std::size_t>(bytes.size())));
}

Result<Recording> read(const QByteArray& bytes, const ReadOptions& options = {}) {
    return readIshne(*RandomAccess::of(view(bytes)), "made.ecg", options);
}

// Lead I counts up, V1 down; `samples` of each.
IshneFile made(int samples) {
    IshneFile file;
    file.samples = samples;
    for (int i = 0; i < samples; ++i)
        file.data += words16({i, -2 * i});
    return file;
}

IshneFile beats() {
    IshneFile file;
    file.magic = "ANN  1.0";
    file.samples = 100;
    file.data = words32({3}) + "N#" + words16({0}) + "V#" + words16({20}) + "!#" + words16({7}) + "X " + words16({30});
    return file;
}

} // namespace

class TestIoIshne : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void wholeFile() {
        auto file = made(100);
        file.text = "first line\r\nsecond line";
        const auto r = read(file.bytes());
        QVERIFY2(r.ok(), failureText(r).c_str());
        QVERIFY2(r->warnings.empty(), r->warnings.empty() ? "" : r->warnings.front().message.c_str());
        QCOMPARE(r->samplingRate, 200.0);
        QCOMPARE(r->samples(), 100U);
        QCOMPARE(r->samplesPromised, 100);
        QCOMPARE(r->leads.size(), 2U);
        QCOMPARE(r->leads[0].name, "I");
        QCOMPARE(r->leads[1].name, "V1");
        QCOMPARE(r->leads[0].samples[99], 99 * 2.5F);
        QCOMPARE(r->leads[1].samples[99], -198.0F);
        QCOMPARE(r->leads[0].quantum, 2.5);
        const auto& m = r->metadata;
        QCOMPARE(m.format, "ishne");
        QCOMPARE(m.patientId, "H-1");
        QCOMPARE(m.identity.patientName, "Muster, Max");
        QCOMPARE(m.identity.birthDate, "1931-12-24");
        QCOMPARE(m.ageYears.value(), 68.0);
        QCOMPARE(m.sex, "male");
        QCOMPARE(m.recordedAt, "2000-02-29T23:59:58");
        QCOMPARE(m.device, "digital");
        QVERIFY((m.comments == std::vector<std::string>{"lead V1: frequent noise", "first line", "second line"}));
    }

    void everyLeadCode() {
        const std::vector<std::string> names{"lead 1", "lead 2", "X",   "Y",   "Z",   "I",
                                             "II",     "III",    "aVR", "aVL", "aVF", "V1"};
        IshneFile file;
        file.codes = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
        file.resolution = std::vector<int>(12, 1000);
        file.samples = 1;
        file.data = words16({0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
        auto r = read(file.bytes());
        QVERIFY2(r.ok(), failureText(r).c_str());
        for (std::size_t l = 0; l < names.size(); ++l) {
            QCOMPARE(r->leads[l].name, names[l]);
            QCOMPARE(r->leads[l].samples[0], static_cast<float>(l));
        }
        file.codes = {12, 13, 14, 15, 16, 17, 18, 19, 20};
        r = read(file.bytes());
        QVERIFY(r.ok());
        QCOMPARE(r->leads[4].name, "V6");
        QCOMPARE(r->leads[5].name, "ES");
        QCOMPARE(r->leads[7].name, "AI");
        QCOMPARE(warnings(*r, WarningCode::UnknownCode), 1U);
    }

    void ranges() {
        const auto bytes = made(100).bytes();
        ReadOptions options;
        options.range = SampleRange{40, 10};
        auto r = read(bytes, options);
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->samples(), 10U);
        QCOMPARE(r->firstSample, 40);
        QCOMPARE(r->samplesPromised, 100);
        QCOMPARE(r->leads[1].samples[0], -80.0F);
        options.range = SampleRange{95, 10};
        QCOMPARE(read(bytes, options)->samples(), 5U);
        options.range = SampleRange{1000, 10};
        QCOMPARE(read(bytes, options)->samples(), 0U);
        options.range = SampleRange{-5, INT64_MAX};
        QCOMPARE(read(bytes, options)->samples(), 100U);
        options.range.reset();
        options.metadataOnly = true;
        QCOMPARE(read(bytes, options)->samples(), 0U);
        QCOMPARE(read(bytes, options)->samplesPromised, 100);
    }

    // 8 GB of a sparse file: only the range is touched.
    void rangeOfALargeFile() {
        const Folder folder;
        auto file = made(0);
        file.samples = 2'000'000'000;
        const auto path = folder.write("day.ecg", file.bytes());
        std::error_code ec;
        std::filesystem::resize_file(path, 522 + 8'000'000'000ULL, ec);
        if (ec)
            QSKIP("no room for a sparse file here");
        ReadOptions options;
        options.range = SampleRange{1'999'999'990, 100};
        const auto r = Registry::standard().read(path, options);
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->samples(), 10U);
        QCOMPARE(r->samplesPromised, 2'000'000'000);
        const auto whole = Registry::standard().read(path);
        QVERIFY(whole.failed());
        QCOMPARE(whole.error().code, ErrorCode::ValueOutOfRange);
    }

    void lengths() {
        auto file = made(100);
        file.samples = 120;
        auto r = read(file.bytes());
        QVERIFY(r.ok());
        QCOMPARE(r->samples(), 100U);
        QCOMPARE(r->samplesPromised, 120);
        QCOMPARE(warnings(*r, WarningCode::ShortFile), 1U);
        file.samples = 90;
        r = read(file.bytes());
        QCOMPARE(r->samples(), 90U);
        QCOMPARE(warnings(*r, WarningCode::LengthContradiction), 1U);
        file.samples = 200; // of both leads together
        r = read(file.bytes());
        QCOMPARE(r->samples(), 100U);
        QVERIFY(r->warnings.empty());
        file.samples = 0;
        r = read(file.bytes());
        QCOMPARE(r->samples(), 100U);
        QCOMPARE(warnings(*r, WarningCode::LengthUnknown), 1U);
        file.samples = 100;
        file.data += "x";
        QCOMPARE(warnings(*read(file.bytes()), WarningCode::LengthContradiction), 1U);
        file = made(100);
        file.dataOffset = 100'000;
        r = read(file.bytes());
        QVERIFY(r.ok());
        QCOMPARE(warnings(*r, WarningCode::LengthContradiction), 1U);
        QCOMPARE(r->leads[0].samples[99], 99 * 2.5F);
    }

    void repairs() {
        auto file = made(100);
        file.checksum = 0x1234;
        QCOMPARE(warnings(*read(file.bytes()), WarningCode::Checksum), 1U);
        file.checksum = 0; // left out
        QCOMPARE(warnings(*read(file.bytes()), WarningCode::Checksum), 0U);
        file = made(100);
        file.resolution = {-9, 1000};
        const auto r = read(file.bytes());
        QCOMPARE(warnings(*r, WarningCode::GainMissing), 1U);
        QCOMPARE(r->leads[0].samples[1], 1.0F);
        file = made(100);
        file.birth = file.recorded = {-9, -9, -9};
        QVERIFY(!read(file.bytes())->metadata.ageYears && read(file.bytes())->metadata.recordedAt.empty());
        file = made(50);
        for (int i = 0; i < 10; ++i)
            file.data += words16({32767, 0});
        file.samples = 60;
        QCOMPARE(warnings(*read(file.bytes()), WarningCode::ClippedSamples), 1U);
    }

    // A run at the limit that the end of a piece of 2^20 bytes cuts in two: 2^18 frames of two leads.
    void clippedAcrossPieces() {
        constexpr int kFrames = (1 << 18) + 100;
        auto file = made(kFrames);
        for (int i = -2; i < 2; ++i)
            file.data.replace(4 * ((1 << 18) + i), 2, words16({32767}));
        const auto r = read(file.bytes());
        QCOMPARE(warnings(*r, WarningCode::ClippedSamples), 1U);
        const auto warning = std::ranges::find(r->warnings, WarningCode::ClippedSamples, &Warning::code);
        QVERIFY2(warning->message.starts_with("4 "), warning->message.c_str());
    }

    void refusals() {
        const auto whole = made(100).bytes();
        QCOMPARE(read(whole.left(300)).error().code, ErrorCode::FileTruncated);
        QCOMPARE(read(whole.left(525)).error().code, ErrorCode::FileTruncated);
        auto file = made(100);
        file.codes = std::vector<int>(13, 5);
        file.codes.resize(12);
        auto bytes = file.bytes();
        bytes[156] = 13; // leads
        QCOMPARE(read(bytes).error().code, ErrorCode::FormatInvalid);
        file = made(100);
        file.rate = 0;
        QCOMPARE(read(file.bytes()).error().code, ErrorCode::FormatInvalid);
        QVERIFY(!read(file.bytes()).error().where.empty());
    }

    void annotations() {
        const Folder folder;
        const auto path = folder.write("h.ecg", made(100).bytes());
        folder.write("h.ann", beats().bytes());
        const auto r = Registry::standard().read(path);
        QVERIFY2(r.ok(), failureText(r).c_str());
        QVERIFY(r->warnings.empty());
        QCOMPARE(r->annotations.size(), 4U);
        const std::vector<std::pair<std::int64_t, std::string>> truth{{3, "N"}, {23, "V"}, {30, "~"}, {60, "|"}};
        for (std::size_t i = 0; i < truth.size(); ++i) {
            QCOMPARE(r->annotations[i].sample.value, truth[i].first);
            QCOMPARE(r->annotations[i].symbol, truth[i].second);
            QCOMPARE(r->annotations[i].source, "ann");
        }
        QVERIFY(Registry::standard().isCompanion(folder.path("h.ann")));
        QVERIFY(!Registry::standard().isCompanion(path));
        ReadOptions options;
        options.range = SampleRange{50, 5};
        QCOMPARE(Registry::standard().read(path, options)->annotations.size(), 4U);
        options.annotations = false;
        QVERIFY(Registry::standard().read(path, options)->annotations.empty());
        // Shorter than its annotations, at another rate, with a label of its own.
        auto file = made(50);
        file.rate = 250;
        auto other = beats();
        other.data += "k#" + words16({1});
        const auto shorter = folder.write("s.ecg", file.bytes());
        folder.write("s.ann", other.bytes());
        const auto s = Registry::standard().read(shorter);
        QCOMPARE(s->annotations.size(), 3U);
        QCOMPARE(warnings(*s, WarningCode::Annotation), 1U);
        QCOMPARE(warnings(*s, WarningCode::RateContradiction), 1U);
        QCOMPARE(warnings(*s, WarningCode::UnknownCode), 1U);
        const auto broken = folder.write("b.ecg", made(50).bytes());
        folder.write("b.ann", std::string("ANN  1.0"));
        QCOMPARE(warnings(*Registry::standard().read(broken), WarningCode::Annotation), 1U);
    }

    void mutations() {
        Dice dice(77);
        const auto whole = made(100).bytes();
        const auto marks = beats().bytes();
        for (int n = 0; n < 3000; ++n) {
            const auto bytes = mutated(n % 2 == 0 ? whole : whole.left(600), dice);
            const auto r = read(bytes);
            if (r.failed())
                QVERIFY(!r.error().message.empty() && r.error().code != ErrorCode::Bug);
            else
                QVERIFY(r->samples() * r->leads.size() * 2 <= static_cast<std::size_t>(bytes.size()));
            (void)ishne::parseAnnotations(view(mutated(marks, dice)), "m.ann");
        }
    }

    void realFileAsNumpyReadsIt() {
        const auto given = qEnvironmentVariable("PRECORDIA_DATA");
        const auto data = given.isEmpty() ? qEnvironmentVariable("PRECORDIA_SOURCE_DIR") + "/../shared/data" : given;
        const auto folder = QDir(data + "/formats/ishne");
        const auto files = folder.entryList({"*.ecg"}, QDir::Files);
        if (files.isEmpty())
            QSKIP("no real ECGs here: set PRECORDIA_DATA to a folder with them");
        // All samples in microvolts, lead by lead, then the annotated samples.
        const char* script =
            "import sys, numpy as np\n"
            "b = open(sys.argv[1], 'rb').read()\n"
            "n = int(np.frombuffer(b, '<i2', 1, 156)[0])\n"
            "r = np.frombuffer(b, '<i2', 12, 206)[:n]\n"
            "a = np.frombuffer(b, '<i2', offset=int(np.frombuffer(b, '<i4', 1, 22)[0])).reshape(-1, n)\n"
            "(a * (r / 1000.0)).T.astype('<f4').tofile(sys.argv[2])\n"
            "m = open(sys.argv[1][:-3] + 'ann', 'rb').read()\n"
            "t = np.frombuffer(m, [('l', 'S2'), ('n', '<u2')], offset=526)['n'].astype('<i8')\n"
            "(np.cumsum(t) + int(np.frombuffer(m, '<u4', 1, 522)[0])).tofile(sys.argv[3])\n";
        for (const auto& name : files) {
            const Folder out;
            const auto samples = QString::fromStdString(out.path("samples").string());
            const auto marks = QString::fromStdString(out.path("marks").string());
            QProcess python;
            python.start("/usr/bin/python3", {"-B", "-c", script, folder.filePath(name), samples, marks});
            python.waitForFinished(60'000);
            const auto why =
                python.error() == QProcess::FailedToStart ? QByteArray("no python3") : python.readAllStandardError();
            if (why == "no python3" || why.contains("No module named 'numpy'"))
                QSKIP("no python3 with numpy here");
            QVERIFY2(python.exitCode() == 0, why.constData());
            const auto r = Registry::standard().read(folder.filePath(name).toStdString());
            QVERIFY2(r.ok(), failureText(r).c_str());
            QFile truth(samples);
            QVERIFY(truth.open(QIODevice::ReadOnly));
            const auto bytes = truth.readAll();
            QCOMPARE(static_cast<std::size_t>(bytes.size()), r->leads.size() * r->samples() * sizeof(float));
            for (std::size_t l = 0; l < r->leads.size(); ++l)
                QCOMPARE(std::memcmp(r->leads[l].samples.data(), bytes.constData() + l * r->samples() * sizeof(float),
                                     r->samples() * sizeof(float)),
                         0);
            QFile beats(marks);
            QVERIFY(beats.open(QIODevice::ReadOnly));
            const auto places = beats.readAll();
            QCOMPARE(static_cast<std::size_t>(places.size()), r->annotations.size() * sizeof(std::int64_t));
            for (std::size_t i = 0; i < r->annotations.size(); ++i) {
                std::int64_t place = 0;
                std::memcpy(&place, places.constData() + i * sizeof place, sizeof place);
                QCOMPARE(r->annotations[i].sample.value, place);
            }
            QVERIFY(r->warnings.empty());
        }
    }
};

QTEST_GUILESS_MAIN(TestIoIshne)
#include "test_io_ishne.moc"
