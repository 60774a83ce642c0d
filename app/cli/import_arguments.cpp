// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/import_arguments.h"

#include <algorithm>

namespace precordia::cli {

namespace {

Error wrong(const std::string& word, const std::string& why) {
    return makeError(ErrorCode::WrongUse, why, "--map " + word);
}

std::optional<ColumnRole> roleOf(const std::string& key) {
    for (int role = 0; role <= static_cast<int>(ColumnRole::Fold); ++role)
        if (name(static_cast<ColumnRole>(role)) == key)
            return static_cast<ColumnRole>(role);
    return std::nullopt;
}

// What is no column: true when the word was one of these.
Result<bool> setOption(const std::string& word, const std::string& key, const std::string& value,
                       LabelMapping& mapping) {
    if (key == "match") {
        using Match = LabelMapping::Match;
        if (value != "path" && value != "stem" && value != "id")
            return wrong(word, "match is path, stem or id");
        mapping.match = value == "path" ? Match::Path : value == "stem" ? Match::Stem : Match::Id;
        return true;
    }
    if (key == "sex-coding") {
        using Coding = LabelMapping::SexCoding;
        if (value != "words" && value != "0-is-male" && value != "1-is-male")
            return wrong(word, "sex-coding is words, 0-is-male or 1-is-male");
        mapping.sexCoding = value == "words"       ? Coding::Words
                            : value == "0-is-male" ? Coding::ZeroIsMale
                                                   : Coding::OneIsMale;
        return true;
    }
    if (key == "separators")
        mapping.separators = value;
    else if (key == "dataset-name")
        mapping.dataset = value;
    else
        return false;
    return true;
}

} // namespace

Result<std::optional<LabelMapping>> mappingOf(const std::filesystem::path& csv, const std::vector<std::string>& words) {
    using Mapping = std::optional<LabelMapping>;
    if (words.empty())
        return Mapping();
    const auto glance = glanceAtTable(csv, 0);
    if (!glance)
        return glance.as<Mapping>();
    LabelMapping mapping;
    mapping.delimiter = glance->proposed.delimiter;
    mapping.roles.assign(glance->header.size(), ColumnRole::Ignored);
    for (const auto& word : words) {
        const auto equals = word.find('=');
        if (equals == std::string::npos)
            return wrong(word, "say what=column");
        const auto key = word.substr(0, equals);
        const auto value = word.substr(equals + 1);
        const auto set = setOption(word, key, value, mapping);
        if (!set)
            return set.as<Mapping>();
        if (*set)
            continue;
        const auto role = roleOf(key);
        if (!role)
            return wrong(word, "there is no \"" + key +
                                   "\": recording, file, labels, flag, codes, statements, age, sex, patient, dataset, "
                                   "fold, match, sex-coding, separators, dataset-name");
        const auto column = std::find(glance->header.begin(), glance->header.end(), value);
        if (column == glance->header.end())
            return wrong(word, "the table has no column \"" + value + "\"");
        mapping.roles[static_cast<std::size_t>(column - glance->header.begin())] = *role;
    }
    if (const auto problem = mappingProblem(mapping); !problem.empty())
        return makeError(ErrorCode::WrongUse, problem, "--map");
    return Mapping(mapping);
}

} // namespace precordia::cli
