// SPDX-License-Identifier: GPL-3.0-or-later
// header "time_s,<lead>,..." in uV, all samples; missing samples are empty cells. Written all or nothing.
#pragma once

#include "core/base/result.h"
#include "core/ecg/recording.h"

#include <filesystem>

namespace precordia {

Result<Done> writeCsv(const Recording& recording, const std::filesystem::path& path);

} // namespace precordia
