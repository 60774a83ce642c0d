// SPDX-License-Identifier: GPL-3.0-or-later
// The outer form of an SCP-ECG file (EN 1064:2005 = ISO 11073-91064, 5.2 and 5.3): checksum, size, and sections found
// through the pointers of section 0. Versions 1.x to 3.0 share it.
#pragma once

#include "core/base/result.h"
#include "core/ecg/recording.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace precordia::scp {

constexpr std::size_t kRecordHeader = 6;
constexpr std::size_t kSectionHeader = 16;

struct Section {
    std::uint8_t version = 0; // 13 is 1.3, 20 is 2.0, 30 is 3.0
    std::uint8_t protocol = 0;
    std::span<const std::byte> body; // after the 16 bytes of its header; a part of the file's bytes
};

struct Container {
    std::map<std::uint16_t, Section> sections; // those that are there; 0 is not among them
    std::uint8_t version = 0;                  // of section 0
    std::vector<Warning> warnings;

    const Section* find(std::uint16_t id) const {
        const auto at = sections.find(id);
        return at == sections.end() ? nullptr : &at->second;
    }
};

// 2: "SCPECG" stands where section 0 has it; 1: a pointer section without this word, as old writers leave it; 0: none.
int looksLikeScp(std::span<const std::byte> head);

// `file` is for messages. A section that is not where its pointer says is left out with a warning. Errors:
// FileTruncated, FormatInvalid.
Result<Container> openContainer(std::span<const std::byte> bytes, const std::string& file);

} // namespace precordia::scp
