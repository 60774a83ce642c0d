// SPDX-License-Identifier: GPL-3.0-or-later
// The benchmark as JSON for scripts and as tables for people, with the published rows.
#include "core/explore/benchmark.h"
#include "core/explore/evaluate_json.h"
#include "core/explore/text_table.h"

namespace precordia {

namespace {

using Json = OrderedJson;
using Rows = std::vector<std::vector<std::string>>;

std::string kindOf(const BenchmarkTask& task) {
    return task.multiClass ? "multi-class" : "multi-label";
}

Json rowJson(const BenchmarkRow& row, const BenchmarkTask& task) {
    Json json = {{"model", row.encoder},
                 {"protocol", row.fineTuned ? "fine-tuned" : "linear"},
                 {"auroc", row.auroc.difference},
                 {"ci95", {row.auroc.low, row.auroc.high}},
                 {"f1", row.f1},
                 {"accuracy", row.accuracy}};
    if (!row.fineTuned)
        json["c"] = row.c;
    if (task.multiClass) {
        json["auroc_one_versus_rest"] = row.oneVersusRest;
    } else {
        json["auprc"] = row.auprc;
        json["sensitivity"] = row.sensitivity;
        json["specificity"] = row.specificity;
        json["brier"] = row.calibration.brier;
        json["expected_calibration_error"] = row.calibration.expectedError;
    }
    json[row.fineTuned && row.encoder == "model" ? "above_linear" : "model_above"] = differenceJson(row.above);
    json["classes"] = Json::object();
    for (std::size_t k = 0; k < task.classes.size(); ++k)
        json["classes"][task.classes[k]] = row.perClass[k];
    return json;
}

Json known(const std::optional<double>& value) {
    return value ? Json(*value) : Json(nullptr);
}

std::string knownText(const std::optional<double>& value) {
    return value ? figureText(*value) : "not known here";
}

std::string taskTable(const BenchmarkTask& task) {
    std::string out =
        wrapped(task.data + ", " + kindOf(task) + ": " + std::to_string(task.classes.size()) + " classes; " +
                std::to_string(task.train) + " recordings in training, " + std::to_string(task.validation) +
                " in validation, " + std::to_string(task.test) + " in test (" + task.split + ")");
    Rows rows = {{"", task.multiClass ? "AUROC 1 v 1" : "macro AUROC", "95 %", "model above it",
                  task.multiClass ? "1 v rest" : "AUPRC", "F1", "accuracy"}};
    for (const auto& row : task.rows) {
        const bool own = row.encoder == "model";
        rows.push_back({row.encoder + (row.fineTuned ? ", tuned" : ""), figureText(row.auroc.difference),
                        intervalText(row.auroc.low, row.auroc.high), own ? "" : differenceText(row.above),
                        figureText(task.multiClass ? row.oneVersusRest : row.auprc), figureText(row.f1),
                        figureText(row.accuracy)});
    }
    out += textTable(rows);
    for (const auto& row : task.rows)
        if (row.fineTuned && row.encoder == "model")
            out += wrapped("Fine-tuned, the model is above its linear probe by " + differenceText(row.above) +
                           "; fine-tuned rows are compared with each other.");
    for (const auto& [name, why] : task.leftOut)
        out += wrapped("Left out: " + name + ": " + why);
    return out;
}

// Our figure of a task, or nothing when it was not run.
std::string ours(const Benchmark& benchmark, const std::string& data, bool multiClass, const std::string& encoder,
                 bool fineTuned) {
    for (const auto& task : benchmark.tasks)
        if (task.data == data && task.multiClass == multiClass)
            for (const auto& row : task.rows)
                if (row.encoder == encoder && row.fineTuned == fineTuned)
                    return figureText(row.auroc.difference);
    return "not run";
}

std::string publishedTable(const Benchmark& benchmark) {
    Rows rows = {{"AUROC", "", "PTB-XL labels", "PTB-XL classes", "CPSC labels", "CPSC classes"}};
    const auto add = [&](const std::string& encoder, bool tuned) {
        rows.push_back(
            {encoder == "model" ? "this model" : encoder, tuned ? "fine-tuned" : "linear",
             ours(benchmark, "PTB-XL", false, encoder, tuned), ours(benchmark, "PTB-XL", true, encoder, tuned),
             ours(benchmark, "CPSC2018", false, encoder, tuned), ours(benchmark, "CPSC2018", true, encoder, tuned)});
    };
    for (const char* encoder : {"model", "random-init", "simple-features"})
        add(encoder, false);
    if (benchmark.options.fineTune)
        for (const char* encoder : {"model", "random-init"})
            add(encoder, true);
    for (const auto& row : publishedRows())
        rows.push_back({row.model, row.protocol, knownText(row.ptbxlMultiLabel), knownText(row.ptbxlMultiClass),
                        knownText(row.cpscMultiLabel), knownText(row.cpscMultiClass)});
    std::string out = textTable(rows);
    std::string sources = "Published rows are as their authors report them, on their own splits of CPSC2018 and "
                          "their own choice of recordings:";
    for (const auto& row : publishedRows())
        sources += " " + row.model + ", " + row.protocol + ": " + row.source + ";";
    sources.back() = '.';
    return out + wrapped(sources);
}

} // namespace

std::string benchmarkJson(const Benchmark& benchmark) {
    Json json = {{"protocol", "benchmark"}, {"model", benchmark.modelHash}};
    json["tasks"] = Json::array();
    for (const auto& task : benchmark.tasks) {
        Json one = {
            {"data", task.data}, {"task", kindOf(task)}, {"train", task.train},       {"validation", task.validation},
            {"test", task.test}, {"split", task.split},  {"left_out", Json::array()}, {"rows", Json::array()}};
        for (const auto& [name, why] : task.leftOut)
            one["left_out"].push_back({{"class", name}, {"reason", why}});
        for (const auto& row : task.rows)
            one["rows"].push_back(rowJson(row, task));
        json["tasks"].push_back(std::move(one));
    }
    json["published"] = Json::array();
    for (const auto& row : publishedRows())
        json["published"].push_back({{"model", row.model},
                                     {"protocol", row.protocol},
                                     {"source", row.source},
                                     {"ptbxl_multi_label", known(row.ptbxlMultiLabel)},
                                     {"ptbxl_multi_class", known(row.ptbxlMultiClass)},
                                     {"cpsc2018_multi_label", known(row.cpscMultiLabel)},
                                     {"cpsc2018_multi_class", known(row.cpscMultiClass)}});
    json["notes"] = benchmark.notes;
    json["seconds"] = benchmark.seconds;
    return json.dump(2);
}

std::string benchmarkTable(const Benchmark& benchmark) {
    std::string out = wrapped("Benchmark of model " + benchmark.modelHash +
                              ": linear probe on the recording embedding, first window of each recording, L2 penalty "
                              "and operating point chosen on the validation part, 95 % intervals by patient." +
                              (benchmark.options.fineTune ? " Fine-tuned: encoder and a layer trained on the training "
                                                            "part until the validation part says stop."
                                                          : ""));
    for (const auto& task : benchmark.tasks)
        out += "\n" + taskTable(task);
    out += "\n" + publishedTable(benchmark);
    for (const auto& note : benchmark.notes)
        out += "\n" + wrapped(note);
    return out;
}

} // namespace precordia
