// SPDX-License-Identifier: GPL-3.0-or-later
// A recording of twelve minutes under the hand: its first page before the overview, the strip, keys, wheel, zoom.
#include "core/ecg/synthesis.h"
#include "core/io/wfdb_writer.h"
#include "core/report/html.h"
#include "core/report/recording_report.h"
#include "core/study/import.h"
#include "tests/ui/ui_fixture.h"
#include "ui/beat/beat_marks.h"
#include "ui/beat/beat_view.h"
#include "ui/compare/compare_view.h"
#include "ui/ecg/ecg_view.h"
#include "ui/ecg/filter_button.h"
#include "ui/ecg/long_recording.h"
#include "ui/ecg/long_trace.h"
#include "ui/ecg/overview_strip.h"
#include "ui/ecg/paper_canvas.h"
#include "ui/worklist/details_panel.h"

#include <QApplication>
#include <QLabel>
#include <QTest>
#include <QWheelEvent>

#include <cmath>

using namespace precordia;

namespace {

constexpr double kSeconds = 720, kRate = 250;

// A rhythm mark of the file at 300 s, a pause of 4 s at 400 s.
Recording made(double seconds, std::uint64_t seed) {
    SynthesisOptions options;
    options.seconds = seconds;
    options.samplingRate = kRate;
    options.heartRate = 70;
    auto out = synthesise(options, seed).recording;
    if (seconds < 500)
        return out;
    Annotation mark;
    mark.sample = SampleIndex(static_cast<std::int64_t>(300 * kRate));
    mark.symbol = "+";
    mark.text = "(AFIB";
    out.annotations = {mark};
    for (auto& lead : out.leads)
        std::fill_n(lead.samples.begin() + static_cast<std::ptrdiff_t>(400 * kRate), static_cast<int>(4 * kRate), 0.0F);
    return out;
}

class LongStudy {
public:
    LongStudy() {
        const std::filesystem::path folder(temporary_.path().toStdString());
        std::filesystem::create_directories(folder / "files");
        ImportRequest request;
        request.paths = {folder / "files"};
        Progress progress;
        valid_ = writeWfdb(made(kSeconds, 3), folder / "files" / "long.hea").ok() &&
                 writeWfdb(made(10, 4), folder / "files" / "short.hea").ok() &&
                 importInto(folder / "study", request, {}, progress).ok();
    }
    bool valid() const { return valid_; }
    QString path() const { return temporary_.filePath(QStringLiteral("study")); }
    std::filesystem::path overviews() const {
        return std::filesystem::path(temporary_.path().toStdString()) / "study" / "cache" / "overviews";
    }

private:
    QTemporaryDir temporary_;
    bool valid_ = false;
};

struct Desk {
    Session session;
    EcgView view{session};
    PaperCanvas& canvas = *view.canvas();
    OverviewStrip& strip = *view.strip();
    LongTrace& trace = *view.longTrace();

    Desk() {
        view.resize(1200, 800);
        view.show();
    }
    RecordingId named(const char* name) const {
        for (const auto& row : *session.rows())
            if (row.name == name)
                return row.id;
        return {};
    }
    bool choose(const char* name) {
        session.selection().setCurrent(named(name));
        return QTest::qWaitFor([&] { return session.recording() && session.recording()->row.name == name; }, kPatience);
    }
    bool settled() {
        return QTest::qWaitFor([&] { return trace.ready() && session.idle(); }, kPatience);
    }
    void wheel(int delta, Qt::KeyboardModifiers modifiers = {}) {
        const QPointF at(canvas.width() / 2.0, canvas.height() / 2.0);
        QWheelEvent event(at, canvas.mapToGlobal(at), {}, {0, delta}, Qt::NoButton, modifiers, Qt::NoScrollPhase,
                          false);
        QCoreApplication::sendEvent(&canvas, &event);
    }
    // Every sample of the page that is shown is in the part that it is drawn from.
    bool covered() const {
        const auto& part = canvas.shown();
        const double first = static_cast<double>(part.firstSample) / part.samplingRate;
        const double end = std::min(canvas.startSeconds() + canvas.shownSeconds(), kSeconds);
        return first <= canvas.startSeconds() + 0.01 && first + part.seconds() >= end - 0.01;
    }
};

} // namespace

class TestUiLong : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QVERIFY(study_.valid()); }

    // Of a long recording the window holds its beginning; measurements and encodings are of that.
    void onlyAPartIsHeld() {
        Desk desk;
        QVERIFY(openAndWait(desk.session, study_.path()));
        QVERIFY(desk.choose("long"));
        const auto loaded = desk.session.recording();
        QVERIFY(isLong(*loaded));
        QCOMPARE(wholeSeconds(*loaded), kSeconds);
        QCOMPARE(loaded->recording.seconds(), 30.0);
        QVERIFY(!loaded->windows.empty());
        QVERIFY(desk.strip.isVisible());
        QCOMPARE(desk.strip.length(), kSeconds);
        QVERIFY(desk.settled());
        QVERIFY(desk.strip.hasTrend());
        QVERIFY(desk.strip.status().isEmpty());
        QVERIFY(desk.trace.overview());
        QVERIFY(!std::filesystem::is_empty(study_.overviews()));
        QVERIFY(desk.strip.describe(desk.strip.xOf(100)).contains(QStringLiteral("bpm")));
        QVERIFY(desk.strip.describe(desk.strip.xOf(300)).contains(QStringLiteral("(AFIB")));
        QVERIFY2(desk.strip.describe(desk.strip.xOf(402)).contains(QStringLiteral("pause")),
                 qPrintable(desk.strip.describe(desk.strip.xOf(402))));
        // A short one is as before.
        QVERIFY(desk.choose("short"));
        QVERIFY(!isLong(*desk.session.recording()));
        QVERIFY(!desk.strip.isVisible());
        QVERIFY(desk.canvas.speed() >= PaperCanvas::kSlowest);
    }

    // What measures reads as far as it says, not only what the window holds.
    void beatAndComparisonReadWhatTheyNeed() {
        Session session;
        BeatView beat(session);
        CompareView compare(session);
        for (View* view : std::initializer_list<View*>{&beat, &compare}) {
            view->resize(900, 600);
            view->show();
        }
        QVERIFY(openAndWait(session, study_.path()));
        const auto held = session.rows(); // the session may read them anew
        const auto& rows = *held;
        const auto isNamed = [](const char* name) { return [name](const RecordingRow& r) { return r.name == name; }; };
        const auto longOne = std::find_if(rows.begin(), rows.end(), isNamed("long"))->id;
        const auto shortOne = std::find_if(rows.begin(), rows.end(), isNamed("short"))->id;
        session.selection().setReference(shortOne);
        session.selection().setCurrent(longOne);
        QVERIFY(QTest::qWaitFor(
            [&] {
                return session.idle() && beat.marks()->recording() == longOne && compare.compared() &&
                       compare.compared()->currentRow.id == longOne;
            },
            kPatience));
        // 70 a minute for ten minutes; the 30 s that are held would give 35.
        const auto beats = beat.marks()->ecg()->delineation.beats.size();
        QVERIFY2(beats > 600, qPrintable(QString::number(beats)));
        QCOMPARE(compare.compared()->current.seconds(), kComparedSeconds);
        QVERIFY(compare.compared()->cut);
        session.selection().setReference(longOne);
        session.selection().setCurrent(shortOne);
        QVERIFY(QTest::qWaitFor(
            [&] { return session.idle() && compare.compared() && compare.compared()->currentRow.id == shortOne; },
            kPatience));
        QCOMPARE(compare.compared()->reference.seconds(), kComparedSeconds);
        QCOMPARE(compare.compared()->current.seconds(), 10.0);
    }

    // What the texts say of the parts that are measured is one and the same, and what is missing has its reason.
    void whatIsMeasuredOfIt() {
        QTemporaryDir temporary;
        const std::filesystem::path folder(temporary.path().toStdString());
        std::filesystem::create_directories(folder / "files");
        auto longer = made(1810, 5);
        longer.leads.resize(2);
        QVERIFY(writeWfdb(longer, folder / "files" / "longer.hea").ok());
        QVERIFY(writeWfdb(made(kSeconds, 3), folder / "files" / "long.hea").ok());
        QVERIFY(writeWfdb(made(10, 4), folder / "files" / "short.hea").ok());
        ImportRequest request;
        request.paths = {folder / "files"};
        Progress progress;
        QVERIFY(importInto(folder / "study", request, {}, progress).ok());
        Desk desk;
        DetailsPanel details(desk.session);
        details.resize(340, 600);
        details.show();
        QVERIFY(openAndWait(desk.session, temporary.filePath(QStringLiteral("study"))));
        const auto shown = [&](const char* name) {
            QString text;
            if (!desk.choose(name) || !QTest::qWaitFor([&] { return desk.session.idle(); }, kPatience))
                return text;
            QTest::qWait(50); // the panel is laid out
            for (const auto* label : details.findChildren<QLabel*>())
                if (label->isVisibleTo(&details))
                    text += label->text() + QLatin1Char('\n');
            return text;
        };
        const auto reported = [&](const char* name) {
            const auto report = collectReport(*desk.session.study(), desk.named(name));
            return report ? QString::fromUtf8(report::htmlSection(*report, 1)) : QString();
        };
        const QString ofShort = shown("short"), ofLong = shown("long"), ofLonger = shown("longer");
        QVERIFY2(ofShort.contains(QStringLiteral("QT")) && !ofShort.contains(QStringLiteral("first")),
                 qPrintable(ofShort));
        QVERIFY2(ofLong.contains(QStringLiteral("QT")) && ofLong.contains(QStringLiteral("first 10 min")) &&
                     ofLong.contains(QStringLiteral("of the whole")),
                 qPrintable(ofLong));
        QVERIFY2(!ofLonger.contains(QStringLiteral("QT")) && ofLonger.contains(QStringLiteral("more than 30 min")) &&
                     ofLonger.contains(QStringLiteral("Beat view measures the first 10 min")),
                 qPrintable(ofLonger));
        QVERIFY(reported("longer").contains(QStringLiteral("not kept of more than 30 min")));
        QVERIFY(reported("long").contains(QStringLiteral("of the first 10 min")));
        QVERIFY(!reported("short").contains(QStringLiteral("intervals and axes")));
        for (const char* words : {"first 10 min", "30 min", "first window"})
            QVERIFY2(desk.view.help().contains(QLatin1String(words)), words);
        QVERIFY(BeatView(desk.session).help().contains(QStringLiteral("first 10 min")));
    }

    void keysAndWheel() {
        Desk desk;
        QVERIFY(openAndWait(desk.session, study_.path()));
        QVERIFY(desk.choose("long"));
        QVERIFY(desk.settled());
        const double page = desk.canvas.shownSeconds();
        QCOMPARE(desk.canvas.startSeconds(), 0.0);
        QTest::keyClick(&desk.canvas, Qt::Key_PageDown);
        QVERIFY(std::abs(desk.canvas.startSeconds() - page) < 1e-6);
        QVERIFY(desk.settled() && desk.covered());
        QVERIFY(std::abs(desk.strip.windowFrom() - page) < 1e-6);
        QTest::keyClick(&desk.canvas, Qt::Key_PageUp);
        QVERIFY(desk.canvas.startSeconds() < 1e-6);
        QTest::keyClick(&desk.canvas, Qt::Key_Right);
        QVERIFY(std::abs(desk.canvas.startSeconds() - 0.2 * page) < 1e-6);
        QTest::keyClick(&desk.canvas, Qt::Key_End);
        QVERIFY(std::abs(desk.canvas.startSeconds() + page - kSeconds) < 1e-6);
        QVERIFY(desk.settled() && desk.covered());
        QTest::keyClick(&desk.canvas, Qt::Key_Home);
        QCOMPARE(desk.canvas.startSeconds(), 0.0);
        desk.wheel(-120);
        QVERIFY(std::abs(desk.canvas.startSeconds() - 0.2 * page) < 1e-6);
        QCOMPARE(desk.canvas.shownSeconds(), page);
        desk.wheel(120);
        QVERIFY(desk.canvas.startSeconds() < 1e-6);
    }

    // Out to the whole, drawn from pairs; the trace is that of the samples.
    void zoomedOutToTheWhole() {
        Desk desk;
        QVERIFY(openAndWait(desk.session, study_.path()));
        QVERIFY(desk.choose("long"));
        QVERIFY(desk.settled());
        for (int i = 0; i < 60; ++i)
            desk.wheel(-120, Qt::ControlModifier);
        QVERIFY(desk.settled());
        QVERIFY(std::abs(desk.canvas.shownSeconds() - kSeconds) < 0.5);
        QVERIFY(desk.covered());
        QVERIFY(desk.canvas.shown().samplingRate < kRate); // pairs
        const auto whole = made(kSeconds, 3);
        const auto at = whole.find("V2");
        const auto shown = desk.canvas.shown().find("V2");
        const auto [low, high] = std::minmax_element(whole.leads[static_cast<std::size_t>(at.value)].samples.begin(),
                                                     whole.leads[static_cast<std::size_t>(at.value)].samples.end());
        const auto& pairs = desk.canvas.shown().leads[static_cast<std::size_t>(shown.value)].samples;
        QVERIFY(std::abs(*std::min_element(pairs.begin(), pairs.end()) - *low) <= 1); // 1 uV steps
        QVERIFY(std::abs(*std::max_element(pairs.begin(), pairs.end()) - *high) <= 1);
        // A double click comes back to the usual scale, where one was.
        const double middle = desk.canvas.startSeconds() + desk.canvas.shownSeconds() / 2;
        desk.canvas.resetView();
        QVERIFY(desk.settled() && desk.covered());
        QCOMPARE(desk.canvas.shown().samplingRate, kRate);
        QVERIFY(std::abs(desk.canvas.startSeconds() + desk.canvas.shownSeconds() / 2 - middle) < 0.01);
    }

    void theStripUnderAHand() {
        Desk desk;
        QVERIFY(openAndWait(desk.session, study_.path()));
        QVERIFY(desk.choose("long"));
        QVERIFY(desk.settled());
        const double page = desk.canvas.shownSeconds();
        const auto at = [&](double seconds) {
            return QPoint(static_cast<int>(std::lround(desk.strip.xOf(seconds))), 30);
        };
        const double pixel = desk.strip.timeAt(501) - desk.strip.timeAt(500);
        // A click jumps: its time in the middle of the page.
        QTest::mouseClick(&desk.strip, Qt::LeftButton, {}, at(360));
        QVERIFY(std::abs(desk.canvas.startSeconds() + page / 2 - 360) <= pixel);
        QVERIFY(desk.settled() && desk.covered());
        // The handle is taken where it is held.
        const double before = desk.canvas.startSeconds();
        const QPoint hold = at(before + 0.3 * page), to = hold + QPoint(100, 0);
        QTest::mousePress(&desk.strip, Qt::LeftButton, {}, hold);
        QCOMPARE(desk.canvas.startSeconds(), before);
        QMouseEvent move(QEvent::MouseMove, QPointF(to), desk.strip.mapToGlobal(QPointF(to)), Qt::NoButton,
                         Qt::LeftButton, {});
        QCoreApplication::sendEvent(&desk.strip, &move);
        QTest::mouseRelease(&desk.strip, Qt::LeftButton, {}, to);
        QVERIFY(std::abs(desk.canvas.startSeconds() - before - 100 * pixel) < 0.1 * pixel);
        QVERIFY(desk.settled() && desk.covered());
        // By key.
        const double here = desk.canvas.startSeconds();
        QTest::keyClick(&desk.strip, Qt::Key_Left);
        QVERIFY(std::abs(desk.canvas.startSeconds() - (here - page)) < 1e-6);
        QTest::keyClick(&desk.strip, Qt::Key_Home);
        QCOMPARE(desk.canvas.startSeconds(), 0.0);
        QVERIFY(!desk.strip.grab().isNull());
    }

    void filteredByThePage() {
        Desk desk;
        QVERIFY(openAndWait(desk.session, study_.path()));
        QVERIFY(desk.choose("long"));
        QVERIFY(desk.settled());
        QTest::keyClick(&desk.canvas, Qt::Key_PageDown);
        QVERIFY(desk.settled());
        const auto raw = desk.canvas.shown();
        desk.view.filters()->choose({0.5, 50, 40});
        QVERIFY(desk.settled());
        QVERIFY(!desk.canvas.options().filters.isEmpty());
        QCOMPARE(desk.canvas.shown().firstSample, raw.firstSample);
        QVERIFY(desk.canvas.shown().leads[0].samples != raw.leads[0].samples);
        for (int i = 0; i < 60; ++i)
            desk.wheel(-120, Qt::ControlModifier);
        QVERIFY(desk.settled());
        QVERIFY(desk.canvas.options().filters.isEmpty()); // pairs are not filtered, and the window says so
        QVERIFY(!desk.strip.status().isEmpty());
        desk.view.filters()->choose({});
    }

    // Another recording chosen while the overview is made: the job is stopped, nothing half is left.
    void leftBeforeItIsReady() {
        std::filesystem::remove_all(study_.overviews());
        Desk desk;
        QVERIFY(openAndWait(desk.session, study_.path()));
        QVERIFY(desk.choose("long"));
        QVERIFY(desk.choose("short"));
        QVERIFY(desk.settled());
        QVERIFY(!desk.trace.active());
        std::error_code ec;
        for (const auto& entry : std::filesystem::directory_iterator(study_.overviews(), ec))
            QVERIFY(entry.path().extension() == ".overview"); // whole, or not there
        QVERIFY(desk.choose("long"));
        QVERIFY(desk.settled());
        QVERIFY(desk.strip.hasTrend());
    }

    // A cache that a disk broke: found while it is drawn from, and made anew.
    void damagedOverviewIsMadeAgain() {
        for (const auto& entry : std::filesystem::directory_iterator(study_.overviews())) {
            QFile file(QString::fromStdString(entry.path().string()));
            QVERIFY(file.open(QIODevice::ReadWrite));
            file.seek(400);
            file.write(QByteArray(2000, '\x55'));
        }
        Desk desk;
        QVERIFY(openAndWait(desk.session, study_.path()));
        QVERIFY(desk.choose("long"));
        QVERIFY(desk.settled());
        for (int i = 0; i < 60; ++i)
            desk.wheel(-120, Qt::ControlModifier);
        QVERIFY(QTest::qWaitFor([&] { return desk.trace.ready() && desk.trace.overview() && desk.session.idle(); },
                                kPatience));
        for (int i = 0; i < 60; ++i)
            desk.wheel(-120, Qt::ControlModifier);
        QVERIFY(desk.settled());
        QVERIFY(desk.covered());
        QVERIFY(std::abs(desk.canvas.shownSeconds() - kSeconds) < 0.5);
    }

    void clock() {
        QCOMPARE(clockText(7), QStringLiteral("0:07"));
        QCOMPARE(clockText(59.999, 2), QStringLiteral("1:00.00"));
        QCOMPARE(clockText(3725.5, 1), QStringLiteral("1:02:05.5"));
        QCOMPARE(clockText(86399), QStringLiteral("23:59:59"));
    }

private:
    LongStudy study_;
};

QTEST_MAIN(TestUiLong)
#include "test_ui_long.moc"
