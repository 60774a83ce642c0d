// SPDX-License-Identifier: GPL-3.0-or-later
// Windows of which only some leads are shown: what a model knows of a study when an electrode, or nine, are missing.
// Leads computed from others (III, aVR ...) are no exception: what is not named is not there.
#pragma once

#include "core/base/result.h"
#include "core/ecg/window_source.h"

#include <memory>
#include <string>
#include <vector>

namespace precordia {

class LeadSubset final : public WindowSource {
public:
    // names: the leads of `whole`, in order. Error WrongUse when one of `kept` is none of them.
    static Result<std::shared_ptr<LeadSubset>> of(std::shared_ptr<const WindowSource> whole,
                                                  const std::vector<std::string>& names,
                                                  const std::vector<std::string>& kept);
    std::int64_t size() const override { return whole_->size(); }
    WindowShape shape() const override { return whole_->shape(); }
    void read(std::int64_t index, std::span<float> out, std::span<std::uint8_t> leadPresent) const override;
    std::string dataHash() const override { return whole_->dataHash() + suffix_; }

private:
    LeadSubset() = default;
    std::shared_ptr<const WindowSource> whole_;
    std::vector<std::uint8_t> kept_; // [leads]
    std::string suffix_;             // "-leads-I-II-V2"
};

} // namespace precordia
