// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/header_comments.h"

#include "core/io/snomed.h"
#include "core/io/text.h"

#include <algorithm>
#include <utility>

namespace precordia {

namespace {

constexpr double kOldest = 130; // some archives code "over 89" as 300

bool saysNothing(std::string_view value) {
    const auto lowered = text::lower(text::trim(value));
    for (const std::string_view word : {"", "unknown", "n/a", "na", "nan", "none", "(none)", "no", "-", "null"})
        if (lowered == word)
            return true;
    return false;
}

void addText(Metadata& metadata, std::string_view value) {
    value = text::trim(value);
    if (saysNothing(value))
        return;
    auto& texts = metadata.diagnosisTexts;
    if (std::find(texts.begin(), texts.end(), value) == texts.end())
        texts.emplace_back(value);
}

void addTexts(Metadata& metadata, std::string_view value, char delimiter) {
    for (const auto part : text::split(value, delimiter))
        addText(metadata, part);
}

void addCodes(Recording& recording, std::string_view value) {
    auto& codes = recording.metadata.diagnosisCodes;
    for (const auto part : text::split(value, ',')) {
        const std::string code(text::trim(part));
        if (saysNothing(code) || std::find(codes.begin(), codes.end(), code) != codes.end())
            continue;
        codes.push_back(code);
        if (!snomedName(code))
            recording.warnings.push_back(
                {WarningCode::UnknownCode, "diagnosis code " + code + " has no name here", "Dx"});
    }
}

void addField(std::string_view key, std::string_view value, Recording& recording) {
    auto& metadata = recording.metadata;
    if (key == "age") {
        if (const auto age = parseAgeYears(value))
            metadata.ageYears = age;
    } else if (key == "sex" || key == "gender") {
        if (auto sex = parseSex(value); !sex.empty())
            metadata.sex = std::move(sex);
    } else if (key == "dx") {
        addCodes(recording, value);
    } else if (key == "labels") {
        addTexts(metadata, value, ',');
    } else if (key == "statements") {
        addTexts(metadata, value, ';');
    } else if (key == "diagnoses" || key == "diagnosis" || key == "category" || key == "reason for admission" ||
               key == "additional diagnoses") {
        addText(metadata, value);
    } else if (key == "acute infarction (localization)" || key == "former infarction (localization)") {
        if (!saysNothing(value)) // PTB's: "infero-lateral" alone would not say what
            addText(metadata,
                    std::string(key.starts_with("acute") ? "Acute" : "Former") + " infarction: " + std::string(value));
    } else if (key == "chagas label") {
        const auto lowered = text::lower(value);
        if (lowered == "true" || lowered == "1")
            addText(metadata, "Chagas positive");
        else if (lowered == "false" || lowered == "0")
            addText(metadata, "Chagas negative");
    }
}

// "<age>: 28  <sex>: M" -> pairs; empty when the line has no such key
std::vector<std::pair<std::string, std::string_view>> bracketed(std::string_view line) {
    std::vector<std::pair<std::string, std::string_view>> out;
    while (true) {
        const auto open = line.find('<');
        const auto close = line.find(">:", open == std::string_view::npos ? 0 : open);
        if (open == std::string_view::npos || close == std::string_view::npos)
            return out;
        const auto key = line.substr(open + 1, close - open - 1);
        line.remove_prefix(close + 2);
        out.emplace_back(text::lower(text::trim(key)), text::trim(line.substr(0, line.find('<'))));
    }
}

// MIT-BIH: "69 M 1085 1629 x1"
void applyMitLine(std::string_view line, Metadata& metadata) {
    const auto words = text::words(line);
    if (words.size() < 2 || metadata.ageYears || (words[1] != "M" && words[1] != "F"))
        return;
    if (const auto age = text::number(words[0]); age && *age >= 0 && *age <= kOldest) {
        metadata.ageYears = age;
        metadata.sex = parseSex(words[1]);
    }
}

} // namespace

std::optional<double> parseAgeYears(std::string_view value) {
    value = text::trim(value);
    if (value.starts_with('>'))
        value = text::trim(value.substr(1));
    const auto number = text::takeNumber(value);
    if (!number)
        return std::nullopt;
    const auto unit = text::lower(text::trim(value));
    double years = *number;
    if (unit.starts_with("mo") || unit == "m")
        years /= 12;
    else if (unit.starts_with("w"))
        years /= 52.1775;
    else if (unit.starts_with("d"))
        years /= 365.2425;
    else if (!unit.empty() && !unit.starts_with("y"))
        return std::nullopt;
    return years >= 0 && years <= kOldest ? std::optional(years) : std::nullopt;
}

std::string parseSex(std::string_view value) {
    const auto lowered = text::lower(text::trim(value));
    if (lowered == "m" || lowered == "male")
        return "male";
    if (lowered == "f" || lowered == "female" || lowered == "w")
        return "female";
    return {};
}

void applyComments(std::vector<std::string> comments, Recording& recording) {
    bool diagnosesFollow = false; // LUDB: "<diagnoses>:" alone, then one a line
    for (const auto& comment : comments) {
        const auto line = text::trim(comment);
        if (const auto pairs = bracketed(line); !pairs.empty()) {
            for (const auto& [key, value] : pairs)
                addField(key, value, recording);
            diagnosesFollow = pairs.back().first == "diagnoses" && pairs.back().second.empty();
            continue;
        }
        if (diagnosesFollow) {
            addText(recording.metadata, line);
            continue;
        }
        if (const auto colon = line.find(':'); colon != std::string_view::npos) {
            const auto key = text::lower(text::trim(line.substr(0, colon)));
            if (key == "rhythm")
                addText(recording.metadata, line);
            else
                addField(key, text::trim(line.substr(colon + 1)), recording);
        } else {
            applyMitLine(line, recording.metadata);
        }
    }
    recording.metadata.comments = std::move(comments);
}

} // namespace precordia
