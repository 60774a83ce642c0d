// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/import_dialog.h"

#include "ui/texts.h"
#include "ui/theme/theme.h"
#include "ui/widgets.h"

#include <QCompleter>
#include <QDialogButtonBox>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QFileSystemModel>
#include <QFormLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QRegularExpression>
#include <QSignalBlocker>
#include <QStandardPaths>
#include <QTableWidget>
#include <QUrl>
#include <QVBoxLayout>

namespace precordia {

namespace {

QWidget* withButtons(QLineEdit* edit, std::initializer_list<QPushButton*> buttons) {
    auto* row = new QWidget;
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::kStep * 2);
    layout->addWidget(edit, 1);
    for (QPushButton* button : buttons) {
        button->setAutoDefault(false); // Enter in a line imports; while that is not possible it does nothing
        layout->addWidget(button);
    }
    return row;
}

constexpr int kMostCharacters = 1 << 24; // the default of a line would cut the paths of some hundred files

// As a person writes or pastes it: quoted, from the home folder, or as a file manager's URL.
QString plainPath(QString text) {
    text = text.trimmed();
    if (text.size() > 1 && (text.front() == QLatin1Char('"') || text.front() == QLatin1Char('\'')) &&
        text.back() == text.front())
        text = text.mid(1, text.size() - 2);
    if (text.startsWith(QLatin1String("file://")))
        text = QUrl(text).toLocalFile();
    if (text == QLatin1String("~") || text.startsWith(QLatin1String("~/")))
        text.replace(0, 1, QDir::homePath());
    return text.isEmpty() ? text : QDir::cleanPath(QDir::fromNativeSeparators(text));
}

QStringList pathsIn(const QString& text) {
    if (const QString whole = plainPath(text); !whole.isEmpty() && QFileInfo::exists(whole))
        return {whole}; // a name may hold a semicolon itself
    static const QRegularExpression between(QStringLiteral("[;\\n\\r\u2028]+"));
    QStringList paths;
    for (const QString& part : text.split(between, Qt::SkipEmptyParts))
        if (const QString path = plainPath(part); !path.isEmpty())
            paths << path;
    return paths;
}

// Completes the last of several paths.
class PathCompleter : public QCompleter {
public:
    explicit PathCompleter(QLineEdit* edit) : QCompleter(edit), edit_(edit) {
        auto* files = new QFileSystemModel(this);
        files->setRootPath({});
        setModel(files);
        edit->setCompleter(this);
    }
    QString pathFromIndex(const QModelIndex& index) const override {
        return before(edit_->text()) + QCompleter::pathFromIndex(index);
    }
    QStringList splitPath(const QString& path) const override {
        return QCompleter::splitPath(path.mid(before(path).size()));
    }

private:
    static QString before(const QString& text) {
        qsizetype at = text.lastIndexOf(QLatin1Char(';')) + 1;
        while (at > 0 && at < text.size() && text[at].isSpace())
            ++at;
        return text.left(at);
    }
    QLineEdit* edit_;
};

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
    source_->setMaxLength(kMostCharacters);
    source_->setPlaceholderText(tr("folders or files, several with ; between"));
    new PathCompleter(source_);
    connect(source_, &QLineEdit::textChanged, this, [this](const QString& text) {
        paths_ = pathsIn(text);
        propose();
        check();
    });
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
        if (!chosen.isEmpty()) {
            labels_->setText(chosen);
            labels_->setModified(true);
        }
    });
    new PathCompleter(labels_);
    connect(labels_, &QLineEdit::textChanged, this, &ImportDialog::check);

    if (newStudy) {
        study_ = new QLineEdit;
        auto* where = new QPushButton(tr("Choose…"));
        form->addRow(tr("Study folder"), withButtons(study_, {where}));
        connect(where, &QPushButton::clicked, this, [this] {
            if (const QString chosen = QFileDialog::getExistingDirectory(this, tr("An empty folder for the study"));
                !chosen.isEmpty()) {
                study_->setText(chosen);
                study_->setModified(true);
            }
        });
        connect(study_, &QLineEdit::textChanged, this, &ImportDialog::check);
    }
    auto* note = new QLabel(
        tr("The files are read and never changed. The study keeps where they lie, and patients by a pseudonym only."));
    note->setWordWrap(true);
    setRole(note, "small");
    column->addWidget(note);
    problem_ = new ElidedLabel;
    setRole(problem_, "caution");
    problem_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    column->addWidget(problem_);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    accept_ = buttons->addButton(tr("Import"), QDialogButtonBox::AcceptRole);
    accept_->setDefault(true);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    column->addWidget(buttons);
    check();
}

void ImportDialog::setPaths(const QStringList& paths) {
    QStringList shown;
    for (const QString& path : paths)
        shown << QDir::toNativeSeparators(path);
    {
        const QSignalBlocker quiet(source_); // the paths as given: one may hold a semicolon
        source_->setText(shown.join(QStringLiteral("; ")));
    }
    source_->setCursorPosition(0);
    paths_ = paths;
    propose();
    check();
}

// Only into fields that a person has not filled: while a path is typed, the proposals follow it.
void ImportDialog::propose() {
    if (paths_.size() != 1 || !QFileInfo::exists(paths_.front()))
        return;
    const QFileInfo info(paths_.front());
    if (!labels_->isModified()) {
        // A table that lies beside the recordings is most likely theirs.
        const QString beside =
            QDir(info.isDir() ? info.filePath() : info.path()).filePath(QStringLiteral("labels.csv"));
        labels_->setText(QFileInfo::exists(beside) ? beside : QString());
    }
    if (study_ != nullptr && !study_->isModified())
        study_->setText(QDir(studiesFolder()).filePath(info.completeBaseName()));
}

QString ImportDialog::missing() const {
    for (const QString& path : paths_)
        if (!QFileInfo::exists(path))
            return path;
    const QString labels = labelsCsv();
    return labels.isEmpty() || QFileInfo::exists(labels) ? QString() : labels;
}

void ImportDialog::check() {
    if (accept_ == nullptr)
        return;
    const QString gone = missing();
    problem_->setText(gone.isEmpty() ? QString() : tr("Does not exist: %1").arg(QDir::toNativeSeparators(gone)));
    accept_->setEnabled(!paths_.isEmpty() && gone.isEmpty() &&
                        (study_ == nullptr || !study_->text().trimmed().isEmpty()));
}

QStringList ImportDialog::paths() const {
    return paths_;
}
QString ImportDialog::labelsCsv() const {
    return plainPath(labels_->text());
}
QString ImportDialog::studyFolder() const {
    return study_ != nullptr ? plainPath(study_->text()) : QString();
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
