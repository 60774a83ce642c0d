// SPDX-License-Identifier: GPL-3.0-or-later
// The panel's columns: which, how wide, read when they are shown; and the card of the row under the pointer.
#include "core/study/measure_study.h"
#include "ui/theme/theme.h"
#include "ui/widgets.h"
#include "ui/worklist/filter_chips.h"
#include "ui/worklist/hover_thumbnail.h"
#include "ui/worklist/measuring.h"
#include "ui/worklist/worklist_panel.h"

#include <QEvent>
#include <QHeaderView>
#include <QMenu>
#include <QMouseEvent>
#include <QTableView>
#include <QTimer>

#include <algorithm>
#include <limits>

namespace precordia {

namespace {

using Group = WorklistColumnSpec::Group;

constexpr std::size_t kNamesMeasured = 200;
constexpr int kNameNarrow = 56, kNameWide = 100;
constexpr int kSurpriseWide = 84;
constexpr int kLabelCharacters = 12; // "sinus rhythm" is not cut

struct ReadColumn {
    std::string key;
    std::shared_ptr<const NumberColumn> numbers;
    std::shared_ptr<const TermColumn> terms;
};

Result<std::vector<ReadColumn>> readColumns(const std::filesystem::path& folder, const ReaderSight& sight,
                                            const WorklistModel::Rows& rows, const std::set<std::string>& keys,
                                            const StopToken& stop) {
    using Columns = std::vector<ReadColumn>;
    const auto study = Study::open(folder, sight);
    if (!study)
        return study.as<Columns>();
    Columns columns;
    for (const auto& key : keys) {
        if (stop.stop_requested())
            return Cancelled{};
        if (key == "quality") {
            auto terms = qualityTerms(**study, rows);
            if (!terms)
                return terms.as<Columns>();
            columns.push_back({key, nullptr, std::make_shared<const TermColumn>(std::move(*terms))});
            continue;
        }
        auto numbers = measurementNumbers(**study, rows, key);
        if (!numbers)
            return numbers.as<Columns>();
        columns.push_back({key, std::make_shared<const NumberColumn>(std::move(*numbers)), nullptr});
    }
    return columns;
}

} // namespace

// Widths -------------------------------------------------------------------------

void WorklistPanel::firstWidths() {
    QHeaderView* header = table_->horizontalHeader();
    fitting_ = true;
    for (int i = 0; i < static_cast<int>(model_->columns().size()); ++i) {
        const auto& column = model_->columns()[static_cast<std::size_t>(i)];
        // The words of another language may be longer than what stands below.
        header->resizeSection(
            i, std::max(fontMetrics().horizontalAdvance(column.widest) + Theme::kStep * 6, header->sectionSizeHint(i)));
        if (column.kind == WorklistColumnSpec::Kind::Surprise) // a bar needs no more, however long its word
            header->resizeSection(i, std::min(header->sectionSize(i), kSurpriseWide));
        header->moveSection(header->visualIndex(i), i);
        table_->setColumnHidden(i, !WorklistColumns::shownAtFirst(column));
    }
    fitting_ = false;
    labelByHand_ = false;
}

// The labels take what the other columns leave; when that is too little to read, the table scrolls sideways.
void WorklistPanel::fitLabels() {
    QHeaderView* header = table_->horizontalHeader();
    const int label = static_cast<int>(WorklistColumn::Label);
    if (labelByHand_ || header->isSectionHidden(label))
        return;
    int others = 0;
    for (int i = 0; i < header->count(); ++i)
        if (i != label && !header->isSectionHidden(i))
            others += header->sectionSize(i);
    const int narrow = fontMetrics().averageCharWidth() * kLabelCharacters + Theme::kStep * 2;
    fitting_ = true;
    header->resizeSection(label, std::max(narrow, table_->viewport()->width() - others));
    fitting_ = false;
}

// Names are as long as their source makes them: the column follows the first ones, within limits.
void WorklistPanel::fitNames() {
    int longest = 0;
    const auto& rows = *session_.rows();
    for (std::size_t i = 0; i < std::min(kNamesMeasured, rows.size()); ++i)
        longest = std::max(longest, fontMetrics().horizontalAdvance(QString::fromStdString(rows[i].name)));
    fitting_ = true;
    if (longest > 0)
        table_->horizontalHeader()->resizeSection(static_cast<int>(WorklistColumn::Name),
                                                  std::clamp(longest + Theme::kStep * 4, kNameNarrow, kNameWide));
    fitting_ = false;
    fitLabels();
}

// Which columns ------------------------------------------------------------------

WorklistLayout WorklistPanel::columnLayout() const {
    const QHeaderView* header = table_->horizontalHeader();
    WorklistLayout layout;
    for (int visual = 0; visual < header->count(); ++visual) {
        const int column = header->logicalIndex(visual);
        if (!header->isSectionHidden(column))
            layout.columns.push_back(
                {model_->columns()[static_cast<std::size_t>(column)].key, header->sectionSize(column)});
    }
    layout.sortedBy = model_->sortedBy();
    layout.descending = model_->descending();
    return layout;
}

void WorklistPanel::setColumnLayout(const WorklistLayout& layout) {
    QHeaderView* header = table_->horizontalHeader();
    fitting_ = true;
    for (int i = 0; i < header->count(); ++i)
        table_->setColumnHidden(i, true);
    int visual = 0;
    for (const auto& wanted : layout.columns) {
        const int column = columnOf(model_->columns(), wanted.key);
        if (column < 0)
            continue;
        header->moveSection(header->visualIndex(column), visual++);
        table_->setColumnHidden(column, false);
        header->resizeSection(column, std::max(wanted.width, Theme::kRow));
    }
    table_->setColumnHidden(static_cast<int>(WorklistColumn::Name), false); // a row must say who it is
    fitting_ = false;
    labelByHand_ = true; // it has the width it was saved with
    table_->sortByColumn(std::max(0, columnOf(model_->columns(), layout.sortedBy)),
                         layout.descending ? Qt::DescendingOrder : Qt::AscendingOrder);
    showHint();
    loadColumns();
}

void WorklistPanel::restoreColumns(const QByteArray& state) {
    if (const auto layout = worklistLayout(state)) {
        setColumnLayout(*layout);
        restored_ = true;
    }
}

void WorklistPanel::showColumn(const std::string& key, bool shown) {
    const int column = columnOf(model_->columns(), key);
    if (column < 0)
        return;
    table_->setColumnHidden(column, !shown);
    fitLabels();
    showHint();
    loadColumns();
}

void WorklistPanel::fillColumns(QMenu& menu) {
    menu.clear();
    QMenu *computed = nullptr, *moved = nullptr, *file = nullptr;
    for (std::size_t i = 0; i < model_->columns().size(); ++i) {
        const auto& column = model_->columns()[i];
        QMenu* into = &menu;
        if (column.group == Group::Computed)
            into = computed != nullptr ? computed : (computed = menu.addMenu(tr("Measured, computed")));
        if (column.group == Group::Moved)
            into = moved != nullptr ? moved : (moved = menu.addMenu(tr("Measured, marks moved")));
        if (column.group == Group::File)
            into = file != nullptr ? file : (file = menu.addMenu(tr("Measured, from the file")));
        QAction* action = into->addAction(column.name);
        action->setToolTip(column.tip);
        action->setCheckable(true);
        action->setChecked(!table_->isColumnHidden(static_cast<int>(i)));
        action->setEnabled(column.key != "name"); // a row must say who it is
        connect(action, &QAction::toggled, this, [this, key = column.key](bool shown) { showColumn(key, shown); });
    }
    menu.addSeparator();
    connect(menu.addAction(tr("As at first")), &QAction::triggered, this, [this] {
        firstWidths();
        table_->sortByColumn(static_cast<int>(WorklistColumn::Name), Qt::AscendingOrder);
        fitNames();
        showHint();
    });
    menu.addSeparator();
    QAction* measure = menu.addAction(tr("Measure the recordings"));
    measure->setEnabled(session_.hasStudy() && !measuring_->running());
    connect(measure, &QAction::triggered, this, [this] { measuring_->start(true); });
    QAction* embed = menu.addAction(tr("Compute the surprise (embed the study)"));
    embed->setEnabled(session_.hasStudy());
    connect(embed, &QAction::triggered, this, [this] { session_.embedStudy(); });
}

// What fills them ----------------------------------------------------------------

void WorklistPanel::loadColumns() {
    const auto rows = model_->rows();
    if (!session_.hasStudy() || model_->busy() || rows->empty() || !reading_.empty())
        return; // when that is there, this is asked again
    std::set<std::string> keys;
    const auto want = [&](const std::string& key) {
        if (WorklistColumns::isLoaded(key) && model_->index().numbers(key) == nullptr &&
            model_->index().terms(key) == nullptr)
            keys.insert(key);
    };
    for (std::size_t i = 0; i < model_->columns().size(); ++i)
        if (!table_->isColumnHidden(static_cast<int>(i)))
            want(model_->columns()[i].key);
    want("quality"); // a row's card names it, and the menu of filters offers its words
    for (const auto& [key, range] : model_->filter().ranges)
        want(key);
    for (const auto& key : asked_)
        want(key);
    want(model_->sortedBy());
    if (keys.empty())
        return;
    reading_ = keys;
    reader_->start<std::vector<ReadColumn>>(
        "columns",
        [folder = session_.studyFolder(), sight = session_.sight(), rows, keys](const StopToken& stop, Progress&) {
            return readColumns(folder, sight, *rows, keys, stop);
        },
        [this, rows, keys](Result<std::vector<ReadColumn>> columns) {
            reading_.clear();
            if (model_->rows() == rows && !model_->busy()) {
                if (columns.failed()) // empty rather than asked for again and again; the rows' reading tells the reason
                    for (const auto& key : keys)
                        model_->setColumn(key, std::make_shared<const NumberColumn>(
                                                   rows->size(), std::numeric_limits<float>::quiet_NaN()));
                else if (columns.ok())
                    for (auto& column : *columns)
                        column.terms ? model_->setColumn(column.key, column.terms)
                                     : model_->setColumn(column.key, column.numbers);
                showCount();
            }
            loadColumns();
        });
}

// A reader moved marks: what follows stands in the columns that are there.
void WorklistPanel::patchMoved(RecordingId id, const Measurements& values) {
    const auto& rows = *model_->rows();
    const auto row = std::lower_bound(rows.begin(), rows.end(), id,
                                      [](const RecordingRow& r, RecordingId wanted) { return r.id < wanted; });
    if (row == rows.end() || row->id != id || model_->busy())
        return;
    const std::string source = "moved/";
    for (const auto& column : model_->columns()) {
        const auto* numbers = model_->index().numbers(column.key);
        if (column.group != Group::Moved || numbers == nullptr)
            continue;
        auto patched = std::make_shared<NumberColumn>(*numbers);
        const auto value = values.find(column.key.substr(source.size()));
        (*patched)[static_cast<std::size_t>(row - rows.begin())] =
            value == values.end() ? std::numeric_limits<float>::quiet_NaN() : static_cast<float>(value->second);
        model_->setColumn(column.key, std::shared_ptr<const NumberColumn>(std::move(patched)));
    }
}

// Why a column that is shown is empty, and what fills it.
void WorklistPanel::showHint() {
    const auto shown = [&](auto fits) {
        for (std::size_t i = 0; i < model_->columns().size(); ++i)
            if (!table_->isColumnHidden(static_cast<int>(i)) && fits(model_->columns()[i]))
                return true;
        return false;
    };
    const auto& state = measuring_->state();
    const auto& index = model_->index();
    // The import measures too; what it did not, and what an older version did, waits.
    const bool unmeasured = shown([&](const WorklistColumnSpec& c) {
        return c.key == "quality" ||
               (c.group == Group::Computed && index.numbers(c.key) != nullptr && !index.extent(c.key));
    });
    const bool surprise = shown([](const WorklistColumnSpec& c) { return c.key == "surprise"; });
    disconnect(hintAction_, &QPushButton::clicked, this, nullptr); // its own connections are not ours to cut
    if (model_->total() > 0 && unmeasured && state.measured < state.recordings && !measuring_->running()) {
        const auto missing = state.recordings - state.measured - state.older;
        hintText_->setText(missing > 0
                               ? tr("%n recording(s) not measured yet", nullptr, static_cast<int>(missing))
                               : tr("%n measured by an older version", "recordings", static_cast<int>(state.older)));
        hintAction_->setText(tr("Measure"));
        connect(hintAction_, &QPushButton::clicked, this, [this] { measuring_->start(true); });
        hint_->show();
    } else if (model_->total() > 0 && state.older > 0 && !measuring_->running()) {
        hintText_->setText(tr("%n measured by an older version", "recordings", static_cast<int>(state.older)));
        hintText_->setToolTip(tr("An older version of the program measured them: computed columns and Details may "
                                 "differ from the Beat view, which measures anew."));
        hintAction_->setText(tr("Measure again"));
        connect(hintAction_, &QPushButton::clicked, this, [this] { measuring_->start(true); });
        hint_->show();
    } else if (model_->total() > 0 && surprise && !index.extent("surprise") && !session_.busy()) {
        hintText_->setText(tr("Surprise is not computed yet"));
        hintText_->setToolTip(tr("It is computed for the recording in focus alone until the study is embedded."));
        hintAction_->setText(tr("Embed"));
        connect(hintAction_, &QPushButton::clicked, this, [this] { session_.embedStudy(); });
        hint_->show();
    } else {
        hint_->hide();
    }
}

// The card -----------------------------------------------------------------------

bool WorklistPanel::eventFilter(QObject* watched, QEvent* event) {
    if (watched != table_->viewport())
        return QWidget::eventFilter(watched, event);
    switch (event->type()) {
    case QEvent::Resize:
        fitLabels();
        break;
    case QEvent::MouseMove:
        hover(static_cast<QMouseEvent*>(event)->position().toPoint());
        break;
    case QEvent::ToolTip:
        if (thumbnail_->isVisible())
            return true; // the card says it all
        break;
    case QEvent::Leave:
    case QEvent::MouseButtonPress:
    case QEvent::Hide:
        hovered_ = -1;
        hoverDelay_->stop();
        thumbnail_->dismiss();
        break;
    default:
        break;
    }
    return QWidget::eventFilter(watched, event);
}

void WorklistPanel::hover(const QPoint& at) {
    const int row = table_->rowAt(at.y());
    if (row == hovered_)
        return;
    hovered_ = row;
    thumbnail_->dismiss();
    if (row >= 0)
        hoverDelay_->start();
    else
        hoverDelay_->stop();
}

void WorklistPanel::showThumbnail() {
    const RecordingRow* row = model_->rowAt(hovered_);
    if (row == nullptr || !session_.hasStudy())
        return;
    const int top = table_->rowViewportPosition(hovered_);
    const QRect line(table_->viewport()->mapToGlobal(QPoint(0, top)), QSize(table_->viewport()->width(), Theme::kRow));
    thumbnail_->want(session_.studyFolder(), *row, model_->whole(hovered_), line);
}

} // namespace precordia
