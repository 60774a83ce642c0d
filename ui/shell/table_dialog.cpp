// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/table_dialog.h"

#include "core/io/csv_reader.h"
#include "core/io/npy_reader.h"
#include "core/io/table_text.h"
#include "core/io/text.h"
#include "ui/plots/trace_stack.h"
#include "ui/settings/settings.h"
#include "ui/theme/theme.h"
#include "ui/widgets.h"

#include <QComboBox>
#include <QCryptographicHash>
#include <QDialogButtonBox>
#include <QDoubleSpinBox>
#include <QEventLoop>
#include <QFile>
#include <QFileInfo>
#include <QFormLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QMessageBox>
#include <QProgressDialog>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QTableWidget>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>

namespace precordia {

namespace {

constexpr qint64 kPreviewBytes = 1 << 20;
constexpr qint64 kLargestArray = 64 << 20; // an array cannot be cut; a larger one has no preview
constexpr int kBlinkMs = 300;
constexpr double kPreviewSeconds = 10;
constexpr std::size_t kPreviewLeads = 2;
constexpr int kShownRows = 10;
constexpr int kMostColumns = 64; // that the dialog shows

const QString kLeftOut = QStringLiteral("-");

// The file's begin, whole lines of it, for a preview that is quick whatever the file's size.
QString headOf(const QString& path, const QTemporaryDir& folder, bool array) {
    QFile file(path);
    if (array || file.size() <= kPreviewBytes)
        return path;
    if (!file.open(QIODevice::ReadOnly))
        return path;
    auto bytes = file.read(kPreviewBytes);
    bytes.truncate(std::max<qsizetype>(bytes.lastIndexOf('\n'), 0));
    QFile copy(folder.filePath(QStringLiteral("head.csv")));
    return copy.open(QIODevice::WriteOnly) && copy.write(bytes) == bytes.size() ? copy.fileName() : path;
}

QString keyOf(const QString& path) {
    const auto folder = QFileInfo(path).absolutePath().toUtf8();
    return QStringLiteral("tables/") +
           QString::fromLatin1(QCryptographicHash::hash(folder, QCryptographicHash::Sha256).toHex().left(32));
}

void choose(QComboBox* box, const QVariant& data) {
    const int at = box->findData(data);
    box->setCurrentIndex(std::max(0, at));
}

} // namespace

TableDialog::TableDialog(const QString& path, const TableProposal& proposal, const std::optional<TableLayout>& start,
                         QWidget* parent)
    : QDialog(parent)
    , path_(path)
    , proposal_(proposal)
    , array_(proposal.cells.empty())
    , delimiter_(new QComboBox)
    , decimal_(new QComboBox)
    , headings_(new QSpinBox)
    , time_(new QComboBox)
    , orientation_(new QComboBox)
    , rate_(new QDoubleSpinBox)
    , unit_(new QComboBox)
    , table_(new QTableWidget)
    , trace_(new TraceStack)
    , facts_(new QLabel)
    , problem_(new ElidedLabel)
    , timer_(new QTimer(this))
    , jobs_(this) {
    head_ = headOf(path, folder_, array_);
    setWindowTitle(tr("A table of samples"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(Theme::kPanel, Theme::kPanel, Theme::kPanel, Theme::kPanel);
    column->setSpacing(Theme::kStep * 2);
    auto* name = new ElidedLabel(QFileInfo(path).fileName());
    setRole(name, "heading");
    column->addWidget(name);
    auto* note = new QLabel(tr("The file does not tell everything that is needed to read it. What is chosen here holds "
                               "for every table of its folder."));
    note->setWordWrap(true);
    setRole(note, "secondary");
    column->addWidget(note);
    column->addWidget(form());
    setRole(facts_, "small");
    column->addWidget(facts_);
    table_->verticalHeader()->hide();
    table_->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table_->setSelectionMode(QAbstractItemView::NoSelection);
    table_->setMinimumHeight(Theme::kRow * 7);
    column->addWidget(table_, 2);
    trace_->setMinimumHeight(Theme::kRow * 6);
    column->addWidget(trace_, 3);
    setRole(problem_, "caution");
    problem_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    column->addWidget(problem_);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    accept_ = buttons->addButton(tr("Use this"), QDialogButtonBox::AcceptRole);
    accept_->setDefault(true);
    setRole(accept_, "primary");
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    column->addWidget(buttons);
    timer_->setSingleShot(true);
    timer_->setInterval(150);
    connect(timer_, &QTimer::timeout, this, &TableDialog::preview);

    const auto& from = start ? *start : proposal_.layout;
    choose(delimiter_, QString(QLatin1Char(from.delimiter != 0 ? from.delimiter : proposal_.layout.delimiter)));
    choose(decimal_, QString(QLatin1Char(from.decimalMark != 0 ? from.decimalMark : '.')));
    headings_->setValue(from.headerRows >= 0 ? from.headerRows : std::max(0, proposal_.layout.headerRows));
    choose(orientation_,
           static_cast<int>(from.orientation == TableOrientation::LeadsInRows ? TableOrientation::LeadsInRows
                                                                              : TableOrientation::SamplesInRows));
    rate_->setValue(from.samplingRate);
    if (const auto unit = QString::fromStdString(from.unit); !unit.isEmpty())
        unit_->setCurrentText(unit);
    fillColumns();
    choose(time_, from.timeColumn.value_or(-1));
    if (start && !start->leads.empty())
        proposal_.layout.leads = start->leads;
    showRows();
    preview();
    resize(900, 720);
}

QWidget* TableDialog::form() {
    auto* box = new QWidget;
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(Theme::kPanel * 2);
    auto* left = new QFormLayout;
    auto* right = new QFormLayout;
    box->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed); // the room is the table's and the trace's
    for (auto* half : {left, right})
        half->setVerticalSpacing(Theme::kStep * 2);
    row->addLayout(left, 1);
    row->addLayout(right, 1);
    for (const auto& [name, character] :
         {std::pair{tr("Comma"), ','}, {tr("Semicolon"), ';'}, {tr("Tab"), '\t'}, {tr("Blank"), ' '}, {tr("Bar"), '|'}})
        delimiter_->addItem(name, QString(QLatin1Char(character)));
    decimal_->addItem(tr("Point"), QStringLiteral("."));
    decimal_->addItem(tr("Comma"), QStringLiteral(","));
    headings_->setRange(0, 40);
    orientation_->addItem(tr("samples"), static_cast<int>(TableOrientation::SamplesInRows));
    orientation_->addItem(tr("leads"), static_cast<int>(TableOrientation::LeadsInRows));
    rate_->setRange(0, 100'000);
    rate_->setDecimals(3);
    rate_->setSuffix(tr(" Hz"));
    rate_->setSpecialValueText(tr("by the time column"));
    unit_->setEditable(true);
    unit_->addItem(tr("by the headings"), QString());
    for (const char* unit : {"uV", "mV", "V", "nV"})
        unit_->addItem(QString::fromLatin1(unit), QString::fromLatin1(unit));
    left->addRow(tr("Between columns"), delimiter_);
    left->addRow(tr("Decimal mark"), decimal_);
    left->addRow(tr("Lines of headings"), headings_);
    right->addRow(tr("A row holds"), orientation_);
    right->addRow(tr("Time column"), time_);
    right->addRow(tr("Sampling rate"), rate_);
    right->addRow(tr("Unit of the voltages"), unit_);
    for (auto* text : {static_cast<QWidget*>(delimiter_), static_cast<QWidget*>(decimal_),
                       static_cast<QWidget*>(headings_), static_cast<QWidget*>(time_)})
        text->setEnabled(!array_);
    connect(delimiter_, &QComboBox::currentIndexChanged, this, [this] {
        fillColumns();
        showRows();
        changed();
    });
    connect(headings_, &QSpinBox::valueChanged, this, [this] {
        showRows();
        changed();
    });
    connect(time_, &QComboBox::currentIndexChanged, this, [this] {
        showRows();
        changed();
    });
    for (auto* combo : {decimal_, orientation_})
        connect(combo, &QComboBox::currentIndexChanged, this, &TableDialog::changed);
    connect(unit_, &QComboBox::currentTextChanged, this, &TableDialog::changed);
    connect(rate_, &QDoubleSpinBox::valueChanged, this, &TableDialog::changed);
    return box;
}

// The rows as the delimiter parts them.
void TableDialog::fillColumns() {
    rows_.clear();
    if (array_) {
        rows_.emplace_back(std::max<std::size_t>(1, proposal_.layout.leads.size()));
        return;
    }
    QFile file(head_);
    if (file.open(QIODevice::ReadOnly)) {
        const auto delimiter = delimiter_->currentData().toString().at(0).toLatin1();
        const auto whole = text::utf8(file.read(64 << 10).toStdString());
        for (const auto line : text::lines(whole))
            if (const auto words = text::trim(line); !words.empty() && words.front() != '#' && rows_.size() < 60)
                rows_.push_back(table::cells(line, delimiter));
    }
    const QSignalBlocker quiet(time_);
    const auto before = time_->currentData();
    time_->clear();
    time_->addItem(tr("none"), -1);
    const auto columns = rows_.empty() ? 0 : static_cast<int>(rows_.back().size());
    for (int c = 0; c < std::min(columns, kMostColumns); ++c)
        time_->addItem(nameOfColumn(c), c);
    choose(time_, before.isValid() ? before : QVariant(-1));
}

QString TableDialog::nameOfColumn(int column) const {
    const auto c = static_cast<std::size_t>(column);
    const auto heading = c < proposal_.columns.size() ? QString::fromStdString(proposal_.columns[c]) : QString();
    return heading.isEmpty() ? tr("Column %1").arg(column + 1) : heading;
}

// A box for the lead above every column, then the rows as they stand.
void TableDialog::showRows() {
    const auto columns = rows_.empty() ? 0 : std::min(static_cast<int>(rows_.back().size()), kMostColumns);
    const int time = array_ ? -1 : time_->currentData().toInt();
    const auto heads = static_cast<std::size_t>(headings_->value());
    table_->clear();
    table_->setColumnCount(columns);
    const auto rows = array_ ? 1 : std::min<int>(kShownRows, static_cast<int>(rows_.size())) + 1;
    table_->setRowCount(rows);
    QStringList titles;
    std::size_t lead = 0;
    for (int c = 0; c < columns; ++c) {
        titles << (array_ ? tr("Lead %1").arg(c + 1) : nameOfColumn(c));
        if (c == time) {
            table_->setCellWidget(0, c, new QLabel(tr("time")));
            continue;
        }
        auto* box = new QComboBox;
        box->setEditable(true);
        box->addItem(tr("as in the file"), QString());
        box->addItem(tr("left out"), kLeftOut);
        for (const auto& name : standardLeads())
            box->addItem(QString::fromStdString(name), QString::fromStdString(name));
        if (lead < proposal_.layout.leads.size()) {
            const auto& known = proposal_.layout.leads[lead];
            const auto standard = QString::fromStdString(standardLeadName(known));
            if (known == "-")
                choose(box, kLeftOut);
            else if (box->findData(standard) > 0)
                choose(box, standard);
            else if (!known.empty() &&
                     std::find(proposal_.columns.begin(), proposal_.columns.end(), known) == proposal_.columns.end())
                box->setCurrentText(QString::fromStdString(known)); // a name that a person gave
        }
        box->lineEdit()->setCursorPosition(0);
        ++lead;
        connect(box, &QComboBox::currentTextChanged, this, &TableDialog::changed);
        table_->setCellWidget(0, c, box);
        table_->setColumnWidth(c, 148);
    }
    table_->setHorizontalHeaderLabels(titles);
    for (int r = 1; r < rows; ++r)
        for (int c = 0; c < columns; ++c) {
            const auto& row = rows_[static_cast<std::size_t>(r - 1)];
            const auto at = static_cast<std::size_t>(c);
            auto* item = new QTableWidgetItem(at < row.size() ? QString::fromStdString(row[at]) : QString());
            const bool heading = static_cast<std::size_t>(r - 1) < heads;
            item->setTextAlignment(Qt::AlignVCenter | (heading ? Qt::AlignLeft : Qt::AlignRight));
            if (heading)
                item->setForeground(theme().secondary);
            table_->setItem(r, c, item);
        }
}

TableLayout TableDialog::layoutChosen() const {
    TableLayout out;
    out.orientation = static_cast<TableOrientation>(orientation_->currentData().toInt());
    out.samplingRate = rate_->value();
    const auto unit = unit_->currentText().trimmed();
    if (unit != unit_->itemText(0))
        out.unit = unit.toStdString();
    if (!array_) {
        out.delimiter = delimiter_->currentData().toString().at(0).toLatin1();
        out.decimalMark = decimal_->currentData().toString().at(0).toLatin1();
        if (out.decimalMark == '.')
            out.decimalMark = out.delimiter == ',' ? '.' : '\0'; // a comma in a cell is no harm then
        out.headerRows = headings_->value();
        out.timeColumn = time_->currentData().toInt();
    }
    bool any = false;
    const bool allShown = rows_.empty() || static_cast<int>(rows_.back().size()) <= kMostColumns;
    for (int c = 0; c < table_->columnCount(); ++c) {
        const auto* box = qobject_cast<QComboBox*>(table_->cellWidget(0, c));
        if (box == nullptr)
            continue;
        const auto words = box->currentText().trimmed();
        const auto name = words == box->itemText(0) ? QString() : words == box->itemText(1) ? kLeftOut : words;
        any = any || !name.isEmpty();
        out.leads.push_back(name.toStdString());
    }
    if (!any || !allShown)
        out.leads.clear();
    return out;
}

bool TableDialog::complete() const {
    return complete_;
}

void TableDialog::setComplete(bool complete) {
    complete_ = complete;
    accept_->setEnabled(complete);
}

void TableDialog::changed() {
    setComplete(false); // until it was tried
    timer_->start();
}

void TableDialog::preview() {
    const int generation = ++generation_;
    jobs_->stopAll();
    setComplete(false);
    const auto given = layoutChosen();
    if (array_ && QFileInfo(path_).size() > kLargestArray) {
        const bool enough = given.samplingRate > 0 && !given.unit.empty();
        problem_->setText(enough ? QString() : tr("Sampling rate and unit are needed."));
        setComplete(enough);
        return;
    }
    jobs_->start<Recording>(
        "table",
        [given, array = array_, file = std::filesystem::path(head_.toStdString())](StopToken stop, Progress&) {
            ReadOptions options;
            options.tableLayout = given;
            options.stop = std::move(stop);
            return array ? NpyReader().read(file, options) : CsvReader().read(file, options);
        },
        [this, generation, given](Result<Recording> read) {
            if (generation == generation_ && !read.cancelled())
                showRead(given, std::move(read));
        });
}

void TableDialog::showRead(const TableLayout& given, Result<Recording> read) {
    setComplete(read.ok());
    if (read.ok()) {
        const auto seconds = std::min(kPreviewSeconds, read->seconds());
        std::vector<std::string> names;
        for (const auto& lead : read->leads)
            if (names.size() < kPreviewLeads && lead.unit == "uV")
                names.push_back(lead.name);
        facts_->setText(
            tr("%n lead(s) at %1 Hz", nullptr, static_cast<int>(read->leads.size())).arg(read->samplingRate));
        trace_->setLeads(names);
        trace_->setRecording(std::make_shared<const Recording>(std::move(*read)), std::max(seconds, 0.1));
        problem_->clear();
        return;
    }
    facts_->clear();
    trace_->setRecording(nullptr, kPreviewSeconds);
    const bool rate = given.samplingRate > 0 || given.timeColumn.value_or(-1) >= 0;
    problem_->setText(read.error().code != ErrorCode::FormatUnsupported ? QString::fromStdString(read.error().message)
                      : !rate ? tr("The sampling rate is needed, or a time column.")
                              : tr("The unit of the voltages is needed."));
}

std::optional<TableLayout> rememberedTableLayout(const Settings& settings, const QString& path) {
    const auto json = settings.value(keyOf(path)).toString().toStdString();
    const auto layout = layoutFromJson(json, "settings");
    return layout ? std::optional(*layout) : std::nullopt;
}

void rememberTableLayout(Settings& settings, const QString& path, const TableLayout& layout) {
    settings.setValue(keyOf(path), QString::fromStdString(toJson(layout)));
}

namespace {

// In a worker: an array may be large. What takes longer than a blink says so and can be left.
Result<TableProposal> lookAt(QWidget* parent, const QString& path) {
    std::optional<Result<TableProposal>> found;
    QEventLoop loop;
    const OwnJobs jobs(&loop);
    jobs->start<TableProposal>(
        "table", [file = path.toStdString()](StopToken, Progress&) { return proposeLayout(file); },
        [&found, &loop](Result<TableProposal> proposal) {
            found = std::move(proposal);
            loop.quit();
        });
    QTimer::singleShot(kBlinkMs, &loop, &QEventLoop::quit);
    loop.exec(QEventLoop::ExcludeUserInputEvents); // what asked must not be asked again meanwhile
    if (!found) {
        QProgressDialog waiting(TableDialog::tr("Looking at the table…"), TableDialog::tr("Cancel"), 0, 0, parent);
        waiting.setWindowModality(Qt::ApplicationModal);
        QObject::connect(&waiting, &QProgressDialog::canceled, &loop, &QEventLoop::quit);
        waiting.show();
        loop.exec();
    }
    return found ? std::move(*found) : Result<TableProposal>(Cancelled{});
}

} // namespace

std::optional<TableLayout> askTableLayout(QWidget* parent, const QString& path, Settings& settings) {
    const auto proposal = lookAt(parent, path);
    if (proposal.cancelled())
        return std::nullopt;
    if (!proposal) {
        QMessageBox::warning(parent, TableDialog::tr("A table of samples"),
                             QString::fromStdString(proposal.error().text()));
        return std::nullopt;
    }
    TableDialog dialog(path, *proposal, rememberedTableLayout(settings, path), parent);
    if (dialog.exec() != QDialog::Accepted)
        return std::nullopt;
    const auto layout = dialog.layoutChosen();
    rememberTableLayout(settings, path, layout);
    return layout;
}

} // namespace precordia
