// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/decoder_text.h"

#include <nlohmann/json.hpp>

#include <iomanip>
#include <sstream>

namespace precordia::cli {

using Json = nlohmann::json;

std::string decoderText(const DecoderReport& report) {
    std::ostringstream out;
    out << "event decoder: " << report.kind << ", fitted on " << report.windows << " windows";
    if (report.heldBack > 0)
        out << ", measured on " << report.heldBack << " others";
    out << "; root mean square error in uV\nlead      hidden    seen  mean interval  nearest visible\n" << std::fixed;
    for (const auto& row : report.leads)
        out << std::left << std::setw(6) << row.lead << std::right << std::setprecision(0) << std::setw(10)
            << row.hidden << std::setw(8) << row.seen << std::setw(15) << row.meanInterval << std::setw(17)
            << row.nearest << '\n';
    for (const auto& kind : report.kinds)
        out << (kind.kind == report.kinds.front().kind ? "tried: " : "; ") << kind.kind << ' ' << std::setprecision(1)
            << kind.hidden << " hidden, " << kind.seen << " seen (smooth L1 " << std::setprecision(4) << kind.error
            << ')';
    out << '\n';
    return out.str();
}

Json decoderJson(const DecoderReport& report) {
    Json leads = Json::object(), kinds = Json::object();
    for (const auto& row : report.leads)
        leads[row.lead] = {{"hidden_uv", row.hidden},
                           {"seen_uv", row.seen},
                           {"mean_interval_uv", row.meanInterval},
                           {"nearest_visible_uv", row.nearest}};
    for (const auto& kind : report.kinds)
        kinds[kind.kind] = {{"error", kind.error}, {"hidden_uv", kind.hidden}, {"seen_uv", kind.seen}};
    return {{"kind", report.kind},          {"error", report.error}, {"windows", report.windows},
            {"held_back", report.heldBack}, {"leads", leads},        {"kinds", kinds}};
}

} // namespace precordia::cli
