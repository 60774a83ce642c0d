// SPDX-License-Identifier: GPL-3.0-or-later
// The session's rows as a table: filtered and sorted by positions, the rows themselves are never copied. Many rows are
// laid out, sorted and filtered by a worker; a small study is answered at once.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over the C++20 standard headers behind these
#include "core/base/job.h"
#include "core/study/worklist_index.h"
#endif
#include "ui/worklist/worklist_columns.h"

#include <QAbstractTableModel>

#include <memory>

namespace precordia {

class WorklistModel : public QAbstractTableModel {
    Q_OBJECT
public:
    using Rows = std::vector<RecordingRow>;
    static constexpr int kSurpriseShare =
        Qt::UserRole;                    // 0..1, share of the study that surprises less; invalid when not known
    static constexpr int kAtOnce = 5000; // rows up to which an answer is not worth a worker

    explicit WorklistModel(QObject* parent = nullptr);
    ~WorklistModel() override;

    void setRows(std::shared_ptr<const Rows> rows);
    // The same rows, of which some say something new; order and choice stay until the next question.
    void patchRows(std::shared_ptr<const Rows> rows, const std::vector<RecordingId>& changed);
    void setFilter(const WorklistFilter& filter);
    const WorklistFilter& filter() const { return filter_; }
    // What is shown and found of a row's labels; unset: all of them. Everything that tells a label goes this way.
    void setLabels(WorklistIndex::LabelsOf labels);
    // Values that were read for rows(); they go when other rows come.
    void setColumn(const std::string& key, std::shared_ptr<const NumberColumn> values);
    void setColumn(const std::string& key, std::shared_ptr<const TermColumn> values);

    const std::vector<WorklistColumnSpec>& columns() const { return columns_; }
    const WorklistIndex& index() const { return *index_; }
    using QAbstractTableModel::index;
    RecordingId idAt(int row) const; // invalid outside
    int rowOf(RecordingId id) const; // -1 when filtered out
    // From a recording, shown or not, to the next or previous one shown; stays at the ends. Invalid when none is shown.
    RecordingId stepFrom(RecordingId id, int by) const;
    const RecordingRow* rowAt(int row) const; // null outside
    // All that is known of a row and has no room in it, a line each.
    QString whole(int row) const;
    std::shared_ptr<const Rows> rows() const { return rows_; } // those that were set; index() may still be of others
    int total() const { return static_cast<int>(index_->rows().size()); }
    bool busy() const { return busy_; }
    std::string sortedBy() const { return sortKey_; }
    bool descending() const { return descending_; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    void sort(int column, Qt::SortOrder order) override;

Q_SIGNALS:
    void answered(); // what is shown is what was asked for

private:
    struct Answer {
        std::shared_ptr<const WorklistIndex> index;
        std::vector<int> sorted, order; // of all rows; of those that fit
        std::string sortKey;
        bool descending = false;
    };
    struct Question;
    void ask(bool again, bool sortOnly = false);
    static Answer answerTo(const Question& question);
    void take(Answer answer, bool sortOnly);
    void startWorker();
    void replaceIndex(std::shared_ptr<const WorklistIndex> index, const std::vector<RecordingId>& changed);
    QString text(int position, const WorklistColumnSpec& column) const;
    QString surpriseTip(const RecordingRow& row) const;
    QString tip(int position, const WorklistColumnSpec& column) const;
    int positionAt(int row) const { return order_[static_cast<std::size_t>(row)]; }

    const std::vector<WorklistColumnSpec> columns_;
    std::shared_ptr<const Rows> rows_;
    WorklistIndex::LabelsOf labels_;
    WorklistFilter filter_;
    std::string sortKey_ = "name";
    bool descending_ = false;

    std::shared_ptr<const WorklistIndex> index_;
    std::shared_ptr<const std::vector<int>> sorted_; // all positions
    std::string sortedKey_;                          // what sorted_ is by
    bool sortedDescending_ = false;
    std::vector<int> order_;              // what is shown
    mutable std::vector<int> rowOfPlace_; // position -> row, made when asked for
    bool busy_ = false;
    std::uint64_t question_ = 0;
    int job_ = 0;
    std::unique_ptr<JobRunner> worker_; // last: stopped first; made when needed
};

} // namespace precordia
