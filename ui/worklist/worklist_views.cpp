// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/worklist/worklist_views.h"

#include "ui/worklist/worklist_columns.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace precordia {

namespace {

constexpr int kWidest = 2000;

QString qt(const std::string& text) {
    return QString::fromStdString(text);
}

QJsonObject objectOf(const WorklistLayout& layout) {
    QJsonArray columns;
    for (const auto& column : layout.columns)
        columns.append(QJsonObject{{QStringLiteral("key"), qt(column.key)}, {QStringLiteral("width"), column.width}});
    return {{QStringLiteral("columns"), columns},
            {QStringLiteral("sorted_by"), qt(layout.sortedBy)},
            {QStringLiteral("descending"), layout.descending}};
}

std::optional<WorklistLayout> layoutOf(const QJsonObject& object) {
    const auto known = WorklistColumns::all();
    WorklistLayout layout;
    for (const QJsonValue& entry : object[QStringLiteral("columns")].toArray()) {
        WorklistLayout::Column column{entry[QStringLiteral("key")].toString().toStdString(),
                                      entry[QStringLiteral("width")].toInt()};
        const bool there = std::any_of(layout.columns.begin(), layout.columns.end(),
                                       [&](const auto& other) { return other.key == column.key; });
        if (!there && columnOf(known, column.key) >= 0 && column.width > 0 && column.width <= kWidest)
            layout.columns.push_back(std::move(column));
    }
    if (layout.columns.empty())
        return {};
    if (const auto key = object[QStringLiteral("sorted_by")].toString().toStdString(); columnOf(known, key) >= 0)
        layout.sortedBy = key;
    layout.descending = object[QStringLiteral("descending")].toBool();
    return layout;
}

QJsonObject objectOf(const WorklistFilter& filter) {
    QJsonObject ranges, choices;
    for (const auto& [key, range] : filter.ranges) {
        QJsonObject ends;
        if (range.from)
            ends[QStringLiteral("from")] = *range.from;
        if (range.to)
            ends[QStringLiteral("to")] = *range.to;
        ranges[qt(key)] = ends;
    }
    for (const auto& [key, chosen] : filter.choices) {
        QJsonArray values;
        for (const auto& value : chosen)
            values.append(qt(value));
        choices[qt(key)] = values;
    }
    return {{QStringLiteral("text"), qt(filter.text)},
            {QStringLiteral("ranges"), ranges},
            {QStringLiteral("choices"), choices}};
}

WorklistFilter filterOf(const QJsonObject& object) {
    const auto known = WorklistColumns::all();
    WorklistFilter filter;
    filter.text = object[QStringLiteral("text")].toString().toStdString();
    const QJsonObject ranges = object[QStringLiteral("ranges")].toObject();
    for (auto at = ranges.begin(); at != ranges.end(); ++at) {
        WorklistRange range;
        if (const QJsonValue from = at.value()[QStringLiteral("from")]; from.isDouble())
            range.from = from.toDouble();
        if (const QJsonValue to = at.value()[QStringLiteral("to")]; to.isDouble())
            range.to = to.toDouble();
        if ((range.from || range.to) && columnOf(known, at.key().toStdString()) >= 0)
            filter.ranges[at.key().toStdString()] = range;
    }
    const QJsonObject choices = object[QStringLiteral("choices")].toObject();
    for (auto at = choices.begin(); at != choices.end(); ++at) {
        std::set<std::string> values;
        for (const QJsonValue& value : at.value().toArray())
            values.insert(value.toString().toStdString());
        if (!values.empty() && columnOf(known, at.key().toStdString()) >= 0)
            filter.choices[at.key().toStdString()] = std::move(values);
    }
    return filter;
}

} // namespace

QByteArray toJson(const WorklistLayout& layout) {
    return QJsonDocument(objectOf(layout)).toJson(QJsonDocument::Compact);
}

std::optional<WorklistLayout> worklistLayout(const QByteArray& json) {
    return layoutOf(QJsonDocument::fromJson(json).object());
}

QByteArray toJson(const std::vector<WorklistView>& views) {
    QJsonArray out;
    for (const auto& view : views)
        out.append(QJsonObject{{QStringLiteral("name"), view.name},
                               {QStringLiteral("filter"), objectOf(view.filter)},
                               {QStringLiteral("layout"), objectOf(view.layout)}});
    return QJsonDocument(out).toJson(QJsonDocument::Compact);
}

std::vector<WorklistView> worklistViews(const QByteArray& json) {
    std::vector<WorklistView> views;
    for (const QJsonValue& entry : QJsonDocument::fromJson(json).array()) {
        const auto layout = layoutOf(entry[QStringLiteral("layout")].toObject());
        const QString name = entry[QStringLiteral("name")].toString().trimmed();
        if (layout && !name.isEmpty())
            views.push_back({name, filterOf(entry[QStringLiteral("filter")].toObject()), *layout});
    }
    return views;
}

} // namespace precordia
