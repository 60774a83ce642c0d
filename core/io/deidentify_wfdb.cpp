// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/deidentify_wfdb.h"

#include "core/base/file.h"
#include "core/io/byte_cursor.h"
#include "core/io/deidentify_wfdb_text.h"
#include "core/io/text.h"
#include "core/io/timestamp.h"
#include "core/io/wfdb_annotation.h"
#include "core/io/wfdb_flac.h"
#include "core/io/wfdb_leads.h"
#include "core/io/wfdb_segment.h"
#include "core/io/wfdb_staged.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <set>
#include <utility>

namespace precordia {

namespace fs = std::filesystem;
using namespace wfdb;

namespace {

constexpr std::uint64_t kMaxAnnotationBytes = 64U << 20U;
constexpr auto kEverything = std::uint64_t{1} << 47;

bool validRecordName(std::string_view name) {
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
    });
}

// "12:30:05.250", "31:51.982"; "" for what is no time of day
std::string clockTime(std::string_view word) {
    const bool clean = word.size() <= 15 && word.find(':') != word.npos &&
                       word.find_first_not_of("0123456789:.") == std::string_view::npos;
    return clean ? std::string(word) : std::string();
}

class Deidentification {
public:
    Deidentification(const fs::path& in, const fs::path& out, const IdentityMap& identities)
        : in_(in)
        , out_(out)
        , identities_(identities) {}
    Result<DeidentifyReport> run();

private:
    Result<Done> single(Segment& segment, const std::string& record);
    Result<Done> segments(Segment& master);
    Result<Done> annotations();
    std::string recordLine(const Header& header, const std::string& record, std::size_t signals);
    std::string signalLine(const SignalSpec& signal, const std::string& file, std::string format);
    std::string commentLines(const std::vector<std::string>& comments);
    Result<std::string> copyData(const Segment& segment, const SignalGroup& group);
    std::uint64_t promisedFrames(const Segment& segment) const;
    Result<Done> copyPlain(const Segment& segment, const SignalGroup& group, const fs::path& to);
    Result<Done> copyFlac(const Segment& segment, const SignalGroup& group, const fs::path& to);
    Result<Done> stageHeader(const std::string& record, const std::string& text);
    Result<Done> free(const fs::path& path) const;
    void gone(std::string what) { gone_.insert(std::move(what)); }

    fs::path in_, out_;
    const IdentityMap& identities_;
    std::string patient_;
    Staged files_;
    std::vector<std::pair<fs::path, std::string>> headers_; // they appear behind the signal files
    std::map<std::string, std::string> data_;               // source, offset and length: its new name
    std::map<std::string, std::string> channels_;           // a description that may tell something: its new name
    std::set<std::string> gone_;
    std::size_t comments_ = 0, texts_ = 0;
    std::int64_t framesInRecord_ = 0; // the most that the record says of the segment at hand
};

Result<Done> Deidentification::free(const fs::path& path) const {
    if (std::error_code ec; fs::exists(path, ec))
        return makeError(ErrorCode::AlreadyExists, "it is not overwritten", path.string());
    return Done{};
}

std::string Deidentification::recordLine(const Header& header, const std::string& record, std::size_t signals) {
    auto line = record;
    if (header.segments > 0)
        line += "/" + std::to_string(header.segments);
    line += " " + std::to_string(signals) + " " + text::shortest(header.frameRate);
    if (header.counterFrequency != header.frameRate || header.baseCounter != 0)
        gone("counter of the recorder");
    const auto clock = clockTime(header.time);
    const auto moved =
        shiftedDate(timestamp::fromDateAndTime(header.date, header.time), identities_.dateShiftDays(patient_));
    if (!header.date.empty())
        gone(moved.empty() || clock.empty() ? "base date" : "base date (moved)");
    if (header.frames || header.variableLayout() || !clock.empty())
        line += " " + std::to_string(header.frames.value_or(0));
    if (clock.empty())
        return line + "\n";
    line += " " + clock;
    if (moved.size() >= 10)
        line += " " + moved.substr(8, 2) + "/" + moved.substr(5, 2) + "/" + moved.substr(0, 4);
    return line + "\n";
}

std::string Deidentification::signalLine(const SignalSpec& signal, const std::string& file, std::string format) {
    if (signal.samplesPerFrame > 1)
        format += "x" + std::to_string(signal.samplesPerFrame);
    if (signal.skew > 0)
        format += ":" + std::to_string(signal.skew);
    auto line = file + " " + format + " ";
    auto unit = signal.unit;
    if (!knownUnit(unit)) {
        gone("unit of a signal");
        unit = "NU";
    }
    line += signal.gainGiven ? text::shortest(signal.gain) : "0";
    line += "(" + std::to_string(signal.baseline) + ")/" + unit;
    auto description = signal.description;
    if (!description.empty() && !knownDescription(description)) {
        gone("description of a signal");
        // One name for one, in all segments and their layout; the reader calls what has no name "signal N", and
        // prefers ECG leads where rates differ.
        auto& name = channels_[description];
        if (name.empty())
            name = (namesEcg(description) ? "ECG channel " : "channel ") + std::to_string(channels_.size());
        description = name;
    }
    line += " " + std::to_string(signal.adcResolution) + " " + std::to_string(signal.adcZero);
    // Fields may only end the line: a description needs those before it.
    if (!signal.initialGiven && description.empty())
        return line + "\n";
    line += " " + std::to_string(signal.initialValue);
    if (!signal.checksum && description.empty())
        return line + "\n";
    const auto checksum = static_cast<std::int16_t>(static_cast<std::uint16_t>(signal.checksum.value_or(0)));
    return line + " " + std::to_string(checksum) + " 0 " + description + "\n";
}

std::string Deidentification::commentLines(const std::vector<std::string>& comments) {
    std::string out;
    for (const auto& line : clinicalComments(comments, comments_))
        out += "#" + line + "\n";
    return out;
}

// What the header of a segment says, or the record, whose word the reader takes.
std::uint64_t Deidentification::promisedFrames(const Segment& segment) const {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(segment.header().frames.value_or(0), framesInRecord_));
}

// The samples alone, from the beginning of the new file; a MAT v4 matrix keeps its header of numbers.
Result<Done> Deidentification::copyPlain(const Segment& segment, const SignalGroup& group, const fs::path& to) {
    const auto& header = segment.header();
    std::uint64_t skew = 0;
    for (std::size_t s = 0; s < group.count; ++s)
        skew = std::max(skew, static_cast<std::uint64_t>(header.signals[group.first + s].skew));
    const auto frames = header.frames ? std::min(group.framesThere, promisedFrames(segment) + skew) : group.framesThere;
    const auto groups = (frames * group.samplesPerFrame + group.format.groupSamples - 1) / group.format.groupSamples;
    const auto there = group.data->size() - group.byteOffset;
    const auto count = std::min(groups * group.format.groupBytes, there);
    if (count < there)
        gone("bytes behind the samples");
    std::vector<std::byte> head;
    if (to.extension() == ".mat") {
        head.resize(20);
        if (const auto got = group.data->readSome(0, head); !got)
            return got.as<Done>();
        head.resize(static_cast<std::size_t>(group.byteOffset), std::byte{0}); // the name: "val" and zeros
        for (std::size_t i = 0; i < 3 && 20 + i < head.size(); ++i)
            head[20 + i] = static_cast<std::byte>("val"[i]);
    } else if (group.byteOffset > 0) {
        gone("bytes before the samples");
    }
    return files_.addCopy(to, head, *group.data, group.byteOffset, count);
}

// Of a stream's own blocks only those that describe the samples.
Result<Done> Deidentification::copyFlac(const Segment& segment, const SignalGroup& group, const fs::path& to) {
    const auto source = segment.path().parent_path() / group.file;
    // Decoding all of it shows that there is nothing but frames.
    if (auto all = readFlac(source, group.count, static_cast<unsigned>(group.format.format - 500), 0, kEverything, {});
        !all)
        return makeError(ErrorCode::FormatUnsupported,
                         "the FLAC stream holds more than its samples, or is broken: " + failureText(all),
                         source.string());
    constexpr std::uint64_t kMaxBlocks = 64U << 20U;
    std::vector<std::byte> bytes(static_cast<std::size_t>(std::min(group.data->size(), kMaxBlocks)));
    const auto got = group.data->readSome(0, bytes);
    if (!got)
        return got.as<Done>();
    bytes.resize(*got);
    ByteCursor cursor(bytes, std::endian::big);
    if (cursor.characters(4) != "fLaC")
        return makeError(ErrorCode::FormatUnsupported, "the FLAC stream does not begin its file", source.string());
    std::vector<std::byte> head(bytes.begin(), bytes.begin() + 4);
    std::size_t lastBlock = 0; // in head
    for (bool last = false; !last;) {
        const auto kind = cursor.u8();
        const auto size = cursor.bytes(3);
        if (cursor.failed())
            break;
        last = (kind & 0x80U) != 0;
        const auto length = std::to_integer<std::size_t>(size[0]) << 16U | std::to_integer<std::size_t>(size[1]) << 8U |
                            std::to_integer<std::size_t>(size[2]);
        const auto content = cursor.bytes(length);
        if (cursor.failed())
            break;
        constexpr unsigned kStreamInfo = 0;
        constexpr std::size_t kStreamInfoBytes = 34;
        const auto type = kind & 0x7FU;
        if (type != kStreamInfo || length != kStreamInfoBytes) { // decoders need no other
            gone("blocks of a FLAC stream");
            continue;
        }
        lastBlock = head.size();
        head.push_back(static_cast<std::byte>(type));
        head.insert(head.end(), size.begin(), size.end());
        head.insert(head.end(), content.begin(), content.end());
    }
    if (cursor.failed() || lastBlock == 0)
        return makeError(ErrorCode::FormatUnsupported, "the blocks of the FLAC stream have no end", source.string());
    head[lastBlock] |= std::byte{0x80};
    return files_.addCopy(to, head, *group.data, cursor.position(), group.data->size() - cursor.position());
}

// The new name of a signal file; each part of a file is copied once.
Result<std::string> Deidentification::copyData(const Segment& segment, const SignalGroup& group) {
    const auto key = group.file + "\n" + std::to_string(group.byteOffset) + "\n" +
                     (segment.header().frames ? std::to_string(promisedFrames(segment)) : "") + "\n" +
                     std::to_string(group.samplesPerFrame) + "\n" + std::to_string(group.format.format);
    if (const auto known = data_.find(key); known != data_.end())
        return known->second;
    const bool matrix = group.format.format == 16 && group.byteOffset >= 20 &&
                        text::lower(fs::path(group.file).extension().string()) == ".mat";
    auto name = out_.stem().string();
    if (!data_.empty())
        name += "_" + std::to_string(data_.size() + 1);
    name += matrix ? ".mat" : ".dat";
    const auto to = out_.parent_path() / name;
    if (auto unused = free(to); !unused)
        return unused.as<std::string>();
    const auto copied = group.format.flac() ? copyFlac(segment, group, to) : copyPlain(segment, group, to);
    if (!copied)
        return copied.as<std::string>();
    data_.emplace(key, name);
    return name;
}

Result<Done> Deidentification::stageHeader(const std::string& record, const std::string& text) {
    const auto path = out_.parent_path() / (record + ".hea");
    if (auto unused = free(path); !unused)
        return unused;
    headers_.emplace_back(path, text);
    return Done{};
}

// A record or a segment; a layout header has no files.
Result<Done> Deidentification::single(Segment& segment, const std::string& record) {
    const auto& header = segment.header();
    auto text = recordLine(header, record, header.signals.size());
    const bool layout = std::all_of(header.signals.begin(), header.signals.end(),
                                    [](const SignalSpec& s) { return s.file == "~" && s.format == 0; });
    if (layout) {
        for (std::size_t i = 0; i < header.signals.size(); ++i)
            text += signalLine(header.signals[i], "~", "0");
    } else {
        if (auto grouped = segment.group(); !grouped)
            return grouped;
        if (auto opened = segment.open({0, 0}, {}); !opened)
            return opened;
        for (const auto& group : segment.groups()) {
            const auto name = copyData(segment, group);
            if (!name)
                return name.as<Done>();
            auto format = std::to_string(group.format.format);
            // What came before the samples is gone, but for the header of a matrix and the samples of a stream.
            const bool kept = group.format.flac() || name->ends_with(".mat");
            for (std::size_t s = 0; s < group.count; ++s) {
                auto line = signalLine(header.signals[group.first + s], *name, format);
                if (kept && group.byteOffset > 0)
                    line.insert(line.find(' ', name->size() + 1), "+" + std::to_string(group.byteOffset));
                text += line;
            }
        }
        segment.close();
    }
    return stageHeader(record, text + commentLines(header.comments));
}

Result<Done> Deidentification::segments(Segment& master) {
    const auto& header = master.header();
    const auto stem = out_.stem().string();
    std::map<std::string, std::string> names;
    std::map<std::string, std::int64_t> longest;
    for (const auto& spec : header.segmentList) {
        auto& frames = longest[spec.name];
        frames = std::max(frames, static_cast<std::int64_t>(spec.frames));
    }
    auto text = recordLine(header, stem, static_cast<std::size_t>(header.signalCount));
    for (const auto& spec : header.segmentList) {
        std::string name = "~";
        if (!spec.gap()) {
            const auto [it, isNew] = names.emplace(spec.name, std::string());
            if (isNew) {
                char number[16];
                std::snprintf(number, sizeof number, "%04u", static_cast<unsigned>(names.size()));
                it->second = stem + (spec.frames == 0 ? std::string("_layout") : "_s" + std::string(number));
                auto segment = Segment::parse(in_.parent_path() / (spec.name + ".hea"));
                if (!segment)
                    return segment.as<Done>();
                if (segment->header().segments > 0)
                    return makeError(ErrorCode::FormatInvalid, "the segment " + spec.name + " has segments itself",
                                     in_.string() + ", line " + std::to_string(spec.line));
                framesInRecord_ = longest[spec.name];
                if (auto done = single(*segment, it->second); !done)
                    return done;
            }
            name = it->second;
        }
        text += name + " " + std::to_string(spec.frames) + "\n";
    }
    return stageHeader(stem, text + commentLines(header.comments));
}

Result<Done> Deidentification::annotations() {
    for (const auto& extension : annotationExtensions()) {
        auto source = in_;
        source.replace_extension(extension);
        const auto bytes = readFile(source, kMaxAnnotationBytes);
        if (bytes.failed() && bytes.error().code == ErrorCode::FileNotFound)
            continue;
        const auto clean = bytes ? clinicalAnnotations(*bytes, texts_) : std::vector<std::byte>();
        if (clean.empty()) {
            gone("annotations ." + extension + " (not readable)");
            continue;
        }
        auto to = out_;
        to.replace_extension(extension);
        if (auto unused = free(to); !unused)
            return unused;
        if (auto staged = files_.add(to, clean); !staged)
            return staged;
    }
    return Done{};
}

Result<DeidentifyReport> Deidentification::run() {
    std::error_code ec;
    if (!fs::exists(in_, ec) && fs::is_regular_file(in_.string() + ".hea", ec))
        in_ += ".hea"; // a record may be named without its extension
    if (out_.extension() != ".hea")
        out_ += ".hea";
    if (!validRecordName(out_.stem().string()))
        return makeError(ErrorCode::WrongUse, "a WFDB record name has letters, digits, '_' and '-' only",
                         out_.string());
    auto master = Segment::parse(in_);
    if (!master)
        return master.as<DeidentifyReport>();
    patient_ = patientIn(master->header().comments);
    if (patient_.empty())
        patient_ = in_.stem().string();
    const auto done = master->header().segments > 0 ? segments(*master) : single(*master, out_.stem().string());
    if (!done)
        return done.as<DeidentifyReport>();
    if (const auto marks = annotations(); !marks)
        return marks.as<DeidentifyReport>();
    for (const auto& [path, text] : headers_)
        if (const auto staged = files_.add(path, text); !staged)
            return staged.as<DeidentifyReport>();
    gone("record and file names");
    if (comments_ > 0)
        gone("comments (" + std::to_string(comments_) + " lines dropped or rewritten)");
    if (texts_ > 0)
        gone("texts of annotations (" + std::to_string(texts_) + ")");
    DeidentifyReport report;
    report.removed.assign(gone_.begin(), gone_.end());
    report.written = files_.paths();
    // `out` first, its companions behind it.
    if (const auto it = std::find(report.written.begin(), report.written.end(), out_); it != report.written.end())
        std::rotate(report.written.begin(), it, it + 1);
    if (const auto appeared = files_.appear(); !appeared)
        return appeared.as<DeidentifyReport>();
    return report;
}

} // namespace

Result<DeidentifyReport> deidentifyWfdb(const fs::path& in, const fs::path& out, const IdentityMap& identities) {
    return Deidentification(in, out, identities).run();
}

} // namespace precordia
