// SPDX-License-Identifier: GPL-3.0-or-later
// proposeLayout: a first look at a table or array, for the dialog.
#include "core/base/file.h"
#include "core/io/array_recording.h"
#include "core/io/npy_reader.h"
#include "core/io/table_layout.h"
#include "core/io/table_text.h"
#include "core/io/text.h"
#include "core/io/units.h"

#include <algorithm>
#include <cmath>

namespace precordia {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kLookedAt = 64U << 10U; // bytes
constexpr std::size_t kShownRows = 12;

std::string nameOf(char delimiter) {
    return delimiter == '\t' ? "tab" : delimiter == ' ' ? "blank" : std::string(1, delimiter);
}

// A column that rises in even steps is most likely the time, whatever its heading.
std::optional<double> evenStep(const table::Text& text, std::size_t column) {
    std::vector<double> values;
    for (std::size_t i = text.headerRows; i < text.rows.size() && values.size() < 50; ++i) {
        const auto row = table::cells(text.rows[i].second, text.delimiter);
        const auto value =
            column < row.size() ? table::number(row[column], text.delimiter, text.decimalMark) : std::nullopt;
        if (!value)
            return std::nullopt;
        values.push_back(*value);
    }
    if (values.size() < 5 || !(values.back() > values.front()))
        return std::nullopt;
    const double step = (values.back() - values.front()) / static_cast<double>(values.size() - 1);
    for (std::size_t i = 1; i < values.size(); ++i)
        if (std::abs(values[i] - values[i - 1] - step) > 0.6 * step)
            return std::nullopt;
    return step;
}

TableProposal ofText(std::string_view whole) {
    TableProposal out;
    const auto text = table::parse(whole, {});
    out.layout.delimiter = text.delimiter;
    out.layout.headerRows = static_cast<int>(text.headerRows);
    out.evidence.push_back("'" + nameOf(text.delimiter) + "' parts " + std::to_string(text.columns.size()) +
                           " columns");
    bool comma = false, point = false;
    for (std::size_t i = text.headerRows; i < text.rows.size(); ++i)
        for (const auto& cell : table::cells(text.rows[i].second, text.delimiter)) {
            comma = comma || (text.delimiter != ',' && cell.find(',') != std::string::npos);
            point = point || cell.find('.') != std::string::npos;
        }
    out.layout.decimalMark = comma && !point ? ',' : '.';
    if (comma && !point)
        out.evidence.emplace_back("numbers have a comma and no point");
    int timeColumn = -1;
    for (std::size_t c = 0; c < text.columns.size() && timeColumn < 0; ++c)
        if (text.columns[c].secondsPer) {
            timeColumn = static_cast<int>(c);
            out.evidence.push_back("column " + std::to_string(c + 1) + " is called '" + text.columns[c].name + "'");
        }
    const bool headed = timeColumn >= 0;
    if (!headed && !text.columns.empty())
        if (const auto step = evenStep(text, 0)) {
            timeColumn = text.columns[0].counter ? -1 : 0;
            out.evidence.push_back("column 1 rises in even steps of " + text::shortest(std::round(*step * 1e9) / 1e9));
        }
    out.layout.timeColumn = timeColumn;
    if (text.statedRate)
        out.layout.samplingRate = *text.statedRate;
    out.rateUnknown = !headed && !text.statedRate;
    const bool ours = table::isOurs(text);
    out.layout.unit = ours && text.statedUnit.empty() ? "uV" : text.statedUnit;
    std::string unit;
    for (std::size_t c = 0; c < text.columns.size(); ++c) {
        const auto& column = text.columns[c];
        out.columns.push_back(column.name);
        if (std::cmp_equal(c, timeColumn) || column.counter)
            continue;
        out.layout.leads.push_back(column.name);
        out.unitUnknown = out.unitUnknown || (column.unit.empty() && out.layout.unit.empty());
        unit = unit.empty() || unit == column.unit ? column.unit : "several";
    }
    if (out.layout.unit.empty() && microvoltsPer(unit)) {
        out.layout.unit = unit;
        out.evidence.push_back("the headings say " + unit);
    }
    for (std::size_t i = 0; i < std::min(kShownRows, text.rows.size()); ++i)
        out.cells.push_back(table::cells(text.rows[i].second, text.delimiter));
    return out;
}

Result<TableProposal> ofArray(std::span<const std::byte> bytes, const std::string& where) {
    const auto header = npyHeader(bytes, where);
    if (!header)
        return header.as<TableProposal>();
    TableProposal out;
    out.rateUnknown = out.unitUnknown = true;
    auto shape = header->shape;
    std::string sizes;
    for (const auto size : shape)
        sizes += (sizes.empty() ? "" : " x ") + std::to_string(size);
    out.evidence.push_back("an array of " + sizes);
    if (shape.size() == 3)
        shape.erase(shape.begin());
    if (shape.size() != 2)
        return out;
    out.layout.orientation = orientationOf(shape[0], shape[1]);
    const auto leads = out.layout.orientation == TableOrientation::LeadsInRows ? shape[0] : shape[1];
    if (leads <= 1024)
        out.layout.leads.resize(leads);
    return out;
}

} // namespace

Result<TableProposal> proposeLayout(const fs::path& path) {
    const auto bytes = readFileHead(path, kLookedAt);
    if (!bytes)
        return bytes.as<TableProposal>();
    if (text::asText(*bytes).starts_with("\x93NUMPY"))
        return ofArray(*bytes, path.string());
    if (!text::looksLikeText(*bytes))
        return makeError(ErrorCode::FormatUnsupported, "it is neither a table of text nor an NPY array", path.string());
    auto whole = text::utf8(text::asText(*bytes));
    if (const auto end = whole.find_last_of("\r\n"); bytes->size() == kLookedAt && end != std::string::npos)
        whole.erase(end); // the last line is cut
    return ofText(whole);
}

} // namespace precordia
