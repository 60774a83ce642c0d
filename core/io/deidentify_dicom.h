// SPDX-License-Identifier: GPL-3.0-or-later
// DICOM PS3.15, Annex E: the Basic Application Confidentiality Profile with the options Retain Longitudinal Temporal
// Information with Modified Dates, and Retain Patient Characteristics, for waveform objects. A whitelist
// (deidentify_dicom_table.cpp): a new data set is made of what is on it, in sequences too; texts pass only where they
// are terms of the standard or codes that we know.
#pragma once

#include "core/io/deidentify.h"

namespace precordia {

Result<DeidentifyReport> deidentifyDicom(const std::filesystem::path& in, const std::filesystem::path& out,
                                         const IdentityMap& identities);

} // namespace precordia
