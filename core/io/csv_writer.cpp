// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/csv_writer.h"

#include "core/base/file.h"
#include "core/io/text.h"

#include <array>
#include <charconv>
#include <cmath>
#include <string>

namespace precordia {

namespace {

// Nanoseconds are finer than any sampling rate needs; trailing zeros say nothing.
std::string timeText(double seconds) {
    std::array<char, 64> buffer{};
    const auto end =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), seconds, std::chars_format::fixed, 9).ptr;
    std::string out(buffer.data(), end);
    out.erase(out.find_last_not_of('0') + 1);
    if (out.ends_with('.'))
        out.pop_back();
    return out;
}

// A name may hold what would break the table apart.
std::string heading(const Lead& lead) {
    std::string cell = lead.name;
    if (lead.unit != "uV")
        cell += " (" + lead.unit + ")";
    if (cell.find_first_of(",;\"\r\n\t") == std::string::npos)
        return cell;
    std::string quoted = "\"";
    for (const char c : cell)
        quoted += c == '"' ? '\'' : c == '\r' || c == '\n' ? ' ' : c;
    return quoted + "\"";
}

} // namespace

Result<Done> writeCsv(const Recording& recording, const std::filesystem::path& path) {
    if (!(recording.samplingRate > 0) || !std::isfinite(recording.samplingRate))
        return makeError(ErrorCode::WrongUse, "the recording has no sampling rate", path.string());
    std::string out = "time_s";
    for (const auto& lead : recording.leads) {
        if (lead.samples.size() != recording.samples())
            return makeError(ErrorCode::WrongUse, "lead " + lead.name + " has another length than the first",
                             path.string());
        out += "," + heading(lead);
    }
    out += "\n";
    for (std::size_t i = 0; i < recording.samples(); ++i) {
        out += timeText(static_cast<double>(i) / recording.samplingRate);
        for (const auto& lead : recording.leads) {
            out += ',';
            if (std::isfinite(lead.samples[i]))
                out += text::shortest(lead.samples[i]);
        }
        out += '\n';
    }
    return writeFileAtomically(path, out);
}

} // namespace precordia
