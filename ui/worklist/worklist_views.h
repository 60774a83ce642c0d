// SPDX-License-Identifier: GPL-3.0-or-later
// How a person looks at the worklist, as text: columns with widths and order, sorting, filter; and the views that were
// given a name, which are kept in the study.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over the C++20 standard headers behind these
#include "core/study/worklist_index.h"
#endif

#include <QByteArray>
#include <QString>

#include <optional>
#include <vector>

namespace precordia {

struct WorklistLayout {
    struct Column {
        std::string key;
        int width = 0; // px
        bool operator==(const Column&) const = default;
    };
    std::vector<Column> columns; // those shown, from left to right
    std::string sortedBy = "name";
    bool descending = false;
    bool operator==(const WorklistLayout&) const = default;
};

struct WorklistView {
    QString name;
    WorklistFilter filter; // without a choice on the map
    WorklistLayout layout;
};

inline constexpr auto kWorklistViewsKey = "worklist/views"; // of Study::value

QByteArray toJson(const WorklistLayout& layout);
// Keys that no column has now, and widths that nothing could have, are left out; none when there is nothing left.
std::optional<WorklistLayout> worklistLayout(const QByteArray& json);
QByteArray toJson(const std::vector<WorklistView>& views);
std::vector<WorklistView> worklistViews(const QByteArray& json); // what can be read of it

} // namespace precordia
