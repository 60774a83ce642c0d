// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/worklist/worklist_panel.h"

#include "ui/theme/theme.h"
#include "ui/widgets.h"
#include "ui/worklist/filter_chips.h"
#include "ui/worklist/surprise_delegate.h"

#include <QEvent>
#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QScrollBar>
#include <QStackedWidget>
#include <QTableView>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>

namespace precordia {

namespace {

constexpr std::size_t kNamesMeasured = 200;
constexpr int kNameNarrow = 56, kNameWide = 100;
constexpr int kLabelNarrow = 104;
constexpr int kSurpriseWide = 84;
constexpr int kNarrowest = 300;
constexpr int kSearchDelayMs = 120; // one answer for a typed word, not one a letter

// Widths for "00000" of digits and the like, so that they fit whatever the font.
int widthOf(const QFontMetrics& metrics, WorklistColumn column) {
    const char* longest = "";
    switch (column) {
    case WorklistColumn::Name:
        longest = "DEMO-0000";
        break;
    case WorklistColumn::HeartRate:
    case WorklistColumn::Age:
        longest = "000";
        break;
    case WorklistColumn::Sex:
        longest = "sex";
        break;
    case WorklistColumn::Label:
        longest = "atrial fibrillation";
        break;
    case WorklistColumn::Dataset:
        longest = "cinc2021-a";
        break;
    case WorklistColumn::Cluster:
        longest = "cluster";
        break;
    case WorklistColumn::Surprise:
        longest = "surprise";
        break;
    }
    return metrics.horizontalAdvance(QLatin1String(longest)) + Theme::kStep * 6;
}

} // namespace

WorklistPanel::WorklistPanel(Session& session, QWidget* parent)
    : QWidget(parent)
    , session_(session)
    , model_(new WorklistModel(this))
    , search_(new QLineEdit)
    , chips_(new FilterChips)
    , stack_(new QStackedWidget)
    , table_(new QTableView)
    , empty_(new EmptyState) {
    setRole(this, "panelGround");
    setAttribute(Qt::WA_StyledBackground);
    setMinimumWidth(kNarrowest);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, Theme::kStep * 2, 0, 0);
    column->setSpacing(Theme::kStep * 2);
    auto* top = new QVBoxLayout;
    top->setContentsMargins(Theme::kPanel, 0, Theme::kPanel, 0);
    top->setSpacing(Theme::kStep * 2);
    search_->setPlaceholderText(tr("Search name, label, data set…"));
    search_->setClearButtonEnabled(true);
    search_->setAccessibleName(tr("Search the worklist"));
    top->addWidget(search_);
    top->addWidget(chips_);
    column->addLayout(top);
    column->addWidget(stack_, 1);
    stack_->addWidget(table_);
    stack_->addWidget(empty_);

    setUpTable();
    connectAll();
    takeRows();
}

void WorklistPanel::setUpTable() {
    table_->setModel(model_);
    table_->setItemDelegateForColumn(static_cast<int>(WorklistColumn::Surprise), new SurpriseDelegate(table_));
    table_->setSelectionBehavior(QAbstractItemView::SelectRows);
    table_->setSelectionMode(QAbstractItemView::SingleSelection);
    table_->setShowGrid(false);
    table_->setWordWrap(false);
    table_->setTabKeyNavigation(false);
    table_->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    table_->setAccessibleName(tr("Worklist"));
    table_->verticalHeader()->hide();
    table_->verticalHeader()->setDefaultSectionSize(Theme::kRow);
    table_->verticalHeader()->setMinimumSectionSize(Theme::kRow);
    QHeaderView* header = table_->horizontalHeader();
    header->setHighlightSections(false);
    header->setSectionsMovable(true);
    header->setMinimumSectionSize(Theme::kRow);
    header->setContextMenuPolicy(Qt::CustomContextMenu);
    for (int i = 0; i < kWorklistColumns; ++i)
        header->resizeSection(i, std::max(widthOf(fontMetrics(), static_cast<WorklistColumn>(i)),
                                          header->sectionSizeHint(i))); // the words of another language are longer
    const int surprise = static_cast<int>(WorklistColumn::Surprise);    // a bar needs no more, however long its word
    header->resizeSection(surprise, std::min(header->sectionSize(surprise), kSurpriseWide));
    table_->viewport()->installEventFilter(this);
    header->setSortIndicator(static_cast<int>(WorklistColumn::Name), Qt::AscendingOrder);
    for (const auto hidden :
         {WorklistColumn::Age, WorklistColumn::Sex, WorklistColumn::Dataset, WorklistColumn::Cluster})
        table_->setColumnHidden(static_cast<int>(hidden), true); // a right click on the header brings them
    table_->setSortingEnabled(true);
}

void WorklistPanel::connectAll() {
    auto* delay = new QTimer(this);
    delay->setSingleShot(true);
    delay->setInterval(kSearchDelayMs);
    connect(search_, &QLineEdit::textChanged, delay, qOverload<>(&QTimer::start));
    connect(delay, &QTimer::timeout, this, &WorklistPanel::applyQuery);
    connect(search_, &QLineEdit::returnPressed, this, &WorklistPanel::applyQuery);
    connect(chips_, &FilterChips::changed, this, &WorklistPanel::applyQuery);
    connect(chips_, &FilterChips::chosenCleared, this, [this] { session_.selection().setChosen({}); });
    connect(table_->horizontalHeader(), &QHeaderView::customContextMenuRequested, this, &WorklistPanel::chooseColumns);
    connect(table_->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex& now) {
        if (!following_ && now.isValid())
            session_.selection().setCurrent(model_->idAt(now.row()));
    });
    connect(&session_.selection(), &StudySelection::currentChanged, this, &WorklistPanel::showCurrent);
    connect(&session_.selection(), &StudySelection::chosenChanged, this, [this] {
        WorklistQuery query = chips_->query();
        query.among = session_.selection().chosen();
        chips_->setQuery(query);
    });
    connect(&session_, &Session::rowsChanged, this, &WorklistPanel::takeRows);
    connect(&session_, &Session::rowsPatched, this, [this](const std::vector<RecordingId>& changed) {
        chips_->setRows(session_.rows());
        model_->patchRows(session_.rows(), changed);
    });
    connect(&session_, &Session::studyChanged, this, [this] {
        const QSignalBlocker quiet(search_);
        search_->clear();
        chips_->setQuery({});
    });
}

// The labels take what the other columns leave; when that is too little to read, the table scrolls sideways.
void WorklistPanel::fitLabels() {
    QHeaderView* header = table_->horizontalHeader();
    const int label = static_cast<int>(WorklistColumn::Label);
    int others = 0;
    for (int i = 0; i < kWorklistColumns; ++i)
        if (i != label && !header->isSectionHidden(i))
            others += header->sectionSize(i);
    header->resizeSection(label, std::max(kLabelNarrow, table_->viewport()->width() - others));
}

bool WorklistPanel::eventFilter(QObject* watched, QEvent* event) {
    if (watched == table_->viewport() && event->type() == QEvent::Resize)
        fitLabels();
    return QWidget::eventFilter(watched, event);
}

// Names are as long as their source makes them: the column follows the first ones, within limits.
void WorklistPanel::fitNames() {
    int longest = 0;
    const auto& rows = *session_.rows();
    for (std::size_t i = 0; i < std::min(kNamesMeasured, rows.size()); ++i)
        longest = std::max(longest, fontMetrics().horizontalAdvance(QString::fromStdString(rows[i].name)));
    if (longest > 0)
        table_->horizontalHeader()->resizeSection(static_cast<int>(WorklistColumn::Name),
                                                  std::clamp(longest + Theme::kStep * 4, kNameNarrow, kNameWide));
    fitLabels();
}

void WorklistPanel::takeRows() {
    const bool first = model_->total() == 0;
    following_ = true;
    chips_->setRows(session_.rows());
    model_->setRows(session_.rows());
    if (first)
        fitNames();
    following_ = false;
    showCurrent();
    showCount();
}

void WorklistPanel::applyQuery() {
    WorklistQuery query = chips_->query();
    query.text = search_->text().toStdString();
    following_ = true;
    model_->setQuery(query);
    following_ = false;
    showCurrent();
    showCount();
}

void WorklistPanel::showCurrent() {
    const int row = model_->rowOf(session_.selection().current());
    following_ = true;
    if (row < 0) {
        table_->clearSelection();
    } else if (table_->currentIndex().row() != row || !table_->selectionModel()->isRowSelected(row, {})) {
        const QModelIndex index = model_->index(row, 0);
        // Sideways the table stays where it is.
        const int sideways = table_->horizontalScrollBar()->value();
        table_->selectionModel()->setCurrentIndex(index,
                                                  QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
        table_->scrollTo(index);
        table_->horizontalScrollBar()->setValue(sideways);
    }
    following_ = false;
}

void WorklistPanel::showCount() {
    const int shown = model_->rowCount(), all = model_->total();
    const QLocale locale;
    const QString text = shown == all ? tr("%n recording(s)", nullptr, all)
                                      : tr("%1 of %n recording(s)", nullptr, all).arg(locale.toString(shown));
    Q_EMIT countChanged(text);
    const bool blank = shown == 0;
    if (blank) {
        if (!session_.hasStudy())
            empty_->set(tr("No study is open"), tr("Its recordings will be listed here."));
        else if (all == 0)
            empty_->set(tr("No recordings yet"), tr("Import ECG files or whole folders: WFDB, DICOM or CSV."),
                        tr("Import…"), [this] { Q_EMIT importWanted(); });
        else
            empty_->set(tr("Nothing fits"), tr("No recording of the study fits the search and the filters."),
                        tr("Clear them"), [this] {
                            search_->clear();
                            session_.selection().setChosen({});
                            chips_->setQuery({});
                        });
    }
    stack_->setCurrentWidget(blank ? static_cast<QWidget*>(empty_) : table_);
}

std::vector<RecordingId> WorklistPanel::shown() const {
    std::vector<RecordingId> ids;
    for (int row = 0; row < model_->rowCount(); ++row)
        ids.push_back(model_->idAt(row));
    return ids;
}

void WorklistPanel::step(int by) {
    const int rows = model_->rowCount();
    if (rows == 0)
        return;
    const int now = model_->rowOf(session_.selection().current());
    const int next = now < 0 ? 0 : std::clamp(now + by, 0, rows - 1);
    session_.selection().setCurrent(model_->idAt(next));
}

void WorklistPanel::chooseColumns(const QPoint& at) {
    QMenu menu;
    for (int i = 0; i < kWorklistColumns; ++i) {
        QAction* action = menu.addAction(model_->headerData(i, Qt::Horizontal, Qt::DisplayRole).toString());
        action->setCheckable(true);
        action->setChecked(!table_->isColumnHidden(i));
        action->setEnabled(i != static_cast<int>(WorklistColumn::Name)); // a row must say who it is
        connect(action, &QAction::toggled, this, [this, i](bool shown) {
            table_->setColumnHidden(i, !shown);
            fitLabels();
        });
    }
    menu.exec(table_->horizontalHeader()->mapToGlobal(at));
}

QByteArray WorklistPanel::saveColumns() const {
    return table_->horizontalHeader()->saveState();
}

void WorklistPanel::restoreColumns(const QByteArray& state) {
    if (!state.isEmpty())
        table_->horizontalHeader()->restoreState(state);
}

} // namespace precordia
