// SPDX-License-Identifier: GPL-3.0-or-later
// Brings the paper what it shows of a long recording: reads the page with one more on either side in a worker, from
// samples or from the pyramid, filters it, and has the overview made in the background. At rest for a recording that
// is held whole.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over the C++20 standard headers behind these
#include "core/base/job.h"
#include "core/paper/paper.h"
#include "core/signal/display_filter.h"
#include "core/study/overview.h"
#include "ui/session.h"
#endif

#include <QObject>
#include <QPointer>
#include <QString>

#include <memory>
#include <optional>

namespace precordia {

class OverviewStrip;
class PaperCanvas;

class LongTrace : public QObject {
    Q_OBJECT
public:
    LongTrace(Session& session, PaperCanvas* canvas, OverviewStrip* strip, QObject* parent);
    ~LongTrace() override;

    // Shows or hides the strip. Jobs for an earlier recording are stopped.
    void setRecording(std::shared_ptr<const LoadedRecording> recording);
    void setFilters(const DisplayFilters& filters);
    bool active() const { return recording_ != nullptr; }
    bool ready() const { return !opening_ && !reading_ && buildJob_ == 0; } // nothing is on its way
    // What the paper shows, for a picture of its own; the foot of the page says which part that is.
    Recording page(PaperOptions& options) const;
    std::shared_ptr<const Overview> overview() const { return overview_; }

Q_SIGNALS:
    void failed(const QString& reason); // the file could not be read on

private:
    struct Wanted {
        double from = 0, to = 0; // s, of the page
        int columns = 0;
        int level = -1;
        DisplayFilters filters;
        bool operator==(const Wanted&) const = default;
    };
    // Opened in a worker: the file by the page, and the overview where there is one.
    struct Source {
        std::shared_ptr<const PagedRecording> pages;
        std::string key;
        std::shared_ptr<const Overview> overview;
    };
    struct Part {
        std::shared_ptr<const Recording> recording;
        double from = 0, to = 0;
        bool envelope = false, filtered = false;
    };

    void refresh(); // the page moved
    Wanted wanted() const;
    bool covers(const Wanted& page) const;
    void read(const Wanted& page);
    void arrived(const Wanted& page, const Result<Part>& part);
    void open();
    void opened(const Result<Source>& source);
    void build(bool anew = false); // even where a file is there
    void built(const Result<std::shared_ptr<const Overview>>& overview);
    void showProgress();
    void showStatus();
    void stopBuilding();

    Session& session_;
    QPointer<Session> alive_;
    PaperCanvas* canvas_;
    OverviewStrip* strip_;
    std::shared_ptr<const LoadedRecording> recording_; // null: at rest
    std::shared_ptr<const PagedRecording> pages_;      // null: not opened yet
    std::string key_;                                  // of the overview
    std::shared_ptr<const Overview> overview_;
    DisplayFilters filters_;
    std::optional<Wanted> shown_; // what the part on the paper was read for
    Part part_;
    bool opening_ = false, reading_ = false, again_ = false;
    bool rebuilt_ = false;   // a damaged overview is made anew once
    quint64 generation_ = 0; // of the recording
    int buildJob_ = 0;
    QString failure_;                   // of the overview
    std::unique_ptr<JobRunner> reader_; // one thread: parts come in order
};

} // namespace precordia
