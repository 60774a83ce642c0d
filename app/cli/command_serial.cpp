// SPDX-License-Identifier: GPL-3.0-or-later
// serial REFERENCE CURRENT: what differs between two ECGs, of their median beats and their measurements.
#include "app/cli/command.h"
#include "app/cli/measurement_names.h"
#include "app/cli/warnings_text.h"
#include "core/io/reader.h"
#include "core/io/text.h"
#include "core/signal/serial_comparison.h"

#include <nlohmann/json.hpp>

#include <algorithm>
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

std::string shown(const std::optional<double>& value, const std::string& unit) {
    if (!value || !std::isfinite(*value))
        return "-";
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%.1f ", std::round(*value * 10) / 10 + 0.0); // no "-0.0"
    return buffer + unit;
}

// "reference   before.scp, recorded 2002-11-22 09:10:00, 11 beats averaged", and what its reader noticed.
void printRecording(const char* which, const std::string& path, const Recording& recording, std::size_t beats) {
    std::string said = text::utf8(path);
    if (auto when = text::utf8(recording.metadata.recordedAt); !when.empty()) {
        std::replace(when.begin(), when.end(), 'T', ' ');
        said += ", recorded " + when;
    }
    std::printf("%-11s %s, %zu beat%s averaged\n", which, said.c_str(), beats, beats == 1 ? "" : "s");
    for (const std::string& warning : warningsInShort(recording))
        std::printf("%-11s warning: %s\n", "", warning.c_str());
}

void printRow(const std::string& name, const std::string& a, const std::string& b, const std::string& difference) {
    std::printf("%-24s %12s %12s %12s\n", name.c_str(), a.c_str(), b.c_str(), difference.c_str());
}

void printText(const SerialComparison& c, const SerialArguments& arguments, const Recording& reference,
               const Recording& current) {
    printRecording("reference", arguments.reference, reference, c.referenceBeats);
    printRecording("current", arguments.current, current, c.currentBeats);
    printRow("", "reference", "current", "difference");
    for (const ComparedValue& v : c.values)
        if (v.reference.value || v.current.value) {
            const auto called = measurementName(v.key);
            printRow(called.words, shown(v.reference.value, called.unit), shown(v.current.value, called.unit),
                     shown(v.difference, called.unit));
        }
    std::printf("median beats, lined up: difference (rms) and correlation\n");
    for (const ComparedLead& lead : c.leads) {
        char correlation[16] = "-";
        if (lead.correlation && std::isfinite(*lead.correlation))
            std::snprintf(correlation, sizeof correlation, "%.3f", *lead.correlation);
        printRow("lead " + text::utf8(lead.lead), "", correlation, shown(lead.rmsUv, "uV"));
    }
    std::string others;
    for (const auto& lead : c.notCompared)
        others += (others.empty() ? "" : ", ") + text::utf8(lead);
    if (!others.empty())
        std::printf("only in one of them: %s\n", others.c_str());
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
        printText(*compared, arguments, *reference, *current);
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
