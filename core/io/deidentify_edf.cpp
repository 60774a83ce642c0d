// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/deidentify_edf.h"

#include "core/base/file.h"
#include "core/io/edf_annotations.h"
#include "core/io/edf_header.h"
#include "core/io/text.h"
#include "core/io/units.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>
#include <utility>

namespace precordia {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kMaxBytes = 1ULL << 32U;

// Types of signals and places of electrodes, after edfplus.info/specs/edftexts.html.
bool knownLabel(const std::string& label) {
    static const std::set<std::string> kTypes{"ecg",    "ekg",   "eeg",   "eog",   "erg",   "emg",   "meg",
                                              "mcg",    "ep",    "pos",   "dir",   "temp",  "resp",  "sao2",
                                              "spo2",   "pleth", "light", "sound", "event", "pulse", "hr",
                                              "status", "lead",  "abp",   "ppg",   "flow",  "mlii"};
    static const std::set<std::string> kPlaces{
        "i",    "ii",         "iii",      "avr",      "avl",   "avf",    "v",     "v1",   "v2",    "v3",
        "v4",   "v5",         "v6",       "v7",       "v8",    "v9",     "v3r",   "v4r",  "v5r",   "x",
        "y",    "z",          "mli",      "mlii",     "mliii", "mv1",    "mv2",   "mv5",  "cm5",   "cc5",
        "cs2",  "ml1",        "ml5",      "es",       "as",    "ai",     "1",     "2",    "3",     "4",
        "5",    "6",          "7",        "8",        "9",     "10",     "11",    "12",   "fp1",   "fp2",
        "rect", "horizontal", "vertical", "oronasal", "body",  "fpz-cz", "pz-oz", "chin", "marker"};
    const auto lowered = text::lower(label);
    const auto parts = text::words(lowered);
    return std::all_of(parts.begin(), parts.end(), [](std::string_view part) {
        return kTypes.contains(std::string(part)) || kPlaces.contains(std::string(part));
    });
}

bool knownUnit(const std::string& unit) {
    static const std::set<std::string> kUnits{"",     "mmhg", "%",   "bpm",     "degc", "degf",  "k",  "ohm",
                                              "kohm", "mohm", "pt",  "nt",      "m/s2", "g",     "mg", "pa",
                                              "hpa",  "kpa",  "l/s", "l/min",   "1",    "nu",    "a",  "ma",
                                              "ua",   "s",    "ms",  "boolean", "deg",  "1/min", "hz", "b"};
    return microvoltsPer(unit).has_value() || kUnits.contains(text::lower(unit));
}

bool knownText(const edf::Text& parts) {
    static const std::set<std::string> kWords{"recording starts",
                                              "recording ends",
                                              "lead off",
                                              "lead on",
                                              "pacemaker",
                                              "r-wave",
                                              "r wave",
                                              "qrs",
                                              "light off",
                                              "light on",
                                              "sleep stage w",
                                              "sleep stage 1",
                                              "sleep stage 2",
                                              "sleep stage 3",
                                              "sleep stage 4",
                                              "sleep stage r",
                                              "sleep stage n1",
                                              "sleep stage n2",
                                              "sleep stage n3",
                                              "sleep stage ?",
                                              "movement time",
                                              "artifact",
                                              "artefact",
                                              "calibration",
                                              "premature ventricular contraction",
                                              "atrial fibrillation"};
    static const std::set<std::string> kRhythms{"(ab",   "(afib", "(afl", "(b",    "(bii", "(ivr",
                                                "(n",    "(nod",  "(p",   "(prex", "(sbr", "(sveb",
                                                "(svta", "(t",    "(vfl", "(vt",   "(vf",  "(asys"};
    const auto lowered = text::lower(parts.text);
    return lowered.empty() || kWords.contains(lowered) || kRhythms.contains(lowered);
}

class Anonymiser {
public:
    Anonymiser(const fs::path& in, const IdentityMap& identities) : in_(in), identities_(identities) {}
    Result<std::vector<std::byte>> run();
    std::vector<std::string> removed;

private:
    void put(std::size_t at, std::size_t width, std::string words) {
        words.resize(width, ' ');
        std::transform(words.begin(), words.end(), bytes_.begin() + static_cast<std::ptrdiff_t>(at),
                       [](char c) { return static_cast<std::byte>(c); });
    }
    void note(const std::string& field) {
        if (std::find(removed.begin(), removed.end(), field) == removed.end())
            removed.push_back(field);
    }
    // A field as it stands, without the blanks that fill it up.
    std::string raw(std::size_t at, std::size_t width) const {
        return std::string(text::trim(text::asText(bytes_).substr(at, width)));
    }
    void keepNumber(std::size_t at, std::size_t width, const char* field) {
        auto words = raw(at, width);
        std::replace(words.begin(), words.end(), ',', '.');
        if (text::number(words))
            return put(at, width, words);
        std::string_view rest = words;
        std::string number;
        if (const auto value = text::takeNumber(rest))
            number = words.substr(0, words.size() - rest.size());
        if (!words.empty())
            note(field);
        put(at, width, number);
    }
    void person();
    void dates(int days);
    void signalFields();
    void lists();

    const fs::path& in_;
    const IdentityMap& identities_;
    std::vector<std::byte> bytes_;
    edf::Header header_;
    std::vector<std::string> labels_; // as they are kept
};

void Anonymiser::person() {
    const auto patient = edf::patientOf(header_);
    const auto line = edf::recordingOf(header_);
    const auto code = identities_.pseudonym(patient.code);
    if (!patient.code.empty())
        note("patient code");
    if (!patient.name.empty())
        note("patient name");
    if (!patient.birthDate.empty())
        note("birth date");
    if (text::words(header_.patient).size() > 4)
        note("further patient fields");
    const char sex = patient.sex == "male" ? 'M' : patient.sex == "female" ? 'F' : 'X';
    put(8, 80, (code.empty() ? "X" : code) + " " + sex + " X X");
    if (!line.administration.empty())
        note("administration code");
    if (!line.technician.empty())
        note("technician");
    if (!line.equipment.empty())
        note("equipment");
    if (!header_.recording.empty() && (!line.structured || text::words(header_.recording).size() > 5))
        note("further recording fields");
    dates(identities_.dateShiftDays(patient.code.empty() ? in_.stem().string() : patient.code));
}

// Startdate dd-MMM-yyyy in the recording field, dd.mm.yy in its own; years that two digits cannot tell are "yy".
void Anonymiser::dates(int days) {
    static constexpr std::array<const char*, 12> kMonths{"JAN", "FEB", "MAR", "APR", "MAY", "JUN",
                                                         "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
    const auto line = edf::recordingOf(header_);
    const auto start = edf::startOf(header_, line);
    const auto moved = shiftedDate(start.substr(0, 10), days);
    const auto clock = start.size() == 19 ? start.substr(11) : std::string("00:00:00");
    put(176, 8, clock.substr(0, 2) + "." + clock.substr(3, 2) + "." + clock.substr(6, 2));
    if (moved.empty()) {
        put(88, 80, "Startdate X X X X");
        put(168, 8, "01.01.85");
        return;
    }
    note("start date");
    const auto month = text::integer(moved.substr(5, 2)).value_or(1);
    const auto year = text::integer(moved.substr(0, 4)).value_or(0);
    put(88, 80,
        "Startdate " + moved.substr(8, 2) + "-" + kMonths[static_cast<std::size_t>(month - 1)] + "-" +
            moved.substr(0, 4) + " X X X");
    put(168, 8,
        moved.substr(8, 2) + "." + moved.substr(5, 2) + "." +
            (year >= 1985 && year <= 2084 ? moved.substr(2, 2) : "yy"));
}

void Anonymiser::signalFields() {
    const auto count = header_.signals.size();
    std::size_t at = edf::kFixedBytes;
    const auto each = [&](std::size_t width, auto&& keep) {
        for (std::size_t i = 0; i < count; ++i, at += width)
            keep(i, at, width);
    };
    each(16, [&](std::size_t i, std::size_t place, std::size_t width) {
        auto label = header_.signals[i].label;
        if (!header_.signals[i].annotations && !knownLabel(label)) {
            note("signal labels");
            label = "signal " + std::to_string(i + 1);
        }
        labels_.push_back(label);
        put(place, width, label);
    });
    const auto blank = [&](const char* field) {
        return [this, field](std::size_t, std::size_t place, std::size_t width) {
            if (!raw(place, width).empty())
                note(field);
            put(place, width, "");
        };
    };
    each(80, blank("transducers"));
    each(8, [&](std::size_t i, std::size_t place, std::size_t width) {
        const bool known = knownUnit(header_.signals[i].unit);
        if (!known)
            note("units");
        put(place, width, known ? raw(place, width) : "");
    });
    for (int number = 0; number < 4; ++number)
        each(8, [&](std::size_t, std::size_t place, std::size_t width) { keepNumber(place, width, "scales"); });
    each(80, [&](std::size_t i, std::size_t place, std::size_t width) {
        const auto said = edf::filtersOf(header_.signals[i].prefilter);
        std::string kept;
        const auto add = [&](const char* key, const std::optional<double>& hz) {
            if (hz)
                kept += (kept.empty() ? "" : " ") + std::string(key) + ":" + text::shortest(*hz) + "Hz";
        };
        add("HP", said.highPassHz);
        add("LP", said.lowPassHz);
        add("N", said.notchHz);
        if (raw(place, width) != kept)
            note("filters as text");
        put(place, width, kept);
    });
    each(8, [&](std::size_t i, std::size_t place, std::size_t width) {
        put(place, width, std::to_string(header_.signals[i].samples));
    });
    each(32, blank("reserved fields"));
}

void Anonymiser::lists() {
    for (std::size_t record = header_.bytes(); record < bytes_.size(); record += header_.recordBytes)
        for (const auto& signal : header_.signals) {
            if (!signal.annotations)
                continue;
            const auto at = record + signal.byteInRecord;
            const auto width = static_cast<std::size_t>(signal.samples * header_.sampleBytes());
            const auto parsed = edf::parseLists(std::span(bytes_).subspan(at, width));
            if (parsed.damaged)
                note("annotations");
            std::string kept;
            for (const auto& list : parsed.lists) {
                const bool time = !list.texts.empty() && list.texts.front().empty();
                if (time)
                    kept += edf::writeList(list.onset, 0, "");
                for (const auto& words : list.texts) {
                    auto parts = edf::splitText(words);
                    const auto named =
                        std::find_if(header_.signals.begin(), header_.signals.end(), [&](const edf::Signal& s) {
                            return !parts.signal.empty() && s.label == parts.signal;
                        });
                    if (words.empty())
                        continue;
                    if (!parts.signal.empty() && named == header_.signals.end())
                        note("annotations");
                    parts.signal = named == header_.signals.end()
                                       ? ""
                                       : labels_[static_cast<std::size_t>(named - header_.signals.begin())];
                    if (knownText(parts))
                        kept += edf::writeList(list.onset, list.duration.value_or(0), edf::joinText(parts));
                    else
                        note("annotations");
                }
            }
            if (kept.size() > width) { // one text to a list takes more room than several
                note("annotations");
                kept.resize(kept.rfind('\0', width - 1) == std::string::npos ? 0 : kept.rfind('\0', width - 1) + 1);
            }
            kept.resize(width, '\0');
            std::transform(kept.begin(), kept.end(), bytes_.begin() + static_cast<std::ptrdiff_t>(at),
                           [](char c) { return static_cast<std::byte>(c); });
        }
}

Result<std::vector<std::byte>> Anonymiser::run() {
    auto bytes = readFile(in_, kMaxBytes);
    if (!bytes)
        return bytes;
    bytes_ = std::move(*bytes);
    const auto count = edf::signalCount(bytes_, in_.string());
    if (!count)
        return count.as<std::vector<std::byte>>();
    auto header = edf::parseHeader(bytes_, in_.string());
    if (!header)
        return header.as<std::vector<std::byte>>();
    header_ = std::move(*header);
    auto records = (bytes_.size() - header_.bytes()) / header_.recordBytes;
    if (header_.records > 0)
        records = std::min<std::uint64_t>(records, static_cast<std::uint64_t>(header_.records));
    if (const auto end = header_.bytes() + records * header_.recordBytes; end < bytes_.size()) {
        note("bytes after the last record");
        bytes_.resize(end);
    }
    const auto reserved = raw(192, 44);
    const auto kept = reserved.substr(0, 5);
    const bool known = kept == "EDF+C" || kept == "EDF+D" || kept == "BDF+C" || kept == "BDF+D" || kept == "24BIT";
    if (reserved != (known ? kept : ""))
        note("reserved fields");
    person();
    put(0, 8,
        header_.bdf ? "\xFF"
                      "BIOSEMI"
                    : "0");
    put(184, 8, std::to_string(header_.bytes()));
    put(192, 44, known ? kept : "");
    put(236, 8, std::to_string(records));
    keepNumber(244, 8, "duration of a record");
    put(252, 4, std::to_string(header_.signals.size()));
    signalFields();
    lists();
    return std::move(bytes_);
}

} // namespace

Result<DeidentifyReport> deidentifyEdf(const fs::path& in, const fs::path& out, const IdentityMap& identities) {
    Anonymiser anonymiser(in, identities);
    const auto bytes = anonymiser.run();
    if (!bytes)
        return bytes.as<DeidentifyReport>();
    if (auto written = writeFileAtomically(out, *bytes); !written)
        return written.as<DeidentifyReport>();
    return DeidentifyReport{std::move(anonymiser.removed), {out}};
}

} // namespace precordia
