// SPDX-License-Identifier: GPL-3.0-or-later
// The one selection that ties all views: recording ids, never row numbers.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over the C++20 standard headers behind these
#include "core/base/strong_index.h"
#endif

#include <QObject>

#include <optional>
#include <string>
#include <vector>

namespace precordia {

class StudySelection : public QObject {
    Q_OBJECT
public:
    explicit StudySelection(QObject* parent = nullptr);

    // The recording in focus; invalid: none.
    RecordingId current() const { return current_; }
    void setCurrent(RecordingId id);

    // The recording that the one in focus is compared with; invalid: none.
    RecordingId reference() const { return reference_; }
    void setReference(RecordingId id); // told of even when it is the same: a person asked to see it

    // The chosen set (a lasso on the map): the worklist shows these only. Empty: no restriction.
    const std::vector<RecordingId>& chosen() const { return chosen_; }
    void setChosen(std::vector<RecordingId> ids);

    // Where the cursor is, in seconds from the start of the recording; the same in paper, heat map and ribbon.
    std::optional<double> time() const { return time_; }
    void setTime(std::optional<double> seconds);

    // The lead that the cursor was over last ("": none), and the chosen caliper: what a label can be given to.
    const std::string& lead() const { return lead_; }
    void setLead(const std::string& name);
    struct Span {
        std::string lead;        // "": all
        double from = 0, to = 0; // s
        bool operator==(const Span&) const = default;
    };
    const std::optional<Span>& span() const { return span_; }
    void setSpan(std::optional<Span> span);

Q_SIGNALS:
    void currentChanged(precordia::RecordingId id);
    void referenceChanged();
    void chosenChanged();
    void timeChanged();
    void leadChanged();
    void spanChanged();

private:
    RecordingId current_, reference_;
    std::vector<RecordingId> chosen_;
    std::optional<double> time_;
    std::string lead_;
    std::optional<Span> span_;
};

} // namespace precordia
