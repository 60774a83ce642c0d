// SPDX-License-Identifier: GPL-3.0-or-later
// Our own measurements for the worklist's columns: measured by a job in the background, after an import by itself.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over the C++20 standard headers behind these
#include "core/study/measure_study.h"
#endif
#include "ui/session.h"

#include <QObject>
#include <QPointer>

namespace precordia {

class Measuring : public QObject {
    Q_OBJECT
public:
    explicit Measuring(Session& session, QObject* parent = nullptr);
    ~Measuring() override;

    // Whether new recordings are measured after an import, and a measuring that was cut off goes on when its study is
    // opened again.
    void setByItself(bool on) { byItself_ = on; }
    bool byItself() const { return byItself_; }
    // What is missing or of an older version; asked for by a person, or by itself: then at the lowest priority, and
    // quiet when all is well.
    void start(bool byPerson);
    bool running() const { return running_; }
    const MeasuredState& state() const { return state_; } // of the open study, as last read

Q_SIGNALS:
    void changed();

private:
    void rowsArrived();
    enum class Occasion { None, Opened, Imported };
    void readState(Occasion occasion);
    void ended(const std::filesystem::path& folder, bool byPerson, const Result<StudyMeasureReport>& report);

    Session& session_;
    bool byItself_ = false;
    bool running_ = false;
    bool again_ = false; // an import ended while it ran
    MeasuredState state_;
    std::shared_ptr<const ImportReport> seen_; // the last import that was looked at
    std::unique_ptr<JobRunner> reader_;        // last: stopped first
};

} // namespace precordia
