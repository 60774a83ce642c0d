// SPDX-License-Identifier: GPL-3.0-or-later
// From the dialog to the result: what a person sees before, while and after files come in. PRECORDIA_PICTURES names a
// folder for pictures of it.
#include "core/base/file.h"
#include "ui/own_jobs.h"
#include "ui/shell/appearance.h"
#include "ui/shell/import_dialog.h"
#include "ui/shell/import_preview_panel.h"
#include "ui/shell/import_result.h"
#include "ui/shell/label_mapping_dialog.h"
#include "ui/shell/main_window.h"
#include "ui/theme/theme.h"
#include "ui_fixture.h"

#include <QComboBox>
#include <QDir>
#include <QDropEvent>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPushButton>
#include <QStandardPaths>
#include <QTableWidget>
#include <QTest>
#include <QTreeWidget>

#include <future>
#include <memory>

using namespace precordia;

class TestUiImport : public QObject {
    Q_OBJECT

    std::unique_ptr<StudyFixture> study_;
    QTemporaryDir temporary_;

    QString recordings() const { return study_->path() + QStringLiteral("/recordings"); }

    static QPushButton* button(QWidget* in, const QString& text) {
        for (auto* found : in->findChildren<QPushButton*>())
            if (found->text().startsWith(text))
                return found;
        return nullptr;
    }

    static QString words(const QWidget* in) {
        QStringList all;
        for (const auto* label : in->findChildren<QLabel*>())
            if (label->isVisibleTo(in))
                all << label->text();
        return all.join(QLatin1Char('\n'));
    }

    static void picture(QWidget* of, const char* name) {
        const QString folder = qEnvironmentVariable("PRECORDIA_PICTURES");
        if (folder.isEmpty())
            return;
        for (const char* theme : {"light", "dark"}) {
            applyTheme(QLatin1String(theme));
            QTest::qWait(50);
            of->grab().save(
                QDir(folder).filePath(QStringLiteral("%1-%2.png").arg(QLatin1String(name), QLatin1String(theme))));
        }
        applyTheme(QStringLiteral("light"));
    }

    QString write(const QString& name, const QByteArray& bytes) const {
        QFile file(temporary_.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("a test file could not be written");
        return file.fileName();
    }

private Q_SLOTS:
    void initTestCase() {
        QStandardPaths::setTestModeEnabled(true);
        applyTheme(QStringLiteral("light"));
        study_ = std::make_unique<StudyFixture>(6);
        QVERIFY(study_->valid());
    }

    void thePreviewSaysWhatWillComeIn() {
        ImportDialog dialog(true, nullptr);
        dialog.show();
        auto* import = button(&dialog, QStringLiteral("Import"));
        QVERIFY(import != nullptr && !import->isEnabled());
        QVERIFY(words(&dialog.preview()).contains(QStringLiteral("What will come in")));
        const QString noise = write(QStringLiteral("noise.bin"), QByteArray(3000, '\x07'));
        dialog.setPaths({recordings(), noise});
        QVERIFY(QTest::qWaitFor([&] { return dialog.preview().preview().has_value(); }, kPatience));
        const auto& preview = *dialog.preview().preview();
        QCOMPARE(preview.recordings, 6);
        QCOMPARE(preview.problems.size(), std::size_t(1));
        QVERIFY(words(&dialog.preview()).contains(QStringLiteral("6 new")));
        QVERIFY(words(&dialog.preview()).contains(QStringLiteral("noise.bin")));
        // No more are listed than there is room for, and the rest is counted.
        QStringList many{recordings(), noise};
        for (int i = 1; i < 5; ++i)
            many << write(QStringLiteral("noise%1.bin").arg(i), QByteArray(3000 + i, '\x07'));
        dialog.setPaths(many);
        QVERIFY(QTest::qWaitFor([&] { return dialog.preview().preview().has_value(); }, kPatience));
        QCOMPARE(dialog.preview().preview()->problems.size(), std::size_t(5));
        QVERIFY(words(&dialog.preview()).contains(QStringLiteral("and 2 more")));
        // One folder: its table is found, and the preview follows.
        dialog.setPaths({recordings()});
        QVERIFY(dialog.labelsCsv().endsWith(QStringLiteral("labels.csv")));
        QVERIFY(QTest::qWaitFor([&] { return dialog.preview().preview().has_value(); }, kPatience));
        QCOMPARE(dialog.preview().preview()->tableRowsUsed, std::size_t(6));
        QVERIFY(import->isEnabled());
        picture(&dialog, "import-dialog");
        // A path that is not there: neither preview nor import.
        dialog.setPaths({QStringLiteral("/nowhere/at/all")});
        QVERIFY(!import->isEnabled());
    }

    void columnsAreChosen() {
        const QString csv = write(QStringLiteral("own.csv"), "file;who;finding;AF;comment\nDEMO-0001;p1;a|b;1;x\n"
                                                             "DEMO-0002;p1;b;0;y\n");
        ImportDialog dialog(true, nullptr);
        dialog.show();
        auto* columns = button(&dialog, QStringLiteral("Columns"));
        QVERIFY(!columns->isEnabled());
        dialog.setPaths({recordings()});
        for (auto* line : dialog.findChildren<QLineEdit*>())
            if (line->text().endsWith(QStringLiteral("labels.csv")))
                line->setText(csv);
        QVERIFY(columns->isEnabled());
        QTest::mouseClick(columns, Qt::LeftButton);
        LabelMappingDialog* mapping = nullptr;
        QVERIFY(
            QTest::qWaitFor([&] { return (mapping = dialog.findChild<LabelMappingDialog*>()) != nullptr; }, kPatience));
        const auto roles = mapping->findChild<QTableWidget*>()->findChildren<QComboBox*>();
        QCOMPARE(roles.size(), 5);
        QCOMPARE(roles[0]->currentText(), QStringLiteral("finds the recording"));
        QCOMPARE(roles[2]->currentText(), QStringLiteral("labels"));
        QCOMPARE(roles[3]->currentText(), QStringLiteral("a label, yes or no"));
        QCOMPARE(roles[4]->currentText(), QStringLiteral("not used"));
        roles[1]->setCurrentText(QStringLiteral("patient"));
        picture(mapping, "label-mapping");
        auto* use = button(mapping, QStringLiteral("Use these"));
        roles[0]->setCurrentText(QStringLiteral("not used"));
        QVERIFY(!use->isEnabled()); // nothing finds the recording
        roles[0]->setCurrentText(QStringLiteral("finds the recording"));
        roles[4]->setCurrentText(QStringLiteral("patient"));
        QVERIFY(!use->isEnabled()); // two patients
        roles[4]->setCurrentText(QStringLiteral("not used"));
        QVERIFY(use->isEnabled());
        QTest::mouseClick(use, Qt::LeftButton);
        const auto request = dialog.request();
        QVERIFY(request.mapping.has_value());
        QVERIFY(request.mapping->roles[1] == ColumnRole::Patient);
        QCOMPARE(request.mapping->separators, std::string("|"));
        QVERIFY(QTest::qWaitFor([&] { return dialog.preview().preview().has_value(); }, kPatience));
        QCOMPARE(dialog.preview().preview()->patients, 1);
        QCOMPARE(dialog.preview().preview()->tableRowsUsed, std::size_t(2));
    }

    void tablesWithoutRateAreAskedAbout() {
        const QString numbers = write(QStringLiteral("numbers.csv"), "1,2\n3,4\n5,6\n7,8\n");
        const QString alike = write(QStringLiteral("numbers2.csv"), "5,2\n3,4\n5,6\n7,8\n");
        const QString own = write(QStringLiteral("own.csv"), "# sampling rate: 100\nI (mV),II (mV)\n1,2\n3,4\n5,6\n");
        QStringList asked;
        std::optional<TableLayout> answer;
        const auto usual = ImportDialog::tableAsker();
        ImportDialog::tableAsker() = [&](QWidget*, const QString& path) {
            asked << path;
            return answer;
        };
        ImportDialog dialog(true, nullptr);
        dialog.show();
        dialog.setPaths({recordings(), numbers, alike, own});
        for (auto* line : dialog.findChildren<QLineEdit*>())
            if (line->placeholderText().isEmpty() && line->text().isEmpty())
                line->setText(temporary_.filePath(QStringLiteral("asked")));
        QVERIFY(QTest::qWaitFor([&] { return dialog.preview().preview().has_value(); }, kPatience));
        auto* import = button(&dialog, QStringLiteral("Import"));
        QVERIFY(import->isEnabled());
        QTest::mouseClick(import, Qt::LeftButton);
        QCOMPARE(asked, QStringList{numbers});
        QVERIFY(dialog.isVisible()); // the person would rather not
        answer = TableLayout{};
        answer->samplingRate = 250;
        answer->unit = "uV";
        QTest::mouseClick(import, Qt::LeftButton);
        QCOMPARE(dialog.result(), static_cast<int>(QDialog::Accepted));
        const auto layouts = dialog.request().tableLayouts;
        QCOMPARE(asked, (QStringList{numbers, numbers})); // once a folder
        QCOMPARE(layouts.size(), std::size_t(2));         // of the files that need it, and no others
        for (const QString& file : {numbers, alike})
            QCOMPARE(layouts.at(std::filesystem::path(file.toStdU16String())).samplingRate, 250.0);
        ImportDialog::tableAsker() = usual;
    }

    // Whoever presses Import before the preview is there is asked all the same, once it is.
    void importWaitsForThePreview() {
        const QString numbers = write(QStringLiteral("early.csv"), "1,2\n3,4\n5,6\n7,8\n");
        QStringList asked;
        const auto usual = ImportDialog::tableAsker();
        ImportDialog::tableAsker() = [&](QWidget*, const QString& path) {
            asked << path;
            return TableLayout{};
        };
        ImportDialog dialog(false, nullptr);
        dialog.show();
        auto* import = button(&dialog, QStringLiteral("Import"));
        dialog.setPaths({numbers});
        QVERIFY(import->isEnabled() && !dialog.preview().preview());
        QTest::mouseClick(import, Qt::LeftButton);
        QVERIFY(dialog.isVisible() && asked.isEmpty());
        QVERIFY(!import->isEnabled());
        QVERIFY(words(&dialog).contains(QStringLiteral("as soon as")));
        // Other files: the wish was for those before.
        dialog.setPaths({recordings(), numbers});
        QVERIFY(import->isEnabled());
        QTest::mouseClick(import, Qt::LeftButton);
        QVERIFY(QTest::qWaitFor([&] { return dialog.result() == QDialog::Accepted; }, kPatience));
        QCOMPARE(asked, QStringList{numbers});
        ImportDialog::tableAsker() = usual;
    }

    // A reader that is deep in a large file does not see at once that it should stop: closing does not wait for it.
    void closingDoesNotWaitForAReader() {
        const auto gate = std::make_shared<std::promise<void>>();
        const auto begun = std::make_shared<std::promise<void>>();
        const auto ended = std::make_shared<std::promise<bool>>();
        bool delivered = false;
        {
            QObject owner;
            const OwnJobs jobs(&owner);
            jobs->start<Done>(
                "reading",
                [gate, begun, ended](const StopToken& stop, Progress&) -> Result<Done> {
                    begun->set_value();
                    gate->get_future().wait();
                    ended->set_value(stop.stop_requested());
                    return Done{};
                },
                [&delivered](const Result<Done>&) { delivered = true; });
            begun->get_future().wait();
        } // would never end if it waited
        gate->set_value();
        QVERIFY(ended->get_future().get()); // it was asked to stop
        QTest::qWait(20);
        QVERIFY(!delivered); // nobody is there to be told
    }

    void theResultIsShownSavedAndFoundAgain() {
        const QString folder = temporary_.filePath(QStringLiteral("study"));
        const QString noise = write(QStringLiteral("noise.bin"), QByteArray(3000, '\x07'));
        const QString gain = write(QStringLiteral("g.hea"), "g 1 500 4\ng.dat 16 0 16 0 0 0 0 II\n");
        write(QStringLiteral("g.dat"), QByteArray("\x01\x00\x02\x00\x03\x00\x04\x00", 8));
        {
            Session session;
            session.importPaths({recordings(), noise, gain}, {}, folder);
            QVERIFY(QTest::qWaitFor([&] { return session.lastImport() && session.hasStudy() && session.idle(); },
                                    kPatience));
            QCOMPARE(session.lastImport()->failed.size(), std::size_t(1));
        }
        // Another session: the report is in the study.
        Session session;
        QVERIFY(openAndWait(session, folder));
        QVERIFY(session.lastImport() == nullptr);
        session.showLastImport();
        QVERIFY(QTest::qWaitFor([&] { return session.lastImport() != nullptr; }, kPatience));
        ImportResultDialog dialog(*session.lastImport(), nullptr);
        dialog.setAttribute(Qt::WA_DeleteOnClose, false);
        dialog.show();
        auto* tree = dialog.findChild<QTreeWidget*>();
        QVERIFY(tree->topLevelItemCount() >= 2);
        QVERIFY(tree->topLevelItem(0)->text(0).startsWith(QStringLiteral("Not read")));
        QCOMPARE(tree->topLevelItem(0)->child(0)->text(0), QStringLiteral("noise.bin"));
        bool gainTold = false;
        for (int i = 1; i < tree->topLevelItemCount(); ++i)
            gainTold = gainTold || tree->topLevelItem(i)->text(0).contains(QStringLiteral("gain"));
        QVERIFY(gainTold);
        tree->expandAll();
        picture(&dialog, "import-result");
        const QString csv = temporary_.filePath(QStringLiteral("list.csv"));
        dialog.saveAs(csv);
        QFile saved(csv);
        QVERIFY(saved.open(QIODevice::ReadOnly));
        QVERIFY(saved.readAll().contains("noise.bin"));
    }

    void dropsOpenTheDialogPrefilled() {
        MainWindow window(MainWindow::Memory::None);
        window.resize(1280, 800);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(recordings())});
        QDragEnterEvent enter({10, 10}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(&window, &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent drop({10, 10}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(&window, &drop);
        QStringList paths;
        QTimer closer;
        connect(&closer, &QTimer::timeout, &window, [&] {
            if (auto* dialog = window.findChild<ImportDialog*>()) {
                paths = dialog->paths();
                dialog->reject();
            }
        });
        closer.start(20);
        QVERIFY(QTest::qWaitFor([&] { return !paths.isEmpty(); }, kPatience));
        QCOMPARE(paths, QStringList{recordings()});
    }
};

QTEST_MAIN(TestUiImport)
#include "test_ui_import.moc"
