// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/paper/page_words.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>
#include <cmath>

namespace precordia {

namespace {

constexpr std::array<const char*, 6> kChest{"V1", "V2", "V3", "V4", "V5", "V6"};

} // namespace

QString ageText(double years) {
    constexpr double kMonths = 12, kDays = 365.2425, kShortest = 1.0 / kMonths;
    constexpr double kExact = 1e-3; // of a month or day: the file's own unit
    const auto isWhole = [](double value) { return std::abs(value - std::round(value)) < kExact; };
    const auto said = [](double value, const char* one, const char* many) {
        const auto count = std::lround(value);
        return count == 1 ? QCoreApplication::translate("Paper", one)
                          : QCoreApplication::translate("Paper", many).arg(count);
    };
    if (years >= 2 || years == std::floor(years))
        return years < 1 ? QCoreApplication::translate("Paper", "under 1 year")
                         : said(std::floor(years), QT_TRANSLATE_NOOP("Paper", "1 year"),
                                QT_TRANSLATE_NOOP("Paper", "%1 years"));
    const bool inDays = !isWhole(years * kMonths) && (years < kShortest || isWhole(years * kDays));
    return inDays
               ? said(years * kDays, QT_TRANSLATE_NOOP("Paper", "1 day"), QT_TRANSLATE_NOOP("Paper", "%1 days"))
               : said(years * kMonths, QT_TRANSLATE_NOOP("Paper", "1 month"), QT_TRANSLATE_NOOP("Paper", "%1 months"));
}

QString partText(double from, double to, double whole, const QLocale& locale) {
    const auto number = [&](double seconds) { return locale.toString(std::round(seconds * 100) / 100, 'g', 9); };
    return QCoreApplication::translate("Paper", "%1 to %2 s of %3 s").arg(number(from), number(to), number(whole));
}

double chestGain(const PaperOptions& options) {
    const auto gainOf = [&](const char* name) {
        const auto style = options.leadStyles.find(name);
        return style == options.leadStyles.end() ? 1.0 : style->second.gain;
    };
    const double first = gainOf(kChest.front());
    return std::all_of(kChest.begin(), kChest.end(), [&](const char* name) { return gainOf(name) == first; }) ? first
                                                                                                              : 1.0;
}

void setChestGain(std::map<std::string, LeadStyle>& styles, double factor) {
    for (const char* name : kChest)
        styles[name].gain = factor;
    std::erase_if(styles, [](const auto& entry) { return entry.second == LeadStyle{}; });
}

void setChestGain(PaperOptions& options, double factor) {
    setChestGain(options.leadStyles, factor);
}

bool isChestLead(std::string_view name) {
    return std::any_of(kChest.begin(), kChest.end(), [name](const char* chest) { return name == chest; });
}

QString gainText(const PaperOptions& options, const QLocale& locale) {
    const QString gain = locale.toString(options.gain, 'g', 3);
    const double chest = chestGain(options);
    return chest == 1 ? gain : gain + QLatin1Char('/') + locale.toString(options.gain * chest, 'g', 3);
}

QString filterText(const DisplayFilters& filters, const QLocale& locale) {
    const auto number = [&](double hz) { return locale.toString(hz, 'g', 4); };
    QStringList parts;
    if (filters.baselineHz > 0 && filters.muscleHz > 0)
        parts << QCoreApplication::translate("Paper", "%1\u2013%2 Hz")
                     .arg(number(filters.baselineHz), number(filters.muscleHz));
    else if (filters.baselineHz > 0)
        parts << QCoreApplication::translate("Paper", "high-pass %1 Hz").arg(number(filters.baselineHz));
    else if (filters.muscleHz > 0)
        parts << QCoreApplication::translate("Paper", "low-pass %1 Hz").arg(number(filters.muscleHz));
    if (filters.mainsHz > 0)
        parts << QCoreApplication::translate("Paper", "notch %1 Hz").arg(number(filters.mainsHz));
    return parts.join(QStringLiteral(", "));
}

} // namespace precordia
