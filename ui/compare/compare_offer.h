// SPDX-License-Identifier: GPL-3.0-or-later
// "Compare with the current one" in the menu of a table of recordings.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over the C++20 standard headers behind these
#include "core/base/strong_index.h"
#endif

#include <functional>

class QAbstractItemView;

namespace precordia {

class Session;

// The right mouse button asks about a row without bringing it into focus. idOf: the recording of a row, invalid: none.
void offerComparison(QAbstractItemView& table, Session& session, std::function<RecordingId(int row)> idOf);

} // namespace precordia
