// SPDX-License-Identifier: GPL-3.0-or-later
// The Evaluate view as a person uses it: choose, run, read, choose an earlier one.
#include "core/engine/config.h"
#include "tests/ui/ui_fixture.h"
#include "ui/evaluate/evaluate_form.h"
#include "ui/evaluate/evaluate_view.h"
#include "ui/plots/forest_plot.h"
#include "ui/shell/appearance.h"

#include <QComboBox>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QSpinBox>
#include <QTableWidget>

using namespace precordia;

namespace {

QPushButton* button(const QWidget& view, const QString& text) {
    for (auto* one : view.findChildren<QPushButton*>())
        if (one->text() == text)
            return one;
    return nullptr;
}

} // namespace

class TestUiEvaluate : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        applyTheme(QStringLiteral("light"));
        study_ = std::make_unique<StudyFixture>(40);
        QVERIFY(study_->valid());
    }
    void cleanupTestCase() { study_.reset(); }

    void evaluatesAndKeeps() {
        Session session;
        EvaluateView view(session);
        view.resize(1000, 700);
        view.show();
        QVERIFY(!button(view, QStringLiteral("Evaluate"))->isEnabled()); // no study
        QVERIFY(openAndWait(session, study_->path()));
        auto* labels = view.form()->labels();
        QTRY_VERIFY_WITH_TIMEOUT(labels->count() > 1, kPatience);
        view.form()->what()->setCurrentIndex(1);
        QVERIFY(!button(view, QStringLiteral("Evaluate"))->isEnabled()); // nothing is ticked
        labels->item(0)->setCheckState(Qt::Checked);
        labels->item(1)->setCheckState(Qt::Checked);
        QCOMPARE(view.form()->questions().size(), std::size_t(2));
        view.form()->folds()->setValue(2);
        button(view, QStringLiteral("Evaluate"))->click();
        QVERIFY(button(view, QStringLiteral("Stop"))->isEnabled());
        QTRY_COMPARE_WITH_TIMEOUT(view.entries().size(), std::size_t(1), kPatience);
        const auto& entry = view.entries().front();
        QCOMPARE(entry.labels.size() + entry.refused.size(), std::size_t(2));
        QVERIFY(std::filesystem::exists(entry.file));
        QCOMPARE(view.plot()->rows().size(), entry.labels.size() + (entry.mean.recording.known() ? 1 : 0));
        QCOMPARE(view.plot()->rows().front().marks[0].value, entry.labels.front().recording.value);
        QTRY_VERIFY_WITH_TIMEOUT(!button(view, QStringLiteral("Stop"))->isEnabled(), kPatience);
        QVERIFY(button(view, QStringLiteral("Evaluate"))->isEnabled());
        // Ticks outlive the reading of the study's labels.
        QCOMPARE(view.form()->questions().size(), std::size_t(2));
    }

    // As it opens: what is evaluated is what is listed, and the text beside it says the same.
    void textAndListAgree() {
        Session session;
        EvaluateView view(session);
        view.resize(1000, 700);
        view.show();
        QVERIFY(openAndWait(session, study_->path()));
        auto* form = view.form();
        QTRY_COMPARE_WITH_TIMEOUT(form->findings()->count(), 7, kPatience);
        QVERIFY(form->asksFindings());
        QVERIFY(form->findings()->isVisible() && !form->labels()->isVisible());
        QCOMPARE(form->questions().size(), std::size_t(7));
        // Counts stand only where recordings were labelled for the finding, and tell when there are too few to ask.
        int unused = 0, few = 0;
        for (int i = 0; i < 7; ++i) {
            const QString text = form->findings()->item(i)->text();
            QVERIFY2(!text.contains(QLatin1String("0 / 0")), qPrintable(text));
            unused += text.endsWith(QLatin1String(": not used here")) ? 1 : 0;
            few += text.endsWith(QLatin1String(", too few")) ? 1 : 0;
        }
        QVERIFY(unused > 0 && few > 0);
        const auto says = [&](const char* words) {
            for (const auto* label : view.findChildren<QLabel*>())
                if (label->isVisible() && label->text().contains(QLatin1String(words)))
                    return true;
            return false;
        };
        if (view.entries().empty())
            QVERIFY(says("the seven findings"));
        QVERIFY(says("Recordings there with / without it"));
        form->what()->setCurrentIndex(1);
        QVERIFY(!form->findings()->isVisible() && form->labels()->isVisible() && form->labels()->isEnabled());
        if (view.entries().empty())
            QVERIFY(says("Tick one or several labels on the left"));
        QVERIFY(says("recordings of the study with the label"));
    }

    // The protocol of the form is the evaluation's; beside it stands the linear probe.
    void evaluatesWithAHead() {
        Session session;
        EvaluateView view(session);
        view.resize(1000, 700);
        view.show();
        QVERIFY(openAndWait(session, study_->path()));
        QTRY_VERIFY_WITH_TIMEOUT(view.form()->labels()->count() > 1, kPatience);
        view.form()->what()->setCurrentIndex(1);
        view.form()->labels()->item(0)->setCheckState(Qt::Checked);
        view.form()->folds()->setValue(2);
        QCOMPARE(view.form()->options().protocol, ProbeProtocol::Linear);
        auto* protocol = view.form()->protocol();
        protocol->setCurrentIndex(protocol->findText(QStringLiteral("attentive probe")));
        QCOMPARE(view.form()->options().protocol, ProbeProtocol::Attentive);
        button(view, QStringLiteral("Evaluate"))->click();
        QTRY_COMPARE_WITH_TIMEOUT(view.entries().size(), std::size_t(2), kPatience);
        const auto& entry = view.entries().front();
        QCOMPARE(entry.protocol, std::string("attentive"));
        QVERIFY(std::isfinite(entry.labels.front().linear));
        QCOMPARE(view.plot()->rows().front().marks.size(), std::size_t(4));
        QCOMPARE(view.plot()->rows().front().marks[3].value, entry.labels.front().linear);
        auto* figures = view.findChildren<QTableWidget*>().first();
        QCOMPARE(figures->horizontalHeaderItem(4)->text(), QStringLiteral("Linear probe"));
        auto* history = view.findChildren<QTableWidget*>().last();
        QCOMPARE(history->item(0, 1)->text(), QStringLiteral("attentive probe"));
        history->selectRow(1); // the linear one of before has levels
        QCOMPARE(figures->horizontalHeaderItem(4)->text(), QStringLiteral("Interval"));
        QVERIFY(!figures->item(0, 4)->text().isEmpty());
    }

    // What the trainer has to say reaches the bar of the window.
    void aDamagedCheckpointIsTold() {
        ConfigRequest tiny;
        tiny.settings = {"width=12",
                         "heads=3",
                         "channel_depth=1",
                         "temporal_depth=1",
                         "predictor_width=6",
                         "predictor_heads=3",
                         "temporal_predictor_depth=1",
                         "batch=4",
                         "steps=4",
                         "diagnose_every=0",
                         "checkpoint_every=2",
                         "decoder_steps=0",
                         "threads=1"};
        const auto config = resolveConfig(tiny);
        QVERIFY(config.ok());
        Session session;
        QVERIFY(openAndWait(session, study_->path()));
        session.startPretraining(*config, QStringLiteral("cpu"));
        QTRY_VERIFY_WITH_TIMEOUT(!session.run().running && session.idle(), kPatience);
        QVERIFY2(session.run().failure.isEmpty(), qPrintable(session.run().failure));
        const auto folder = session.run().folder;
        const auto last = folder / "checkpoints" / "step-4.safetensors";
        QVERIFY(std::filesystem::exists(last));
        std::filesystem::resize_file(last, std::filesystem::file_size(last) - 100);
        QStringList told;
        connect(&session, &Session::message, this,
                [&told](const Session::Message& message) { told << message.level + QLatin1Char(' ') + message.text; });
        session.startPretraining(*config, QStringLiteral("cpu"), QString::fromStdString(folder.string()));
        QTRY_VERIFY_WITH_TIMEOUT(!session.run().running && session.idle(), kPatience);
        QVERIFY2(session.run().failure.isEmpty(), qPrintable(session.run().failure));
        const auto notice = told.filter(QStringLiteral("damaged checkpoint"));
        QCOMPARE(notice.size(), 1);
        QVERIFY2(notice[0].startsWith(QLatin1String("caution")) && notice[0].contains(QLatin1String("step 2")) &&
                     notice[0].contains(QLatin1String("step-4")),
                 qPrintable(notice[0]));
    }

    void showsAnEarlierOne() {
        QVERIFY(keepEvaluation(study_->folder(), R"({"protocol": "compare", "model": "ffff",
            "models": [{"model": "er-jepa", "auroc": 0.9, "ci95": [0.8, 0.95]}, {"model": "lenepa", "auroc": 0.7}]})")
                    .ok());
        Session session;
        EvaluateView view(session);
        view.resize(1000, 700);
        view.show();
        QVERIFY(openAndWait(session, study_->path()));
        QTRY_COMPARE_WITH_TIMEOUT(view.entries().size(), std::size_t(3), kPatience);
        QTRY_COMPARE_WITH_TIMEOUT(view.plot()->rows().size(), std::size_t(2), kPatience);
        QCOMPARE(view.plot()->rows()[0].name, QStringLiteral("er-jepa"));
        QCOMPARE(view.plot()->range(), std::make_pair(0.5, 0.95));
        auto* history = view.findChildren<QTableWidget*>().last();
        QCOMPARE(history->rowCount(), 3);
        history->selectRow(1);
        QVERIFY(view.plot()->rows()[0].name != QStringLiteral("er-jepa"));
    }

private:
    std::unique_ptr<StudyFixture> study_;
};

QTEST_MAIN(TestUiEvaluate)
#include "test_ui_evaluate.moc"
