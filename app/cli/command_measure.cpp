// SPDX-License-Identifier: GPL-3.0-or-later
// precordia-cli measure: beats, waves and measurements of each file, beside those that the file carries itself; with
// --store of a whole study, kept in it.
#include "app/cli/command.h"
#include "app/cli/measurement_names.h"
#include "app/cli/warnings_text.h"
#include "core/io/reader.h"
#include "core/io/text.h"
#include "core/signal/measurements.h"
#include "core/signal/quality.h"
#include "core/study/measure_study.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdio>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

namespace precordia::cli {

namespace {

using nlohmann::json;

struct MeasureOptions {
    std::vector<std::string> files;
    bool asJson = false, median = false;
    bool store = false, again = false;
    int threads = 1;
};

double rounded(double value, double step) {
    return std::round(value / step) * step;
}

json number(const Measured& m, double step = 0.1) {
    return m.value && std::isfinite(*m.value) ? json(rounded(*m.value, step)) : json();
}

json marksOf(const std::vector<WaveMarks>& waves) {
    json out = json::array();
    for (const auto& w : waves)
        out.push_back({rounded(w.on, 0.001), rounded(w.peak, 0.001), rounded(w.off, 0.001)});
    return out;
}

json leadsOf(const Delineation& delineation) {
    json out = json::object();
    for (const auto& lead : delineation.leads)
        out[text::utf8(lead.lead)] = {{"p", marksOf(lead.p)}, {"qrs", marksOf(lead.qrs)}, {"t", marksOf(lead.t)}};
    return out;
}

json beatsOf(const Delineation& delineation) {
    json out = json::array();
    for (const auto& beat : delineation.beats)
        out.push_back({{"r_s", rounded(beat.seconds, 0.001)},
                       {"kind", name(beat.kind)},
                       {"paced", beat.paced},
                       {"shape", beat.shape},
                       {"likeness", rounded(beat.likeness, 0.001)}});
    return out;
}

json amplitudesOf(const EcgMeasurements& m) {
    json out = json::object();
    for (const auto& a : m.leads)
        out[text::utf8(a.lead)] = {{"p_uv", number(a.p)},          {"q_uv", number(a.q)},
                                   {"r_uv", number(a.r)},          {"s_uv", number(a.s)},
                                   {"t_uv", number(a.t)},          {"st_j_uv", number(a.stJ)},
                                   {"st_j60_uv", number(a.stJ60)}, {"st_j80_uv", number(a.stJ80)}};
    return out;
}

json notesOf(const std::vector<QualityNote>& notes) {
    json out = json::array();
    for (const auto& note : notes)
        out.push_back({{"finding", name(note.finding)}, {"words", note.words}, {"share", rounded(note.share, 0.001)}});
    return out;
}

json qualityOf(const SignalQuality& quality) {
    json leads = json::object();
    for (const auto& lead : quality.leads)
        leads[text::utf8(lead.lead)] = {{"noise_uv", rounded(lead.noiseUv, 0.1)},
                                        {"mains_uv", rounded(lead.mainsUv, 0.1)},
                                        {"wander_uv", rounded(lead.wanderUv, 1)},
                                        {"notes", notesOf(lead.notes)}};
    return {{"leads", std::move(leads)}, {"limb_leads", notesOf(quality.limbs)}};
}

json waveOf(const MedianWave& w) {
    return w.present ? json({rounded(w.on, 0.001), rounded(w.peak, 0.001), rounded(w.off, 0.001)}) : json();
}

// Times from the R peak on.
json medianOf(const MedianBeat& beat) {
    json leads = json::object();
    for (const auto& lead : beat.leads) {
        json samples = json::array();
        for (const float v : lead.samples)
            samples.push_back(rounded(static_cast<double>(v), 0.1));
        leads[text::utf8(lead.lead)] = {{"samples_uv", std::move(samples)},
                                        {"p", waveOf(lead.p)},
                                        {"qrs", waveOf(lead.qrs)},
                                        {"t", waveOf(lead.t)},
                                        {"noise_uv", rounded(lead.noise, 0.1)}};
    }
    return {{"sampling_rate_hz", beat.samplingRate},
            {"r_peak_sample", beat.rPeak},
            {"beats", beat.beats},
            {"p", waveOf(beat.p)},
            {"qrs", waveOf(beat.qrs)},
            {"t", waveOf(beat.t)},
            {"leads", std::move(leads)}};
}

json document(const std::string& path, const Recording& recording, const MeasureOptions& options) {
    const EcgAnalysis ecg = analyseEcg(recording);
    const auto& m = ecg.measurements;
    json peaks = json::array();
    for (const auto& beat : ecg.delineation.beats)
        peaks.push_back(rounded(beat.seconds, 0.0001));
    json reasons = json::object(), qualities = json::object();
    for (const auto& [key, measured] : named(m)) {
        if (measured.value)
            qualities[text::utf8(key)] = rounded(measured.quality, 0.01);
        else
            reasons[text::utf8(key)] = text::utf8(measured.reason);
    }
    json leftOut = json::array();
    for (const LeftOut& lead : ecg.leftOut)
        leftOut.push_back({{"lead", text::utf8(lead.lead)}, {"reason", text::utf8(lead.reason)}});
    json out = {
        {"path", text::utf8(path)},
        {"heart_rate_bpm", number(m.heartRate)},
        {"rr_ms",
         {{"mean", number(m.rrMean)}, {"min", number(m.rrMin)}, {"max", number(m.rrMax)}, {"sd", number(m.rrSd)}}},
        {"p_ms", number(m.p)},
        {"pr_ms", number(m.pr)},
        {"qrs_ms", number(m.qrs)},
        {"qt_ms", number(m.qt)},
        {"qtc_ms",
         {{"bazett", number(m.qtcBazett)},
          {"fridericia", number(m.qtcFridericia)},
          {"framingham", number(m.qtcFramingham)},
          {"hodges", number(m.qtcHodges)}}},
        {"axes_deg", {{"p", number(m.pAxis)}, {"qrs", number(m.qrsAxis)}, {"t", number(m.tAxis)}}},
        {"hrv", {{"sdnn_ms", number(m.sdnn)}, {"rmssd_ms", number(m.rmssd)}, {"pnn50_percent", number(m.pnn50)}}},
        {"sokolow_lyon_uv", number(m.sokolowLyon)},
        {"cornell_uv", number(m.cornell)},
        {"amplitudes", amplitudesOf(m)},
        {"r_peaks_s", std::move(peaks)},
        {"beats", beatsOf(ecg.delineation)},
        {"leads", leadsOf(ecg.delineation)},
        {"qualities", std::move(qualities)},
        {"reasons", std::move(reasons)},
        {"left_out", std::move(leftOut)},
        {"signal_quality", qualityOf(assessQuality(recording, ecg))},
        {"from_file", recording.fileMeasurements},
        {"warnings", warningsJson(recording)}};
    if (options.median)
        out["median_beat"] = medianOf(ecg.medianBeat);
    return out;
}

std::string shown(const json& value, const std::string& unit) {
    if (value.is_null())
        return "-";
    char text[32];
    std::snprintf(text, sizeof text, "%.0f ", value.get<double>());
    return text + unit;
}

// Ours, and beside it what the file says of the same.
void printLine(const std::string& key, const json& ours, const Measurements& file) {
    std::string theirs;
    if (const auto at = file.find(key); at != file.end())
        theirs = "(file: " + std::to_string(std::lround(at->second)) + ")";
    const auto called = measurementName(key);
    std::printf("  %-18s %-10s %s\n", called.words.c_str(), shown(ours, called.unit).c_str(), theirs.c_str());
}

void printText(const json& d, const Recording& recording) {
    const auto& file = recording.fileMeasurements;
    std::printf("%s\n", d["path"].get<std::string>().c_str());
    for (const char* key : {"heart_rate_bpm", "p_ms", "pr_ms", "qrs_ms", "qt_ms"})
        printLine(key, d[key], file);
    printLine("qtc_bazett_ms", d["qtc_ms"]["bazett"], file);
    printLine("qtc_fridericia_ms", d["qtc_ms"]["fridericia"], file);
    if (const auto at = file.find("qtc_ms"); at != file.end()) // the file does not say by which formula
        std::printf("  %-18s %-10s (file: %ld)\n", "QTc (file's own)", "", std::lround(at->second));
    for (const char* wave : {"p", "qrs", "t"})
        printLine(std::string(wave) + "_axis_deg", d["axes_deg"][wave], file);
    printLine("sokolow_lyon_uv", d["sokolow_lyon_uv"], file);
    printLine("cornell_uv", d["cornell_uv"], file);
    std::string levels;
    for (const auto& [lead, one] : d["amplitudes"].items())
        if (!one["st_j60_uv"].is_null())
            levels +=
                (levels.empty() ? "" : ", ") + lead + " " + std::to_string(std::lround(one["st_j60_uv"].get<double>()));
    if (!levels.empty())
        std::printf("  %-18s %s\n", "ST at J + 60 ms", (levels + " uV").c_str());
    for (const char* key : {"heart_rate_bpm", "pr_ms", "qrs_ms", "qt_ms"})
        if (d["reasons"].contains(key))
            std::printf("  no %-15s %s\n", key, d["reasons"][key].get<std::string>().c_str());
    for (const std::string& warning : warningsInShort(recording))
        std::printf("  warning            %s\n", warning.c_str());
    for (const auto& lead : d["left_out"])
        std::printf("  not measured       %s: %s\n", lead["lead"].get<std::string>().c_str(),
                    lead["reason"].get<std::string>().c_str());
    for (const auto& [lead, quality] : d["signal_quality"]["leads"].items())
        for (const auto& note : quality["notes"])
            std::printf("  lead %-13s %s\n", lead.c_str(), note["words"].get<std::string>().c_str());
    for (const auto& note : d["signal_quality"]["limb_leads"])
        std::printf("  limb leads         %s\n", note["words"].get<std::string>().c_str());
    if (!d.contains("median_beat"))
        return;
    const auto& beat = d["median_beat"];
    std::printf("  median beat of %d beats, uV at %.0f Hz, R peak at sample %d\n", beat["beats"].get<int>(),
                beat["sampling_rate_hz"].get<double>(), beat["r_peak_sample"].get<int>());
    for (const auto& [lead, one] : beat["leads"].items())
        std::printf("%s %s\n", lead.c_str(), one["samples_uv"].dump().c_str());
}

// Into a study, what is missing there or of an older version.
void runStore(const MeasureOptions& options, Context& context) {
    if (options.files.size() != 1)
        return context.fail(makeError(ErrorCode::WrongUse, "--store takes one study"));
    auto progress = context.progress();
    StudyMeasureOptions measuring;
    measuring.threads = options.threads;
    measuring.again = options.again;
    const auto report = measureStudy(options.files.front(), measuring, context.stop, progress);
    if (!report)
        return context.fail(report);
    json failed = json::array();
    for (const auto& one : report->failed) {
        context.someFailed(one.error);
        failed.push_back({{"recording", one.id.value}, {"reason", text::utf8(one.error.text())}});
    }
    if (options.asJson)
        context.print(
            {{"measured", report->measured}, {"up_to_date", report->upToDate}, {"failed", std::move(failed)}});
    else
        std::printf("%lld measured, %lld were up to date, %zu could not be read\n",
                    static_cast<long long>(report->measured), static_cast<long long>(report->upToDate),
                    report->failed.size());
}

void runMeasure(const MeasureOptions& options, Context& context) {
    if (options.store)
        return runStore(options, context);
    json files = json::array(), failed = json::array();
    ReadOptions reading;
    reading.stop = context.stop;
    reading.annotations = false;
    for (const auto& path : options.files) {
        if (context.stop.stop_requested())
            return context.stopped();
        const auto recording = Registry::standard().read(path, reading);
        if (recording.cancelled())
            return context.stopped();
        if (recording.failed()) {
            context.someFailed(recording.error());
            failed.push_back({{"path", text::utf8(path)}, {"reason", text::utf8(recording.error().text())}});
            continue;
        }
        auto one = document(path, *recording, options);
        if (options.asJson)
            files.push_back(std::move(one));
        else
            printText(one, *recording);
    }
    if (failed.size() == options.files.size())
        context.exit = Failed;
    if (options.asJson)
        context.print({{"files", std::move(files)}, {"failed", std::move(failed)}});
}

} // namespace

void addMeasure(CLI::App& app, Context& context) {
    auto options = std::make_shared<MeasureOptions>();
    auto* command =
        app.add_subcommand("measure", "Beats, P, QRS and T of each lead, intervals, axes, ST, signal quality");
    command->add_option("FILE", options->files, "ECG files; with --store a study")->required();
    command->add_flag("--json", options->asJson, "Print JSON; times in s, null where something is absent");
    command->add_flag("--median", options->median, "The median beat of each lead as well");
    auto* store = command->add_flag(
        "--store", options->store,
        "Measure the recordings of a study and keep the values in it; stopped or killed, it goes on where it was");
    command->add_flag("--again", options->again, "With --store: also what is measured already")->needs(store);
    command->add_option("--threads", options->threads, "With --store: recordings measured at once")
        ->needs(store)
        ->check(CLI::Range(1, 256))
        ->capture_default_str();
    command->callback([options, &context] { runMeasure(*options, context); });
}

} // namespace precordia::cli
