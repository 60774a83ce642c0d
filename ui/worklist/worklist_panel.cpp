// SPDX-License-Identifier: GPL-3.0-or-later
// What the panel is made of, and how it follows rows, filters and selection. Columns and hovering are in
// worklist_panel_columns.cpp.
#include "ui/worklist/worklist_panel.h"

#include "ui/compare/compare_offer.h"
#include "ui/theme/theme.h"
#include "ui/widgets.h"
#include "ui/worklist/filter_chips.h"
#include "ui/worklist/hover_thumbnail.h"
#include "ui/worklist/measuring.h"
#include "ui/worklist/surprise_delegate.h"
#include "ui/worklist/worklist_views_menu.h"

#include <QHeaderView>
#include <QLineEdit>
#include <QLocale>
#include <QMenu>
#include <QMetaObject>
#include <QScrollBar>
#include <QStackedWidget>
#include <QTableView>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace precordia {

namespace {

constexpr int kNarrowest = 300;
constexpr int kSearchDelayMs = 120; // one answer for a typed word, not one a letter
constexpr int kHoverDelayMs = 300;

} // namespace

WorklistPanel::WorklistPanel(Session& session, QWidget* parent)
    : QWidget(parent)
    , session_(session)
    , model_(new WorklistModel(this))
    , search_(new QLineEdit)
    , chips_(new FilterChips)
    , hint_(new QWidget)
    , hintText_(new ElidedLabel)
    , hintAction_(new QPushButton)
    , stack_(new QStackedWidget)
    , table_(new QTableView)
    , empty_(new EmptyState)
    , hoverDelay_(new QTimer(this))
    , measuring_(new Measuring(session, this))
    , thumbnail_(new HoverThumbnail(this))
    , reader_(std::make_unique<JobRunner>(1, [this](std::function<void()> f) {
        QMetaObject::invokeMethod(this, std::move(f), Qt::QueuedConnection);
    })) {
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
    top->addWidget(hint_);
    column->addLayout(top);
    column->addWidget(stack_, 1);
    stack_->addWidget(table_);
    stack_->addWidget(empty_);
    auto* hintRow = new QHBoxLayout(hint_);
    hintRow->setContentsMargins(0, 0, 0, 0);
    setRole(hintText_, "small");
    setRole(hintAction_, "link");
    hintRow->addWidget(hintText_, 1);
    hintRow->addWidget(hintAction_);
    hint_->hide();

    setUpTable();
    setUpTools();
    connectAll();
    takeRows();
}

// The children go after this and after the session: what they say then has nobody to answer.
WorklistPanel::~WorklistPanel() {
    for (QObject* child : findChildren<QObject*>())
        child->disconnect(this);
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
    table_->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed); // no height of a row is ever asked for
    table_->verticalHeader()->setDefaultSectionSize(Theme::kRow);
    table_->verticalHeader()->setMinimumSectionSize(Theme::kRow);
    table_->setMouseTracking(true);
    table_->viewport()->setMouseTracking(true);
    table_->viewport()->installEventFilter(this);
    QHeaderView* header = table_->horizontalHeader();
    header->setHighlightSections(false);
    header->setSectionsMovable(true);
    header->setMinimumSectionSize(Theme::kRow);
    header->setContextMenuPolicy(Qt::CustomContextMenu);
    firstWidths();
    header->setSortIndicator(static_cast<int>(WorklistColumn::Name), Qt::AscendingOrder);
    table_->setSortingEnabled(true);
}

void WorklistPanel::setUpTools() {
    columnsMenu_ = new QMenu(this);
    connect(columnsMenu_, &QMenu::aboutToShow, this, [this] { fillColumns(*columnsMenu_); });
    chips_->addTool(tr("columns"), tr("Choose the columns; they are moved and sized in the table's head"),
                    columnsMenu_);
    views_ = new WorklistViewsMenu(
        session_, [this] { return view(); }, [this](const WorklistView& wanted) { applyView(wanted); }, this);
    chips_->addTool(tr("views"), tr("Filters, columns and sorting under a name, kept in the study"), views_);
    chips_->setSource([this]() -> const WorklistIndex& { return model_->index(); },
                      [this](const std::string& key) {
                          asked_.insert(key);
                          loadColumns();
                      });
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
    QHeaderView* header = table_->horizontalHeader();
    connect(header, &QHeaderView::customContextMenuRequested, this, [this, header](const QPoint& at) {
        fillColumns(*columnsMenu_);
        columnsMenu_->popup(header->mapToGlobal(at));
    });
    connect(header, &QHeaderView::sectionResized, this, [this](int section, int, int) {
        if (fitting_)
            return;
        if (section == static_cast<int>(WorklistColumn::Label))
            labelByHand_ = true;
        else
            fitLabels();
    });
    // The reset of the model takes the current row away before answered() gives it back.
    connect(model_, &QAbstractItemModel::modelAboutToBeReset, this, [this] { following_ = true; });
    connect(model_, &QAbstractItemModel::modelReset, this, [this] { following_ = false; });
    connect(table_->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex& now) {
        if (!following_ && now.isValid())
            session_.selection().setCurrent(model_->idAt(now.row()));
    });
    connect(model_, &WorklistModel::answered, this, [this] {
        hovered_ = -1;
        thumbnail_->dismiss();
        showCurrent();
        showCount();
        showHint();
        loadColumns();
    });
    connect(measuring_, &Measuring::changed, this, &WorklistPanel::showHint);
    connect(&session_, &Session::jobsChanged, this, &WorklistPanel::showHint);
    offerComparison(*table_, session_, [this](int row) { return model_->idAt(row); });
    connect(&session_.selection(), &StudySelection::currentChanged, this, &WorklistPanel::showCurrent);
    connect(&session_.selection(), &StudySelection::chosenChanged, this, [this] {
        WorklistFilter filter = chips_->filter();
        filter.among = session_.selection().chosen();
        chips_->setFilter(filter);
    });
    connect(&session_, &Session::rowsChanged, this, &WorklistPanel::takeRows);
    connect(&session_, &Session::movedChanged, this, &WorklistPanel::patchMoved);
    connect(&session_, &Session::rowsPatched, this,
            [this](const std::vector<RecordingId>& changed) { model_->patchRows(session_.rows(), changed); });
    connect(&session_, &Session::studyChanged, this, [this] {
        const QSignalBlocker quiet(search_);
        search_->clear();
        asked_.clear();
        thumbnail_->forget();
        chips_->setFilter({});
    });
    hoverDelay_->setSingleShot(true);
    hoverDelay_->setInterval(kHoverDelayMs);
    connect(hoverDelay_, &QTimer::timeout, this, &WorklistPanel::showThumbnail);
    connect(table_->verticalScrollBar(), &QScrollBar::valueChanged, this, [this] {
        hovered_ = -1;
        hoverDelay_->stop();
        thumbnail_->dismiss();
    });
}

void WorklistPanel::takeRows() {
    const bool first = model_->total() == 0;
    model_->setRows(session_.rows());
    if (first && !restored_)
        fitNames();
}

void WorklistPanel::applyQuery() {
    WorklistFilter filter = chips_->filter();
    filter.text = search_->text().toStdString();
    model_->setFilter(filter);
    loadColumns();
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
    Q_EMIT positionChanged(row, model_->rowCount());
}

void WorklistPanel::showCount() {
    const int shown = model_->rowCount(), all = model_->total();
    const QLocale locale;
    const QString text = shown == all ? tr("%Ln recording(s)", nullptr, all)
                                      : tr("%1 of %Ln recording(s)", nullptr, all).arg(locale.toString(shown));
    Q_EMIT countChanged(text);
    const bool blank = shown == 0 && reading_.empty(); // a column that is filtered by may be on its way
    if (blank) {
        if (!session_.hasStudy())
            empty_->set(tr("No study is open"), tr("Its recordings will be listed here."));
        else if (all == 0)
            empty_->set(tr("No recordings yet"), tr("Import ECG files or whole folders: WFDB, DICOM or CSV."),
                        tr("Import…"), [this] { Q_EMIT importWanted(); });
        else
            empty_->set(tr("Nothing fits"), tr("No recording of the study fits the search and the filters."),
                        tr("Clear them"), [this] { clearFilters(); });
    }
    stack_->setCurrentWidget(blank ? static_cast<QWidget*>(empty_) : table_);
}

void WorklistPanel::clearFilters() {
    search_->clear();
    session_.selection().setChosen({});
    chips_->setFilter({});
}

std::vector<RecordingId> WorklistPanel::shown() const {
    std::vector<RecordingId> ids;
    for (int row = 0; row < model_->rowCount(); ++row)
        ids.push_back(model_->idAt(row));
    return ids;
}

void WorklistPanel::step(int by) {
    const RecordingId next = model_->stepFrom(session_.selection().current(), by);
    if (next.valid())
        session_.selection().setCurrent(next);
}

WorklistView WorklistPanel::view() const {
    WorklistFilter filter = chips_->filter();
    filter.text = search_->text().toStdString();
    return {{}, std::move(filter), columnLayout()};
}

void WorklistPanel::applyView(const WorklistView& wanted) {
    setColumnLayout(wanted.layout);
    {
        const QSignalBlocker quiet(search_);
        search_->setText(QString::fromStdString(wanted.filter.text));
    }
    WorklistFilter filter = wanted.filter;
    filter.among = session_.selection().chosen(); // the choice on the map is not part of a view
    chips_->setFilter(filter);
}

} // namespace precordia
