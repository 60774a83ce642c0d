// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/array_recording.h"

#include "core/io/signal_checks.h"
#include "core/io/text.h"
#include "core/io/units.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace precordia {

namespace {

constexpr std::size_t kMaxLeads = 1024;
constexpr std::uint64_t kMaxSamples = 500'000'000;
constexpr double kMaxRate = 1e7;
constexpr std::size_t kShortestPadding = 8; // fewer zeros at both ends may be signal

class Maker {
public:
    Maker(const SampleArray& array, const TableLayout& layout, std::string where, const ReadOptions& options)
        : array_(array)
        , layout_(layout)
        , where_(std::move(where))
        , options_(options) {}
    Result<Recording> make(const std::string& name, const std::string& format);

private:
    Result<Done> orient();
    Result<Done> describe();
    Result<Done> fill();
    void trim();
    double at(std::size_t lead, std::size_t sample) const {
        return leadsInRows_ ? array_.value(lead, sample) : array_.value(sample, lead);
    }
    void warn(WarningCode code, std::string message, std::string place = {}) {
        out_.warnings.push_back({code, std::move(message), std::move(place)});
    }

    const SampleArray& array_;
    const TableLayout& layout_;
    std::string where_;
    const ReadOptions& options_;
    bool leadsInRows_ = false;
    std::size_t leads_ = 0, samples_ = 0;
    std::vector<std::size_t> taken_; // of the array's leads
    std::vector<double> factors_;
    Recording out_;
};

Result<Done> Maker::orient() {
    auto orientation = layout_.orientation;
    if (orientation == TableOrientation::Automatic)
        orientation = array_.orientation;
    const auto named = std::max(layout_.leads.size(), array_.leads.size());
    if (orientation == TableOrientation::Automatic && named > 0 && (named == array_.rows) != (named == array_.columns))
        orientation = named == array_.rows ? TableOrientation::LeadsInRows : TableOrientation::SamplesInRows;
    if (orientation == TableOrientation::Automatic)
        orientation = orientationOf(array_.rows, array_.columns);
    const auto shape = std::to_string(array_.rows) + " x " + std::to_string(array_.columns);
    if (orientation == TableOrientation::Automatic)
        return makeError(ErrorCode::FormatUnsupported,
                         "an array of " + shape +
                             ": which of the two are leads it does not say; say it in a layout "
                             "(--layout, rows_are)",
                         where_);
    leadsInRows_ = orientation == TableOrientation::LeadsInRows;
    leads_ = leadsInRows_ ? array_.rows : array_.columns;
    samples_ = leadsInRows_ ? array_.columns : array_.rows;
    if (leads_ == 0 || samples_ == 0)
        return makeError(ErrorCode::SignalTooShort, "an array of " + shape + " holds no sample", where_);
    if (leads_ > kMaxLeads || samples_ > kMaxSamples / leads_)
        return makeError(ErrorCode::ValueOutOfRange, "an array of " + shape + " is too large for a recording", where_);
    return Done{};
}

Result<Done> Maker::describe() {
    out_.samplingRate = layout_.samplingRate > 0 ? layout_.samplingRate : array_.rate;
    const bool silentUnit = layout_.unit.empty() && array_.units.empty();
    if (!(out_.samplingRate > 0) || silentUnit)
        return silentFile(!(out_.samplingRate > 0), silentUnit, where_);
    if (!(out_.samplingRate <= kMaxRate))
        return makeError(ErrorCode::ValueOutOfRange, "a sampling rate of " + text::shortest(out_.samplingRate) + " Hz",
                         where_);
    const auto& names = layout_.leads.empty() ? array_.leads : layout_.leads;
    if (!layout_.leads.empty() && layout_.leads.size() != leads_)
        return makeError(ErrorCode::WrongUse,
                         std::to_string(layout_.leads.size()) + " lead names were given for " + std::to_string(leads_) +
                             " leads",
                         where_);
    for (std::size_t l = 0; l < leads_; ++l) {
        if (l < layout_.leads.size() && layout_.leads[l] == "-")
            continue;
        Lead lead;
        lead.name = l < names.size() ? standardLeadName(names[l]) : "";
        if (lead.name.empty())
            lead.name = "lead " + std::to_string(l + 1);
        const auto& unit = !layout_.unit.empty() ? layout_.unit : array_.units[l < array_.units.size() ? l : 0];
        const auto factor = microvoltsPer(unit);
        lead.fileUnit = unit;
        lead.unit = factor ? "uV" : unit;
        if (!factor && !unit.empty() && array_.units.size() <= 1)
            warn(WarningCode::UnknownUnit, "'" + unit + "' is no voltage we know; the values stay as they are",
                 "lead " + lead.name);
        taken_.push_back(l);
        factors_.push_back(factor.value_or(1));
        out_.leads.push_back(std::move(lead));
    }
    if (taken_.empty())
        return makeError(ErrorCode::WrongUse, "the layout leaves out every lead", where_);
    makeLeadNamesUnique(out_);
    for (const auto& sentence : array_.conventions)
        warn(WarningCode::Repaired, sentence, "file");
    return Done{};
}

Result<Done> Maker::fill() {
    for (std::size_t i = 0; i < taken_.size(); ++i) {
        if (options_.stop.stop_requested())
            return Cancelled{};
        auto& samples = out_.leads[i].samples;
        samples.resize(samples_);
        for (std::size_t s = 0; s < samples_; ++s) {
            const auto value = static_cast<float>(at(taken_[i], s) * factors_[i]);
            samples[s] = std::isfinite(value) ? value : std::numeric_limits<float>::quiet_NaN();
        }
    }
    return Done{};
}

void Maker::trim() {
    const auto zero = [&](std::size_t s) {
        return std::all_of(out_.leads.begin(), out_.leads.end(), [&](const Lead& l) { return l.samples[s] == 0; });
    };
    std::size_t first = 0, last = samples_;
    while (first < samples_ && zero(first))
        ++first;
    while (last > first && zero(last - 1))
        --last;
    if (first == samples_ || first + samples_ - last < kShortestPadding)
        return;
    for (auto& lead : out_.leads)
        lead.samples = std::vector<float>(lead.samples.begin() + static_cast<std::ptrdiff_t>(first),
                                          lead.samples.begin() + static_cast<std::ptrdiff_t>(last));
    warn(WarningCode::Repaired,
         std::to_string(first) + " zeros before and " + std::to_string(samples_ - last) +
             " after the signal are padding, and were left out",
         "all leads");
    samples_ = last - first;
}

Result<Recording> Maker::make(const std::string& name, const std::string& format) {
    out_.name = name;
    out_.metadata.format = format;
    for (const auto step : {&Maker::orient, &Maker::describe})
        if (auto done = (this->*step)(); !done)
            return done.as<Recording>();
    if (!options_.metadataOnly || array_.trimPadding) {
        if (auto done = fill(); !done)
            return done.as<Recording>();
        if (array_.trimPadding)
            trim();
        warnImplausibleUnits(out_);
    }
    out_.samplesPromised = static_cast<std::int64_t>(samples_);
    if (options_.metadataOnly)
        for (auto& lead : out_.leads)
            lead.samples = {};
    return std::move(out_);
}

} // namespace

void assumeStandardOrder(SampleArray& array, const std::string& whose) {
    if (!array.leads.empty() || (array.rows != 12 && array.columns != 12))
        return;
    array.leads = standardLeads();
    array.conventions.push_back("the leads have no names here; taken in the order of " + whose +
                                ": I, II, III, aVR, aVL, "
                                "aVF, V1 to V6");
}

Error silentFile(bool rate, bool unit, std::string where) {
    const std::string what = rate && unit ? "sampling rate and unit" : rate ? "sampling rate" : "unit";
    const std::string options = rate && unit ? "--rate and --unit" : rate ? "--rate" : "--unit";
    return makeError(ErrorCode::FormatUnsupported,
                     "it does not tell its " + what + ": say " + (rate && unit ? "them" : "it") + " with " + options +
                         ", in a table-layout.json beside it, or in the window's import",
                     std::move(where));
}

TableOrientation orientationOf(std::size_t rows, std::size_t columns) {
    if (rows == columns || std::min(rows, columns) > 256)
        return TableOrientation::Automatic;
    return rows < columns ? TableOrientation::LeadsInRows : TableOrientation::SamplesInRows;
}

Result<Recording> recordingOf(const SampleArray& array, const TableLayout& layout, const std::filesystem::path& path,
                              const ReadOptions& options, const std::string& format) {
    return Maker(array, layout, path.string(), options).make(path.stem().string(), format);
}

} // namespace precordia
