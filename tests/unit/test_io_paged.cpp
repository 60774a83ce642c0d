// SPDX-License-Identifier: GPL-3.0-or-later
// A recording read by the page is the recording read whole, sample by sample; the pyramid is what brute force finds.
#include "core/ecg/synthesis.h"
#include "core/io/csv_writer.h"
#include "core/io/edf_writer.h"
#include "core/io/paged_recording.h"
#include "core/io/pyramid.h"
#include "core/io/wfdb_writer.h"
#include "tests/unit/io_fixture.h"

#include <QTest>

#include <bit>
#include <cmath>
#include <csignal>
#include <limits>
#include <random>
#include <sys/wait.h>
#include <unistd.h>

using namespace precordia;

namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

// Limb leads are left to be derived; in whole microvolts, with a gap.
Recording someRecording(double seconds, double rate) {
    SynthesisOptions options;
    options.seconds = seconds;
    options.samplingRate = rate;
    auto made = synthesise(options, 5).recording;
    std::erase_if(made.leads, [](const Lead& lead) { return lead.name == "III" || lead.name.starts_with("aV"); });
    for (auto& lead : made.leads)
        for (std::size_t i = 0; i < lead.samples.size(); ++i)
            lead.samples[i] = i % 5000 >= 4500 && i % 5000 < 4600 ? kNan : std::round(lead.samples[i]);
    return made;
}

bool same(float a, float b) {
    return std::isnan(a) ? std::isnan(b) : a == b;
}

void comparePages(const std::filesystem::path& file, bool held) {
    auto whole = Registry::standard().read(file);
    QVERIFY2(whole.ok(), failureText(whole).c_str());
    deriveLimbLeads(*whole);
    PagedLimits limits;
    limits.cacheBytes = 200'000;
    limits.blockSamples = 20'000;
    const auto paged = PagedRecording::open(file, {}, limits);
    QVERIFY2(paged.ok(), failureText(paged).c_str());
    const auto& pages = **paged;
    QCOMPARE(pages.heldWhole(), held);
    QCOMPARE(pages.samples(), static_cast<std::int64_t>(whole->samples()));
    QCOMPARE(pages.samplingRate(), whole->samplingRate);
    QCOMPARE(pages.head().leads.size(), whole->leads.size());
    QCOMPARE(pages.head().annotations.size(), whole->annotations.size());
    std::mt19937 random(11);
    const auto n = pages.samples();
    for (int k = 0; k < 60; ++k) {
        SampleRange range{static_cast<std::int64_t>(random()) % (n + 200) - 100,
                          static_cast<std::int64_t>(random()) % (k % 3 == 0 ? n : 3000)};
        if (k == 0)
            range = {0, n + 10};
        const auto part = k % 2 == 0 ? pages.read(range) : pages.readOnce(range);
        QVERIFY2(part.ok(), failureText(part).c_str());
        const auto first = std::clamp<std::int64_t>(range.first, 0, n);
        const auto end = std::clamp<std::int64_t>(range.first + range.count, first, n);
        QCOMPARE(static_cast<std::int64_t>(part->samples()), end - first);
        QCOMPARE(part->firstSample, first);
        QCOMPARE(part->leads.size(), whole->leads.size());
        for (std::size_t l = 0; l < part->leads.size(); ++l) {
            QCOMPARE(part->leads[l].name, whole->leads[l].name);
            QCOMPARE(part->leads[l].derived, whole->leads[l].derived);
            for (std::size_t i = 0; i < part->samples(); ++i)
                if (!same(part->leads[l].samples[i], whole->leads[l].samples[static_cast<std::size_t>(first) + i]))
                    QFAIL(qPrintable(QStringLiteral("lead %1, sample %2").arg(l).arg(first + qint64(i))));
        }
        if (!held)
            QVERIFY(pages.bytesHeld() <= limits.cacheBytes);
    }
    // Chosen leads, in the order asked for.
    const std::array chosen{LeadIndex(3), LeadIndex(0)};
    const auto two = pages.read({1000, 50}, chosen);
    QVERIFY(two.ok());
    QCOMPARE(two->leads.size(), std::size_t(2));
    QVERIFY(same(two->leads[0].samples[7], whole->leads[3].samples[1007]));
    QVERIFY(same(two->leads[1].samples[7], whole->leads[0].samples[1007]));
    const std::array absent{LeadIndex(99)};
    const auto none = pages.read({0, 1}, absent);
    QVERIFY(none.failed() && none.error().code == ErrorCode::WrongUse);
}

PyramidShape shapeOf(const Recording& recording) {
    return {static_cast<std::int64_t>(recording.samples()), recording.samplingRate,
            static_cast<int>(recording.leads.size())};
}

Recording chunkOf(const Recording& recording, std::size_t from, std::size_t to) {
    Recording chunk = recording;
    for (std::size_t l = 0; l < chunk.leads.size(); ++l) {
        const auto& samples = recording.leads[l].samples;
        chunk.leads[l].samples.assign(samples.begin() + static_cast<std::ptrdiff_t>(from),
                                      samples.begin() + static_cast<std::ptrdiff_t>(to));
    }
    return chunk;
}

std::vector<std::byte> someBytes() {
    return {std::byte{1}, std::byte{2}, std::byte{3}};
}

void writePyramid(const Recording& recording, const std::filesystem::path& file, std::size_t step) {
    const auto writer = PyramidWriter::create(file, "key", shapeOf(recording));
    QVERIFY2(writer.ok(), failureText(writer).c_str());
    for (std::size_t at = 0; at < recording.samples(); at += step) {
        const auto done = (*writer)->add(chunkOf(recording, at, std::min(recording.samples(), at + step)));
        QVERIFY2(done.ok(), failureText(done).c_str());
    }
    const auto done = (*writer)->finish(someBytes());
    QVERIFY2(done.ok(), failureText(done).c_str());
}

// 3 leads of random walks: NaN here and there, a stretch of nothing but NaN, an end that fills no pair.
Recording walks(std::size_t samples) {
    std::mt19937 random(3);
    std::normal_distribution<float> step(0, 5);
    Recording out;
    out.samplingRate = 128;
    for (const char* name : {"I", "II", "V1"}) {
        Lead lead{name, {}, "uV", "mV", 1, false};
        float value = 0;
        for (std::size_t i = 0; i < samples; ++i) {
            value += step(random);
            const bool gap = (i > 3000 && i < 12'000) || random() % 97 == 0;
            lead.samples.push_back(gap ? kNan : value);
        }
        out.leads.push_back(std::move(lead));
    }
    return out;
}

int filesIn(const std::filesystem::path& folder, const char* extension) {
    int count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        count += entry.path().extension() == extension ? 1 : 0;
    return count;
}

} // namespace

class TestIoPaged : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void wfdbByThePage() {
        const test::Folder folder;
        const auto file = folder.path("long.hea");
        QVERIFY(writeWfdb(someRecording(95, 360), file).ok());
        comparePages(file, false);
        const auto named = PagedRecording::open(folder.path("long")); // without its extension
        QVERIFY(named.ok());
    }

    void edfByThePage() {
        const test::Folder folder;
        const auto file = folder.path("long.edf");
        auto recording = someRecording(70, 200);
        for (auto& lead : recording.leads)
            for (auto& v : lead.samples)
                v = std::isnan(v) ? 0 : v;
        QVERIFY(writeEdf(recording, file).ok());
        comparePages(file, false);
    }

    void aFormatThatIsReadWhole() {
        const test::Folder folder;
        const auto file = folder.path("table.csv");
        QVERIFY(writeCsv(someRecording(20, 100), file).ok());
        comparePages(file, true);
        PagedLimits limits;
        limits.wholeSamples = 1000;
        const auto tooLong = PagedRecording::open(file, {}, limits);
        QVERIFY(tooLong.failed());
        QCOMPARE(tooLong.error().code, ErrorCode::ValueOutOfRange);
        QVERIFY(tooLong.error().message.find("only read whole") != std::string::npos);
    }

    // The header promises 36,000 samples, the file holds 10,000.
    void aFileCutShort() {
        const test::Folder folder;
        const auto file = folder.path("short.hea");
        QVERIFY(writeWfdb(someRecording(100, 360), file).ok());
        std::filesystem::resize_file(folder.path("short.dat"), 10'000 * 8 * 2);
        const auto paged = PagedRecording::open(file);
        QVERIFY2(paged.ok(), failureText(paged).c_str());
        QCOMPARE((*paged)->samples(), std::int64_t(10'000));
        QVERIFY(!(*paged)->head().warnings.empty());
    }

    void notThere() {
        const auto none = PagedRecording::open("/nowhere/at/all.hea");
        QVERIFY(none.failed());
        QCOMPARE(none.error().code, ErrorCode::FileNotFound);
    }

    void pyramidIsBruteForce_data() {
        QTest::addColumn<int>("samples");
        QTest::addColumn<int>("step");
        QTest::newRow("ragged end, ragged chunks") << 300'011 << 777;
        QTest::newRow("one chunk") << 262'144 << 262'144;
        QTest::newRow("less than a pair") << 5 << 2;
        QTest::newRow("one pair more than a level's end") << 32 * 1024 + 1 << 4096;
    }
    void pyramidIsBruteForce() {
        QFETCH(int, samples);
        QFETCH(int, step);
        const test::Folder folder;
        const auto recording = walks(static_cast<std::size_t>(samples));
        const auto file = folder.path("walk.overview");
        writePyramid(recording, file, static_cast<std::size_t>(step));
        const auto pyramid = Pyramid::open(file, "key");
        QVERIFY2(pyramid.ok(), failureText(pyramid).c_str());
        const auto& shape = (*pyramid)->shape();
        QCOMPARE(shape.samples, std::int64_t(samples));
        QCOMPARE((*pyramid)->more().size(), std::size_t(3));
        QVERIFY(shape.pairs(shape.levels() - 1) <= 1024);
        std::int64_t bucket = 32;
        for (int level = 0; level < shape.levels(); ++level, bucket *= 8) {
            QCOMPARE(shape.bucket(level), bucket);
            for (int l = 0; l < 3; ++l) {
                const auto pairs = (*pyramid)->pairs(level, LeadIndex(l), 0, shape.pairs(level) + 5);
                QVERIFY2(pairs.ok(), failureText(pairs).c_str());
                QCOMPARE(static_cast<std::int64_t>(pairs->size()), (samples + bucket - 1) / bucket);
                for (std::size_t k = 0; k < pairs->size(); ++k) {
                    float low = kNan, high = kNan;
                    for (auto i = static_cast<std::int64_t>(k) * bucket;
                         i < std::min<std::int64_t>(samples, static_cast<std::int64_t>(k + 1) * bucket); ++i) {
                        low = std::fmin(
                            low, recording.leads[static_cast<std::size_t>(l)].samples[static_cast<std::size_t>(i)]);
                        high = std::fmax(
                            high, recording.leads[static_cast<std::size_t>(l)].samples[static_cast<std::size_t>(i)]);
                    }
                    QVERIFY(same((*pairs)[k].low, low) && same((*pairs)[k].high, high));
                }
            }
        }
    }

    void aStretchOfThePyramid() {
        const test::Folder folder;
        const auto recording = walks(300'011);
        const auto file = folder.path("walk.overview");
        writePyramid(recording, file, 50'000);
        const auto pyramid = Pyramid::open(file, "key");
        QVERIFY(pyramid.ok());
        // 100,000 samples on 400 columns: 250 a column; level 0 has pairs of 32, level 1 of 256.
        QCOMPARE((*pyramid)->shape().levelFor(100'000, 400), 0);
        QCOMPARE((*pyramid)->shape().levelFor(102'400, 400), 1);
        QCOMPARE((*pyramid)->shape().levelFor(1000, 400), -1);
        const auto part = (*pyramid)->envelope(recording, {100'000, 100'000}, 0);
        QVERIFY(part.ok());
        QCOMPARE(part->samplingRate, 2 * 128.0 / 32);
        QCOMPARE(part->firstSample, std::int64_t(2 * (100'000 / 32)));
        QCOMPARE(part->samples(), std::size_t(2 * (200'000 / 32 - 100'000 / 32)));
        // Sample 2k and 2k + 1 are the extremes of samples 32 (3125 + k) to + 31: where they lie in time.
        const auto& lead = part->leads[2];
        float low = 1e9F, high = -1e9F;
        for (std::size_t i = 100'000 + 32 * 40; i < 100'000 + 32 * 41; ++i) {
            low = std::fmin(low, recording.leads[2].samples[i]);
            high = std::fmax(high, recording.leads[2].samples[i]);
        }
        QCOMPARE(lead.samples[80], low);
        QCOMPARE(lead.samples[81], high);
        QCOMPARE(lead.name, std::string("V1"));
    }

    void aDamagedPyramidIsFound() {
        const test::Folder folder;
        const auto recording = walks(300'011);
        const auto file = folder.path("walk.overview");
        writePyramid(recording, file, 50'000);
        QVERIFY(Pyramid::open(file, "another key").failed());
        QFile raw(QString::fromStdString(file.string()));
        QVERIFY(raw.open(QIODevice::ReadWrite));
        const auto bytes = raw.readAll();
        const auto withByte = [&](qint64 at) {
            raw.seek(0);
            raw.write(bytes);
            raw.seek(at);
            raw.write(QByteArray(1, static_cast<char>(bytes[at] ^ 0x10)));
            raw.flush();
            return Pyramid::open(file, "key");
        };
        for (const qint64 at : {qint64(0), qint64(16), qint64(24), bytes.size() - 1, bytes.size() - 20}) {
            const auto opened = withByte(at);
            QVERIFY(opened.failed());
            QCOMPARE(opened.error().code, ErrorCode::FormatInvalid);
        }
        // In the pairs: told when they are read, not before; a neighbour's tile is whole.
        const auto opened = withByte(88 + 5000 * 8);
        QVERIFY(opened.ok());
        const auto broken = (*opened)->pairs(0, LeadIndex(0), 4500, 10);
        QVERIFY(broken.failed());
        QCOMPARE(broken.error().code, ErrorCode::FormatInvalid);
        QVERIFY((*opened)->pairs(0, LeadIndex(0), 10, 10).ok());
        QVERIFY((*opened)->pairs(0, LeadIndex(1), 10, 10).ok());
        raw.resize(bytes.size() - 1);
        QVERIFY(Pyramid::open(file, "key").failed());
        raw.resize(40);
        QVERIFY(Pyramid::open(file, "key").failed());
        QVERIFY(Pyramid::open(folder.path("none.overview"), "key").failed());
    }

    void anUnfinishedPyramidLeavesNothing() {
        const test::Folder folder;
        const auto recording = walks(100'000);
        const auto file = folder.path("walk.overview");
        {
            const auto writer = PyramidWriter::create(file, "key", shapeOf(recording));
            QVERIFY(writer.ok());
            QVERIFY((*writer)->add(chunkOf(recording, 0, 50'000)).ok());
            QVERIFY((*writer)->finish({}).failed());         // samples are missing
            QVERIFY((*writer)->add(walks(60'000)).failed()); // too many
        }
        QVERIFY(!std::filesystem::exists(file));
        QCOMPARE(filesIn(file.parent_path(), ".part"), 0);

        // Killed in the middle: nothing under the name, and the next writer takes away what lies there.
        const pid_t child = ::fork();
        if (child == 0) {
            const auto writer = PyramidWriter::create(file, "key", shapeOf(recording));
            if (writer.ok() && (*writer)->add(chunkOf(recording, 0, 90'000)).ok())
                ::raise(SIGKILL);
            ::_exit(1);
        }
        int status = 0;
        QCOMPARE(::waitpid(child, &status, 0), child);
        QVERIFY(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
        QVERIFY(!std::filesystem::exists(file));
        QCOMPARE(filesIn(file.parent_path(), ".part"), 1);
        writePyramid(recording, file, 10'000);
        QVERIFY(Pyramid::open(file, "key").ok());
        QCOMPARE(filesIn(file.parent_path(), ".part"), 0);
    }

    void nothingToMakeAPyramidOf() {
        const test::Folder folder;
        QVERIFY(PyramidWriter::create(folder.path("a.overview"), "key", {0, 100, 1}).failed());
        QVERIFY(PyramidWriter::create(folder.path("a.overview"), "key", {100, 100, 0}).failed());
        const auto huge = PyramidWriter::create(folder.path("a.overview"), "key", {std::int64_t{1} << 46, 1000, 12});
        QVERIFY(huge.failed()); // no disk has the room
        QCOMPARE(huge.error().code, ErrorCode::FileUnwritable);
        QCOMPARE(filesIn(folder.path("").parent_path(), ".part"), 0);
    }
};

QTEST_APPLESS_MAIN(TestIoPaged)
#include "test_io_paged.moc"
