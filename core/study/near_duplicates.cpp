// SPDX-License-Identifier: GPL-3.0-or-later
// Signs of random projections (Charikar 2002), 16 groups of 16: of two signatures with a correlation of 0.97 some group
// agrees with a probability of 0.994, with one of 0.95 of 0.960 (a bit agrees with 1 - acos(r) / pi); what agrees in a
// group is compared.
#include "core/study/near_duplicates.h"

#include "core/study/recording_source.h"
#include "core/study/signal_summary.h"
#include "core/study/study_impl.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <unordered_map>

namespace precordia {

namespace {

constexpr std::size_t kGroups = 16;
constexpr std::size_t kBits = 16;
constexpr std::size_t kMostAlike = 500; // in one group; beyond, each is compared with the first and the one before
constexpr std::size_t kCommitEvery = 256;

struct Signed {
    RecordingId id;
    Signature signature;
};

std::vector<std::int8_t> projections() {
    std::vector<std::int8_t> signs(kGroups * kBits * kSignatureBins);
    std::uint64_t state = 0x9E3779B97F4A7C15ULL; // splitmix64
    for (std::size_t i = 0; i < signs.size(); ++i) {
        auto z = (state += 0x9E3779B97F4A7C15ULL);
        z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
        signs[i] = ((z ^ (z >> 31U)) & 1U) != 0 ? 1 : -1;
    }
    return signs;
}

using Keys = std::array<std::uint16_t, kGroups>;

// Of the first row that says something.
std::optional<Keys> keysOf(const Signature& signature, const std::vector<std::int8_t>& signs) {
    const std::int8_t* row = signature.data();
    const auto silent = [](const std::int8_t* r) {
        return std::all_of(r, r + kSignatureBins, [](std::int8_t v) { return v == 0; });
    };
    if (silent(row))
        row += kSignatureBins;
    if (silent(row))
        return std::nullopt;
    Keys keys{};
    for (std::size_t bit = 0; bit < kGroups * kBits; ++bit) {
        const auto* sign = signs.data() + bit * kSignatureBins;
        int sum = 0;
        for (std::size_t i = 0; i < kSignatureBins; ++i)
            sum += sign[i] * row[i];
        auto& key = keys[bit / kBits];
        key = static_cast<std::uint16_t>((key << 1U) | (sum > 0 ? 1U : 0U));
    }
    return keys;
}

// One that says nothing is kept as such, and not asked for again. A recording may have gone meanwhile.
Result<Done> put(Study& study, const std::vector<Signed>& made) {
    return study.inTransaction([&]() -> Result<Done> {
        for (const auto& [id, signature] : made)
            if (const auto done = study.impl().database->change(
                    "INSERT OR REPLACE INTO signatures(recording_id, data) SELECT id, ? FROM recordings WHERE id = ?",
                    {blobOf(signature), static_cast<qlonglong>(id.value)});
                !done)
                return done;
        return Done{};
    });
}

Result<Done> makeMissing(Study& study, const StopToken& stop, Progress& progress) {
    auto& database = *study.impl().database;
    auto found = database.run("SELECT id FROM recordings WHERE id NOT IN (SELECT recording_id FROM signatures)");
    if (!found)
        return found.as<Done>();
    std::vector<RecordingId> missing;
    while (found->next())
        missing.emplace_back(found->value(0).toLongLong());
    if (missing.empty())
        return Done{};
    found->finish();
    progress.begin("comparing signals", static_cast<std::int64_t>(missing.size()));
    for (std::size_t from = 0; from < missing.size(); from += kCommitEvery) {
        // Files are read first: other writers wait for the short transaction alone.
        std::vector<Signed> made;
        for (auto i = from; i < std::min(missing.size(), from + kCommitEvery); ++i) {
            if (stop.stop_requested())
                return Cancelled{};
            progress.advance();
            if (const auto recording = readBeginning(study, missing[i], kSignatureSeconds); recording)
                made.push_back({missing[i], signatureOf(*recording)}); // else moved or gone: it cannot be compared
        }
        if (const auto done = put(study, made); !done)
            return done;
    }
    return Done{};
}

Result<std::vector<Signed>> readSignatures(const Study& study) {
    auto found = study.impl().database->run("SELECT recording_id, data FROM signatures ORDER BY recording_id");
    if (!found)
        return found.as<std::vector<Signed>>();
    std::vector<Signed> all;
    while (found->next()) {
        const auto bytes = found->value(1).toByteArray();
        if (bytes.size() != static_cast<qsizetype>(2 * kSignatureBins))
            continue;
        const auto* data = reinterpret_cast<const std::int8_t*>(bytes.constData());
        all.push_back({RecordingId(found->value(0).toLongLong()), Signature(data, data + bytes.size())});
    }
    return all;
}

} // namespace

Result<std::vector<NearDuplicate>> nearDuplicates(Study& study, const StopToken& stop, Progress& progress) {
    using Pairs = std::vector<NearDuplicate>;
    if (const auto made = makeMissing(study, stop, progress); !made)
        return made.as<Pairs>();
    const auto all = readSignatures(study);
    if (!all)
        return all.as<Pairs>();
    const auto signs = projections();
    std::vector<std::unordered_map<std::uint16_t, std::vector<std::uint32_t>>> groups(kGroups);
    progress.begin("comparing signals", static_cast<std::int64_t>(all->size()));
    for (std::size_t i = 0; i < all->size(); ++i) {
        if (stop.stop_requested())
            return Cancelled{};
        if (const auto keys = keysOf((*all)[i].signature, signs))
            for (std::size_t group = 0; group < kGroups; ++group)
                groups[group][(*keys)[group]].push_back(static_cast<std::uint32_t>(i));
        progress.advance();
    }
    std::map<std::pair<RecordingId, RecordingId>, double> near;
    const auto compare = [&](std::uint32_t i, std::uint32_t k) {
        const auto& a = (*all)[i];
        const auto& b = (*all)[k];
        if (const auto alike = similarity(a.signature, b.signature); alike >= kNearDuplicate)
            near.emplace(std::pair(a.id, b.id), alike);
    };
    for (const auto& group : groups)
        for (const auto& [key, members] : group) {
            if (stop.stop_requested())
                return Cancelled{};
            const bool many = members.size() > kMostAlike;
            for (std::size_t k = 1; k < members.size(); ++k) {
                if (!many) {
                    for (std::size_t i = 0; i < k; ++i)
                        compare(members[i], members[k]);
                    continue;
                }
                compare(members[0], members[k]);
                compare(members[k - 1], members[k]);
            }
        }
    Pairs pairs;
    for (const auto& [ids, alike] : near)
        pairs.push_back({ids.first, ids.second, alike});
    return pairs;
}

} // namespace precordia
