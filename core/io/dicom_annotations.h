// SPDX-License-Identifier: GPL-3.0-or-later
// The waveform annotation sequence (PS3.3, C.10.10): marks in time, measurements, statements.
#pragma once

#include "core/ecg/recording.h"
#include "core/io/dicom_items.h"

#include <vector>

namespace precordia::dicom {

// Where annotations of a multiplex group go; null: nowhere, that group was not read.
using GroupTargets = std::vector<Recording*>;

// Marks go to the recording of the group that they refer to, everything else to `main`: numbers to fileMeasurements
// (what has no key of ours to comments), words and coded findings without a place in time to the diagnoses.
void readAnnotations(DcmDataset& data, const GroupTargets& groups, Recording& main);

} // namespace precordia::dicom
