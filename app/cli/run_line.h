// SPDX-License-Identifier: GPL-3.0-or-later
// How a pretraining run goes, on stderr: one line on a terminal, else one every few seconds and at each verdict; and
// between them what a person should see at once.
#pragma once

#include "core/engine/engine.h"
#include "core/engine/verdict_news.h"

#include <chrono>
#include <string>

namespace precordia::cli {

class RunLine {
public:
    RunLine();
    void operator()(const TrainUpdate& update);
    // Of a run that ends without a report: what its encodings lose, if they do.
    void tellVerdict() const;

private:
    void warn(const TrainUpdate& update);

    bool terminal_;
    std::chrono::steady_clock::time_point shown_;
    VerdictNews news_;
    std::string verdict_, verdictText_, advice_;
};

} // namespace precordia::cli
