// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/import_result.h"

#include "ui/texts.h"
#include "ui/theme/theme.h"
#include "ui/widgets.h"

#include <QDateTime>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QHeaderView>
#include <QLocale>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <map>

namespace precordia {

namespace {

constexpr int kFileWidth = 330;

QString fromPath(const std::filesystem::path& path) {
    return QString::fromStdU16String(path.u16string());
}

// A figure above its word.
QWidget* figure(qint64 number, const QString& word, const char* role = "title") {
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto* value = new QLabel(QLocale().toString(number));
    setRole(value, role);
    auto* name = new QLabel(word);
    setRole(name, "secondary");
    column->addWidget(value);
    column->addWidget(name);
    return box;
}

void addFile(QTreeWidgetItem* parent, const std::filesystem::path& path, const QString& text) {
    auto* item = new QTreeWidgetItem(parent, {fromPath(path.filename()), text});
    item->setToolTip(0, fromPath(path));
    item->setToolTip(1, text);
}

QTreeWidgetItem* addKind(QTreeWidget* tree, const QString& kind, qint64 number) {
    const QString files = ImportResultDialog::tr("%n file(s)", nullptr, static_cast<int>(number));
    auto* item = new QTreeWidgetItem(tree, {QStringLiteral("%1 · %2").arg(kind, files)});
    item->setFirstColumnSpanned(true);
    item->setSizeHint(0, {0, Theme::kRow}); // of all rows: they are uniform
    QFont bold = item->font(0);
    bold.setBold(true);
    item->setFont(0, bold);
    return item;
}

} // namespace

ImportResultDialog::ImportResultDialog(const ImportReport& report, QWidget* parent)
    : QDialog(parent)
    , report_(report)
    , tree_(new QTreeWidget)
    , saved_(new ElidedLabel) {
    setWindowTitle(tr("Last import"));
    setObjectName(QStringLiteral("importResult"));
    setAttribute(Qt::WA_DeleteOnClose);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(Theme::kPanel, Theme::kPanel, Theme::kPanel, Theme::kPanel);
    column->setSpacing(Theme::kPanel);
    auto* figures = new QHBoxLayout;
    figures->setSpacing(Theme::kPanel * 2);
    qint64 warnings = 0;
    for (const auto& [code, kind] : report.warnings)
        warnings += kind.count;
    const auto failed = static_cast<qint64>(report.failed.size());
    figures->addWidget(figure(report.imported, tr("imported")));
    figures->addWidget(figure(report.duplicates, tr("already there")));
    figures->addWidget(figure(report.skipped, tr("passed over")));
    if (report.labels > 0)
        figures->addWidget(figure(report.labels, tr("labels of %n recording(s)", nullptr, report.labelled)));
    figures->addWidget(figure(warnings, tr("warnings")));
    figures->addWidget(figure(failed, tr("not read")));
    figures->addStretch(1);
    if (const auto ended = QDateTime::fromString(QString::fromStdString(report.endedAt), Qt::ISODate);
        ended.isValid()) {
        auto* when = new QLabel(QLocale().toString(ended.toLocalTime(), QLocale::ShortFormat));
        setRole(when, "secondary");
        figures->addWidget(when, 0, Qt::AlignTop);
    }
    column->addLayout(figures);
    for (const auto& note : report.notes) {
        auto* label = new QLabel(Texts::importNote(note));
        label->setWordWrap(true);
        setRole(label, "caution");
        column->addWidget(label);
    }
    tree_->setHeaderLabels({tr("file"), tr("what was noticed")});
    tree_->setColumnWidth(0, kFileWidth);
    tree_->setUniformRowHeights(true);
    tree_->setAllColumnsShowFocus(true);
    tree_->header()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    addFailures();
    addWarnings();
    const bool any = tree_->topLevelItemCount() > 0;
    tree_->setVisible(any);
    column->addWidget(tree_, 1);
    if (!any) {
        auto* fine = new QLabel(tr("Every file was read without a warning."));
        setRole(fine, "secondary");
        column->addWidget(fine);
        column->addStretch(1);
    }
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    auto* save = buttons->addButton(tr("Save as CSV…"), QDialogButtonBox::ActionRole);
    save->setEnabled(any);
    save->setAutoDefault(false);
    buttons->button(QDialogButtonBox::Close)->setDefault(true);
    connect(save, &QPushButton::clicked, this, [this] {
        const QString file = QFileDialog::getSaveFileName(this, tr("Save the list of files"),
                                                          QStringLiteral("import.csv"), tr("CSV (*.csv)"));
        if (!file.isEmpty())
            saveAs(file);
    });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::close);
    setRole(saved_, "secondary");
    saved_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    auto* bottom = new QHBoxLayout;
    bottom->addWidget(saved_, 1);
    bottom->addWidget(buttons);
    column->addLayout(bottom);
    resize(860, any ? 520 : 200);
}

void ImportResultDialog::addFailures() {
    std::map<QString, std::vector<const ImportFailure*>> kinds;
    for (const auto& failure : report_.failed)
        kinds[Texts::error(std::string(describe(failure.code)))].push_back(&failure);
    for (const auto& [kind, failures] : kinds) {
        auto* item = addKind(tree_, tr("Not read: %1").arg(kind), static_cast<qint64>(failures.size()));
        for (const auto* failure : failures)
            addFile(item, failure->path, Texts::error(failure->reason));
    }
    if (tree_->topLevelItemCount() == 1)
        tree_->topLevelItem(0)->setExpanded(true);
}

void ImportResultDialog::addWarnings() {
    for (const auto& [code, kind] : report_.warnings) {
        auto* item = addKind(tree_, Texts::warningKind(code), kind.count);
        for (const auto& warning : kind.files) {
            auto text = QString::fromStdString(warning.message);
            if (!warning.where.empty())
                text = QString::fromStdString(warning.where) + QStringLiteral(": ") + text;
            addFile(item, warning.path, text);
        }
        const auto listed = static_cast<qint64>(kind.files.size());
        if (listed < kind.count)
            new QTreeWidgetItem(item, {QString(), tr("and %1 more").arg(QLocale().toString(kind.count - listed))});
    }
}

void ImportResultDialog::saveAs(const QString& file) {
    const auto written = writeImportReportCsv(report_, std::filesystem::path(file.toStdU16String()));
    saved_->setText(written ? tr("Saved: %1").arg(file) : Texts::failure(written));
}

} // namespace precordia
