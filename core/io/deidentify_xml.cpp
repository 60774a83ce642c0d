// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/deidentify_xml.h"

#include "core/base/file.h"
#include "core/io/base64.h"
#include "core/io/muse_reader.h"
#include "core/io/text.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <set>
#include <utility>
#include <vector>

namespace precordia::deidentify_xml {

namespace {

constexpr std::uint64_t kMaxBytes = 256U << 20U;
constexpr std::size_t kMostPlaces = 1000; // of the report

bool digit(char c) {
    return c >= '0' && c <= '9';
}

bool onlyOf(std::string_view value, std::string_view characters) {
    return value.find_first_not_of(characters) == std::string_view::npos;
}

// A number of fewer than eight digits before its point: nobody's id or date.
bool plainNumber(std::string_view word) {
    const auto point = word.find_first_of(".,eE");
    const auto whole = word.substr(0, point);
    const auto digits = std::count_if(whole.begin(), whole.end(), digit);
    std::string withPoint(word);
    std::replace(withPoint.begin(), withPoint.end(), ',', '.');
    return digits <= 7 && word.size() <= 32 && text::number(withPoint).has_value();
}

bool knownLead(std::string_view name) {
    const auto& standard = standardLeads();
    if (std::find(standard.begin(), standard.end(), standardLeadName(name)) != standard.end())
        return true;
    auto rest = text::lower(name);
    if (rest.starts_with('-'))
        rest.erase(0, 1);
    static const std::set<std::string> kOthers{"avr", "x",   "y",    "z",     "d",  "a",  "j",
                                               "nst", "mli", "mlii", "mliii", "es", "as", "ai",
                                               "cc5", "cm5", "mcl1", "mcl6",  "v",  "vx", "c"};
    // V7 to V9, right and posterior leads: V3R
    const bool chest = rest.size() >= 2 && rest.size() <= 3 && (rest[0] == 'v' || rest[0] == 'c') && digit(rest[1]) &&
                       (rest.size() == 2 || rest[2] == 'r');
    return chest || kOthers.contains(rest);
}

bool mdcCode(std::string_view code) {
    for (const std::string_view known : {"TIME_ABSOLUTE", "TIME_RELATIVE", "ROIPS", "ROIFS"})
        if (code == known)
            return true;
    const auto number = text::integer(code);
    if (number && *number > 131072 && *number < 131072 + 65536)
        return true;
    constexpr std::string_view kCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";
    return code.starts_with("MDC_ECG_") && code.size() <= 64 && onlyOf(code, kCharacters);
}

std::optional<std::string> movedTimestamp(std::string_view value, int days) {
    if (value.size() < 8 || !std::all_of(value.begin(), value.begin() + 8, digit))
        return plainNumber(value) ? std::optional(std::string(value)) : std::nullopt;
    auto rest = value.substr(8);
    auto zone = rest.find_first_of("+-");
    const auto clock = rest.substr(0, zone);
    if (!onlyOf(clock, "0123456789.") || clock.size() > 16 ||
        (zone != std::string_view::npos && (rest.size() - zone != 5 || !onlyOf(rest.substr(zone + 1), "0123456789"))))
        return std::nullopt;
    const std::string day(value.substr(0, 8));
    auto moved = shiftedDate(day.substr(0, 4) + "-" + day.substr(4, 2) + "-" + day.substr(6, 2), days);
    if (moved.empty())
        return std::nullopt;
    moved.erase(std::remove(moved.begin(), moved.end(), '-'), moved.end());
    return moved + std::string(clock); // the zone would say where it was
}

std::optional<std::string> movedMuseDate(std::string_view value, int days) {
    const auto moved = shiftedDate(museDate(value), days);
    if (moved.size() != 10)
        return std::nullopt;
    return moved.substr(5, 2) + "-" + moved.substr(8, 2) + "-" + moved.substr(0, 4);
}

bool clockTime(std::string_view value) {
    const auto parts = text::split(value, ':');
    return parts.size() >= 2 && parts.size() <= 3 && value.size() <= 16 && onlyOf(value, "0123456789:.");
}

bool oneOf(std::string_view words, std::string_view value) {
    const auto all = text::split(words, '|');
    return std::any_of(all.begin(), all.end(), [&](auto word) { return text::lower(word) == text::lower(value); });
}

class Copying {
public:
    Copying(const Format& format, const Patient& patient, const IdentityMap& identities)
        : format_(format)
        , patient_(patient)
        , identities_(identities) {}

    Copy all(const xml::Element& root) {
        out_.text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
        write(root, std::string(root.name()), 0);
        out_.text += '\n';
        out_.removed.assign(removed_.begin(), removed_.end());
        return std::move(out_);
    }

private:
    // Does a path end with a place, at a '/'?
    static bool endsWith(std::string_view path, std::string_view place) {
        return path.ends_with(place) &&
               (place.starts_with('@') || path.size() == place.size() || path[path.size() - place.size() - 1] == '/');
    }

    const Rule* rule(std::string_view path, const xml::Element& element) const {
        for (const auto& candidate : format_.rules)
            if (endsWith(path, candidate.place) && (candidate.when == nullptr || candidate.when(element)))
                return &candidate;
        return nullptr;
    }

    void gone(const std::string& path) {
        if (removed_.size() < kMostPlaces)
            removed_.insert(path);
    }

    // Recursion ends with the document's depth.
    void write(const xml::Element& element, const std::string& path, int depth) {
        const bool root = depth == 0;
        const auto* own = rule(path, element);
        if (own == nullptr && !root) {
            report(element, path);
            return;
        }
        const std::string indent(static_cast<std::size_t>(depth), ' ');
        if (format_.before)
            if (const auto extra = format_.before(element); !extra.empty())
                out_.text += indent + extra + "\n";
        out_.text += indent + "<" + (root ? std::string(format_.rootTag) : std::string(element.name()));
        attributes(element, path);
        const auto value = root || own->keep == Keep::Element ? dropped(element, path) : textOf(element, *own, path);
        const auto inner = element.children();
        if (inner.empty() && value.empty()) {
            out_.text += "/>";
        } else {
            out_.text += ">" + value;
            for (const auto& child : inner) {
                const auto before = out_.text.size();
                out_.text += '\n';
                const auto start = out_.text.size();
                write(child, path + "/" + std::string(child.name()), depth + 1);
                if (out_.text.size() == start)
                    out_.text.resize(before); // nothing of it is kept
            }
            out_.text += (inner.empty() ? "" : "\n" + indent) + "</" + std::string(element.name()) + ">";
        }
    }

    std::string dropped(const xml::Element& element, const std::string& path) {
        if (!element.text().empty())
            gone(path);
        return {};
    }

    // Everything in an element that goes and holds something.
    void report(const xml::Element& element, const std::string& path) {
        dropped(element, path);
        for (const auto& [name, value] : element.attributes())
            if (!value.empty())
                gone(path + "@" + name);
        for (const auto& child : element.children())
            report(child, path + "/" + std::string(child.name()));
    }

    void attributes(const xml::Element& element, const std::string& path) {
        for (const auto& [name, value] : element.attributes()) {
            if (value.empty() || name.starts_with("xmlns") || name == "xsi:schemaLocation")
                continue;
            const auto* attribute = attributeRule(element, path, name);
            const auto kept = attribute == nullptr ? std::nullopt : checked(value, *attribute, element);
            if (kept)
                out_.text += " " + std::string(attribute->place.substr(attribute->place.find('@') + 1)) + "=\"" +
                             xml::escaped(*kept) + "\"";
            if (!kept || *kept != value)
                gone(path + "@" + name);
        }
    }

    const Rule* attributeRule(const xml::Element& element, const std::string& path, const std::string& name) const {
        const auto local = name.substr(name.find(':') == std::string::npos ? 0 : name.find(':') + 1);
        if (const auto* plain = rule(path + "@" + local, element))
            return plain;
        return rule(path + "@xsi:" + local, element);
    }

    std::string textOf(const xml::Element& element, const Rule& own, const std::string& path) {
        if (own.keep == Keep::Base64 || own.keep == Keep::Digits) {
            auto raw = element.rawText(); // its alphabet has nothing to escape
            if (isSignal(raw, own.keep))
                return raw;
            return dropped(element, path);
        }
        const auto value = element.text();
        if (value.empty())
            return {};
        const auto kept = checked(value, own, element);
        if (!kept || *kept != value)
            gone(path);
        return kept ? xml::escaped(*kept) : std::string();
    }

    static bool isSignal(std::string_view raw, Keep keep) {
        if (onlyOf(raw, "0123456789+-.eE \t\r\n"))
            return true;
        return keep == Keep::Base64 && (base64Decoded(raw, {}).ok() || onlyOf(raw, "0123456789abcdefABCDEF \t\r\n"));
    }

    // What may be written in place of a value; empty: nothing.
    std::optional<std::string> checked(const std::string& value, const Rule& own, const xml::Element& element) {
        const auto kept = [&](bool yes) { return yes ? std::optional(value) : std::nullopt; };
        switch (own.keep) {
        case Keep::Number: {
            const auto words = text::words(value);
            return kept(!words.empty() && std::all_of(words.begin(), words.end(), plainNumber));
        }
        case Keep::BigNumber:
            return kept(text::number(value).has_value());
        case Keep::Date: {
            const auto moved = shiftedDate(value.substr(0, 10), patient_.days);
            return moved.empty() ? std::nullopt : std::optional(moved);
        }
        case Keep::MuseDate:
            return movedMuseDate(value, patient_.days);
        case Keep::Time:
            return kept(clockTime(value));
        case Keep::Moment:
            return value.size() < 8 ? std::nullopt : movedTimestamp(value, patient_.days);
        case Keep::Timestamp:
            return movedTimestamp(value, patient_.days);
        case Keep::Version:
            return kept(value.size() <= 20 && onlyOf(value, "0123456789.-"));
        case Keep::Word:
            return kept(oneOf(own.words, value));
        case Keep::MdcCode:
            return kept(mdcCode(value));
        case Keep::ShortCode:
            return kept(value.size() <= 8 && onlyOf(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"));
        case Keep::Lead:
            return leads(value);
        case Keep::PatientId:
            return patient_.pseudonym.empty() ? std::nullopt : std::optional(patient_.pseudonym);
        case Keep::Age:
            return age(value, element);
        case Keep::Uid:
            return identities_.uid(value);
        case Keep::Element:
        case Keep::Digits:
        case Keep::Base64:
            break;
        }
        return std::nullopt;
    }

    static std::string leads(const std::string& value) {
        std::string out;
        std::size_t number = 0;
        for (const auto word : text::words(value)) {
            ++number;
            out += (out.empty() ? "" : " ") + (knownLead(word) ? std::string(word) : "ch" + std::to_string(number));
        }
        return out;
    }

    std::optional<std::string> age(const std::string& value, const xml::Element& element) const {
        const auto number = text::number(value);
        const double unit = format_.yearsPerUnit != nullptr ? format_.yearsPerUnit(element) : 1;
        if (!number || !(unit > 0) || *number < 0)
            return std::nullopt;
        const double years = *number * unit;
        const double grouped = groupedAge(years);
        return grouped == years ? value : text::shortest(std::round(grouped / unit));
    }

    const Format& format_;
    const Patient& patient_;
    const IdentityMap& identities_;
    Copy out_;
    std::set<std::string> removed_;
};

bool sameSamples(const Lead& a, const Lead& b) {
    return std::equal(a.samples.begin(), a.samples.end(), b.samples.begin(), b.samples.end(), [](float x, float y) {
        return std::bit_cast<std::uint32_t>(x) == std::bit_cast<std::uint32_t>(y);
    });
}

bool sameSignal(const Recording& a, const Recording& b) {
    const auto groups = [](const std::vector<Recording>& x, const std::vector<Recording>& y) {
        return std::equal(x.begin(), x.end(), y.begin(), y.end(), sameSignal);
    };
    return a.samplingRate == b.samplingRate &&
           std::equal(a.leads.begin(), a.leads.end(), b.leads.begin(), b.leads.end(), sameSamples) &&
           groups(a.medianBeats, b.medianBeats) && groups(a.otherGroups, b.otherGroups);
}

} // namespace

Copy copied(const xml::Element& root, const Format& format, const Patient& patient, const IdentityMap& identities) {
    return Copying(format, patient, identities).all(root);
}

Result<DeidentifyReport>
deidentify(const std::filesystem::path& in, const std::filesystem::path& out, const IdentityMap& identities,
           const std::function<Format(const Recording& recording)>& format,
           Result<Recording> (*read)(std::span<const std::byte>, const std::string&, const ReadOptions&)) {
    const auto bytes = readFile(in, kMaxBytes);
    if (!bytes)
        return bytes.as<DeidentifyReport>();
    const auto original = read(*bytes, in.string(), {});
    if (!original)
        return original.as<DeidentifyReport>();
    const auto document = xml::Document::parse(*bytes, in.string(), true);
    if (!document)
        return document.as<DeidentifyReport>();
    Patient patient;
    patient.id = original->metadata.patientId;
    patient.pseudonym = identities.pseudonym(patient.id);
    patient.days = identities.dateShiftDays(patient.id.empty() ? in.stem().string() : patient.id);
    const auto rules = format(*original);
    auto copy = copied(document->root(), rules, patient, identities);
    const auto back = read(std::as_bytes(std::span(copy.text)), out.string(), {});
    if (!back || !sameSignal(*original, *back))
        return makeError(ErrorCode::FormatUnsupported,
                         "without what had to go its samples would not be the same" +
                             (back ? std::string() : ": " + failureText(back)),
                         in.string());
    if (auto written = writeFileAtomically(out, copy.text); !written)
        return written.as<DeidentifyReport>();
    return DeidentifyReport{std::move(copy.removed), {out}};
}

} // namespace precordia::deidentify_xml
