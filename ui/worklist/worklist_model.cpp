// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/worklist/worklist_model.h"

#include "ui/texts.h"

#include <QStringList>

#include <algorithm>
#include <cmath>

namespace precordia {

namespace {

WorklistColumn columnOf(int section) {
    return static_cast<WorklistColumn>(section);
}

bool isNumber(WorklistColumn column) {
    return column == WorklistColumn::HeartRate || column == WorklistColumn::Age || column == WorklistColumn::Cluster;
}

QString whole(const std::optional<double>& value) {
    return value && std::isfinite(*value) ? QString::number(std::lround(*value)) : QString();
}

} // namespace

WorklistModel::WorklistModel(QObject* parent) : QAbstractTableModel(parent), rows_(std::make_shared<const Rows>()) {}

void WorklistModel::setRows(std::shared_ptr<const Rows> rows) {
    beginResetModel();
    rows_ = rows ? std::move(rows) : std::make_shared<const Rows>();
    surprises_.clear();
    for (const auto& row : *rows_)
        if (const auto surprise = shownSurprise(row))
            surprises_.push_back(*surprise);
    std::sort(surprises_.begin(), surprises_.end());
    refresh();
    endResetModel();
}

void WorklistModel::patchRows(std::shared_ptr<const Rows> rows, const std::vector<RecordingId>& changed) {
    if (!rows || rows->size() != rows_->size()) {
        setRows(std::move(rows));
        return;
    }
    rows_ = std::move(rows);
    for (const RecordingId id : changed)
        if (const int row = rowOf(id); row >= 0)
            Q_EMIT dataChanged(index(row, 0), index(row, kWorklistColumns - 1));
}

void WorklistModel::setQuery(const WorklistQuery& query) {
    beginResetModel();
    query_ = query;
    refresh();
    endResetModel();
}

void WorklistModel::sort(int column, Qt::SortOrder order) {
    if (column < 0 || column >= kWorklistColumns)
        return;
    Q_EMIT layoutAboutToBeChanged({}, QAbstractItemModel::VerticalSortHint);
    const QModelIndexList before = persistentIndexList();
    std::vector<RecordingId> ids;
    for (const QModelIndex& index : before)
        ids.push_back(idAt(index.row()));
    sortedBy_ = columnOf(column);
    descending_ = order == Qt::DescendingOrder;
    refresh();
    QModelIndexList after;
    for (qsizetype i = 0; i < before.size(); ++i)
        after << index(rowOf(ids[static_cast<std::size_t>(i)]), before[i].column());
    changePersistentIndexList(before, after);
    Q_EMIT layoutChanged({}, QAbstractItemModel::VerticalSortHint);
}

void WorklistModel::refresh() {
    order_ = answerQuery(*rows_, query_, sortedBy_, descending_);
}

RecordingId WorklistModel::idAt(int row) const {
    if (row < 0 || row >= static_cast<int>(order_.size()))
        return {};
    return (*rows_)[static_cast<std::size_t>(order_[static_cast<std::size_t>(row)])].id;
}

int WorklistModel::rowOf(RecordingId id) const {
    const auto at = std::find_if(order_.begin(), order_.end(),
                                 [&](int position) { return (*rows_)[static_cast<std::size_t>(position)].id == id; });
    return at == order_.end() ? -1 : static_cast<int>(at - order_.begin());
}

int WorklistModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(order_.size());
}

int WorklistModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : kWorklistColumns;
}

QVariant WorklistModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const RecordingRow& row = (*rows_)[static_cast<std::size_t>(order_[static_cast<std::size_t>(index.row())])];
    const WorklistColumn column = columnOf(index.column());
    switch (role) {
    case Qt::DisplayRole:
        return text(row, column);
    case Qt::ToolTipRole:
        return tip(row, column);
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(
            Qt::Alignment((isNumber(column) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    case kSurpriseShare:
        return row.surprisePercentile ? QVariant(*row.surprisePercentile / 100)
               : row.surprise         ? QVariant(surpriseRank(*row.surprise))
                                      : QVariant();
    default:
        return {};
    }
}

// Recordings differ little beside the value itself: a bar of the value would say nothing, its rank does.
double WorklistModel::surpriseRank(double surprise) const {
    const auto below = std::lower_bound(surprises_.begin(), surprises_.end(), surprise) - surprises_.begin();
    return surprises_.size() < 2 ? 1.0 : static_cast<double>(below) / static_cast<double>(surprises_.size() - 1);
}

QString WorklistModel::text(const RecordingRow& row, WorklistColumn column) const {
    switch (column) {
    case WorklistColumn::Name:
        return QString::fromStdString(row.name);
    case WorklistColumn::HeartRate:
        return whole(row.heartRateBpm);
    case WorklistColumn::Age:
        return whole(row.ageYears);
    case WorklistColumn::Sex:
        return row.sex == "female" ? tr("F", "sex, short") : row.sex == "male" ? tr("M", "sex, short") : QString();
    case WorklistColumn::Label:
        return QString::fromStdString(labelLine(row));
    case WorklistColumn::Dataset:
        return QString::fromStdString(row.dataset);
    case WorklistColumn::Cluster:
        return row.cluster ? QString::number(*row.cluster) : QString();
    case WorklistColumn::Surprise:
        return row.surprisePercentile ? QString::number(std::lround(*row.surprisePercentile))
               : row.surprise         ? Texts::number(*row.surprise, 2)
                                      : QString();
    }
    return {};
}

QString WorklistModel::surpriseTip(const RecordingRow& row) const {
    if (!row.surprise)
        return {};
    if (row.surprisePercentile)
        return tr("Surprise, from the model: more than %1 % of the study's recordings (latent error of hidden "
                  "intervals "
                  "%2)")
            .arg(text(row, WorklistColumn::Surprise), Texts::number(*row.surprise, 2));
    return tr("Surprise %1, from the model: latent error of hidden intervals; more than %2 % of the study")
        .arg(text(row, WorklistColumn::Surprise))
        .arg(std::lround(100 * surpriseRank(*row.surprise)));
}

QString WorklistModel::tip(const RecordingRow& row, WorklistColumn column) const {
    const QString shown = text(row, column);
    // The columns that are wide enough to rest on tell all of the recording that the row has no room for.
    const auto whole = [&](const QString& first) {
        QStringList lines;
        if (!first.isEmpty())
            lines << first;
        for (const auto& label : row.labels)
            lines << QString::fromStdString(label);
        if (row.surprise)
            lines << surpriseTip(row);
        return lines.join(QLatin1Char('\n'));
    };
    switch (column) {
    case WorklistColumn::Name:
        return whole(row.warnings > 0 ? tr("%1, %n warning(s) of the reader", nullptr, row.warnings).arg(shown)
                                      : shown);
    case WorklistColumn::Label:
        return whole({});
    case WorklistColumn::HeartRate:
        return shown.isEmpty() ? tr("No heart rate: fewer than two beats were found")
                               : tr("%1 bpm, computed").arg(shown);
    case WorklistColumn::Age:
        return shown.isEmpty() ? tr("Age not known") : tr("%1 years, from the file").arg(shown);
    case WorklistColumn::Surprise:
        return shown.isEmpty() ? tr("Not computed yet: Model > Embed the study") : surpriseTip(row);
    default:
        return shown;
    }
}

QVariant WorklistModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section < 0 || section >= kWorklistColumns)
        return {};
    const WorklistColumn column = columnOf(section);
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(
            Qt::Alignment((isNumber(column) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    if (role == Qt::ToolTipRole) {
        switch (column) {
        case WorklistColumn::Name:
            return tr("Name of the recording");
        case WorklistColumn::HeartRate:
            return tr("Heart rate in bpm, computed from the R peaks");
        case WorklistColumn::Age:
            return tr("Age in years, from the file");
        case WorklistColumn::Sex:
            return tr("Sex, from the file");
        case WorklistColumn::Label:
            return tr("Labels: diagnoses and findings");
        case WorklistColumn::Dataset:
            return tr("Data set the recording belongs to");
        case WorklistColumn::Cluster:
            return tr("Cluster on the map; 0 is the largest");
        case WorklistColumn::Surprise:
            return tr("Surprise: how badly the model predicts the recording's hidden intervals; percentile in the "
                      "study");
        }
    }
    if (role != Qt::DisplayRole)
        return {};
    switch (column) {
    case WorklistColumn::Name:
        return tr("name");
    case WorklistColumn::HeartRate:
        return tr("HR", "heart rate, column");
    case WorklistColumn::Age:
        return tr("age");
    case WorklistColumn::Sex:
        return tr("sex");
    case WorklistColumn::Label:
        return tr("label");
    case WorklistColumn::Dataset:
        return tr("data set");
    case WorklistColumn::Cluster:
        return tr("cluster");
    case WorklistColumn::Surprise:
        return tr("surprise");
    }
    return {};
}

} // namespace precordia
