// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/ishne_reader.h"

#include "core/base/file.h"
#include "core/io/byte_cursor.h"
#include "core/io/ishne_annotation.h"
#include "core/io/ishne_header.h"
#include "core/io/scp_demographics.h"
#include "core/io/signal_checks.h"
#include "core/io/text.h"
#include "core/io/timestamp.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

namespace precordia {

namespace fs = std::filesystem;

namespace {

constexpr std::int64_t kMaxSamples = 500'000'000; // all leads together: 2 GB in memory
constexpr std::size_t kChunkBytes = 1U << 20U;
constexpr std::uint64_t kMaxAnnotationBytes = 8U << 20U; // two million beats: more than a week

std::string_view qualityName(int code) {
    switch (code) {
    case 2:
        return "intermittent noise";
    case 3:
        return "frequent noise";
    case 4:
        return "intermittently disconnected";
    case 5:
        return "frequently disconnected";
    default:
        return {}; // good, or not known
    }
}

std::string_view pacemakerName(int code) {
    static constexpr std::string_view kNames[] = {"type not known", "single chamber, unipolar",
                                                  "dual chamber, unipolar", "single chamber, bipolar",
                                                  "dual chamber, bipolar"};
    return code >= 1 && code <= 5 ? kNames[code - 1] : std::string_view();
}

class Record {
public:
    Record(const RandomAccess& bytes, const std::string& file, const ReadOptions& options)
        : bytes_(bytes)
        , file_(file)
        , options_(options) {}

    Result<Recording> read() {
        auto header = ishne::readHeader(bytes_, ishne::kMagic, file_, out_.warnings);
        if (!header)
            return header.as<Recording>();
        header_ = std::move(*header);
        if (auto done = shape(); !done)
            return done.as<Recording>();
        makeLeads();
        metadata();
        if (options_.metadataOnly)
            return std::move(out_);
        if (auto done = samples(); !done)
            return done.as<Recording>();
        warnImplausibleUnits(out_);
        return std::move(out_);
    }

private:
    void warn(WarningCode code, std::string message, std::string where) {
        out_.warnings.push_back({code, std::move(message), std::move(where)});
    }
    Error fail(ErrorCode code, std::string why) const { return makeError(code, std::move(why), file_ + ", header"); }

    Result<Done> shape() {
        if (header_.leads < 1 || header_.leads > static_cast<int>(ishne::kSlots))
            return fail(ErrorCode::FormatInvalid,
                        "it has " + std::to_string(header_.leads) + " leads; the format has room for 1 to 12");
        if (header_.samplingRate < 1)
            return fail(ErrorCode::FormatInvalid,
                        "its sampling rate is " + std::to_string(header_.samplingRate) + " Hz");
        const auto length = ishne::lengthOf(header_, bytes_.size());
        if (length.there == 0)
            return fail(ErrorCode::FileTruncated,
                        "no whole sample of its " + std::to_string(header_.leads) + " leads is there");
        length_ = length.read;
        if (length.promised == 0)
            warn(WarningCode::LengthUnknown, "the header gives no length; the file decides", "header");
        else if (length.promised > length.there)
            warn(WarningCode::ShortFile,
                 std::to_string(length.there) + " of " + std::to_string(length.promised) + " samples a lead are there",
                 "samples");
        else if (length.promised < length.there)
            warn(WarningCode::LengthContradiction,
                 "the header promises " + std::to_string(length.promised) + " samples a lead, the file has " +
                     std::to_string(length.there) + "; what the header promises was read",
                 "samples");
        if ((bytes_.size() - header_.dataAt) % (2 * static_cast<std::uint64_t>(header_.leads)) != 0)
            warn(WarningCode::LengthContradiction, "the file does not end with a whole sample of all leads", "samples");
        out_.samplingRate = header_.samplingRate;
        out_.samplesPromised = options_.range || length.promised == 0 ? length.read : length.promised;
        return Done{};
    }

    void makeLeads() {
        for (std::size_t l = 0; l < static_cast<std::size_t>(header_.leads); ++l) {
            Lead lead;
            lead.name = ishne::leadName(header_.leadCodes[l]);
            if (lead.name.empty()) {
                lead.name = "lead " + std::to_string(l + 1);
                if (header_.leadCodes[l] != 0 && header_.leadCodes[l] != 1 && header_.leadCodes[l] != -9)
                    warn(WarningCode::UnknownCode, "no lead has the code " + std::to_string(header_.leadCodes[l]),
                         lead.name);
            }
            lead.fileUnit = "nV";
            auto resolution = header_.resolutionNv[l];
            if (resolution <= 0) {
                warn(WarningCode::GainMissing, "the file gives no resolution; its integers are taken for microvolts",
                     "lead " + lead.name);
                resolution = 1000;
            }
            lead.quantum = resolution / 1000.0;
            if (const auto quality = qualityName(header_.quality[l]); !quality.empty())
                out_.metadata.comments.push_back("lead " + lead.name + ": " + std::string(quality));
            out_.leads.push_back(std::move(lead));
        }
        makeLeadNamesUnique(out_);
    }

    void metadata() {
        auto& metadata = out_.metadata;
        metadata.format = "ishne";
        metadata.patientId = header_.id;
        const bool both = !header_.firstName.empty() && !header_.lastName.empty();
        metadata.identity.patientName = header_.lastName + (both ? ", " : "") + header_.firstName;
        metadata.identity.birthDate = header_.birthDate;
        metadata.sex = header_.sex == 1 ? "male" : header_.sex == 2 ? "female" : "";
        metadata.recordedAt = header_.recordDate.empty() || header_.startTime.empty()
                                  ? header_.recordDate
                                  : header_.recordDate + "T" + header_.startTime;
        metadata.ageYears = timestamp::yearsBetween(header_.birthDate, header_.recordDate);
        metadata.device = header_.recorder;
        if (const auto pacemaker = pacemakerName(header_.pacemaker); !pacemaker.empty())
            metadata.comments.push_back("pacemaker: " + std::string(pacemaker));
        for (const auto& [what, words] :
             {std::pair("proprietary", &header_.proprietary), {"copyright", &header_.copyright}})
            if (!words->empty())
                metadata.comments.push_back(std::string(what) + ": " + *words);
        metadata.comments.insert(metadata.comments.end(), header_.text.begin(), header_.text.end());
    }

    Result<Done> samples() {
        std::int64_t first = 0;
        auto count = length_;
        if (options_.range) {
            first = std::clamp<std::int64_t>(options_.range->first, 0, length_);
            count = std::clamp<std::int64_t>(options_.range->count, 0, length_ - first);
            out_.firstSample = first;
        }
        if (count > kMaxSamples / header_.leads)
            return makeError(ErrorCode::ValueOutOfRange,
                             std::to_string(count) + " samples of " + std::to_string(header_.leads) +
                                 " leads are too many to hold; read a part",
                             file_);
        const auto leads = out_.leads.size();
        for (auto& lead : out_.leads)
            lead.samples.resize(static_cast<std::size_t>(count));
        const auto frame = 2 * leads;
        const auto perChunk = static_cast<std::int64_t>(kChunkBytes / frame);
        std::vector<std::byte> chunk;
        std::vector<ClipCounter> clips(leads, ClipCounter(-32768, 32767));
        for (std::int64_t done = 0; done < count; done += perChunk) {
            if (options_.stop.stop_requested())
                return Cancelled{};
            const auto frames = static_cast<std::size_t>(std::min(perChunk, count - done));
            chunk.resize(frames * frame);
            if (auto got = bytes_.read(header_.dataAt + static_cast<std::uint64_t>(first + done) * frame, chunk); !got)
                return got;
            for (std::size_t l = 0; l < leads; ++l) {
                for (std::size_t f = 0; f < frames; ++f) {
                    const auto at = f * frame + 2 * l;
                    const auto word = std::to_integer<unsigned>(chunk[at]) | std::to_integer<unsigned>(chunk[at + 1])
                                                                                 << 8U;
                    const auto value = static_cast<std::int16_t>(word);
                    clips[l].add(value);
                    out_.leads[l].samples[static_cast<std::size_t>(done) + f] =
                        static_cast<float>(value * out_.leads[l].quantum);
                }
            }
        }
        for (std::size_t l = 0; l < leads; ++l)
            warnClipped(out_, out_.leads[l], clips[l].clipped());
        return Done{};
    }

    const RandomAccess& bytes_;
    const std::string& file_;
    const ReadOptions& options_;
    ishne::Header header_;
    std::int64_t length_ = 0;
    Recording out_;
};

void addAnnotations(const fs::path& path, std::int64_t samples, Recording& recording) {
    const auto place = path.filename().string();
    const auto refuse = [&](const std::string& why) {
        recording.warnings.push_back({WarningCode::Annotation, why, place});
    };
    const auto bytes = readFile(path, kMaxAnnotationBytes);
    if (!bytes)
        return refuse(failureText(bytes));
    auto file = ishne::parseAnnotations(*bytes, place);
    if (!file)
        return refuse(failureText(file));
    for (auto& warning : file->warnings)
        recording.warnings.push_back({warning.code, std::move(warning.message), place + ", " + warning.where});
    if (file->samplingRate != static_cast<int>(recording.samplingRate))
        recording.warnings.push_back({WarningCode::RateContradiction,
                                      "its header says " + std::to_string(file->samplingRate) +
                                          " Hz, the recording's " + text::shortest(recording.samplingRate) + " Hz",
                                      place});
    const auto beyond =
        std::erase_if(file->annotations, [&](const Annotation& a) { return a.sample.value >= samples; });
    if (beyond > 0)
        refuse(std::to_string(beyond) + " annotations lie beyond the end of the recording; left out");
    std::move(file->annotations.begin(), file->annotations.end(), std::back_inserter(recording.annotations));
}

} // namespace

ishne::Length ishne::lengthOf(const Header& header, std::uint64_t fileBytes) {
    Length out;
    if (header.leads < 1 || fileBytes < header.dataAt)
        return out;
    out.there = static_cast<std::int64_t>((fileBytes - header.dataAt) / (2 * static_cast<std::uint64_t>(header.leads)));
    // Some writers count the samples of all leads together.
    const bool together = header.samples == out.there * header.leads;
    out.promised = together ? out.there : std::max<std::int64_t>(header.samples, 0);
    out.read = out.promised == 0 ? out.there : std::min(out.promised, out.there);
    return out;
}

fs::path ishneAnnotationsBeside(const fs::path& path) {
    for (const char* extension : {".ann", ".ANN"}) {
        auto beside = path;
        beside.replace_extension(extension);
        if (std::error_code ec; beside != path && fs::is_regular_file(beside, ec))
            return beside;
    }
    return {};
}

int IshneReader::recognises(const FileHead& head) const {
    return text::asText(head.bytes).starts_with(ishne::kMagic) ? 2 : 0;
}

bool IshneReader::isCompanion(const FileHead& head) const {
    if (!text::asText(head.bytes).starts_with(ishne::kAnnotationMagic))
        return false;
    for (const char* extension : {".ecg", ".ECG"}) {
        auto beside = head.path;
        beside.replace_extension(extension);
        const auto bytes = readFileHead(beside, ishne::kMagic.size());
        if (bytes.ok() && text::asText(*bytes) == ishne::kMagic)
            return true;
    }
    return false;
}

Result<Recording> IshneReader::read(const fs::path& path, const ReadOptions& options) const {
    const auto bytes = RandomAccess::open(path);
    if (!bytes)
        return bytes.as<Recording>();
    auto recording = readIshne(**bytes, path.string(), options);
    if (!recording)
        return recording;
    recording->name = path.stem().string();
    if (const auto beside = ishneAnnotationsBeside(path); options.annotations && !beside.empty()) {
        const auto length = options.range || recording->samples() == 0
                                ? recording->samplesPromised
                                : static_cast<std::int64_t>(recording->samples());
        addAnnotations(beside, length, *recording);
    }
    return recording;
}

Result<Recording> readIshne(const RandomAccess& bytes, const std::string& file, const ReadOptions& options) {
    return Record(bytes, file, options).read();
}

} // namespace precordia
