// SPDX-License-Identifier: GPL-3.0-or-later
// serial REFERENCE CURRENT: what differs between two ECGs, of their median beats and their measurements.
#include "app/cli/command.h"
#include "core/io/reader.h"
#include "core/io/text.h"
#include "core/signal/serial_comparison.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdio>
#include <iostream>
#include <memory>
#include <string>

namespace precordia::cli {

namespace {

using nlohmann::json;

struct SerialArguments {
    std::string reference, current;
    bool asJson = false, beats = false;
};

json number(const std::optional<double>& value, double step = 0.1) {
    return value && std::isfinite(*value) ? json(std::round(*value / step) * step) : json();
}

json samples(const std::vector<float>& values) {
    json out = json::array();
    for (const float v : values)
        out.push_back(std::isfinite(v) ? json(std::round(static_cast<double>(v) * 10) / 10) : json());
    return out;
}

json document(const SerialComparison& c, const SerialArguments& arguments) {
    json values = json::object(), leads = json::object();
    for (const ComparedValue& v : c.values)
        values[v.key] = {{"reference", number(v.reference.value)},
                         {"current", number(v.current.value)},
                         {"difference", number(v.difference)}};
    for (const ComparedLead& lead : c.leads) {
        json one = {{"difference_rms_uv", number(lead.rmsUv)}, {"correlation", number(lead.correlation, 0.0001)}};
        if (arguments.beats) {
            one["reference_uv"] = samples(lead.reference);
            one["current_uv"] = samples(lead.current);
            one["difference_uv"] = samples(lead.difference);
        }
        leads[text::utf8(lead.lead)] = std::move(one);
    }
    return {{"reference", text::utf8(arguments.reference)},
            {"current", text::utf8(arguments.current)},
            {"beats", {{"reference", c.referenceBeats}, {"current", c.currentBeats}}},
            {"sampling_rate_hz", c.samplingRate},
            {"r_peak_sample", c.rPeak},
            {"moved_ms", number(1000 * c.shiftSeconds, 0.01)},
            {"measurements", std::move(values)},
            {"leads", std::move(leads)},
            {"not_compared", c.notCompared}};
}

std::string shown(const std::optional<double>& value) {
    if (!value || !std::isfinite(*value))
        return "-";
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%.1f", *value);
    return buffer;
}

void printText(const SerialComparison& c) {
    std::printf("%-20s %12s %12s %12s\n", "", "reference", "current", "difference");
    for (const ComparedValue& v : c.values)
        if (v.reference.value || v.current.value)
            std::printf("%-20s %12s %12s %12s\n", v.key.c_str(), shown(v.reference.value).c_str(),
                        shown(v.current.value).c_str(), shown(v.difference).c_str());
    for (const ComparedLead& lead : c.leads)
        std::printf("%-20s %12s %12s %12s\n", ("difference_" + text::utf8(lead.lead) + "_uv").c_str(), "", "",
                    shown(lead.rmsUv).c_str());
}

void serial(const SerialArguments& arguments, Context& context) {
    ReadOptions options;
    options.annotations = false;
    options.stop = context.stop;
    auto reference = Registry::standard().read(arguments.reference, options);
    if (!reference)
        return context.fail(reference);
    auto current = Registry::standard().read(arguments.current, options);
    if (!current)
        return context.fail(current);
    deriveLimbLeads(*reference);
    deriveLimbLeads(*current);
    const auto compared = compareEcgs(*reference, *current, context.stop);
    if (!compared)
        return context.fail(compared);
    if (arguments.asJson)
        context.print(document(*compared, arguments));
    else
        printText(*compared);
}

} // namespace

void addSerial(CLI::App& app, Context& context) {
    auto arguments = std::make_shared<SerialArguments>();
    CLI::App* command = app.add_subcommand("serial", "Compare two ECGs: median beats lined up, measurements of both");
    command->add_option("REFERENCE", arguments->reference, "What is compared with")->required();
    command->add_option("CURRENT", arguments->current, "The recording; differences are this less the reference")
        ->required();
    command->add_flag("--json", arguments->asJson, "As JSON");
    command->add_flag("--beats", arguments->beats, "With --json: also the beats and their difference, in uV");
    command->callback([arguments, &context] { serial(*arguments, context); });
}

} // namespace precordia::cli
