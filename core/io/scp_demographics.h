// SPDX-License-Identifier: GPL-3.0-or-later
// Section 1 of SCP-ECG (EN 1064, 5.4): patient, acquisition, devices, filters, in tagged fields.
#pragma once

#include "core/ecg/recording.h"
#include "core/io/scp_container.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace precordia::scp {

struct Tag {
    std::uint8_t id = 0;
    std::span<const std::byte> value;
};

// In their order, up to the closing tag 255. A value that is not all there is cut, with a warning.
std::vector<Tag> tagsOf(const Section& section, std::vector<Warning>& warnings);

// Text of a tag: up to its first zero byte, in UTF-8.
std::string textOf(std::span<const std::byte> value);
// "2002-11-22" of year, month, day; "" for what is no date.
std::string dateOf(std::span<const std::byte> value);
// In years; none when the file does not know it.
std::optional<double> ageOf(std::span<const std::byte> value);

// Fills patientId, identity, age, sex, recordedAt, device, filters; what else is said goes to the comments.
void readDemographics(const Section& section, Recording& recording);

} // namespace precordia::scp
