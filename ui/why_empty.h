// SPDX-License-Identifier: GPL-3.0-or-later
// Why a view of the model has nothing to show, and what would fill it: no recording, no model, a recording that the
// model cannot read, or work under way.
#pragma once

#include "ui/session.h"
#include "ui/widgets.h"

namespace precordia {

// title, invitation: what the view says of itself while no recording is chosen.
void explainEmpty(EmptyState& state, const Session& session, const QString& title, const QString& invitation);

} // namespace precordia
