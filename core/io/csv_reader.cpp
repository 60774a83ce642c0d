// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/csv_reader.h"

#include "core/base/file.h"
#include "core/io/array_recording.h"
#include "core/io/header_comments.h"
#include "core/io/signal_checks.h"
#include "core/io/table_text.h"
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

class TableReader {
public:
    TableReader(const std::filesystem::path& path, const ReadOptions& options) : path_(path), options_(options) {}

    Result<Recording> read() {
        auto layout = layoutFor(path_, options_.tableLayout);
        if (!layout)
            return layout.as<Recording>();
        layout_ = std::move(*layout);
        const auto bytes = readFile(path_, kMaxBytes);
        if (!bytes)
            return bytes.as<Recording>();
        const auto whole = text::utf8(text::asText(*bytes));
        table_ = table::parse(whole, layout_);
        if (layout_.orientation == TableOrientation::LeadsInRows)
            return transposed();
        for (const auto step : {&TableReader::columns, &TableReader::rows, &TableReader::rate})
            if (auto done = (this->*step)(); !done)
                return done.as<Recording>();
        finish();
        return std::move(out_);
    }

private:
    Error invalid(std::string why, int line) const {
        return makeError(ErrorCode::FormatInvalid, std::move(why), place(line));
    }
    std::string place(int line) const { return path_.string() + ", line " + std::to_string(line); }

    Result<Done> columns() {
        const auto& columns = table_.columns;
        if (columns.empty() || table_.rows.empty())
            return invalid("there is no table", 1);
        if (columns.size() > kMaxColumns)
            return invalid("more than " + std::to_string(kMaxColumns) + " columns", table_.firstLine);
        for (std::size_t c = 0; c < columns.size() && !timeColumn_; ++c)
            if (columns[c].secondsPer) {
                timeColumn_ = c;
                timeUnit_ = *columns[c].secondsPer;
            }
        std::vector<std::size_t> signals;
        for (std::size_t c = 0; c < columns.size(); ++c)
            if (c != timeColumn_ && !columns[c].counter)
                signals.push_back(c);
        if (signals.empty())
            return invalid("the table has a time column and no lead", table_.firstLine);
        if (!layout_.leads.empty() && layout_.leads.size() != signals.size())
            return makeError(ErrorCode::WrongUse,
                             std::to_string(layout_.leads.size()) + " lead names were given for " +
                                 std::to_string(signals.size()) + " columns",
                             place(table_.firstLine));
        const bool ours = table::isOurs(table_);
        bool unitUnknown = false;
        for (std::size_t i = 0; i < signals.size(); ++i)
            unitUnknown = !addLead(signals[i], i, ours) || unitUnknown;
        const bool rateUnknown = !timeColumn_ && !(layout_.samplingRate > 0) && !table_.statedRate;
        if (unitUnknown || rateUnknown)
            return silentFile(rateUnknown, unitUnknown, place(table_.firstLine));
        if (out_.leads.empty())
            return makeError(ErrorCode::WrongUse, "the layout leaves out every column", path_.string());
        makeLeadNamesUnique(out_);
        tellAssumedUnit();
        return Done{};
    }

    // Another program's table may have the same first heading, and millivolts.
    void tellAssumedUnit() {
        constexpr std::size_t kNamed = 12;
        if (assumed_.empty())
            return;
        std::string where = assumed_.size() == 1 ? "column " : "columns ";
        for (std::size_t i = 0; i < std::min(assumed_.size(), kNamed); ++i)
            where += (i > 0 ? ", " : "") + assumed_[i];
        if (assumed_.size() > kNamed)
            where += " and " + std::to_string(assumed_.size() - kNamed) + " more";
        out_.warnings.push_back({WarningCode::GainMissing,
                                 "the heading gives no unit; uV is taken, as in the tables that Precordia writes "
                                 "(time_s,...); --unit or a table-layout.json beside the file says another",
                                 std::move(where)});
    }

    // false: nothing says its unit
    bool addLead(std::size_t column, std::size_t signal, bool ours) {
        const auto& heading = table_.columns[column];
        const auto given = signal < layout_.leads.size() ? layout_.leads[signal] : std::string();
        if (given == "-")
            return true;
        Lead lead;
        lead.name = standardLeadName(given.empty() ? heading.name : given);
        if (lead.name.empty())
            lead.name = "column " + std::to_string(column + 1);
        auto unit = heading.unit;
        const bool otherSignal = !unit.empty() && !microvoltsPer(unit); // a pressure stays one
        if (!layout_.unit.empty() && !otherSignal)
            unit = layout_.unit;
        if (unit.empty())
            unit = table_.statedUnit;
        if (unit.empty() && ours) {
            unit = "uV";
            assumed_.push_back(heading.name.empty() ? std::to_string(column + 1) : heading.name);
        }
        const auto factor = microvoltsPer(unit);
        lead.fileUnit = unit;
        lead.unit = factor ? "uV" : unit;
        const auto& standard = standardLeads();
        if (!unit.empty() && !factor && std::find(standard.begin(), standard.end(), lead.name) != standard.end())
            out_.warnings.push_back({WarningCode::UnknownUnit,
                                     "'" + unit + "' is no voltage we know; the values stay as they are",
                                     "lead " + lead.name});
        leadOf_.push_back(column);
        factors_.push_back(factor.value_or(1));
        out_.leads.push_back(std::move(lead));
        return !unit.empty();
    }

    Result<Done> rows() {
        const auto width = table_.columns.size();
        for (std::size_t i = table_.headerRows; i < table_.rows.size(); ++i) {
            const auto& [line, words] = table_.rows[i];
            if (line % 4096 == 0 && options_.stop.stop_requested())
                return Cancelled{};
            auto row = table::cells(words, table_.delimiter);
            if (row.size() == width + 1 && row.back().empty())
                row.pop_back(); // a delimiter at the line's end
            if (row.size() != width)
                return invalid(std::to_string(row.size()) + " cells under " + std::to_string(width) + " headings",
                               line);
            if (auto done = addRow(row, line); !done)
                return done;
        }
        count_ = table_.rows.size() - table_.headerRows;
        if (count_ < 2)
            return makeError(ErrorCode::SignalTooShort, "two samples at least are needed to tell the sampling rate",
                             path_.string());
        return Done{};
    }

    Result<Done> addRow(const std::vector<std::string>& row, int line) {
        const auto value = [&](std::size_t c) { return table::number(row[c], table_.delimiter, table_.decimalMark); };
        const auto noNumber = [&](std::size_t c) {
            return invalid("'" + row[c].substr(0, 40) + "' in column " + std::to_string(c + 1) + " is not a number",
                           line);
        };
        if (timeColumn_ && !(layout_.samplingRate > 0)) {
            const auto time = value(*timeColumn_);
            if (!time)
                return noNumber(*timeColumn_);
            times_.push_back(*time * timeUnit_);
            decimals_ = std::max(decimals_, decimalsOf(row[*timeColumn_]));
        }
        for (std::size_t l = 0; l < leadOf_.size(); ++l) {
            auto& samples = out_.leads[l].samples;
            if (table::saysMissing(row[leadOf_[l]])) {
                samples.push_back(std::numeric_limits<float>::quiet_NaN());
                continue;
            }
            const auto sample = value(leadOf_[l]);
            if (!sample)
                return noNumber(leadOf_[l]);
            samples.push_back(static_cast<float>(*sample * factors_[l]));
            if (!std::isfinite(samples.back()))
                return invalid("'" + row[leadOf_[l]].substr(0, 40) + "' in column " + std::to_string(leadOf_[l] + 1) +
                                   " is too large for a sample",
                               line);
        }
        return Done{};
    }

    // Each row is a lead: a name or none, then its samples.
    Result<Recording> transposed() {
        SampleArray array;
        std::vector<std::vector<double>> values;
        for (std::size_t i = table_.headerRows; i < table_.rows.size(); ++i) {
            auto row = table::cells(table_.rows[i].second, table_.delimiter);
            if (row.size() > 1 && row.back().empty())
                row.pop_back();
            std::vector<double> samples;
            for (std::size_t c = 0; c < row.size(); ++c) {
                const auto value = table::number(row[c], table_.delimiter, table_.decimalMark);
                if (!value && c == 0 && !table::saysMissing(row[c])) {
                    array.leads.push_back(row[c]);
                    continue;
                }
                if (!value && !table::saysMissing(row[c]))
                    return invalid("'" + row[c].substr(0, 40) + "' in column " + std::to_string(c + 1) +
                                       " is not a number",
                                   table_.rows[i].first);
                samples.push_back(value.value_or(std::numeric_limits<double>::quiet_NaN()));
            }
            if (!values.empty() && samples.size() != values.front().size())
                return invalid(std::to_string(samples.size()) + " samples where the first lead has " +
                                   std::to_string(values.front().size()),
                               table_.rows[i].first);
            values.push_back(std::move(samples));
        }
        array.rows = values.size();
        array.columns = values.empty() ? 0 : values.front().size();
        if (array.leads.size() != array.rows)
            array.leads.clear();
        array.orientation = TableOrientation::LeadsInRows;
        array.rate = table_.statedRate.value_or(0);
        if (!table_.statedUnit.empty())
            array.units = {table_.statedUnit};
        array.value = [&values](std::size_t r, std::size_t c) { return values[r][c]; };
        auto recording = recordingOf(array, layout_, path_, options_, "csv");
        if (recording)
            applyComments(std::move(table_.comments), *recording);
        return recording;
    }

    static int decimalsOf(const std::string& cell) {
        if (cell.find_first_of("eE") != std::string::npos)
            return 9;
        const auto point = cell.find('.');
        return point == std::string::npos ? 0 : static_cast<int>(std::min<std::size_t>(cell.size() - point - 1, 15));
    }

    // The time column decides; it must be even, as far as its own rounding lets one see.
    Result<Done> rate() {
        if (layout_.samplingRate > 0 || !timeColumn_) {
            out_.samplingRate = layout_.samplingRate > 0 ? layout_.samplingRate : table_.statedRate.value_or(0);
            return checkRate();
        }
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
                               table_.rows[table_.headerRows + i].first);
        }
        out_.samplingRate = simplest(steps / duration, std::max(resolution / duration, 1e-12));
        return checkRate();
    }

    Result<Done> checkRate() const {
        if (!(out_.samplingRate <= kMaxRate))
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
        out_.samplesPromised = static_cast<std::int64_t>(count_);
        applyComments(std::move(table_.comments), out_);
        if (options_.metadataOnly)
            for (auto& lead : out_.leads)
                lead.samples = {};
        else
            warnImplausibleUnits(out_);
    }

    const std::filesystem::path& path_;
    const ReadOptions& options_;
    TableLayout layout_;
    table::Text table_;
    std::vector<std::size_t> leadOf_; // the column of each lead
    std::size_t count_ = 0;           // rows of samples
    std::optional<std::size_t> timeColumn_;
    double timeUnit_ = 1;
    int decimals_ = 0;
    std::vector<double> factors_;      // to uV, a lead
    std::vector<std::string> assumed_; // headings of columns in uV because ours are
    std::vector<double> times_;
    Recording out_;
};

} // namespace

int CsvReader::recognises(const FileHead& head) const {
    if (!text::looksLikeText(head.bytes))
        return 0;
    auto whole = text::utf8(text::asText(head.bytes));
    if (head.bytes.size() >= 4096) // the last line is cut
        whole.erase(whole.find_last_of("\r\n") == std::string::npos ? whole.size() : whole.find_last_of("\r\n"));
    const auto table = table::parse(whole, {});
    if (table.columns.size() >= 2 && std::any_of(table.columns.begin(), table.columns.end(),
                                                 [](const auto& column) { return column.secondsPer.has_value(); }))
        return 2;
    // A table of something else, or of a signal that does not say much: taken, to say what is wanting. Numbers alone
    // could be the header of a WFDB record too, but for the name.
    const auto extension = text::lower(head.path.extension().string());
    return extension == ".csv" || extension == ".tsv" ? (table.columns.size() >= 2 ? 2 : 1) : 0;
}

Result<Recording> CsvReader::read(const std::filesystem::path& path, const ReadOptions& options) const {
    return TableReader(path, options).read();
}

} // namespace precordia
