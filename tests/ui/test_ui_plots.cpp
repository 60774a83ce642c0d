// SPDX-License-Identifier: GPL-3.0-or-later
// The pictures of the Intervals, Events, Map and Training views under a hand, and what they compute before they draw.
#include "core/base/file.h"
#include "core/engine/run_history.h"
#include "ui/map/map_colouring.h"
#include "ui/map/scatter_canvas.h"
#include "ui/map/selection_profile.h"
#include "ui/plots/heat_map.h"
#include "ui/plots/qcustomplot.h"
#include "ui/plots/series_plot.h"
#include "ui/plots/trace_stack.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QWheelEvent>

#include <cmath>

using namespace precordia;

namespace {

std::shared_ptr<const Recording> flatRecording() {
    auto recording = std::make_shared<Recording>();
    recording->samplingRate = 250;
    Lead lead;
    lead.name = "II";
    lead.samples.assign(2500, 0.0F);
    recording->leads.push_back(lead);
    return recording;
}

RecordingRow row(std::int64_t id, std::vector<std::string> labels, double bpm) {
    RecordingRow out;
    out.id = RecordingId(id);
    out.labels = std::move(labels);
    out.heartRateBpm = bpm;
    return out;
}

// Four points on the corners of a square, recording ids 1 to 4.
void putSquare(ScatterCanvas& canvas) {
    canvas.resize(400, 400);
    std::vector<ScatterPoint> points;
    const double x[] = {0, 1, 1, 0};
    const double y[] = {0, 0, 1, 1};
    for (int i = 0; i < 4; ++i)
        points.push_back({RecordingId(i + 1), x[i], y[i], Qt::black, 0, false});
    canvas.setPoints(points);
    canvas.show();
}

} // namespace

class TestUiPlots : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aDragHidesWhatItTouchesAndAClickShowsItAgain();
    void nothingIsHiddenWhereNothingMayBe();
    void dimensionsThatMoveTogetherStandTogether();
    void aLassoTakesWhatItEncloses();
    void aClickOpensTheNearestPointOnly();
    void theWheelKeepsThePlaceUnderTheMouse();
    void aProfileTellsSharesAndEffectSize();
    void numbersAreColouredBetweenTheirPercentiles();
    void aRecordingIsShownUnderItsRarestLabel();
    void otherLabelsAreSeen();
    void aRunIsReadAsFarAsItsLinesAreWhole();
    void marksOfACurve();
};

void TestUiPlots::aDragHidesWhatItTouchesAndAClickShowsItAgain() {
    TraceStack trace;
    trace.resize(568, 200); // 56 left, 12 right: 50 px a second
    trace.setRecording(flatRecording(), 10);
    trace.setIntervals(50, 0.2);
    trace.setHidable(true);
    trace.show();
    QSignalSpy changed(&trace, &TraceStack::hiddenChanged);
    const auto at = [](double seconds) { return QPoint(static_cast<int>(56 + seconds * 50), 100); };
    QTest::mousePress(&trace, Qt::LeftButton, {}, at(1.05));
    QTest::mouseMove(&trace, at(1.25));
    QTest::mouseMove(&trace, at(1.45));
    QTest::mouseRelease(&trace, Qt::LeftButton, {}, at(1.45));
    QCOMPARE(changed.count(), 1); // one change for the whole drag
    for (int i = 0; i < 50; ++i)
        QCOMPARE(trace.hidden()[static_cast<std::size_t>(i)], i >= 5 && i <= 7);
    QTest::mouseClick(&trace, Qt::LeftButton, {}, at(1.25));
    QVERIFY(trace.hidden()[5] && !trace.hidden()[6] && trace.hidden()[7]);
}

void TestUiPlots::nothingIsHiddenWhereNothingMayBe() {
    TraceStack trace;
    trace.resize(568, 200);
    trace.setRecording(flatRecording(), 10);
    trace.setIntervals(50, 0.2);
    trace.show();
    QTest::mouseClick(&trace, Qt::LeftButton, {}, QPoint(200, 100));
    QVERIFY(std::none_of(trace.hidden().begin(), trace.hidden().end(), [](bool h) { return h; }));
}

void TestUiPlots::dimensionsThatMoveTogetherStandTogether() {
    // Dimensions 0 and 2 rise over four intervals, 1 and 3 fall: by loading the two pairs must be neighbours.
    EncodingTable table{4, 4, 0.2, {}};
    for (int t = 0; t < 4; ++t)
        for (const float slope : {1.0F, -1.0F, 2.0F, -3.0F})
            table.values.push_back(slope * static_cast<float>(t) + 5);
    const auto shown = orderedForDisplay(table);
    const auto at = [&](int t, int d) { return shown.values[static_cast<std::size_t>(t * 4 + d)]; };
    // As z-scores all four have the same spread; the pairs are equal within and opposite between.
    QVERIFY(std::abs(at(3, 0) - at(3, 1)) < 1e-5F);
    QVERIFY(std::abs(at(3, 2) - at(3, 3)) < 1e-5F);
    QVERIFY(std::abs(at(3, 0) + at(3, 2)) < 1e-5F);
    QVERIFY(std::abs(at(0, 0) + at(1, 0) + at(2, 0) + at(3, 0)) < 1e-5F);
}

void TestUiPlots::aLassoTakesWhatItEncloses() {
    ScatterCanvas canvas;
    putSquare(canvas);
    QSignalSpy lassoed(&canvas, &ScatterCanvas::lassoed);
    const auto a = canvas.positionOf(RecordingId(1)).toPoint();
    const auto b = canvas.positionOf(RecordingId(2)).toPoint();
    QVERIFY(a.x() < b.x() && a.y() == b.y()); // x to the right; both at the bottom
    canvas.setTool(ScatterCanvas::Tool::Rectangle);
    QTest::mousePress(&canvas, Qt::LeftButton, {}, a + QPoint(-10, -10));
    QTest::mouseMove(&canvas, b + QPoint(10, 10));
    QTest::mouseRelease(&canvas, Qt::LeftButton, {}, b + QPoint(10, 10));
    QCOMPARE(lassoed.count(), 1);
    const auto ids = lassoed[0][0].value<std::vector<RecordingId>>();
    QCOMPARE(ids.size(), 2U);
    QVERIFY(ids[0] == RecordingId(1) && ids[1] == RecordingId(2));
}

void TestUiPlots::aClickOpensTheNearestPointOnly() {
    ScatterCanvas canvas;
    putSquare(canvas);
    QSignalSpy clicked(&canvas, &ScatterCanvas::clicked);
    QSignalSpy lassoed(&canvas, &ScatterCanvas::lassoed);
    QTest::mouseClick(&canvas, Qt::LeftButton, {}, canvas.positionOf(RecordingId(3)).toPoint() + QPoint(3, 3));
    QCOMPARE(clicked.count(), 1);
    QVERIFY(clicked[0][0].value<RecordingId>() == RecordingId(3));
    QTest::mouseClick(&canvas, Qt::LeftButton, {}, QPoint(200, 200)); // the middle: nothing near
    QCOMPARE(clicked.count(), 1);
    QCOMPARE(lassoed.count(), 1); // clears the choice
    QVERIFY(lassoed[0][0].value<std::vector<RecordingId>>().empty());
}

void TestUiPlots::theWheelKeepsThePlaceUnderTheMouse() {
    ScatterCanvas canvas;
    putSquare(canvas);
    const auto before = canvas.positionOf(RecordingId(2));
    QWheelEvent wheel(before, canvas.mapToGlobal(before), {}, QPoint(0, 240), Qt::NoButton, Qt::NoModifier,
                      Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(&canvas, &wheel);
    const auto after = canvas.positionOf(RecordingId(2));
    QVERIFY(std::hypot(after.x() - before.x(), after.y() - before.y()) < 0.5);
    QVERIFY(canvas.positionOf(RecordingId(1)).x() < before.x() - 352 * 1.2); // the others moved away
}

void TestUiPlots::aProfileTellsSharesAndEffectSize() {
    // In the set 60 and 62 bpm, elsewhere 80 and 82: means 61 and 81, each variance 2, pooled deviation sqrt(2).
    const std::vector<RecordingRow> rows{row(1, {"af"}, 60), row(2, {"af", "lvh"}, 62), row(3, {"lvh"}, 80),
                                         row(4, {}, 82)};
    const auto profile = profileOf(rows, {RecordingId(1), RecordingId(2)});
    QCOMPARE(profile.size, 2);
    QCOMPARE(profile.labels.front().label, std::string("af"));
    QCOMPARE(profile.labels.front().shareInSet, 1.0);
    QCOMPARE(profile.labels.front().shareInRest, 0.0);
    QCOMPARE(profile.labels.back().shareInSet, 0.5); // lvh: one of two on either side
    QCOMPARE(profile.labels.back().shareInRest, 0.5);
    QVERIFY(std::abs(profile.heartRate.d - (61 - 81) / std::sqrt(2.0)) < 1e-9);
    QCOMPARE(profile.age.count, 0);
}

void TestUiPlots::numbersAreColouredBetweenTheirPercentiles() {
    std::vector<RecordingRow> rows;
    for (int i = 0; i <= 100; ++i)
        rows.push_back(row(i + 1, {}, i));
    rows.push_back(row(200, {}, 0));
    rows.back().heartRateBpm.reset();
    const auto colouring = MapColours::colour(rows, MapField::HeartRate);
    QVERIFY(colouring.numeric);
    QCOMPARE(colouring.low, 5.0);
    QCOMPARE(colouring.high, 95.0);
    QCOMPARE(colouring.marks[0].colour, colouring.marks[5].colour); // below the bar: its end colour
    QVERIFY(colouring.marks[5].colour != colouring.marks[50].colour);
    QVERIFY(colouring.marks.back().missing && !colouring.marks[0].missing);
}

void TestUiPlots::aRecordingIsShownUnderItsRarestLabel() {
    const std::vector<RecordingRow> rows{row(1, {"sinus rhythm"}, 60), row(2, {"rbbb", "sinus rhythm"}, 60),
                                         row(3, {}, 60)};
    const auto colouring = MapColours::colour(rows, MapField::Label);
    QCOMPARE(colouring.marks.size(), 3U);
    QVERIFY(colouring.marks[0].colour != colouring.marks[1].colour ||
            colouring.marks[0].shape != colouring.marks[1].shape);
    QVERIFY(colouring.marks[2].missing);
    QCOMPARE(colouring.legend.size(), 3U); // rbbb, sinus rhythm, none
    int counted = 0;
    for (const auto& entry : colouring.legend)
        counted += entry.count;
    QCOMPARE(counted, 3);
    QVERIFY(colouring.note.contains(QStringLiteral("several labels")));
    const auto entry = [&](const char* text) {
        for (const auto& one : colouring.legend)
            if (one.text == QLatin1String(text))
                return one;
        return MapLegendEntry{};
    };
    QCOMPARE(entry("sinus rhythm").count, 1); // one dot, of two recordings with the label
    QCOMPARE(entry("sinus rhythm").of, 2);
    QCOMPARE(entry("rbbb").of, 0); // all of them are in its colour
    QCOMPARE(entry("no label").count, 1);
    // Without a second label there is nothing to explain.
    QVERIFY(MapColours::colour({row(1, {"sinus rhythm"}, 60)}, MapField::Label).note.isEmpty());
}

// The eleventh most frequent label has no colour: a ring that is seen, told apart from no label at all.
void TestUiPlots::otherLabelsAreSeen() {
    std::vector<RecordingRow> rows;
    for (int label = 0; label < 11; ++label)
        for (int i = 0; i <= 11 - label; ++i)
            rows.push_back(row(static_cast<int>(rows.size()) + 1, {"label " + std::to_string(label)}, 60));
    rows.push_back(row(500, {}, 60));
    const auto colouring = MapColours::colour(rows, MapField::Label);
    const auto& other = colouring.marks[rows.size() - 2];
    const auto& none = colouring.marks.back();
    QVERIFY(other.missing && none.missing && other.shape != none.shape);
    QCOMPARE(colouring.legend[colouring.legend.size() - 2].text, QStringLiteral("other labels"));
    QCOMPARE(colouring.legend[colouring.legend.size() - 2].count, 2);
    // On the canvas it is as plain as the others, unless a choice fades it.
    ScatterCanvas canvas;
    canvas.resize(240, 200);
    const auto ink = [&](bool faded) {
        canvas.setPoints({{RecordingId(1), 0, 0, other.colour, other.shape, faded, true}});
        const QImage image = canvas.grab().toImage();
        const QPoint middle = canvas.positionOf(RecordingId(1)).toPoint();
        int darkest = 255;
        for (int x = -5; x <= 5; ++x)
            for (int y = -5; y <= 5; ++y)
                darkest = std::min(darkest, qGray(image.pixel(middle + QPoint(x, y))));
        return darkest;
    };
    QVERIFY2(ink(false) < 120, qPrintable(QString::number(ink(false)))); // 3 : 1 on white and more
    QVERIFY(ink(true) > ink(false));
}

void TestUiPlots::aRunIsReadAsFarAsItsLinesAreWhole() {
    QTemporaryDir folder;
    const auto run = std::filesystem::path(folder.path().toStdString()) / "2026-01-01-a";
    std::filesystem::create_directories(run);
    QVERIFY(writeFileAtomically(run / "config.json", R"({"name": "nano", "steps": 3})").ok());
    QVERIFY(writeFileAtomically(run / "metrics.csv",
                                "step,channel,temporal,event_std,event_effective_rank,event_mean_cosine,"
                                "event_temporal_std,verdict\n1,0.5,0.25,,,,,\n2,0.4,0.2,0.9,33,0.1,0.5,"
                                "healthy\n3,0.3,0.")
                .ok());
    const auto runs = readRuns(folder.path().toStdString());
    QCOMPARE(runs.size(), 1U);
    QCOMPARE(runs[0].preset, std::string("nano"));
    QVERIFY(!runs[0].complete);
    QCOMPARE(runs[0].updates.size(), 2U); // the third line was never finished
    QCOMPARE(runs[0].updates[0].channel, 0.5);
    QVERIFY(runs[0].updates[0].diagnostics.empty());
    QCOMPARE(runs[0].updates[1].diagnostics.size(), 1U);
    QCOMPARE(runs[0].updates[1].diagnostics[0].second.effectiveRank, 33.0);
    QCOMPARE(runs[0].updates[1].verdict, std::string("healthy"));
    QVERIFY(std::isnan(runs[0].updates[1].knn)); // written before there was such a column
    QVERIFY(runs[0].updates[1].alarm.empty());
}

// The points that want to be seen are drawn where they are, and go when the curve has none.
void TestUiPlots::marksOfACurve() {
    SeriesPlot plot;
    plot.resize(320, 200);
    Series curve{QStringLiteral("loss"), 0, {1, 2, 3, 4}, {0.4, 0.3, 0.9, 0.2}, {}, {}};
    plot.setSeries({curve});
    auto* inner = plot.findChild<QCustomPlot*>();
    const auto* marks = inner->graph(inner->graphCount() - 1);
    QCOMPARE(marks->dataCount(), 0);
    curve.markX = {3, 4};
    curve.markY = {0.9, std::nan("")};
    plot.setSeries({curve});
    QCOMPARE(marks->dataCount(), 1);
    QCOMPARE(marks->data()->at(0)->key, 3.0);
    QCOMPARE(marks->data()->at(0)->value, 0.9);
    QCOMPARE(inner->graph(0)->dataCount(), 4); // the curve itself is as it was
    curve.markX.clear();
    plot.setSeries({curve});
    QCOMPARE(marks->dataCount(), 0);
}

QTEST_MAIN(TestUiPlots)
#include "test_ui_plots.moc"
