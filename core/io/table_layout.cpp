// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/table_layout.h"

#include "core/base/file.h"
#include "core/io/text.h"

#include <nlohmann/json.hpp>

#include <cmath>

namespace precordia {

namespace fs = std::filesystem;

namespace {

using nlohmann::json;

constexpr std::uint64_t kMaxLayoutBytes = 1U << 20U;
constexpr std::string_view kDelimiters = ",;\t |";

} // namespace

std::string toJson(const TableLayout& layout) {
    json out = json::object();
    if (layout.delimiter != 0)
        out["delimiter"] = layout.delimiter == '\t' ? "tab" : std::string(1, layout.delimiter);
    if (layout.decimalMark != 0)
        out["decimal_mark"] = std::string(1, layout.decimalMark);
    if (layout.headerRows >= 0)
        out["header_rows"] = layout.headerRows;
    if (layout.timeColumn)
        out["time_column"] = *layout.timeColumn;
    if (layout.samplingRate > 0)
        out["sampling_rate_hz"] = layout.samplingRate;
    if (!layout.unit.empty())
        out["unit"] = text::utf8(layout.unit);
    for (const auto& lead : layout.leads)
        out["leads"].push_back(text::utf8(lead));
    if (layout.orientation != TableOrientation::Automatic)
        out["rows_are"] = layout.orientation == TableOrientation::LeadsInRows ? "leads" : "samples";
    return out.dump(1);
}

Result<TableLayout> layoutFromJson(std::string_view words, const std::string& where) {
    const auto document = json::parse(words, nullptr, false);
    const auto invalid = [&](const std::string& why) { return makeError(ErrorCode::ConfigInvalid, why, where); };
    if (!document.is_object())
        return invalid("it is no JSON object");
    TableLayout out;
    for (const auto& [key, value] : document.items()) {
        const auto one = value.is_string() ? value.get<std::string>() : std::string();
        if (key == "delimiter") {
            out.delimiter = one == "tab" ? '\t' : one.size() == 1 ? one[0] : '\0';
            if (out.delimiter == 0 || kDelimiters.find(out.delimiter) == std::string_view::npos)
                return invalid("delimiter is ',', ';', '|', ' ' or 'tab'");
        } else if (key == "decimal_mark") {
            if (one != "." && one != ",")
                return invalid("decimal_mark is '.' or ','");
            out.decimalMark = one[0];
        } else if (key == "header_rows") {
            if (!value.is_number_integer() || value.get<std::int64_t>() < 0 || value.get<std::int64_t>() > 10'000)
                return invalid("header_rows is a number from 0 to 10000");
            out.headerRows = value.get<int>();
        } else if (key == "time_column") {
            if (!value.is_number_integer() || value.get<std::int64_t>() < -1 || value.get<std::int64_t>() > 10'000)
                return invalid("time_column is a number from 0, or -1 for none");
            out.timeColumn = value.get<int>();
        } else if (key == "sampling_rate_hz") {
            if (!value.is_number() || !(value.get<double>() > 0) || value.get<double>() > 1e7)
                return invalid("sampling_rate_hz is a positive number");
            out.samplingRate = value.get<double>();
        } else if (key == "unit") {
            if (!value.is_string() || one.size() > 64)
                return invalid("unit is a word");
            out.unit = one;
        } else if (key == "leads") {
            if (!value.is_array() || value.size() > 1024)
                return invalid("leads is a list of names");
            for (const auto& lead : value) {
                if (!lead.is_string())
                    return invalid("leads is a list of names");
                out.leads.push_back(lead.get<std::string>());
            }
        } else if (key == "rows_are") {
            if (one != "leads" && one != "samples")
                return invalid("rows_are is 'samples' or 'leads'");
            out.orientation = one == "leads" ? TableOrientation::LeadsInRows : TableOrientation::SamplesInRows;
        } else {
            return invalid("'" + key + "' is no setting of a table");
        }
    }
    return out;
}

Result<TableLayout> readLayout(const fs::path& path) {
    const auto bytes = readFile(path, kMaxLayoutBytes);
    if (!bytes)
        return bytes.as<TableLayout>();
    return layoutFromJson(text::asText(*bytes), path.string());
}

Result<TableLayout> layoutFor(const fs::path& file, const std::optional<TableLayout>& given) {
    if (given)
        return *given;
    const auto beside = file.parent_path() / "table-layout.json";
    std::error_code ec;
    return fs::is_regular_file(beside, ec) ? readLayout(beside) : TableLayout{};
}

} // namespace precordia
