// SPDX-License-Identifier: GPL-3.0-or-later
// render FILE OUT: a recording on calibrated paper.
#include "app/cli/command.h"
#include "app/cli/gui.h"
#include "core/io/reader.h"
#include "core/paper/paper.h"
#include "core/signal/display_filter.h"

#include <QStringList>

#include <iostream>
#include <memory>

namespace precordia::cli {

namespace {

struct RenderArguments {
    std::string in, out;
    std::string layout = "3x4+1";
    std::string filters = "off";
    double speed = 25, gain = 10, dpi = 150, start = 0;
};

QString headerOf(const Recording& recording) {
    QStringList parts{QString::fromStdString(recording.name)};
    if (!recording.metadata.recordedAt.empty())
        parts << QString::fromStdString(recording.metadata.recordedAt);
    return parts.join(QStringLiteral("   "));
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
    ReadOptions read;
    read.annotations = false;
    read.stop = context.stop;
    auto recording = Registry::standard().read(arguments.in, read);
    if (!recording)
        return context.fail(recording);
    PaperOptions options;
    options.layout = *layout;
    options.speed = arguments.speed;
    options.gain = arguments.gain;
    if (arguments.start >= recording->seconds())
        return context.fail(
            makeError(ErrorCode::WrongUse, "--start lies behind the end of the recording", arguments.in));
    options.startSeconds = arguments.start;
    options.header = headerOf(*recording);
    if (filters->any()) {
        recording = withDisplayFilters(*recording, *filters);
        if (!recording)
            return context.fail(recording);
        options.filters = QString::fromStdString(filterText(*filters));
    }
    ensureGui();
    if (auto written = renderPaper(*recording, options, arguments.out, arguments.dpi); !written)
        return context.fail(written);
    if (const auto part = shownPart(*recording, options, layoutPaper(*recording, options)))
        std::cerr << "shows " << part->first << " to " << part->second << " s of " << recording->seconds()
                  << " s; --start chooses another part\n";
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
    command->add_option("--dpi", arguments->dpi, "Resolution of a PNG")
        ->check(CLI::Range(20.0, 2400.0))
        ->capture_default_str();
    command->add_option("--start", arguments->start, "Seconds into the recording at which the page begins")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    command->callback([arguments, &context] { render(*arguments, context); });
}

} // namespace precordia::cli
