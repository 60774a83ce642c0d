// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explore/lead_subset.h"

#include <algorithm>

namespace precordia {

Result<std::shared_ptr<LeadSubset>> LeadSubset::of(std::shared_ptr<const WindowSource> whole,
                                                   const std::vector<std::string>& names,
                                                   const std::vector<std::string>& kept) {
    std::shared_ptr<LeadSubset> subset(new LeadSubset);
    subset->kept_.assign(names.size(), 0);
    for (const auto& lead : kept) {
        const auto at = std::find(names.begin(), names.end(), lead);
        if (at == names.end()) {
            std::string all;
            for (const auto& name : names)
                all += (all.empty() ? "" : ", ") + name;
            return makeError(ErrorCode::WrongUse, "the model has no lead \"" + lead + "\"; it has " + all);
        }
        subset->kept_[static_cast<std::size_t>(at - names.begin())] = 1;
    }
    subset->suffix_ = "-leads";
    for (std::size_t i = 0; i < names.size(); ++i)
        if (subset->kept_[i] != 0)
            subset->suffix_ += "-" + names[i];
    subset->whole_ = std::move(whole);
    return subset;
}

void LeadSubset::read(std::int64_t index, std::span<float> out, std::span<std::uint8_t> leadPresent) const {
    whole_->read(index, out, leadPresent);
    const auto samples = static_cast<std::size_t>(shape().samples);
    for (std::size_t lead = 0; lead < kept_.size(); ++lead)
        if (kept_[lead] == 0) {
            leadPresent[lead] = 0;
            std::fill_n(out.begin() + static_cast<std::ptrdiff_t>(lead * samples), samples, 0.0F);
        }
}

} // namespace precordia
