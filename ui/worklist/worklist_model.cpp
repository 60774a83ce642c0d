// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/worklist/worklist_model.h"

#include "core/paper/page_words.h"
#include "ui/texts.h"

#include <QDate>
#include <QLocale>
#include <QMetaObject>
#include <QStringList>

#include <algorithm>
#include <cmath>
#include <stop_token>

namespace precordia {

using Kind = WorklistColumnSpec::Kind;

struct WorklistModel::Question {
    std::shared_ptr<const Rows> rows;
    WorklistIndex::LabelsOf labels;
    std::shared_ptr<const WorklistIndex> index;     // null: to be made
    std::shared_ptr<const std::vector<int>> sorted; // null: to be sorted
    std::string sortKey;
    bool descending = false;
    WorklistFilter filter;
};

namespace {

constexpr int kFewForPercent = 100;

bool isNumber(const WorklistColumnSpec& column) {
    return column.kind == Kind::Number || column.key == "cluster";
}

bool concerns(const WorklistFilter& filter, const std::string& key) {
    return filter.ranges.count(key) > 0 || filter.choices.count(key) > 0;
}

} // namespace

WorklistModel::WorklistModel(QObject* parent)
    : QAbstractTableModel(parent)
    , columns_(WorklistColumns::all())
    , rows_(std::make_shared<const Rows>())
    , index_(WorklistIndex::build(rows_))
    , sorted_(std::make_shared<const std::vector<int>>()) {}

WorklistModel::~WorklistModel() = default;

// What is asked and answered -----------------------------------------------------

WorklistModel::Answer WorklistModel::answerTo(const Question& question) {
    Answer answer;
    answer.index = question.index ? question.index : WorklistIndex::build(question.rows, question.labels);
    answer.sortKey = question.sortKey;
    answer.descending = question.descending;
    answer.sorted = question.sorted ? *question.sorted : answer.index->sorted(question.sortKey, question.descending);
    answer.order = answer.index->matching(question.filter, answer.sorted);
    return answer;
}

// again: the layout in columns is to be made anew, not only sorted and filtered.
void WorklistModel::ask(bool again, bool sortOnly) {
    Question question{rows_, labels_, nullptr, nullptr, sortKey_, descending_, filter_};
    if (!again && &index_->rows() == rows_.get()) {
        question.index = index_;
        if (sortedKey_ == sortKey_ && sortedDescending_ == descending_ && sorted_->size() == rows_->size())
            question.sorted = sorted_;
    }
    ++question_;
    if (worker_ && job_ != 0)
        worker_->stop(job_); // when it has not begun yet it never will
    if (rows_->size() <= static_cast<std::size_t>(kAtOnce)) {
        take(answerTo(question), sortOnly);
        return;
    }
    startWorker();
    busy_ = true;
    job_ = worker_->start<Answer>(
        "worklist", [question](StopToken, Progress&) -> Result<Answer> { return answerTo(question); },
        [this, number = question_, sortOnly](Result<Answer> answer) {
            if (answer.ok() && number == question_)
                take(std::move(*answer), sortOnly);
        });
}

void WorklistModel::take(Answer answer, bool sortOnly) {
    QModelIndexList before;
    std::vector<RecordingId> ids;
    if (sortOnly) {
        Q_EMIT layoutAboutToBeChanged({}, QAbstractItemModel::VerticalSortHint);
        before = persistentIndexList();
        for (const QModelIndex& index : before)
            ids.push_back(idAt(index.row()));
    } else {
        beginResetModel();
    }
    index_ = std::move(answer.index);
    sorted_ = std::make_shared<const std::vector<int>>(std::move(answer.sorted));
    sortedKey_ = std::move(answer.sortKey);
    sortedDescending_ = answer.descending;
    order_ = std::move(answer.order);
    rowOfPlace_.clear();
    busy_ = false;
    job_ = 0;
    if (sortOnly) {
        QModelIndexList after;
        for (qsizetype i = 0; i < before.size(); ++i)
            after << createIndex(rowOf(ids[static_cast<std::size_t>(i)]), before[i].column());
        changePersistentIndexList(before, after);
        Q_EMIT layoutChanged({}, QAbstractItemModel::VerticalSortHint);
    } else {
        endResetModel();
    }
    Q_EMIT answered();
}

void WorklistModel::setRows(std::shared_ptr<const Rows> rows) {
    rows_ = rows ? std::move(rows) : std::make_shared<const Rows>();
    ask(true);
}

void WorklistModel::startWorker() {
    if (!worker_)
        worker_ = std::make_unique<JobRunner>(1, [this](std::function<void()> f) {
            QMetaObject::invokeMethod(this, std::move(f), Qt::QueuedConnection);
        });
}

void WorklistModel::patchRows(std::shared_ptr<const Rows> rows, const std::vector<RecordingId>& changed) {
    if (!rows || busy_ || rows->size() != index_->rows().size()) {
        setRows(std::move(rows));
        return;
    }
    rows_ = std::move(rows);
    if (rows_->size() <= static_cast<std::size_t>(kAtOnce)) {
        replaceIndex(index_->patched(rows_, labels_), changed);
        return;
    }
    startWorker();
    using Index = std::shared_ptr<const WorklistIndex>;
    worker_->start<Index>(
        "worklist",
        [before = index_, after = rows_, labels = labels_](StopToken, Progress&) -> Result<Index> {
            return before->patched(after, labels);
        },
        [this, number = question_, after = rows_, changed](const Result<Index>& index) {
            if (index.ok() && number == question_ && rows_ == after)
                replaceIndex(*index, changed);
        });
}

void WorklistModel::replaceIndex(std::shared_ptr<const WorklistIndex> index, const std::vector<RecordingId>& changed) {
    index_ = std::move(index);
    const int last = columnCount() - 1;
    for (const RecordingId id : changed)
        if (const int row = rowOf(id); row >= 0)
            Q_EMIT dataChanged(this->index(row, 0), this->index(row, last));
}

void WorklistModel::setFilter(const WorklistFilter& filter) {
    filter_ = filter;
    ask(false);
}

void WorklistModel::setLabels(WorklistIndex::LabelsOf labels) {
    labels_ = std::move(labels);
    ask(true);
}

void WorklistModel::sort(int column, Qt::SortOrder order) {
    if (column < 0 || column >= static_cast<int>(columns_.size()))
        return;
    sortKey_ = columns_[static_cast<std::size_t>(column)].key;
    descending_ = order == Qt::DescendingOrder;
    ask(false, !busy_);
}

void WorklistModel::setColumn(const std::string& key, std::shared_ptr<const NumberColumn> values) {
    index_ = index_->with(key, std::move(values));
    if (sortedKey_ == key)
        sortedKey_.clear(); // sorted before there was anything to sort by
    if (busy_ || sortKey_ == key || concerns(filter_, key))
        ask(false);
    else if (const int column = columnOf(columns_, key); column >= 0 && rowCount() > 0)
        Q_EMIT dataChanged(index(0, column), index(rowCount() - 1, column));
}

void WorklistModel::setColumn(const std::string& key, std::shared_ptr<const TermColumn> values) {
    index_ = index_->with(key, std::move(values));
    if (sortedKey_ == key)
        sortedKey_.clear();
    if (busy_ || sortKey_ == key || concerns(filter_, key))
        ask(false);
    else if (const int column = columnOf(columns_, key); column >= 0 && rowCount() > 0)
        Q_EMIT dataChanged(index(0, column), index(rowCount() - 1, column));
}

// Rows ---------------------------------------------------------------------------

const RecordingRow* WorklistModel::rowAt(int row) const {
    if (row < 0 || row >= static_cast<int>(order_.size()))
        return nullptr;
    return &index_->rows()[static_cast<std::size_t>(positionAt(row))];
}

RecordingId WorklistModel::idAt(int row) const {
    const RecordingRow* at = rowAt(row);
    return at != nullptr ? at->id : RecordingId();
}

int WorklistModel::rowOf(RecordingId id) const {
    const int position = index_->positionOf(id);
    if (position < 0)
        return -1;
    if (rowOfPlace_.empty()) {
        rowOfPlace_.assign(index_->rows().size(), -1);
        for (std::size_t row = 0; row < order_.size(); ++row)
            rowOfPlace_[static_cast<std::size_t>(order_[row])] = static_cast<int>(row);
    }
    return rowOfPlace_[static_cast<std::size_t>(position)];
}

RecordingId WorklistModel::stepFrom(RecordingId id, int by) const {
    if (order_.empty())
        return {};
    const int last = static_cast<int>(order_.size()) - 1;
    if (const int row = rowOf(id); row >= 0)
        return idAt(std::clamp(row + by, 0, last));
    // A recording that the filters hide still has its place among all.
    const auto place = std::find(sorted_->begin(), sorted_->end(), index_->positionOf(id));
    if (place == sorted_->end())
        return idAt(0);
    const auto isShown = [&](int position) { return rowOfPlace_[static_cast<std::size_t>(position)] >= 0; };
    if (by > 0) {
        const auto next = std::find_if(place, sorted_->end(), isShown);
        return next == sorted_->end() ? idAt(last) : index_->rows()[static_cast<std::size_t>(*next)].id;
    }
    const auto previous = std::find_if(std::make_reverse_iterator(place), sorted_->rend(), isShown);
    return previous == sorted_->rend() ? idAt(0) : index_->rows()[static_cast<std::size_t>(*previous)].id;
}

int WorklistModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(order_.size());
}

int WorklistModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(columns_.size());
}

QVariant WorklistModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const int position = positionAt(index.row());
    const auto& column = columns_[static_cast<std::size_t>(index.column())];
    switch (role) {
    case Qt::DisplayRole:
        return text(position, column);
    case Qt::ToolTipRole:
        return tip(position, column);
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(
            Qt::Alignment((isNumber(column) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    case kSurpriseShare: {
        const RecordingRow& row = index_->rows()[static_cast<std::size_t>(position)];
        return row.surprisePercentile ? QVariant(*row.surprisePercentile / 100)
               : row.surprise         ? QVariant(index_->surpriseRank(*row.surprise))
                                      : QVariant();
    }
    default:
        return {};
    }
}

// Texts --------------------------------------------------------------------------

QString WorklistModel::text(int position, const WorklistColumnSpec& column) const {
    const RecordingRow& row = index_->rows()[static_cast<std::size_t>(position)];
    switch (column.kind) {
    case Kind::Text:
        return QString::fromStdString(column.key == "patient" ? row.patient : row.name);
    case Kind::Surprise:
        return row.surprisePercentile ? QString::number(std::lround(*row.surprisePercentile))
               : row.surprise         ? Texts::number(*row.surprise, 2)
                                      : QString();
    case Kind::Terms: {
        const std::string line = index_->termLine(column.key, position);
        if (column.key == "sex")
            return line == "female" ? tr("F", "sex, short") : line == "male" ? tr("M", "sex, short") : QString();
        return WorklistColumns::termWord(column.key, line);
    }
    case Kind::Number:
    case Kind::Date:
        break;
    }
    const NumberColumn* values = index_->numbers(column.key);
    if (values == nullptr || std::isnan((*values)[static_cast<std::size_t>(position)]))
        return {};
    const double value = static_cast<double>((*values)[static_cast<std::size_t>(position)]);
    if (column.kind == Kind::Date)
        return QLocale().toString(QDate(1970, 1, 1).addDays(static_cast<qint64>(std::floor(value))),
                                  QLocale::ShortFormat);
    return QString::number(std::lround(value));
}

QString WorklistModel::surpriseTip(const RecordingRow& row) const {
    if (!row.surprise)
        return {};
    const double share = row.surprisePercentile ? *row.surprisePercentile / 100 : index_->surpriseRank(*row.surprise);
    // Of a few recordings a percentage would claim more than it knows.
    const auto all = static_cast<long>(index_->rows().size());
    const QString more = all < kFewForPercent
                             ? tr("more than %1 of the study's %2 recordings")
                                   .arg(std::clamp(std::lround(share * static_cast<double>(all)), 0L, all - 1))
                                   .arg(all)
                             : tr("more than %1 % of the study's recordings").arg(std::lround(100 * share));
    return tr("Surprise, from the model: %1. Latent error %2: how far the encodings that it expects of hidden "
              "intervals lie from theirs, without a unit.")
        .arg(more, Texts::number(*row.surprise, 2));
}

QString WorklistModel::whole(int at) const {
    const RecordingRow* row = rowAt(at);
    if (row == nullptr)
        return {};
    const int position = positionAt(at);
    QStringList lines{QString::fromStdString(row->name)};
    if (row->warnings > 0)
        lines.front() = tr("%1, %n warning(s) of the reader", nullptr, row->warnings).arg(lines.front());
    if (const TermColumn* labels = index_->terms("label")) {
        const auto p = static_cast<std::size_t>(position);
        for (auto i = labels->starts[p]; i < labels->starts[p + 1]; ++i)
            lines << QString::fromStdString(labels->names[labels->terms[i]]);
    }
    if (const std::string quality = index_->termLine("quality", position); !quality.empty() && quality != "good")
        lines << tr("Signal: %1").arg(WorklistColumns::qualityWord(quality));
    if (row->surprise)
        lines << surpriseTip(*row);
    return lines.join(QLatin1Char('\n'));
}

QString WorklistModel::tip(int position, const WorklistColumnSpec& column) const {
    const QString shown = text(position, column);
    const RecordingRow& row = index_->rows()[static_cast<std::size_t>(position)];
    // The columns that are wide enough to rest on tell all of the recording that the row has no room for.
    if (column.key == "name" || column.key == "label")
        return whole(rowOf(row.id));
    if (column.key == "heart_rate")
        return shown.isEmpty() ? tr("No heart rate: fewer than two beats were found")
                               : tr("%1 bpm, computed").arg(shown);
    if (column.key == "age")
        return row.ageYears ? tr("%1, from the file").arg(ageText(*row.ageYears)) : tr("Age not known");
    if (column.kind == Kind::Surprise)
        return shown.isEmpty() ? tr("Not computed yet: Model > Embed the study") : surpriseTip(row);
    if (column.group == WorklistColumnSpec::Group::Computed || column.key == "quality")
        return shown.isEmpty() ? tr("Not measured yet, or not to be measured here: Study > Measure the recordings")
                               : column.tip + QStringLiteral(": ") + shown;
    if (column.group == WorklistColumnSpec::Group::Moved)
        return shown.isEmpty() ? tr("No reader moved a mark that changes it")
                               : column.tip + QStringLiteral(": ") + shown;
    if (column.group == WorklistColumnSpec::Group::File)
        return shown.isEmpty() ? tr("The file does not tell it") : column.tip + QStringLiteral(": ") + shown;
    return shown;
}

QVariant WorklistModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section < 0 || section >= static_cast<int>(columns_.size()))
        return {};
    const auto& column = columns_[static_cast<std::size_t>(section)];
    switch (role) {
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(
            Qt::Alignment((isNumber(column) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    case Qt::ToolTipRole:
        if (column.kind == Kind::Surprise && !index_->extent("surprise"))
            return column.tip + QLatin1Char('\n') +
                   tr("Empty because the study was not embedded yet: it is computed for the recording in focus alone.");
        return column.tip;
    case Qt::DisplayRole:
        return column.heading;
    default:
        return {};
    }
}

} // namespace precordia
