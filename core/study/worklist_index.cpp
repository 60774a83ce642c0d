// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/worklist_index.h"

#include <QString>
#include <QStringList>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <limits>
#include <numeric>
#include <span>
#include <unordered_map>

namespace precordia {

namespace {

constexpr float kUnknown = std::numeric_limits<float>::quiet_NaN();

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}

// Case does not count, also beyond ASCII; most names are ASCII, and those are quick.
std::string folded(std::string text) {
    if (std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; }))
        return QString::fromStdString(text).toCaseFolded().toStdString();
    for (char& c : text)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return text;
}

float number(const std::optional<double>& value) {
    return value ? static_cast<float>(*value) : kUnknown;
}

// Bytes that compare as a person counts: a run of digits becomes its length and the digits, without leading zeros.
// Behind the digits' own code, so that letters and signs keep their places beside numbers.
std::string naturalKey(const std::string& text) {
    const std::string low = folded(text);
    std::string key;
    key.reserve(low.size() + 4);
    for (std::size_t i = 0; i < low.size();) {
        if (!isDigit(low[i])) {
            key += low[i++];
            continue;
        }
        while (i + 1 < low.size() && low[i] == '0' && isDigit(low[i + 1]))
            ++i;
        const std::size_t from = i;
        while (i < low.size() && isDigit(low[i]))
            ++i;
        const std::size_t length = i - from;
        key += '0';
        for (std::size_t rest = length; rest > 0; rest -= std::min<std::size_t>(rest, 255))
            key += static_cast<char>(std::min<std::size_t>(rest, 255));
        key.append(low, from, length);
    }
    return key;
}

struct TextKey {
    std::uint64_t head = 0; // the first eight bytes, most significant first: most comparisons end here
    int position = 0;
};

std::vector<int> sortedByText(const std::vector<RecordingRow>& rows, std::string RecordingRow::*member,
                              bool descending) {
    std::vector<std::string> keys(rows.size());
    std::vector<TextKey> heads;
    std::vector<int> missing;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        keys[i] = naturalKey(rows[i].*member);
        if (keys[i].empty()) {
            missing.push_back(static_cast<int>(i));
            continue;
        }
        TextKey key{0, static_cast<int>(i)};
        for (std::size_t b = 0; b < 8; ++b)
            key.head = key.head << 8U | (b < keys[i].size() ? static_cast<unsigned char>(keys[i][b]) : 0U);
        heads.push_back(key);
    }
    std::sort(heads.begin(), heads.end(), [&](const TextKey& a, const TextKey& b) {
        if (a.head != b.head)
            return (a.head < b.head) != descending;
        const int order =
            keys[static_cast<std::size_t>(a.position)].compare(keys[static_cast<std::size_t>(b.position)]);
        return order != 0 ? (order < 0) != descending : a.position < b.position;
    });
    std::vector<int> order;
    order.reserve(rows.size());
    for (const TextKey& key : heads)
        order.push_back(key.position);
    order.insert(order.end(), missing.begin(), missing.end());
    return order;
}

std::vector<int> sortedByNumber(const NumberColumn& values, bool descending) {
    std::vector<std::pair<float, int>> known;
    std::vector<int> missing;
    known.reserve(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (std::isnan(values[i]))
            missing.push_back(static_cast<int>(i));
        else
            known.emplace_back(descending ? -values[i] : values[i], static_cast<int>(i));
    }
    std::sort(known.begin(), known.end());
    std::vector<int> order;
    order.reserve(values.size());
    for (const auto& [value, position] : known)
        order.push_back(position);
    order.insert(order.end(), missing.begin(), missing.end());
    return order;
}

std::vector<int> sortedByTerms(const TermColumn& column, bool descending) {
    std::vector<int> order(column.starts.size() - 1);
    std::iota(order.begin(), order.end(), 0);
    const auto of = [&](int position) {
        const auto at = static_cast<std::size_t>(position);
        return std::span(column.terms).subspan(column.starts[at], column.starts[at + 1] - column.starts[at]);
    };
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
        const auto left = of(a), right = of(b);
        if (left.empty() || right.empty())
            return !left.empty() && right.empty();
        return descending ? std::lexicographical_compare(right.begin(), right.end(), left.begin(), left.end())
                          : std::lexicographical_compare(left.begin(), left.end(), right.begin(), right.end());
    });
    return order;
}

template <typename Fits>
void keep(std::vector<int>& positions, Fits fits) {
    std::erase_if(positions, [&](int position) { return !fits(static_cast<std::size_t>(position)); });
}

bool anyTerm(const TermColumn& column, const std::vector<bool>& wanted, std::size_t row) {
    for (auto i = column.starts[row]; i < column.starts[row + 1]; ++i)
        if (wanted[column.terms[i]])
            return true;
    return false;
}

std::vector<std::string> wordsOf(const std::string& text) {
    std::vector<std::string> words;
    for (const QString& word : QString::fromStdString(folded(text)).simplified().split(u' ', Qt::SkipEmptyParts))
        words.push_back(word.toStdString());
    return words;
}

template <typename Of>
std::shared_ptr<const NumberColumn> column(const std::vector<RecordingRow>& rows, Of of) {
    auto values = std::make_shared<NumberColumn>(rows.size());
    std::transform(rows.begin(), rows.end(), values->begin(), [&](const RecordingRow& row) { return number(of(row)); });
    return values;
}

template <typename Of>
std::shared_ptr<const TermColumn> words(const std::vector<RecordingRow>& rows, Of of) {
    std::vector<std::vector<std::string>> all(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (auto word = of(rows[i]); !word.empty())
            all[i].push_back(std::move(word));
    return std::make_shared<const TermColumn>(termColumn(all));
}

} // namespace

TermColumn termColumn(const std::vector<std::vector<std::string>>& termsOfRows) {
    std::unordered_map<std::string, std::uint32_t> places;
    TermColumn column;
    column.starts.push_back(0);
    for (const auto& terms : termsOfRows) {
        for (const auto& term : terms) {
            const auto [at, isNew] = places.emplace(term, static_cast<std::uint32_t>(column.names.size()));
            if (isNew)
                column.names.push_back(term);
            column.terms.push_back(at->second);
        }
        column.starts.push_back(static_cast<std::uint32_t>(column.terms.size()));
    }
    // Numbered by the alphabet, so that rows are sorted by comparing numbers.
    std::vector<std::pair<std::string, std::uint32_t>> keys;
    for (std::uint32_t i = 0; i < column.names.size(); ++i)
        keys.emplace_back(naturalKey(column.names[i]), i);
    std::sort(keys.begin(), keys.end());
    std::vector<std::uint32_t> rank(keys.size());
    std::vector<std::string> names;
    for (std::uint32_t i = 0; i < keys.size(); ++i) {
        rank[keys[i].second] = i;
        names.push_back(std::move(column.names[keys[i].second]));
    }
    column.names = std::move(names);
    for (auto& term : column.terms)
        term = rank[term];
    for (std::size_t row = 0; row + 1 < column.starts.size(); ++row)
        std::sort(column.terms.begin() + column.starts[row], column.terms.begin() + column.starts[row + 1]);
    return column;
}

std::shared_ptr<const WorklistIndex> WorklistIndex::build(std::shared_ptr<const Rows> rows, const LabelsOf& labels) {
    std::shared_ptr<WorklistIndex> index(new WorklistIndex);
    index->rows_ = rows ? std::move(rows) : std::make_shared<const Rows>();
    const Rows& all = *index->rows_;
    auto text = std::make_shared<std::string>();
    auto places = std::make_shared<std::vector<std::uint32_t>>();
    for (const auto& row : all) {
        places->push_back(static_cast<std::uint32_t>(text->size()));
        *text += folded(row.name + "\n" + row.patient + "\n" + row.dataset + "\n" + row.format + "\n");
    }
    places->push_back(static_cast<std::uint32_t>(text->size()));
    index->words_ = std::move(text);
    index->places_ = std::move(places);

    index->numbers_["age"] = column(all, [](const RecordingRow& row) { return row.ageYears; });
    index->numbers_["date"] = column(all, [](const RecordingRow& row) { return daysOf(row.recordedAt); });
    index->numbers_["heart_rate"] = column(all, [](const RecordingRow& row) { return row.heartRateBpm; });
    index->numbers_["surprise"] = column(all, [](const RecordingRow& row) { return shownSurprise(row); });
    index->numbers_["warnings"] =
        column(all, [](const RecordingRow& row) { return std::optional<double>(row.warnings); });
    index->terms_["dataset"] = words(all, [](const RecordingRow& row) { return row.dataset; });
    index->terms_["format"] = words(all, [](const RecordingRow& row) { return row.format; });
    index->terms_["sex"] = words(all, [](const RecordingRow& row) { return row.sex; });
    index->terms_["cluster"] =
        words(all, [](const RecordingRow& row) { return row.cluster ? std::to_string(*row.cluster) : std::string(); });
    std::vector<std::vector<std::string>> labelled(all.size());
    std::transform(all.begin(), all.end(), labelled.begin(),
                   [&](const RecordingRow& row) { return labels ? labels(row) : row.labels; });
    index->terms_["label"] = std::make_shared<const TermColumn>(termColumn(labelled));

    auto surprises = std::make_shared<std::vector<float>>(*index->numbers_["surprise"]);
    std::erase_if(*surprises, [](float value) { return std::isnan(value); });
    std::sort(surprises->begin(), surprises->end());
    index->surprises_ = std::move(surprises);
    return index;
}

std::shared_ptr<const WorklistIndex> WorklistIndex::with(const std::string& key,
                                                         std::shared_ptr<const NumberColumn> column) const {
    std::shared_ptr<WorklistIndex> index(new WorklistIndex(*this));
    if (column && column->size() == rows_->size())
        index->numbers_[key] = std::move(column);
    return index;
}

std::shared_ptr<const WorklistIndex> WorklistIndex::with(const std::string& key,
                                                         std::shared_ptr<const TermColumn> column) const {
    std::shared_ptr<WorklistIndex> index(new WorklistIndex(*this));
    if (column && column->starts.size() == rows_->size() + 1)
        index->terms_[key] = std::move(column);
    return index;
}

std::shared_ptr<const WorklistIndex> WorklistIndex::patched(std::shared_ptr<const Rows> rows,
                                                            const LabelsOf& labels) const {
    std::shared_ptr<WorklistIndex> index(new WorklistIndex(*build(std::move(rows), labels)));
    if (index->rows_->size() != rows_->size())
        return index;
    for (const auto& [key, column] : numbers_) // insert() leaves what was made anew
        index->numbers_.insert({key, column});
    for (const auto& [key, column] : terms_)
        index->terms_.insert({key, column});
    return index;
}

const NumberColumn* WorklistIndex::numbers(const std::string& key) const {
    const auto at = numbers_.find(key);
    return at == numbers_.end() ? nullptr : at->second.get();
}

const TermColumn* WorklistIndex::terms(const std::string& key) const {
    const auto at = terms_.find(key);
    return at == terms_.end() ? nullptr : at->second.get();
}

int WorklistIndex::positionOf(RecordingId id) const {
    const auto at = std::lower_bound(rows_->begin(), rows_->end(), id,
                                     [](const RecordingRow& row, RecordingId wanted) { return row.id < wanted; });
    return at == rows_->end() || at->id != id ? -1 : static_cast<int>(at - rows_->begin());
}

std::string WorklistIndex::termLine(const std::string& key, int position) const {
    const TermColumn* column = terms(key);
    std::string line;
    if (column == nullptr)
        return line;
    const auto row = static_cast<std::size_t>(position);
    for (auto i = column->starts[row]; i < column->starts[row + 1]; ++i)
        line += (line.empty() ? "" : ", ") + column->names[column->terms[i]];
    return line;
}

std::vector<int> WorklistIndex::sorted(const std::string& key, bool descending) const {
    if (key == "name")
        return sortedByText(*rows_, &RecordingRow::name, descending);
    if (key == "patient")
        return sortedByText(*rows_, &RecordingRow::patient, descending);
    if (const NumberColumn* values = numbers(key))
        return sortedByNumber(*values, descending);
    if (const TermColumn* column = terms(key))
        return sortedByTerms(*column, descending);
    std::vector<int> order(rows_->size());
    std::iota(order.begin(), order.end(), 0);
    return order;
}

std::vector<int> WorklistIndex::matching(const WorklistFilter& filter, const std::vector<int>& order) const {
    std::vector<int> found = order;
    if (!filter.among.empty()) {
        std::vector<bool> chosen(rows_->size());
        for (const RecordingId id : filter.among)
            if (const int position = positionOf(id); position >= 0)
                chosen[static_cast<std::size_t>(position)] = true;
        keep(found, [&](std::size_t row) { return chosen[row]; });
    }
    for (const auto& [key, range] : filter.ranges) {
        const NumberColumn* values = numbers(key);
        if (values == nullptr)
            return {};
        constexpr auto kAll = std::numeric_limits<float>::infinity();
        const float from = range.from ? static_cast<float>(*range.from) : -kAll;
        const float to = range.to ? static_cast<float>(*range.to) : kAll;
        keep(found, [&](std::size_t row) { return (*values)[row] >= from && (*values)[row] <= to; }); // NaN: neither
    }
    for (const auto& [key, chosen] : filter.choices) {
        const TermColumn* column = terms(key);
        if (column == nullptr)
            return {};
        std::set<std::string> wantedNames;
        for (const auto& name : chosen)
            wantedNames.insert(folded(name));
        std::vector<bool> wanted;
        for (const auto& name : column->names)
            wanted.push_back(wantedNames.contains(folded(name)));
        keep(found, [&](std::size_t row) { return anyTerm(*column, wanted, row); });
    }
    const TermColumn& labels = *terms_.at("label");
    for (const auto& word : wordsOf(filter.text)) {
        std::vector<bool> wanted;
        for (const auto& name : labels.names)
            wanted.push_back(folded(name).find(word) != std::string::npos);
        const std::string_view all = *words_;
        keep(found, [&](std::size_t row) {
            const auto from = (*places_)[row];
            return all.substr(from, (*places_)[row + 1] - from).find(word) != std::string_view::npos ||
                   anyTerm(labels, wanted, row);
        });
    }
    return found;
}

std::vector<TermCount> WorklistIndex::counts(const std::string& key) const {
    const TermColumn* column = terms(key);
    std::vector<TermCount> counts;
    if (column == nullptr)
        return counts;
    for (const auto& name : column->names)
        counts.push_back({name, 0});
    for (const auto term : column->terms)
        ++counts[term].count;
    std::stable_sort(counts.begin(), counts.end(),
                     [](const TermCount& a, const TermCount& b) { return a.count > b.count; });
    return counts;
}

std::optional<std::pair<double, double>> WorklistIndex::extent(const std::string& key) const {
    const NumberColumn* values = numbers(key);
    std::optional<std::pair<double, double>> extent;
    if (values == nullptr)
        return extent;
    for (const float value : *values) {
        if (std::isnan(value))
            continue;
        const auto v = static_cast<double>(value);
        extent = extent ? std::pair(std::min(extent->first, v), std::max(extent->second, v)) : std::pair(v, v);
    }
    return extent;
}

double WorklistIndex::surpriseRank(double surprise) const {
    const auto below =
        std::lower_bound(surprises_->begin(), surprises_->end(), static_cast<float>(surprise)) - surprises_->begin();
    return surprises_->size() < 2 ? 1.0 : static_cast<double>(below) / static_cast<double>(surprises_->size() - 1);
}

std::optional<double> daysOf(const std::string& isoDate) {
    const auto part = [&](std::size_t from, std::size_t length) -> std::optional<int> {
        int value = 0;
        if (from + length > isoDate.size())
            return {};
        const auto* end = isoDate.data() + from + length;
        const auto read = std::from_chars(isoDate.data() + from, end, value);
        return read.ec == std::errc() && read.ptr == end && value >= 0 ? std::optional(value) : std::nullopt;
    };
    const auto year = part(0, 4), month = part(5, 2), day = part(8, 2);
    if (!year || !month || !day || isoDate[4] != '-' || isoDate[7] != '-')
        return {};
    using namespace std::chrono;
    const year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                              std::chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok())
        return {};
    const auto hour = part(11, 2), minute = part(14, 2);
    const double time = hour && minute ? (*hour * 60 + *minute) / (24.0 * 60) : 0;
    return static_cast<double>(sys_days(date).time_since_epoch().count()) + time;
}

std::string isoDate(double days) {
    using namespace std::chrono;
    const year_month_day date{sys_days(std::chrono::days(static_cast<int>(std::floor(days))))};
    std::string text = std::to_string(static_cast<int>(date.year()));
    text.insert(0, text.size() < 4 ? 4 - text.size() : 0, '0');
    const auto two = [](unsigned value) { return (value < 10 ? "-0" : "-") + std::to_string(value); };
    return text + two(static_cast<unsigned>(date.month())) + two(static_cast<unsigned>(date.day()));
}

} // namespace precordia
