// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/comparison_table.h"

#include "ui/texts.h"
#include "ui/theme/theme.h"

#include <QHeaderView>

#include <cmath>

namespace precordia {

namespace {

struct Row {
    const char* key;
    QString name;
    double factor; // from the unit of the core to the one that is shown
    int decimals;
};

std::vector<Row> shownRows() {
    const auto row = [](const char* key, const QString& name, double factor = 1, int decimals = 0) {
        return Row{key, name, factor, decimals};
    };
    return {row("heart_rate_bpm", ComparisonTable::tr("Heart rate, bpm")),
            row("rr_sd_ms", ComparisonTable::tr("RR spread, ms")),
            row("p_ms", ComparisonTable::tr("P, ms")),
            row("pr_ms", ComparisonTable::tr("PR, ms")),
            row("qrs_ms", ComparisonTable::tr("QRS, ms")),
            row("qt_ms", ComparisonTable::tr("QT, ms")),
            row("qtc_bazett_ms", ComparisonTable::tr("QTc Bazett, ms")),
            row("qtc_fridericia_ms", ComparisonTable::tr("QTc Fridericia, ms")),
            row("p_axis_deg", ComparisonTable::tr("P axis, °")),
            row("qrs_axis_deg", ComparisonTable::tr("QRS axis, °")),
            row("t_axis_deg", ComparisonTable::tr("T axis, °")),
            row("sokolow_lyon_uv", ComparisonTable::tr("Sokolow-Lyon, mV"), 0.001, 2),
            row("cornell_uv", ComparisonTable::tr("Cornell, mV"), 0.001, 2)};
}

QString none() {
    return QStringLiteral("–");
}

QString text(const std::optional<double>& value, double factor, int decimals, bool sign = false) {
    if (!value || !std::isfinite(*value))
        return none();
    const double scale = std::pow(10.0, decimals);
    const double rounded = std::round(*value * factor * scale) / scale + 0.0; // no "-0"
    QString out = Texts::number(std::abs(rounded), decimals);
    if (rounded < 0)
        out.prepend(QChar(0x2212));
    else if (sign && rounded > 0)
        out.prepend(QLatin1Char('+'));
    return out;
}

const ComparedValue* valueOf(const SerialComparison& beats, const std::string& key) {
    for (const ComparedValue& value : beats.values)
        if (value.key == key)
            return &value;
    return nullptr;
}

} // namespace

// Numbers take what their headings need, the names what is left.
void fitColumns(QTableWidget& table) {
    QHeaderView* header = table.horizontalHeader();
    header->setHighlightSections(false);
    header->setMinimumSectionSize(Theme::kRow);
    header->setSectionResizeMode(QHeaderView::Fixed);
    header->setSectionResizeMode(0, QHeaderView::Stretch);
    table.horizontalHeaderItem(0)->setTextAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    for (int column = 1; column < table.columnCount(); ++column) {
        QTableWidgetItem* item = table.horizontalHeaderItem(column);
        item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
        header->resizeSection(column, table.fontMetrics().horizontalAdvance(item->text()) + 2 * Theme::kPanel);
    }
}

ComparisonTable::ComparisonTable(QWidget* parent) : QTableWidget(0, 4, parent) {
    setHorizontalHeaderLabels({tr("Measurement"), tr("Reference"), tr("Current"), tr("Difference")});
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setSelectionMode(QAbstractItemView::NoSelection);
    setFocusPolicy(Qt::TabFocus);
    setShowGrid(false);
    verticalHeader()->hide();
    verticalHeader()->setDefaultSectionSize(Theme::kRow);
    fitColumns(*this);
    setAccessibleName(tr("Measurements of both ECGs"));
}

void ComparisonTable::addHeading(const QString& text) {
    const int row = rowCount();
    insertRow(row);
    auto* item = new QTableWidgetItem(text);
    item->setFont(Theme::headingFont());
    setItem(row, 0, item);
    setSpan(row, 0, 1, 4);
}

void ComparisonTable::addRow(const QString& name, const QString& reference, const QString& current,
                             const QString& difference, const QString& tip) {
    const int row = rowCount();
    insertRow(row);
    int column = 0;
    for (const QString& cell : {name, reference, current, difference}) {
        auto* item = new QTableWidgetItem(cell);
        item->setTextAlignment((column == 0 ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
        item->setToolTip(column == 0 ? cell : tip);
        setItem(row, column++, item);
    }
}

// The difference of the numbers that stand beside it: a reader may subtract.
void ComparisonTable::addValue(const QString& name, const ComparedValue& value, double factor, int decimals) {
    const double step = std::pow(10.0, -decimals) / factor;
    std::optional<double> difference;
    if (value.difference) {
        difference = (std::round(*value.current.value / step) - std::round(*value.reference.value / step)) * step;
        if (value.key.ends_with("_axis_deg"))
            difference = std::remainder(*difference, 360.0);
    }
    addRow(name, text(value.reference.value, factor, decimals), text(value.current.value, factor, decimals),
           text(difference, factor, decimals, true));
}

void ComparisonTable::set(const Compared* compared) {
    clearSpans();
    setRowCount(0);
    if (compared == nullptr || !compared->beats)
        return;
    const SerialComparison& beats = *compared->beats;
    for (const Row& row : shownRows())
        if (const ComparedValue* value = valueOf(beats, row.key); value != nullptr)
            addValue(row.name, *value, row.factor, row.decimals);
    addHeading(tr("ST at J + 60 ms, µV"));
    for (const ComparedLead& lead : beats.leads)
        if (const ComparedValue* value = valueOf(beats, "st_" + lead.lead + "_uv"); value != nullptr)
            addValue(QString::fromStdString(lead.lead), *value, 1, 0);
    addHeading(tr("Difference of the beats (RMS, QRS to T), µV"));
    for (const ComparedLead& lead : beats.leads)
        addRow(QString::fromStdString(lead.lead), {}, {}, text(lead.rmsUv, 1, 0),
               lead.correlation ? tr("Correlation of the two: %1").arg(Texts::number(*lead.correlation, 2))
                                : QString());
}

} // namespace precordia
