// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/edf_reader.h"

#include "core/io/edf_annotations.h"
#include "core/io/edf_header.h"
#include "core/io/edf_records.h"
#include "core/io/signal_checks.h"
#include "core/io/text.h"
#include "core/io/timestamp.h"
#include "core/io/units.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <limits>
#include <map>
#include <utility>

namespace precordia {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kMaxSamples = 500'000'000; // all leads together: 2 GB in memory
constexpr std::uint64_t kGapSamples = 4U << 20U;   // NaN in gaps that any file may have
constexpr std::uint64_t kGapFactor = 100;          // and times what it holds
constexpr std::size_t kPiece = 1U << 16U;          // samples decoded at once
constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();

// A signal on its way into a lead: (integer - zero) * gain + offset.
struct Channel {
    const edf::Signal* signal;
    Lead* lead;
    ClipCounter clips;
    double gain = 1, zero = 0, offset = 0;
    std::optional<std::int64_t> missing = std::nullopt;
};

// Signals of one sampling rate.
struct Group {
    std::vector<std::size_t> signals;
    edf::Placement placement;
    std::int64_t first = 0, count = 0; // what is read of it
};

class EdfRecording {
public:
    EdfRecording(const fs::path& path, const ReadOptions& options, edf::File file)
        : path_(path)
        , options_(options)
        , file_(std::move(file)) {}
    Result<Recording> read();

private:
    void warn(WarningCode code, std::string message, std::string where = {}) {
        out_.warnings.push_back({code, std::move(message), std::move(where)});
    }
    Error error(ErrorCode code, std::string why) const { return makeError(code, std::move(why), path_.string()); }
    Result<Done> countRecords();
    Result<Done> groupSignals();
    bool isEcg(const edf::Signal& signal) const;
    Result<Done> scanLists();
    Result<Done> placeRecords();
    std::int64_t filling(const Group& group);
    Result<Done> chooseRange();
    Result<Done> samples(const Group& group, Recording& into);
    Lead leadOf(const edf::Signal& signal, std::size_t number);
    Channel channelOf(const edf::Signal& signal, Lead& lead) const;
    void decode(const Group& group, std::uint64_t r, Channel& channel, std::int64_t from, std::int64_t to);
    Result<Done> fill(const Group& group, std::vector<Channel>& channels);
    void annotations();
    void metadata();
    void filters(const Group& group);

    const fs::path& path_;
    const ReadOptions& options_;
    edf::File file_;
    edf::Header header_;
    std::uint64_t records_ = 0;
    std::vector<Group> groups_;  // the recording first
    std::vector<double> onsets_; // s, of the records; empty where nothing says them
    std::vector<edf::TimedList> lists_;
    double start_ = 0;                                       // s, onset of the first record
    std::vector<std::pair<std::string, std::string>> names_; // label in the file, lead of the recording
    Recording out_;
};

Result<Done> EdfRecording::countRecords() {
    const auto there = (file_.size() - std::min(file_.size(), header_.bytes())) / header_.recordBytes;
    const auto rest = (file_.size() - std::min(file_.size(), header_.bytes())) % header_.recordBytes;
    if (there == 0)
        return error(ErrorCode::FileTruncated, "no whole data record is there: it needs " +
                                                   std::to_string(header_.recordBytes) + " bytes after the header");
    records_ = there;
    if (header_.records < 0) {
        warn(WarningCode::LengthUnknown, "the header gives no number of records; the file's size decides", "header");
    } else if (std::cmp_less(there, header_.records)) {
        warn(WarningCode::ShortFile,
             std::to_string(there) + " of " + std::to_string(header_.records) + " records are there", "header");
    } else if (header_.records == 0) { // a recorder that lost its power wrote no number
        warn(WarningCode::LengthUnknown, "the header promises no record; the file's size decides", "header");
    } else {
        records_ = static_cast<std::uint64_t>(header_.records);
        if (there > records_)
            warn(WarningCode::LengthContradiction,
                 std::to_string(there - records_) + " records beyond the header's number were left out", "header");
    }
    if (rest > 0 && there == records_ && std::cmp_greater_equal(there, header_.records))
        warn(WarningCode::Repaired, std::to_string(rest) + " bytes after the last record were left out", "end of file");
    return Done{};
}

bool EdfRecording::isEcg(const edf::Signal& signal) const {
    const auto& standard = standardLeads();
    const auto lowered = text::lower(signal.label);
    return std::find(standard.begin(), standard.end(), standardLeadName(signal.label)) != standard.end() ||
           lowered.starts_with("ecg") || lowered.starts_with("ekg") || lowered.starts_with("mlii");
}

Result<Done> EdfRecording::groupSignals() {
    std::map<std::uint64_t, Group> byRate;
    for (std::size_t i = 0; i < header_.signals.size(); ++i)
        if (!header_.signals[i].annotations && header_.signals[i].samples > 0)
            byRate[header_.signals[i].samples].signals.push_back(i);
    if (byRate.empty())
        return error(ErrorCode::FormatUnsupported, "it holds annotations and no signal");
    if (!(header_.recordSeconds > 0)) {
        const double rate = options_.tableLayout ? options_.tableLayout->samplingRate : 0;
        if (!(rate > 0) || byRate.size() > 1)
            return error(ErrorCode::FormatInvalid,
                         "its records last 0 s, which gives its signals no sampling rate; say one with --rate");
        header_.recordSeconds = static_cast<double>(byRate.begin()->first) / rate;
        warn(WarningCode::Repaired, "its records last 0 s; the sampling rate is the one that was given", "header");
    }
    const auto score = [&](const Group& group) {
        std::array<std::size_t, 3> out{}; // ECG leads, voltages, signals
        for (const auto i : group.signals) {
            out[0] += isEcg(header_.signals[i]) ? 1 : 0;
            out[1] += microvoltsPer(header_.signals[i].unit) ? 1 : 0;
            ++out[2];
        }
        return out;
    };
    for (auto& [samples, group] : byRate) {
        group.placement.samplesPerRecord = samples;
        groups_.push_back(std::move(group));
    }
    // Of equals the finer one: the map goes upwards.
    std::stable_sort(groups_.begin(), groups_.end(), [&](const Group& a, const Group& b) {
        const auto sa = score(a), sb = score(b);
        return sa != sb ? sa > sb : a.placement.samplesPerRecord > b.placement.samplesPerRecord;
    });
    return Done{};
}

// Every record's annotation signals: their texts, and when the record begins.
Result<Done> EdfRecording::scanLists() {
    const bool timed = std::any_of(header_.signals.begin(), header_.signals.end(),
                                   [](const edf::Signal& s) { return s.annotations && s.samples > 0; });
    const bool wanted = header_.discontinuous || options_.annotations;
    if (!timed && header_.discontinuous)
        return error(ErrorCode::FormatInvalid,
                     "it says that it is discontinuous and has no signal that keeps the time");
    if (!timed || !wanted)
        return Done{};
    std::size_t damaged = 0;
    const bool ahead = header_.recordBytes < 4096; // of long records only the lists are read
    for (std::uint64_t r = 0; r < records_; ++r) {
        if (r % 4096 == 0 && options_.stop.stop_requested())
            return Cancelled{};
        std::optional<double> onset;
        for (const auto& signal : header_.signals) {
            if (!signal.annotations || signal.samples == 0)
                continue;
            auto parsed = edf::parseLists(file_.read(header_.bytes() + r * header_.recordBytes + signal.byteInRecord,
                                                     signal.samples * header_.sampleBytes(), ahead));
            damaged += parsed.damaged ? 1 : 0;
            for (auto& list : parsed.lists) {
                if (!onset && !list.texts.empty() && list.texts.front().empty())
                    onset = list.onset;
                if (options_.annotations &&
                    std::any_of(list.texts.begin(), list.texts.end(), [](const std::string& t) { return !t.empty(); }))
                    lists_.push_back(std::move(list));
            }
        }
        if (auto failed = file_.failure(); !failed)
            return failed;
        if (!onset && header_.discontinuous)
            return error(ErrorCode::FormatInvalid, "record " + std::to_string(r + 1) + " does not say when it begins");
        onsets_.push_back(onset.value_or(onsets_.empty() ? 0 : onsets_.back() + header_.recordSeconds));
    }
    start_ = onsets_.front();
    if (damaged > 0)
        warn(WarningCode::Annotation,
             "annotations of " + std::to_string(damaged) + " records could not be read in part", "annotations");
    return Done{};
}

Result<Done> EdfRecording::placeRecords() {
    std::vector<double> onsets;
    if (header_.discontinuous)
        for (const double onset : onsets_) {
            if (!(std::abs(onset - start_) < 1e10)) // 300 years
                return error(ErrorCode::FormatInvalid, "a record begins at " + text::shortest(onset) + " s");
            onsets.push_back(onset - start_);
        }
    for (auto& group : groups_) {
        std::size_t gaps = 0, backwards = 0;
        group.placement =
            edf::place(header_.recordSeconds, group.placement.samplesPerRecord, records_, onsets, gaps, backwards);
        if (header_.records >= 0 && std::cmp_equal(header_.records, records_))
            group.placement.length -= filling(group);
        if (&group != &groups_.front())
            continue;
        const auto lost =
            group.placement.length - static_cast<std::int64_t>(records_ * group.placement.samplesPerRecord);
        if (gaps > 0)
            warn(WarningCode::Gap,
                 std::to_string(gaps) + (gaps == 1 ? " gap" : " gaps") + ", " +
                     text::shortest(std::round(static_cast<double>(lost) / group.placement.rate * 1000) / 1000) +
                     " s in all, between the records; those samples are missing",
                 "records");
        if (backwards > 0)
            warn(WarningCode::Repaired,
                 std::to_string(backwards) + " records begin before the one before them ends; they follow it at once",
                 "records");
    }
    return Done{};
}

// Samples at the end of the last record that are missing in every lead: it was filled up.
std::int64_t EdfRecording::filling(const Group& group) {
    const std::int64_t lowest = header_.bdf ? -8388608 : -32768;
    auto out = static_cast<std::int64_t>(group.placement.samplesPerRecord) - 1; // one sample is left
    for (const auto i : group.signals) {
        const auto& signal = header_.signals[i];
        if (!signal.scaled() || std::min(*signal.digitalMin, *signal.digitalMax) <= lowest)
            return 0;
        const auto width = static_cast<std::int64_t>(header_.sampleBytes());
        const auto end = static_cast<std::int64_t>(signal.samples);
        std::int64_t here = 0;
        for (bool missing = true; missing && here < out;) { // piece by piece from the end
            const auto n = std::min<std::int64_t>(kPiece, out - here);
            const auto bytes = file_.read(header_.bytes() + (records_ - 1) * header_.recordBytes + signal.byteInRecord +
                                              static_cast<std::uint64_t>((end - here - n) * width),
                                          static_cast<std::size_t>(n * width), false);
            missing = std::cmp_equal(bytes.size(), n * width);
            for (auto k = n; missing && k > 0; --k) {
                missing = edf::integerAt(bytes, static_cast<std::size_t>(k - 1), header_.bdf) == lowest;
                here += missing ? 1 : 0;
            }
        }
        out = here;
    }
    return out;
}

// What is read of each group, and whether memory holds it.
Result<Done> EdfRecording::chooseRange() {
    const auto& main = groups_.front().placement;
    std::uint64_t wanted = 0, recorded = 0;
    for (auto& group : groups_) {
        const auto length = group.placement.length;
        group.first = 0;
        group.count = length;
        if (options_.range) {
            const double ratio = group.placement.rate / main.rate;
            const auto at = [&](double sample) {
                return static_cast<std::int64_t>(
                    std::clamp(std::floor(sample * ratio + 1e-9), 0.0, static_cast<double>(length)));
            };
            group.first = at(static_cast<double>(options_.range->first));
            group.count = at(static_cast<double>(options_.range->first) +
                             static_cast<double>(std::max<std::int64_t>(0, options_.range->count))) -
                          group.first;
        }
        wanted += static_cast<std::uint64_t>(group.count) * group.signals.size();
        recorded += records_ * group.placement.samplesPerRecord * group.signals.size();
    }
    if (options_.metadataOnly)
        return Done{};
    if (wanted > kMaxSamples)
        return error(ErrorCode::ValueOutOfRange, std::to_string(wanted) + " samples are too many to hold; read a part");
    if (wanted > kGapSamples && wanted / kGapFactor > recorded)
        return error(ErrorCode::ValueOutOfRange, "with its gaps it would have " + std::to_string(wanted) +
                                                     " samples, " + std::to_string(recorded) +
                                                     " of them recorded; read a part");
    return Done{};
}

Lead EdfRecording::leadOf(const edf::Signal& signal, std::size_t number) {
    Lead lead;
    lead.name = standardLeadName(signal.label);
    if (lead.name.empty())
        lead.name = "signal " + std::to_string(number + 1);
    const auto where = "lead " + lead.name;
    lead.fileUnit = signal.unit;
    const auto factor = microvoltsPer(signal.unit);
    lead.unit = factor ? "uV" : signal.unit;
    if (!signal.scaled()) {
        lead.unit.clear();
        warn(WarningCode::GainMissing,
             "its physical or digital limits give no scale; the values are the file's integers", where);
        return lead;
    }
    lead.quantum = std::abs((*signal.physicalMax - *signal.physicalMin) /
                            static_cast<double>(*signal.digitalMax - *signal.digitalMin)) *
                   factor.value_or(1);
    if (*signal.digitalMax < *signal.digitalMin)
        warn(WarningCode::Repaired, "its digital maximum is below the minimum; they were taken as they stand", where);
    if (!factor && isEcg(signal))
        warn(WarningCode::UnknownUnit, "'" + signal.unit + "' is no voltage we know; the values stay as they are",
             where);
    return lead;
}

Channel EdfRecording::channelOf(const edf::Signal& signal, Lead& lead) const {
    const std::int64_t lowest = header_.bdf ? -8388608 : -32768;
    Channel out{&signal, &lead, ClipCounter(lowest, -lowest - 1)};
    if (!signal.scaled())
        return out;
    const auto factor = lead.unit == "uV" ? microvoltsPer(signal.unit).value_or(1) : 1;
    out.clips = ClipCounter(*signal.digitalMin, *signal.digitalMax);
    out.zero = static_cast<double>(*signal.digitalMin);
    out.gain = (*signal.physicalMax - *signal.physicalMin) /
               static_cast<double>(*signal.digitalMax - *signal.digitalMin) * factor;
    out.offset = *signal.physicalMin * factor;
    if (std::min(*signal.digitalMin, *signal.digitalMax) > lowest)
        out.missing = lowest;
    return out;
}

// Samples [from, to) of record r, of one signal.
void EdfRecording::decode(const Group& group, std::uint64_t r, Channel& channel, std::int64_t from, std::int64_t to) {
    auto* values = channel.lead->samples.data() + (group.placement.start(r) - group.first);
    const auto width = header_.sampleBytes();
    for (auto at = from; at < to; at += kPiece) {
        const auto n = static_cast<std::size_t>(std::min<std::int64_t>(kPiece, to - at));
        const auto bytes = file_.read(header_.bytes() + r * header_.recordBytes + channel.signal->byteInRecord +
                                          static_cast<std::uint64_t>(at) * width,
                                      n * width);
        for (std::size_t i = 0; i < bytes.size() / width; ++i) {
            const auto value = edf::integerAt(bytes, i, header_.bdf);
            if (value == channel.missing)
                continue;
            channel.clips.add(value);
            values[at + static_cast<std::int64_t>(i)] =
                static_cast<float>((static_cast<double>(value) - channel.zero) * channel.gain + channel.offset);
        }
    }
}

Result<Done> EdfRecording::fill(const Group& group, std::vector<Channel>& channels) {
    const auto perRecord = static_cast<std::int64_t>(group.placement.samplesPerRecord);
    for (auto& channel : channels)
        channel.lead->samples.assign(static_cast<std::size_t>(group.count), kMissing);
    for (std::uint64_t r = 0; r < records_; ++r) {
        const auto start = group.placement.start(r);
        if (start + perRecord <= group.first)
            continue;
        if (start >= group.first + group.count)
            break;
        if (options_.stop.stop_requested())
            return Cancelled{};
        const auto from = std::max<std::int64_t>(0, group.first - start);
        const auto to = std::min(perRecord, group.first + group.count - start);
        for (auto& channel : channels)
            decode(group, r, channel, from, to);
    }
    if (auto failed = file_.failure(); !failed)
        return failed;
    for (const auto& channel : channels)
        if (channel.lead->unit == "uV")
            warnClipped(out_, *channel.lead, channel.clips.clipped());
    return Done{};
}

Result<Done> EdfRecording::samples(const Group& group, Recording& into) {
    into.name = path_.stem().string();
    into.samplingRate = group.placement.rate;
    into.firstSample = group.first;
    into.samplesPromised = group.placement.length;
    for (const auto i : group.signals)
        into.leads.push_back(leadOf(header_.signals[i], i));
    makeLeadNamesUnique(into);
    if (options_.metadataOnly)
        return Done{};
    std::vector<Channel> channels;
    for (std::size_t i = 0; i < group.signals.size(); ++i)
        channels.push_back(channelOf(header_.signals[group.signals[i]], into.leads[i]));
    if (auto done = fill(group, channels); !done)
        return done;
    warnImplausibleUnits(into);
    return Done{};
}

void EdfRecording::annotations() {
    std::size_t lost = 0;
    for (const auto& list : lists_)
        for (const auto& text : list.texts) {
            if (text.empty())
                continue;
            const auto parts = edf::splitText(text);
            const double sample = std::round((list.onset - start_) * out_.samplingRate);
            if (!(std::abs(sample) < 1e15)) {
                ++lost;
                continue;
            }
            Annotation mark;
            mark.sample = SampleIndex{static_cast<std::int64_t>(std::max(0.0, sample))};
            mark.symbol = parts.symbol;
            mark.text = parts.text;
            mark.source = "edf";
            mark.duration = list.duration.value_or(0);
            const auto found = std::find_if(names_.begin(), names_.end(),
                                            [&](const auto& name) { return name.first == parts.signal; });
            if (!parts.signal.empty() && found != names_.end())
                mark.lead = out_.find(found->second);
            out_.annotations.push_back(std::move(mark));
        }
    std::stable_sort(out_.annotations.begin(), out_.annotations.end(),
                     [](const Annotation& a, const Annotation& b) { return a.sample < b.sample; });
    if (lost > 0)
        warn(WarningCode::Annotation, std::to_string(lost) + " annotations lie beyond any time", "annotations");
}

void EdfRecording::metadata() {
    auto& metadata = out_.metadata;
    metadata.format = "edf";
    const auto patient = edf::patientOf(header_);
    const auto line = edf::recordingOf(header_);
    metadata.patientId = patient.code;
    metadata.identity.patientName = patient.name;
    metadata.identity.birthDate = patient.birthDate;
    metadata.identity.operatorName = line.technician;
    metadata.sex = patient.sex;
    metadata.device = line.equipment;
    metadata.recordedAt = edf::startOf(header_, line);
    metadata.ageYears = timestamp::yearsBetween(patient.birthDate, metadata.recordedAt);
    if (const auto day = edf::startOf(header_, {}).substr(0, 10);
        !line.startDate.empty() && !day.empty() && day != line.startDate && day != "1985-01-01")
        warn(WarningCode::Repaired,
             "two dates of the start contradict each other; that of the recording field was taken", "header");
    filters(groups_.front());
}

// Where all leads say the same.
void EdfRecording::filters(const Group& group) {
    auto& out = out_.metadata.filters;
    bool first = true;
    for (const auto i : group.signals) {
        if (!isEcg(header_.signals[i]) && group.signals.size() > 1 && isEcg(header_.signals[group.signals.front()]))
            continue;
        const auto said = edf::filtersOf(header_.signals[i].prefilter);
        if (first)
            out = said;
        first = false;
        for (const auto field : {&RecorderFilters::highPassHz, &RecorderFilters::lowPassHz, &RecorderFilters::notchHz})
            if (out.*field != said.*field)
                (out.*field).reset();
    }
}

Result<Recording> EdfRecording::read() {
    auto header = edf::readHeader(file_, path_.string());
    if (file_.failure().failed())
        return file_.failure().as<Recording>();
    if (!header)
        return header.as<Recording>();
    header_ = std::move(*header);
    out_.warnings = header_.warnings;
    for (const auto step : {&EdfRecording::countRecords, &EdfRecording::groupSignals, &EdfRecording::scanLists,
                            &EdfRecording::placeRecords, &EdfRecording::chooseRange})
        if (auto done = (this->*step)(); !done)
            return done.as<Recording>();
    if (auto done = samples(groups_.front(), out_); !done)
        return done.as<Recording>();
    for (std::size_t i = 0; i < out_.leads.size(); ++i)
        names_.emplace_back(header_.signals[groups_.front().signals[i]].label, out_.leads[i].name);
    if (!options_.range && !header_.discontinuous && std::cmp_less(records_, header_.records))
        out_.samplesPromised = header_.records * static_cast<std::int64_t>(groups_.front().placement.samplesPerRecord);
    metadata();
    annotations();
    std::string rates;
    for (std::size_t g = 1; g < groups_.size(); ++g) {
        Recording other;
        if (auto done = samples(groups_[g], other); !done)
            return done.as<Recording>();
        other.metadata.format = "edf";
        rates += (rates.empty() ? "" : ", ") + text::shortest(other.samplingRate) + " Hz";
        out_.otherGroups.push_back(std::move(other));
    }
    if (!rates.empty())
        warn(WarningCode::OtherRates, "signals of other sampling rates (" + rates + ") are kept apart", "signals");
    return std::move(out_);
}

} // namespace

int EdfReader::recognises(const FileHead& head) const {
    const auto extension = text::lower(head.path.extension().string());
    return edf::looksLikeHeader(head.bytes, extension == ".edf" || extension == ".bdf") ? 2 : 0;
}

Result<Recording> EdfReader::read(const fs::path& path, const ReadOptions& options) const {
    auto file = edf::File::open(path);
    if (!file)
        return file.as<Recording>();
    return EdfRecording(path, options, std::move(*file)).read();
}

} // namespace precordia
