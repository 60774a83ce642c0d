// SPDX-License-Identifier: GPL-3.0-or-later
// How far two readers agree, and where they do not. A reader gave a term to a recording when it stands as present on
// the recording or any part of it; a recording that was read and has no such label is without it.
#pragma once

#include "core/study/reader_labels.h"

#include <map>

namespace precordia {

// Of one term over the recordings that both have read.
struct AgreementCounts {
    std::int64_t both = 0, onlyA = 0, onlyB = 0, neither = 0;
    std::int64_t all() const { return both + onlyA + onlyB + neither; }
};

// Cohen's kappa (Cohen 1960); nothing where chance alone would agree always (neither reader varies). The interval of
// 95 % is by the large-sample variance of Fleiss, Cohen and Everitt (1969), cut to [-1, 1].
struct Kappa {
    double value = 0, low = 0, high = 0;
};
std::optional<Kappa> cohensKappa(const AgreementCounts& counts);

struct TermAgreement {
    std::string term;
    AgreementCounts counts;
    std::optional<Kappa> kappa;
};

struct Agreement {
    std::int64_t recordings = 0;           // read by both
    std::int64_t onlyByA = 0, onlyByB = 0; // read by one
    std::vector<TermAgreement> terms;      // that either has given, by name
    // Over all decisions (a term of a recording) together. Those of one recording go together: the interval is by the
    // jackknife over recordings.
    TermAgreement overall;
};

// Why a kappa is not told although it may be computed: of few recordings, chance alone gives any; when neither reader
// varies it is undefined, when one does not it is 0 (and its interval nothing) whatever the other finds.
enum class KappaUnsaid { TooFew, AllEqual, OneConstant };
inline constexpr std::int64_t kFewestForKappa = 10; // recordings that both have read
std::optional<KappaUnsaid> kappaUnsaid(const TermAgreement& term, std::int64_t recordings);

// Errors: NotFound (a reader without labels), WrongUse (the same twice), DatabaseFailed.
Result<Agreement> agreementOf(Study& study, const std::string& a, const std::string& b);

// A recording that the two do not agree on, or that one of them has not read.
struct ReadingDifference {
    RecordingId id;
    std::string name;
    bool readByA = false, readByB = false;
    struct Term {
        std::int64_t id = 0;
        std::string name;
        bool a = false, b = false;
        std::optional<LabelValue> settled; // by kAdjudicated, on the recording
    };
    std::vector<Term> terms; // that one gave and the other did not; of an unread one: all that the other gave
    bool settled() const;
};

// In the order of recordings. Errors as agreementOf(), but for readers without labels, who read nothing.
Result<std::vector<ReadingDifference>> differencesOf(Study& study, const std::string& a, const std::string& b);

} // namespace precordia
