// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/privacy.h"

#include "core/io/text.h"
#include "core/study/clinical_words.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <regex>

namespace precordia {

namespace {

constexpr std::size_t kShortWord = 5; // below: it must stand alone
constexpr std::size_t kLeastWord = 3; // shorter words tell nobody
constexpr std::size_t kLongestFinding = 120;
constexpr std::size_t kSerialDigits = 4;
// What folders of recordings are called; nobody is.
constexpr std::array kFolders = {"data",   "dataset", "datasets",  "database",   "databases", "study", "studies",
                                 "export", "exports", "import",    "imports",    "file",      "files", "record",
                                 "backup", "records", "recording", "recordings", "archive",   "home",  "folder",
                                 "public", "shared",  "project",   "projects",   "documents", "test",  "downloads"};

bool isWordByte(char c) { // letters beyond ASCII belong to words
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x80 || std::isalnum(byte) != 0;
}

// Lower-case words between separators. Latin capitals of UTF-8 ("\xC3\x84") become small too.
std::vector<std::string> wordsOf(std::string_view text) {
    std::vector<std::string> words(1);
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (!isWordByte(text[i])) {
            if (!words.back().empty())
                words.emplace_back();
            continue;
        }
        const bool latinCapital =
            i > 0 && static_cast<unsigned char>(text[i - 1]) == 0xC3 && byte >= 0x80 && byte <= 0x9E;
        words.back() += static_cast<char>(latinCapital ? byte + 0x20 : std::tolower(byte));
    }
    if (words.back().empty())
        words.pop_back();
    return words;
}

bool isNumber(const std::string& word) {
    return std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool hasDigit(const std::string& word) {
    return std::any_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Eight digits that are a day of the last or this century, year first or last.
bool isDate(std::string_view digits) {
    if (digits.size() != 8)
        return false;
    const auto number = [&](std::size_t at, std::size_t count) {
        return text::integer(digits.substr(at, count)).value_or(0);
    };
    const auto plausible = [](std::int64_t year, std::int64_t month, std::int64_t day) {
        return year >= 1900 && year <= 2099 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
    };
    return plausible(number(0, 4), number(4, 2), number(6, 2)) || plausible(number(4, 4), number(2, 2), number(0, 2)) ||
           plausible(number(4, 4), number(0, 2), number(2, 2));
}

// "1956", "04", "12" as 19560412; "4", "12", "1956" as 04121956; else "". Year first, both others have two
// digits: 2.0.1 is no date, nor is 2021.1.2.
std::string dateOf(const std::string& a, const std::string& b, const std::string& c) {
    if (!isNumber(b) || !isNumber(c))
        return {};
    if (a.size() == 4 && b.size() == 2 && c.size() == 2)
        return a + b + c;
    if (a.size() > 2 || b.size() > 2 || c.size() != 4)
        return {};
    return std::string(2 - a.size(), '0') + a + std::string(2 - b.size(), '0') + b + c;
}

enum class Known { No, Joining, Finding };

// Of a whole text: every word known, and one that says something.
Known knownWords(std::string_view text) {
    const auto words = wordsOf(text);
    bool finding = false;
    for (const auto& word : words) {
        const auto kind = clinicalWord(word);
        if (kind == WordKind::Unknown)
            return Known::No;
        finding = finding || kind == WordKind::Clinical;
    }
    return finding ? Known::Finding : words.empty() ? Known::No : Known::Joining;
}

bool isFinding(std::string_view text) {
    if (text.size() > kLongestFinding)
        return false;
    // "normal ecg", "abnormal": joining words alone, when there is an adjective of the kind among them
    const auto known = knownWords(text);
    if (known != Known::Joining)
        return known == Known::Finding;
    const auto words = wordsOf(text);
    return std::any_of(words.begin(), words.end(), [](const auto& w) {
        return w == "normal" || w == "abnormal" || w == "nonspecific" || w == "deviation" || w == "voltage" ||
               w == "axis";
    });
}

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}

// A point between two digits is of a number or a code ("1.5 mV", "Q21.1") and separates nothing.
std::size_t findSeparator(std::string_view text, std::string_view separators) {
    auto at = text.find_first_of(separators);
    while (at < text.size() && text[at] == '.' && at > 0 && isDigit(text[at - 1]) && at + 1 < text.size() &&
           isDigit(text[at + 1]))
        at = text.find_first_of(separators, at + 1);
    return std::min(at, text.size());
}

template <typename Use>
void forEachPart(std::string_view text, std::string_view separators, Use use) {
    while (!text.empty()) {
        const auto end = findSeparator(text, separators);
        if (const auto part = text::trim(text.substr(0, end)); !part.empty())
            use(part);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

// Known words that say how a finding is and not which: "acute", "age undetermined".
bool isQualifier(std::string_view clause) {
    const auto words = wordsOf(clause);
    return clause.size() <= kLongestFinding && knownWords(clause) == Known::Joining &&
           std::any_of(words.begin(), words.end(),
                       [](const std::string& w) { return w.size() >= kLeastWord && !isNumber(w); });
}

// Of a statement with words that are none of the field's.
void addClauses(std::string_view statement, Findings& out) {
    std::string before; // qualifiers whose finding has not come yet
    bool any = false;
    forEachPart(statement, ",()", [&](std::string_view clause) {
        const auto words = static_cast<int>(wordsOf(clause).size());
        if (isFinding(clause)) {
            out.names.push_back(normaliseLabel(before + std::string(clause)));
            out.dropped -= words + static_cast<int>(wordsOf(before).size());
            before.clear();
            any = true;
        } else if (isQualifier(clause) && !any) {
            before += std::string(clause) + ", ";
        } else if (isQualifier(clause) && out.names.back().name.size() + clause.size() < kLongestFinding) {
            out.names.back().name += ", " + std::string(clause);
            out.dropped -= words;
        }
    });
}

// "ICD-10: Q21.1", "ICD-10: (FO) Q21.1": one finding, whose parts alone would say nothing. What stands in brackets
// stays when it is of the field or a usual subdivision of a code (oval foramen, ostium secundum defect); else it may be
// anybody's.
std::optional<std::string> codedFinding(std::string_view statement) {
    static const std::regex kCoded(
        R"((ICD-?10(?:-[A-Z]{2})?)\s*:?\s*(?:\(([^()]*)\)\s*)?([A-Z]\d[\dA-Z](?:\.[\dA-Z]{1,4})?))", std::regex::icase);
    static constexpr std::array kSubdivisions = {"fo", "pfo", "osd", "opd", "svd"};
    std::cmatch match;
    if (statement.size() > kLongestFinding ||
        !std::regex_match(statement.data(), statement.data() + statement.size(), match, kCoded))
        return std::nullopt;
    const auto words = wordsOf(match[2].str());
    const bool known = !words.empty() && std::all_of(words.begin(), words.end(), [](const std::string& word) {
        return clinicalWord(word) != WordKind::Unknown ||
               std::find(kSubdivisions.begin(), kSubdivisions.end(), word) != kSubdivisions.end();
    });
    return match[1].str() + ": " + (known ? "(" + match[2].str() + ") " : "") + match[3].str();
}

void replaceAll(std::string& text, const std::string& what, const std::string& with) {
    if (what.size() < kLeastWord)
        return;
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
}

bool isUnitOrLead(std::string_view quoted) {
    static constexpr std::array kUnits = {"mv", "uv", "nv",  "v",  "mmhg", "bpm", "ms",
                                          "s",  "hz", "adu", "nu", "µv",   "%"};
    const auto lowered = text::lower(text::trim(quoted));
    if (std::find(kUnits.begin(), kUnits.end(), lowered) != kUnits.end())
        return true;
    const auto& leads = standardLeads();
    return std::find(leads.begin(), leads.end(), standardLeadName(quoted)) != leads.end();
}

// 'quoted', "quoted" and “quoted” parts give way to ... unless they are a unit, a lead or words of the field.
std::string withoutQuotes(const std::string& text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const char c = text[at];
        const bool opens = (c == '"' || c == '\'') && (at == 0 || !isWordByte(text[at - 1])); // not an apostrophe
        if (!opens) {
            out += text[at++];
            continue;
        }
        auto close = text.find(c, at + 1);
        const auto quoted = [&] {
            return std::string_view(text).substr(at + 1, std::min(close, text.size()) - at - 1);
        };
        const bool harmless = close != std::string::npos && (isUnitOrLead(quoted()) || isFinding(quoted()));
        if (!harmless) { // up to the last mark: what is quoted may hold marks itself
            close = text.rfind(c);
            close = close == at ? text.size() : close;
        }
        out += c + (harmless ? std::string(quoted()) : std::string("...")) + c;
        at = close + 1;
    }
    return out;
}

bool hasAny(std::string_view text, const std::vector<std::string>& sought) {
    if (sought.empty())
        return false;
    const auto words = wordsOf(text);
    std::string joined;
    for (const auto& word : words)
        joined += word;
    return std::any_of(sought.begin(), sought.end(), [&](const std::string& word) {
        if (word.size() >= kShortWord)
            return joined.find(word) != std::string::npos;
        return std::find(words.begin(), words.end(), word) != words.end();
    });
}

std::string kindOf(WarningCode code) {
    std::string text(name(code));
    std::replace(text.begin(), text.end(), '-', ' ');
    return text;
}

} // namespace

IdentityWords::IdentityWords(const Metadata& metadata, const std::string& tablePatient) {
    for (const auto& text :
         {metadata.patientId, tablePatient, metadata.identity.patientName, metadata.identity.institution,
          metadata.identity.operatorName, metadata.identity.physician})
        add(text);
    addDate(metadata.identity.birthDate);
    for (const auto* texts : {&metadata.comments, &metadata.diagnosisTexts})
        for (const auto& text : *texts)
            addComment(text);
}

// "Name: ...", "Patient ID: ..." tell who it is; of other comments every word may that is none of the field's.
void IdentityWords::addComment(std::string_view comment) {
    static constexpr std::array kKeys = {"name",     "patient",    "subject",     "id",       "mrn",     "birth",
                                         "dob",      "born",       "physician",   "doctor",   "dr",      "operator",
                                         "hospital", "technician", "institution", "ordering", "address", "ssn"};
    if (const auto colon = comment.find(':'); colon != std::string_view::npos) {
        const auto keys = wordsOf(comment.substr(0, colon));
        const bool tells = std::any_of(keys.begin(), keys.end(), [](const std::string& key) {
            return std::find(kKeys.begin(), kKeys.end(), key) != kKeys.end();
        });
        if (tells)
            add(comment.substr(colon + 1));
    }
    for (const auto& word : wordsOf(comment))
        if (clinicalWord(word) == WordKind::Unknown && word.size() > kLeastWord)
            commentWords_.push_back(word);
}

void IdentityWords::add(std::string_view text) {
    const auto words = wordsOf(text);
    std::string joined; // "47-11" is written 4711 elsewhere
    for (const auto& word : words) {
        joined += word;
        if (word.size() >= kLeastWord && clinicalWord(word) != WordKind::Joining)
            words_.push_back(word);
    }
    if (words.size() > 1 && joined.size() >= kLeastWord)
        words_.push_back(joined);
    else if (words.size() == 1 && isNumber(joined) && joined.size() <= kLeastWord)
        words_.push_back(joined); // patient 7, patient 700: a joining word, but a name that is that number alone
}

void IdentityWords::addDate(std::string_view iso) {
    if (iso.size() < 10)
        return;
    const std::string y(iso.substr(0, 4)), m(iso.substr(5, 2)), d(iso.substr(8, 2));
    const auto yy = y.substr(2);
    for (auto& word : {y + m + d, d + m + y, m + d + y, yy + m + d, d + m + yy})
        words_.push_back(word);
}

bool IdentityWords::in(std::string_view text) const {
    return hasAny(text, words_);
}

bool IdentityWords::inOrOfComments(std::string_view text) const {
    return in(text) || hasAny(text, commentWords_);
}

bool looksPersonal(std::string_view stem) {
    const auto words = wordsOf(stem);
    int names = 0;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto& word = words[i];
        if (isNumber(word)) {
            if (isDate(word) || (i + 2 < words.size() && isDate(dateOf(words[i], words[i + 1], words[i + 2]))))
                return true;
            continue;
        }
        if (!hasDigit(word) && word.size() >= kLeastWord && clinicalWord(word) == WordKind::Unknown &&
            std::find(kFolders.begin(), kFolders.end(), word) == kFolders.end())
            ++names;
    }
    return names > 1;
}

bool hasPersonalFolder(const std::filesystem::path& file) {
    const auto folders = file.parent_path();
    return std::any_of(folders.begin(), folders.end(), [](const auto& part) { return looksPersonal(part.string()); });
}

Findings recognisedFindings(std::string_view text) {
    Findings out;
    out.words = out.dropped = static_cast<int>(wordsOf(text).size());
    if (isFinding(text)) {
        out.dropped = 0;
        out.names.push_back(normaliseLabel(text));
        return out;
    }
    forEachPart(text, ".;\n|", [&](std::string_view statement) {
        if (isFinding(statement)) {
            out.names.push_back(normaliseLabel(statement));
            out.dropped -= static_cast<int>(wordsOf(statement).size());
        } else if (const auto coded = codedFinding(statement)) {
            out.names.push_back(normaliseLabel(*coded));
            out.dropped -= static_cast<int>(wordsOf(*coded).size());
        } else {
            addClauses(statement, out);
        }
    });
    return out;
}

std::string recognisedText(std::string_view text) {
    return text.size() <= kLongestFinding && knownWords(text) != Known::No ? std::string(text) : std::string();
}

Warning scrubbed(const Warning& warning, const IdentityWords& identity, const std::filesystem::path& file) {
    Warning out = warning;
    for (auto* text : {&out.message, &out.where}) {
        for (const auto& known : {file.string(), file.parent_path().string() + "/"})
            if (known.size() > 1)
                replaceAll(*text, known, "");
        replaceAll(*text, file.filename().string(), "the file");
        *text = withoutQuotes(*text);
    }
    const auto stem = file.stem().string();
    IdentityWords all = identity;
    if (looksPersonal(stem) || identity.in(stem))
        all.add(stem);
    if (all.inOrOfComments(out.message))
        out.message = kindOf(out.code);
    if (all.inOrOfComments(out.where))
        out.where.clear();
    return out;
}

Annotation scrubbed(Annotation mark) {
    constexpr std::size_t kLongestSymbol = 2;
    if (mark.symbol.size() > kLongestSymbol)
        mark.symbol = recognisedText(mark.symbol);
    // Rhythms of MIT annotations: "(AFIB", "(N", "(SVTA"; all else by its words.
    static constexpr std::array kRhythms = {"(AB",   "(AFIB", "(AFL", "(B",     "(BII",  "(IVR", "(N",  "(NOD",
                                            "(P",    "(PREX", "(SBR", "(SVTA",  "(T",    "(VFL", "(VT", "(VF",
                                            "(VFIB", "(ASYS", "(J",   "(BI",    "(HGEA", "(SVT", "(TS", "(PM",
                                            "(NSR",  "(SAB",  "(CHB", "(NOISE", "(PAT",  "(BBB", "(AVB"};
    auto text = mark.text;
    while (!text.empty() && text.back() == '\0')
        text.pop_back();
    const bool rhythm = std::find(kRhythms.begin(), kRhythms.end(), text) != kRhythms.end();
    mark.text = rhythm ? text : recognisedText(text);
    if (mark.source.size() > 24 || mark.source.find_first_of("/\\ ") != std::string::npos)
        mark.source = "file";
    return mark;
}

std::string scrubbedDevice(std::string_view device, const IdentityWords& identity) {
    if (identity.in(device))
        return {};
    std::string out;
    for (const auto word : text::words(device)) {
        std::size_t digits = 0, most = 0;
        for (const char c : word) {
            digits = c >= '0' && c <= '9' ? digits + 1 : 0;
            most = std::max(most, digits);
        }
        if (most <= kSerialDigits) // longer ones are serial numbers
            out += (out.empty() ? "" : " ") + std::string(word);
    }
    return out;
}

} // namespace precordia
