// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/verdict_news.h"

#include <string_view>
#include <utility>

namespace precordia {

namespace {

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}

// "the spread fell from 0.53 to 1e-05" -> "the spread fell from # to #"
std::string withoutFigures(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        if (!isDigit(text[i])) {
            out += text[i++];
            continue;
        }
        while (i < text.size() && (isDigit(text[i]) || (text[i] == '.' && i + 1 < text.size() && isDigit(text[i + 1]))))
            ++i;
        const auto rest = text.substr(i);
        if (rest.size() > 2 && rest[0] == 'e' && (rest[1] == '-' || rest[1] == '+') && isDigit(rest[2]))
            for (i += 2; i < text.size() && isDigit(text[i]);)
                ++i;
        out += '#';
    }
    return out;
}

} // namespace

bool VerdictNews::isNews(const TrainUpdate& update) {
    if (update.verdict.empty())
        return false;
    const bool losing = !update.advice.empty();
    const bool first = word_.empty();
    auto named = losing ? withoutFigures(update.verdictText) : std::string();
    const bool changed = update.verdict != word_ || named != named_;
    word_ = update.verdict;
    named_ = std::move(named);
    return changed && (losing || !first);
}

} // namespace precordia
