// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/snomed.h"

#include "core/io/snomed_table.h"
#include "core/io/text.h"

#include <algorithm>
#include <unordered_map>

namespace precordia {

namespace {

struct Entry {
    std::string name;
    std::string abbreviation;
};

const std::unordered_map<std::string, Entry>& entries() {
    static const auto table = [] {
        std::unordered_map<std::string, Entry> made;
        for (const auto line : text::lines(snomedTable()))
            if (const auto cells = text::split(line, ','); cells.size() == 3 && text::integer(cells[0]))
                made.emplace(cells[0], Entry{std::string(cells[1]), std::string(cells[2])});
        return made;
    }();
    return table;
}

const Entry* find(std::string_view code) {
    const auto it = entries().find(std::string(text::trim(code)));
    return it == entries().end() ? nullptr : &it->second;
}

} // namespace

std::optional<std::string> snomedName(std::string_view code) {
    const auto* entry = find(code);
    return entry != nullptr ? std::optional(entry->name) : std::nullopt;
}

std::optional<std::string> snomedAbbreviation(std::string_view code) {
    const auto* entry = find(code);
    return entry != nullptr && !entry->abbreviation.empty() ? std::optional(entry->abbreviation) : std::nullopt;
}

std::vector<SnomedTerm> snomedTerms() {
    std::vector<SnomedTerm> terms;
    for (const auto& [code, entry] : entries())
        terms.push_back({code, entry.name});
    std::sort(terms.begin(), terms.end(),
              [](const auto& a, const auto& b) { return a.name != b.name ? a.name < b.name : a.code < b.code; });
    return terms;
}

LabelName normaliseLabel(std::string_view label) {
    static const auto spelled = [] {
        std::unordered_map<std::string, std::string> names;
        for (const auto& [code, entry] : entries())
            names.emplace(text::lower(entry.name), entry.name);
        return names;
    }();
    constexpr std::string_view kAround = " ><*=", kBehind = " ><*=.";
    std::string name;
    for (const auto word : text::words(label))
        name += (name.empty() ? "" : " ") + std::string(word);
    name.erase(std::min(name.find_last_not_of(kBehind) + 1, name.size()));
    name.erase(0, std::min(name.find_first_not_of(kAround), name.size()));
    constexpr std::string_view kRhythm = "rhythm:";
    std::string kind;
    if (text::lower(std::string_view(name).substr(0, kRhythm.size())) == kRhythm) {
        name = text::trim(std::string_view(name).substr(kRhythm.size()));
        kind = "rhythm";
    }
    if (const auto term = spelled.find(text::lower(name)); term != spelled.end())
        name = term->second;
    return {std::move(name), std::move(kind)};
}

} // namespace precordia
