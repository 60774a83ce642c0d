// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/wfdb_writer.h"

#include "core/base/file.h"
#include "core/io/text.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

namespace precordia {

namespace fs = std::filesystem;

namespace {

constexpr int kMissing = -32768; // the format's code for "no sample"
constexpr int kLargest = 32767;

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

Scale scaleOf(const Lead& lead, double quantumUv) {
    if (lead.unit == "uV")
        return {quantumUv, text::shortest(1000.0 / quantumUv) + "(0)/mV"};
    double largest = 0;
    for (const float v : lead.samples)
        if (std::isfinite(v))
            largest = std::max(largest, static_cast<double>(std::abs(v)));
    double quantum = lead.quantum > 0 ? lead.quantum : largest / kLargest;
    if (largest / std::max(quantum, 1e-300) > kLargest)
        quantum = largest / kLargest;
    if (!(quantum > 0))
        quantum = 1;
    std::string unit = lead.unit.empty() ? "NU" : lead.unit;
    std::replace(unit.begin(), unit.end(), ' ', '_');
    const auto gain = text::shortest(1.0 / quantum);
    return {quantum, gain + "(0)/" + oneLine(unit)};
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

Result<Done> check(const Recording& recording, const fs::path& path, double quantumUv) {
    const auto wrong = [&](std::string why) { return makeError(ErrorCode::WrongUse, std::move(why), path.string()); };
    if (recording.leads.empty() || recording.samples() == 0)
        return wrong("a recording without samples cannot be written");
    if (!(recording.samplingRate > 0) || !std::isfinite(recording.samplingRate))
        return wrong("the recording has no sampling rate");
    if (!(quantumUv > 0) || !std::isfinite(quantumUv))
        return wrong("the quantum must be positive");
    for (const auto& lead : recording.leads)
        if (lead.samples.size() != recording.samples())
            return wrong("lead " + lead.name + " has another length than the first");
    if (!validRecordName(path.stem().string()))
        return wrong("a WFDB record name has letters, digits, '_' and '-' only");
    return Done{};
}

} // namespace

Result<Done> writeWfdb(const Recording& recording, const fs::path& headerPath, double quantumUv) {
    if (const auto checked = check(recording, headerPath, quantumUv); !checked)
        return checked;
    const auto leads = recording.leads.size();
    const auto count = recording.samples();
    const auto record = headerPath.stem().string();
    auto dataPath = headerPath;
    dataPath.replace_extension(".dat");

    std::vector<std::byte> bytes(leads * count * 2);
    std::string header = record + " " + std::to_string(leads) + " " + text::shortest(recording.samplingRate) + " " +
                         std::to_string(count) + "\n";
    for (std::size_t l = 0; l < leads; ++l) {
        const auto& lead = recording.leads[l];
        const auto scale = scaleOf(lead, quantumUv);
        std::uint16_t checksum = 0;
        int first = 0;
        for (std::size_t i = 0; i < count; ++i) {
            int code = kMissing;
            if (std::isfinite(lead.samples[i])) {
                const double steps = std::nearbyint(lead.samples[i] / scale.quantum);
                if (std::abs(steps) > kLargest)
                    return makeError(ErrorCode::ValueOutOfRange,
                                     "lead " + lead.name + ": " + text::shortest(lead.samples[i]) + " " + lead.unit +
                                         " does not fit into 16 bits in steps of " + text::shortest(scale.quantum),
                                     headerPath.string());
                code = static_cast<int>(steps);
            }
            const auto word = static_cast<std::uint16_t>(code);
            checksum = static_cast<std::uint16_t>(checksum + word);
            first = i == 0 ? code : first;
            const auto at = (i * leads + l) * 2;
            bytes[at] = static_cast<std::byte>(word & 0xFFU);
            bytes[at + 1] = static_cast<std::byte>(word >> 8U);
        }
        header += dataPath.filename().string() + " 16 " + scale.gainField + " 16 0 " + std::to_string(first) + " " +
                  std::to_string(static_cast<std::int16_t>(checksum)) + " 0 " + oneLine(lead.name) + "\n";
    }
    header += commentLines(recording.metadata);
    // The header last: whoever finds it finds its signal too.
    if (auto written = writeFileAtomically(dataPath, bytes); !written)
        return written;
    return writeFileAtomically(headerPath, header);
}

} // namespace precordia
