// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/agreement.h"

#include "core/io/text.h"
#include "core/study/reader_labels.h"
#include "core/study/study_impl.h"

#include <algorithm>
#include <cmath>

namespace precordia {

namespace {

constexpr double kNormal95 = 1.959963984540054;

using TermIds = std::set<std::int64_t>;

struct Reading {
    std::map<RecordingId, TermIds> given; // of every recording that was read
    std::map<std::int64_t, std::string> names;
};

Result<Reading> readingOf(const Study& study, const std::string& reader) {
    auto found = study.impl().database->run(
        "SELECT r.id, l.term_id, v.name, MAX(l.value) FROM reader_labels l JOIN vocabulary v ON v.id = l.term_id"
        " JOIN recordings r ON r.sample_hash = l.sample_hash WHERE l.reader = ? GROUP BY r.id, l.term_id",
        {toQt(reader)});
    if (!found)
        return found.as<Reading>();
    Reading reading;
    while (found->next()) {
        auto& terms = reading.given[RecordingId(found->value(0).toLongLong())];
        const auto term = found->value(1).toLongLong();
        if (term == kReadTerm || found->value(3).toInt() != static_cast<int>(LabelValue::Present))
            continue;
        terms.insert(term);
        reading.names.emplace(term, fromQt(found->value(2)));
    }
    return reading;
}

void count(AgreementCounts& counts, bool a, bool b) {
    ++(a && b ? counts.both : a ? counts.onlyA : b ? counts.onlyB : counts.neither);
}

std::optional<double> kappaValue(const AgreementCounts& counts) {
    const auto n = static_cast<double>(counts.all());
    if (n == 0)
        return std::nullopt;
    const double a = static_cast<double>(counts.both + counts.onlyA) / n;
    const double b = static_cast<double>(counts.both + counts.onlyB) / n;
    const double chance = a * b + (1 - a) * (1 - b);
    const double observed = static_cast<double>(counts.both + counts.neither) / n;
    if (1 - chance < 1e-12)
        return std::nullopt;
    return (observed - chance) / (1 - chance);
}

Kappa within(double value, double error) {
    return {value, std::max(-1.0, value - kNormal95 * error), std::min(1.0, value + kNormal95 * error)};
}

// Leaving out one recording at a time. Where some part has no kappa, nothing is known of the interval.
std::optional<Kappa> jackknife(const AgreementCounts& whole, const std::vector<AgreementCounts>& ofRecordings) {
    const auto value = kappaValue(whole);
    if (!value)
        return std::nullopt;
    const Kappa unknown{*value, -1, 1};
    if (ofRecordings.size() < 2)
        return unknown;
    std::vector<double> without;
    double mean = 0;
    for (const auto& one : ofRecordings) {
        const auto kappa = kappaValue(
            {whole.both - one.both, whole.onlyA - one.onlyA, whole.onlyB - one.onlyB, whole.neither - one.neither});
        if (!kappa)
            return unknown;
        without.push_back(*kappa);
        mean += *kappa / static_cast<double>(ofRecordings.size());
    }
    double sum = 0;
    for (const double kappa : without)
        sum += (kappa - mean) * (kappa - mean);
    const auto n = static_cast<double>(without.size());
    return within(*value, std::sqrt(sum * (n - 1) / n));
}

struct Pair {
    Reading a, b;
    std::map<std::int64_t, std::string> terms;
};

Result<Pair> pairOf(const Study& study, const std::string& a, const std::string& b) {
    if (a == b)
        return makeError(ErrorCode::WrongUse, "agreement is between two readers", a);
    auto first = readingOf(study, a);
    if (!first)
        return first.as<Pair>();
    auto second = readingOf(study, b);
    if (!second)
        return second.as<Pair>();
    Pair pair{*std::move(first), *std::move(second), {}};
    pair.terms = pair.a.names;
    pair.terms.insert(pair.b.names.begin(), pair.b.names.end());
    return pair;
}

Result<std::map<std::pair<RecordingId, std::int64_t>, LabelValue>> settledValues(const Study& study) {
    using Values = std::map<std::pair<RecordingId, std::int64_t>, LabelValue>;
    auto found = study.impl().database->run("SELECT r.id, l.term_id, l.value FROM reader_labels l JOIN recordings r"
                                            " ON r.sample_hash = l.sample_hash WHERE l.reader = ?"
                                            " AND l.target = 'recording'",
                                            {QString(kAdjudicated)});
    if (!found)
        return found.as<Values>();
    Values values;
    while (found->next())
        values[{RecordingId(found->value(0).toLongLong()), found->value(1).toLongLong()}] =
            static_cast<LabelValue>(found->value(2).toInt());
    return values;
}

Result<std::map<RecordingId, std::string>> namesOf(const Study& study) {
    using Names = std::map<RecordingId, std::string>;
    auto found = study.impl().database->run("SELECT id, name FROM recordings");
    if (!found)
        return found.as<Names>();
    Names names;
    while (found->next())
        names.emplace(RecordingId(found->value(0).toLongLong()), fromQt(found->value(1)));
    return names;
}

} // namespace

std::optional<Kappa> cohensKappa(const AgreementCounts& counts) {
    const auto kappa = kappaValue(counts);
    if (!kappa)
        return std::nullopt;
    const auto n = static_cast<double>(counts.all());
    const double p[2][2] = {{static_cast<double>(counts.both) / n, static_cast<double>(counts.onlyA) / n},
                            {static_cast<double>(counts.onlyB) / n, static_cast<double>(counts.neither) / n}};
    const double ofA[2] = {p[0][0] + p[0][1], p[1][0] + p[1][1]};
    const double ofB[2] = {p[0][0] + p[1][0], p[0][1] + p[1][1]};
    const double observed = p[0][0] + p[1][1];
    const double chance = ofA[0] * ofB[0] + ofA[1] * ofB[1];
    double agreeing = 0;
    double differing = 0;
    for (int i = 0; i < 2; ++i)
        for (int j = 0; j < 2; ++j)
            if (i == j)
                agreeing += p[i][i] * std::pow(1 - chance - (ofA[i] + ofB[i]) * (1 - observed), 2);
            else
                differing += p[i][j] * std::pow(ofB[i] + ofA[j], 2);
    differing *= std::pow(1 - observed, 2);
    const double rest = std::pow(observed * chance - 2 * chance + observed, 2);
    const double variance = (agreeing + differing - rest) / (n * std::pow(1 - chance, 4));
    return within(*kappa, std::sqrt(std::max(0.0, variance)));
}

std::optional<KappaUnsaid> kappaUnsaid(const TermAgreement& term, std::int64_t recordings) {
    const auto& c = term.counts;
    if (recordings < kFewestForKappa)
        return KappaUnsaid::TooFew;
    const auto constant = [&](std::int64_t given) { return given == 0 || given == c.all(); };
    const bool a = constant(c.both + c.onlyA);
    const bool b = constant(c.both + c.onlyB);
    if (!term.kappa || (a && b && c.onlyA + c.onlyB == 0))
        return KappaUnsaid::AllEqual;
    return a || b ? std::optional(KappaUnsaid::OneConstant) : std::nullopt;
}

Result<Agreement> agreementOf(Study& study, const std::string& a, const std::string& b) {
    const auto pair = pairOf(study, a, b);
    if (!pair)
        return pair.as<Agreement>();
    for (const auto& [reading, reader] : {std::pair(&pair->a, &a), std::pair(&pair->b, &b)})
        if (reading->given.empty()) {
            const auto known = ReaderLabels(study).readers();
            std::string names;
            for (const auto& name : known ? *known : std::vector<std::string>())
                names += (names.empty() ? "; labels are by " : ", ") + name;
            return makeError(ErrorCode::NotFound,
                             "no label is by the reader \"" + *reader + "\"" +
                                 (names.empty() ? "; readers label in the window, panel Labels" : names),
                             study.folder().string());
        }
    Agreement out;
    std::map<std::int64_t, AgreementCounts> counts;
    std::vector<AgreementCounts> ofRecordings;
    for (const auto& [id, givenA] : pair->a.given) {
        const auto other = pair->b.given.find(id);
        if (other == pair->b.given.end()) {
            ++out.onlyByA;
            continue;
        }
        ++out.recordings;
        auto& own = ofRecordings.emplace_back();
        for (const auto& [term, name] : pair->terms) {
            const bool byA = givenA.contains(term);
            const bool byB = other->second.contains(term);
            count(counts[term], byA, byB);
            count(own, byA, byB);
            count(out.overall.counts, byA, byB);
        }
    }
    out.onlyByB = static_cast<std::int64_t>(pair->b.given.size()) - out.recordings;
    for (const auto& [term, name] : pair->terms)
        out.terms.push_back({name, counts[term], cohensKappa(counts[term])});
    std::sort(out.terms.begin(), out.terms.end(),
              [](const auto& x, const auto& y) { return text::lower(x.term) < text::lower(y.term); });
    out.overall.kappa = jackknife(out.overall.counts, ofRecordings);
    return out;
}

bool ReadingDifference::settled() const {
    return std::all_of(terms.begin(), terms.end(), [](const Term& term) { return term.settled.has_value(); }) &&
           !terms.empty();
}

Result<std::vector<ReadingDifference>> differencesOf(Study& study, const std::string& a, const std::string& b) {
    using Differences = std::vector<ReadingDifference>;
    const auto pair = pairOf(study, a, b);
    if (!pair)
        return pair.as<Differences>();
    const auto settled = settledValues(study);
    if (!settled)
        return settled.as<Differences>();
    const auto names = namesOf(study);
    if (!names)
        return names.as<Differences>();
    std::set<RecordingId> ids;
    for (const auto* reading : {&pair->a, &pair->b})
        for (const auto& [id, given] : reading->given)
            ids.insert(id);
    static const TermIds kNone;
    Differences out;
    for (const auto id : ids) {
        const auto inA = pair->a.given.find(id);
        const auto inB = pair->b.given.find(id);
        ReadingDifference one{id, {}, inA != pair->a.given.end(), inB != pair->b.given.end(), {}};
        const auto& givenA = one.readByA ? inA->second : kNone;
        const auto& givenB = one.readByB ? inB->second : kNone;
        for (const auto& [term, name] : pair->terms) {
            const bool byA = givenA.contains(term);
            const bool byB = givenB.contains(term);
            if (byA == byB)
                continue;
            const auto value = settled->find({id, term});
            one.terms.push_back(
                {term, name, byA, byB, value != settled->end() ? std::optional(value->second) : std::nullopt});
        }
        if (one.readByA && one.readByB && one.terms.empty())
            continue;
        if (const auto name = names->find(id); name != names->end())
            one.name = name->second;
        out.push_back(std::move(one));
    }
    return out;
}

} // namespace precordia
