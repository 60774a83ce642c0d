// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/import_dialog.h"

#include "ui/texts.h"
#include "ui/theme/theme.h"
#include "ui/widgets.h"

#include <QClipboard>
#include <QDialogButtonBox>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLineEdit>
#include <QStandardPaths>
#include <QTableWidget>
#include <QVBoxLayout>

namespace precordia {

namespace {

QWidget* withButtons(QLineEdit* edit, std::initializer_list<QPushButton*> buttons) {
    auto* row = new QWidget;
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::kStep * 2);
    layout->addWidget(edit, 1);
    for (QPushButton* button : buttons)
        layout->addWidget(button);
    return row;
}

} // namespace

QString studiesFolder() {
    return QDir(QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation))
        .filePath(QStringLiteral("Precordia"));
}

ImportDialog::ImportDialog(bool newStudy, QWidget* parent)
    : QDialog(parent)
    , source_(new QLineEdit)
    , labels_(new QLineEdit) {
    setWindowTitle(newStudy ? tr("New study") : tr("Import ECGs"));
    setMinimumWidth(620);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(Theme::kPanel, Theme::kPanel, Theme::kPanel, Theme::kPanel);
    auto* form = new QFormLayout;
    form->setVerticalSpacing(Theme::kStep * 2);
    column->addLayout(form);

    auto* folder = new QPushButton(tr("Folder…"));
    auto* files = new QPushButton(tr("Files…"));
    source_->setReadOnly(true);
    form->addRow(tr("ECGs"), withButtons(source_, {folder, files}));
    connect(folder, &QPushButton::clicked, this, [this] {
        if (const QString chosen = QFileDialog::getExistingDirectory(this, tr("A folder of ECGs")); !chosen.isEmpty())
            setPaths({chosen});
    });
    connect(files, &QPushButton::clicked, this, [this] {
        if (const QStringList chosen = QFileDialog::getOpenFileNames(this, tr("ECG files")); !chosen.isEmpty())
            setPaths(chosen);
    });

    auto* labels = new QPushButton(tr("Choose…"));
    labels_->setPlaceholderText(tr("optional: a CSV with a row a recording"));
    form->addRow(tr("Labels"), withButtons(labels_, {labels}));
    connect(labels, &QPushButton::clicked, this, [this] {
        const QString chosen = QFileDialog::getOpenFileName(this, tr("A table of labels"), {}, tr("CSV (*.csv)"));
        if (!chosen.isEmpty())
            labels_->setText(chosen);
    });

    if (newStudy) {
        study_ = new QLineEdit;
        auto* where = new QPushButton(tr("Choose…"));
        form->addRow(tr("Study folder"), withButtons(study_, {where}));
        connect(where, &QPushButton::clicked, this, [this] {
            if (const QString chosen = QFileDialog::getExistingDirectory(this, tr("An empty folder for the study"));
                !chosen.isEmpty())
                study_->setText(chosen);
        });
        connect(study_, &QLineEdit::textChanged, this, &ImportDialog::check);
    }
    auto* note = new QLabel(
        tr("The files are read and never changed. The study keeps where they lie, and patients by a pseudonym only."));
    note->setWordWrap(true);
    setRole(note, "small");
    column->addWidget(note);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    accept_ = buttons->addButton(tr("Import"), QDialogButtonBox::AcceptRole);
    accept_->setDefault(true);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    column->addWidget(buttons);
    check();
}

void ImportDialog::setPaths(const QStringList& paths) {
    paths_ = paths;
    if (paths.size() == 1) {
        source_->setText(QDir::toNativeSeparators(paths.front()));
        const QFileInfo info(paths.front());
        // A table that lies beside the recordings is most likely theirs.
        const QString beside =
            QDir(info.isDir() ? info.filePath() : info.path()).filePath(QStringLiteral("labels.csv"));
        if (labels_->text().isEmpty() && QFileInfo::exists(beside))
            labels_->setText(beside);
        if (study_ != nullptr && study_->text().isEmpty())
            study_->setText(QDir(studiesFolder()).filePath(info.completeBaseName()));
    } else {
        source_->setText(tr("%n file(s)", nullptr, static_cast<int>(paths.size())));
    }
    check();
}

void ImportDialog::check() {
    if (accept_ != nullptr)
        accept_->setEnabled(!paths_.isEmpty() && (study_ == nullptr || !study_->text().trimmed().isEmpty()));
}

QStringList ImportDialog::paths() const {
    return paths_;
}
QString ImportDialog::labelsCsv() const {
    return labels_->text().trimmed();
}
QString ImportDialog::studyFolder() const {
    return study_ != nullptr ? study_->text().trimmed() : QString();
}

ImportReportDialog::ImportReportDialog(const ImportReport& report, QWidget* parent) : QDialog(parent) {
    setWindowTitle(tr("Last import"));
    setAttribute(Qt::WA_DeleteOnClose);
    auto* column = new QVBoxLayout(this);
    QStringList facts{tr("%n recording(s) imported", nullptr, report.imported),
                      tr("%n already there", nullptr, report.duplicates),
                      tr("%n other file(s) passed over", nullptr, report.skipped),
                      tr("%n file(s) could not be read", nullptr, static_cast<int>(report.failed.size()))};
    auto* summary = new QLabel(facts.join(QStringLiteral(" \u00B7 ")));
    column->addWidget(summary);
    for (const auto& note : report.notes) {
        auto* label = new QLabel(QString::fromStdString(note));
        label->setWordWrap(true);
        setRole(label, "caution");
        column->addWidget(label);
    }
    auto* table = new QTableWidget(static_cast<int>(report.failed.size()), 2);
    table->setHorizontalHeaderLabels({tr("file"), tr("reason")});
    table->verticalHeader()->hide();
    table->verticalHeader()->setDefaultSectionSize(Theme::kRow);
    table->setShowGrid(false);
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->horizontalHeader()->setStretchLastSection(true);
    table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    for (int i = 0; i < table->rowCount(); ++i) {
        const auto& failure = report.failed[static_cast<std::size_t>(i)];
        auto* file = new QTableWidgetItem(QString::fromStdString(failure.path.filename().string()));
        file->setToolTip(QString::fromStdString(failure.path.string()));
        auto* reason = new QTableWidgetItem(Texts::error(failure.reason));
        reason->setToolTip(reason->text());
        table->setItem(i, 0, file);
        table->setItem(i, 1, reason);
    }
    table->setColumnWidth(0, 220);
    table->setVisible(!report.failed.empty());
    column->addWidget(table, 1);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::close);
    column->addWidget(buttons);
    resize(760, report.failed.empty() ? 140 : 440);
}

} // namespace precordia
