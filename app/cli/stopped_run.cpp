// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/stopped_run.h"

#include <nlohmann/json.hpp>

namespace precordia::cli {

namespace fs = std::filesystem;

StoppedRun stoppedRun(const Study& study, const fs::path& folder, bool whole, const std::string& studyName,
                      const std::string& runName) {
    StoppedRun out;
    out.ownModel = study.currentModel();
    std::error_code ec;
    if (folder.empty() || !fs::exists(folder / "config.json", ec))
        return out;
    out.name = folder.filename().string();
    out.whole = whole;
    if (fs::exists(folder / "model.safetensors", ec))
        out.model = folder / "model.safetensors";
    const fs::directory_iterator checkpoints(folder / "checkpoints", ec);
    if (!ec && checkpoints != fs::directory_iterator())
        out.resume = "precordia-cli pretrain " + studyName + " --resume " + runName;
    return out;
}

std::string stoppedText(const StoppedRun& run) {
    std::string out = run.name.empty() ? "It was stopped before the first step; no run was begun."
                      : run.whole      ? "The run " + run.name + " has made all its steps, and its model is " +
                                        run.model.string() + "; it was stopped before that became the study's own."
                      : run.model.empty() ? "The run " + run.name + " was stopped before its end and has no model yet."
                                          : "The run " + run.name + " was stopped before its end; its model, " +
                                                run.model.string() + ", is that of an earlier end.";
    out += run.ownModel.empty() ? "\nThe study has no model of its own yet.\n"
                                : "\nThe study's own model, " + run.ownModel + ", is unchanged.\n";
    if (!run.resume.empty())
        out += "To go on: " + run.resume + '\n';
    return out;
}

nlohmann::json stoppedJson(const StoppedRun& run) {
    const auto orNull = [](const std::string& text) { return text.empty() ? nlohmann::json() : nlohmann::json(text); };
    return {{"stopped", true},
            {"run", orNull(run.name)},
            {"model_file", orNull(run.model.string())},
            {"became_current", false},
            {"current_model", orNull(run.ownModel)},
            {"resume", orNull(run.resume)}};
}

} // namespace precordia::cli
