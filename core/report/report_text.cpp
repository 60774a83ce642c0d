// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/report_text.h"

#include <array>
#include <cmath>
#include <set>
#include <string_view>

namespace precordia::report {

namespace {

constexpr std::array<std::pair<std::string_view, const char*>, 18> kKnown{{
    {"heart_rate_bpm", "Heart rate"},
    {"rr_ms", "RR"},
    {"rr_sd_ms", "RR deviation"},
    {"p_ms", "P"},
    {"pr_ms", "PR"},
    {"qrs_ms", "QRS"},
    {"qt_ms", "QT"},
    {"qtc_ms", "QTc"},
    {"qtc_bazett_ms", "QTc (Bazett)"},
    {"qtc_fridericia_ms", "QTc (Fridericia)"},
    {"qtc_framingham_ms", "QTc (Framingham)"},
    {"qtc_hodges_ms", "QTc (Hodges)"},
    {"p_axis_deg", "P axis"},
    {"qrs_axis_deg", "QRS axis"},
    {"t_axis_deg", "T axis"},
    {"ventricular_rate_bpm", "Ventricular rate"},
    {"atrial_rate_bpm", "Atrial rate"},
    {"pp_ms", "PP"},
}};

struct Unit {
    std::string_view suffix;
    QString text;
};

const std::array<Unit, 4>& units() {
    static const std::array<Unit, 4> table{{{"_bpm", QStringLiteral(" bpm")},
                                            {"_ms", QStringLiteral(" ms")},
                                            {"_deg", QStringLiteral("°")},
                                            {"_uv", QStringLiteral(" µV")}}};
    return table;
}

QString text(const std::string& s) {
    return QString::fromStdString(s);
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
    return QString::number(found->second, 'g', 4);
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

QString title(const RecordingReport& report) {
    return text(report.row.name.empty() ? report.recording.name : report.row.name);
}

QString subject(const RecordingReport& report) {
    QStringList parts;
    const RecordingRow& row = report.row;
    if (!row.dataset.empty())
        parts << text(row.dataset);
    if (!row.patient.empty() && row.patient != row.name)
        parts << QStringLiteral("patient %1").arg(text(row.patient));
    parts << (row.ageYears ? QStringLiteral("%1 years").arg(std::lround(*row.ageYears))
                           : QStringLiteral("age unknown"));
    parts << (row.sex.empty() ? QStringLiteral("sex unknown") : text(row.sex));
    if (!row.recordedAt.empty())
        parts << text(row.recordedAt);
    parts << QStringLiteral("%1 leads, %2 Hz, %3 s")
                 .arg(row.leads > 0 ? row.leads : static_cast<int>(report.recording.leads.size()))
                 .arg(report.recording.samplingRate)
                 .arg(report.recording.seconds(), 0, 'f', 1);
    return parts.join(QStringLiteral(" · "));
}

QString labels(const std::vector<std::string>& labels) {
    QStringList names;
    for (const std::string& label : labels)
        names << text(label);
    return names.isEmpty() ? QStringLiteral("none") : names.join(QStringLiteral(", "));
}

std::vector<MeasurementLine> measurements(const RecordingReport& report) {
    std::vector<MeasurementLine> lines;
    std::set<std::string, std::less<>> done;
    const auto add = [&](const std::string& key, const QString& name) {
        if (!done.insert(key).second)
            return;
        MeasurementLine line{name, valueText(report.computed, key), valueText(report.fromFile, key)};
        if (line.computed != dash() || line.fromFile != dash())
            lines.push_back(std::move(line));
    };
    for (const auto& [key, name] : kKnown)
        add(std::string(key), QString::fromLatin1(name));
    for (const Measurements* values : {&report.computed, &report.fromFile})
        for (const auto& [key, value] : *values)
            add(key, plainName(key));
    return lines;
}

QString distance(const ReportNeighbour& neighbour) {
    return QString::number(neighbour.distance, 'f', 1);
}

QString heartRate(const std::optional<double>& bpm) {
    return bpm ? QStringLiteral("%1 bpm").arg(std::lround(*bpm)) : dash();
}

QStringList modelLines(const RecordingReport& report) {
    if (report.modelHash.empty())
        return {QStringLiteral("No model has encoded this study yet.")};
    QStringList lines;
    if (report.surprisePercentile)
        lines << QStringLiteral("Surprise: percentile %1 of the study").arg(std::lround(*report.surprisePercentile));
    else
        lines << QStringLiteral("Surprise: not computed");
    if (report.row.surprise)
        lines << QStringLiteral("Latent error %1 (mean of the largest tenth)").arg(*report.row.surprise, 0, 'g', 3);
    if (report.row.cluster && *report.row.cluster >= 0)
        lines << QStringLiteral("Cluster %1 of the current map").arg(*report.row.cluster);
    return lines;
}

QString provenance(const RecordingReport& report) {
    QStringList parts;
    if (!report.modelHash.empty())
        parts << QStringLiteral("model %1").arg(text(report.modelHash));
    if (!report.preprocessingHash.empty())
        parts << QStringLiteral("preprocessing %1").arg(text(report.preprocessingHash));
    if (!report.row.sha256.empty())
        parts << QStringLiteral("source sha256 %1").arg(text(report.row.sha256.substr(0, 12)));
    parts << QStringLiteral("Precordia " PRECORDIA_VERSION);
    return parts.join(QStringLiteral(" · "));
}

QString researchOnly() {
    return QStringLiteral("Research use only");
}

} // namespace precordia::report
