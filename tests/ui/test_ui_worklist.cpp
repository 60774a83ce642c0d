// SPDX-License-Identifier: GPL-3.0-or-later
// The worklist's model, its query, and the ties to the selection that all views share.
#include "tests/ui/ui_fixture.h"
#include "ui/worklist/filter_chips.h"
#include "ui/worklist/worklist_model.h"
#include "ui/worklist/worklist_panel.h"

#include <QAbstractItemModelTester>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>

using namespace precordia;

namespace {

RecordingRow row(std::int64_t id, const char* name, std::optional<double> rate, std::vector<std::string> labels,
                 const char* dataset = "", const char* sex = "") {
    RecordingRow made;
    made.id = RecordingId(id);
    made.name = name;
    made.heartRateBpm = rate;
    made.labels = std::move(labels);
    made.dataset = dataset;
    made.sex = sex;
    return made;
}

std::shared_ptr<const std::vector<RecordingRow>> sampleRows() {
    auto rows = std::make_shared<std::vector<RecordingRow>>();
    rows->push_back(row(1, "A10", 72, {"sinus rhythm"}, "ludb", "male"));
    rows->push_back(row(2, "A9", 118, {"atrial fibrillation", "left axis deviation"}, "ptbxl", "female"));
    rows->push_back(row(3, "B1", std::nullopt, {}, "ptbxl", "male"));
    rows->push_back(row(4, "A1", 45, {"Sinus bradycardia"}, "ludb", "female"));
    for (std::size_t i = 0; i < rows->size(); ++i)
        (*rows)[i].surprise = 0.30 + 0.01 * static_cast<double>(i);
    (*rows)[3].cluster = 2;
    return rows;
}

std::vector<std::int64_t> ids(const WorklistModel& model) {
    std::vector<std::int64_t> out;
    for (int i = 0; i < model.rowCount(); ++i)
        out.push_back(model.idAt(i).value);
    return out;
}

using Ids = std::vector<std::int64_t>;
constexpr int column(WorklistColumn c) {
    return static_cast<int>(c);
}

} // namespace

class TestUiWorklist : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void modelKeepsItsPromises() {
        WorklistModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setRows(sampleRows());
        WorklistQuery query;
        query.text = "sinus";
        model.setQuery(query);
        model.sort(column(WorklistColumn::HeartRate), Qt::DescendingOrder);
        model.setQuery({});
        model.setRows(nullptr);
        QCOMPARE(model.rowCount(), 0);
    }

    void namesSortAsAPersonCounts() {
        WorklistModel model;
        model.setRows(sampleRows());
        QCOMPARE(ids(model), (Ids{4, 2, 1, 3})); // A1, A9, A10, B1
        model.sort(column(WorklistColumn::Name), Qt::DescendingOrder);
        QCOMPARE(ids(model), (Ids{3, 1, 2, 4}));
    }

    void missingValuesComeLastBothWays() {
        WorklistModel model;
        model.setRows(sampleRows());
        model.sort(column(WorklistColumn::HeartRate), Qt::AscendingOrder);
        QCOMPARE(ids(model), (Ids{4, 1, 2, 3}));
        model.sort(column(WorklistColumn::HeartRate), Qt::DescendingOrder);
        QCOMPARE(ids(model), (Ids{2, 1, 4, 3}));
    }

    void persistentIndexesFollowTheirRow() {
        WorklistModel model;
        model.setRows(sampleRows());
        const QPersistentModelIndex kept = model.index(model.rowOf(RecordingId(2)), 0);
        model.sort(column(WorklistColumn::HeartRate), Qt::DescendingOrder);
        QCOMPARE(model.idAt(kept.row()), RecordingId(2));
    }

    void everyWordMustBeFound() {
        WorklistModel model;
        model.setRows(sampleRows());
        WorklistQuery query;
        query.text = "PTBXL  axis";
        model.setQuery(query);
        QCOMPARE(ids(model), (Ids{2}));
        query.text = "ptbxl sinus";
        model.setQuery(query);
        QVERIFY(ids(model).empty());
    }

    void filtersAddUp() {
        WorklistModel model;
        model.setRows(sampleRows());
        WorklistQuery query;
        query.label = "SINUS";
        model.setQuery(query);
        QCOMPARE(ids(model), (Ids{4, 1}));
        query.heartRateTo = 60;
        model.setQuery(query);
        QCOMPARE(ids(model), (Ids{4}));
        query = {};
        query.heartRateFrom = 10; // one without a heart rate is not in any range
        model.setQuery(query);
        QCOMPARE(ids(model), (Ids{4, 2, 1}));
        query = {};
        query.cluster = 2;
        model.setQuery(query);
        QCOMPARE(ids(model), (Ids{4}));
        query = {};
        query.among = {RecordingId(3), RecordingId(1)};
        query.sex = "male";
        model.setQuery(query);
        QCOMPARE(ids(model), (Ids{1, 3}));
    }

    // Four recordings: none, one, two and three thirds of the others surprise less.
    void surpriseIsARank() {
        WorklistModel model;
        model.setRows(sampleRows());
        const auto share = [&](std::int64_t id) {
            return model.index(model.rowOf(RecordingId(id)), column(WorklistColumn::Surprise))
                .data(WorklistModel::kSurpriseShare)
                .toDouble();
        };
        QCOMPARE(share(1), 0.0);
        QVERIFY(std::abs(share(2) - 1.0 / 3) < 1e-9);
        QCOMPARE(share(4), 1.0);
    }

    void choicesAreCounted() {
        const auto choices = datasetChoices(*sampleRows());
        QCOMPARE(choices.size(), std::size_t(2));
        QCOMPARE(choices[0].count, 2);
        QCOMPARE(labelChoices(*sampleRows()).size(), std::size_t(4));
    }

    void selectionGoesBothWays() {
        const StudyFixture study(6);
        QVERIFY(study.valid());
        Session session;
        WorklistPanel panel(session);
        panel.resize(360, 500);
        panel.show();
        QVERIFY(openAndWait(session, study.path()));
        QCOMPARE(panel.model().rowCount(), 6);
        QCOMPARE(panel.table().currentIndex().row(), panel.model().rowOf(session.selection().current()));

        const RecordingId fourth = panel.model().idAt(3);
        panel.table().setCurrentIndex(panel.model().index(3, 0));
        QCOMPARE(session.selection().current(), fourth);

        const RecordingId second = panel.model().idAt(1);
        session.selection().setCurrent(second);
        QCOMPARE(panel.table().currentIndex().row(), 1);

        // Sorting and filtering keep the recording in focus; filtered out, it stays in focus and is not marked.
        panel.table().sortByColumn(column(WorklistColumn::HeartRate), Qt::DescendingOrder);
        QCOMPARE(session.selection().current(), second);
        WorklistQuery query;
        query.among = {fourth};
        panel.chips().setQuery(query);
        QCOMPARE(panel.model().rowCount(), 1);
        QCOMPARE(session.selection().current(), second);
        QVERIFY(!panel.table().selectionModel()->hasSelection());
        panel.chips().setQuery({});
        QCOMPARE(panel.model().idAt(panel.table().currentIndex().row()), second);
        QVERIFY(QTest::qWaitFor([&] { return session.idle(); }, kPatience));
    }

    void choiceOnTheMapIsAChip() {
        const StudyFixture study(6);
        Session session;
        WorklistPanel panel(session);
        panel.show();
        QVERIFY(openAndWait(session, study.path()));
        QSignalSpy count(&panel, &WorklistPanel::countChanged);
        session.selection().setChosen({panel.model().idAt(0), panel.model().idAt(2)});
        QCOMPARE(panel.model().rowCount(), 2);
        QVERIFY(count.last().front().toString().startsWith(QStringLiteral("2 of 6")));
        QPushButton* chip = nullptr;
        for (auto* button : panel.chips().findChildren<QPushButton*>())
            chip = button;
        QVERIFY(chip != nullptr);
        chip->click();
        QVERIFY(session.selection().chosen().empty());
        QCOMPARE(panel.model().rowCount(), 6);
    }

    void searchFiltersAfterAPause() {
        const StudyFixture study(6);
        Session session;
        WorklistPanel panel(session);
        panel.show();
        QVERIFY(openAndWait(session, study.path()));
        const QString name = panel.model().index(2, 0).data().toString();
        QTest::keyClicks(&panel.search(), name);
        QTRY_COMPARE(panel.model().rowCount(), 1);
        panel.search().clear();
        QTRY_COMPARE(panel.model().rowCount(), 6);
        // J and K end at the ends.
        session.selection().setCurrent(panel.model().idAt(4));
        panel.step(1);
        QCOMPARE(session.selection().current(), panel.model().idAt(5));
        panel.step(1);
        QCOMPARE(session.selection().current(), panel.model().idAt(5));
        panel.step(-1);
        QCOMPARE(session.selection().current(), panel.model().idAt(4));
        QVERIFY(QTest::qWaitFor([&] { return session.idle(); }, kPatience));
    }
};

QTEST_MAIN(TestUiWorklist)
#include "test_ui_worklist.moc"
