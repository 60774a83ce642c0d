// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/splits.h"

#include "core/base/hash.h"
#include "core/study/study_impl.h"

#include <algorithm>
#include <numeric>
#include <set>

namespace precordia {

namespace {

struct Member {
    RecordingId id;
    std::string patient; // pseudonym, ""
};

Result<std::vector<Member>> membersOf(const Study& study) {
    auto found = study.impl().database->run("SELECT r.id, p.pseudonym FROM recordings r"
                                            " LEFT JOIN patients p ON p.id = r.patient_id ORDER BY r.id");
    if (!found)
        return found.as<std::vector<Member>>();
    std::vector<Member> members;
    while (found->next())
        members.push_back({RecordingId(found->value(0).toLongLong()), fromQt(found->value(1))});
    return members;
}

// Which members belong together, each with the number of the first of them.
class Groups {
public:
    explicit Groups(std::size_t members) : parent_(members) { std::iota(parent_.begin(), parent_.end(), 0U); }
    std::size_t of(std::size_t i) {
        while (parent_[i] != i)
            i = parent_[i] = parent_[parent_[i]];
        return i;
    }
    void join(std::size_t a, std::size_t b) {
        a = of(a), b = of(b);
        parent_[std::max(a, b)] = std::min(a, b);
    }

private:
    std::vector<std::size_t> parent_;
};

// Which members must not be parted.
Groups groupsOf(const std::vector<Member>& members, const std::vector<NearDuplicate>& near) {
    Groups groups(members.size());
    std::unordered_map<std::string, std::size_t> patients;
    std::unordered_map<RecordingId, std::size_t> places;
    for (std::size_t i = 0; i < members.size(); ++i) {
        places.emplace(members[i].id, i);
        if (!members[i].patient.empty())
            groups.join(i, patients.emplace(members[i].patient, i).first->second);
    }
    for (const auto& pair : near) {
        const auto a = places.find(pair.a);
        const auto b = places.find(pair.b);
        if (a != places.end() && b != places.end()) // else it came in after the members were listed
            groups.join(a->second, b->second);
    }
    return groups;
}

Result<Done> store(Study& study, const std::vector<Member>& members, const std::vector<int>& foldOf) {
    auto& database = *study.impl().database;
    return study.inTransaction([&]() -> Result<Done> {
        if (const auto done = database.change("DELETE FROM splits"); !done)
            return done;
        auto insert = database.prepare("INSERT INTO splits(recording_id, fold) VALUES(?, ?)");
        if (!insert)
            return insert.as<Done>();
        for (std::size_t i = 0; i < members.size(); ++i)
            if (const auto done = database.execute(*insert, {static_cast<qlonglong>(members[i].id.value), foldOf[i]});
                !done)
                return done;
        return study.setValue(kMadeSplitKey, "1");
    });
}

} // namespace

Result<Folds> storedFolds(const Study& study) {
    auto found = study.impl().database->run("SELECT recording_id, fold FROM splits");
    if (!found)
        return found.as<Folds>();
    Folds folds;
    while (found->next())
        folds.emplace(RecordingId(found->value(0).toLongLong()), found->value(1).toInt());
    return folds;
}

Result<Done> makeSplits(Study& study, int folds, std::uint64_t seed, const StopToken& stop, Progress& progress) {
    if (folds < 2)
        return makeError(ErrorCode::WrongUse, "a split has at least two folds");
    const auto members = membersOf(study);
    if (!members)
        return members.as<Done>();
    const auto near = nearDuplicates(study, stop, progress);
    if (!near)
        return near.as<Done>();
    auto groups = groupsOf(*members, *near);
    std::map<std::size_t, int> sizes;
    for (std::size_t i = 0; i < members->size(); ++i)
        ++sizes[groups.of(i)];
    if (sizes.size() < static_cast<std::size_t>(folds))
        return makeError(ErrorCode::WrongUse,
                         std::to_string(sizes.size()) + " patients cannot be dealt to " + std::to_string(folds) +
                             " folds",
                         study.folder().string());
    // The large groups first, those of one size in an order drawn from the seed; each to the smallest fold.
    struct Group {
        int size = 0;
        std::string draw;
        std::size_t first = 0;
    };
    std::vector<Group> order;
    for (const auto& [first, size] : sizes)
        order.push_back(
            {size, sha256Hex(std::to_string(seed) + " " + std::to_string((*members)[first].id.value)), first});
    std::sort(order.begin(), order.end(),
              [](const Group& a, const Group& b) { return a.size != b.size ? a.size > b.size : a.draw < b.draw; });
    std::vector<int> load(static_cast<std::size_t>(folds), 0);
    std::unordered_map<std::size_t, int> foldOfGroup;
    for (const auto& group : order) {
        const auto smallest = std::min_element(load.begin(), load.end());
        *smallest += group.size;
        foldOfGroup[group.first] = static_cast<int>(smallest - load.begin()) + 1;
    }
    std::vector<int> foldOf(members->size());
    for (std::size_t i = 0; i < members->size(); ++i)
        foldOf[i] = foldOfGroup.at(groups.of(i));
    return store(study, *members, foldOf);
}

Result<SplitCheck> checkSplits(Study& study, const StopToken& stop, Progress& progress) {
    const auto members = membersOf(study);
    const auto folds = storedFolds(study);
    if (!members)
        return members.as<SplitCheck>();
    if (!folds)
        return folds.as<SplitCheck>();
    if (folds->empty())
        return makeError(ErrorCode::NotFound, "no split is stored", study.folder().string());
    SplitCheck check;
    std::unordered_map<std::string, std::map<int, RecordingId>> seen; // of a patient: the first recording in each fold
    for (const auto& member : *members) {
        const auto fold = folds->find(member.id);
        if (fold == folds->end()) {
            ++check.withoutFold;
            continue;
        }
        ++check.recordings[fold->second];
        if (member.patient.empty()) {
            ++check.withoutPatient;
            continue;
        }
        auto& of = seen[member.patient];
        if (of.emplace(fold->second, member.id).second && of.size() > 1) {
            const auto other = std::find_if(of.begin(), of.end(), [&](const auto& o) { return o.second != member.id; });
            check.leaks.push_back(
                {SplitLeak::Kind::SamePatient, other->second, member.id, other->first, fold->second, 1});
        }
    }
    const auto near = nearDuplicates(study, stop, progress);
    if (!near)
        return near.as<SplitCheck>();
    for (const auto& pair : *near) {
        const auto a = folds->find(pair.a);
        const auto b = folds->find(pair.b);
        if (a != folds->end() && b != folds->end() && a->second != b->second)
            check.leaks.push_back(
                {SplitLeak::Kind::NearDuplicate, pair.a, pair.b, a->second, b->second, pair.similarity});
    }
    return check;
}

} // namespace precordia
