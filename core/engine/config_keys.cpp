// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/config_keys.h"

#include "core/ecg/recording.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <sstream>

namespace precordia {

using Json = nlohmann::json;

namespace {

constexpr double kAny = std::numeric_limits<double>::infinity();

enum class Type { Integer, Number, Pair, Choice, Names, Numbers, Word };

struct Key {
    const char* name;
    Type type;
    Json fallback;
    double low = 0, high = kAny; // of the number, of both of a pair, of a list's length
    std::vector<std::string> choices = {};
};

const std::vector<Key>& keys() {
    static const std::vector<Key> all = {
        // The model, as in the reference.
        {"architecture",
         Type::Choice,
         "er-jepa",
         0,
         0,
         {"er-jepa", "er-jepa-no-channel", "1d-jepa", "ecg-jepa", "lenepa"}},
        {"leads", Type::Names, standardLeads(), 1, 64},
        {"sampling_rate", Type::Number, 250, 10, 10000},
        {"interval_samples", Type::Integer, 50, 4, 10000},
        {"intervals", Type::Integer, 50, 2, 4096},
        {"width", Type::Integer, 96, 2, 8192},
        {"heads", Type::Integer, 3, 1, 256},
        {"tokenizer", Type::Choice, "leadwise", 0, 0, {"leadwise", "shared"}},
        {"aggregation", Type::Choice, "mean", 0, 0, {"mean", "lead-linear", "attention"}},
        {"channel_depth", Type::Integer, 2, 0, 64},
        {"temporal_depth", Type::Integer, 4, 0, 64},
        {"mlp_ratio", Type::Integer, 4, 1, 16},
        {"dropout", Type::Number, 0.0, 0, 0.9},
        {"drop_path", Type::Number, 0.0, 0, 0.9},
        {"predictor_width", Type::Integer, 48, 2, 8192},
        {"predictor_heads", Type::Integer, 3, 1, 256},
        {"channel_predictor_depth", Type::Integer, 1, 0, 64},
        {"temporal_predictor_depth", Type::Integer, 3, 0, 64},
        {"lead_keep", Type::Number, 0.5, 0.01, 0.99},
        {"lead_weights", Type::Numbers, Json::array(), 0, 1e6},
        {"interval_mask_ratio", Type::Pair, {0.55, 0.65}, 0.01, 0.99},
        {"mask", Type::Choice, "block", 0, 0, {"block", "random", "beat", "multi-block"}},
        {"min_block", Type::Integer, 5, 1, 4096},
        {"teacher", Type::Choice, "ema", 0, 0, {"ema", "self"}},
        {"ema", Type::Pair, {0.996, 1.0}, 0, 1},
        {"target_level", Type::Choice, "event", 0, 0, {"event", "interval", "both"}},
        {"target_layers", Type::Integer, 1, 1, 64},
        {"target_centre", Type::Choice, "none", 0, 0, {"none", "recording"}},
        {"loss_weights", Type::Pair, {1.0, 1.0}, 0, 1000},
        {"regulariser", Type::Choice, "vicreg", 0, 0, {"none", "vicreg", "sigreg"}},
        {"regulariser_interval", Type::Choice, "same", 0, 0, {"same", "none", "vicreg", "sigreg"}},
        {"regulariser_event", Type::Choice, "same", 0, 0, {"same", "none", "vicreg", "sigreg"}},
        {"regulariser_lead", Type::Choice, "none", 0, 0, {"none", "vicreg", "sigreg"}},
        {"regulariser_weight", Type::Number, 0.05, 0, 1000},
        {"scale", Type::Choice, "fixed", 0, 0, {"fixed", "recording"}},
        {"predictor_query", Type::Choice, "place", 0, 0, {"place", "neighbours"}},
        {"pooling", Type::Choice, "mean-std-rhythm", 0, 0, {"mean-std-rhythm", "mean-std-rhythm-beats"}},
        // Training.
        {"name", Type::Word, "run", 1, 64},
        {"batch", Type::Integer, 32, 2, 65536},
        {"min_leads", Type::Integer, 0, 0, 64},  // 0: all
        {"synthetic", Type::Integer, 0, 0, 1e6}, // ECGs to learn from beside the study's
        {"stages", Type::Choice, "joint", 0, 0, {"joint", "stage-wise"}},
        {"channel_share", Type::Number, 0.5, 0.01, 0.99},
        {"precision", Type::Choice, "auto", 0, 0, {"float32", "bf16", "fp16", "auto"}},
        {"learning_rate", Type::Number, 1e-3, 1e-9, 10},
        {"weight_decay", Type::Number, 0.05, 0, 10},
        {"betas", Type::Pair, {0.9, 0.98}, 0, 0.999999},
        {"warmup", Type::Number, 0.1, 0, 1},
        {"final_lr", Type::Number, 0.05, 0, 1},
        {"clip", Type::Number, 1.0, 0, 1e9},
        {"steps", Type::Integer, 0, 0, 1e9},
        {"epochs", Type::Integer, 30, 0, 1e6},
        {"seed", Type::Integer, 0, 0, 4294967295.0},
        {"diagnose_every", Type::Integer, 50, 0, 1e9},
        {"checkpoint_every", Type::Integer, 200, 0, 1e9},
        {"threads", Type::Integer, 0, 0, 1024},
        {"decoder_steps", Type::Integer, 600, 0, 1e7},
        // Preprocessing.
        {"low_hz", Type::Number, 0.67, 0, 1000},
        {"high_hz", Type::Number, 40.0, 0, 5000},
    };
    return all;
}

std::string text(double value) {
    std::ostringstream out;
    out << value;
    return out.str();
}

std::string range(const Key& key) {
    return "from " + text(key.low) + " to " + text(key.high);
}

bool inRange(const Key& key, const Json& value) {
    const double v = value.get<double>();
    return std::isfinite(v) && v >= key.low && v <= key.high;
}

// An integer may be written 1e3 or 32.0; 0.5 is none.
bool isInteger(const Json& value) {
    return value.is_number_integer() ||
           (value.is_number_float() && std::nearbyint(value.get<double>()) == value.get<double>());
}

std::string expectation(const Key& key) {
    switch (key.type) {
    case Type::Integer:
        return "a whole number " + range(key);
    case Type::Number:
        return "a number " + range(key);
    case Type::Pair:
        return "two numbers [first, second], each " + range(key);
    case Type::Names:
        return "a list of " + text(key.low) + " to " + text(key.high) + " different names";
    case Type::Numbers:
        return "a list of numbers, each " + range(key);
    case Type::Word:
        return "a name of 1 to 64 letters, digits, '-', '_' or '.'";
    case Type::Choice:
        break;
    }
    std::string out = "one of";
    for (const auto& choice : key.choices)
        out += (choice == key.choices.front() ? " \"" : ", \"") + choice + "\"";
    return out;
}

bool fits(const Key& key, const Json& value) {
    switch (key.type) {
    case Type::Integer:
        return isInteger(value) && inRange(key, value);
    case Type::Number:
        return value.is_number() && inRange(key, value);
    case Type::Pair:
        return value.is_array() && value.size() == 2 && value[0].is_number() && value[1].is_number() &&
               inRange(key, value[0]) && inRange(key, value[1]);
    case Type::Choice:
        return value.is_string() && std::find(key.choices.begin(), key.choices.end(), value) != key.choices.end();
    case Type::Names: {
        if (!value.is_array() || value.size() < static_cast<std::size_t>(key.low) ||
            value.size() > static_cast<std::size_t>(key.high))
            return false;
        std::set<std::string> seen;
        return std::all_of(value.begin(), value.end(), [&seen](const Json& v) {
            return v.is_string() && !v.get_ref<const std::string&>().empty() &&
                   seen.insert(v.get<std::string>()).second;
        });
    }
    case Type::Numbers:
        return value.is_array() && value.size() <= 64 && std::all_of(value.begin(), value.end(), [&key](const Json& v) {
                   return v.is_number() && inRange(key, v);
               });
    case Type::Word: {
        if (!value.is_string())
            return false;
        const auto& word = value.get_ref<const std::string&>();
        return !word.empty() && word.size() <= 64 && word.front() != '.' &&
               word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") ==
                   std::string::npos;
    }
    }
    return false;
}

Error conflict(std::string message) {
    return makeError(ErrorCode::ConfigInvalid, std::move(message));
}

} // namespace

Json configDefaults() {
    Json flat = Json::object();
    for (const auto& key : keys())
        flat[key.name] = key.fallback;
    return flat;
}

Result<Json> checkConfigKey(const std::string& name, const Json& value) {
    for (const auto& key : keys()) {
        if (name != key.name)
            continue;
        if (fits(key, value))
            return key.type == Type::Integer ? Json(static_cast<std::int64_t>(value.get<double>())) : value;
        return conflict("\"" + name + "\" is " + value.dump(-1, ' ', false, Json::error_handler_t::replace) +
                        "; it must be " + expectation(key));
    }
    return conflict("\"" + name + "\" is not a key of a configuration");
}

Json publishedSettings(const std::string& architecture) {
    if (architecture == "er-jepa" || architecture == "er-jepa-no-channel")
        return Json::object();
    // The presets carry a recipe of ER-JEPA's own; a rival goes back to what is usual before its own settings. The
    // momentum stays: it goes with the length of a run, and a teacher that lags hurts every model.
    Json settings = Json::object();
    for (const char* key : {"mask", "min_block", "interval_mask_ratio", "target_level", "target_layers",
                            "target_centre", "aggregation", "predictor_query"})
        settings[key] = configDefaults()[key];
    if (architecture == "1d-jepa") // a fifth to a quarter visible, blocks of half a second or more
        settings.update({{"regulariser", "none"}, {"interval_mask_ratio", {0.75, 0.85}}, {"min_block", 3}});
    if (architecture == "ecg-jepa") // its random masking
        settings.update({{"regulariser", "none"},
                         {"interval_mask_ratio", {0.6, 0.7}},
                         {"mask", "random"},
                         {"tokenizer", "shared"}});
    if (architecture == "lenepa") // nothing hidden is predicted, so nothing for a decoder to show
        settings.update({{"regulariser", "sigreg"}, {"regulariser_weight", 20.0}, {"decoder_steps", 0}});
    return settings;
}

namespace {

bool isErJepa(const Json& c) {
    return c["architecture"] == "er-jepa" || c["architecture"] == "er-jepa-no-channel";
}

// What the architecture asks, and the keys that only some have a meaning for.
Result<Done> checkArchitecture(const Json& c) {
    const std::string named = "\"architecture\" is " + c["architecture"].dump() + ": ";
    if (c["architecture"] == "er-jepa") {
        const auto leads = static_cast<double>(c["leads"].size());
        if (leads < 2)
            return conflict("\"leads\" names one lead; a channel JEPA predicts leads from other leads");
        if (std::nearbyint(leads * c["lead_keep"].get<double>()) >= leads)
            return conflict("\"lead_keep\" (" + c["lead_keep"].dump() + ") leaves no lead hidden");
    } else if (c["stages"] == "stage-wise") {
        return conflict(named + "\"stages\" can be stage-wise for er-jepa alone, which has two");
    }
    const auto usual = configDefaults();
    if (!isErJepa(c))
        for (const char* key : {"aggregation", "target_level", "target_layers", "target_centre", "regulariser_lead"})
            if (c[key] != usual[key])
                return conflict(named + "\"" + key + "\" has a meaning for er-jepa and er-jepa-no-channel alone");
    if (c["architecture"] == "ecg-jepa" && static_cast<std::int64_t>(c["width"].get<double>()) % 4 != 0)
        return conflict(named + "\"width\" must be a multiple of 4, for places in lead and time");
    if (c["architecture"] == "lenepa")
        for (const char* key : {"regulariser", "regulariser_interval", "regulariser_event"})
            if (c[key] == "vicreg")
                return conflict(named + "\"" + key + "\" must be sigreg or none");
    return Done{};
}

} // namespace

Result<Done> checkConfigConflicts(const Json& c) {
    const auto number = [&c](const char* key) { return c[key].get<double>(); };
    const auto integer = [&c](const char* key) { return static_cast<std::int64_t>(c[key].get<double>()); };
    const auto both = [&c](const char* a, const char* b) {
        return "\"" + std::string(a) + "\" (" + c[a].dump() + ") and \"" + b + "\" (" + c[b].dump() +
               ") are in conflict: ";
    };
    if (integer("width") % integer("heads") != 0)
        return conflict(both("heads", "width") + "the heads must divide the width");
    if (integer("predictor_width") % integer("predictor_heads") != 0)
        return conflict(both("predictor_heads", "predictor_width") + "the heads must divide the width");
    // The places in time are pairs of sine and cosine.
    for (const char* key : {"width", "predictor_width"})
        if (integer(key) % 2 != 0)
            return conflict("\"" + std::string(key) + "\" is " + c[key].dump() + "; it must be even");
    for (const char* key : {"interval_mask_ratio", "ema"})
        if (c[key][0].get<double>() > c[key][1].get<double>())
            return conflict("\"" + std::string(key) + "\" is " + c[key].dump() +
                            "; the first must not exceed the second");
    const double t = number("intervals");
    const double least = std::nearbyint(t * c["interval_mask_ratio"][0].get<double>());
    const double most = std::nearbyint(t * c["interval_mask_ratio"][1].get<double>());
    if (least < 1 || most > t - 1)
        return conflict(both("interval_mask_ratio", "intervals") +
                        "at least one interval must be hidden and one visible");
    if (auto checked = checkArchitecture(c); !checked)
        return checked;
    const auto& weights = c["lead_weights"];
    if (!weights.empty() && weights.size() != c["leads"].size())
        return conflict("\"lead_weights\" names " + std::to_string(weights.size()) + " weights for " +
                        std::to_string(c["leads"].size()) + " leads; there must be one a lead, or none at all");
    if (!weights.empty() && std::all_of(weights.begin(), weights.end(), [](const Json& w) { return w == 0; }))
        return conflict("\"lead_weights\" are all 0: no lead would ever be seen");
    if (number("min_leads") > static_cast<double>(c["leads"].size()))
        return conflict(both("min_leads", "leads") + "a window cannot have more leads than the model");
    if (number("high_hz") > 0 && number("low_hz") >= number("high_hz"))
        return conflict(both("low_hz", "high_hz") + "the band has no width");
    if (number("high_hz") >= number("sampling_rate") / 2)
        return conflict(both("high_hz", "sampling_rate") + "the band must end below half the rate");
    if (number("steps") > 0 && number("epochs") > 0)
        return conflict(both("steps", "epochs") + "say one, the other follows from the data");
    if (number("steps") == 0 && number("epochs") == 0)
        return conflict("\"steps\" and \"epochs\" are both 0: there is nothing to train");
    if (c["loss_weights"][0] == 0 && c["loss_weights"][1] == 0)
        return conflict("\"loss_weights\" are both 0: there is nothing to learn");
    return Done{};
}

} // namespace precordia
