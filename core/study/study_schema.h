// SPDX-License-Identifier: GPL-3.0-or-later
// The tables of study.sqlite and the way from each older version to the present one. Internal to core/study.
#pragma once

#include "core/study/database.h"

namespace precordia {

// PRAGMA user_version of a study written by this program.
int currentSchemaVersion();
// Brings the database to the current version, all or nothing. Errors DatabaseFailed: a newer program wrote it, or it
// is no study at all.
Result<Done> migrate(Database& database);

} // namespace precordia
