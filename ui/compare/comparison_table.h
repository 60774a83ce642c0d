// SPDX-License-Identifier: GPL-3.0-or-later
// The measurements of two ECGs side by side, with what changed.
#pragma once

#include "ui/compare/compared.h"

#include <QTableWidget>

namespace precordia {

// A table whose first column names and whose others hold numbers.
void fitColumns(QTableWidget& table);

class ComparisonTable : public QTableWidget {
    Q_OBJECT
public:
    explicit ComparisonTable(QWidget* parent = nullptr);
    void set(const Compared* compared); // null, or without beats: empty

private:
    void addHeading(const QString& text);
    void addValue(const QString& name, const ComparedValue& value, double factor, int decimals);
    void addRow(const QString& name, const QString& reference, const QString& current, const QString& difference,
                const QString& tip = {});
};

} // namespace precordia
