// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/selection.h"

#include <algorithm>

namespace precordia {

StudySelection::StudySelection(QObject* parent) : QObject(parent) {}

void StudySelection::setCurrent(RecordingId id) {
    if (id == current_)
        return;
    current_ = id;
    Q_EMIT currentChanged(id);
}

void StudySelection::setReference(RecordingId id) {
    reference_ = id;
    Q_EMIT referenceChanged();
}

void StudySelection::setChosen(std::vector<RecordingId> ids) {
    std::sort(ids.begin(), ids.end());
    if (ids == chosen_)
        return;
    chosen_ = std::move(ids);
    Q_EMIT chosenChanged();
}

void StudySelection::setLead(const std::string& name) {
    if (name == lead_)
        return;
    lead_ = name;
    Q_EMIT leadChanged();
}

void StudySelection::setSpan(std::optional<Span> span) {
    if (span == span_)
        return;
    span_ = std::move(span);
    Q_EMIT spanChanged();
}

void StudySelection::setTime(std::optional<double> seconds) {
    if (seconds == time_)
        return;
    time_ = seconds;
    Q_EMIT timeChanged();
}

} // namespace precordia
