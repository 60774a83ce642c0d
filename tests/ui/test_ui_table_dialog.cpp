// SPDX-License-Identifier: GPL-3.0-or-later
// The dialog that asks what a table does not say: it proposes what it sees, refuses what is not enough, shows the
// trace, and remembers for the folder. PRECORDIA_SHOTS names a folder for pictures of it.
#include "core/ecg/synthesis.h"
#include "core/io/reader.h"
#include "ui/plots/trace_stack.h"
#include "ui/settings/settings.h"
#include "ui/shell/table_dialog.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDoubleSpinBox>
#include <QFile>
#include <QPushButton>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

using namespace precordia;

namespace {

constexpr int kPatience = 60000;

QString write(const QTemporaryDir& folder, const char* name, const QByteArray& bytes) {
    QFile file(folder.filePath(QLatin1String(name)));
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("a test file could not be written");
    return file.fileName();
}

// Four synthetic leads in mV, decimal commas, no heading, no time.
QByteArray table() {
    SynthesisOptions options;
    options.samplingRate = 250;
    const auto ecg = synthesise(options, 4).recording;
    QByteArray out;
    for (std::size_t i = 0; i < ecg.samples(); ++i) {
        for (std::size_t l = 0; l < 4; ++l)
            out += (l > 0 ? ";" : "") + QByteArray::number(ecg.leads[l].samples[i] / 1000, 'f', 3).replace('.', ',');
        out += '\n';
    }
    return out;
}

QPushButton* acceptButton(const TableDialog& dialog) {
    const auto* box = dialog.findChild<QDialogButtonBox*>();
    for (auto* button : box->buttons())
        if (box->buttonRole(button) == QDialogButtonBox::AcceptRole)
            return qobject_cast<QPushButton*>(button);
    return nullptr;
}

QComboBox* unitBox(const TableDialog& dialog) {
    for (auto* box : dialog.findChildren<QComboBox*>())
        if (box->findData(QStringLiteral("mV")) > 0)
            return box;
    return nullptr;
}

} // namespace

class TestUiTableDialog : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void asksForWhatIsMissingAndReadsWithIt() {
        const QTemporaryDir folder;
        const auto path = write(folder, "a.csv", table());
        const auto proposal = proposeLayout(path.toStdString());
        QVERIFY(proposal.ok());
        TableDialog dialog(path, *proposal, std::nullopt, nullptr);
        dialog.show();
        QVERIFY(!dialog.complete());
        QVERIFY(!acceptButton(dialog)->isEnabled());
        dialog.findChild<QDoubleSpinBox*>()->setValue(250);
        QTest::qWait(200);
        QVERIFY(!dialog.complete()); // the unit is still unknown
        unitBox(dialog)->setCurrentText(QStringLiteral("mV"));
        QVERIFY(QTest::qWaitFor([&] { return dialog.complete(); }, kPatience));
        QVERIFY(acceptButton(dialog)->isEnabled());
        const auto* rows = dialog.findChild<QTableWidget*>();
        QCOMPARE(rows->columnCount(), 4);
        for (const auto& [column, name] : {std::pair{0, "I"}, {1, "II"}, {2, "III"}, {3, "aVR"}})
            qobject_cast<QComboBox*>(rows->cellWidget(0, column))->setCurrentText(QString::fromLatin1(name));
        qobject_cast<QComboBox*>(rows->cellWidget(0, 3))->setCurrentIndex(1); // left out

        ReadOptions options;
        options.tableLayout = dialog.layoutChosen();
        QCOMPARE(options.tableLayout->delimiter, ';');
        QCOMPARE(options.tableLayout->decimalMark, ',');
        const auto r = Registry::standard().read(path.toStdString(), options);
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->samplingRate, 250.0);
        QCOMPARE(r->leads.size(), 3U);
        QCOMPARE(r->leads[2].name, std::string("III"));
        SynthesisOptions synthesis;
        synthesis.samplingRate = 250;
        const auto truth = synthesise(synthesis, 4).recording;
        for (std::size_t i = 0; i < truth.samples(); ++i)
            QVERIFY(std::abs(r->leads[1].samples[i] - truth.leads[1].samples[i]) < 0.6F);
    }

    void remembersForTheFolder() {
        const QTemporaryDir folder, other;
        Settings settings(false);
        TableLayout layout;
        layout.samplingRate = 128;
        layout.unit = "mV";
        layout.leads = {"I", "II", "-", "V1"};
        rememberTableLayout(settings, folder.filePath(QStringLiteral("a.csv")), layout);
        QVERIFY(rememberedTableLayout(settings, folder.filePath(QStringLiteral("b.csv"))) == layout);
        QVERIFY(!rememberedTableLayout(settings, other.filePath(QStringLiteral("b.csv"))));
        const auto path = write(folder, "b.csv", table());
        TableDialog dialog(path, *proposeLayout(path.toStdString()), layout, nullptr);
        QVERIFY(!dialog.complete() && !acceptButton(dialog)->isEnabled()); // a worker reads it
        QVERIFY(QTest::qWaitFor([&] { return dialog.complete(); }, kPatience));
        QCOMPARE(dialog.layoutChosen().leads, layout.leads);
        QCOMPARE(dialog.layoutChosen().samplingRate, 128.0);
    }

    void anArrayToo() {
        const QTemporaryDir folder;
        QByteArray bytes("\x93NUMPY\x01\x00\x46\x00", 10);
        bytes += QByteArray("{'descr': '<i2', 'fortran_order': False, 'shape': (2, 1000), }").leftJustified(70, ' ');
        bytes += QByteArray(4000, '\1');
        const auto path = write(folder, "a.npy", bytes);
        const auto proposal = proposeLayout(path.toStdString());
        QVERIFY2(proposal.ok(), failureText(proposal).c_str());
        TableDialog dialog(path, *proposal, std::nullopt, nullptr);
        QVERIFY(!dialog.complete());
        dialog.findChild<QDoubleSpinBox*>()->setValue(500);
        unitBox(dialog)->setCurrentText(QStringLiteral("uV"));
        QVERIFY(QTest::qWaitFor([&] { return dialog.complete(); }, kPatience));
        QCOMPARE(dialog.layoutChosen().orientation, TableOrientation::LeadsInRows);
    }

    void asksAndCancels() {
        const QTemporaryDir folder;
        const auto path = write(folder, "a.csv", table());
        Settings settings(false);
        QTimer closer;
        connect(&closer, &QTimer::timeout, this, [] {
            if (auto* dialog = qobject_cast<TableDialog*>(QApplication::activeModalWidget()))
                dialog->reject();
        });
        closer.start(10);
        QVERIFY(!askTableLayout(nullptr, path, settings));
        QVERIFY(!rememberedTableLayout(settings, path));
    }

    void pictures() {
        const auto shots = qEnvironmentVariable("PRECORDIA_SHOTS");
        if (shots.isEmpty())
            QSKIP("no pictures wanted (PRECORDIA_SHOTS)");
        const QTemporaryDir folder;
        const auto path = write(folder, "export.csv", table());
        for (const auto& [kind, name] : {std::pair{ThemeKind::Light, "light"}, {ThemeKind::Dark, "dark"}}) {
            ThemeManager::instance().apply(kind);
            TableDialog dialog(path, *proposeLayout(path.toStdString()), std::nullopt, nullptr);
            dialog.show();
            dialog.grab().save(shots + QStringLiteral("/table-%1-missing.png").arg(QLatin1String(name)));
            dialog.findChild<QDoubleSpinBox*>()->setValue(250);
            unitBox(dialog)->setCurrentText(QStringLiteral("mV"));
            QVERIFY(QTest::qWaitFor([&] { return dialog.complete(); }, kPatience));
            dialog.grab().save(shots + QStringLiteral("/table-%1.png").arg(QLatin1String(name)));
        }
    }
};

QTEST_MAIN(TestUiTableDialog)
#include "test_ui_table_dialog.moc"
