// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explore/stored_split.h"

#include <map>
#include <set>

namespace precordia {

using FoldOf = std::optional<std::vector<int>>;

Result<FoldOf> foldsFromSplit(const Study& study, const std::vector<RecordingId>& ids) {
    const auto stored = storedFolds(study);
    if (!stored)
        return stored.as<FoldOf>();
    if (stored->empty())
        return FoldOf();
    std::map<int, int> numbers;
    std::size_t outside = 0;
    for (const auto id : ids)
        if (const auto fold = stored->find(id); fold != stored->end())
            numbers.emplace(fold->second, 0);
        else
            ++outside;
    if (outside > 0)
        return makeError(ErrorCode::ValueOutOfRange,
                         std::to_string(outside) + (outside == 1 ? " recording is" : " recordings are") +
                             " in no fold of the study's split (precordia-cli splits STUDY --make N deals all anew)",
                         study.folder().string());
    int next = 0;
    for (auto& [fold, number] : numbers)
        number = next++;
    std::vector<int> foldOf;
    foldOf.reserve(ids.size());
    for (const auto id : ids)
        foldOf.push_back(numbers.at(stored->at(id)));
    return FoldOf(std::move(foldOf));
}

Result<FoldOf> foldsFromSplit(const Study& study, const std::vector<RecordingId>& ids,
                              const std::vector<int>& classOf) {
    auto foldOf = foldsFromSplit(study, ids);
    if (!foldOf || !*foldOf)
        return foldOf;
    std::map<int, std::set<int>> foldsOf;
    for (std::size_t i = 0; i < ids.size(); ++i)
        foldsOf[classOf[i]].insert((**foldOf)[i]);
    for (const auto& [which, folds] : foldsOf)
        if (folds.size() < 2)
            return makeError(ErrorCode::ValueOutOfRange,
                             "in the study's split all recordings of one class are in the same fold",
                             study.folder().string());
    return foldOf;
}

EvaluateOptions withStoredSplit(const Study& study, EvaluateOptions options) {
    const auto stored = storedFolds(study);
    if (!stored || stored->empty())
        return options;
    std::set<int> folds;
    for (const auto& [id, fold] : *stored)
        folds.insert(fold);
    options.storedSplit = true;
    options.folds = static_cast<int>(folds.size());
    options.repeats = 1;
    return options;
}

} // namespace precordia
