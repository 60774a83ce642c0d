// SPDX-License-Identifier: GPL-3.0-or-later
// The filters in force, a chip each with a cross, and the menu that adds one.
#pragma once

#include "ui/worklist/worklist_filter.h"

#include <QWidget>

#include <functional>
#include <memory>
#include <vector>

class QMenu;
class QToolButton;

namespace precordia {

class FilterChips : public QWidget {
    Q_OBJECT
public:
    explicit FilterChips(QWidget* parent = nullptr);
    void setRows(std::shared_ptr<const std::vector<RecordingRow>> rows);
    // The query without its text and order; among: chosen on the map.
    const WorklistQuery& query() const { return query_; }
    void setQuery(const WorklistQuery& query);
    QToolButton* addButton() const { return add_; }

Q_SIGNALS:
    void changed();
    void chosenCleared(); // the chip of the map's choice was closed

private:
    void rebuild();
    void addChip(const QString& text, const std::function<void(WorklistQuery&)>& clear);
    void fillMenu();
    void addChoices(QMenu* menu, const std::vector<Choice>& choices,
                    const std::function<void(WorklistQuery&, const std::string&)>& set);
    void askRange(const QString& title, const QString& unit, int from, int to,
                  const std::function<void(WorklistQuery&, double, double)>& set);
    void change(const std::function<void(WorklistQuery&)>& edit);

    std::shared_ptr<const std::vector<RecordingRow>> rows_;
    WorklistQuery query_;
    std::vector<QWidget*> chips_;
    QToolButton* add_;
    QMenu* menu_;
};

} // namespace precordia
