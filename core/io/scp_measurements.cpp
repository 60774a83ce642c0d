// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/scp_measurements.h"

#include "core/io/byte_cursor.h"
#include "core/io/scp_leads.h"
#include "core/io/text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string_view>
#include <utility>

namespace precordia::scp {

namespace {

// 29999: not computed; 29998, 29997: rejected or noise; 19999: the wave is not there.
bool said(int value) {
    return value != 29999 && value != 29998 && value != 29997 && value != 29996 && value != 19999;
}

constexpr int kLongestMs = 20'000; // of an interval that is a measurement at all

struct Waves {
    int pOn = 0, pOff = 0, qrsOn = 0, qrsOff = 0, tOff = 0;
    int pAxis = 0, qrsAxis = 0, tAxis = 0;
};

constexpr std::size_t kWaves = 16;
constexpr std::size_t kSpike = 4;
constexpr std::size_t kSpikeInfo = 6;

Waves wavesOf(ByteCursor& cursor) {
    Waves w;
    for (int* time : {&w.pOn, &w.pOff, &w.qrsOn, &w.qrsOff, &w.tOff})
        *time = cursor.u16();
    for (int* axis : {&w.pAxis, &w.qrsAxis, &w.tAxis})
        *axis = cursor.i16();
    return w;
}

void addWaves(const Waves& w, Measurements& out) {
    const auto interval = [&](const char* key, int from, int to) {
        if (said(from) && said(to) && to > from && to - from <= kLongestMs)
            out.emplace(key, to - from);
    };
    interval("p_ms", w.pOn, w.pOff);
    // Without a P wave its beginning is 0 in some files.
    if (said(w.pOff) && w.pOff > w.pOn)
        interval("pr_ms", w.pOn, w.qrsOn);
    interval("qrs_ms", w.qrsOn, w.qrsOff);
    interval("qt_ms", w.qrsOn, w.tOff);
    const auto axis = [&](const char* key, int degrees) {
        if (said(degrees) && std::abs(degrees) <= 360)
            out.emplace(key, degrees);
    };
    axis("p_axis_deg", w.pAxis);
    axis("qrs_axis_deg", w.qrsAxis);
    axis("t_axis_deg", w.tAxis);
}

// A mean interval, a rate, QTc: 0 says as little as 29999.
void addPositive(const char* key, int value, Measurements& out) {
    if (said(value) && value > 0 && value <= kLongestMs)
        out.emplace(key, value);
}

struct LeadMeasurement {
    std::string_view name;
    std::string_view unit; // "" for one that has no key
};

// In the order of the section; times in ms, amplitudes in uV.
constexpr std::array<LeadMeasurement, 35> kLeadMeasurements{{
    {"p", "ms"},       {"pr", "ms"},      {"qrs", "ms"},    {"qt", "ms"},      {"q", "ms"},
    {"r", "ms"},       {"s", "ms"},       {"r2", "ms"},     {"s2", "ms"},      {"q", "uv"},
    {"r", "uv"},       {"s", "uv"},       {"r2", "uv"},     {"s2", "uv"},      {"st_j", "uv"},
    {"p_plus", "uv"},  {"p_minus", "uv"}, {"t_plus", "uv"}, {"t_minus", "uv"}, {"st_slope", "uv_per_s"},
    {"", ""},          {"", ""},          {"iso_on", "ms"}, {"iso_off", "ms"}, {"intrinsicoid", "ms"},
    {"", ""},          {"", ""},          {"st_20", "uv"},  {"st_60", "uv"},   {"st_80", "uv"},
    {"st_rr16", "uv"}, {"st_rr8", "uv"},  {"", ""},         {"", ""},          {"", ""},
}};

std::string_view stateName(std::uint8_t state) {
    switch (state) {
    case 0:
        return "original, not overread";
    case 1:
        return "confirmed";
    case 2:
        return "overread, not confirmed";
    default:
        return {};
    }
}

} // namespace

void readGlobalMeasurements(const Section& section, Recording& recording) {
    ByteCursor cursor(section.body);
    auto& out = recording.fileMeasurements;
    const unsigned beats = cursor.u8();
    const unsigned spikes = cursor.u8();
    const auto rr = cursor.u16();
    const auto pp = cursor.u16();
    if (cursor.failed()) {
        recording.warnings.push_back({WarningCode::ShortFile, "its measurements are not all there", "section 7"});
        return;
    }
    addPositive("rr_ms", rr, out);
    addPositive("pp_ms", pp, out);
    // The first block is of the reference beat, or of all beats together.
    for (unsigned b = 0; b < beats && cursor.left() >= kWaves; ++b)
        if (const auto waves = wavesOf(cursor); b == 0)
            addWaves(waves, out);
    unsigned found = 0;
    for (unsigned s = 0; s < spikes && cursor.left() >= kSpike; ++s, ++found) {
        const auto ms = cursor.u16();
        cursor.skip(2); // amplitude
        const auto sample = std::llround(ms / 1000.0 * recording.samplingRate);
        if (said(ms) && recording.samplingRate > 0)
            recording.annotations.push_back({SampleIndex{sample}, LeadIndex{}, "^", "pacemaker spike", "scp"});
    }
    if (found > 0)
        out.emplace("pacemaker_spikes", found);
    if (cursor.left() < spikes * kSpikeInfo || !cursor.skip(spikes * kSpikeInfo))
        return;
    if (cursor.left() < 2) // files before 1.3 end here
        return;
    const unsigned types = cursor.u16();
    if (said(static_cast<int>(types)) && !cursor.skip(types))
        return;
    if (cursor.left() < 6)
        return;
    addPositive("heart_rate_bpm", cursor.u16(), out);
    addPositive("atrial_rate_bpm", cursor.u16(), out);
    addPositive("qtc_ms", cursor.u16(), out);
}

DefinedGlobals definedGlobalBytes(std::span<const std::byte> body) {
    ByteCursor cursor(body);
    const unsigned beats = cursor.u8();
    const unsigned spikes = cursor.u8();
    cursor.skip(4);
    cursor.skip(beats * kWaves);
    cursor.skip(spikes * (kSpike + kSpikeInfo));
    DefinedGlobals out;
    if (cursor.failed())
        return out;
    out.bytes = cursor.position();
    const unsigned types = cursor.u16();
    out.typesAt = cursor.position();
    const bool counted = said(static_cast<int>(types));
    if (counted)
        cursor.skip(types);
    cursor.skip(7); // rates, QTc, its formula
    if (cursor.failed())
        return {out.bytes, 0, 0, false};
    out.types = counted ? types : 0;
    out.bytes = cursor.position();
    out.complete = true;
    return out;
}

void readLeadMeasurements(const Section& section, Recording& recording) {
    ByteCursor cursor(section.body);
    const unsigned leads = cursor.u16();
    cursor.skip(2); // a manufacturer's number
    for (unsigned l = 0; l < leads && cursor.left() >= 4; ++l) {
        const auto number = cursor.u16();
        const std::size_t length = cursor.u16();
        ByteCursor values(cursor.bytes(std::min(length, cursor.left())));
        const auto lead = leadName(number);
        for (const auto& [name, unit] : kLeadMeasurements) {
            if (values.left() < 2)
                break;
            const int value = values.i16();
            if (lead.empty() || unit.empty() || !said(value) || (unit == "ms" && value < 0))
                continue;
            recording.fileMeasurements.emplace(std::string(name) + "_" + lead + "_" + std::string(unit), value);
        }
    }
    if (cursor.failed())
        recording.warnings.push_back({WarningCode::ShortFile, "its measurements are not all there", "section 10"});
}

Report reportOf(const Section& section, bool typed, std::vector<Warning>& warnings, const std::string& where) {
    ByteCursor cursor(section.body);
    Report report;
    report.state = cursor.u8();
    cursor.skip(7); // date and time
    const unsigned count = cursor.u8();
    for (unsigned s = 0; s < count && !cursor.failed(); ++s) {
        cursor.skip(1); // sequence number
        const std::size_t length = cursor.u16();
        if (cursor.failed())
            break;
        if (length > cursor.left())
            warnings.push_back(
                {WarningCode::ShortFile, "statement " + std::to_string(s + 1) + " is not all there", where});
        auto bytes = cursor.bytes(std::min(length, cursor.left()));
        Statement statement;
        if (typed) {
            const auto kind = ByteCursor(bytes).u8();
            statement.kind = kind == 1   ? Statement::Kind::Coded
                             : kind == 3 ? Statement::Kind::Logic
                                         : Statement::Kind::Words;
            bytes = bytes.subspan(std::min<std::size_t>(1, bytes.size()));
        }
        for (const auto part : text::split(text::asText(bytes), '\0'))
            if (const auto words = text::utf8(text::trim(part)); !words.empty())
                statement.fields.push_back(words);
        if (!statement.fields.empty())
            report.statements.push_back(std::move(statement));
    }
    if (cursor.failed())
        warnings.push_back({WarningCode::ShortFile, "its statements are not all there", where});
    return report;
}

void readReports(const Container& container, Recording& recording) {
    auto& texts = recording.metadata.diagnosisTexts;
    for (const std::uint16_t id : {8, 11}) {
        const auto* section = container.find(id);
        if (section == nullptr || section->body.empty())
            continue;
        const auto where = "section " + std::to_string(id);
        const auto report = reportOf(*section, id == 11, recording.warnings, where);
        for (const auto& statement : report.statements) {
            std::string words;
            for (const auto& field : statement.fields)
                words += (words.empty() ? "" : " ") + field;
            auto& to = statement.kind == Statement::Kind::Logic ? recording.metadata.comments : texts;
            if (std::find(to.begin(), to.end(), words) == to.end())
                to.push_back(std::move(words));
        }
        if (const auto state = stateName(report.state); !state.empty() && !report.statements.empty())
            recording.metadata.comments.push_back("interpretation: " + std::string(state));
    }
}

} // namespace precordia::scp
