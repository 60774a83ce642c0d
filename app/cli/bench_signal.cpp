// SPDX-License-Identifier: GPL-3.0-or-later
// bench measure: how many recordings a second are measured; bench delineation FOLDER: how near that is to a reader.
#include "app/cli/command.h"
#include "core/ecg/synthesis.h"
#include "core/io/reader.h"
#include "core/signal/boundary_terms.h"
#include "core/signal/delineation_score.h"
#include "core/signal/measurements.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <memory>

namespace precordia::cli {

namespace fs = std::filesystem;
using Json = nlohmann::json;

namespace {

constexpr std::array<const char*, 3> waveNames{"P", "QRS", "T"};
constexpr std::array<const char*, 3> waveKeys{"p", "qrs", "t"};
constexpr std::array<const char*, 3> edgeKeys{"on", "peak", "off"};

struct DelineationArguments {
    std::string folder, terms, part = "all";
    bool json = false;
};

Json scoreJson(const DelineationScore& score) {
    Json out = Json::object();
    for (std::size_t w = 0; w < 3; ++w) {
        const auto& s = score.wave[w];
        Json one = {{"found", s.hit},
                    {"missed", s.missed},
                    {"extra", s.extra},
                    {"sensitivity", s.sensitivity()},
                    {"predictivity", s.predictivity()}};
        for (std::size_t e = 0; e < 3; ++e)
            one[edgeKeys[e]] = {
                {"mean_ms", s.edge[e].mean()}, {"sd_ms", s.edge[e].deviation()}, {"n", s.edge[e].count}};
        out[waveKeys[w]] = std::move(one);
    }
    return out;
}

void printScore(const std::string& lead, const DelineationScore& score) {
    for (std::size_t w = 0; w < 3; ++w) {
        const auto& s = score.wave[w];
        std::printf("%-5s %-4s %6.2f %6.2f   ", lead.c_str(), waveNames[w], 100 * s.sensitivity(),
                    100 * s.predictivity());
        for (const auto& e : s.edge)
            std::printf("  %6.1f +- %5.1f", e.mean(), e.deviation());
        std::printf("   %lld\n", static_cast<long long>(s.hit + s.missed));
    }
}

// For fit_boundaries.py.
void writeTerms(std::ofstream& out, const Recording& recording, const std::string& record) {
    for (const BoundaryTerms& edge : boundaryTerms(recording)) {
        out << record << ',' << edge.edge << ',' << edge.count << ',' << edge.offset << ',' << edge.spread;
        for (const double term : edge.terms)
            out << ',' << term;
        out << '\n';
    }
}

std::vector<fs::path> recordsOf(const std::string& folder, const std::string& part) {
    std::vector<fs::path> out;
    std::error_code ec;
    for (fs::recursive_directory_iterator at(folder, ec), end; !ec && at != end; at.increment(ec))
        if (at->path().extension() == ".hea")
            out.push_back(at->path());
    std::sort(out.begin(), out.end());
    if (part == "all")
        return out;
    std::vector<fs::path> half;
    for (const auto& path : out) {
        const auto stem = path.stem().string();
        if (!stem.empty() && (stem.back() % 2 == 1) == (part == "odd"))
            half.push_back(path);
    }
    return half;
}

void benchDelineation(const DelineationArguments& a, Context& context) {
    const auto files = recordsOf(a.folder, a.part);
    if (files.empty())
        return context.fail(makeError(ErrorCode::FileUnreadable, "there is no WFDB record", a.folder));
    std::ofstream terms;
    const auto termsFailed = [&] {
        context.fail(makeError(ErrorCode::FileUnwritable, "the terms cannot be written", a.terms));
    };
    if (!a.terms.empty())
        if (terms.open(a.terms); !terms)
            return termsFailed();
    std::map<std::string, DelineationScore> byLead;
    DelineationScore all;
    int annotated = 0;
    auto progress = context.progress();
    progress.begin("Delineating", static_cast<std::int64_t>(files.size()));
    for (const auto& file : files) {
        if (context.stop.stop_requested())
            return context.stopped();
        const auto recording = Registry::standard().read(file);
        progress.advance();
        if (!recording.ok()) {
            if (recording.failed())
                context.someFailed(recording.error());
            continue;
        }
        const auto scores = scoreRecording(*recording, analyseEcg(*recording).delineation);
        annotated += scores.empty() ? 0 : 1;
        for (const auto& [lead, score] : scores) {
            byLead[lead].add(score);
            all.add(score);
        }
        if (terms.is_open())
            writeTerms(terms, *recording, file.stem().string());
    }
    if (terms.is_open() && !terms.flush())
        return termsFailed();
    if (a.json) {
        Json leads = Json::object();
        for (const auto& [lead, score] : byLead)
            leads[lead] = scoreJson(score);
        return context.print({{"delineation",
                               {{"recordings", annotated},
                                {"all", scoreJson(all)},
                                {"leads", std::move(leads)},
                                {"terms", a.terms.empty() ? Json() : Json(a.terms)}}}});
    }
    std::printf("%d annotated recordings; errors in ms, ours less the reader's\n", annotated);
    std::printf("lead  wave   Se %%  PPV %%        onset            peak             offset         waves\n");
    for (const auto& [lead, score] : byLead)
        printScore(lead, score);
    printScore("all", all);
    if (!a.terms.empty())
        std::printf("%s: csv, the terms of every boundary\n", a.terms.c_str());
}

void benchMeasure(int recordings, bool asJson, Context& context) {
    std::vector<Recording> all;
    for (int i = 0; i < 20; ++i)
        all.push_back(synthesiseMember(1, i).recording);
    const auto start = std::chrono::steady_clock::now();
    const std::clock_t processor = std::clock();
    int beats = 0;
    for (int i = 0; i < recordings; ++i) {
        if (context.stop.stop_requested())
            return context.stopped();
        beats += analyseEcg(all[static_cast<std::size_t>(i) % all.size()]).measurements.beats;
    }
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const double own = static_cast<double>(std::clock() - processor) / CLOCKS_PER_SEC; // of this one thread
    if (asJson)
        return context.print({{"measure",
                               {{"recordings_per_s", recordings / seconds},
                                {"recordings_per_processor_s", recordings / own},
                                {"beats", beats}}}});
    std::printf("measure  recordings_per_s  %.0f   a second of the processor  %.0f\n", recordings / seconds,
                recordings / own);
}

} // namespace

void addSignalBenches(CLI::App& bench, Context& context) {
    auto d = std::make_shared<DelineationArguments>();
    auto* delineation = bench.add_subcommand(
        "delineation", "P, QRS and T against a reader's marks (LUDB: annotation files N.i, N.ii ... N.v6)");
    delineation->add_option("FOLDER", d->folder, "WFDB records with annotation files named after leads")->required();
    delineation->add_option("--part", d->part, "Records whose name ends in an odd or an even digit")
        ->check(CLI::IsMember({"all", "odd", "even"}))
        ->capture_default_str();
    delineation->add_option("--terms", d->terms, "Also write what tools/fit_boundaries.py fits, as CSV");
    delineation->add_flag("--json", d->json, "Machine-readable output");
    delineation->callback([d, &context] { benchDelineation(*d, context); });

    auto m = std::make_shared<std::pair<int, bool>>(200, false);
    auto* measure = bench.add_subcommand("measure", "Recordings of 10 s and 12 leads measured a second, on one core");
    measure->add_option("--recordings", m->first, "How many")->check(CLI::Range(1, 1'000'000))->capture_default_str();
    measure->add_flag("--json", m->second, "Machine-readable output");
    measure->callback([m, &context] { benchMeasure(m->first, m->second, context); });
}

} // namespace precordia::cli
