// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/report_text.h"

#include "core/paper/page_words.h"
#include "core/paper/paper.h"
#include "core/study/measured_signal.h"
#include "core/study/recording_source.h"

#include <array>
#include <cmath>
#include <set>
#include <string_view>

namespace precordia::report {

namespace {

constexpr std::array<std::pair<std::string_view, const char*>, 18> kKnown{{
    {"heart_rate_bpm", QT_TRANSLATE_NOOP("Report", "Heart rate")},
    {"pr_ms", QT_TRANSLATE_NOOP("Report", "PR")},
    {"qrs_ms", QT_TRANSLATE_NOOP("Report", "QRS")},
    {"qt_ms", QT_TRANSLATE_NOOP("Report", "QT")},
    {"qtc_ms", QT_TRANSLATE_NOOP("Report", "QTc")},
    {"qtc_bazett_ms", QT_TRANSLATE_NOOP("Report", "QTc (Bazett)")},
    {"qtc_fridericia_ms", QT_TRANSLATE_NOOP("Report", "QTc (Fridericia)")},
    {"p_ms", QT_TRANSLATE_NOOP("Report", "P")},
    {"qrs_axis_deg", QT_TRANSLATE_NOOP("Report", "QRS axis")},
    {"p_axis_deg", QT_TRANSLATE_NOOP("Report", "P axis")},
    {"t_axis_deg", QT_TRANSLATE_NOOP("Report", "T axis")},
    {"rr_sd_ms", QT_TRANSLATE_NOOP("Report", "RR spread (SD)")},
    {"rr_ms", QT_TRANSLATE_NOOP("Report", "RR")},
    {"qtc_framingham_ms", QT_TRANSLATE_NOOP("Report", "QTc (Framingham)")},
    {"qtc_hodges_ms", QT_TRANSLATE_NOOP("Report", "QTc (Hodges)")},
    {"ventricular_rate_bpm", QT_TRANSLATE_NOOP("Report", "Ventricular rate")},
    {"atrial_rate_bpm", QT_TRANSLATE_NOOP("Report", "Atrial rate")},
    {"pp_ms", QT_TRANSLATE_NOOP("Report", "PP")},
}};

struct Unit {
    std::string_view suffix;
    QString text;
};

std::array<Unit, 4> units() {
    return {{{"_bpm", QLatin1Char(' ') + Words::tr("bpm")},
             {"_ms", QLatin1Char(' ') + Words::tr("ms")},
             {"_deg", QStringLiteral("°")},
             {"_uv", QStringLiteral(" µV")}}};
}

QString text(const std::string& s) {
    return QString::fromStdString(s);
}

// Never with group separators: "1.234" must not be read as a fraction, nor as a thousand.
QString decimal(double value, char format, int precision) {
    return QString::number(value, format, precision).replace(QLatin1Char('.'), Words::tr(".", "the decimal sign"));
}

QString dash() {
    return QStringLiteral("–");
}

// No false precision: whole numbers for all units we know.
QString valueText(const Measurements& values, const std::string& key) {
    const auto found = values.find(key);
    if (found == values.end() || !std::isfinite(found->second))
        return dash();
    for (const Unit& unit : units())
        if (std::string_view(key).ends_with(unit.suffix))
            return QString::number(std::lround(found->second)) + unit.text;
    return decimal(found->second, 'g', 4);
}

QString sexText(const std::string& sex) {
    if (sex == "female")
        return Words::tr("female");
    if (sex == "male")
        return Words::tr("male");
    return sex.empty() ? Words::tr("sex unknown") : text(sex);
}

// "st_V2_uv" -> "st V2"
QString plainName(std::string key) {
    for (const Unit& unit : units())
        if (std::string_view(key).ends_with(unit.suffix)) {
            key.resize(key.size() - unit.suffix.size());
            break;
        }
    return text(key).replace(QLatin1Char('_'), QLatin1Char(' '));
}

} // namespace

double wholeSeconds(const RecordingReport& report) {
    return isLong(report.row) ? static_cast<double>(report.row.samples) / report.row.samplingRate
                              : report.recording.seconds();
}

QString title(const RecordingReport& report) {
    return text(report.row.name.empty() ? report.recording.name : report.row.name);
}

QString subject(const RecordingReport& report) {
    QStringList parts;
    const RecordingRow& row = report.row;
    if (!row.dataset.empty())
        parts << text(row.dataset);
    if (!row.patient.empty() && row.patient != row.name)
        parts << Words::tr("patient %1").arg(text(row.patient));
    parts << (row.ageYears ? ageText(*row.ageYears) : Words::tr("age unknown"));
    parts << sexText(row.sex);
    if (!row.recordedAt.empty())
        parts << shiftedTime(row.recordedAt);
    parts << Words::tr("%1 leads, %2 Hz, %3 s")
                 .arg(row.leads > 0 ? row.leads : static_cast<int>(report.recording.leads.size()))
                 .arg(report.recording.samplingRate)
                 .arg(wholeSeconds(report), 0, 'f', 1);
    return parts.join(QStringLiteral(" · "));
}

QString labels(const std::vector<std::string>& labels) {
    QStringList names;
    for (const std::string& label : labels)
        names << text(label);
    return names.isEmpty() ? Words::tr("none") : names.join(QStringLiteral(", "));
}

std::vector<MeasurementLine> measurements(const RecordingReport& report) {
    std::vector<MeasurementLine> lines;
    std::set<std::string, std::less<>> done;
    const auto add = [&](const std::string& key, const QString& name) {
        if (!done.insert(key).second)
            return;
        MeasurementLine line{name, valueText(report.computed, key), valueText(report.moved, key),
                             valueText(report.fromFile, key)};
        if (line.computed != dash() || line.moved != dash() || line.fromFile != dash())
            lines.push_back(std::move(line));
    };
    for (const auto& [key, name] : kKnown)
        add(std::string(key), Words::tr(name));
    for (const Measurements* values : {&report.computed, &report.moved, &report.fromFile})
        for (const auto& [key, value] : *values)
            add(key, plainName(key));
    return lines;
}

QString measuredPartNote(const RecordingReport& report) {
    switch (measuredPart(wholeSeconds(report))) {
    case MeasuredPart::Beginning:
        return Words::tr("intervals and axes: of the first %1 min").arg(kMeasuredSeconds / 60);
    case MeasuredPart::Nothing:
        return Words::tr("intervals and axes: not kept of more than %1 min").arg(kLongestMeasuredSeconds / 60);
    case MeasuredPart::Whole:
        break;
    }
    return {};
}

QString distance(const ReportNeighbour& neighbour) {
    return decimal(neighbour.distance, 'f', 1);
}

QString heartRate(const std::optional<double>& bpm) {
    return bpm ? Words::tr("%1 bpm").arg(std::lround(*bpm)) : dash();
}

QStringList modelLines(const RecordingReport& report) {
    if (report.modelHash.empty())
        return {Words::tr("No model has encoded this study yet.")};
    QStringList lines;
    if (report.surprisePercentile)
        lines << Words::tr("Surprise: percentile %1 of the study").arg(std::lround(*report.surprisePercentile));
    else
        lines << Words::tr("Surprise: not computed");
    if (report.row.surprise)
        lines << Words::tr("Latent error %1 (mean of the largest tenth)").arg(*report.row.surprise, 0, 'g', 3);
    if (report.row.cluster && *report.row.cluster >= 0)
        lines << Words::tr("Cluster %1 of the current map").arg(*report.row.cluster);
    return lines;
}

QString provenance(const RecordingReport& report) {
    QStringList parts;
    if (!report.modelHash.empty())
        parts << Words::tr("model %1").arg(text(report.modelHash));
    if (!report.preprocessingHash.empty())
        parts << Words::tr("preprocessing %1").arg(text(report.preprocessingHash));
    if (!report.row.sha256.empty())
        parts << Words::tr("source sha256 %1").arg(text(report.row.sha256.substr(0, 12)));
    if (!report.moved.empty())
        parts << Words::tr("marks moved by %1, %2").arg(text(report.movedBy), readableTime(report.movedAt));
    parts << QStringLiteral("Precordia " PRECORDIA_VERSION);
    return parts.join(QStringLiteral(" · "));
}

QString researchOnly() {
    return Words::tr("Research use only");
}

} // namespace precordia::report
