// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/bench_paper.h"

#include "app/cli/bench_load.h"
#include "app/cli/gui.h"
#include "app/cli/synthetic_holter.h"
#include "app/cli/temporary_folder.h"
#include "core/paper/paper.h"
#include "core/signal/r_peaks.h"
#include "core/study/overview.h"

#include <QImage>
#include <QPainter>
#include <QPolygonF>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <memory>

namespace precordia::cli {

using Json = nlohmann::json;
using Clock = std::chrono::steady_clock;

namespace {

constexpr double kPageSeconds = 10, kPageMm = 265; // at 25 mm/s with the margins
constexpr double kMarginsMm = 15;                  // above and below the rows
constexpr double kHeadSeconds = 30, kBasisSeconds = 5;
constexpr double kZoom = 1.25, kPan = 0.2;
constexpr int kPansAZoom = 3;
constexpr qsizetype kPiece = 32; // points

struct PaperArguments {
    HolterRequest holter;
    double naiveMinutes = 10;
    int width = 1280, height = 800; // px
    bool json = false;
};

double since(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

// Of this thread: what a repaint costs on a machine that has other work.
double processorMs() {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
}

// By the clock, and of the processor.
struct Cost {
    double ms = 0, processor = 0;
};
class Stopwatch {
public:
    Cost read() const { return {since(start_), processorMs() - processor_}; }

private:
    Clock::time_point start_ = Clock::now();
    double processor_ = processorMs();
};

// Peak of memory from here on; without this right of the kernel the peak of the whole process stands for it.
void forgetPeak() {
    std::ofstream("/proc/self/clear_refs") << "5";
}

struct Times {
    std::vector<double> ms;
    double at(double part) {
        if (ms.empty())
            return 0;
        const auto place =
            ms.begin() + static_cast<std::ptrdiff_t>(std::lround(part * static_cast<double>(ms.size() - 1)));
        std::nth_element(ms.begin(), place, ms.end());
        return *place;
    }
    Json json() { return {{"median", at(0.5)}, {"p95", at(0.95)}, {"max", at(1)}, {"repaints", ms.size()}}; }
};

class Bench {
public:
    Bench(const PaperArguments& arguments, const StopToken& stop, Progress& progress)
        : a_(arguments)
        , stop_(stop)
        , progress_(progress)
        , pixelsPerMm_(arguments.width / kPageMm)
        , image_(arguments.width, arguments.height, QImage::Format_RGB32)
        , screen_(arguments.width, arguments.height, QImage::Format_RGB32) {}

    Result<Json> run();

private:
    Result<Done> openFirstPage(const std::filesystem::path& header);
    Result<Done> build(const std::filesystem::path& folder, const std::filesystem::path& header);
    Result<Done> series(PaperLayout layout);
    Result<Done> naive();
    PaperOptions options(PaperLayout layout, double start, double seconds) const;
    void paint(const Recording& part, const PaperOptions& options);
    struct Repaint {
        Cost reading, painting; // in the window: of a worker, and of its own thread
    };
    // As the window does it: the page is read with its neighbours, laid out, painted and put on the screen.
    Result<Repaint> repaint(const PaperOptions& options, double seconds);
    Result<Cost> repaintNaively(const PaperOptions& options, double seconds);

    const PaperArguments& a_;
    const StopToken& stop_;
    Progress& progress_;
    double pixelsPerMm_;
    QImage image_, screen_;
    std::shared_ptr<const PagedRecording> recording_;
    std::shared_ptr<const Overview> overview_;
    Recording head_;  // the beginning
    Recording basis_; // of which the rows are laid out, as in the window
    Json out_ = Json::object();
};

PaperOptions Bench::options(PaperLayout layout, double start, double seconds) const {
    PaperOptions options;
    options.layout = layout;
    options.speed = kPageSeconds * 25 / seconds;
    options.startSeconds = start;
    options.rowHeight = 1;
    const double rows = layoutPaper(basis_, options, kPageMm).traceArea.height();
    options.rowHeight = (a_.height / pixelsPerMm_ - kMarginsMm) / std::max(1.0, rows);
    options.headroomFromRows = true;
    options.header = QStringLiteral("bench");
    return options;
}

void Bench::paint(const Recording& part, const PaperOptions& options) {
    layoutPaper(basis_, options, kPageMm); // the window asks twice: for its scale, and for its rows
    const PaperPage page = layoutPaper(basis_, options, kPageMm);
    image_.fill(options.colours.ground);
    QPainter painter(&image_);
    painter.scale(pixelsPerMm_, pixelsPerMm_);
    drawPaper(painter, part, options, page);
    painter.end();
    QPainter(&screen_).drawImage(0, 0, image_);
}

Result<Done> Bench::openFirstPage(const std::filesystem::path& header) {
    forgetPeak();
    out_["peak_mib_before"] = peakMiB();
    const auto start = Clock::now();
    auto opened = PagedRecording::open(header);
    if (!opened)
        return opened.as<Done>();
    recording_ = *opened;
    auto part = recording_->read({0, std::llround(kHeadSeconds * recording_->samplingRate())});
    if (!part)
        return part.as<Done>();
    head_ = std::move(*part);
    basis_ = cutPart(head_, 0, kBasisSeconds);
    const auto beats = detectRPeaks(head_);
    paint(head_, options(PaperLayout::ThreeByFourRhythm, 0, kPageSeconds));
    out_["first_page_ms"] = since(start);
    out_["first_page_beats"] = beats.size();
    return Done{};
}

Result<Done> Bench::build(const std::filesystem::path& folder, const std::filesystem::path& header) {
    const auto key = overviewKey(header);
    const auto start = Clock::now();
    auto built = buildOverview(*recording_, folder, key, stop_, progress_);
    if (!built)
        return built.as<Done>();
    out_["pyramid_s"] = since(start) / 1000;
    out_["pyramid_bytes"] = (*built)->pyramid->fileBytes();
    out_["beats"] = (*built)->beats.size();
    out_["events"] = (*built)->trend.events.size();
    const auto again = Clock::now();
    auto reopened = openOverview(folder, key);
    if (!reopened)
        return reopened.as<Done>();
    out_["pyramid_open_ms"] = since(again);
    overview_ = *reopened;
    return Done{};
}

Result<Bench::Repaint> Bench::repaint(const PaperOptions& options, double seconds) {
    const Stopwatch reading;
    const double from = std::max(0.0, options.startSeconds - seconds);
    const double to = std::min(recording_->seconds(), options.startSeconds + 2 * seconds);
    const auto columns = static_cast<int>(std::ceil(a_.width * (to - from) / seconds));
    const auto part = readPart(*recording_, overview_->pyramid.get(), from, to, columns, stop_);
    if (!part)
        return part.as<Repaint>();
    Repaint cost{reading.read(), {}};
    const Stopwatch painting;
    paint(part->recording, options);
    cost.painting = painting.read();
    return cost;
}

// Zoomed out step by step from a page of 10 s to the whole, with steps to the side at each scale.
Result<Done> Bench::series(PaperLayout layout) {
    const double whole = recording_->seconds();
    Times times, clock, reading;
    double worst = 0, worstSeconds = 0;
    for (double seconds = kPageSeconds; seconds < whole * kZoom; seconds *= kZoom) {
        const double shown = std::min(seconds, whole);
        const double centre = 0.37 * whole;
        for (int pan = 0; pan <= kPansAZoom; ++pan) {
            if (stop_.stop_requested())
                return Cancelled{};
            const double start = std::clamp(centre - shown / 2 + pan * kPan * shown, 0.0, whole - shown);
            const auto cost = repaint(options(layout, start, shown), shown);
            if (!cost)
                return cost.as<Done>();
            times.ms.push_back(cost->painting.processor);
            clock.ms.push_back(cost->painting.ms);
            reading.ms.push_back(cost->reading.processor);
            if (cost->painting.processor > worst)
                worst = cost->painting.processor, worstSeconds = shown;
        }
    }
    auto json = times.json();
    json["max_at_seconds"] = worstSeconds;
    json["by_the_clock"] = clock.json();
    json["reading_processor_ms"] = reading.json();
    out_["repaint_processor_ms"][std::string(paperLayoutName(layout))] = std::move(json);
    return Done{};
}

// Every sample of the page read and drawn, a line each: what there is without a pyramid. The same page through the
// pyramid stands beside it.
Result<Cost> Bench::repaintNaively(const PaperOptions& options, double seconds) {
    const Stopwatch watch;
    const double rate = recording_->samplingRate();
    const auto part =
        recording_->readOnce({std::llround(options.startSeconds * rate), std::llround(seconds * rate)}, stop_);
    if (!part)
        return part.as<Cost>();
    PaperOptions ground = options;
    ground.startSeconds = recording_->seconds() + 1; // no trace: that is drawn below
    const PaperPage page = layoutPaper(basis_, options, kPageMm);
    QPainter painter(&image_);
    painter.scale(pixelsPerMm_, pixelsPerMm_);
    Recording bare = basis_;
    for (auto& lead : bare.leads)
        lead.samples.assign(1, 0.0F);
    drawPaper(painter, bare, ground, page);
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setPen(QPen(options.colours.trace, 0.999 / pixelsPerMm_, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    for (const auto& strip : page.strips) {
        if (!strip.lead.valid())
            continue;
        const auto& samples = part->leads[static_cast<std::size_t>(strip.lead.value)].samples;
        const auto first =
            static_cast<std::size_t>(std::max(0.0, std::floor((strip.startSeconds - options.startSeconds) * rate)));
        const auto end = std::min(
            samples.size(),
            static_cast<std::size_t>(std::max(0.0, std::ceil((strip.endSeconds - options.startSeconds) * rate))));
        const double gain = stripGain(strip, options);
        QPolygonF line;
        line.reserve(static_cast<qsizetype>(end - std::min(first, end)));
        for (auto i = first; i < end; ++i)
            if (std::isfinite(samples[i]))
                line << QPointF(strip.xOf(options.startSeconds + static_cast<double>(i) / rate, options.speed),
                                strip.baselineY - static_cast<double>(samples[i]) * gain);
        // In pieces and with a thin pen, as the painter does: a long path would take minutes.
        for (qsizetype k = 0; k + 1 < line.size(); k += kPiece)
            painter.drawPolyline(line.constData() + k, static_cast<int>(std::min(kPiece + 1, line.size() - k)));
    }
    return watch.read();
}

Result<Done> Bench::naive() {
    auto rows = Json::array();
    for (const double seconds : {10.0, 60.0, 600.0, 3600.0}) {
        if (seconds > a_.naiveMinutes * 60 || seconds > recording_->seconds())
            break;
        const auto of = options(PaperLayout::TwelveByOne, 0.37 * (recording_->seconds() - seconds), seconds);
        Times plain, ours;
        for (int k = 0; k < (seconds > 100 ? 1 : 5); ++k) {
            const auto slow = repaintNaively(of, seconds);
            if (!slow)
                return slow.as<Done>();
            plain.ms.push_back(slow->processor);
        }
        for (int k = 0; k < 5; ++k) {
            const auto quick = repaint(of, seconds);
            if (!quick)
                return quick.as<Done>();
            ours.ms.push_back(quick->reading.processor + quick->painting.processor);
        }
        rows.push_back({{"seconds", seconds}, {"naive_processor_ms", plain.at(0.5)}, {"processor_ms", ours.at(0.5)}});
    }
    out_["naive"] = std::move(rows);
    return Done{};
}

Result<Json> Bench::run() {
    const TemporaryFolder folder;
    if (folder.path().empty())
        return makeError(ErrorCode::FileUnwritable, "no temporary folder can be made",
                         std::filesystem::temp_directory_path().string());
    const auto file = writeHolter(a_.holter, folder.path(), stop_, progress_);
    if (!file)
        return file.as<Json>();
    out_["hours"] = a_.holter.hours;
    out_["leads"] = a_.holter.leads;
    out_["rate_hz"] = a_.holter.samplingRate;
    out_["file_bytes"] = file->bytes;
    ensureGui();
    { // fonts and the like are loaded once a program, not once a recording
        Recording none;
        none.samplingRate = 1;
        none.leads.push_back({"II", {0.0F}, "uV", "mV", 0, false});
        basis_ = none;
        paint(none, options(PaperLayout::Single, 0, kPageSeconds));
    }
    if (auto done = openFirstPage(file->header); !done)
        return done.as<Json>();
    if (auto done = build(folder.path(), file->header); !done)
        return done.as<Json>();
    for (const PaperLayout layout : {PaperLayout::ThreeByFour, PaperLayout::ThreeByFourRhythm,
                                     PaperLayout::ThreeByFourThreeRhythm, PaperLayout::SixByTwo, PaperLayout::Cabrera,
                                     PaperLayout::TwelveByOne, PaperLayout::Overlaid, PaperLayout::Single})
        if (auto done = series(layout); !done)
            return done.as<Json>();
    out_["peak_mib"] = peakMiB();
    if (auto done = naive(); !done)
        return done.as<Json>();
    return std::move(out_);
}

void print(const Json& j) {
    std::printf("recording        %.0f h, %d leads, %.0f Hz: %.0f MB on disk\n", j["hours"].get<double>(),
                j["leads"].get<int>(), j["rate_hz"].get<double>(), j["file_bytes"].get<double>() / 1e6);
    std::printf("first page       %.0f ms, from a cold file\n", j["first_page_ms"].get<double>());
    std::printf("overview         %.1f s, %.0f MB, %lld beats, %lld events; opened again in %.0f ms\n",
                j["pyramid_s"].get<double>(), j["pyramid_bytes"].get<double>() / 1e6, j["beats"].get<long long>(),
                j["events"].get<long long>(), j["pyramid_open_ms"].get<double>());
    std::printf("peak of memory   %.0f MiB (%.0f before it was opened)\n", j["peak_mib"].get<double>(),
                j["peak_mib_before"].get<double>());
    for (const auto& [layout, times] : j["repaint_processor_ms"].items())
        std::printf("repaint %-8s median %.1f, 95 %% %.1f, longest %.1f ms of the processor (a page of %.0f s), of "
                    "%lld; by the clock %.1f, %.1f, %.1f ms; reading beside it at most %.1f ms\n",
                    layout.c_str(), times["median"].get<double>(), times["p95"].get<double>(),
                    times["max"].get<double>(), times["max_at_seconds"].get<double>(),
                    times["repaints"].get<long long>(), times["by_the_clock"]["median"].get<double>(),
                    times["by_the_clock"]["p95"].get<double>(), times["by_the_clock"]["max"].get<double>(),
                    times["reading_processor_ms"]["max"].get<double>());
    for (const auto& row : j["naive"])
        std::printf("page of %5.0f s  %.1f ms; every sample drawn: %.0f ms, %.0f times as long\n",
                    row["seconds"].get<double>(), row["processor_ms"].get<double>(),
                    row["naive_processor_ms"].get<double>(),
                    row["naive_processor_ms"].get<double>() / row["processor_ms"].get<double>());
}

} // namespace

void addPaperBench(CLI::App& bench, Context& context) {
    auto a = std::make_shared<PaperArguments>();
    auto* command = bench.add_subcommand(
        "paper", "A long recording made in the temporary folder: first page, overview, repaints in every layout");
    command->add_option("--hours", a->holter.hours, "Its length")->check(CLI::Range(0.1, 240.0))->capture_default_str();
    command->add_option("--leads", a->holter.leads, "Its leads")->check(CLI::Range(1, 64))->capture_default_str();
    command->add_option("--rate", a->holter.samplingRate, "Hz")->check(CLI::Range(50.0, 8000.0))->capture_default_str();
    command->add_option("--width", a->width, "Of the paper, pixels")
        ->check(CLI::Range(320, 8000))
        ->capture_default_str();
    command->add_option("--height", a->height, "Of the paper, pixels")
        ->check(CLI::Range(200, 8000))
        ->capture_default_str();
    command->add_option("--naive-minutes", a->naiveMinutes, "The longest page of which every sample is drawn")
        ->check(CLI::Range(0.0, 60.0))
        ->capture_default_str();
    command->add_flag("--json", a->json, "Machine-readable output");
    command->callback([a, &context] {
        auto progress = context.progress();
        const auto result = Bench(*a, context.stop, progress).run();
        if (!result)
            return context.fail(result);
        if (a->json)
            context.print(*result);
        else
            print(*result);
    });
}

} // namespace precordia::cli
