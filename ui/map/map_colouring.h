// SPDX-License-Identifier: GPL-3.0-or-later
// From a field of the recordings to colours, shapes and a legend.
#pragma once

#include "core/study/study.h"

#include <QColor>
#include <QCoreApplication>
#include <QString>

#include <functional>
#include <vector>

namespace precordia {

enum class MapField { Label, Cluster, DataSet, Sex, HeartRate, RrSpread, Age, Surprise };

struct MapLegendEntry {
    QString text;
    QColor colour;
    int shape = 0;
    int count = 0; // dots in this colour
    int of = 0;    // recordings with this label, where more have it than are in its colour; else 0
};

struct MapColouring {
    struct Mark {
        QColor colour;
        int shape = 0;
        bool missing = false; // no value
    };
    std::vector<Mark> marks;            // one a row
    std::vector<MapLegendEntry> legend; // categories; empty for a number
    bool numeric = false;
    double low = 0, high = 0; // of the colour bar (5th to 95th percentile)
    QString unit;
    int missing = 0; // of a number: recordings without a value
    QString note;    // how they are coloured and counted, where that needs a word
};

class MapColours {
    Q_DECLARE_TR_FUNCTIONS(MapColours)
public:
    static QString fieldName(MapField field);
    static std::vector<MapField> fields();
    static MapColouring colour(const std::vector<RecordingRow>& rows, MapField field);
};

} // namespace precordia
