// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/import_dialog.h"

#include "ui/shell/import_preview_panel.h"
#include "ui/shell/label_mapping_dialog.h"
#include "ui/shell/table_dialog.h"
#include "ui/texts.h"
#include "ui/theme/theme.h"
#include "ui/widgets.h"

#include <QComboBox>
#include <QCompleter>
#include <QDialogButtonBox>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QFileSystemModel>
#include <QFormLayout>
#include <QLineEdit>
#include <QRegularExpression>
#include <QSignalBlocker>
#include <QStandardPaths>
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

std::filesystem::path toPath(const QString& path) {
    return std::filesystem::path(path.toStdU16String());
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

ImportDialog::ImportDialog(bool newStudy, QWidget* parent, const QString& openStudy, Settings* settings)
    : QDialog(parent)
    , openStudy_(openStudy)
    , settings_(settings != nullptr ? settings : &memory_)
    , source_(new QLineEdit)
    , labels_(new QLineEdit)
    , preview_(new ImportPreviewPanel) {
    setWindowTitle(newStudy ? tr("New study") : tr("Import ECGs"));
    setObjectName(QStringLiteral("importDialog"));
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
    columns_ = new QPushButton(tr("Columns…"));
    columns_->setToolTip(tr("Which column of the table says what"));
    form->addRow(tr("Labels"), withButtons(labels_, {labels, columns_}));
    connect(columns_, &QPushButton::clicked, this, &ImportDialog::askColumns);
    connect(labels, &QPushButton::clicked, this, [this] {
        const QString chosen = QFileDialog::getOpenFileName(this, tr("A table of labels"), {}, tr("CSV (*.csv)"));
        if (!chosen.isEmpty()) {
            labels_->setText(chosen);
            labels_->setModified(true);
        }
    });
    new PathCompleter(labels_);
    connect(labels_, &QLineEdit::textChanged, this, [this] {
        mapping_.reset(); // it was of another table
        check();
    });
    names_ = new QComboBox;
    names_->addItem(tr("of the files, unless one may tell who it is"), static_cast<int>(NamePolicy::Automatic));
    names_->addItem(tr("of the files, unless one holds the patient's id or name"), static_cast<int>(NamePolicy::File));
    names_->addItem(tr("pseudonyms only"), static_cast<int>(NamePolicy::Pseudonym));
    form->addRow(tr("Names"), names_);

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
    auto* note = new QLabel(tr(
        "The files are read and never changed. Names, ids and birth dates do not enter the study; dates are shifted, "
        "patients get a pseudonym."));
    note->setWordWrap(true);
    setRole(note, "small");
    column->addWidget(note);
    column->addWidget(preview_, 1);
    problem_ = new ElidedLabel;
    setRole(problem_, "caution");
    problem_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    column->addWidget(problem_);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    accept_ = buttons->addButton(tr("Import"), QDialogButtonBox::AcceptRole);
    accept_->setDefault(true);
    connect(buttons, &QDialogButtonBox::accepted, this, &ImportDialog::acceptWhenSeen);
    connect(preview_, &ImportPreviewPanel::changed, this, [this] {
        if (wanted_ && !preview_->looking())
            acceptWhenSeen();
    });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    column->addWidget(buttons);
    resize(760, 560);
    check();
}

// Only the preview knows which tables a person must be asked about. A change of what is imported takes the wish back.
void ImportDialog::acceptWhenSeen() {
    wanted_ = preview_->looking();
    if (wanted_) {
        problem_->setText(tr("The import begins as soon as the files have been looked at."));
        accept_->setEnabled(false);
        return;
    }
    check();
    if (accept_->isEnabled() && describeTables())
        accept();
}

// The one place where a person is asked about tables of numbers that say neither rate nor unit: after the preview has
// named them, before the import begins. False: the person would rather not import.
bool ImportDialog::describeTables() {
    if (!preview_->preview())
        return true;
    for (const auto& table : preview_->preview()->undescribedTables) {
        // Tables that lie together are alike: a person is asked once a folder.
        const auto alike = std::find_if(tableLayouts_.begin(), tableLayouts_.end(), [&](const auto& said) {
            return said.first.parent_path() == table.parent_path();
        });
        const auto said = alike != tableLayouts_.end()
                              ? std::optional(alike->second)
                              : tableAsker()(this, QString::fromStdU16String(table.u16string()));
        if (!said)
            return false;
        tableLayouts_[table] = *said;
    }
    return true;
}

ImportDialog::TableAsker& ImportDialog::tableAsker() {
    static TableAsker asker = [](ImportDialog* parent, const QString& path) {
        return askTableLayout(parent, path, parent->settings());
    };
    return asker;
}

void ImportDialog::askColumns() {
    const auto glance = glanceAtTable(toPath(labelsCsv()));
    if (!glance) {
        problem_->setText(Texts::error(glance.error()));
        return;
    }
    auto* dialog = new LabelMappingDialog(*glance, mapping_, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        mapping_ = dialog->mapping();
        ++mapped_;
        check();
    });
    dialog->open();
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
        const auto beside = tableBeside(toPath(info.filePath()));
        labels_->setText(QString::fromStdU16String(beside.u16string()));
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
    wanted_ = false;
    const QString gone = missing();
    problem_->setText(gone.isEmpty() ? QString() : tr("Does not exist: %1").arg(QDir::toNativeSeparators(gone)));
    accept_->setEnabled(!paths_.isEmpty() && gone.isEmpty() &&
                        (study_ == nullptr || !study_->text().trimmed().isEmpty()));
    columns_->setEnabled(!labelsCsv().isEmpty() && QFileInfo(labelsCsv()).isFile());
    auto asked = gone.isEmpty() ? request() : ImportRequest();
    // Only what changes the picture begins it anew.
    const auto key = [](const ImportRequest& r) {
        QStringList words{QString::fromStdU16String(r.labelsCsv.u16string())};
        for (const auto& path : r.paths)
            words << QString::fromStdU16String(path.u16string());
        return words.join(QLatin1Char('\n'));
    };
    const QString now = key(asked) + (mapping_ ? QStringLiteral("\nmapped%1").arg(mapped_) : QString());
    if (now == previewed_)
        return;
    previewed_ = now;
    preview_->ask(study_ != nullptr ? studyFolder() : openStudy_, asked);
}

ImportRequest ImportDialog::request() const {
    ImportRequest request;
    for (const QString& path : paths_)
        request.paths.push_back(toPath(path));
    request.labelsCsv = toPath(labelsCsv());
    request.mapping = mapping_;
    request.tableLayouts = tableLayouts_;
    if (names_ != nullptr)
        request.names = static_cast<NamePolicy>(names_->currentData().toInt());
    return request;
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

} // namespace precordia
