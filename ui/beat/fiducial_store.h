// SPDX-License-Identifier: GPL-3.0-or-later
// Reads and keeps the marks that readers moved, off the window's thread and in one queue: what is asked after an edit
// knows of it. What is pending is written before the store goes.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over the C++20 standard headers behind these
#include "core/base/job.h"
#include "core/signal/median_marks.h"
#include "core/study/fiducial_edits.h"
#include "core/study/measured_signal.h"
#include "ui/beat/beat_marks.h"
#include "ui/session.h"
#endif

#include <QObject>
#include <QString>
#include <QTimer>

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

namespace precordia {

// A recording's beats as they were measured, and the journal of their edits.
struct MarkedBeat {
    RecordingRow row;
    std::shared_ptr<const Recording> recording; // what was measured
    EcgAnalysis ecg;
    std::vector<FiducialEdit> edits; // oldest first
    bool cut = false;                // measured on its first part
};

inline constexpr double kMarkedSeconds = kMeasuredSeconds; // as the study measures; here whatever the length

// The beat without its edits, in a job. Errors: SignalTooShort (there is none to average), those of reading a long one.
Result<std::shared_ptr<MarkedBeat>> measureBeat(const std::filesystem::path& study,
                                                const std::shared_ptr<const LoadedRecording>& recording,
                                                const StopToken& stop);

class FiducialStore : public QObject {
    Q_OBJECT
public:
    explicit FiducialStore(QObject* parent = nullptr);
    ~FiducialStore() override;

    // Fills in the edits: loaded() comes, or loadFailed(); only for the last beat that was asked for.
    void load(const std::filesystem::path& study, const ReaderSight& sight, const std::shared_ptr<MarkedBeat>& beat);
    void cancel(); // nobody wants to know any more
    // again: the edit before was on the way to this one (a held key); when it is not written yet, it never is.
    void keep(const std::filesystem::path& study, const MarkChange& change, const std::string& reader,
              bool again = false);
    bool busy() const;

Q_SIGNALS:
    void loaded(std::shared_ptr<const precordia::MarkedBeat> beat);
    void loadFailed(const QString& reason);
    void kept(const precordia::MarkChange& change);
    void keepFailed(const QString& reason);

private:
    struct Edit {
        std::filesystem::path study;
        MarkChange change;
        std::string reader;
    };
    void write(Edit edit);
    void flush();

    std::optional<Edit> held_; // a key may still be down
    QTimer wait_;
    int generation_ = 0;
    int loading_ = 0; // job; 0: none
    std::unique_ptr<JobRunner> runner_;
};

} // namespace precordia
