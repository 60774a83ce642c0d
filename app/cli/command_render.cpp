// SPDX-License-Identifier: GPL-3.0-or-later
// render FILE OUT: a recording on calibrated paper.
#include "app/cli/command.h"
#include "app/cli/gui.h"
#include "app/cli/output_file.h"
#include "core/io/paged_recording.h"
#include "core/io/text.h"
#include "core/paper/page_words.h"
#include "core/paper/paper.h"
#include "core/signal/display_filter.h"

#include <QStringList>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

namespace precordia::cli {

namespace {

struct RenderArguments {
    std::string in, out;
    std::string layout = "3x4+1";
    std::string filters = "off";
    double speed = 25, gain = 10, chestGain = 0, dpi = 150, start = 0, seconds = 0;
    bool force = false, json = false;
};

constexpr double kWholeUpTo = 60; // s: longer recordings are drawn by the page
constexpr double kPageSeconds = 10;
constexpr double kLongestPage = 1500; // mm
constexpr double kNothing = 0.05;     // s that nobody misses
constexpr double kFilterRoom = 3;     // s beside the page, in which a filter settles

QString headerOf(const Recording& recording) {
    QStringList parts{QString::fromStdString(recording.name)};
    if (!recording.metadata.recordedAt.empty())
        parts << readableTime(recording.metadata.recordedAt);
    return parts.join(QStringLiteral("   "));
}

// The page's part of the recording, and room beside it for a filter; never a day of it.
Result<Recording> readPage(const PagedRecording& pages, double start, double seconds, double room,
                           const StopToken& stop) {
    const double rate = pages.samplingRate();
    const auto first = static_cast<std::int64_t>(std::floor(std::max(0.0, start - room) * rate));
    const auto end = static_cast<std::int64_t>(std::ceil(std::min(pages.seconds(), start + seconds + room) * rate));
    return pages.read({first, end - first}, {}, stop);
}

struct Shown {
    double start = 0, seconds = 0, total = 0;
};

// "page.png: png, 12 leads, layout 3x4+1, 0 to 10 s of 10 s, 25 mm/s 10 mm/mV"
void tell(const RenderArguments& arguments, const Recording& recording, const PaperOptions& options, const Shown& shown,
          const Context& context) {
    const PaperPage page = layoutPaper(recording, options);
    std::vector<std::string> leads; // a rhythm strip shows one again
    for (const auto& strip : page.strips)
        if ((strip.lead.valid() || strip.derived) && std::find(leads.begin(), leads.end(), strip.name) == leads.end())
            leads.push_back(strip.name);
    auto format = std::filesystem::path(arguments.out).extension().string().substr(1);
    std::transform(format.begin(), format.end(), format.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (arguments.json) {
        auto names = nlohmann::json::array(), others = nlohmann::json::array();
        for (const auto& lead : leads)
            names.push_back(text::utf8(lead));
        for (const auto& lead : page.notShown)
            others.push_back(text::utf8(lead));
        return context.print({{"file", text::utf8(arguments.out)},
                              {"format", format},
                              {"layout", arguments.layout},
                              {"leads", std::move(names)},
                              {"not_shown", std::move(others)},
                              {"start_s", shown.start},
                              {"seconds", shown.seconds},
                              {"duration_s", shown.total},
                              {"speed_mm_per_s", options.speed},
                              {"gain_mm_per_mv", options.gain},
                              {"filters", arguments.filters},
                              {"width_mm", page.sizeMm.width()},
                              {"height_mm", page.sizeMm.height()}});
    }
    std::cout << arguments.out << ": " << format << ", " << leads.size() << (leads.size() == 1 ? " lead" : " leads")
              << ", layout " << arguments.layout << ", "
              << partText(shown.start, shown.start + shown.seconds, shown.total).toStdString() << ", " << options.speed
              << " mm/s " << gainText(options).toStdString() << " mm/mV\n";
}

void render(const RenderArguments& arguments, Context& context) {
    const auto layout = paperLayout(arguments.layout);
    if (!layout)
        return context.fail(makeError(ErrorCode::WrongUse, "no layout of that name; there are " + paperLayoutNames(),
                                      arguments.layout));
    const auto filters = parseDisplayFilters(arguments.filters);
    if (!filters)
        return context.fail(makeError(ErrorCode::WrongUse,
                                      "filters are off, or at most one each of 0.05, 0.15, 0.5 (baseline), 50, 60 "
                                      "(mains), 40, 100, 150 (muscle), in Hz with commas between",
                                      arguments.filters));
    if (const auto allowed = mayWrite({arguments.out}, arguments.force, arguments.in); !allowed)
        return context.fail(allowed);
    ReadOptions read;
    read.annotations = false;
    read.stop = context.stop;
    const auto pages = PagedRecording::open(arguments.in, read);
    if (!pages)
        return context.fail(pages);
    const double total = (*pages)->seconds();
    PaperOptions options;
    options.layout = *layout;
    options.speed = arguments.speed;
    options.gain = arguments.gain;
    if (arguments.chestGain > 0)
        setChestGain(options, arguments.chestGain / arguments.gain);
    if (arguments.start >= total)
        return context.fail(
            makeError(ErrorCode::WrongUse, "--start lies behind the end of the recording", arguments.in));
    options.startSeconds = arguments.start;
    const double wanted = arguments.seconds > 0 ? arguments.seconds : total > kWholeUpTo ? kPageSeconds : total;
    const double seconds = std::min({wanted, total - arguments.start, kLongestPage / arguments.speed});
    auto recording = readPage(**pages, arguments.start, seconds, filters->any() ? kFilterRoom : 0, context.stop);
    if (!recording)
        return context.fail(recording);
    options.header = headerOf(*recording);
    if (filters->any()) {
        recording = withDisplayFilters(*recording, *filters);
        if (!recording)
            return context.fail(recording);
        options.filters = filterText(*filters);
        recording = cutPart(*recording, arguments.start, arguments.start + seconds);
    }
    ensureGui();
    const bool whole = seconds > total - kNothing;
    if (!whole)
        options.footer = partText(arguments.start, arguments.start + seconds, total) + QStringLiteral("  ") +
                         standardFooter(options);
    if (auto written = renderPaper(*recording, options, arguments.out, arguments.dpi); !written)
        return context.fail(written);
    tell(arguments, *recording, options, {arguments.start, seconds, total}, context);
    if (!whole)
        std::cerr << "shows " << arguments.start << " to " << arguments.start + seconds << " s of " << total
                  << " s; --start and --seconds choose another part\n";
}

} // namespace

void addRender(CLI::App& app, Context& context) {
    auto arguments = std::make_shared<RenderArguments>();
    CLI::App* command = app.add_subcommand("render", "Draw a recording on calibrated paper: PNG, SVG or PDF");
    command->add_option("FILE", arguments->in, "The recording")->required();
    command->add_option("OUT", arguments->out, "The picture; its extension is the format")->required();
    command->add_option("--layout", arguments->layout, "One of " + paperLayoutNames())->capture_default_str();
    command
        ->add_option(
            "--filters", arguments->filters,
            "Zero-phase filters, in Hz: 0.05, 0.15 or 0.5 (baseline), 50 or 60 (mains), 40, 100 or 150 (muscle)")
        ->capture_default_str();
    command->add_option("--speed", arguments->speed, "mm/s")->check(CLI::Range(1.0, 1000.0))->capture_default_str();
    command->add_option("--gain", arguments->gain, "mm/mV")->check(CLI::Range(0.1, 1000.0))->capture_default_str();
    command->add_option("--chest-gain", arguments->chestGain, "mm/mV of V1 to V6, where they are too tall; else --gain")
        ->check(CLI::Range(0.1, 1000.0));
    command->add_option("--dpi", arguments->dpi, "Resolution of a PNG")
        ->check(CLI::Range(20.0, 2400.0))
        ->capture_default_str();
    command->add_option("--start", arguments->start, "Seconds into the recording at which the page begins")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    command
        ->add_option("--seconds", arguments->seconds,
                     "Length of the page; else all of a recording up to a minute, 10 s of a longer one")
        ->check(CLI::PositiveNumber);
    command->add_flag("--json", arguments->json, "Machine-readable output");
    addForce(*command, arguments->force);
    command->callback([arguments, &context] { render(*arguments, context); });
}

} // namespace precordia::cli
