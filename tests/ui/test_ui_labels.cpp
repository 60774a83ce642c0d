// SPDX-License-Identifier: GPL-3.0-or-later
// Labelling in the window: keys, targets, undo, a blinded reader, two readers.
#include "core/study/agreement.h"
#include "ui/ecg/paper_canvas.h"
#include "ui/labels/label_panel.h"
#include "ui/labels/readers_window.h"
#include "ui/shell/main_window.h"
#include "ui_fixture.h"

#include <QAbstractItemView>
#include <QCheckBox>
#include <QComboBox>
#include <QCompleter>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTreeWidget>

#include <algorithm>

using namespace precordia;

class TestUiLabels : public QObject {
    Q_OBJECT

    std::unique_ptr<StudyFixture> study_; // of 6 recordings, anew for each test

    static bool settled(Session& session) {
        for (int i = 0; i < 3; ++i) { // what arrives may start something else
            if (!QTest::qWaitFor([&] { return session.idle(); }, kPatience))
                return false;
            QTest::qWait(20);
        }
        return session.idle() && session.recording();
    }

    // An open study, a reader, and terms 1 "atrial fibrillation", 2 "own finding".
    static bool ready(MainWindow& window, const QString& path, const std::string& reader = "ann") {
        window.show();
        Session& session = window.session();
        session.setSight({reader, false});
        if (!openAndWait(session, path))
            return false;
        for (const char* term : {"Atrial fibrillation", "own finding"}) {
            window.labels().search().setText(QLatin1String(term));
            QTest::keyClick(&window.labels().search(), Qt::Key_Return);
        }
        return settled(session) && session.labels()->vocabulary.size() == 2;
    }

    static QAction* actionOf(MainWindow& window, const QKeySequence& keys) {
        for (QAction* action : window.labels().labelActions())
            if (action->shortcut() == keys)
                return action;
        return nullptr;
    }

    static QTreeWidgetItem* rowOf(MainWindow& window, const QString& term) {
        const auto found = window.labels().list().findItems(term, Qt::MatchExactly, 1);
        return found.isEmpty() ? nullptr : found.front();
    }

    static std::vector<ReaderLabel> given(const Session& session, RecordingId id) {
        const auto study = Study::open(session.studyFolder());
        return *ReaderLabels(**study).of(id);
    }

    static void give(const QString& folder, const std::string& reader, std::int64_t recording, std::int64_t term) {
        const auto study = Study::open(folder.toStdString());
        QVERIFY(ReaderLabels(**study).edit({reader}, {{RecordingId(recording), term, {}, LabelValue::Present}}).ok());
    }

private Q_SLOTS:
    void init() {
        study_ = std::make_unique<StudyFixture>(6);
        QVERIFY(study_->valid());
    }

    void keysGiveAndTakeBack() {
        MainWindow window(MainWindow::Memory::None);
        QVERIFY(ready(window, study_->path()));
        Session& session = window.session();
        const auto id = session.selection().current();
        const auto& terms = session.labels()->vocabulary;
        QCOMPARE(terms[0].name, std::string("atrial fibrillation"));
        QCOMPARE(terms[0].code, std::string("164889003"));
        QVERIFY(terms[0].key == 1 && terms[1].key == 2 && terms[1].code.empty());
        const auto before = session.rows();
        QSignalSpy all(&session, &Session::rowsChanged);
        actionOf(window, Qt::Key_1)->trigger();
        QVERIFY(settled(session));
        QCOMPARE(given(session, id).size(), 1U);
        QCOMPARE(rowOf(window, QStringLiteral("atrial fibrillation"))->checkState(0), Qt::Checked);
        QCOMPARE(rowOf(window, QStringLiteral("atrial fibrillation"))->text(2), QStringLiteral("yes"));
        QVERIFY(session.rows() != before);
        QCOMPARE(all.count(), 0); // the list is not made anew for one label
        const auto labelsShown = [&] {
            const int row = window.worklist().model().rowOf(id);
            return window.worklist().model().index(row, static_cast<int>(WorklistColumn::Label)).data().toString();
        };
        QVERIFY(labelsShown().contains(QStringLiteral("atrial fibrillation")));
        actionOf(window, Qt::ALT | Qt::Key_1)->trigger();
        QVERIFY(settled(session));
        QCOMPARE(given(session, id).front().value, LabelValue::Absent);
        QCOMPARE(rowOf(window, QStringLiteral("atrial fibrillation"))->checkState(0), Qt::PartiallyChecked);
        actionOf(window, Qt::ALT | Qt::Key_1)->trigger(); // it stands so: taken back
        QVERIFY(settled(session));
        QVERIFY(given(session, id).empty());
        // By the box of the list.
        rowOf(window, QStringLiteral("own finding"))->setCheckState(0, Qt::Checked);
        QVERIFY(settled(session));
        QCOMPARE(given(session, id).front().name, std::string("own finding"));
        // A key without a term does nothing, and says so by being off.
        QVERIFY(!actionOf(window, Qt::Key_3)->isEnabled());
    }

    // Faster than a recording is loaded: each label goes to the one that is selected, none is lost.
    void aLabelRightAfterTheNextRecording() {
        MainWindow window(MainWindow::Memory::None);
        QVERIFY(ready(window, study_->path()));
        Session& session = window.session();
        const auto order = window.worklist().shown();
        auto* paper = window.findChild<PaperCanvas*>();
        QVERIFY(paper != nullptr);
        window.activateWindow();
        paper->setFocus();
        QVERIFY(QTest::qWaitFor([&] { return paper->hasFocus(); }, kPatience));
        QCOMPARE(session.selection().current(), order[0]);
        for (std::size_t i = 1; i < order.size(); ++i) {
            QTest::keyClick(paper, Qt::Key_J);
            QCOMPARE(session.selection().current(), order[i]);
            QTest::keyClick(paper, Qt::Key_1);
            QTest::keyClick(paper, i % 2 == 0 ? Qt::Key_2 : Qt::Key_0);
        }
        QVERIFY(settled(session));
        QVERIFY(given(session, order[0]).empty());
        for (std::size_t i = 1; i < order.size(); ++i) {
            const auto labels = given(session, order[i]);
            QCOMPARE(labels.size(), 2U);
            for (const auto& label : labels)
                QCOMPARE(label.target, LabelTarget{});
            const auto has = [&](std::int64_t term) {
                return std::any_of(labels.begin(), labels.end(), [&](const auto& l) { return l.term == term; });
            };
            QVERIFY(has(1) && has(i % 2 == 0 ? 2 : kReadTerm));
        }
        QCOMPARE(rowOf(window, QStringLiteral("atrial fibrillation"))->checkState(0), Qt::Checked);
        QCOMPARE(session.undoStack().count(), 2 + 10); // two words, and each label by itself
        // With pauses that a hand makes, back again: each is taken back.
        for (std::size_t i = order.size() - 1; i >= 1; --i) {
            QTest::keyClick(paper, Qt::Key_1);
            QTest::qWait(60);
            QTest::keyClick(paper, Qt::Key_K);
        }
        QVERIFY(settled(session));
        for (std::size_t i = 1; i < order.size(); ++i)
            QCOMPARE(given(session, order[i]).size(), 1U);
        QVERIFY(given(session, order[0]).empty());
    }

    // Twice at once is there and back, and an undo is called after what was done.
    void twiceAtOnceIsTakenBack() {
        MainWindow window(MainWindow::Memory::None);
        QVERIFY(ready(window, study_->path()));
        Session& session = window.session();
        const auto id = session.selection().current();
        actionOf(window, Qt::Key_1)->trigger();
        actionOf(window, Qt::Key_1)->trigger();
        QSignalSpy renamed(&session.undoStack(), &QUndoStack::undoTextChanged);
        QVERIFY(settled(session));
        QVERIFY(given(session, id).empty());
        QCOMPARE(session.undoStack().undoText(), QStringLiteral("take back atrial fibrillation"));
        QCOMPARE(renamed.last().front().toString(), QStringLiteral("take back atrial fibrillation"));
        session.undoStack().undo();
        QVERIFY(settled(session));
        QCOMPARE(given(session, id).size(), 1U);
        session.undoStack().redo();
        QVERIFY(settled(session));
        QVERIFY(given(session, id).empty());
    }

    // A lead, an interval or a beat of a recording that is not loaded: of none, least of all of the one before.
    void aPartOfWhatIsNotLoadedYet() {
        MainWindow window(MainWindow::Memory::None);
        QVERIFY(ready(window, study_->path()));
        Session& session = window.session();
        const auto order = window.worklist().shown();
        session.selection().setCurrent(order[5]); // far from what is read ahead
        QVERIFY(settled(session));
        session.selection().setLead("V1");
        session.selection().setSpan(StudySelection::Span{"II", 0.5, 0.7});
        session.selection().setTime(1.0);
        for (int part = 1; part <= 3; ++part) {
            const RecordingId from = order[part % 2 == 0 ? 5 : 2], to = order[part % 2 == 0 ? 2 : 5];
            session.openStudy(study_->path()); // nothing is read ahead
            QVERIFY(QTest::qWaitFor([&] { return session.selection().current() == order[0]; }, kPatience));
            session.selection().setCurrent(from);
            QVERIFY(settled(session));
            session.selection().setLead("V1");
            session.selection().setSpan(StudySelection::Span{"II", 0.5, 0.7});
            session.selection().setTime(1.0);
            window.labels().target().setCurrentIndex(part);
            QSignalSpy told(&session, &Session::message);
            session.selection().setCurrent(to);
            if (session.recording()->row.id == to)
                continue; // read already: its own
            actionOf(window, Qt::Key_1)->trigger();
            QCOMPARE(told.count(), 1);
            const auto text = told.front().front().value<Session::Message>().text;
            QVERIFY2(text.contains(QStringLiteral("not given")), qPrintable(text));
            QVERIFY(settled(session));
            for (const RecordingId id : order)
                QVERIFY(given(session, id).empty());
        }
    }

    // A search that hides everything: the next unread one says so, and the message helps.
    void noNextUnreadInAnEmptyList() {
        MainWindow window(MainWindow::Memory::None);
        QVERIFY(ready(window, study_->path()));
        Session& session = window.session();
        QLineEdit& search = window.worklist().search();
        QTest::keyClicks(&search, QStringLiteral("nothing is called so"));
        QTest::keyClick(&search, Qt::Key_Return);
        QVERIFY(QTest::qWaitFor([&] { return window.worklist().shown().empty(); }, kPatience));
        const auto current = session.selection().current();
        QSignalSpy told(&session, &Session::message);
        actionOf(window, Qt::Key_N)->trigger();
        QVERIFY(settled(session));
        QCOMPARE(told.count(), 1);
        const auto message = told.front().front().value<Session::Message>();
        QVERIFY2(message.text.contains(QStringLiteral("filters")), qPrintable(message.text));
        QCOMPARE(session.selection().current(), current);
        message.onAction();
        QVERIFY(QTest::qWaitFor([&] { return window.worklist().shown().size() == 6; }, kPatience));
    }

    // The next unread one is looked for in the study: a label meanwhile is meant for what is found.
    void aLabelRightAfterTheNextUnread() {
        MainWindow window(MainWindow::Memory::None);
        QVERIFY(ready(window, study_->path()));
        Session& session = window.session();
        const auto order = window.worklist().shown();
        give(study_->path(), "ann", order[1].value, kReadTerm);
        actionOf(window, Qt::Key_N)->trigger();
        actionOf(window, Qt::Key_1)->trigger();
        QVERIFY(settled(session));
        QCOMPARE(session.selection().current(), order[2]);
        QVERIFY(given(session, order[0]).empty());
        QCOMPARE(given(session, order[2]).size(), 1U);
        // There is none: not given to the one that is there, and said so.
        for (const RecordingId id : order)
            if (id != order[1] && id != order[2])
                give(study_->path(), "ann", id.value, kReadTerm);
        QSignalSpy told(&session, &Session::message);
        actionOf(window, Qt::Key_N)->trigger();
        actionOf(window, Qt::Key_2)->trigger();
        QVERIFY(settled(session));
        QCOMPARE(given(session, order[2]).size(), 1U);
        QVERIFY(told.last().front().value<Session::Message>().text.contains(QStringLiteral("not given")));
    }

    // A completion that is taken by Enter is one term, and the line is empty for the next.
    void termsByCompletion() {
        MainWindow window(MainWindow::Memory::None);
        QVERIFY(ready(window, study_->path()));
        Session& session = window.session();
        QLineEdit& line = window.labels().search();
        window.activateWindow();
        for (const char* typed : {"right bundle br", "left bundle br"}) {
            const auto before = session.labels()->vocabulary.size();
            line.setFocus();
            QTest::keyClicks(&line, QLatin1String(typed));
            QVERIFY(QTest::qWaitFor([&] { return line.completer()->popup()->isVisible(); }, kPatience));
            QTest::keyClick(line.completer()->popup(), Qt::Key_Down);
            const QString wanted = line.text();
            QVERIFY(wanted.size() > qsizetype(qstrlen(typed)));
            QTest::keyClick(line.completer()->popup(), Qt::Key_Return);
            QVERIFY(settled(session));
            QCOMPARE(line.text(), QString());
            const auto& terms = session.labels()->vocabulary;
            QCOMPARE(terms.size(), before + 1);
            QVERIFY2(std::any_of(terms.begin(), terms.end(),
                                 [&](const auto& t) { return t.name == wanted.toStdString() && !t.code.empty(); }),
                     qPrintable(wanted));
        }
    }

    void undoAndRedoOfEverything() {
        MainWindow window(MainWindow::Memory::None);
        QVERIFY(ready(window, study_->path()));
        Session& session = window.session();
        const auto id = session.selection().current();
        actionOf(window, Qt::Key_1)->trigger();
        actionOf(window, Qt::Key_2)->trigger(); // at once: they are written in order
        QUndoStack& undo = session.undoStack();
        QCOMPARE(undo.undoText(), QStringLiteral("label own finding"));
        QVERIFY(settled(session));
        QCOMPARE(given(session, id).size(), 2U);
        window.worklist().step(1);
        undo.undo();
        undo.undo();
        undo.redo();
        QVERIFY(settled(session));
        QCOMPARE(session.selection().current(), id); // an undo shows what it undoes
        QCOMPARE(given(session, id).size(), 1U);
        QCOMPARE(given(session, id).front().name, std::string("atrial fibrillation"));
        QCOMPARE(rowOf(window, QStringLiteral("atrial fibrillation"))->checkState(0), Qt::Checked);
        QCOMPARE(rowOf(window, QStringLiteral("own finding"))->checkState(0), Qt::Unchecked);
        undo.undo(); // the label
        undo.undo(); // and the words
        undo.undo();
        QVERIFY(settled(session));
        QVERIFY(session.labels()->vocabulary.empty());
        for (int i = 0; i < 4; ++i)
            undo.redo();
        QVERIFY(settled(session));
        QCOMPARE(session.labels()->vocabulary.size(), 2U);
        QCOMPARE(given(session, id).size(), 2U);
        const auto study = Study::open(session.studyFolder());
        const auto journal = ReaderLabels(**study).journal(id);
        QCOMPARE(journal->size(), 8U); // 2 given, 2 undone, 1 redone, 1 undone, 2 redone
        QCOMPARE(std::count_if(journal->begin(), journal->end(), [](const auto& e) { return e.reverses.has_value(); }),
                 6);
    }

    void leadIntervalAndBeat() {
        MainWindow window(MainWindow::Memory::None);
        QVERIFY(ready(window, study_->path()));
        Session& session = window.session();
        LabelPanel& panel = window.labels();
        const auto id = session.selection().current();
        const auto loaded = session.recording();
        const double rate = loaded->recording.samplingRate;
        // Nothing is pointed at yet: no label is given, and the boxes are off.
        for (int part = 1; part <= 3; ++part) {
            panel.target().setCurrentIndex(part);
            QVERIFY(!rowOf(window, QStringLiteral("own finding"))->flags().testFlag(Qt::ItemIsEnabled));
            actionOf(window, Qt::Key_1)->trigger();
        }
        QVERIFY(settled(session));
        QVERIFY(given(session, id).empty());
        session.selection().setLead("V1");
        session.selection().setSpan(StudySelection::Span{"II", 0.5, 0.7});
        const auto peak = loaded->rPeaks[2];
        session.selection().setTime(static_cast<double>(peak.value + 3) / rate);
        session.selection().setTime({}); // the cursor goes to the list
        for (int part = 0; part <= 3; ++part) {
            panel.target().setCurrentIndex(part);
            actionOf(window, Qt::Key_1)->trigger();
        }
        QVERIFY(settled(session));
        const auto labels = given(session, id);
        QCOMPARE(labels.size(), 4U);
        const auto has = [&](const LabelTarget& target) {
            return std::any_of(labels.begin(), labels.end(), [&](const auto& l) { return l.target == target; });
        };
        QVERIFY(has({}));
        QVERIFY(has({LabelPart::Lead, "V1", 0, 0}));
        QVERIFY(has({LabelPart::Interval, "II", std::llround(0.5 * rate), std::llround(0.7 * rate)}));
        QVERIFY(has({LabelPart::Beat, "", peak.value, 0}));
        const QString own = rowOf(window, QStringLiteral("atrial fibrillation"))->text(2);
        for (const char* part : {"yes", "V1", "II 0.50 to 0.70 s", "beat "})
            QVERIFY2(own.contains(QLatin1String(part)), qPrintable(own));
        QVERIFY(panel.target().currentText().startsWith(QStringLiteral("Beat at ")));
        // The next recording has no beat at the cursor yet.
        window.worklist().step(1);
        QVERIFY(settled(session));
        QCOMPARE(panel.target().currentText(), QStringLiteral("Beat: point at one"));
    }

    // Another program holds the study: the window goes on, and the label follows.
    void aWriteNeverHoldsTheWindowUp() {
        MainWindow window(MainWindow::Memory::None);
        QVERIFY(ready(window, study_->path()));
        Session& session = window.session();
        const auto id = session.selection().current();
        const auto other = Study::open(session.studyFolder());
        const auto done = (*other)->inTransaction([&]() -> Result<Done> {
            if (const auto set = (*other)->setValue("x", "y"); !set)
                return set;
            window.labels().toggle(1, LabelValue::Present);
            QTest::qWait(50);
            return given(session, id).empty() ? Result<Done>(Done{}) : makeError(ErrorCode::Bug, "written too early");
        });
        QVERIFY2(done.ok(), failureText(done).c_str());
        QVERIFY(settled(session));
        QCOMPARE(given(session, id).size(), 1U);
    }

    void closingKeepsWhatWasGiven() {
        const auto path = study_->path();
        {
            MainWindow window(MainWindow::Memory::None);
            QVERIFY(ready(window, path));
            window.labels().toggle(1, LabelValue::Present);
        }
        const auto study = Study::open(path.toStdString());
        QCOMPARE(ReaderLabels(**study).readBy("ann")->size(), 1U);
    }

    void theNextUnread() {
        MainWindow window(MainWindow::Memory::None);
        QVERIFY(ready(window, study_->path()));
        Session& session = window.session();
        const auto order = window.worklist().shown();
        for (const std::size_t read : {1U, 2U, 4U})
            give(study_->path(), "ann", order[read].value, kReadTerm);
        give(study_->path(), "bob", order[3].value, kReadTerm); // another's reading is not ann's
        session.selection().setCurrent(order[0]);
        QVERIFY(settled(session));
        const auto next = [&] {
            actionOf(window, Qt::Key_N)->trigger();
            return settled(session) ? session.selection().current() : RecordingId();
        };
        QCOMPARE(next(), order[3]);
        actionOf(window, Qt::Key_0)->trigger();
        QCOMPARE(next(), order[5]);
        actionOf(window, Qt::Key_0)->trigger();
        QCOMPARE(next(), order[0]); // from the end to the top
        actionOf(window, Qt::Key_0)->trigger();
        QSignalSpy told(&session, &Session::message);
        QCOMPARE(next(), order[0]);
        QTRY_COMPARE_WITH_TIMEOUT(told.count(), 1, kPatience);
    }

    // Labels, names and the other reader are nowhere in the window.
    void aBlindedReader() {
        MainWindow window(MainWindow::Memory::None);
        QVERIFY(ready(window, study_->path(), "bob"));
        Session& session = window.session();
        const auto id = session.selection().current();
        window.labels().toggle(2, LabelValue::Present); // bob's
        QVERIFY(settled(session));
        const auto names = [&] {
            QSet<QString> words;
            for (const auto& row : *session.rows()) {
                words << QString::fromStdString(row.name);
                for (const auto& label : row.labels)
                    words << QString::fromStdString(label);
            }
            return words;
        }();
        QVERIFY(names.size() > 6);
        window.labels().reader().setCurrentText(QStringLiteral("ann"));
        window.labels().blinded().click();
        QVERIFY(settled(session));
        QCOMPARE(session.sight().reader, std::string("ann"));
        QVERIFY(session.labels()->given.empty());
        QCOMPARE(session.selection().current(), id);
        QString shown = window.windowTitle();
        const auto& model = window.worklist().model();
        for (int row = 0; row < model.rowCount(); ++row)
            for (int column = 0; column < model.columnCount(); ++column)
                for (const int role : {int(Qt::DisplayRole), int(Qt::ToolTipRole)})
                    shown += QLatin1Char('\n') + model.index(row, column).data(role).toString();
        for (const auto* label : window.findChildren<QLabel*>())
            shown += QLatin1Char('\n') + label->text() + QLatin1Char('\n') + label->toolTip();
        for (const auto* button : window.findChildren<QPushButton*>())
            shown += QLatin1Char('\n') + button->text();
        for (const QString& word : names)
            if (word != QLatin1String("own finding")) // of the vocabulary, which is the study's
                QVERIFY2(!shown.contains(word, Qt::CaseInsensitive), qPrintable(word));
        QVERIFY(shown.contains(QStringLiteral("#%1").arg(id.value)));
        QCOMPARE(session.recording()->recording.name, "#" + std::to_string(id.value));
        QVERIFY(window.labels().list().isColumnHidden(3));
        QCOMPARE(window.labels().reader().count(), 1);
        for (const auto& group : window.actionGroups())
            for (const auto* action : group.actions)
                if (action->text().contains(QStringLiteral("Two readers")))
                    QVERIFY(!action->isEnabled());
        // Own labels show, and unblinded all is there again.
        window.labels().toggle(1, LabelValue::Present);
        QVERIFY(settled(session));
        QCOMPARE(rowOf(window, QStringLiteral("atrial fibrillation"))->checkState(0), Qt::Checked);
        window.labels().blinded().click();
        QVERIFY(settled(session));
        QVERIFY(!session.recording()->row.name.starts_with('#'));
        QVERIFY(!window.labels().list().isColumnHidden(3));
        QCOMPARE(rowOf(window, QStringLiteral("own finding"))->text(3), QStringLiteral("bob: yes"));
    }

    // The window is blinded while a label is on its way: what comes of it tells nothing, and it is kept.
    void blindedWhileALabelIsWritten() {
        MainWindow window(MainWindow::Memory::None);
        QVERIFY(ready(window, study_->path()));
        Session& session = window.session();
        const auto id = session.selection().current();
        give(study_->path(), "bob", id.value, 2);
        window.labels().toggle(1, LabelValue::Present);
        session.setSight({"ann", true});
        QVERIFY(settled(session));
        for (const auto& row : *session.rows()) {
            QCOMPARE(row.name, "#" + std::to_string(row.id.value));
            QCOMPARE(row.labels,
                     row.id == id ? std::vector<std::string>{"atrial fibrillation"} : std::vector<std::string>{});
        }
        QCOMPARE(session.labels()->given.size(), 1U);
        QCOMPARE(session.labels()->given.front().reader, std::string("ann"));
    }

    void twoReadersAreCompared() {
        MainWindow window(MainWindow::Memory::None);
        QVERIFY(ready(window, study_->path()));
        // ann and bob have read 1 to 4; ann gave term 1 to 1 and 2, bob to 1.
        for (const auto* reader : {"ann", "bob"})
            for (int id = 1; id <= 4; ++id)
                give(study_->path(), reader, id, kReadTerm);
        give(study_->path(), "ann", 1, 1);
        give(study_->path(), "ann", 2, 1);
        give(study_->path(), "bob", 1, 1);
        give(study_->path(), "bob", 5, 2);
        Session& session = window.session();
        session.selection().setCurrent(session.rows()->at(3).id);
        QVERIFY(settled(session));
        ReadersWindow readers(session);
        readers.setAttribute(Qt::WA_DeleteOnClose, false);
        readers.show();
        QSignalSpy arrived(&readers, &ReadersWindow::shown);
        QTRY_VERIFY_WITH_TIMEOUT(arrived.count() > 0, kPatience);
        QCOMPARE(readers.first().currentText(), QStringLiteral("ann"));
        QCOMPARE(readers.second().currentText(), QStringLiteral("bob"));
        const auto* af = readers.terms().topLevelItem(0);
        QStringList cells;
        for (int i = 0; i < 6; ++i)
            cells << af->text(i);
        QCOMPARE(cells, (QStringList{"atrial fibrillation", "1", "1", "0", "2", "too few"})); // of 4 recordings
        QCOMPARE(readers.differences().topLevelItemCount(), 2); // 2, and 5 that ann has not read
        auto* line = readers.differences().topLevelItem(0)->child(0);
        QCOMPARE(line->text(1), QStringLiteral("present"));
        QCOMPARE(line->text(2), QStringLiteral("absent"));
        readers.differences().setCurrentItem(line);
        QCOMPARE(session.selection().current(), RecordingId(2));
        readers.settle(LabelValue::Absent);
        const auto settledText = [&] {
            const auto* item = readers.differences().topLevelItem(0);
            return item != nullptr && item->childCount() > 0 ? item->child(0)->text(3) : QString();
        };
        QTRY_COMPARE_WITH_TIMEOUT(settledText(), QStringLiteral("absent"), kPatience);
        QVERIFY(settled(session));
        const auto& labels = session.rows()->at(1).onlyByReaders;
        QVERIFY(std::find(labels.begin(), labels.end(), "atrial fibrillation") == labels.end());
        session.undoStack().undo();
        QTRY_COMPARE_WITH_TIMEOUT(settledText(), QString(), kPatience);
        QVERIFY(settled(session));
        session.setSight({"ann", true});
        QVERIFY(!readers.isVisible());
        QVERIFY(settled(session));
    }
};

QTEST_MAIN(TestUiLabels)
#include "test_ui_labels.moc"
