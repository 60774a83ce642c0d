// SPDX-License-Identifier: GPL-3.0-or-later
// The overview of a long recording: built, opened again, built anew when file or cache changed, stopped.
#include "core/ecg/synthesis.h"
#include "core/io/wfdb_writer.h"
#include "core/study/overview.h"
#include "tests/unit/io_fixture.h"

#include <QTest>

#include <chrono>
#include <cmath>

using namespace precordia;

namespace {

namespace fs = std::filesystem;

Recording minutes(double count, std::uint64_t seed = 6) {
    SynthesisOptions options;
    options.seconds = 60 * count;
    options.samplingRate = 200;
    options.heartRate = 70;
    auto made = synthesise(options, seed).recording;
    std::erase_if(made.leads, [](const Lead& lead) { return lead.name == "III" || lead.name.starts_with("aV"); });
    return made;
}

struct Fixture {
    test::Folder folder;
    fs::path file = folder.path("long.hea");
    fs::path cache = folder.path("cache") / "overviews";
    std::shared_ptr<const PagedRecording> pages;

    explicit Fixture(double count = 5) {
        if (writeWfdb(minutes(count), file).ok())
            if (auto opened = PagedRecording::open(file))
                pages = *opened;
    }
};

} // namespace

class TestStudyOverview : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void builtAndOpenedAgain() {
        const Fixture f;
        QVERIFY(f.pages);
        const auto key = overviewKey(f.file);
        QCOMPARE(key.size(), std::size_t(64));
        QVERIFY(openOverview(f.cache, key).failed());
        Progress progress;
        const auto built = buildOverview(*f.pages, f.cache, key, {}, progress);
        QVERIFY2(built.ok(), failureText(built).c_str());
        const auto opened = openOverview(f.cache, key);
        QVERIFY2(opened.ok(), failureText(opened).c_str());
        const auto& o = **opened;
        QCOMPARE(o.pyramid->shape().samples, f.pages->samples());
        QCOMPARE(o.pyramid->shape().leads, 12); // the derived limb leads too
        QCOMPARE(o.beats.size(), (*built)->beats.size());
        QVERIFY(std::abs(static_cast<double>(o.beats.size()) - 350) < 5); // 70 bpm for 5 min
        QCOMPARE(o.trend.points.size(), std::size_t(30));
        QVERIFY(std::abs(*o.trend.points[15].heartRateBpm - 70) < 6);
        // The name tells nothing of the file.
        const auto name = overviewFile(f.cache, key).filename().string();
        QVERIFY(name.find("long") == std::string::npos);
        QCOMPARE(name.size(), std::size_t(32 + 9));
        // Another file, time or item is another key.
        QVERIFY(overviewKey(f.file, 1) != key);
        fs::last_write_time(f.folder.path("long.dat"), fs::file_time_type::clock::now() + std::chrono::seconds(5));
        QVERIFY(overviewKey(f.file) != key);
        QVERIFY(overviewKey("/nowhere.hea").empty());
    }

    // A derived lead's extremes are those of its samples, not of its parents' extremes.
    void derivedLeadsToo() {
        const Fixture f;
        Progress progress;
        const auto built = buildOverview(*f.pages, f.cache, overviewKey(f.file), {}, progress);
        QVERIFY(built.ok());
        const auto lead = f.pages->head().find("aVF");
        QVERIFY(lead.valid());
        const auto pairs = (*built)->pyramid->pairs(0, lead, 100, 20);
        QVERIFY(pairs.ok());
        const auto part = f.pages->read({3200, 640});
        QVERIFY(part.ok());
        const auto& samples = part->leads[static_cast<std::size_t>(lead.value)].samples;
        for (std::size_t k = 0; k < pairs->size(); ++k) {
            const auto [low, high] = std::minmax_element(samples.begin() + static_cast<std::ptrdiff_t>(32 * k),
                                                         samples.begin() + static_cast<std::ptrdiff_t>(32 * (k + 1)));
            QCOMPARE((*pairs)[k].low, *low);
            QCOMPARE((*pairs)[k].high, *high);
        }
    }

    void damagedIsMadeAgain() {
        const Fixture f;
        const auto key = overviewKey(f.file);
        Progress progress;
        QVERIFY(ensureOverview(*f.pages, f.cache, key, {}, progress).ok());
        const auto file = overviewFile(f.cache, key);
        const auto written = fs::last_write_time(file);
        QVERIFY(ensureOverview(*f.pages, f.cache, key, {}, progress).ok());
        QCOMPARE(fs::last_write_time(file), written); // it was there
        fs::resize_file(file, fs::file_size(file) / 2);
        const auto opened = openOverview(f.cache, key);
        QVERIFY(opened.failed());
        QCOMPARE(opened.error().code, ErrorCode::FormatInvalid);
        QVERIFY(ensureOverview(*f.pages, f.cache, key, {}, progress).ok());
        QVERIFY(openOverview(f.cache, key).ok());
    }

    void stoppedLeavesNothing() {
        const Fixture f;
        std::stop_source stop;
        stop.request_stop();
        Progress progress;
        const auto built = buildOverview(*f.pages, f.cache, overviewKey(f.file), stop.get_token(), progress);
        QVERIFY(built.cancelled());
        QVERIFY(fs::is_empty(f.cache));
    }

    void theOldestMakeRoom() {
        const Fixture f;
        Progress progress;
        const std::string first(64, 'a'), second(64, 'b');
        QVERIFY(buildOverview(*f.pages, f.cache, first, {}, progress).ok());
        const auto bytes = fs::file_size(overviewFile(f.cache, first));
        fs::last_write_time(overviewFile(f.cache, first), fs::file_time_type::clock::now() - std::chrono::hours(1));
        QVERIFY(buildOverview(*f.pages, f.cache, second, {}, progress, 3 * bytes).ok());
        QVERIFY(fs::exists(overviewFile(f.cache, first)));
        const std::string third(64, 'c');
        QVERIFY(buildOverview(*f.pages, f.cache, third, {}, progress, 5 * bytes / 2).ok());
        QVERIFY(!fs::exists(overviewFile(f.cache, first)));
        QVERIFY(fs::exists(overviewFile(f.cache, second)));
        QVERIFY(fs::exists(overviewFile(f.cache, third)));
    }

    // Few samples a column: they themselves; many: pairs, in their place in time.
    void partsOfAPage() {
        const Fixture f;
        Progress progress;
        const auto built = buildOverview(*f.pages, f.cache, overviewKey(f.file), {}, progress);
        QVERIFY(built.ok());
        const auto near = readPart(*f.pages, (*built)->pyramid.get(), 100, 110, 1000);
        QVERIFY(near.ok());
        QVERIFY(!near->envelope);
        QCOMPARE(near->recording.firstSample, std::int64_t(20'000));
        QCOMPARE(near->recording.samples(), std::size_t(2000));
        const auto far = readPart(*f.pages, (*built)->pyramid.get(), 0, 300, 1000);
        QVERIFY(far.ok());
        QVERIFY(far->envelope);
        QCOMPARE(far->recording.samplingRate, 2 * 200.0 / 32);
        QCOMPARE(far->recording.samples(), std::size_t(2 * 1875)); // 60,000 / 32
        QVERIFY(std::abs(far->recording.seconds() - 300) < 1e-9);
        // Without a pyramid no page is drawn that would need all samples of a day.
        QVERIFY(readPart(*f.pages, nullptr, 0, 300, 1000).ok());
        QCOMPARE(longestPlainPage(*f.pages), 1'500'000 / 12.0 / 200);
    }
};

QTEST_APPLESS_MAIN(TestStudyOverview)
#include "test_study_overview.moc"
