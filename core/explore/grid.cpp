// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explore/grid.h"

#include "core/base/file.h"
#include "core/engine/engine_loader.h"
#include "core/explore/embed_study.h"
#include "core/explore/label_scores.h"
#include "core/explore/training_run.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace precordia {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

namespace {

Error planError(const std::string& what, const fs::path& file) {
    return makeError(ErrorCode::ConfigInvalid, what, file.string());
}

std::string textOf(const Json& value) {
    return value.is_string() ? value.get<std::string>() : value.dump();
}

bool isName(const std::string& text) {
    return !text.empty() && text.size() <= 64 &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") ==
               std::string::npos;
}

Result<Done> readAxes(const Json& grid, GridPlan& plan, const fs::path& file) {
    if (!grid.is_object() || grid.empty())
        return planError("\"grid\" must be an object of lists: {\"width\": [96, 192]}", file);
    for (const auto& [key, values] : grid.items()) {
        if (!values.is_array() || values.empty())
            return planError("\"grid\": \"" + key + "\" must be a list of values", file);
        std::vector<std::string> texts;
        for (const auto& value : values)
            texts.push_back(textOf(value));
        plan.axes.emplace_back(key, std::move(texts));
    }
    return Done{};
}

Result<Done> readSeeds(const Json& seeds, GridPlan& plan, const fs::path& file) {
    plan.seeds.clear();
    if (seeds.is_array())
        for (const auto& seed : seeds)
            if (seed.is_number_unsigned())
                plan.seeds.push_back(seed.get<std::uint64_t>());
    if (!seeds.is_array() || plan.seeds.empty() || plan.seeds.size() != seeds.size())
        return planError("\"seeds\" must be a list of whole numbers", file);
    return Done{};
}

Result<std::string> configOf(const GridPlan& plan, const GridCell& cell) {
    ConfigRequest request{plan.preset, {}, plan.settings};
    for (std::size_t axis = 0; axis < plan.axes.size(); ++axis)
        request.settings.push_back(plan.axes[axis].first + "=" + cell.values[axis]);
    request.settings.push_back("steps=" + std::to_string(plan.steps));
    request.settings.push_back("seed=" + std::to_string(cell.seed));
    request.settings.push_back("name=grid-" + plan.name);
    return resolveConfig(request);
}

std::vector<GridCell> cellsOf(const GridPlan& plan) {
    std::vector<GridCell> cells(1);
    for (const auto& [key, values] : plan.axes) {
        std::vector<GridCell> longer;
        for (const auto& cell : cells)
            for (const auto& value : values) {
                longer.push_back(cell);
                longer.back().values.push_back(value);
            }
        cells = std::move(longer);
    }
    std::vector<GridCell> out;
    for (const auto& cell : cells)
        for (const auto seed : plan.seeds) {
            out.push_back(cell);
            out.back().seed = seed;
        }
    return out;
}

Json planJson(const GridPlan& plan) {
    Json axes = Json::object();
    for (const auto& [key, values] : plan.axes)
        axes[key] = values;
    return {{"name", plan.name},       {"preset", plan.preset}, {"steps", plan.steps},   {"set", plan.settings},
            {"grid", std::move(axes)}, {"seeds", plan.seeds},   {"labels", plan.labels}, {"findings", plan.findings}};
}

Json cellJson(const GridCell& cell, const GridPlan& plan) {
    Json values = Json::object();
    for (std::size_t axis = 0; axis < plan.axes.size(); ++axis)
        values[plan.axes[axis].first] = cell.values[axis];
    return {{"values", std::move(values)},
            {"seed", cell.seed},
            {"state", cell.state},
            {"error", cell.error},
            {"run", cell.run},
            {"model", cell.hash},
            {"verdict", cell.verdict},
            {"verdict_text", cell.verdictText},
            {"seconds", cell.seconds},
            {"event_rank", cell.eventRank},
            {"recording_rank", cell.recordingRank},
            {"auroc", cell.auroc}};
}

// What an earlier start had done; failed cells are tried again.
Result<Done> restore(Grid& grid) {
    const auto bytes = readFile(grid.stateFile);
    if (!bytes)
        return bytes.error().code == ErrorCode::FileNotFound ? Result<Done>(Done{}) : bytes.as<Done>();
    const auto json =
        Json::parse(std::string_view(reinterpret_cast<const char*>(bytes->data()), bytes->size()), nullptr, false);
    if (!json.is_object() || !json.contains("plan") || !json.contains("cells") || !json["cells"].is_array())
        return makeError(ErrorCode::FormatInvalid, "this is not the state of a grid", grid.stateFile.string());
    if (json["plan"] != planJson(grid.plan))
        return makeError(ErrorCode::WrongUse,
                         "a grid \"" + grid.plan.name +
                             "\" with another plan is there; give this one another name, or remove the file",
                         grid.stateFile.string());
    try {
        for (std::size_t i = 0; i < std::min(grid.cells.size(), json["cells"].size()); ++i) {
            const auto& was = json["cells"][i];
            GridCell& cell = grid.cells[i];
            if (was.at("state") != "done")
                continue;
            cell.state = "done";
            cell.run = was.at("run").get<std::string>();
            cell.hash = was.at("model").get<std::string>();
            cell.verdict = was.at("verdict").get<std::string>();
            cell.verdictText = was.at("verdict_text").get<std::string>();
            cell.seconds = was.at("seconds").get<double>();
            cell.eventRank = was.at("event_rank").get<double>();
            cell.recordingRank = was.at("recording_rank").get<double>();
            cell.auroc = was.at("auroc").get<double>();
        }
    } catch (const Json::exception&) {
        return makeError(ErrorCode::FormatInvalid, "the state of the grid is damaged", grid.stateFile.string());
    }
    return Done{};
}

Result<Done> keep(const Grid& grid) {
    std::error_code code;
    fs::create_directories(grid.stateFile.parent_path(), code);
    if (auto written = writeFileAtomically(grid.stateFile, gridJson(grid) + "\n"); !written)
        return written;
    return writeFileAtomically(grid.table, gridCsv(grid));
}

Result<double> probeCell(const Study& study, const EncoderTables& tables, const std::vector<LabelQuestion>& asked,
                         const EvaluateOptions& e, const StopToken& stop) {
    PlaceOf placeOf;
    for (std::size_t i = 0; i < tables.levels[0].ids.size(); ++i)
        placeOf[tables.levels[0].ids[i]] = static_cast<Eigen::Index>(i);
    double sum = 0;
    for (const auto& question : asked) {
        const auto scores =
            scoreLabel(study, question, placeOf, {{"cell", {linearScorer(tables.levels[0].values, e.probe)}}},
                       {e.folds, e.repeats, 1, 1, e.seed}, stop);
        if (!scores)
            return scores.as<double>();
        sum += meanAuroc(*scores, 0) / static_cast<double>(asked.size());
    }
    return sum;
}

Result<Done> runCell(const fs::path& studyFolder, Study& study, const Grid& grid, GridCell& cell,
                     const std::vector<LabelQuestion>& asked, const GridOptions& options, const StopToken& stop,
                     Progress& progress) {
    const auto config = configOf(grid.plan, cell);
    if (!config)
        return config.as<Done>();
    const auto run =
        trainOnce(studyFolder, {"grid-" + grid.plan.name, *config, options.device, options.onUpdate, stop}, progress);
    if (!run)
        return run.as<Done>();
    const auto engine = loadEngine();
    if (!engine)
        return engine.as<Done>();
    const auto info = (*engine)->loadModel(run->model);
    if (!info)
        return info.as<Done>();
    const auto tables = encoderTables(studyFolder, *info, {}, stop, progress);
    if (!tables)
        return tables.as<Done>();
    const auto worth = probeCell(study, *tables, asked, options.evaluate, stop);
    if (!worth)
        return worth.as<Done>();
    cell.run = run->folder.filename().string();
    cell.hash = info->hash;
    cell.verdict = run->verdict;
    cell.verdictText = run->verdictText;
    cell.seconds = run->seconds;
    cell.recordingRank = tables->effectiveRank[0];
    cell.eventRank = tables->effectiveRank[2];
    cell.auroc = *worth;
    cell.state = "done";
    return Done{};
}

} // namespace

Result<GridPlan> readGridPlan(const fs::path& file) {
    const auto bytes = readFile(file, 1U << 24U);
    if (!bytes)
        return bytes.as<GridPlan>();
    const auto json =
        Json::parse(std::string_view(reinterpret_cast<const char*>(bytes->data()), bytes->size()), nullptr, false);
    if (!json.is_object())
        return planError("this is no JSON object", file);
    GridPlan plan;
    bool hasGrid = false;
    for (const auto& [key, value] : json.items()) {
        if (key == "name" && value.is_string() && isName(value.get<std::string>())) {
            plan.name = value.get<std::string>();
        } else if (key == "preset" && value.is_string()) {
            plan.preset = value.get<std::string>();
        } else if (key == "steps" && value.is_number_unsigned() && value.get<std::int64_t>() > 0) {
            plan.steps = value.get<std::int64_t>();
        } else if (key == "set" && value.is_object()) {
            for (const auto& [name, setting] : value.items())
                plan.settings.push_back(name + "=" + textOf(setting));
        } else if (key == "grid") {
            if (const auto done = readAxes(value, plan, file); !done)
                return done.as<GridPlan>();
            hasGrid = true;
        } else if (key == "seeds") {
            if (const auto done = readSeeds(value, plan, file); !done)
                return done.as<GridPlan>();
        } else if (key == "labels" && value.is_array() &&
                   std::all_of(value.begin(), value.end(), [](const Json& v) { return v.is_string(); })) {
            plan.labels = value.get<std::vector<std::string>>();
        } else if (key == "findings" && value.is_boolean()) {
            plan.findings = value.get<bool>();
        } else {
            return planError("\"" + key +
                                 "\" is not a key of a grid, or not of its type; there are name, preset, "
                                 "steps, set, grid, seeds, labels and findings",
                             file);
        }
    }
    if (!hasGrid)
        return planError("\"grid\" is missing: {\"width\": [96, 192], ...}", file);
    return plan;
}

Result<Grid> runGrid(const fs::path& studyFolder, const GridPlan& plan, const GridOptions& options, StopToken stop,
                     Progress& progress) {
    auto study = Study::open(studyFolder);
    if (!study)
        return study.as<Grid>();
    Grid grid;
    grid.plan = plan;
    grid.cells = cellsOf(plan);
    grid.stateFile = studyFolder / "grids" / (plan.name + ".json");
    grid.table = studyFolder / "grids" / (plan.name + ".csv");
    for (const auto& cell : grid.cells) // all at once: a wrong setting is told before hours of training
        if (const auto config = configOf(plan, cell); !config)
            return config.as<Grid>();
    std::vector<LabelQuestion> questions = plan.findings ? sevenFindings() : std::vector<LabelQuestion>{};
    for (const auto& label : plan.labels)
        questions.push_back(questionOf(label));
    std::vector<LabelQuestion> asked;
    if (!questions.empty()) {
        const EvaluateOptions& e = options.evaluate;
        auto answered = answerable(**study, questions, e.folds, e.seed, e.fewestPositives, grid.refused);
        if (!answered)
            return answered.as<Grid>();
        asked = std::move(*answered);
    }
    if (const auto restored = restore(grid); !restored)
        return restored.as<Grid>();
    for (std::size_t i = 0; i < grid.cells.size(); ++i) {
        GridCell& cell = grid.cells[i];
        if (cell.state == "done")
            continue;
        if (options.onCell)
            options.onCell(cell, i, grid.cells.size());
        const auto done = runCell(studyFolder, **study, grid, cell, asked, options, stop, progress);
        if (done.cancelled())
            return Cancelled{};
        if (done.failed()) {
            cell.state = "failed";
            cell.error = done.error().text();
        }
        if (const auto kept = keep(grid); !kept)
            return kept.as<Grid>();
    }
    if (const auto kept = keep(grid); !kept)
        return kept.as<Grid>();
    return grid;
}

CollapseRate collapseRate(const Grid& grid, std::size_t axis, const std::string& value) {
    CollapseRate rate;
    for (const auto& cell : grid.cells)
        if (cell.state == "done" && (axis >= cell.values.size() || cell.values[axis] == value)) {
            ++rate.trained;
            rate.collapsed += cell.verdict == "collapsed" ? 1 : 0;
        }
    return rate;
}

CollapseRate collapseRate(const Grid& grid) {
    return collapseRate(grid, grid.plan.axes.size(), {});
}

std::string gridJson(const Grid& grid) {
    Json json = {{"plan", planJson(grid.plan)}, {"cells", Json::array()}};
    for (const auto& cell : grid.cells)
        json["cells"].push_back(cellJson(cell, grid.plan));
    const CollapseRate all = collapseRate(grid);
    json["collapse"] = {{"trained", all.trained}, {"collapsed", all.collapsed}, {"rate", all.share()}};
    for (std::size_t axis = 0; axis < grid.plan.axes.size(); ++axis)
        for (const auto& value : grid.plan.axes[axis].second) {
            const CollapseRate rate = collapseRate(grid, axis, value);
            json["collapse"]["by"][grid.plan.axes[axis].first][value] = {
                {"trained", rate.trained}, {"collapsed", rate.collapsed}, {"rate", rate.share()}};
        }
    return json.dump(2);
}

} // namespace precordia
