// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/csv_reader.h"

#include "core/base/file.h"
#include "core/io/header_comments.h"
#include "core/io/signal_checks.h"
#include "core/io/text.h"
#include "core/io/units.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

namespace precordia {

namespace {

constexpr std::uint64_t kMaxBytes = 1ULL << 30U;
constexpr std::size_t kMaxColumns = 1024;
constexpr double kMaxRate = 1e7;

struct Table {
    std::vector<std::string> comments;
    std::vector<std::string> header;
    std::vector<std::pair<int, std::string_view>> rows; // line number, text
    char delimiter = ',';
    int headerLine = 0;
};

// Without quotes around it; a quoted delimiter is none.
std::vector<std::string> cells(std::string_view line, char delimiter) {
    std::vector<std::string> out(1);
    bool quoted = false;
    for (const char c : line) {
        if (c == '"')
            quoted = !quoted;
        else if (c == delimiter && !quoted)
            out.emplace_back();
        else
            out.back().push_back(c);
    }
    for (auto& cell : out)
        cell = std::string(text::trim(cell));
    return out;
}

char delimiterOf(std::string_view header) {
    char best = ',';
    std::ptrdiff_t most = 0;
    for (const char candidate : {',', ';', '\t'})
        if (const auto n = std::count(header.begin(), header.end(), candidate); n > most) {
            most = n;
            best = candidate;
        }
    return best;
}

// "II (mV)" -> {"II", "mV"}; "time_ms" -> {"time", "ms"}
std::pair<std::string, std::string> nameAndUnit(std::string_view cell) {
    for (const auto& [open, close] : {std::pair{'(', ')'}, std::pair{'[', ']'}})
        if (const auto at = cell.rfind(open); cell.ends_with(close) && at != std::string_view::npos && at > 0)
            return {std::string(text::trim(cell.substr(0, at))),
                    std::string(text::trim(cell.substr(at + 1, cell.size() - at - 2)))};
    if (const auto at = cell.rfind('_'); at != std::string_view::npos && at > 0) {
        const auto unit = cell.substr(at + 1);
        const auto lowered = text::lower(unit);
        if (microvoltsPer(unit) || lowered == "s" || lowered == "ms" || lowered == "us" || lowered == "sec")
            return {std::string(text::trim(cell.substr(0, at))), std::string(unit)};
    }
    return {std::string(cell), {}};
}

// Seconds in one of the time column's units; empty when the column is no time.
std::optional<double> secondsPer(std::string_view headerCell) {
    const auto [name, unit] = nameAndUnit(headerCell);
    const auto key = text::lower(name);
    const auto u = text::lower(unit);
    if (key == "seconds" || key == "milliseconds")
        return key == "seconds" ? 1.0 : 1e-3;
    if (key != "time" && key != "t" && key != "zeit" && key != "timestamp")
        return std::nullopt;
    if (u.empty() || u == "s" || u == "sec" || u == "seconds")
        return 1.0;
    if (u == "ms" || u == "milliseconds")
        return 1e-3;
    if (u == "us" || u == "microseconds")
        return 1e-6;
    return std::nullopt;
}

Table tableOf(std::string_view whole) {
    Table table;
    if (whole.starts_with("\xEF\xBB\xBF")) // a byte order mark, as spreadsheets leave it
        whole.remove_prefix(3);
    int number = 0;
    for (const auto line : text::lines(whole)) {
        ++number;
        const auto trimmed = text::trim(line);
        if (trimmed.empty())
            continue;
        if (trimmed.front() == '#') {
            table.comments.emplace_back(trimmed.substr(1));
        } else if (table.header.empty()) {
            table.delimiter = delimiterOf(line);
            table.header = cells(line, table.delimiter);
            table.headerLine = number;
        } else {
            table.rows.emplace_back(number, line);
        }
    }
    return table;
}

std::optional<double> cellNumber(std::string& cell, char delimiter) {
    if (delimiter != ',')
        std::replace(cell.begin(), cell.end(), ',', '.');
    return text::number(cell);
}

bool saysMissing(std::string_view cell) {
    const auto lowered = text::lower(cell);
    return lowered.empty() || lowered == "nan" || lowered == "na";
}

class TableReader {
public:
    TableReader(const std::filesystem::path& path, const ReadOptions& options) : path_(path), options_(options) {}

    Result<Recording> read() {
        const auto bytes = readFile(path_, kMaxBytes);
        if (!bytes)
            return bytes.as<Recording>();
        const auto whole = text::utf8(text::asText(*bytes));
        table_ = tableOf(whole);
        for (const auto step : {&TableReader::columns, &TableReader::rows, &TableReader::rate})
            if (auto done = (this->*step)(); !done)
                return done.as<Recording>();
        finish();
        return std::move(out_);
    }

private:
    Error invalid(std::string why, int line) const {
        return makeError(ErrorCode::FormatInvalid, std::move(why), path_.string() + ", line " + std::to_string(line));
    }

    Result<Done> columns() {
        if (table_.header.empty())
            return invalid("there is no table", 1);
        if (table_.header.size() > kMaxColumns)
            return invalid("more than " + std::to_string(kMaxColumns) + " columns", table_.headerLine);
        for (std::size_t c = 0; c < table_.header.size() && !timeColumn_; ++c)
            if (const auto unit = secondsPer(table_.header[c])) {
                timeColumn_ = c;
                timeUnit_ = *unit;
            }
        if (!timeColumn_)
            return makeError(ErrorCode::FormatUnsupported,
                             "a table without a time column (\"time_s\", \"time (ms)\") has no sampling rate",
                             path_.string() + ", line " + std::to_string(table_.headerLine));
        if (table_.header.size() < 2)
            return invalid("the table has a time column and no lead", table_.headerLine);
        for (std::size_t c = 0; c < table_.header.size(); ++c)
            if (c != *timeColumn_)
                addLead(c);
        makeLeadNamesUnique(out_);
        return Done{};
    }

    void addLead(std::size_t column) {
        auto [name, unit] = nameAndUnit(table_.header[column]);
        Lead lead;
        lead.name = standardLeadName(name);
        if (lead.name.empty())
            lead.name = "column " + std::to_string(column + 1);
        const auto factor = unit.empty() ? std::optional(1.0) : microvoltsPer(unit);
        lead.fileUnit = unit.empty() ? "uV" : unit;
        lead.unit = factor ? "uV" : unit;
        factors_.push_back(factor.value_or(1));
        const auto& standard = standardLeads();
        if (!factor && std::find(standard.begin(), standard.end(), lead.name) != standard.end())
            out_.warnings.push_back({WarningCode::UnknownUnit,
                                     "'" + unit + "' is no voltage we know; the values stay as they are",
                                     "lead " + lead.name});
        out_.leads.push_back(std::move(lead));
    }

    Result<Done> rows() {
        times_.reserve(table_.rows.size());
        for (auto& lead : out_.leads)
            lead.samples.reserve(table_.rows.size());
        for (const auto& [line, text] : table_.rows) {
            if (line % 4096 == 0 && options_.stop.stop_requested())
                return Cancelled{};
            auto row = cells(text, table_.delimiter);
            if (row.size() == table_.header.size() + 1 && row.back().empty())
                row.pop_back(); // a delimiter at the line's end
            if (row.size() != table_.header.size())
                return invalid(std::to_string(row.size()) + " cells under " + std::to_string(table_.header.size()) +
                                   " headings",
                               line);
            if (auto done = addRow(row, line); !done)
                return done;
        }
        if (times_.size() < 2)
            return makeError(ErrorCode::SignalTooShort, "two samples at least are needed to tell the sampling rate",
                             path_.string());
        return Done{};
    }

    Result<Done> addRow(std::vector<std::string>& row, int line) {
        std::size_t lead = 0;
        for (std::size_t c = 0; c < row.size(); ++c) {
            const bool time = c == *timeColumn_;
            if (!time && saysMissing(row[c])) {
                out_.leads[lead++].samples.push_back(std::numeric_limits<float>::quiet_NaN());
                continue;
            }
            const auto value = cellNumber(row[c], table_.delimiter);
            if (!value)
                return invalid("'" + row[c].substr(0, 40) + "' in column " + std::to_string(c + 1) + " is not a number",
                               line);
            if (time) {
                times_.push_back(*value * timeUnit_);
                decimals_ = std::max(decimals_, decimalsOf(row[c]));
            } else {
                out_.leads[lead].samples.push_back(static_cast<float>(*value * factors_[lead]));
                ++lead;
            }
        }
        return Done{};
    }

    static int decimalsOf(const std::string& cell) {
        if (cell.find_first_of("eE") != std::string::npos)
            return 9;
        const auto point = cell.find('.');
        return point == std::string::npos ? 0 : static_cast<int>(std::min<std::size_t>(cell.size() - point - 1, 15));
    }

    // The time column decides; it must be even, as far as its own rounding lets one see.
    Result<Done> rate() {
        const auto steps = static_cast<double>(times_.size() - 1);
        const double duration = times_.back() - times_.front();
        if (!(duration > 0))
            return invalid("the time column does not rise", table_.rows.back().first);
        const double step = duration / steps;
        const double resolution = timeUnit_ * std::pow(10.0, -decimals_);
        const double tolerance = std::max(0.25 * step, 1.01 * resolution);
        for (std::size_t i = 1; i < times_.size(); ++i) {
            const double expected = times_.front() + static_cast<double>(i) * step;
            const bool drifts = std::abs(times_[i] - expected) > tolerance;
            const bool jumps = std::abs(times_[i] - times_[i - 1] - step) > tolerance; // a row left out
            if (drifts || jumps)
                return invalid("the time column is uneven: " + text::shortest(times_[i]) + " s where " +
                                   text::shortest(std::round(expected * 1e6) / 1e6) + " s would follow from its ends",
                               table_.rows[i].first);
        }
        out_.samplingRate = simplest(steps / duration, std::max(resolution / duration, 1e-12));
        if (out_.samplingRate > kMaxRate)
            return makeError(ErrorCode::ValueOutOfRange,
                             "a sampling rate of " + text::shortest(out_.samplingRate) + " Hz", path_.string());
        return Done{};
    }

    // The rate with the fewest decimals that the rounding of the time column allows: 500, not 500.0000001.
    static double simplest(double rate, double tolerance) {
        for (double scale = 1; scale <= 1e6; scale *= 10) {
            const double rounded = std::round(rate * scale) / scale;
            if (rounded > 0 && std::abs(rounded - rate) <= rate * tolerance)
                return rounded;
        }
        return rate;
    }

    void finish() {
        out_.name = path_.stem().string();
        out_.metadata.format = "csv";
        out_.samplesPromised = static_cast<std::int64_t>(times_.size());
        applyComments(std::move(table_.comments), out_);
        if (options_.metadataOnly)
            for (auto& lead : out_.leads)
                lead.samples = {};
        else
            warnImplausibleUnits(out_);
    }

    const std::filesystem::path& path_;
    const ReadOptions& options_;
    Table table_;
    std::optional<std::size_t> timeColumn_;
    double timeUnit_ = 1;
    int decimals_ = 0;
    std::vector<double> factors_; // to uV, a lead
    std::vector<double> times_;
    Recording out_;
};

} // namespace

int CsvReader::recognises(const FileHead& head) const {
    if (!text::looksLikeText(head.bytes))
        return 0;
    const auto whole = text::utf8(text::asText(head.bytes));
    const auto table = tableOf(whole);
    if (table.header.size() >= 2 && std::any_of(table.header.begin(), table.header.end(),
                                                [](const std::string& cell) { return secondsPer(cell).has_value(); }))
        return 2;
    // A table of something else: taken, to say what is wanting.
    const auto extension = text::lower(head.path.extension().string());
    return extension == ".csv" || extension == ".tsv" ? 1 : 0;
}

Result<Recording> CsvReader::read(const std::filesystem::path& path, const ReadOptions& options) const {
    return TableReader(path, options).read();
}

} // namespace precordia
