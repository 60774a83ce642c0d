// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/output_file.h"

#include "core/base/file.h"
#include "core/io/record_path.h"
#include "core/io/text.h"
#include "core/io/wfdb_header.h"

#include <algorithm>

namespace precordia::cli {

namespace {

namespace fs = std::filesystem;

// The file and what is read with it; of a record of segments also those of each.
void addInputs(const fs::path& input, std::vector<fs::path>& out, bool segments) {
    constexpr std::uint64_t kMostBytes = 4U << 20U;
    out.push_back(input);
    if (text::lower(input.extension().string()) != ".hea")
        return;
    const auto bytes = readFile(input, kMostBytes);
    if (!bytes)
        return;
    const auto header = wfdb::parseHeader(text::asText(*bytes), input.string());
    if (!header)
        return;
    for (const auto& signal : header->signals)
        out.push_back(input.parent_path() / signal.file);
    if (segments)
        for (const auto& segment : header->segmentList)
            if (!segment.gap())
                addInputs(input.parent_path() / (segment.name + ".hea"), out, false);
}

} // namespace

void addForce(CLI::App& command, bool& force) {
    command.add_flag("--force", force, "Write over what is there; else an existing file is refused");
}

Result<Done> mayWrite(const std::vector<fs::path>& outputs, bool force, const fs::path& input) {
    std::vector<fs::path> inputs;
    if (!input.empty())
        addInputs(recordPath(input), inputs, true);
    for (const auto& output : outputs) {
        std::error_code ec;
        if (!fs::exists(output, ec))
            continue;
        if (std::any_of(inputs.begin(), inputs.end(),
                        [&](const fs::path& one) { return fs::equivalent(one, output, ec); }))
            return makeError(ErrorCode::WrongUse, "input and output are the same file", output.string());
        if (!force)
            return makeError(ErrorCode::AlreadyExists, "it is not overwritten unless --force is given",
                             output.string());
    }
    return Done{};
}

} // namespace precordia::cli
