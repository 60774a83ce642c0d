// SPDX-License-Identifier: GPL-3.0-or-later
// The window stays at hand while a pretraining run, an import and a map layout go on: no event keeps its thread busy
// for longer than 50 ms. Measured is processor time of the event, so that the test is about our code and not about what
// else the machine does.
#include "core/engine/config.h"
#include "tests/ui/ui_fixture.h"
#include "ui/shell/appearance.h"
#include "ui/shell/main_window.h"

#include <QApplication>

#include <ctime>

using namespace precordia;

namespace {

constexpr double kLongestMs = 50;

double threadMs() {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
}

class TimedApplication : public QApplication {
public:
    using QApplication::QApplication;

    bool notify(QObject* receiver, QEvent* event) override {
        if (!watching || depth_ > 0)
            return QApplication::notify(receiver, event);
        ++depth_;
        const QByteArray name = receiver->metaObject()->className();
        const int type = event->type();
        const double before = threadMs();
        const bool handled = QApplication::notify(receiver, event);
        const double spent = threadMs() - before;
        --depth_;
        ++events;
        if (spent > longest) {
            longest = spent;
            where = name + ", event " + QByteArray::number(type);
        }
        return handled;
    }

    bool watching = false;
    int events = 0;
    double longest = 0;
    QByteArray where;

private:
    int depth_ = 0;
};

TimedApplication& timed() {
    return *static_cast<TimedApplication*>(QCoreApplication::instance());
}

} // namespace

class TestUiStall : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void windowStaysAtHand() {
        applyTheme(QStringLiteral("light"));
        const StudyFixture study(12), more(24, 8);
        QVERIFY(study.valid() && more.valid());
        MainWindow window(MainWindow::Memory::None);
        window.resize(1280, 800);
        window.show();
        Session& session = window.session();
        QVERIFY(openAndWait(session, study.path()));
        QVERIFY2(session.engineFailure().isEmpty(), qPrintable(session.engineFailure()));
        for (const View* view : window.views()) { // everything is laid out once before the watch begins
            window.showView(view->key());
            QTest::qWait(30);
        }

        // A model far too small to learn anything, but through every step of a real run.
        ConfigRequest request;
        request.settings = {"width=16",
                            "heads=2",
                            "channel_depth=1",
                            "temporal_depth=1",
                            "predictor_width=16",
                            "predictor_heads=2",
                            "temporal_predictor_depth=1",
                            "steps=12",
                            "batch=2",
                            "diagnose_every=4",
                            "decoder_steps=4"};
        const auto config = resolveConfig(request);
        QVERIFY2(config.ok(), failureText(config).c_str());

        timed().watching = true;
        window.showView(QStringLiteral("training"));
        session.startPretraining(*config, QStringLiteral("cpu"));
        session.importPaths({more.path() + QStringLiteral("/recordings")});
        // A person goes on working meanwhile.
        std::size_t view = 0;
        const auto work = [&](const std::function<bool()>& until) {
            return QTest::qWaitFor(
                [&] {
                    window.worklist().step(view % 5 == 4 ? -3 : 1);
                    window.showView(window.views()[static_cast<qsizetype>(view++ % 6)]->key());
                    QTest::qWait(40);
                    return until();
                },
                kPatience * 3);
        };
        QVERIFY(work([&] { return !session.run().running && session.lastImport() && !session.busy(); }));
        QVERIFY2(session.run().failure.isEmpty(), qPrintable(session.run().failure));
        // The run's model has come into the study and embedded it; now the layout once more.
        QVERIFY(work([&] {
            return !session.study()->currentModel().empty() && !session.busy() && !session.study()->map()->empty();
        }));
        session.recomputeMap(QStringLiteral("umap"), QStringLiteral("leiden"), 3);
        QVERIFY(work([&] { return !session.busy(); }));
        timed().watching = false;

        QCOMPARE(session.rows()->size(), std::size_t(36));
        QVERIFY(!session.run().updates.empty());
        qInfo("longest event: %.1f ms of processor time (%s), of %d events", timed().longest, timed().where.constData(),
              timed().events);
        QVERIFY(timed().events > 100);
        QVERIFY2(timed().longest <= kLongestMs, timed().where.constData());
    }
};

int main(int argc, char** argv) {
    TimedApplication application(argc, argv);
    TestUiStall test;
    return QTest::qExec(&test, argc, argv);
}
#include "test_ui_stall.moc"
