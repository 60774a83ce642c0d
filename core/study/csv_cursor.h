// SPDX-License-Identifier: GPL-3.0-or-later
// Records of a CSV (RFC 4180): quotes may hold separators, line breaks and doubled quotes. Internal to core/study.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace precordia {

class CsvCursor {
public:
    explicit CsvCursor(std::string_view text, char delimiter = ',') : text_(text), delimiter_(delimiter) {
        if (text_.starts_with("\xEF\xBB\xBF"))
            text_.remove_prefix(3);
    }
    bool atEnd() const { return at_ >= text_.size(); }
    int line() const { return line_; }

    // Nothing when a quote is never closed.
    std::optional<std::vector<std::string>> record() {
        std::vector<std::string> fields(1);
        bool quoted = false;
        while (at_ < text_.size()) {
            const char c = text_[at_++];
            if (c == '\n')
                ++line_;
            if (quoted) {
                if (c != '"')
                    fields.back() += c;
                else if (at_ < text_.size() && text_[at_] == '"')
                    fields.back() += text_[at_++];
                else
                    quoted = false;
            } else if (c == '"') {
                quoted = true;
            } else if (c == delimiter_) {
                fields.emplace_back();
            } else if (c == '\n') {
                break;
            } else if (c != '\r') {
                fields.back() += c;
            }
        }
        if (quoted)
            return std::nullopt;
        return fields;
    }

private:
    std::string_view text_;
    char delimiter_;
    std::size_t at_ = 0;
    int line_ = 1;
};

} // namespace precordia
