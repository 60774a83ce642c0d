// SPDX-License-Identifier: GPL-3.0-or-later
// SCP-ECG statements as PTB-XL writes them, and their meaning from the scp_statements.csv beside the table. Internal to
// core/study.
#pragma once

#include "core/study/label_table.h"

#include <map>

namespace precordia {

class ScpStatements {
public:
    // Without the file every statement is known by its code alone.
    static ScpStatements beside(const std::filesystem::path& table);
    // "{'NORM': 100.0, 'SR': 0.0}": labels by their description, then the diagnostic superclasses (kind "superclass",
    // the highest likelihood of its statements). What is no such text gives none.
    std::vector<RowLabel> labels(std::string_view cell) const;

private:
    struct Statement {
        std::string description, superclass;
        bool rhythm = false;
    };
    std::map<std::string, Statement> statements_;
};

} // namespace precordia
