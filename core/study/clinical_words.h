// SPDX-License-Identifier: GPL-3.0-or-later
// The words of electrocardiography. Internal to core/study.
#pragma once

#include <string>
#include <string_view>

namespace precordia {

enum class WordKind { Unknown, Joining, Clinical }; // joining: "of", "with", "possible"; alone they say nothing

// Of a lower-case word without separators; numbers of up to three digits are joining.
WordKind clinicalWord(const std::string& word);

} // namespace precordia
