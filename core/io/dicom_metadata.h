// SPDX-License-Identifier: GPL-3.0-or-later
// Patient, time, device and acquisition context of a DICOM object as metadata.
#pragma once

#include "core/ecg/recording.h"
#include "core/io/dicom_items.h"

namespace precordia::dicom {

void readMetadata(DcmDataset& data, Metadata& metadata);
// UIDs that break the rules of PS3.5, 9.1 are tolerated and told.
void checkUids(DcmDataset& data, Recording& recording);

} // namespace precordia::dicom
