// SPDX-License-Identifier: GPL-3.0-or-later
// The worklist's model, its query, and the ties to the selection that all views share.
#include "core/study/bench_rows.h"
#include "core/study/measure_study.h"
#include "core/study/study_impl.h"
#include "tests/ui/ui_fixture.h"
#include "ui/worklist/details_panel.h"
#include "ui/worklist/filter_chips.h"
#include "ui/worklist/hover_thumbnail.h"
#include "ui/worklist/measuring.h"
#include "ui/worklist/worklist_model.h"
#include "ui/worklist/worklist_panel.h"
#include "ui/worklist/worklist_views_menu.h"

#include <QAbstractItemModelTester>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
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

// As if a program had imported it that did not measure.
bool forgetMeasured(const StudyFixture& fixture) {
    const auto study = Study::open(fixture.folder());
    return study.ok() && (*study)->impl().database->change("DELETE FROM measured").ok() &&
           (*study)->impl().database->change("DELETE FROM measurements WHERE source = 'computed'").ok();
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
        WorklistFilter filter;
        filter.text = "sinus";
        model.setFilter(filter);
        model.sort(column(WorklistColumn::HeartRate), Qt::DescendingOrder);
        model.setFilter({});
        model.setColumn("computed/qrs_ms", std::make_shared<const NumberColumn>(4, 98.0F));
        QCOMPARE(model.index(0, columnOf(model.columns(), "computed/qrs_ms")).data().toString(), QStringLiteral("98"));
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
        WorklistFilter filter;
        filter.text = "PTBXL  axis";
        model.setFilter(filter);
        QCOMPARE(ids(model), (Ids{2}));
        filter.text = "ptbxl sinus";
        model.setFilter(filter);
        QVERIFY(ids(model).empty());
    }

    void filtersAddUp() {
        WorklistModel model;
        model.setRows(sampleRows());
        WorklistFilter filter;
        filter.choices["label"] = {"SINUS rhythm", "sinus bradycardia"};
        model.setFilter(filter);
        QCOMPARE(ids(model), (Ids{4, 1}));
        filter.ranges["heart_rate"] = {{}, 60};
        model.setFilter(filter);
        QCOMPARE(ids(model), (Ids{4}));
        filter = {};
        filter.ranges["heart_rate"] = {10, {}}; // one without a heart rate is not in any range
        model.setFilter(filter);
        QCOMPARE(ids(model), (Ids{4, 2, 1}));
        filter = {};
        filter.choices["cluster"] = {"2"};
        model.setFilter(filter);
        QCOMPARE(ids(model), (Ids{4}));
        filter = {};
        filter.among = {RecordingId(3), RecordingId(1)};
        filter.choices["sex"] = {"male"};
        model.setFilter(filter);
        QCOMPARE(ids(model), (Ids{1, 3}));
    }

    // In the order A1, A9, A10, B1; A9 and B1 are hidden.
    void stepsOverWhatIsHidden() {
        WorklistModel model;
        model.setRows(sampleRows());
        WorklistFilter filter;
        filter.choices["dataset"] = {"ludb"};
        model.setFilter(filter);
        QCOMPARE(ids(model), (Ids{4, 1}));
        QCOMPARE(model.stepFrom(RecordingId(4), 1), RecordingId(1));
        QCOMPARE(model.stepFrom(RecordingId(1), 1), RecordingId(1));
        QCOMPARE(model.stepFrom(RecordingId(2), 1), RecordingId(1)); // behind A9 comes A10
        QCOMPARE(model.stepFrom(RecordingId(2), -1), RecordingId(4));
        QCOMPARE(model.stepFrom(RecordingId(3), 1), RecordingId(1)); // nothing is behind B1
        QCOMPARE(model.stepFrom(RecordingId(), 1), RecordingId(4));
        filter.text = "nothing";
        model.setFilter(filter);
        QVERIFY(!model.stepFrom(RecordingId(2), 1).valid());
    }

    void newLabelsKeepTheirPlace() {
        WorklistModel model;
        model.setRows(sampleRows());
        model.setColumn("computed/qrs_ms", std::make_shared<const NumberColumn>(4, 98.0F));
        model.sort(column(WorklistColumn::Label), Qt::AscendingOrder);
        const Ids before = ids(model);
        auto rows = std::make_shared<std::vector<RecordingRow>>(*model.rows());
        (*rows)[2].labels = {"aaa"};
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        model.patchRows(rows, {RecordingId(3)});
        QCOMPARE(ids(model), before);
        QCOMPARE(changed.size(), 1);
        const int row = model.rowOf(RecordingId(3));
        QCOMPARE(model.index(row, column(WorklistColumn::Label)).data().toString(), QStringLiteral("aaa"));
        QCOMPARE(model.index(row, columnOf(model.columns(), "computed/qrs_ms")).data().toString(),
                 QStringLiteral("98"));
        WorklistFilter filter; // the next question finds it
        filter.text = "aaa";
        model.setFilter(filter);
        QCOMPARE(ids(model), (Ids{3}));
    }

    // A reader who must not see labels neither sees, finds nor sorts by them.
    void labelsCanBeHidden() {
        WorklistModel model;
        model.setLabels([](const RecordingRow&) { return std::vector<std::string>(); });
        model.setRows(sampleRows());
        for (int i = 0; i < model.rowCount(); ++i) {
            QVERIFY(model.index(i, column(WorklistColumn::Label)).data().toString().isEmpty());
            QVERIFY(!model.whole(i).contains(QStringLiteral("fibrillation")));
        }
        WorklistFilter filter;
        filter.text = "fibrillation";
        model.setFilter(filter);
        QCOMPARE(model.rowCount(), 0);
        model.setLabels({});
        QCOMPARE(ids(model), (Ids{2}));
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

        QSignalSpy position(&panel, &WorklistPanel::positionChanged);
        const RecordingId second = panel.model().idAt(1);
        session.selection().setCurrent(second);
        QCOMPARE(panel.table().currentIndex().row(), 1);
        QCOMPARE(position.last(), (QVariantList{1, 6}));

        // Sorting and filtering keep the recording in focus; filtered out, it stays in focus and is not marked.
        panel.table().sortByColumn(column(WorklistColumn::HeartRate), Qt::DescendingOrder);
        QCOMPARE(session.selection().current(), second);
        WorklistFilter filter;
        filter.among = {fourth};
        panel.chips().setFilter(filter);
        QCOMPARE(panel.model().rowCount(), 1);
        QCOMPARE(position.last(), (QVariantList{-1, 1})); // not in the list
        QCOMPARE(session.selection().current(), second);
        QVERIFY(!panel.table().selectionModel()->hasSelection());
        panel.chips().setFilter({});
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

    // More rows than are answered at once: a first page, then all; what was asked last is what is shown.
    void manyRowsAreAnsweredByAWorker() {
        const QTemporaryDir temporary;
        const auto folder = std::filesystem::path(temporary.path().toStdString()) / "study";
        constexpr int kRows = WorklistModel::kAtOnce + 500;
        Progress silent;
        QVERIFY(makeBenchRows(folder, kRows, 5, {}, silent).ok());
        Session session;
        WorklistPanel panel(session);
        panel.resize(420, 500);
        panel.show();
        session.openStudy(QString::fromStdString(folder.string()));
        QTRY_VERIFY_WITH_TIMEOUT(panel.model().rowCount() > 0, kPatience);
        QTRY_COMPARE_WITH_TIMEOUT(panel.model().rowCount(), kRows, kPatience);
        QCOMPARE(panel.model().index(0, 0).data().toString(), QStringLiteral("R1"));
        QCOMPARE(panel.model().index(kRows - 1, 0).data().toString(), QStringLiteral("R%1").arg(kRows));
        // Two questions in a row: the first answer is never shown.
        const auto rows = session.rows();
        const auto females = std::count_if(rows->begin(), rows->end(), [](const auto& r) { return r.sex == "female"; });
        QSignalSpy answered(&panel.model(), &WorklistModel::answered);
        WorklistFilter filter;
        filter.choices["sex"] = {"male"};
        panel.chips().setFilter(filter);
        filter.choices["sex"] = {"female"};
        panel.chips().setFilter(filter);
        QVERIFY(panel.model().busy());
        QTRY_VERIFY_WITH_TIMEOUT(!panel.model().busy(), kPatience);
        QCOMPARE(panel.model().rowCount(), static_cast<int>(females));
        // The recording in focus keeps its mark through sorting by a worker.
        const RecordingId chosen = panel.model().idAt(100);
        session.selection().setCurrent(chosen);
        panel.table().sortByColumn(column(WorklistColumn::Surprise), Qt::DescendingOrder);
        QTRY_VERIFY_WITH_TIMEOUT(!panel.model().busy(), kPatience);
        QCOMPARE(panel.model().idAt(panel.table().currentIndex().row()), chosen);
        QCOMPARE(session.selection().current(), chosen);
        QVERIFY(QTest::qWaitFor([&] { return session.idle(); }, kPatience));
    }

    // A column of measurements says why it is empty, offers to fill it, and is filled.
    void measuredColumns() {
        const StudyFixture study(6);
        QVERIFY(forgetMeasured(study));
        Session session;
        WorklistPanel panel(session);
        panel.resize(420, 500);
        panel.show();
        QVERIFY(openAndWait(session, study.path()));
        panel.showColumn("computed/qrs_ms", true);
        panel.showColumn("quality", true);
        const int qrs = columnOf(panel.model().columns(), "computed/qrs_ms");
        QPushButton* offer = nullptr;
        QTRY_VERIFY_WITH_TIMEOUT(
            [&] {
                for (auto* button : panel.findChildren<QPushButton*>())
                    if (button->isVisible() && button->text() == QStringLiteral("Measure"))
                        offer = button;
                return offer != nullptr;
            }(),
            kPatience);
        QVERIFY(panel.model().index(0, column(WorklistColumn::Quality)).data().toString().isEmpty());
        offer->click();
        QVERIFY(panel.measuring().running());
        QTRY_VERIFY_WITH_TIMEOUT(!panel.model().index(0, column(WorklistColumn::Quality)).data().toString().isEmpty(),
                                 kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(!offer->isVisible() || offer->text() != QStringLiteral("Measure"), kPatience);
        for (int row = 0; row < 6; ++row) {
            const auto kept = session.study()->measurements(panel.model().idAt(row), "computed");
            QCOMPARE(panel.model().index(row, qrs).data().toString(), QString::number(std::lround(kept->at("qrs_ms"))));
            QVERIFY(!panel.model().index(row, column(WorklistColumn::Quality)).data().toString().isEmpty());
        }
        // By a range of it.
        const double first = panel.model().index(0, qrs).data().toDouble();
        WorklistFilter filter;
        filter.ranges["computed/qrs_ms"] = {first - 0.5, first + 0.5};
        panel.chips().setFilter(filter);
        QVERIFY(panel.model().rowCount() >= 1 && panel.model().rowCount() < 6);
        QVERIFY(QTest::qWaitFor([&] { return session.idle(); }, kPatience));
    }

    // An older version measured: the worklist and Details say so, and measuring again ends it.
    void olderMeasuringIsTold() {
        const StudyFixture study(4);
        {
            const auto opened = Study::open(study.folder());
            QVERIFY(opened.ok());
            auto& database = *(*opened)->impl().database;
            QVERIFY(database.change("UPDATE measured SET version = 1").ok());
            QVERIFY(
                database.change("UPDATE measurements SET value = 12345 WHERE source = 'computed' AND name = 'qrs_ms'")
                    .ok());
        }
        Session session;
        WorklistPanel panel(session);
        DetailsPanel details(session);
        panel.resize(420, 500);
        details.resize(340, 400);
        panel.show();
        details.show();
        int wanted = 0;
        connect(&details, &DetailsPanel::measureWanted, &panel, [&] {
            ++wanted;
            panel.measuring().start(true);
        });
        QVERIFY(openAndWait(session, study.path()));
        const auto says = [](const QWidget& where, const char* words) {
            for (const auto* label : where.findChildren<QLabel*>())
                if (label->isVisible() && label->text().contains(QLatin1String(words)))
                    return true;
            return false;
        };
        QTRY_VERIFY_WITH_TIMEOUT(says(panel, "measured by an older version"), kPatience);
        QCOMPARE(panel.measuring().state().older, 4);
        QTRY_VERIFY_WITH_TIMEOUT(says(details, "Measured by an older version"), kPatience);
        QVERIFY(says(details, "12345 ms"));
        QPushButton* again = nullptr;
        for (auto* button : details.findChildren<QPushButton*>())
            if (button->isVisible() && button->text().contains(QStringLiteral("again")))
                again = button;
        QVERIFY(again != nullptr);
        again->click();
        QCOMPARE(wanted, 1);
        QTRY_COMPARE_WITH_TIMEOUT(panel.measuring().state().older, 0, kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(!says(details, "Measured by an older version") && !says(details, "12345 ms"),
                                 kPatience);
        QVERIFY(!says(panel, "measured by an older version"));
        QCOMPARE(*measuredVersion(*session.study(), session.selection().current()), kMeasuringVersion);
        QVERIFY(QTest::qWaitFor([&] { return session.idle(); }, kPatience));
    }

    // After an import what an older program had left is measured by itself, when a person wants that.
    void theRestIsMeasuredByItself() {
        const StudyFixture study(3), more(4, 8);
        QVERIFY(forgetMeasured(study));
        Session session;
        WorklistPanel panel(session);
        panel.measuring().setByItself(true);
        QVERIFY(openAndWait(session, study.path()));
        QVERIFY(!panel.measuring().running());
        QCOMPARE(measuredState(*session.study())->measured, 0);
        session.importPaths({more.path() + QStringLiteral("/recordings")});
        QTRY_COMPARE_WITH_TIMEOUT(panel.measuring().state().measured, 7, kPatience);
        QVERIFY(QTest::qWaitFor([&] { return session.idle(); }, kPatience));
        QCOMPARE(measuredState(*session.study())->measured, 7);
    }

    void viewsAreKeptInTheStudy() {
        const StudyFixture study(6);
        {
            Session session;
            WorklistPanel panel(session);
            panel.resize(420, 500);
            panel.show();
            QVERIFY(openAndWait(session, study.path()));
            panel.showColumn("age", true);
            panel.table().horizontalHeader()->resizeSection(column(WorklistColumn::Age), 77);
            panel.table().sortByColumn(column(WorklistColumn::Age), Qt::DescendingOrder);
            WorklistFilter filter;
            filter.ranges["age"] = {40, {}};
            filter.choices["label"] = {"a & b", "c"};
            panel.chips().setFilter(filter);
            panel.search().setText(QStringLiteral("word"));
            panel.views().save(QStringLiteral(" old & odd "));
            panel.views().save(QStringLiteral("other"));
            panel.clearFilters();
            QVERIFY(QTest::qWaitFor([&] { return session.idle(); }, kPatience));
        }
        Session session;
        WorklistPanel panel(session);
        panel.show();
        QVERIFY(openAndWait(session, study.path()));
        QCOMPARE(panel.views().views().size(), std::size_t(2));
        QVERIFY(panel.table().isColumnHidden(column(WorklistColumn::Age)));
        panel.views().apply(QStringLiteral("old & odd"));
        QVERIFY(!panel.table().isColumnHidden(column(WorklistColumn::Age)));
        QCOMPARE(panel.table().columnWidth(column(WorklistColumn::Age)), 77);
        QCOMPARE(panel.model().sortedBy(), std::string("age"));
        QVERIFY(panel.model().descending());
        QCOMPARE(panel.search().text(), QStringLiteral("word"));
        QCOMPARE(panel.chips().filter().ranges.at("age"), (WorklistRange{40, {}}));
        QVERIFY(panel.chips().filter().choices.at("label") == (std::set<std::string>{"a & b", "c"}));
        panel.views().remove(QStringLiteral("old & odd"));
        QCOMPARE(panel.views().views().size(), std::size_t(1));
        QVERIFY(QTest::qWaitFor([&] { return session.idle(); }, kPatience));
    }

    // What another version wrote, or a person broke, is left out; nothing is taken over blindly.
    void brokenViewsAreLeftOut() {
        QVERIFY(worklistViews("").empty());
        QVERIFY(worklistViews("{}").empty());
        QVERIFY(!worklistLayout("not json"));
        QVERIFY(!worklistLayout(R"({"columns":[{"key":"gone","width":50}]})"));
        const auto layout = worklistLayout(
            R"({"columns":[{"key":"age","width":50},{"key":"age","width":60},{"key":"sex","width":-4}],"sorted_by":"x"})");
        QVERIFY(layout);
        QCOMPARE(layout->columns.size(), std::size_t(1));
        QCOMPARE(layout->sortedBy, std::string("name"));
        const auto views = worklistViews(
            R"([{"name":"","layout":{"columns":[{"key":"age","width":50}]}},{"name":"v","filter":{"ranges":
            {"age":{"from":"x"},"gone":{"from":1},"heart_rate":{"to":50}},"choices":{"label":[],"sex":["male"]}},
            "layout":{"columns":[{"key":"age","width":50}]}}])");
        QCOMPARE(views.size(), std::size_t(1));
        QCOMPARE(views[0].filter.ranges.size(), std::size_t(1));
        QCOMPARE(views[0].filter.choices.size(), std::size_t(1));
    }

    void columnsComeBack() {
        Session session;
        WorklistPanel first(session), second(session);
        first.showColumn("file/qrs_ms", true);
        first.showColumn("label", false);
        QHeaderView* header = first.table().horizontalHeader();
        header->moveSection(header->visualIndex(columnOf(first.model().columns(), "file/qrs_ms")), 1);
        header->resizeSection(columnOf(first.model().columns(), "file/qrs_ms"), 91);
        second.restoreColumns(first.saveColumns());
        QVERIFY(first.columnLayout() == second.columnLayout());
        QCOMPARE(second.columnLayout().columns[1].key, std::string("file/qrs_ms"));
        QCOMPARE(second.columnLayout().columns[1].width, 91);
        second.restoreColumns("from another program");
        QVERIFY(first.columnLayout() == second.columnLayout());
    }

    // The panel below the button: an end that is left where the column ends stays open.
    void rangesAreAskedFor() {
        const StudyFixture study(6);
        Session session;
        WorklistPanel panel(session);
        panel.show();
        QVERIFY(openAndWait(session, study.path()));
        const auto& columns = panel.model().columns();
        panel.chips().askRange(columns[static_cast<std::size_t>(columnOf(columns, "heart_rate"))]);
        auto* popup = panel.chips().findChild<QFrame*>(QStringLiteral("rangePopup"));
        QVERIFY(popup != nullptr);
        const auto boxes = popup->findChildren<QSpinBox*>();
        QCOMPARE(boxes.size(), 2);
        const double longest = panel.model().index().extent("heart_rate")->second;
        QCOMPARE(boxes[1]->value(), static_cast<int>(std::ceil(longest)));
        boxes[0]->setValue(boxes[0]->value() + 5);
        const int from = boxes[0]->value();
        popup->findChild<QPushButton*>()->click();
        QCOMPARE(panel.chips().filter().ranges.at("heart_rate"), (WorklistRange{from, {}}));
        const auto rows = session.rows();
        QCOMPARE(panel.model().rowCount(), static_cast<int>(std::count_if(rows->begin(), rows->end(), [&](auto& r) {
                     return r.heartRateBpm && *r.heartRateBpm >= from;
                 })));
        QVERIFY(QTest::qWaitFor([&] { return session.idle(); }, kPatience));
    }

    // The pointer rests on a row: its picture comes, is kept, and goes with the pointer.
    void thumbnailOnHover() {
        const StudyFixture study(4);
        Session session;
        WorklistPanel panel(session);
        panel.resize(420, 400);
        panel.show();
        QVERIFY(openAndWait(session, study.path()));
        const auto over = [&](int row) {
            QTest::mouseMove(panel.table().viewport(), QPoint(40, panel.table().rowViewportPosition(row) + 8));
        };
        over(1);
        QVERIFY(!panel.thumbnail().isVisible()); // not at once
        QTRY_VERIFY_WITH_TIMEOUT(panel.thumbnail().hasPicture(), kPatience);
        QCOMPARE(panel.thumbnail().recording(), panel.model().idAt(1));
        QCOMPARE(panel.thumbnail().kept(), 1);
        over(2);
        QVERIFY(!panel.thumbnail().isVisible());
        QTRY_VERIFY_WITH_TIMEOUT(panel.thumbnail().hasPicture(), kPatience);
        QCOMPARE(panel.thumbnail().kept(), 2);
        over(1);
        QTRY_COMPARE_WITH_TIMEOUT(panel.thumbnail().recording(), panel.model().idAt(1), kPatience);
        QVERIFY(panel.thumbnail().hasPicture()); // kept: there at once
        QCOMPARE(panel.thumbnail().kept(), 2);
        QTest::mouseClick(panel.table().viewport(), Qt::LeftButton, {},
                          QPoint(40, panel.table().rowViewportPosition(0) + 8));
        QVERIFY(!panel.thumbnail().isVisible());
        QVERIFY(QTest::qWaitFor([&] { return session.idle(); }, kPatience));
    }

    // Both leads are drawn, each in its half, inside its ten seconds.
    void thumbnailShowsTheLeads() {
        Recording recording;
        recording.samplingRate = 100;
        for (const char* name : {"II", "V1"}) {
            Lead lead;
            lead.name = name;
            lead.unit = "uV";
            lead.samples.assign(1000, 0.0F);
            for (std::size_t i = 500; i < 510; ++i)
                lead.samples[i] = name[0] == 'V' ? -1000.0F : 1000.0F;
            recording.leads.push_back(lead);
        }
        const auto colours = PaperColours::standard();
        const QImage image = thumbnailOf(recording, {"II", "V1"}, colours, QSize(360, 132), 1);
        const auto darkRows = [&](int from, int to) {
            int dark = 0;
            for (int y = from; y < to; ++y)
                for (int x = 190; x < 202; ++x)
                    dark += image.pixelColor(x, y).lightness() < 110 ? 1 : 0;
            return dark;
        };
        // 1 mV is 5 mm of 1.336 px: lead II goes up from its baseline at 40 px, V1 down from 106 px.
        QVERIFY(darkRows(31, 38) > 5);
        QVERIFY(darkRows(44, 60) == 0);
        QVERIFY(darkRows(108, 115) > 5);
        QVERIFY(darkRows(90, 102) == 0);
    }

    // Blinded, the rows stand in another order; afterwards the chosen one is in sight again.
    void theChosenOneIsInSightAfterBlinding() {
        const StudyFixture study(60);
        QVERIFY(study.valid());
        Session session;
        session.setSight({"ann", false});
        WorklistPanel panel(session);
        panel.resize(340, 420);
        panel.show();
        QVERIFY(openAndWait(session, study.path()));
        auto* table = panel.findChild<QTableView*>();
        const auto inSight = [&] {
            const int row = panel.model().rowOf(session.selection().current());
            return row >= 0 && table->isVisible() && table->currentIndex().row() == row &&
                   table->viewport()->rect().contains(table->visualRect(panel.model().index(row, 0)).center());
        };
        for (const std::size_t chosen : {59U, 30U}) {
            session.selection().setCurrent(session.rows()->at(chosen).id);
            QVERIFY(QTest::qWaitFor([&] { return session.idle() && inSight(); }, kPatience));
            for (const bool blinded : {true, false}) {
                session.setSight({"ann", blinded});
                QVERIFY(QTest::qWaitFor([&] { return session.idle() && !session.rows()->empty(); }, kPatience));
                QTest::qWait(50);
                QVERIFY2(inSight(), blinded ? "blinded" : "not blinded");
            }
        }
    }
};

QTEST_MAIN(TestUiWorklist)
#include "test_ui_worklist.moc"
