// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/worklist/filter_chips.h"

#include "ui/flow_layout.h"
#include "ui/theme/theme.h"
#include "ui/widgets.h"

#include <QDateEdit>
#include <QFormLayout>
#include <QLocale>
#include <QMenu>
#include <QSpinBox>
#include <QToolButton>

#include <algorithm>
#include <cmath>

namespace precordia {

namespace {

using Kind = WorklistColumnSpec::Kind;
using Group = WorklistColumnSpec::Group;

constexpr std::size_t kMostChoices = 30; // a menu; the search field finds the rest
constexpr int kChipCharacters = 28;
constexpr double kFineSpan = 3; // below, whole numbers say too little
const QDate kEpoch(1970, 1, 1);

QString shortened(const QString& whole) {
    return whole.size() <= kChipCharacters ? whole : whole.left(kChipCharacters - 1) + QChar(0x2026);
}

QDate dateOf(double days) {
    return kEpoch.addDays(static_cast<qint64>(std::floor(days)));
}

} // namespace

FilterChips::FilterChips(QWidget* parent) : QWidget(parent), columns_(WorklistColumns::all()), menu_(new QMenu(this)) {
    new FlowLayout(this, Theme::kStep + 2);
    add_ = addTool(tr("+ filter"), tr("Show only some of the recordings"), menu_);
    // The choices are counted when asked for, not on every change of the rows.
    connect(menu_, &QMenu::aboutToShow, this, &FilterChips::fillMenu);
}

QToolButton* FilterChips::addTool(const QString& text, const QString& tip, QMenu* menu) {
    auto* button = new QToolButton(this);
    button->setText(text);
    button->setToolTip(tip);
    button->setMenu(menu);
    button->setPopupMode(QToolButton::InstantPopup);
    setRole(button, "chip");
    layout()->addWidget(button);
    tools_.push_back(button);
    return button;
}

void FilterChips::setSource(std::function<const WorklistIndex&()> index, std::function<void(const std::string&)> load) {
    index_ = std::move(index);
    load_ = std::move(load);
}

void FilterChips::setFilter(const WorklistFilter& filter) {
    filter_ = filter;
    rebuild();
    Q_EMIT changed();
}

void FilterChips::change(const std::function<void(WorklistFilter&)>& edit) {
    WorklistFilter edited = filter_;
    edit(edited);
    setFilter(edited);
}

void FilterChips::addChip(const QString& text, const std::function<void(WorklistFilter&)>& clear) {
    auto* chip = new QPushButton(text + QStringLiteral(" \u00D7"), this);
    chip->setProperty("active", true);
    chip->setToolTip(tr("Remove this filter"));
    chip->setAccessibleName(tr("Filter %1, press to remove").arg(text));
    setRole(chip, "chip");
    connect(chip, &QPushButton::clicked, this, [this, clear] { change(clear); });
    layout()->addWidget(chip);
    chip->show();
    chips_.push_back(chip);
}

QString FilterChips::rangeText(const WorklistColumnSpec& column, const WorklistRange& range) const {
    const auto end = [&](double value) {
        if (column.kind == Kind::Date)
            return QLocale().toString(dateOf(value), QLocale::ShortFormat);
        return value == std::floor(value) ? QString::number(std::lround(value)) : QLocale().toString(value, 'f', 2);
    };
    QString text = range.from && range.to ? QStringLiteral("%1\u2013%2").arg(end(*range.from), end(*range.to))
                   : range.from           ? QStringLiteral("\u2265 %1").arg(end(*range.from))
                   : range.to             ? QStringLiteral("\u2264 %1").arg(end(*range.to))
                                          : QString();
    if (!column.unit.isEmpty() && column.key != "age")
        text += (column.unit == QStringLiteral("\u00B0") ? QString() : QStringLiteral(" ")) + column.unit;
    return QStringLiteral("%1 %2").arg(column.heading, text);
}

QString FilterChips::choiceText(const WorklistColumnSpec& column, const std::set<std::string>& chosen) const {
    QStringList words;
    for (const auto& value : chosen)
        words << WorklistColumns::termWord(column.key, value);
    const QString text = shortened(words.join(tr(" or ")));
    // A label and a sex say what they are of.
    return column.key == "label" || column.key == "sex" ? text : QStringLiteral("%1: %2").arg(column.name, text);
}

void FilterChips::rebuild() {
    for (QWidget* chip : chips_) {
        chip->hide();
        chip->deleteLater(); // it may be the sender
        layout()->removeWidget(chip);
    }
    chips_.clear();
    for (QToolButton* tool : tools_)
        layout()->removeWidget(tool);
    if (!filter_.among.empty())
        addChip(tr("chosen on the map: %1").arg(filter_.among.size()), [this](WorklistFilter& f) {
            f.among.clear();
            Q_EMIT chosenCleared();
        });
    for (const auto& column : columns_) {
        const auto& key = column.key;
        if (const auto chosen = filter_.choices.find(key); chosen != filter_.choices.end())
            addChip(choiceText(column, chosen->second), [key](WorklistFilter& f) { f.choices.erase(key); });
        if (const auto range = filter_.ranges.find(key); range != filter_.ranges.end())
            addChip(rangeText(column, range->second), [key](WorklistFilter& f) { f.ranges.erase(key); });
    }
    for (QToolButton* tool : tools_)
        layout()->addWidget(tool);
    updateGeometry();
}

// Several of one column are any of these: a second choice adds to the first, or takes it back.
void FilterChips::addChoices(QMenu* menu, const WorklistColumnSpec& column) {
    const auto counts = index_ ? index_().counts(column.key) : std::vector<TermCount>();
    menu->setEnabled(!counts.empty());
    const auto chosen = filter_.choices.find(column.key);
    for (std::size_t i = 0; i < std::min(counts.size(), kMostChoices); ++i) {
        const auto& choice = counts[i];
        QString name = WorklistColumns::termWord(column.key, choice.value);
        name.replace(QLatin1Char('&'), QLatin1String("&&"));
        QAction* action = menu->addAction(QStringLiteral("%1  (%2)").arg(name, QLocale().toString(choice.count)));
        action->setCheckable(true);
        action->setChecked(chosen != filter_.choices.end() && chosen->second.count(choice.value) > 0);
        connect(action, &QAction::triggered, this, [this, key = column.key, value = choice.value](bool on) {
            change([&](WorklistFilter& f) {
                if (on)
                    f.choices[key].insert(value);
                else
                    f.choices[key].erase(value);
                if (f.choices[key].empty())
                    f.choices.erase(key);
            });
        });
    }
}

void FilterChips::fillMenu() {
    menu_->clear();
    for (const auto& column : columns_) {
        if (column.kind != Kind::Terms)
            continue;
        if (WorklistColumns::isLoaded(column.key) && load_)
            load_(column.key);
        addChoices(menu_->addMenu(column.name), column);
    }
    menu_->addSeparator();
    QMenu *computed = nullptr, *moved = nullptr, *file = nullptr;
    for (const auto& column : columns_) {
        if (column.least >= column.most)
            continue;
        QMenu* into = menu_;
        if (column.group == Group::Computed)
            into = computed != nullptr ? computed : (computed = menu_->addMenu(tr("Measured, computed")));
        if (column.group == Group::Moved)
            into = moved != nullptr ? moved : (moved = menu_->addMenu(tr("Measured, marks moved")));
        if (column.group == Group::File)
            into = file != nullptr ? file : (file = menu_->addMenu(tr("Measured, from the file")));
        if (WorklistColumns::isLoaded(column.key) && load_)
            connect(into->addAction(tr("%1…").arg(column.name)), &QAction::triggered, this, [this, column] {
                load_(column.key);
                askRange(column);
            });
        else
            connect(into->addAction(tr("%1…").arg(column.name)), &QAction::triggered, this,
                    [this, column] { askRange(column); });
    }
}

// A small panel below the button, not a dialog in the way.
void FilterChips::askRange(const WorklistColumnSpec& column) {
    auto* popup = new QFrame(this, Qt::Popup);
    popup->setAttribute(Qt::WA_DeleteOnClose);
    popup->setObjectName(QStringLiteral("rangePopup"));
    setRole(popup, "panelGround");
    auto* form = new QFormLayout(popup);
    form->setContentsMargins(Theme::kPanel, Theme::kPanel, Theme::kPanel, Theme::kPanel);
    auto* heading = new QLabel(column.name);
    setRole(heading, "heading");
    form->addRow(heading);

    // From end to end of what the study holds, or of what there can be; what is in force now stands in the boxes.
    auto ends = index_ ? index_().extent(column.key) : std::nullopt;
    if (!ends)
        ends = std::pair(column.least, column.most);
    const bool fine = ends->second - ends->first < kFineSpan; // a latent error, from 0.2 to 0.6
    const double first = fine ? std::floor(ends->first * 100) / 100 : std::floor(ends->first);
    const double last = fine ? std::ceil(ends->second * 100) / 100 : std::ceil(ends->second);
    const auto inForce = filter_.ranges.find(column.key);
    const WorklistRange now = inForce != filter_.ranges.end() ? inForce->second : WorklistRange{};
    const bool isDate = column.kind == Kind::Date;
    const auto box = [&](double value) -> QWidget* {
        if (isDate) {
            auto* date = new QDateEdit(dateOf(value));
            date->setCalendarPopup(true);
            return date;
        }
        if (fine) {
            auto* spin = new QDoubleSpinBox;
            spin->setRange(std::min(column.least, first), std::max(column.most, last));
            spin->setSingleStep(0.01);
            spin->setValue(value);
            return spin;
        }
        auto* spin = new QSpinBox;
        spin->setRange(static_cast<int>(std::min(column.least, first)), static_cast<int>(std::max(column.most, last)));
        spin->setValue(static_cast<int>(std::lround(value)));
        if (!column.unit.isEmpty())
            spin->setSuffix(QLatin1Char(' ') + column.unit);
        return spin;
    };
    auto* low = box(now.from.value_or(first));
    auto* high = box(now.to.value_or(last));
    form->addRow(tr("from"), low);
    form->addRow(tr("to"), high);
    auto* apply = new QPushButton(tr("Apply"));
    apply->setDefault(true);
    form->addRow(apply);
    const auto valueOf = [](QWidget* widget) {
        if (const auto* date = qobject_cast<QDateEdit*>(widget))
            return static_cast<double>(kEpoch.daysTo(date->date()));
        if (const auto* exact = qobject_cast<QDoubleSpinBox*>(widget))
            return exact->value();
        return static_cast<double>(qobject_cast<QSpinBox*>(widget)->value());
    };
    connect(apply, &QPushButton::clicked, popup, [this, popup, low, high, valueOf, column, first, last, isDate] {
        const double a = std::min(valueOf(low), valueOf(high)), b = std::max(valueOf(low), valueOf(high));
        popup->close();
        WorklistRange range;
        if (a > first)
            range.from = a;
        if (b < last)
            range.to = isDate ? b + 0.9999 : b; // to the end of that day
        change([&](WorklistFilter& f) {
            if (range.from || range.to)
                f.ranges[column.key] = range;
            else
                f.ranges.erase(column.key);
        });
    });
    popup->move(add_->mapToGlobal(QPoint(0, add_->height() + Theme::kStep)));
    popup->show();
    low->setFocus();
}

} // namespace precordia
