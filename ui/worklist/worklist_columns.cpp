// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/worklist/worklist_columns.h"

#include <array>

namespace precordia {

namespace {

using Kind = WorklistColumnSpec::Kind;
using Group = WorklistColumnSpec::Group;

struct Measurement {
    const char* key;
    QString name, unit;
    double least, most;
};

std::vector<Measurement> measurements() {
    const QString ms = WorklistColumns::tr("ms"), degrees = QStringLiteral("\u00B0"),
                  microvolts = QStringLiteral("\u00B5V");
    return {{"heart_rate_bpm", WorklistColumns::tr("HR"), WorklistColumns::tr("bpm"), 10, 350},
            {"rr_sd_ms", WorklistColumns::tr("RR SD"), ms, 0, 2000},
            {"p_ms", WorklistColumns::tr("P"), ms, 0, 300},
            {"pr_ms", WorklistColumns::tr("PR"), ms, 0, 600},
            {"qrs_ms", WorklistColumns::tr("QRS"), ms, 0, 400},
            {"qt_ms", WorklistColumns::tr("QT"), ms, 0, 900},
            {"qtc_ms", WorklistColumns::tr("QTc"), ms, 0, 900},
            {"qtc_bazett_ms", WorklistColumns::tr("QTcB"), ms, 0, 900},
            {"qtc_fridericia_ms", WorklistColumns::tr("QTcF"), ms, 0, 900},
            {"p_axis_deg", WorklistColumns::tr("P axis"), degrees, -180, 360},
            {"qrs_axis_deg", WorklistColumns::tr("QRS axis"), degrees, -180, 360},
            {"t_axis_deg", WorklistColumns::tr("T axis"), degrees, -180, 360},
            {"sokolow_lyon_uv", WorklistColumns::tr("Sokolow"), microvolts, 0, 20000},
            {"cornell_uv", WorklistColumns::tr("Cornell"), microvolts, -10000, 20000}};
}

constexpr std::array<const char*, 12> kLeads = {"I",  "II", "III", "aVR", "aVL", "aVF",
                                                "V1", "V2", "V3",  "V4",  "V5",  "V6"};

void addRecordingColumns(std::vector<WorklistColumnSpec>& out) {
    const auto text = [&](const char* key, Kind kind, const QString& heading, const QString& tip,
                          const QString& widest) {
        out.push_back({key, kind, Group::Recording, heading, heading, {}, tip, widest, 0, 0});
    };
    const auto number = [&](const char* key, Kind kind, const QString& heading, const QString& unit, const QString& tip,
                            const QString& widest, double least, double most) {
        out.push_back({key, kind, Group::Recording, heading, heading, unit, tip, widest, least, most});
    };
    text("name", Kind::Text, WorklistColumns::tr("name"), WorklistColumns::tr("Name of the recording"),
         QStringLiteral("DEMO-0000"));
    number("date", Kind::Date, WorklistColumns::tr("date"), {},
           WorklistColumns::tr("Date of the recording; moved by the study's shift of dates"),
           QStringLiteral("00.00.0000"), -36500, 100000);
    text("patient", Kind::Text, WorklistColumns::tr("patient"), WorklistColumns::tr("Pseudonym of the patient"),
         QStringLiteral("00000000"));
    number("heart_rate", Kind::Number, WorklistColumns::tr("HR", "heart rate, column"), WorklistColumns::tr("bpm"),
           WorklistColumns::tr("Heart rate in bpm, computed from the R peaks"), QStringLiteral("000"), 10, 350);
    number("age", Kind::Number, WorklistColumns::tr("age"), WorklistColumns::tr("years"),
           WorklistColumns::tr("Age in years, from the file"), QStringLiteral("000"), 0, 120);
    text("sex", Kind::Terms, WorklistColumns::tr("sex"), WorklistColumns::tr("Sex, from the file"),
         WorklistColumns::tr("sex"));
    text("label", Kind::Terms, WorklistColumns::tr("label"), WorklistColumns::tr("Labels: diagnoses and findings"),
         QStringLiteral("atrial fibrillation"));
    text("dataset", Kind::Terms, WorklistColumns::tr("data set"),
         WorklistColumns::tr("Data set the recording belongs to"), QStringLiteral("cinc2021-a"));
    text("cluster", Kind::Terms, WorklistColumns::tr("cluster"),
         WorklistColumns::tr("Cluster on the map; 0 is the largest"), WorklistColumns::tr("cluster"));
    number("surprise", Kind::Surprise, WorklistColumns::tr("surprise"), {},
           WorklistColumns::tr("Surprise: how badly the model predicts the recording's hidden intervals; percentile in "
                               "the study"),
           WorklistColumns::tr("surprise"), 0, 100);
    text("quality", Kind::Terms, WorklistColumns::tr("quality"),
         WorklistColumns::tr("The worst that was found of the signal, computed"), QStringLiteral("lead off, V3"));
    text("format", Kind::Terms, WorklistColumns::tr("format"), WorklistColumns::tr("Format of the file"),
         QStringLiteral("Philips XML"));
}

void addMeasurements(std::vector<WorklistColumnSpec>& out, Group group) {
    const bool file = group == Group::File, moved = group == Group::Moved;
    const std::string source = file ? "file/" : moved ? "moved/" : "computed/";
    const QString tip = file    ? WorklistColumns::tr("%1 in %2, from the file")
                        : moved ? WorklistColumns::tr("%1 in %2, where a reader moved marks that change it")
                                : WorklistColumns::tr("%1 in %2, computed");
    for (const auto& m : measurements()) {
        const std::string_view key(m.key);
        // The rate that we computed has its column already, and we say which QTc it is.
        if (!file && (key == "heart_rate_bpm" || key == "qtc_ms"))
            continue;
        if (moved && key == "rr_sd_ms") // of rhythm no mark tells
            continue;
        out.push_back({source + m.key, Kind::Number, group, m.name, m.name, m.unit, tip.arg(m.name, m.unit),
                       QStringLiteral("-0000"), m.least, m.most});
        if (file)
            out.back().heading = WorklistColumns::tr("%1 (file)").arg(m.name);
        if (moved)
            out.back().heading = WorklistColumns::tr("%1 (moved)").arg(m.name);
    }
    if (group != Group::Computed)
        return;
    for (const char* lead : kLeads) {
        const QString name = WorklistColumns::tr("ST %1").arg(QLatin1String(lead));
        out.push_back({source + "st_" + lead + "_uv", Kind::Number, group, name, name, QStringLiteral("\u00B5V"),
                       WorklistColumns::tr("%1 in %2, computed").arg(name, QStringLiteral("\u00B5V")) +
                           WorklistColumns::tr("; 60 ms behind the J point"),
                       QStringLiteral("-0000"), -5000, 5000});
    }
}

} // namespace

std::vector<WorklistColumnSpec> WorklistColumns::all() {
    std::vector<WorklistColumnSpec> out;
    addRecordingColumns(out);
    addMeasurements(out, Group::Computed);
    addMeasurements(out, Group::Moved);
    addMeasurements(out, Group::File);
    return out;
}

bool WorklistColumns::shownAtFirst(const WorklistColumnSpec& column) {
    return column.key == "name" || column.key == "heart_rate" || column.key == "label" || column.key == "surprise";
}

bool WorklistColumns::isLoaded(std::string_view key) {
    return key == "quality" || key.find('/') != std::string_view::npos;
}

QString WorklistColumns::qualityWord(const std::string& key) {
    if (key == "good")
        return tr("good", "signal quality");
    if (key == "no-ecg-leads")
        return tr("no ECG leads", "signal quality");
    if (key == "missing")
        return tr("missing", "signal quality");
    if (key == "flat")
        return tr("flat", "signal quality");
    if (key == "lead-off")
        return tr("lead off", "signal quality");
    if (key == "swap-suspected")
        return tr("leads exchanged?", "signal quality");
    if (key == "clipped")
        return tr("clipped", "signal quality");
    if (key == "noise")
        return tr("noise", "signal quality");
    if (key == "baseline-jump")
        return tr("baseline jumps", "signal quality");
    if (key == "baseline-wander")
        return tr("baseline wanders", "signal quality");
    if (key == "mains")
        return tr("mains hum", "signal quality");
    return QString::fromStdString(key);
}

QString WorklistColumns::termWord(const std::string& column, const std::string& term) {
    if (column == "quality")
        return qualityWord(term);
    if (column == "sex" && term == "female")
        return tr("female");
    if (column == "sex" && term == "male")
        return tr("male");
    return QString::fromStdString(term);
}

int columnOf(const std::vector<WorklistColumnSpec>& columns, std::string_view key) {
    for (std::size_t i = 0; i < columns.size(); ++i)
        if (columns[i].key == key)
            return static_cast<int>(i);
    return -1;
}

} // namespace precordia
