// SPDX-License-Identifier: GPL-3.0-or-later
// Which channels of a recording are ECG leads: polysomnographs and monitors write EEG, pulse waves, pressures and
// breathing beside them, often as if they were millivolts.
#pragma once

#include "core/ecg/recording.h"

#include <string>
#include <vector>

namespace precordia {

// Why a channel is no ECG, by its unit and its name; "": it may be one.
std::string reasonNotEcg(const Lead& lead);

// Those in uV; where there is none, those without a unit of their own. In the recording's order.
std::vector<const Lead*> ecgLeads(const Recording& recording);

} // namespace precordia
