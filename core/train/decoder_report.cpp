// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/decoder_report.h"

#include <nlohmann/json.hpp>

namespace precordia {

using Json = nlohmann::json;

Json decoderReportJson(const DecoderReport& report) {
    Json out{{"kind", report.kind},          {"error", report.error},          {"windows", report.windows},
             {"held_back", report.heldBack}, {"unit", "uV, root mean square"}, {"leads", Json::array()},
             {"kinds", Json::array()}};
    for (const auto& row : report.leads)
        out["leads"].push_back({{"lead", row.lead},
                                {"hidden", row.hidden},
                                {"seen", row.seen},
                                {"mean_interval", row.meanInterval},
                                {"nearest_visible", row.nearest}});
    for (const auto& kind : report.kinds)
        out["kinds"].push_back(
            {{"kind", kind.kind}, {"error", kind.error}, {"hidden", kind.hidden}, {"seen", kind.seen}});
    return out;
}

std::optional<DecoderReport> parseDecoderReport(const std::string& text) {
    const auto document = Json::parse(text, nullptr, false);
    if (!document.is_object())
        return std::nullopt;
    try {
        DecoderReport report;
        report.kind = document.at("kind").get<std::string>();
        report.error = document.at("error").get<double>();
        report.windows = document.at("windows").get<std::int64_t>();
        report.heldBack = document.at("held_back").get<std::int64_t>();
        for (const auto& row : document.at("leads"))
            report.leads.push_back({row.at("lead").get<std::string>(), row.at("hidden").get<double>(),
                                    row.at("seen").get<double>(), row.at("mean_interval").get<double>(),
                                    row.at("nearest_visible").get<double>()});
        for (const auto& kind : document.at("kinds"))
            report.kinds.push_back({kind.at("kind").get<std::string>(), kind.at("error").get<double>(),
                                    kind.at("hidden").get<double>(), kind.at("seen").get<double>()});
        return report;
    } catch (const Json::exception&) {
        return std::nullopt;
    }
}

} // namespace precordia
