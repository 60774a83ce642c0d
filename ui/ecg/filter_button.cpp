// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ecg/filter_button.h"

#include "core/paper/page_words.h"
#include "ui/widgets.h"

#include <QActionGroup>
#include <QLocale>
#include <QMenu>

namespace precordia {

Result<std::shared_ptr<const Recording>> filteredForDisplay(const Recording& recording, const DisplayFilters& filters,
                                                            const StopToken& stop) {
    auto out = std::make_shared<Recording>(recording);
    Recording one;
    one.samplingRate = recording.samplingRate;
    for (Lead& lead : out->leads) {
        if (stop.stop_requested())
            return Cancelled{};
        one.leads.assign(1, std::move(lead));
        auto made = withDisplayFilters(one, filters);
        if (!made)
            return made.as<std::shared_ptr<const Recording>>();
        lead = std::move(made->leads.front());
    }
    return std::shared_ptr<const Recording>(std::move(out));
}

FilterButton::FilterButton(QWidget* parent) : QToolButton(parent) {
    setPopupMode(QToolButton::InstantPopup);
    setToolTip(tr("Zero-phase filters of the trace on the screen; the recording stays as it is. F opens this menu, R "
                  "shows the raw trace. Only a constant offset of each lead is always left out."));
    setAccessibleName(tr("Filters"));
    setMenu(new QMenu(this));
    addGroup(tr("Baseline"), &DisplayFilters::baselineHz, DisplayFilters::kBaseline.data(),
             DisplayFilters::kBaseline.size());
    addGroup(tr("Mains"), &DisplayFilters::mainsHz, DisplayFilters::kMains.data(), DisplayFilters::kMains.size());
    addGroup(tr("Muscle"), &DisplayFilters::muscleHz, DisplayFilters::kMuscle.data(), DisplayFilters::kMuscle.size());
    rawAction_ = menu()->addAction(tr("Raw trace"));
    rawAction_->setCheckable(true);
    connect(rawAction_, &QAction::triggered, this, &FilterButton::setRaw);
    showState();
}

void FilterButton::addGroup(const QString& heading, double DisplayFilters::*which, const double* first,
                            std::size_t count) {
    menu()->addSection(heading);
    auto* group = new QActionGroup(this);
    const auto add = [&](const QString& text, double hz) {
        QAction* action = group->addAction(menu()->addAction(text));
        action->setCheckable(true);
        connect(action, &QAction::triggered, this, [this, which, hz] {
            auto filters = chosen_;
            filters.*which = hz;
            choose(filters);
        });
        tick_.push_back([this, action, which, hz] { action->setChecked(chosen_.*which == hz); });
    };
    add(tr("%1: off").arg(heading), 0);
    for (std::size_t i = 0; i < count; ++i)
        add(tr("%1: %2 Hz").arg(heading, QLocale().toString(first[i], 'g', 3)), first[i]);
}

void FilterButton::choose(const DisplayFilters& filters) {
    chosen_ = filters;
    raw_ = false;
    showState();
    Q_EMIT changed();
}

void FilterButton::setRaw(bool raw) {
    raw_ = raw;
    showState();
    Q_EMIT changed();
}

void FilterButton::showState() {
    for (const auto& tick : tick_)
        tick();
    rawAction_->setEnabled(chosen_.any());
    rawAction_->setChecked(raw_);
    const auto active = filters();
    if (active.any())
        setText(filterText(active, QLocale())); // without the button's name, which would leave no room beside it
    else
        setText(raw_ ? tr("Filters: off (raw)") : tr("Filters: off"));
}

} // namespace precordia
