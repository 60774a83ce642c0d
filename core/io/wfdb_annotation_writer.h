// SPDX-License-Identifier: GPL-3.0-or-later
// Marks as an MIT annotation file (PhysioNet, annot(5)).
#pragma once

#include "core/ecg/recording.h"

#include <cstddef>
#include <span>
#include <vector>

namespace precordia::wfdb {

// In the order of time. A symbol that the format does not know is defined in the file itself (codes 42 to 49), and when
// those are used up it becomes a note that begins with it. A mark of the whole recording among marks of leads has
// channel 255. Marks before sample 0 are left out.
std::vector<std::byte> encodeAnnotations(std::span<const Annotation> annotations);

} // namespace precordia::wfdb
