// SPDX-License-Identifier: GPL-3.0-or-later
// De-identification of XML formats: the copy is written anew from a list of places (elements and attributes) and of
// what may stand there (a number, one of some words, a moved date ...). What is not on the list, or does not look as
// the list says, is not written: comments, processing instructions and DOCTYPE neither. Signal text is copied byte for
// byte.
#pragma once

#include "core/io/deidentify.h"
#include "core/io/reader.h"
#include "core/io/xml_document.h"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace precordia::deidentify_xml {

enum class Keep {
    Element,   // the element itself; its text goes
    Number,    // a number, or a list of them, of up to seven digits before the point
    BigNumber, // of any length: checksums, limits
    Date,      // 2021-03-04, moved
    MuseDate,  // 03-04-2021, moved
    Time,      // 10:11:12
    Timestamp, // HL7 20210304101112.5+0100, moved, without its zone; shorter numbers are relative times
    Moment,    // the same where only a date can stand: what is no whole date goes
    Version,   // 1.04.01, or a band 0.05-150
    Word,      // one of rule.words, separated by '|'
    MdcCode,   // MDC_ECG_..., TIME_ABSOLUTE ...
    ShortCode, // up to eight capitals and digits: a statement's code
    Lead,      // the name of a known lead, or a list of them; another one becomes "ch1"
    PatientId, // the pseudonym
    Age,       // above 89 years: 90
    Uid,       // mapped
    Digits,    // signal: white space and numbers
    Base64,    // signal: Base64, or numbers (Plain), or hexadecimal
};

struct Rule {
    std::string_view
        place; // the end of a path, "sequence/value/head@value" for an attribute; "@xsi:type" is so written
    Keep keep = Keep::Element;
    std::string_view words = {};
    bool (*when)(const xml::Element& element) = nullptr; // and only if
};

struct Format {
    std::string_view rootTag; // what follows "<", namespaces with it: "AnnotatedECG xmlns=..."
    std::span<const Rule> rules;
    double (*yearsPerUnit)(const xml::Element& age) = nullptr; // of Keep::Age; null: years
    // XML to write before an element: what takes the place of something that goes.
    std::function<std::string(const xml::Element& element)> before;
};

struct Patient {
    std::string id; // as in the file
    std::string pseudonym;
    int days = 0;
};

struct Copy {
    std::string text;                 // UTF-8
    std::vector<std::string> removed; // places
};

Copy copied(const xml::Element& root, const Format& format, const Patient& patient, const IdentityMap& identities);

// The whole way: reads `in`, writes the copy to `out` after reading it back: the samples must be the same.
// `format` gets the recording, for what it has to say of it.
Result<DeidentifyReport>
deidentify(const std::filesystem::path& in, const std::filesystem::path& out, const IdentityMap& identities,
           const std::function<Format(const Recording& recording)>& format,
           Result<Recording> (*read)(std::span<const std::byte>, const std::string&, const ReadOptions&));

} // namespace precordia::deidentify_xml

namespace precordia {

// One a format; see deidentify.h.
Result<DeidentifyReport> deidentifyAecg(const std::filesystem::path& in, const std::filesystem::path& out,
                                        const IdentityMap& identities);
Result<DeidentifyReport> deidentifyMuse(const std::filesystem::path& in, const std::filesystem::path& out,
                                        const IdentityMap& identities);
Result<DeidentifyReport> deidentifySierra(const std::filesystem::path& in, const std::filesystem::path& out,
                                          const IdentityMap& identities);

} // namespace precordia
