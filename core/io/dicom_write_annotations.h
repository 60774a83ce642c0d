// SPDX-License-Identifier: GPL-3.0-or-later
// A recording's marks, measurements and diagnoses as waveform annotations (PS3.3, C.10.10).
#pragma once

#include "core/ecg/recording.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <vector>

namespace precordia::dicom {

// groups: the recording and those kept apart from it, as their multiplex groups stand in the object. Nothing is put in
// when there is nothing to say.
void putAnnotations(DcmItem& data, const Recording& recording, const std::vector<const Recording*>& groups);

} // namespace precordia::dicom
