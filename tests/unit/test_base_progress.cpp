// SPDX-License-Identifier: GPL-3.0-or-later
// Progress against a clock that stands still until the test moves it.
#include "core/base/progress.h"

#include <QTest>

#include <vector>

using namespace precordia;
using std::chrono::milliseconds;

class TestBaseProgress : public QObject {
    Q_OBJECT
    Progress::Clock::time_point now_{std::chrono::hours(1)};
    std::vector<ProgressState> seen_;

    Progress make() {
        return Progress([this](const ProgressState& s) { seen_.push_back(s); }, milliseconds(100),
                        [this] { return now_; });
    }

private Q_SLOTS:
    void init() { seen_.clear(); }

    void reportsAtMostOnceAnIntervalAndAtTheEnd() {
        auto progress = make();
        progress.begin("reading", 1000);
        QCOMPARE(seen_.size(), 1U);
        for (int i = 0; i < 50; ++i)
            progress.advance();
        QCOMPARE(seen_.size(), 1U); // the clock stood still
        now_ += milliseconds(99);
        progress.advance();
        QCOMPARE(seen_.size(), 1U);
        now_ += milliseconds(1);
        progress.advance();
        QCOMPARE(seen_.size(), 2U);
        QCOMPARE(seen_.back().done, 52);
        progress.update(1000); // the end is told at once
        QCOMPARE(seen_.size(), 3U);
        QCOMPARE(seen_.back().done, 1000);
        QCOMPARE(seen_.back().phase, std::string("reading"));
    }

    void timeLeftIsLinearAndOnlyWithGround() {
        auto progress = make();
        progress.begin("training", 400);
        now_ += milliseconds(900);
        progress.update(100); // a quarter, but less than a second of work
        QVERIFY(!seen_.back().left);
        now_ += milliseconds(1100);
        progress.update(101);
        progress.update(100);
        now_ += milliseconds(1000);
        progress.update(100); // 3 s for a quarter: 9 s left
        QVERIFY(seen_.back().left.has_value());
        QCOMPARE(seen_.back().left->count(), 9000);
        QCOMPARE(seen_.back().spent.count(), 3000);
        now_ += milliseconds(1000);
        progress.update(1); // 0.25 % is no ground
        QVERIFY(!seen_.back().left);
    }

    void aNewPhaseRestartsTheClock() {
        auto progress = make();
        progress.begin("one", 10);
        now_ += milliseconds(5000);
        progress.begin("two", 10);
        QCOMPARE(seen_.back().spent.count(), 0);
        QCOMPARE(seen_.back().done, 0);
    }

    void moreDoneThanAnnouncedStaysWithinBounds() {
        auto progress = make();
        progress.begin("reading", 10);
        now_ += milliseconds(2000);
        progress.update(15);
        QCOMPARE(seen_.back().fraction(), 1.0);
        QVERIFY(seen_.back().left->count() >= 0);
        QCOMPARE((ProgressState{-3, 10, {}, {}, {}}.fraction()), 0.0);
        QCOMPARE((ProgressState{3, 0, {}, {}, {}}.fraction()), 0.0); // unknown total
    }

    void withoutASinkNothingHappens() {
        Progress progress;
        progress.begin("x", 3);
        progress.advance();
        progress.update(3);
        QVERIFY(seen_.empty());
    }

    void durationsInWords() {
        QCOMPARE(durationText(milliseconds(12'400)), std::string("12 s"));
        QCOMPARE(durationText(milliseconds(200'000)), std::string("3 min 20 s"));
        QCOMPARE(durationText(milliseconds(59'600)), std::string("1 min 0 s"));
        QCOMPARE(durationText(milliseconds(70 * 60 * 1000)), std::string("1 h 10 min"));
    }
};

QTEST_APPLESS_MAIN(TestBaseProgress)
#include "test_base_progress.moc"
