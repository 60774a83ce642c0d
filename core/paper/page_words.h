// SPDX-License-Identifier: GPL-3.0-or-later
// What a page of paper says of itself in words and figures: which seconds it shows, at which gain.
#pragma once

#include "core/paper/paper.h"
#include "core/signal/display_filter.h"

#include <QLocale>

namespace precordia {

// An age as people say it: "78 years", whole ones; below two years "14 months" or "12 days", as files give it. 1 and 0
// may be whole years of a birth date or of a file, and stay them: "1 year", "under 1 year".
QString ageText(double years);

// "3.2 to 13.2 s of 30 s", to a hundredth of a second.
QString partText(double from, double to, double whole, const QLocale& locale = QLocale::c());

// Half gain for the chest leads, as electrocardiographs write 10/5 mm/mV, is a style of V1 to V6: their common factor
// on the page's gain, 1 where they have none. The calibration pulse, the foot and each lead's name tell it; the other
// leads of a chest (V7, V3R) keep the page's gain, and say nothing.
double chestGain(const PaperOptions& options);
// Keeps what else is said of these leads.
void setChestGain(PaperOptions& options, double factor);
void setChestGain(std::map<std::string, LeadStyle>& styles, double factor);
// V1 to V6.
bool isChestLead(std::string_view name);
// "10", or "10/5" where the chest leads have a gain of their own; mm/mV.
QString gainText(const PaperOptions& options, const QLocale& locale = QLocale::c());
// As electrocardiographs write them: "0.5–40 Hz, notch 50 Hz"; of a band open on one side "high-pass 0.5 Hz" or
// "low-pass 40 Hz". "" when none is on.
QString filterText(const DisplayFilters& filters, const QLocale& locale = QLocale::c());

} // namespace precordia
