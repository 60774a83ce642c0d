// SPDX-License-Identifier: GPL-3.0-or-later
// A verdict comes with every diagnosis, and a run has thousands. A person is told of it when it is another one: when
// its word changes, or what its text names; not when only figures in it do.
#pragma once

#include "core/engine/engine.h"

#include <string>

namespace precordia {

class VerdictNews {
public:
    // In the order in which they come; false of one without a verdict. The first is news only where something is lost.
    bool isNews(const TrainUpdate& update);

private:
    std::string word_, named_;
};

} // namespace precordia
