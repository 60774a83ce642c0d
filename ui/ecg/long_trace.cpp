// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ecg/long_trace.h"

#include "core/paper/page_words.h"
#include "core/study/recording_source.h"
#include "ui/ecg/long_recording.h"
#include "ui/ecg/overview_strip.h"
#include "ui/ecg/paper_canvas.h"
#include "ui/texts.h"

#include <QLocale>
#include <QMetaObject>

#include <algorithm>
#include <cmath>
#include <utility>

namespace precordia {

namespace {

constexpr const char* kFolder = "overviews"; // in the study's cache

} // namespace

LongTrace::LongTrace(Session& session, PaperCanvas* canvas, OverviewStrip* strip, QObject* parent)
    : QObject(parent)
    , session_(session)
    , alive_(&session)
    , canvas_(canvas)
    , strip_(strip)
    , reader_(std::make_unique<JobRunner>(1, [this](std::function<void()> f) {
        QMetaObject::invokeMethod(this, std::move(f), Qt::QueuedConnection);
    })) {
    strip_->hide();
    connect(canvas_, &PaperCanvas::viewChanged, this, &LongTrace::refresh);
    connect(strip_, &OverviewStrip::moved, this,
            [this](double start) { canvas_->pan(start - canvas_->startSeconds()); });
    connect(&session_, &Session::jobsChanged, this, &LongTrace::showProgress);
}

LongTrace::~LongTrace() {
    stopBuilding();
    reader_->stopAll();
}

void LongTrace::stopBuilding() {
    if (buildJob_ != 0 && alive_) // a window's session goes before its views, with its jobs
        session_.jobs().stop(buildJob_);
    buildJob_ = 0;
}

void LongTrace::setRecording(std::shared_ptr<const LoadedRecording> recording) {
    if (recording && (!isLong(*recording) || session_.study() == nullptr))
        recording.reset();
    if (recording && recording == recording_) // the same one told again
        return refresh();
    ++generation_;
    stopBuilding();
    reader_->stopAll();
    opening_ = reading_ = again_ = rebuilt_ = false;
    pages_.reset();
    overview_.reset();
    shown_.reset();
    part_ = {};
    failure_.clear();
    recording_ = std::move(recording);
    strip_->setVisible(active());
    strip_->setLength(active() ? wholeSeconds(*recording_) : 0);
    if (active())
        open();
}

// The first page is on the paper by now: of LoadedRecording::recording.
void LongTrace::open() {
    opening_ = true;
    reader_->start<Source>(
        "opening",
        [folder = session_.studyFolder(), id = recording_->row.id](const StopToken& stop, Progress&) -> Result<Source> {
            const auto study = Study::open(folder);
            if (!study)
                return study.as<Source>();
            auto from = sourceOf(**study, id);
            if (!from)
                return from.as<Source>();
            from->options.stop = stop;
            auto pages = PagedRecording::open(from->file, from->options);
            if (!pages)
                return pages.as<Source>();
            Source source{std::move(*pages), overviewKey(from->file, from->options.item), nullptr};
            const auto overview = openOverview((*study)->cacheFolder() / kFolder, source.key);
            if (overview && (*overview)->pyramid->shape().samples == source.pages->samples() &&
                std::cmp_equal((*overview)->pyramid->shape().leads, source.pages->head().leads.size()))
                source.overview = *overview;
            return source;
        },
        [this, generation = generation_](const Result<Source>& source) {
            if (generation == generation_)
                opened(source);
        });
}

void LongTrace::opened(const Result<Source>& source) {
    opening_ = false;
    if (source.failed())
        Q_EMIT failed(Texts::error(source.error()));
    if (!source.ok())
        return;
    pages_ = source->pages;
    key_ = source->key;
    strip_->setMarks(session_.sight().blinded ? std::vector<Annotation>() : pages_->head().annotations,
                     pages_->samplingRate());
    canvas_->setLongestPage(std::min(longestPlainPage(*pages_), pages_->seconds()));
    if (source->overview)
        built(source->overview);
    else
        build();
    refresh();
}

void LongTrace::setFilters(const DisplayFilters& filters) {
    filters_ = filters;
    refresh();
}

// Parts --------------------------------------------------------------------------

LongTrace::Wanted LongTrace::wanted() const {
    Wanted page;
    page.from = std::max(0.0, canvas_->startSeconds());
    page.to = std::min(pages_->seconds(), canvas_->startSeconds() + canvas_->shownSeconds());
    page.columns = static_cast<int>(std::ceil(canvas_->width() * canvas_->devicePixelRatioF()));
    const double samples = (page.to - page.from) * pages_->samplingRate();
    if (overview_)
        page.level = overview_->pyramid->shape().levelFor(std::llround(samples), page.columns);
    page.filters = filters_;
    return page;
}

bool LongTrace::covers(const Wanted& page) const {
    constexpr double kRounding = 1e-6; // s
    return part_.recording && shown_ && shown_->level == page.level && shown_->filters == page.filters &&
           part_.from <= page.from + kRounding && part_.to >= page.to - kRounding;
}

void LongTrace::refresh() {
    if (!active())
        return;
    if (!pages_) // the strip follows at once
        return strip_->setWindow(canvas_->startSeconds(), canvas_->startSeconds() + canvas_->shownSeconds());
    const Wanted page = wanted();
    strip_->setWindow(page.from, page.to);
    if (covers(page))
        return;
    if (reading_)
        again_ = true; // the newest page is read when this one has come
    else
        read(page);
}

void LongTrace::read(const Wanted& page) {
    reading_ = true;
    again_ = false;
    const double span = page.to - page.from, whole = pages_->seconds();
    const double from = std::max(0.0, page.from - span), to = std::min(whole, page.to + span);
    const auto columns = static_cast<int>(std::ceil(page.columns * (to - from) / std::max(span, 1e-9)));
    reader_->start<Part>(
        "page",
        [pages = pages_, overview = overview_, page, from, to, columns](const StopToken& stop,
                                                                        Progress&) -> Result<Part> {
            auto read = readPart(*pages, overview ? overview->pyramid.get() : nullptr, from, to, columns, stop);
            if (!read)
                return read.as<Part>();
            Part part{nullptr, from, to, read->envelope, false};
            if (!read->envelope && page.filters.any()) {
                auto filtered = withDisplayFilters(read->recording, page.filters);
                if (!filtered)
                    return filtered.as<Part>();
                read->recording = std::move(*filtered);
                part.filtered = true;
            }
            part.recording = std::make_shared<const Recording>(std::move(read->recording));
            return part;
        },
        [this, page, generation = generation_](const Result<Part>& part) {
            if (generation == generation_)
                arrived(page, part);
        });
}

void LongTrace::arrived(const Wanted& page, const Result<Part>& part) {
    reading_ = false;
    if (part.ok()) {
        shown_ = page;
        part_ = *part;
        canvas_->setFiltered(part_.recording, part_.filtered ? filterText(page.filters) : QString());
        showStatus();
    } else if (part.failed()) {
        if (page.level >= 0 && part.error().code == ErrorCode::FormatInvalid && !rebuilt_) {
            rebuilt_ = true;
            overview_.reset(); // damaged: made again
            strip_->setOverview(nullptr);
            canvas_->setLongestPage(std::min(longestPlainPage(*pages_), pages_->seconds()));
            build(true);
        } else {
            Q_EMIT failed(Texts::error(part.error()));
            return; // not again and again
        }
    }
    if (again_ || !covers(wanted()))
        read(wanted());
}

Recording LongTrace::page(PaperOptions& options) const {
    const double start = canvas_->startSeconds();
    const double end = std::min(start + canvas_->shownSeconds(), wholeSeconds(*recording_));
    options.footer =
        tr("%1 to %2 of %3  ").arg(clockText(start), clockText(end), clockText(wholeSeconds(*recording_))) +
        standardFooter(options);
    return cutPart(canvas_->shown(), start, end);
}

// Overview -----------------------------------------------------------------------

void LongTrace::build(bool anew) {
    using Opened = std::shared_ptr<const Overview>;
    failure_.clear();
    buildJob_ = session_.jobs().start<Opened>(
        tr("Overview of %1").arg(QString::fromStdString(recording_->row.name)).toStdString(),
        [pages = pages_, folder = session_.study()->cacheFolder() / kFolder, key = key_, anew](
            const StopToken& stop, Progress& progress) { return ensureOverview(*pages, folder, key, stop, progress); },
        [guard = QPointer<LongTrace>(this), generation = generation_](const Result<Opened>& overview) {
            if (!guard || generation != guard->generation_)
                return;
            guard->buildJob_ = 0;
            guard->built(overview);
        });
    showStatus();
}

void LongTrace::built(const Result<std::shared_ptr<const Overview>>& overview) {
    if (overview.ok()) {
        overview_ = *overview;
        strip_->setOverview(overview_);
        canvas_->setLongestPage(pages_->seconds());
    } else {
        failure_ = overview.cancelled() ? tr("stopped") : Texts::failure(overview);
    }
    showStatus();
    refresh();
}

void LongTrace::showProgress() {
    if (buildJob_ != 0)
        showStatus();
}

void LongTrace::showStatus() {
    if (!pages_)
        return;
    const QString limit = QLocale().toString(std::floor(longestPlainPage(*pages_)), 'f', 0);
    if (buildJob_ != 0) {
        double fraction = 0;
        for (const auto& job : session_.jobs().jobs())
            if (job.id == buildJob_)
                fraction = job.progress.fraction();
        strip_->setStatus(tr("The overview is being made: %1 %. Until then a page shows at most %2 s.")
                              .arg(QLocale().toString(100 * fraction, 'f', 0), limit),
                          fraction);
    } else if (!failure_.isEmpty()) {
        strip_->setStatus(tr("There is no overview (%1). A page shows at most %2 s.").arg(failure_, limit));
    } else if (part_.envelope && filters_.any()) {
        strip_->setStatus(tr("Filters are not applied to a page this long."));
    } else {
        strip_->setStatus({});
    }
}

} // namespace precordia
