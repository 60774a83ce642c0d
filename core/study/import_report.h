// SPDX-License-Identifier: GPL-3.0-or-later
// Keeping an import's report in the study. Internal to core/study.
#pragma once

#include "core/study/import.h"

namespace precordia {

// Sealed: paths and reasons may tell who somebody is. Of earlier imports the last ten stay.
Result<Done> keepImportReport(Study& study, const ImportReport& report);

} // namespace precordia
