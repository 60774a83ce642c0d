// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/label_mapping_dialog.h"

#include "ui/theme/theme.h"
#include "ui/widgets.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QTableWidget>
#include <QVBoxLayout>

namespace precordia {

namespace {

constexpr int kColumnWidth = 170;

struct Role {
    ColumnRole role;
    const char* text;
};
constexpr Role kRoles[] = {
    {ColumnRole::Ignored, QT_TRANSLATE_NOOP("precordia::LabelMappingDialog", "not used")},
    {ColumnRole::Recording, QT_TRANSLATE_NOOP("precordia::LabelMappingDialog", "finds the recording")},
    {ColumnRole::SourceFile, QT_TRANSLATE_NOOP("precordia::LabelMappingDialog", "file that holds it")},
    {ColumnRole::Labels, QT_TRANSLATE_NOOP("precordia::LabelMappingDialog", "labels")},
    {ColumnRole::Flag, QT_TRANSLATE_NOOP("precordia::LabelMappingDialog", "a label, yes or no")},
    {ColumnRole::Codes, QT_TRANSLATE_NOOP("precordia::LabelMappingDialog", "SNOMED CT codes")},
    {ColumnRole::Statements, QT_TRANSLATE_NOOP("precordia::LabelMappingDialog", "SCP statements")},
    {ColumnRole::Age, QT_TRANSLATE_NOOP("precordia::LabelMappingDialog", "age")},
    {ColumnRole::Sex, QT_TRANSLATE_NOOP("precordia::LabelMappingDialog", "sex")},
    {ColumnRole::Patient, QT_TRANSLATE_NOOP("precordia::LabelMappingDialog", "patient")},
    {ColumnRole::Dataset, QT_TRANSLATE_NOOP("precordia::LabelMappingDialog", "data set")},
    {ColumnRole::Fold, QT_TRANSLATE_NOOP("precordia::LabelMappingDialog", "fold of the split")},
};

} // namespace

LabelMappingDialog::LabelMappingDialog(const TableGlance& glance, const std::optional<LabelMapping>& mapping,
                                       QWidget* parent)
    : QDialog(parent)
    , start_(mapping && mapping->roles.size() == glance.header.size() ? *mapping : glance.proposed)
    , table_(new QTableWidget)
    , match_(new QComboBox)
    , sex_(new QComboBox)
    , separators_(new QLineEdit)
    , dataset_(new QLineEdit)
    , problem_(new ElidedLabel) {
    setWindowTitle(tr("Columns of the table"));
    setObjectName(QStringLiteral("labelMapping"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(Theme::kPanel, Theme::kPanel, Theme::kPanel, Theme::kPanel);
    column->setSpacing(Theme::kPanel);
    auto* intro = new QLabel(tr("Say what each column holds. Patients enter the study as pseudonyms; columns that are "
                                "not used do not enter it at all."));
    intro->setWordWrap(true);
    column->addWidget(intro);
    fillTable(glance);
    column->addWidget(table_, 1);
    column->addWidget(settings());
    setRole(problem_, "caution");
    problem_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    column->addWidget(problem_);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    accept_ = buttons->addButton(tr("Use these columns"), QDialogButtonBox::AcceptRole);
    accept_->setDefault(true);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    column->addWidget(buttons);
    resize(940, 560);
    check();
}

void LabelMappingDialog::fillTable(const TableGlance& glance) {
    const auto columns = static_cast<int>(glance.header.size());
    const auto rows = static_cast<int>(glance.rows.size());
    table_->setColumnCount(columns);
    table_->setRowCount(rows + 1);
    QStringList names;
    for (const auto& name : glance.header)
        names << QString::fromStdString(name);
    table_->setHorizontalHeaderLabels(names);
    table_->verticalHeader()->hide();
    table_->verticalHeader()->setDefaultSectionSize(Theme::kRow);
    table_->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    table_->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table_->setSelectionMode(QAbstractItemView::NoSelection);
    table_->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    for (int c = 0; c < columns; ++c) {
        auto* role = new QComboBox;
        role->setAccessibleName(tr("What the column %1 holds").arg(names[c]));
        for (const auto& known : kRoles)
            role->addItem(tr(known.text), static_cast<int>(known.role));
        role->setCurrentIndex(role->findData(static_cast<int>(start_.roles[static_cast<std::size_t>(c)])));
        connect(role, &QComboBox::currentIndexChanged, this, &LabelMappingDialog::check);
        roles_ << role;
        table_->setCellWidget(0, c, role);
        for (int r = 0; r < rows; ++r) {
            auto* item = new QTableWidgetItem(
                QString::fromStdString(glance.rows[static_cast<std::size_t>(r)][static_cast<std::size_t>(c)]));
            item->setToolTip(item->text());
            table_->setItem(r + 1, c, item);
        }
        table_->setColumnWidth(c, kColumnWidth);
    }
    table_->setRowHeight(0, roles_.isEmpty() ? Theme::kRow : roles_.front()->sizeHint().height() + Theme::kStep);
}

QWidget* LabelMappingDialog::settings() {
    using Match = LabelMapping::Match;
    using Coding = LabelMapping::SexCoding;
    match_->addItem(tr("the path of the file, from the table's folder"), static_cast<int>(Match::Path));
    match_->addItem(tr("the name of the file, wherever it lies"), static_cast<int>(Match::Stem));
    match_->addItem(tr("the number in the file's name, or of the recording in it"), static_cast<int>(Match::Id));
    match_->setCurrentIndex(match_->findData(static_cast<int>(start_.match)));
    sex_->addItem(tr("in words: male, f, …"), static_cast<int>(Coding::Words));
    sex_->addItem(tr("0 is male, 1 is female"), static_cast<int>(Coding::ZeroIsMale));
    sex_->addItem(tr("1 or true is male"), static_cast<int>(Coding::OneIsMale));
    sex_->setCurrentIndex(sex_->findData(static_cast<int>(start_.sexCoding)));
    separators_->setText(QString::fromStdString(start_.separators));
    separators_->setToolTip(tr("Each of these characters parts two labels of one cell"));
    dataset_->setText(QString::fromStdString(start_.dataset));
    dataset_->setPlaceholderText(tr("where no column says it"));
    auto* box = new QWidget;
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(Theme::kPanel * 2);
    auto* left = new QFormLayout;
    left->addRow(tr("A recording is found by"), match_);
    left->addRow(tr("Between labels stands"), separators_);
    auto* right = new QFormLayout;
    right->addRow(tr("Sex is written"), sex_);
    right->addRow(tr("Data set"), dataset_);
    row->addLayout(left, 3);
    row->addLayout(right, 2);
    return box;
}

LabelMapping LabelMappingDialog::mapping() const {
    LabelMapping mapping = start_;
    mapping.strict = false;
    for (qsizetype i = 0; i < roles_.size(); ++i)
        mapping.roles[static_cast<std::size_t>(i)] = static_cast<ColumnRole>(roles_[i]->currentData().toInt());
    mapping.match = static_cast<LabelMapping::Match>(match_->currentData().toInt());
    mapping.sexCoding = static_cast<LabelMapping::SexCoding>(sex_->currentData().toInt());
    mapping.separators = separators_->text().toStdString();
    mapping.dataset = dataset_->text().trimmed().toStdString();
    return mapping;
}

void LabelMappingDialog::check() {
    if (accept_ == nullptr)
        return;
    int recordings = 0;
    QMap<int, int> uses;
    for (const QComboBox* role : std::as_const(roles_)) {
        const auto chosen = static_cast<ColumnRole>(role->currentData().toInt());
        recordings += chosen == ColumnRole::Recording ? 1 : 0;
        ++uses[static_cast<int>(chosen)];
    }
    QString problem;
    if (recordings == 0)
        problem = tr("One column must find the recording.");
    for (const auto& known : kRoles) {
        const bool single = known.role >= ColumnRole::Age || known.role == ColumnRole::SourceFile;
        if (single && uses.value(static_cast<int>(known.role)) > 1)
            problem = tr("Two columns are taken for: %1.").arg(tr(known.text));
    }
    problem_->setText(problem);
    accept_->setEnabled(problem.isEmpty());
}

} // namespace precordia
