// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/wfdb_reader.h"

#include "core/base/file.h"
#include "core/io/header_comments.h"
#include "core/io/signal_checks.h"
#include "core/io/text.h"
#include "core/io/timestamp.h"
#include "core/io/units.h"
#include "core/io/wfdb_annotation.h"
#include "core/io/wfdb_header.h"
#include "core/io/wfdb_signal.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace precordia {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kMaxHeaderBytes = 4U << 20U;
constexpr std::uint64_t kMaxSignalBytes = 2ULL << 30U;
constexpr std::uint64_t kMaxAnnotationBytes = 64U << 20U;
constexpr std::uint64_t kMaxSamples = 500'000'000; // all leads together: 2 GB in memory

// Consecutive signals of one file, interleaved frame by frame.
struct Group {
    std::string file;
    std::size_t first = 0; // signal
    std::size_t count = 0;
    std::uint64_t framesThere = 0;
    std::vector<std::byte> bytes;

    std::span<const std::byte> data(std::int64_t offset) const {
        return std::span(bytes).subspan(static_cast<std::size_t>(offset));
    }
};

class Record {
public:
    Record(const fs::path& path, const ReadOptions& options) : path_(path), options_(options) {}
    Result<Recording> read();

private:
    std::string place(int line) const { return path_.string() + ", line " + std::to_string(line); }
    Result<Done> parse();
    Result<Done> group();
    Result<Done> checkSignals() const;
    Result<Done> load(Group& group);
    Result<Done> checkMatrix(const Group& group, const fs::path& file) const;
    Result<Done> settleLength();
    Result<Done> samplesOf(const Group& group);
    void describeLeads();
    void fill(std::size_t signal, std::span<const std::int32_t> raw, bool complete);
    void checkSums(std::size_t signal, std::span<const std::int32_t> raw, bool complete);
    void metadata();
    void annotations();
    void addMarks(wfdb::AnnotationFile file, const std::string& extension);
    void warn(WarningCode code, std::string message, std::string where) {
        out_.warnings.push_back({code, std::move(message), std::move(where)});
    }

    const fs::path& path_;
    const ReadOptions& options_;
    wfdb::Header header_;
    std::vector<Group> groups_;
    std::uint64_t frames_ = 0;
    int perFrame_ = 1; // samples of each signal in a frame
    Recording out_;
};

Result<Done> Record::parse() {
    const auto bytes = readFile(path_, kMaxHeaderBytes);
    if (!bytes)
        return bytes.as<Done>();
    auto header = wfdb::parseHeader(text::utf8(text::asText(*bytes)), path_.string());
    if (!header)
        return header.as<Done>();
    header_ = std::move(*header);
    return Done{};
}

Result<Done> Record::checkSignals() const {
    for (const auto& signal : header_.signals) {
        const auto unsupported = [&](std::string why) {
            return makeError(ErrorCode::FormatUnsupported, std::move(why), place(signal.line));
        };
        if (signal.format == 0 || signal.file == "~")
            return unsupported("a signal without samples (format 0, a layout header) makes no recording");
        if (signal.format == 508 || signal.format == 516 || signal.format == 524)
            return unsupported("signal format " + std::to_string(signal.format) + " (FLAC) is not read yet");
        if (!wfdb::formatInfo(signal.format))
            return unsupported("signal format " + std::to_string(signal.format) + " is not known");
        if (signal.samplesPerFrame != header_.signals.front().samplesPerFrame)
            return unsupported("signals of different sampling rates in one record (" +
                               std::to_string(header_.signals.front().samplesPerFrame) + " and " +
                               std::to_string(signal.samplesPerFrame) + " samples a frame) are not read yet");
        // A header must not reach out of its folder.
        if (fs::path(signal.file).filename().string() != signal.file || signal.file == "." || signal.file == "..")
            return makeError(ErrorCode::FormatInvalid,
                             "the signal file is not a plain file name: '" + signal.file + "'", place(signal.line));
    }
    return Done{};
}

Result<Done> Record::group() {
    for (std::size_t i = 0; i < header_.signals.size(); ++i) {
        const auto& signal = header_.signals[i];
        const auto invalid = [&](std::string why) {
            return makeError(ErrorCode::FormatInvalid, std::move(why), place(signal.line));
        };
        if (!groups_.empty() && groups_.back().file == signal.file) {
            const auto& first = header_.signals[groups_.back().first];
            if (first.format != signal.format)
                return invalid("two formats in the one signal file " + signal.file);
            if (first.byteOffset != signal.byteOffset && signal.byteOffset != 0)
                return invalid("two byte offsets into the one signal file " + signal.file);
            ++groups_.back().count;
            continue;
        }
        const bool again =
            std::any_of(groups_.begin(), groups_.end(), [&](const Group& g) { return g.file == signal.file; });
        if (again)
            return invalid("the signals of " + signal.file + " do not stand together");
        groups_.push_back({signal.file, i, 1, 0, {}});
    }
    return Done{};
}

// The 24 bytes that "16+24" skips are a MAT v4 matrix header: type, rows, columns, imaginary part, name length, "val".
Result<Done> Record::checkMatrix(const Group& group, const fs::path& file) const {
    const auto& first = header_.signals[group.first];
    if (text::lower(file.extension().string()) != ".mat" || first.format != 16 || first.byteOffset < 20)
        return Done{};
    const auto word = [&](std::size_t at) {
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < 4; ++i)
            value |= std::to_integer<std::uint32_t>(group.bytes[at + i]) << 8U * i;
        return value;
    };
    if (text::asText(group.bytes).starts_with("MATLAB 5.0"))
        return makeError(ErrorCode::FormatInvalid, "a MAT file of version 5 where the header promises version 4",
                         file.string());
    constexpr std::uint32_t kInt16 = 30; // little-endian, full matrix of 16-bit integers
    if (word(0) != kInt16)
        return makeError(ErrorCode::FormatInvalid, "not a MAT v4 matrix of little-endian 16-bit integers",
                         file.string());
    if (word(4) != group.count || 20ULL + word(16) != static_cast<std::uint64_t>(first.byteOffset))
        return makeError(ErrorCode::FormatInvalid,
                         "its matrix has " + std::to_string(word(4)) + " rows after " +
                             std::to_string(20ULL + word(16)) + " bytes, the header promises " +
                             std::to_string(group.count) + " signals after " + std::to_string(first.byteOffset),
                         file.string());
    return Done{};
}

Result<Done> Record::load(Group& group) {
    const auto file = path_.parent_path() / group.file;
    const auto& first = header_.signals[group.first];
    auto bytes = readFile(file, kMaxSignalBytes);
    if (bytes.failed() && bytes.error().code == ErrorCode::FileNotFound)
        return makeError(ErrorCode::FileNotFound, "the signal file " + group.file + " is not there", place(first.line));
    if (!bytes)
        return bytes.as<Done>();
    group.bytes = std::move(*bytes);
    if (std::cmp_greater_equal(first.byteOffset, group.bytes.size()))
        return makeError(ErrorCode::FileTruncated,
                         "the samples begin at byte " + std::to_string(first.byteOffset) + " of " +
                             std::to_string(group.bytes.size()),
                         file.string());
    if (auto matrix = checkMatrix(group, file); !matrix)
        return matrix;
    const auto there = wfdb::samplesIn(first.format, group.data(first.byteOffset).size());
    group.framesThere = there / (group.count * static_cast<std::uint64_t>(perFrame_));
    return Done{};
}

// How many frames the recording has: what the header promises, as far as a file holds them.
Result<Done> Record::settleLength() {
    std::uint64_t longest = 0;
    for (const auto& group : groups_)
        longest = std::max(longest, group.framesThere);
    const auto promised = header_.frames ? static_cast<std::uint64_t>(*header_.frames) : longest;
    frames_ = std::min(promised, longest);
    if (!header_.frames)
        warn(WarningCode::LengthUnknown, "the header gives no length; the signal file decides",
             place(header_.recordLine));
    if (frames_ == 0)
        return makeError(ErrorCode::FileTruncated, "no whole frame of samples is there",
                         (path_.parent_path() / groups_[0].file).string());
    for (const auto& group : groups_) {
        if (group.framesThere < promised)
            warn(WarningCode::ShortFile,
                 std::to_string(group.framesThere) + " of " + std::to_string(promised) + " samples a lead are there",
                 group.file);
        else if (group.framesThere > promised + 1) // one more may be the padding of a packed format
            warn(WarningCode::Repaired,
                 std::to_string(group.framesThere - promised) +
                     " samples a lead beyond the header's length were left out",
                 group.file);
    }
    const auto signals = static_cast<std::uint64_t>(header_.signals.size());
    if (frames_ > kMaxSamples / signals / static_cast<std::uint64_t>(perFrame_))
        return makeError(ErrorCode::ValueOutOfRange,
                         std::to_string(frames_) + " frames of " + std::to_string(signals) +
                             " signals are too many to hold",
                         place(header_.recordLine));
    return Done{};
}

void Record::describeLeads() {
    for (std::size_t i = 0; i < header_.signals.size(); ++i) {
        const auto& signal = header_.signals[i];
        Lead lead;
        lead.name = standardLeadName(signal.description);
        if (lead.name.empty())
            lead.name = "signal " + std::to_string(i + 1);
        const auto where = "lead " + lead.name;
        lead.fileUnit = signal.unit;
        const auto factor = microvoltsPer(signal.unit);
        lead.unit = factor ? "uV" : signal.unit;
        lead.quantum = factor.value_or(1) / std::abs(signal.gain);
        if (!signal.gainGiven)
            warn(WarningCode::GainMissing, "the header gives no gain; 200 steps a mV, the format's default, was used",
                 where);
        const auto& standard = standardLeads();
        if (!factor && std::find(standard.begin(), standard.end(), lead.name) != standard.end())
            warn(WarningCode::UnknownUnit, "'" + signal.unit + "' is no voltage we know; the values stay as they are",
                 where);
        out_.leads.push_back(std::move(lead));
    }
    makeLeadNamesUnique(out_);
}

void Record::checkSums(std::size_t signal, std::span<const std::int32_t> raw, bool complete) {
    const auto& spec = header_.signals[signal];
    const auto where = "lead " + out_.leads[signal].name;
    if (!complete || !spec.checksum) // the sum is over all samples that the header promises
        return;
    std::uint32_t sum = 0;
    for (const auto value : raw)
        sum += static_cast<std::uint32_t>(value);
    if ((sum & 0xFFFFU) != static_cast<std::uint32_t>(*spec.checksum))
        warn(WarningCode::Checksum,
             "the samples sum up to " + std::to_string(static_cast<std::int16_t>(sum & 0xFFFFU)) +
                 ", the header says " + std::to_string(static_cast<std::int16_t>(*spec.checksum)),
             where);
    else if (spec.initialGiven && !raw.empty() && spec.format != 8 && raw.front() != spec.initialValue)
        warn(WarningCode::Checksum,
             "the first sample is " + std::to_string(raw.front()) + ", the header says " +
                 std::to_string(spec.initialValue),
             where);
}

// raw: all samples of the signal that the file has, those before sample 0 (skew) included.
void Record::fill(std::size_t signal, std::span<const std::int32_t> raw, bool complete) {
    const auto& spec = header_.signals[signal];
    auto& lead = out_.leads[signal];
    const auto total = static_cast<std::size_t>(frames_) * static_cast<std::size_t>(perFrame_);
    checkSums(signal, raw.first(std::min(raw.size(), total)), complete);
    const auto info = *wfdb::formatInfo(spec.format);
    auto lowest = info.lowest;
    auto highest = info.highest;
    if (spec.adcResolution > 1) { // a 12-bit converter may write 16-bit words
        const auto half = std::int64_t{1} << (spec.adcResolution - 1);
        lowest = std::max(lowest, spec.adcZero - half);
        highest = std::min(highest, spec.adcZero + half - 1);
    }
    const auto skew = static_cast<std::size_t>(spec.skew) * static_cast<std::size_t>(perFrame_);
    const auto shifted = raw.subspan(std::min(skew, raw.size()));
    const auto used = shifted.first(std::min(shifted.size(), total));
    const double unit = std::copysign(lead.quantum, spec.gain);
    lead.samples.assign(total, std::numeric_limits<float>::quiet_NaN());
    bool missing = false;
    for (std::size_t i = 0; i < used.size(); ++i) {
        if (info.missing && used[i] == *info.missing) {
            missing = true;
            continue;
        }
        lead.samples[i] = static_cast<float>(static_cast<double>(used[i] - spec.baseline) * unit);
    }
    if (missing && lowest == info.missing)
        ++lowest; // the code of a missing sample is no clipped one
    warnClipped(out_, lead, clippedSamples(used, lowest, highest));
    if (spec.skew > 0)
        warn(WarningCode::Repaired, "moved by " + std::to_string(spec.skew) + " samples, as the header says (skew)",
             "lead " + lead.name);
}

Result<Done> Record::samplesOf(const Group& group) {
    const auto& first = header_.signals[group.first];
    const auto perFrame = static_cast<std::size_t>(perFrame_);
    std::uint64_t wanted = frames_;
    for (std::size_t s = 0; s < group.count; ++s)
        wanted = std::max(wanted, frames_ + static_cast<std::uint64_t>(header_.signals[group.first + s].skew));
    const auto frames = static_cast<std::size_t>(std::min(wanted, group.framesThere));
    const auto stride = group.count * perFrame;
    const auto all = wfdb::decode(first.format, group.data(first.byteOffset), frames * stride);
    std::vector<std::int32_t> raw(frames * perFrame);
    for (std::size_t s = 0; s < group.count; ++s) {
        if (options_.stop.stop_requested())
            return Cancelled{};
        for (std::size_t f = 0; f < frames; ++f)
            for (std::size_t k = 0; k < perFrame; ++k)
                raw[f * perFrame + k] = all[f * stride + s * perFrame + k];
        if (first.format ==
            8) { // differences from the header's initial value; a sum beyond 32 bits wraps, as its checksum does
            auto value = static_cast<std::uint32_t>(header_.signals[group.first + s].initialValue);
            for (auto& r : raw) {
                value += static_cast<std::uint32_t>(r);
                r = static_cast<std::int32_t>(value);
            }
        }
        fill(group.first + s, raw, !header_.frames || group.framesThere >= static_cast<std::uint64_t>(*header_.frames));
    }
    return Done{};
}

void Record::metadata() {
    out_.name = path_.stem().string();
    out_.samplingRate = header_.frameRate * perFrame_;
    out_.metadata.format = "wfdb";
    out_.metadata.recordedAt = timestamp::fromDateAndTime(header_.date, header_.time);
    applyComments(std::move(header_.comments), out_);
}

void Record::addMarks(wfdb::AnnotationFile file, const std::string& extension) {
    const double scale = out_.samplingRate / file.ticksPerSecond.value_or(header_.frameRate);
    const auto named = out_.find(standardLeadName(extension)); // LUDB: one file a lead
    const bool ofLead =
        std::find(standardLeads().begin(), standardLeads().end(), standardLeadName(extension)) != standardLeads().end();
    std::size_t outside = 0;
    for (auto& mark : file.marks) {
        const double sample = std::round(static_cast<double>(mark.time) * scale);
        if (!(sample >= 0) || sample >= static_cast<double>(out_.samples())) {
            ++outside;
            continue;
        }
        Annotation made;
        made.sample = SampleIndex{static_cast<std::int64_t>(sample)};
        if (ofLead)
            made.lead = named;
        else if (mark.channel && std::cmp_less(*mark.channel, out_.leads.size()))
            made.lead = LeadIndex{*mark.channel};
        made.symbol = std::move(mark.symbol);
        made.text = std::move(mark.text);
        made.source = extension;
        out_.annotations.push_back(std::move(made));
    }
    const auto where = out_.name + "." + extension;
    if (outside > 0)
        warn(WarningCode::Annotation, std::to_string(outside) + " marks lie outside the recording and were left out",
             where);
    if (file.unknownCodes > 0)
        warn(WarningCode::UnknownCode, std::to_string(file.unknownCodes) + " marks have a code without a symbol",
             where);
}

void Record::annotations() {
    for (const auto& extension : wfdb::annotationExtensions()) {
        auto file = path_;
        file.replace_extension(extension);
        std::error_code ec;
        if (!fs::is_regular_file(file, ec))
            continue;
        const auto bytes = readFile(file, kMaxAnnotationBytes);
        if (!bytes) {
            warn(WarningCode::Annotation, bytes.error().message, file.filename().string());
            continue;
        }
        auto parsed = wfdb::parseAnnotations(*bytes, file.filename().string());
        if (parsed)
            addMarks(std::move(*parsed), extension);
        else
            warn(WarningCode::Annotation, parsed.error().message, parsed.error().where);
    }
}

Result<Recording> Record::read() {
    if (auto done = parse(); !done)
        return done.as<Recording>();
    if (auto done = checkSignals(); !done)
        return done.as<Recording>();
    if (auto done = group(); !done)
        return done.as<Recording>();
    perFrame_ = header_.signals.front().samplesPerFrame;
    if (options_.metadataOnly) {
        describeLeads();
        metadata();
        out_.samplesPromised = header_.frames.value_or(0) * perFrame_;
        return std::move(out_);
    }
    for (auto& g : groups_)
        if (auto done = load(g); !done)
            return done.as<Recording>();
    if (auto done = settleLength(); !done)
        return done.as<Recording>();
    describeLeads();
    for (auto& g : groups_) {
        if (auto done = samplesOf(g); !done)
            return done.as<Recording>();
        g.bytes = {};
    }
    metadata();
    out_.samplesPromised = header_.frames.value_or(static_cast<std::int64_t>(frames_)) * perFrame_;
    warnImplausibleUnits(out_);
    if (options_.annotations)
        annotations();
    return std::move(out_);
}

// The header beside a file, when there is one.
std::optional<std::string> headerBeside(const fs::path& path) {
    auto header = path;
    header.replace_extension(".hea");
    std::error_code ec;
    if (header == path || !fs::is_regular_file(header, ec))
        return std::nullopt;
    const auto bytes = readFile(header, kMaxHeaderBytes);
    if (!bytes)
        return std::nullopt;
    return std::string(text::asText(*bytes));
}

} // namespace

int WfdbReader::recognises(const FileHead& head) const {
    if (!text::looksLikeText(head.bytes))
        return 0;
    const bool named = text::lower(head.path.extension().string()) == ".hea";
    const bool header = wfdb::looksLikeHeader(text::asText(head.bytes));
    return named && header ? 2 : named || header ? 1 : 0;
}

bool WfdbReader::isCompanion(const FileHead& head) const {
    const auto extension = text::lower(head.path.extension().string());
    if (extension.empty() || extension == ".hea")
        return false;
    const auto header = headerBeside(head.path);
    if (!header)
        return false;
    if (extension == ".dat")
        return true;
    const auto name = head.path.filename().string();
    for (const auto line : text::lines(*header))
        if (const auto words = text::words(line); !words.empty() && words.front() == name)
            return true;
    const auto& known = wfdb::annotationExtensions();
    if (std::find(known.begin(), known.end(), extension.substr(1)) != known.end())
        return true;
    // Annotators name their files as they like: the end mark tells.
    if (text::looksLikeText(head.bytes))
        return false;
    const auto bytes = readFile(head.path, kMaxAnnotationBytes);
    return bytes.ok() && wfdb::parseAnnotations(*bytes, name).ok();
}

Result<Recording> WfdbReader::read(const fs::path& path, const ReadOptions& options) const {
    return Record(path, options).read();
}

} // namespace precordia
