// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/result.h"
#include "core/base/strong_index.h"

#include <QTest>

#include <memory>
#include <set>
#include <unordered_set>

using namespace precordia;

class TestBaseResult : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void threeOutcomesExcludeEachOther() {
        const Result<int> value(7);
        QVERIFY(value.ok() && !value.failed() && !value.cancelled());
        QCOMPARE(*value, 7);
        const Result<int> error(makeError(ErrorCode::FileTruncated, "400 of 1000 samples are there", "a.hea, line 3"));
        QVERIFY(!error.ok() && error.failed() && !error.cancelled());
        const Result<int> cancelled(Cancelled{});
        QVERIFY(!cancelled.ok() && !cancelled.failed() && cancelled.cancelled());
        QVERIFY(!cancelled);
    }

    void errorTextNamesPlaceSentenceAndReason() {
        const auto error = makeError(ErrorCode::FileTruncated, "400 of 1000 samples are there", "a.hea, line 3");
        QCOMPARE(error.text(), std::string("a.hea, line 3: the file ends too early: 400 of 1000 samples are there"));
        QCOMPARE(makeError(ErrorCode::NotFound, {}).text(), std::string("it is not there"));
        QCOMPARE(makeError(ErrorCode::NotFound, {}, "x").text(), std::string("x: it is not there"));
        // The study is there.
        QCOMPARE(makeError(ErrorCode::NotFound, "no recording matches", "study").text(),
                 std::string("study: no recording matches"));
    }

    void everyCodeHasASentenceOfItsOwn() {
        std::set<std::string_view> sentences;
        const int last = static_cast<int>(ErrorCode::Bug);
        for (int code = 0; code <= last; ++code)
            sentences.insert(describe(static_cast<ErrorCode>(code)));
        QCOMPARE(static_cast<int>(sentences.size()), last + 1);
        QVERIFY(!sentences.contains(""));
    }

    void asHandsOnErrorAndCancellation() {
        const Result<int> error(makeError(ErrorCode::LeadMissing, "V4", "x.csv"));
        const auto handed = error.as<std::string>();
        QVERIFY(handed.failed());
        QCOMPARE(handed.error().text(), error.error().text());
        QVERIFY(Result<int>(Cancelled{}).as<std::string>().cancelled());
        QCOMPARE(failureText(error), error.error().text());
        QCOMPARE(failureText(Result<int>(Cancelled{})), std::string("stopped"));
        QCOMPARE(failureText(Result<int>(1)), std::string());
    }

    void moveOnlyValuesComeOut() {
        Result<std::unique_ptr<int>> result(std::make_unique<int>(5));
        const std::unique_ptr<int> out = *std::move(result);
        QCOMPARE(*out, 5);
    }

    void indicesOrderHashAndKnowNone() {
        QVERIFY(!RecordingId().valid());
        QVERIFY(RecordingId(0).valid());
        QVERIFY(SampleIndex(3) < SampleIndex(4));
        const std::unordered_set<RecordingId> set = {RecordingId(1), RecordingId(1), RecordingId(2)};
        QCOMPARE(static_cast<int>(set.size()), 2);
        static_assert(!std::is_convertible_v<SampleIndex, IntervalIndex>);
        static_assert(!std::is_convertible_v<int, RecordingId>);
    }
};

QTEST_APPLESS_MAIN(TestBaseResult)
#include "test_base_result.moc"
