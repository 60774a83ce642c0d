// SPDX-License-Identifier: GPL-3.0-or-later
// A recording that the model cannot take: the views say so, they do not promise it for ever.
#include "core/base/result.h"
#include "core/io/wfdb_writer.h"
#include "tests/ui/ui_fixture.h"
#include "ui/events/events_view.h"
#include "ui/intervals/intervals_view.h"

#include <QLabel>
#include <QStandardPaths>

using namespace precordia;

namespace {

bool says(const QWidget& view, const QString& text) {
    for (const auto* label : view.findChildren<QLabel*>())
        if (label->isVisibleTo(&view) && label->text().contains(text))
            return true;
    return false;
}

} // namespace

class TestUiWhyEmpty : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QStandardPaths::setTestModeEnabled(true); }
    void aRecordingTooShortForTheModelIsCalledSo();
};

void TestUiWhyEmpty::aRecordingTooShortForTheModelIsCalledSo() {
    StudyFixture fixture(2);
    QVERIFY(fixture.valid());
    Recording brief; // one second: the model's window has ten
    brief.samplingRate = 500;
    for (const auto& name : standardLeads()) {
        Lead lead;
        lead.name = name;
        for (int i = 0; i < 500; ++i)
            lead.samples.push_back(static_cast<float>(i % 50));
        brief.leads.push_back(lead);
    }
    const auto file = fixture.elsewhere("brief.hea");
    QVERIFY(writeWfdb(brief, file.toStdString()).ok());

    Session session;
    session.startEngine(); // as the window does once it is up
    EventsView events(session);
    IntervalsView intervals(session);
    QVERIFY(openAndWait(session, fixture.path()));
    session.importPaths({file});
    QVERIFY(QTest::qWaitFor([&] { return session.rows()->size() == 3 && session.idle(); }, kPatience));
    session.selection().setCurrent(session.rows()->back().id);
    QVERIFY(QTest::qWaitFor(
        [&] {
            return session.model() && session.recording() && session.recording()->row.id == session.rows()->back().id;
        },
        kPatience));
    QVERIFY(session.recording()->windows.empty());
    QVERIFY(says(events, QStringLiteral("cannot read this recording")));
    QVERIFY(says(intervals, QStringLiteral("cannot read this recording")));
    session.selection().setCurrent(session.rows()->front().id);
    QVERIFY(QTest::qWaitFor([&] { return !says(intervals, QStringLiteral("cannot read this recording")); }, kPatience));
}

QTEST_MAIN(TestUiWhyEmpty)
#include "test_ui_why_empty.moc"
