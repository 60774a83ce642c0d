// SPDX-License-Identifier: GPL-3.0-or-later
// The report as one HTML file: no links, no scripts, the figure embedded as SVG. Private to core/report.
#pragma once

#include "core/report/recording_report.h"

#include <QByteArray>

namespace precordia::report {

QByteArray htmlHead(const QString& title);
QByteArray htmlSection(const RecordingReport& report, int number); // number: makes the ids inside the SVG unique
QByteArray htmlFoot();

} // namespace precordia::report
