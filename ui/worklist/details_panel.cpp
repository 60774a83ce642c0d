// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/worklist/details_panel.h"

#include "core/paper/page_words.h"
#include "core/study/measure_study.h"
#include "ui/ecg/long_recording.h"
#include "ui/texts.h"
#include "ui/theme/theme.h"
#include "ui/widgets.h"

#include <QGridLayout>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace precordia {

namespace {

constexpr std::size_t kShownWarnings = 3;
constexpr int kLongestName = Theme::kStep * 36; // px, of a neighbour: its labels want room too

struct Shown {
    const char* key;
    QString name, unit;
};

std::vector<Shown> shownMeasurements() {
    return {{"heart_rate_bpm", DetailsPanel::tr("Heart rate"), DetailsPanel::tr("bpm")},
            {"rr_sd_ms", DetailsPanel::tr("RR spread (SD)"), DetailsPanel::tr("ms")},
            {"p_ms", DetailsPanel::tr("P"), DetailsPanel::tr("ms")},
            {"pr_ms", DetailsPanel::tr("PR"), DetailsPanel::tr("ms")},
            {"qrs_ms", DetailsPanel::tr("QRS"), DetailsPanel::tr("ms")},
            {"qt_ms", DetailsPanel::tr("QT"), DetailsPanel::tr("ms")},
            {"qtc_ms", DetailsPanel::tr("QTc"), DetailsPanel::tr("ms")},
            {"qtc_bazett_ms", DetailsPanel::tr("QTc (Bazett)"), DetailsPanel::tr("ms")},
            {"qtc_fridericia_ms", DetailsPanel::tr("QTc (Fridericia)"), DetailsPanel::tr("ms")},
            {"p_axis_deg", DetailsPanel::tr("P axis"), QStringLiteral("\u00B0")},
            {"qrs_axis_deg", DetailsPanel::tr("QRS axis"), QStringLiteral("\u00B0")},
            {"t_axis_deg", DetailsPanel::tr("T axis"), QStringLiteral("\u00B0")}};
}

bool hasValue(const Measurements& values, const Shown& shown) {
    const auto at = values.find(shown.key);
    return at != values.end() && std::isfinite(at->second);
}

QString valueText(const Measurements& values, const Shown& shown) {
    if (!hasValue(values, shown))
        return QStringLiteral("\u2013");
    const QString number = QString::number(std::lround(values.at(shown.key)));
    return shown.unit == QStringLiteral("\u00B0") ? number + shown.unit : number + QLatin1Char(' ') + shown.unit;
}

QString joined(const std::vector<std::string>& words) {
    QStringList list;
    for (const auto& word : words)
        list << QString::fromStdString(word);
    return list.join(QStringLiteral(", "));
}

} // namespace

DetailsPanel::DetailsPanel(Session& session, QWidget* parent) : QWidget(parent), session_(session) {
    setRole(this, "panelGround");
    setAttribute(Qt::WA_StyledBackground);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    outer->addWidget(scroll);
    content_ = new QWidget;
    setRole(content_, "panelGround");
    column_ = new QVBoxLayout(content_);
    column_->setContentsMargins(Theme::kPanel, Theme::kStep * 2, Theme::kPanel, Theme::kPanel);
    column_->setSpacing(Theme::kStep);
    scroll->setWidget(content_);
    connect(&session_, &Session::recordingChanged, this, &DetailsPanel::rebuild);
    connect(&session_, &Session::movedChanged, this, &DetailsPanel::rebuild);
    connect(&session_, &Session::neighboursChanged, this, &DetailsPanel::rebuild);
    connect(&session_, &Session::rowsPatched, this, &DetailsPanel::rebuild);
    connect(&session_, &Session::rowsChanged, this, &DetailsPanel::rebuild); // measured again, perhaps
    rebuild();
}

void DetailsPanel::rebuild() {
    // Taken out at once, deleted later: a neighbour's button may be what asked for it.
    while (QLayoutItem* item = column_->takeAt(0)) {
        if (QWidget* widget = item->widget()) {
            widget->hide();
            widget->deleteLater();
        }
        delete item;
    }
    const auto loaded = session_.recording();
    if (!loaded) {
        addText(tr("Measurements, labels and warnings of the selected recording."), "secondary");
        column_->addStretch(1);
        return;
    }
    addOldMeasuring(*loaded);
    addMeasurements(*loaded);
    addFacts(*loaded);
    addNeighbours();
    column_->addStretch(1);
}

QLabel* DetailsPanel::addText(const QString& text, const char* role) {
    auto* label = new QLabel(text, content_);
    label->setWordWrap(true);
    setRole(label, role);
    column_->addWidget(label);
    return label;
}

// The Beat page measures anew: beside it, older values would contradict without a word.
void DetailsPanel::addOldMeasuring(const LoadedRecording& loaded) {
    if (session_.study() == nullptr)
        return;
    const auto version = measuredVersion(*session_.study(), loaded.row.id);
    if (!version || *version == 0 || *version >= kMeasuringVersion)
        return;
    addText(tr("Measured by an older version of the program: the computed values may differ from those of the Beat "
               "view, which measures anew."),
            "caution");
    auto* again = new QPushButton(tr("Measure the study again"), content_);
    setRole(again, "link");
    again->setToolTip(tr("All recordings that an older version measured, in the background"));
    again->setCursor(Qt::PointingHandCursor);
    connect(again, &QPushButton::clicked, this, &DetailsPanel::measureWanted);
    column_->addWidget(again, 0, Qt::AlignLeft);
}

void DetailsPanel::addMeasurements(const LoadedRecording& loaded) {
    auto* table = new QWidget(content_);
    auto* grid = new QGridLayout(table);
    grid->setContentsMargins(0, 0, 0, Theme::kStep);
    grid->setHorizontalSpacing(2 * Theme::kStep);
    grid->setVerticalSpacing(Theme::kStep);
    grid->setColumnStretch(0, 1);
    const auto cell = [&](const QString& text, int row, int column, const char* role) {
        auto* label = new QLabel(text, table);
        if (role != nullptr)
            setRole(label, role);
        // With four columns of values a long name takes two lines; the values are never cut.
        label->setWordWrap(column == 0);
        column == 0 ? grid->addWidget(label, row, column)
                    : grid->addWidget(label, row, column, Qt::AlignRight | Qt::AlignTop);
    };
    // As the study has them now: since the recording was read they may have been measured again.
    Measurements computed = loaded.computed;
    bool rhythmKept = false;
    if (session_.study() != nullptr)
        if (auto kept = session_.study()->measurements(loaded.row.id, "computed"); kept && !kept->empty()) {
            rhythmKept = kept->contains("heart_rate_bpm");
            for (const char* rhythm : {"heart_rate_bpm", "rr_sd_ms"}) // found in the window where the study has none
                if (const auto found = computed.find(rhythm); found != computed.end())
                    kept->insert(*found);
            computed = std::move(*kept);
        }
    std::vector<const Measurements*> columns{&computed, &loaded.fromFile};
    QStringList heads{tr("computed"), tr("from file")};
    if (!session_.moved().empty()) { // by a reader, on the Beat page
        columns.push_back(&session_.moved());
        heads << tr("moved");
    }
    if (!loaded.truth.empty()) {
        columns.push_back(&loaded.truth);
        heads << tr("synthesis");
    }
    for (int column = 0; column < heads.size(); ++column)
        cell(heads[column], 0, column + 1, "small");
    int row = 1;
    for (const Shown& shown : shownMeasurements()) {
        const bool known = std::any_of(columns.begin(), columns.end(),
                                       [&](const Measurements* values) { return hasValue(*values, shown); });
        if (!known && row > 1)
            continue; // the heart rate is always listed, the rest when somebody knows it
        cell(shown.name, row, 0, nullptr);
        for (std::size_t column = 0; column < columns.size(); ++column)
            cell(valueText(*columns[column], shown), row, static_cast<int>(column) + 1, nullptr);
        ++row;
    }
    column_->addWidget(table);
    addMeasuredPart(loaded, rhythmKept);
}

// Of what the values are, and why there are none: rate and rhythm of the whole stand beside intervals of a part.
void DetailsPanel::addMeasuredPart(const LoadedRecording& loaded, bool rhythmKept) {
    QStringList notes;
    const MeasuredPart part = measuredPart(wholeSeconds(loaded));
    if (part == MeasuredPart::Beginning)
        notes << tr("Intervals and axes are of the first %1 min.").arg(kMeasuredSeconds / 60);
    else if (part == MeasuredPart::Nothing)
        notes << tr("Intervals and axes of more than %1 min are not kept: they have no one value. The Beat view "
                    "measures the first %2 min.")
                     .arg(kLongestMeasuredSeconds / 60)
                     .arg(kMeasuredSeconds / 60);
    if (!rhythmKept && isLong(loaded))
        notes << tr("Heart rate and RR spread are of the first %1 s.").arg(std::lround(loaded.recording.seconds()));
    else if (part != MeasuredPart::Whole)
        notes << tr("Heart rate and RR spread are of the whole.");
    if (!notes.isEmpty())
        addText(notes.join(QLatin1Char(' ')), "small");
}

void DetailsPanel::addFacts(const LoadedRecording& loaded) {
    // As the worklist has them: a reader may have given one since the recording was read.
    const auto& rows = *session_.rows();
    const auto row = std::lower_bound(rows.begin(), rows.end(), loaded.row.id,
                                      [](const RecordingRow& r, RecordingId wanted) { return r.id < wanted; });
    const auto& labels = row != rows.end() && row->id == loaded.row.id ? row->labels : loaded.row.labels;
    if (!labels.empty())
        addText(joined(labels), "plain");
    QStringList facts;
    if (loaded.row.ageYears)
        facts << ageText(*loaded.row.ageYears);
    if (loaded.row.sex == "female")
        facts << tr("female");
    else if (loaded.row.sex == "male")
        facts << tr("male");
    if (!loaded.row.dataset.empty())
        facts << QString::fromStdString(loaded.row.dataset);
    facts << QString::fromStdString(loaded.row.format);
    facts << tr("%1 Hz").arg(loaded.recording.samplingRate, 0, 'g', 6);
    facts << tr("%1 s").arg(wholeSeconds(loaded), 0, 'f', 1);
    facts << tr("%n lead(s)", nullptr, loaded.row.leads);
    for (QString& fact : facts) // a number stays with its unit
        fact.replace(QLatin1Char(' '), QChar(0x00A0));
    addText(facts.join(QStringLiteral(" \u00B7 ")), "small");
    if (loaded.warnings.empty())
        return;
    QStringList words;
    for (std::size_t i = 0; i < std::min(kShownWarnings, loaded.warnings.size()); ++i) {
        const auto& warning = loaded.warnings[i];
        words << QString::fromStdString(warning.where.empty() ? warning.message
                                                              : warning.where + ": " + warning.message);
    }
    if (loaded.warnings.size() > kShownWarnings)
        words << tr("and %n more", nullptr, static_cast<int>(loaded.warnings.size() - kShownWarnings));
    QStringList all;
    for (const auto& warning : loaded.warnings)
        all << QString::fromStdString(warning.where.empty() ? warning.message : warning.where + ": " + warning.message);
    auto* label = addText(tr("\u26A0 %n warning(s): %1", nullptr, static_cast<int>(loaded.warnings.size()))
                              .arg(words.join(QStringLiteral("; "))),
                          "caution");
    label->setToolTip(all.join(QLatin1Char('\n')));
}

void DetailsPanel::addNeighbours() {
    if (session_.neighbours().empty())
        return;
    auto* heading = addText(tr("Nearest recordings, by the model"), "small");
    heading->setContentsMargins(0, Theme::kStep, 0, 0);
    auto* table = new QWidget(content_);
    auto* grid = new QGridLayout(table);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(Theme::kStep * 2);
    grid->setVerticalSpacing(0);
    grid->setColumnStretch(1, 1);
    int row = 0;
    for (const Neighbour& neighbour : session_.neighbours()) {
        const QString name = QString::fromStdString(neighbour.name);
        auto* link = new QPushButton(fontMetrics().elidedText(name, Qt::ElideMiddle, kLongestName), table);
        link->setToolTip(link->text() == name ? QString() : name);
        setRole(link, "link");
        link->setCursor(Qt::PointingHandCursor);
        connect(link, &QPushButton::clicked, this, [this, id = neighbour.id] { session_.selection().setCurrent(id); });
        grid->addWidget(link, row, 0);
        auto* labels = new ElidedLabel(joined(neighbour.labels), table);
        setRole(labels, "secondary");
        labels->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
        grid->addWidget(labels, row, 1);
        auto* distance = new QLabel(Texts::number(neighbour.distance, 1), table);
        distance->setToolTip(tr("Distance between the recording embeddings, in standard deviations"));
        grid->addWidget(distance, row, 2, Qt::AlignRight);
        ++row;
    }
    column_->addWidget(table);
}

} // namespace precordia
