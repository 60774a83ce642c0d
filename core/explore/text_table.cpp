// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explore/text_table.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <sstream>

namespace precordia {

std::string figureText(double value) {
    if (!std::isfinite(value))
        return "-";
    char text[32];
    std::snprintf(text, sizeof text, "%.3f", value);
    return text;
}

std::string intervalText(double low, double high) {
    return "[" + figureText(low) + ", " + figureText(high) + "]";
}

std::string differenceText(const PairedDifference& d) {
    char text[64];
    std::snprintf(text, sizeof text, "%+.3f [%+.3f, %+.3f]", d.difference, d.low, d.high);
    return text;
}

std::string shortened(std::string text, std::size_t width) {
    return text.size() <= width ? text : text.substr(0, width - 3) + "...";
}

std::string textTable(const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> widths;
    for (const auto& row : rows)
        for (std::size_t i = 0; i < row.size(); ++i) {
            if (i == widths.size())
                widths.push_back(0);
            widths[i] = std::max(widths[i], row[i].size());
        }
    std::string out;
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            const std::string space(widths[i] - row[i].size(), ' ');
            line += i == 0 ? row[i] + space : "  " + space + row[i];
        }
        line.erase(line.find_last_not_of(' ') + 1);
        out += line + '\n';
    }
    return out;
}

std::string wrapped(const std::string& text, std::size_t width) {
    std::istringstream words(text);
    std::string out, line, word;
    while (words >> word) {
        if (!line.empty() && line.size() + 1 + word.size() > width) {
            out += line + '\n';
            line.clear();
        }
        line += (line.empty() ? "" : " ") + word;
    }
    return out + line + '\n';
}

} // namespace precordia
