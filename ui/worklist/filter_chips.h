// SPDX-License-Identifier: GPL-3.0-or-later
// The filters in force, a chip each with a cross, and the menu that adds one for any column.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over the C++20 standard headers behind these
#include "core/study/worklist_index.h"
#endif
#include "ui/worklist/worklist_columns.h"

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
    // Whose words the menu offers, each with how often it occurs, and whose ends a range begins with. `load` is called
    // for a column that the index does not hold yet.
    void setSource(std::function<const WorklistIndex&()> index, std::function<void(const std::string&)> load);
    // The filter without its text; among: chosen on the map.
    const WorklistFilter& filter() const { return filter_; }
    void setFilter(const WorklistFilter& filter);
    QToolButton* addButton() const { return add_; }
    // Stands behind the button that adds a filter.
    QToolButton* addTool(const QString& text, const QString& tip, QMenu* menu);
    // The panel in which both ends of a range are asked for. An end that is left where the column ends is open.
    void askRange(const WorklistColumnSpec& column);

Q_SIGNALS:
    void changed();
    void chosenCleared(); // the chip of the map's choice was closed

private:
    void rebuild();
    void addChip(const QString& text, const std::function<void(WorklistFilter&)>& clear);
    void fillMenu();
    void addChoices(QMenu* menu, const WorklistColumnSpec& column);
    void change(const std::function<void(WorklistFilter&)>& edit);
    QString rangeText(const WorklistColumnSpec& column, const WorklistRange& range) const;
    QString choiceText(const WorklistColumnSpec& column, const std::set<std::string>& chosen) const;

    const std::vector<WorklistColumnSpec> columns_;
    std::function<const WorklistIndex&()> index_;
    std::function<void(const std::string&)> load_;
    WorklistFilter filter_;
    std::vector<QWidget*> chips_;
    std::vector<QToolButton*> tools_; // the first one adds a filter
    QToolButton* add_;
    QMenu* menu_;
};

} // namespace precordia
