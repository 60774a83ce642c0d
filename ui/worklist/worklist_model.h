// SPDX-License-Identifier: GPL-3.0-or-later
// The session's rows as a table: filtered and sorted by positions, the rows themselves are never copied.
#pragma once

#include "ui/worklist/worklist_filter.h"

#include <QAbstractTableModel>

#include <memory>

namespace precordia {

class WorklistModel : public QAbstractTableModel {
    Q_OBJECT
public:
    using Rows = std::vector<RecordingRow>;
    static constexpr int kSurpriseShare =
        Qt::UserRole; // 0..1, share of the study that surprises less; invalid when not known

    explicit WorklistModel(QObject* parent = nullptr);

    void setRows(std::shared_ptr<const Rows> rows);
    // The same rows, of which some say something new; order and choice stay until the next query.
    void patchRows(std::shared_ptr<const Rows> rows, const std::vector<RecordingId>& changed);
    void setQuery(const WorklistQuery& query);
    const WorklistQuery& query() const { return query_; }

    RecordingId idAt(int row) const; // invalid outside
    int rowOf(RecordingId id) const; // -1 when filtered out
    int total() const { return static_cast<int>(rows_->size()); }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    void sort(int column, Qt::SortOrder order) override;

private:
    QString text(const RecordingRow& row, WorklistColumn column) const;
    QString surpriseTip(const RecordingRow& row) const;
    QString tip(const RecordingRow& row, WorklistColumn column) const;
    void refresh();

    std::shared_ptr<const Rows> rows_;
    std::vector<int> order_;
    WorklistQuery query_;
    WorklistColumn sortedBy_ = WorklistColumn::Name;
    bool descending_ = false;
    double surpriseRank(double surprise) const;
    std::vector<double> surprises_; // of the whole study, ascending
};

} // namespace precordia
