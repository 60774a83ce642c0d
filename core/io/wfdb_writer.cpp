// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/wfdb_writer.h"

#include "core/io/text.h"
#include "core/io/wfdb_annotation_writer.h"
#include "core/io/wfdb_staged.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace precordia {

namespace fs = std::filesystem;

namespace {

struct Width {
    std::int64_t largest; // the code of "no sample" is the one below -largest
    std::size_t bytes;
    std::int64_t missing() const { return -largest - 1; }
};

std::optional<Width> widthOf(int format) {
    switch (format) {
    case 16:
        return Width{32767, 2};
    case 24:
        return Width{8388607, 3};
    case 32:
        return Width{2147483647, 4};
    default:
        return std::nullopt;
    }
}

bool validRecordName(std::string_view name) {
    return !name.empty() && std::all_of(name.begin(), name.end(),
                                        [](unsigned char c) { return std::isalnum(c) != 0 || c == '_' || c == '-'; });
}

std::string oneLine(std::string_view text) {
    std::string out(text);
    std::replace_if(
        out.begin(), out.end(), [](unsigned char c) { return c < 0x20; }, ' ');
    return out;
}

// "Age: 73", "<age>: 51  <sex>: F"; not "Image: x.png"
bool mentions(const std::vector<std::string>& comments, const std::string& key) {
    return std::any_of(comments.begin(), comments.end(), [&](const std::string& comment) {
        const auto lowered = text::lower(comment);
        return text::trim(lowered).starts_with(key + ":") || lowered.find("<" + key + ">:") != std::string::npos;
    });
}

struct Scale {
    double quantum = 1; // file integers -> unit of the lead
    std::string gainField;
};

Scale scaleOf(const Lead& lead, double quantumUv, const Width& width) {
    const bool voltage = lead.unit == "uV";
    if (voltage && quantumUv > 0)
        return {quantumUv, text::shortest(1000.0 / quantumUv) + "(0)/mV"};
    double largest = 0;
    for (const float v : lead.samples)
        if (std::isfinite(v))
            largest = std::max(largest, static_cast<double>(std::abs(v)));
    const auto most = static_cast<double>(width.largest);
    double quantum = lead.quantum > 0 ? lead.quantum : voltage ? 1.0 : largest / 32767;
    if (largest / std::max(quantum, 1e-300) > most)
        quantum = largest / most;
    if (!(quantum > 0) || !std::isfinite(1000 / quantum))
        quantum = 1;
    if (voltage)
        return {quantum, text::shortest(1000.0 / quantum) + "(0)/mV"};
    std::string unit = lead.unit.empty() ? "NU" : lead.unit;
    std::replace(unit.begin(), unit.end(), ' ', '_');
    const auto gain = text::shortest(1.0 / quantum);
    return {quantum, gain + "(0)/" + oneLine(unit)};
}

// "2003-02-01T12:30:05" -> " 12:30:05 01/02/2003"
std::string baseTime(const std::string& recordedAt) {
    if (recordedAt.size() != 19 || recordedAt[10] != 'T')
        return {};
    return " " + recordedAt.substr(11) + " " + recordedAt.substr(8, 2) + "/" + recordedAt.substr(5, 2) + "/" +
           recordedAt.substr(0, 4);
}

std::string commentLines(const Metadata& metadata) {
    std::string out;
    for (const auto& comment : metadata.comments)
        out += "#" + oneLine(comment) + "\n";
    if (metadata.ageYears && !mentions(metadata.comments, "age"))
        out += "#Age: " + text::shortest(*metadata.ageYears) + "\n";
    if (!metadata.sex.empty() && !mentions(metadata.comments, "sex"))
        out += std::string("#Sex: ") +
               (metadata.sex == "male"     ? "Male"
                : metadata.sex == "female" ? "Female"
                                           : oneLine(metadata.sex)) +
               "\n";
    if (!metadata.diagnosisCodes.empty() && !mentions(metadata.comments, "dx")) {
        out += "#Dx: ";
        for (std::size_t i = 0; i < metadata.diagnosisCodes.size(); ++i)
            out += (i > 0 ? "," : "") + oneLine(metadata.diagnosisCodes[i]);
        out += "\n";
    }
    return out;
}

Result<Done> check(const Recording& recording, const fs::path& path, const WfdbOptions& options) {
    const auto wrong = [&](std::string why) { return makeError(ErrorCode::WrongUse, std::move(why), path.string()); };
    if (recording.leads.empty() || recording.samples() == 0)
        return wrong("a recording without samples cannot be written");
    if (!(recording.samplingRate > 0) || !std::isfinite(recording.samplingRate))
        return wrong("the recording has no sampling rate");
    if (!(options.quantumUv >= 0) || !std::isfinite(options.quantumUv))
        return wrong("the quantum must be positive");
    if (!widthOf(options.format))
        return wrong("WFDB is written in the formats 16, 24 and 32, not " + std::to_string(options.format));
    for (const auto& lead : recording.leads)
        if (lead.samples.size() != recording.samples())
            return wrong("lead " + lead.name + " has another length than the first");
    if (!validRecordName(path.stem().string()))
        return wrong("a WFDB record name has letters, digits, '_' and '-' only");
    return Done{};
}

struct Encoded {
    std::int64_t first = 0;
    std::int16_t checksum = 0;
};

// One lead into every frame of `bytes`.
Result<Encoded> encode(const Lead& lead, double quantum, const Width& width, std::size_t place, std::size_t stride,
                       std::vector<std::byte>& bytes) {
    std::uint32_t sum = 0;
    Encoded out;
    for (std::size_t i = 0; i < lead.samples.size(); ++i) {
        auto code = width.missing();
        if (std::isfinite(lead.samples[i])) {
            const double steps = std::nearbyint(lead.samples[i] / quantum);
            if (std::abs(steps) > static_cast<double>(width.largest))
                return makeError(ErrorCode::ValueOutOfRange,
                                 "lead " + lead.name + ": " + text::shortest(lead.samples[i]) + " " + lead.unit +
                                     " does not fit into " + std::to_string(8 * width.bytes) + " bits in steps of " +
                                     text::shortest(quantum));
            code = static_cast<std::int64_t>(steps);
        }
        out.first = i == 0 ? code : out.first;
        const auto word = static_cast<std::uint32_t>(code);
        sum += word;
        for (std::size_t b = 0; b < width.bytes; ++b)
            bytes[(i * stride + place) * width.bytes + b] = static_cast<std::byte>(word >> (8 * b) & 0xFFU);
    }
    out.checksum = static_cast<std::int16_t>(sum & 0xFFFFU);
    return out;
}

} // namespace

Result<Done> writeWfdb(const Recording& recording, const fs::path& headerPath, const WfdbOptions& options) {
    if (const auto checked = check(recording, headerPath, options); !checked)
        return checked;
    const auto width = *widthOf(options.format);
    const auto leads = recording.leads.size();
    const auto count = recording.samples();
    const auto record = headerPath.stem().string();
    const auto format = std::to_string(options.format);
    auto dataPath = headerPath;
    dataPath.replace_extension(".dat");

    std::vector<std::byte> bytes(leads * count * width.bytes);
    std::string header = record + " " + std::to_string(leads) + " " + text::shortest(recording.samplingRate) + " " +
                         std::to_string(count) + baseTime(recording.metadata.recordedAt) + "\n";
    for (std::size_t l = 0; l < leads; ++l) {
        const auto& lead = recording.leads[l];
        const auto scale = scaleOf(lead, options.quantumUv, width);
        const auto encoded = encode(lead, scale.quantum, width, l, leads, bytes);
        if (!encoded)
            return makeError(encoded.error().code, encoded.error().message, headerPath.string());
        header += dataPath.filename().string() + " " + format + " " + scale.gainField + " " + format + " 0 " +
                  std::to_string(encoded->first) + " " + std::to_string(encoded->checksum) + " 0 " +
                  oneLine(lead.name) + "\n";
    }
    header += commentLines(recording.metadata);
    // The header last: whoever finds it finds its signal too.
    wfdb::Staged files;
    if (auto staged = files.add(dataPath, bytes); !staged)
        return staged;
    if (options.annotations && !recording.annotations.empty()) {
        auto marks = headerPath;
        marks.replace_extension(".atr");
        if (auto staged = files.add(marks, wfdb::encodeAnnotations(recording.annotations)); !staged)
            return staged;
    }
    if (auto staged = files.add(headerPath, header); !staged)
        return staged;
    return files.appear();
}

Result<Done> writeWfdb(const Recording& recording, const fs::path& headerPath, double quantumUv) {
    WfdbOptions options;
    options.quantumUv = quantumUv;
    if (!(quantumUv > 0))
        return makeError(ErrorCode::WrongUse, "the quantum must be positive", headerPath.string());
    return writeWfdb(recording, headerPath, options);
}

} // namespace precordia
