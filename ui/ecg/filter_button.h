// SPDX-License-Identifier: GPL-3.0-or-later
// The state of the display filters, always in sight, and the menu that changes it. Raw shows the trace as it is in the
// file without forgetting what was chosen.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over the C++20 standard headers behind these
#include "core/base/progress.h"
#include "core/signal/display_filter.h"
#endif

#include <QToolButton>

#include <functional>
#include <memory>

namespace precordia {

// withDisplayFilters for a job: lead by lead, and stopped between two of them.
Result<std::shared_ptr<const Recording>> filteredForDisplay(const Recording& recording, const DisplayFilters& filters,
                                                            const StopToken& stop);

class FilterButton : public QToolButton {
    Q_OBJECT
public:
    explicit FilterButton(QWidget* parent = nullptr);

    // What is in force: nothing while raw.
    DisplayFilters filters() const { return raw_ ? DisplayFilters{} : chosen_; }
    bool raw() const { return raw_; }
    void choose(const DisplayFilters& filters); // and not raw
    void setRaw(bool raw);

Q_SIGNALS:
    void changed();

private:
    void addGroup(const QString& heading, double DisplayFilters::*which, const double* first, std::size_t count);
    void showState();

    DisplayFilters chosen_;
    bool raw_ = false;
    std::vector<std::function<void()>> tick_; // each puts the marks of a group right
    QAction* rawAction_ = nullptr;
};

} // namespace precordia
