// SPDX-License-Identifier: GPL-3.0-or-later
// The columns that a worklist can show, by the keys of core/study/worklist_index.h.
#pragma once

#include <QCoreApplication>
#include <QString>

#include <string>
#include <string_view>
#include <vector>

namespace precordia {

// Those of the recording itself, in the order in which they stand first; the measurements follow.
enum class WorklistColumn {
    Name,
    Date,
    Patient,
    HeartRate,
    Age,
    Sex,
    Label,
    Dataset,
    Cluster,
    Surprise,
    Quality,
    Format
};

struct WorklistColumnSpec {
    enum class Kind { Text, Terms, Number, Date, Surprise };
    enum class Group { Recording, Computed, Moved, File };
    std::string key;
    Kind kind = Kind::Text;
    Group group = Group::Recording;
    QString heading;            // of the table
    QString name;               // in menus and chips: "QRS"
    QString unit;               // "ms"; "" none
    QString tip;                // of the heading: what it is, where it comes from
    QString widest;             // what the first width has room for
    double least = 0, most = 0; // of a filter by range; equal: not filtered by range
};

class WorklistColumns {
    Q_DECLARE_TR_FUNCTIONS(WorklistColumns)
public:
    static std::vector<WorklistColumnSpec> all(); // in the language of the moment
    static bool shownAtFirst(const WorklistColumnSpec& column);
    // Read from the measurements of the study, when a column is asked for.
    static bool isLoaded(std::string_view key);
    static QString qualityWord(const std::string& key); // "lead off"
    static QString termWord(const std::string& column, const std::string& term);
};

int columnOf(const std::vector<WorklistColumnSpec>& columns, std::string_view key); // -1: none

} // namespace precordia
