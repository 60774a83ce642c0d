// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/map/map_view.h"

#include "core/study/recording_source.h"
#include "ui/map/hover_card.h"
#include "ui/map/map_legend.h"
#include "ui/map/scatter_canvas.h"
#include "ui/map/selection_profile.h"
#include "ui/texts.h"
#include "ui/theme/theme.h"
#include "ui/widgets.h"

#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QSpinBox>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <nlohmann/json.hpp>

#include <cmath>
#include <filesystem>
#include <unordered_set>

namespace precordia {

namespace {
constexpr double kPreviewSeconds = 10;
constexpr int kFewRecordings = 50; // UMAP's 15 neighbours are then a third of all
} // namespace

MapView::MapView(Session& s, QWidget* parent) : View(s, parent) {
    makeTools();
    empty_ = new EmptyState(this);
    stack_ = new QStackedWidget(this);
    stack_->addWidget(empty_);
    stack_->addWidget(makeContent());
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(tools_);
    column->addWidget(stack_, 1);
    hoverDelay_.setSingleShot(true);
    hoverDelay_.setInterval(80);
    connect(&hoverDelay_, &QTimer::timeout, this, &MapView::loadHovered);
    connect(&s, &Session::studyChanged, this, &MapView::reloadWhenSeen);
    connect(&s, &Session::embeddingsChanged, this, &MapView::reloadWhenSeen);
    connect(&s, &Session::modelChanged, this, &MapView::reloadWhenSeen);
    connect(&s, &Session::rowsChanged, this, &MapView::reloadWhenSeen);
    connect(&s, &Session::rowsPatched, this, [this] { // the points stay where they are
        if (isVisible())
            refresh();
        else
            stale_ = true;
    });
    connect(&s.selection(), &StudySelection::chosenChanged, this, &MapView::refresh);
    connect(&s.selection(), &StudySelection::currentChanged, this, [this](RecordingId id) { canvas_->setCurrent(id); });
    connect(&ThemeManager::instance(), &ThemeManager::changed, this, &MapView::refresh);
    reload();
}

void MapView::makeTools() {
    tools_ = new ToolRow(this);
    projection_ = new QComboBox(this);
    projection_->addItem(tr("UMAP"), QStringLiteral("umap"));
    projection_->addItem(tr("PCA"), QStringLiteral("pca"));
    clusters_ = new QComboBox(this);
    clusters_->addItem(tr("Leiden clusters"), QStringLiteral("leiden"));
    clusters_->addItem(tr("k-means clusters"), QStringLiteral("kmeans"));
    seed_ = new QSpinBox(this);
    seed_->setRange(0, 99999);
    seed_->setValue(42);
    seed_->setPrefix(tr("seed "));
    recompute_ = new QPushButton(tr("Compute"), this);
    recompute_->setToolTip(tr("Lays the map out anew with these settings"));
    tool_ = new QComboBox(this);
    tool_->addItem(tr("Lasso"));
    tool_->addItem(tr("Rectangle"));
    tool_->setToolTip(
        tr("How the mouse chooses points; the right button pans, the wheel zooms, a double click resets"));
    clear_ = new QPushButton(tr("Clear selection"), this);
    for (QWidget* widget : std::initializer_list<QWidget*>{projection_, clusters_, seed_, recompute_})
        tools_->add(widget);
    tools_->addSeparator();
    tools_->add(tool_);
    tools_->add(clear_);
    connect(recompute_, &QPushButton::clicked, this, &MapView::recompute);
    connect(tool_, &QComboBox::currentIndexChanged, this,
            [this](int i) { canvas_->setTool(i == 0 ? ScatterCanvas::Tool::Lasso : ScatterCanvas::Tool::Rectangle); });
    connect(clear_, &QPushButton::clicked, this, [this] { session().selection().setChosen({}); });
}

QWidget* MapView::makeContent() {
    auto* content = new QWidget(this);
    auto* frame = new Panel({}, content);
    canvas_ = new ScatterCanvas(frame);
    frame->headingRow()->hide();
    frame->setContent(canvas_);
    card_ = new HoverCard(canvas_); // inside the map: it never covers the legend

    auto* side = new Panel(tr("Colour"), content);
    field_ = new QComboBox(side);
    for (const auto field : MapColours::fields())
        field_->addItem(MapColours::fieldName(field), static_cast<int>(field));
    side->headingRow()->layout()->addWidget(field_);
    auto* inner = new QWidget(side);
    setRole(inner, "panelGround");
    auto* column = new QVBoxLayout(inner);
    column->setContentsMargins(0, 0, 2 * Theme::kStep, 0);
    column->setSpacing(2 * Theme::kStep);
    legend_ = new MapLegend(inner);
    profile_ = new QLabel(inner);
    parameters_ = new QLabel(inner);
    for (auto* label : {profile_, parameters_}) {
        label->setWordWrap(true);
        label->setTextFormat(Qt::RichText);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    column->addWidget(legend_);
    column->addWidget(profile_);
    column->addWidget(parameters_);
    column->addStretch(1);
    auto* scroll = new QScrollArea(side);
    scroll->setWidget(inner);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    setRole(scroll->viewport(), "panelGround");
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    side->setContent(scroll);
    side->setFixedWidth(264);

    auto* row = new QHBoxLayout(content);
    row->setContentsMargins(Theme::kPanel, Theme::kPanel, Theme::kPanel, Theme::kPanel);
    row->setSpacing(Theme::kPanel);
    row->addWidget(frame, 1);
    row->addWidget(side);

    connect(field_, &QComboBox::currentIndexChanged, this, &MapView::refresh);
    connect(canvas_, &ScatterCanvas::clicked, this, [this](RecordingId id) { session().selection().setCurrent(id); });
    connect(canvas_, &ScatterCanvas::lassoed, this,
            [this](const std::vector<RecordingId>& ids) { session().selection().setChosen(ids); });
    connect(canvas_, &ScatterCanvas::hovered, this, &MapView::hover);
    return content;
}

QString MapView::help() const {
    return tr("Each point is a recording; near points have alike recording embeddings. Draw around points to choose "
              "them: the worklist then shows "
              "these only. Click a point to open it, hover to see its ECG. Distances between far groups mean little on "
              "a UMAP. Clusters are groups the "
              "model finds alike; they are no diagnoses.");
}

void MapView::activated() {
    if (stale_)
        reload();
}

void MapView::reloadWhenSeen() {
    if (parentWidget() != nullptr && !isVisible())
        stale_ = true;
    else
        reload();
}

void MapView::enterTourState(const QString& state) {
    field_->setCurrentIndex(
        field_->findData(static_cast<int>(state == QLatin1String("lasso") ? MapField::Cluster : MapField::HeartRate)));
    std::vector<RecordingId> ids;
    for (const auto& p : points_)
        if (state == QLatin1String("lasso") && p.cluster == 0)
            ids.push_back(p.id);
    session().selection().setChosen(ids);
    if (const auto rows = session().rows(); rows && !ids.empty()) {
        hover(ids.front(), canvas_->positionOf(ids.front()).toPoint());
        loadHovered();
    } else {
        card_->hide();
    }
}

void MapView::recompute() {
    session().recomputeMap(projection_->currentData().toString(), clusters_->currentData().toString(),
                           static_cast<quint64>(seed_->value()));
}

void MapView::reload() {
    stale_ = false;
    points_.clear();
    rowOf_.clear();
    if (session().hasStudy())
        if (const auto map = session().study()->map())
            points_ = *map;
    if (const auto rows = session().rows())
        for (std::size_t i = 0; i < rows->size(); ++i)
            rowOf_[(*rows)[i].id] = i;
    if (points_.empty()) {
        showEmpty();
        return;
    }
    stack_->setCurrentIndex(1);
    refreshParameters();
    refresh();
}

void MapView::showEmpty() {
    auto& s = session();
    card_->hide();
    tools_->setInfo({});
    stack_->setCurrentIndex(0);
    if (!s.hasStudy())
        empty_->set(tr("Map"),
                    tr("Open a study. Its recordings will stand here as points, near where a model finds them alike."));
    else if (!s.model())
        empty_->set(tr("No model yet"), tr("The map is made of embeddings, and these come from a model. Pretrain one "
                                           "in the Training view, or open a model with Model > Use a model file…"));
    else if (std::error_code ec; std::filesystem::exists(s.study()->embeddingsFolder() / (s.model()->hash + ".h5"), ec))
        empty_->set(tr("No map yet"), tr("The model has read this study; laying out its map takes seconds."),
                    tr("Compute the map"), [this] { recompute(); });
    else
        empty_->set(
            tr("No embeddings yet"),
            tr("The model has not read this study. Embedding it takes about a minute for a few hundred recordings."),
            tr("Embed the study"), [this] { session().embedStudy(); });
}

void MapView::refresh() {
    const auto rows = session().rows();
    if (points_.empty() || !rows)
        return;
    const auto field = static_cast<MapField>(field_->currentData().toInt());
    const auto colouring = MapColours::colour(*rows, field);
    const auto& chosen = session().selection().chosen();
    const std::unordered_set<RecordingId> set(chosen.begin(), chosen.end());
    std::vector<ScatterPoint> points;
    points.reserve(points_.size());
    for (const auto& p : points_) {
        const auto row = rowOf_.find(p.id);
        if (row == rowOf_.end())
            continue;
        const auto& mark = colouring.marks[row->second];
        points.push_back({p.id, p.x, p.y, mark.colour, mark.shape, !set.empty() && set.count(p.id) == 0, mark.missing});
    }
    canvas_->setPoints(std::move(points));
    canvas_->setCurrent(session().selection().current());
    refreshLegend(colouring);
    refreshProfile();
    clear_->setEnabled(!chosen.empty());
    const auto model = session().model();
    tools_->setInfo(tr("%n recording(s), model %1", nullptr, static_cast<int>(points_.size()))
                        .arg(model ? QString::fromStdString(model->hash).left(8) : tr("none")));
}

void MapView::refreshLegend(const MapColouring& colouring) {
    static_cast<MapLegend*>(legend_)->setColouring(colouring, static_cast<MapField>(field_->currentData().toInt()) ==
                                                                  MapField::Surprise);
}

void MapView::refreshProfile() {
    const auto rows = session().rows();
    const auto& chosen = session().selection().chosen();
    if (!rows || chosen.empty()) {
        profile_->setText(
            QStringLiteral("<b>%1</b><br>%2").arg(tr("Selection"), tr("Draw around points to choose recordings.")));
        return;
    }
    const auto profile = profileOf(*rows, chosen);
    QStringList lines{QStringLiteral("<b>%1</b>").arg(tr("Selection: %n recording(s)", nullptr, profile.size))};
    const auto percent = [](double share) { return QString::number(std::lround(100 * share)); };
    for (std::size_t i = 0; i < profile.labels.size() && i < 4; ++i) {
        const auto& l = profile.labels[i];
        if (l.inSet > 0)
            lines += tr("%1: %2 of %3 (%4 %, elsewhere %5 %)")
                         .arg(QString::fromStdString(l.label).toHtmlEscaped())
                         .arg(l.inSet)
                         .arg(profile.size)
                         .arg(percent(l.shareInSet), percent(l.shareInRest));
    }
    if (profile.heartRate.count > 0)
        lines += tr("Heart rate %1 against %2 bpm, d = %3")
                     .arg(std::lround(profile.heartRate.meanInSet))
                     .arg(std::lround(profile.heartRate.meanInRest))
                     .arg(profile.heartRate.d, 0, 'f', 1);
    if (profile.age.count > 0)
        lines += tr("Age %1 against %2 years, d = %3")
                     .arg(std::lround(profile.age.meanInSet))
                     .arg(std::lround(profile.age.meanInRest))
                     .arg(profile.age.d, 0, 'f', 1);
    profile_->setText(lines.join(QStringLiteral("<br>")));
}

void MapView::refreshParameters() {
    const auto text = session().hasStudy() ? session().study()->mapParameters() : std::string{};
    const auto parameters = nlohmann::json::parse(text, nullptr, false);
    const bool umap = !parameters.is_object() || parameters.value("projection", "umap") != "pca";
    QStringList lines;
    if (parameters.is_object()) {
        const auto number = [&](const char* key) {
            return parameters.contains(key) && parameters[key].is_number() ? parameters[key].get<double>() : 0.0;
        };
        lines += QStringLiteral("<b>%1</b>").arg(tr("How it was made"));
        lines +=
            umap ? tr("UMAP: %1 neighbours, smallest distance %2").arg(number("neighbours")).arg(number("min_distance"))
                 : tr("Principal components 1 and 2");
        lines += parameters.value("clusters", "") == "kmeans"
                     ? tr("k-means: %1 clusters").arg(number("clusters_found"))
                     : tr("Leiden: %1 clusters, resolution %2").arg(number("clusters_found")).arg(number("resolution"));
        lines += tr("Stability over seeds %1 (adjusted Rand)").arg(number("stability_ari"), 0, 'f', 2);
        lines += tr("Trustworthiness %1, seed %2").arg(number("trustworthiness"), 0, 'f', 3).arg(number("seed"));
        if (const auto points = static_cast<int>(points_.size()); points > 0 && points < kFewRecordings)
            lines += tr("Of %n recording(s) only: places and clusters say little, compare them over several seeds",
                        nullptr, points);
    }
    parameters_->setText(lines.join(QStringLiteral("<br>")));
    canvas_->setAxisNames(umap ? tr("UMAP 1") : tr("PC 1"), umap ? tr("UMAP 2") : tr("PC 2"));
}

void MapView::hover(RecordingId id, const QPoint& at) {
    const auto rows = session().rows();
    const auto row = rowOf_.find(id);
    if (!id.valid() || !rows || row == rowOf_.end()) {
        card_->hide();
        return;
    }
    card_->show((*rows)[row->second], canvas_->mapTo(card_->parentWidget(), at));
    hoverDelay_.start();
}

void MapView::loadHovered() {
    const auto id = card_->recording();
    if (!card_->isVisible() || !id.valid())
        return;
    const int generation = ++hoverGeneration_;
    using Loaded = std::shared_ptr<const Recording>;
    session().jobs().start<Loaded>(
        tr("Preview").toStdString(),
        [folder = session().studyFolder(), sight = session().sight(), id](StopToken, Progress&) -> Result<Loaded> {
            auto study = Study::open(folder, sight);
            if (!study)
                return study.as<Loaded>();
            auto recording = readBeginning(**study, id, kPreviewSeconds);
            if (!recording)
                return recording.as<Loaded>();
            return Loaded(std::make_shared<const Recording>(std::move(*recording)));
        },
        [this, generation, id](Result<Loaded> recording) {
            if (generation == hoverGeneration_ && recording.ok())
                card_->setTrace(id, *recording);
        });
}

} // namespace precordia
