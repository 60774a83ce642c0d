# SPDX-License-Identifier: GPL-3.0-or-later
"""A 12-lead ECG made by pydicom with a marker in every text, name, date, time and UID that DICOM's dictionary has: in the
data set, in multiplex groups, channels, annotations and codes, private elements, overlays and file meta information.
dicom_planted.py OUT"""
import sys

import numpy as np
from pydicom.datadict import DicomDictionary
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from dicom_objects import TWELVE, annotation, channel, code, dataset, group, ramp

# Valid, so that the object stays one; what may stay of them is their defined term or their number.
VALID = {"SpecificCharacterSet", "SOPClassUID", "ReferencedSOPClassUID", "Modality", "PatientSex", "PatientAge",
         "WaveformOriginality", "WaveformSampleInterpretation", "TemporalRangeType", "ValueType", "CodeValue",
         "CodingSchemeDesignator", "AcquisitionTimeSynchronized", "SynchronizationTrigger",
         "ReferencedDateTime", "UniversalEntityIDType"}
KEPT_TIMES = {"StudyTime", "SeriesTime", "AcquisitionTime", "ContentTime", "InstanceCreationTime"}
count = 0


def marker(vr, keyword):
    global count
    count += 1
    if vr == "DA":
        return "19400715" if keyword == "PatientBirthDate" else "20190613"
    if vr == "TM":
        return "101112" if keyword in KEPT_TIMES else "010203.7"
    if vr == "DT":
        return "20190613101112.3"
    if vr == "UI":
        return "1.2.3.999.%d" % count
    if vr == "AS":
        return "077Y"
    if vr == "PN":
        return "ZQ%04X^ZQ" % count
    if vr == "UR":
        return "http://ZQ%04X" % count
    return "ZQ%04X" % count


def plant(item):
    for tag, (vr, _, _, _, keyword) in DicomDictionary.items():
        if tag >> 16 in (0, 2, 4, 0xFFFE) or keyword in VALID or not keyword:
            continue
        if vr in ("AE", "AS", "CS", "DA", "DT", "LO", "LT", "PN", "SH", "ST", "TM", "UC", "UI", "UR", "UT"):
            item.add_new(tag, vr, marker(vr, keyword))


def private(item):
    block = item.private_block(0x0029, "ZQCREATOR", create=True)
    block.add_new(0x01, "LO", "ZQPRIVATE")
    block.add_new(0x02, "OB", b"ZQBYTES!")
    inner = Dataset()
    inner.PatientName = "ZQINNER^X"
    block.add_new(0x03, "SQ", Sequence([inner]))


def coded(concept):
    item = code(*concept)
    plant(item)
    private(item)
    item.CodeMeaning = "ZQMEANING"
    return item


def main(out):
    samples = ramp(5000, 2) % 1000
    d = dataset(out, TWELVE, [group(samples, [channel("I"), channel("II")]),
                              group(ramp(600, 2), [channel("I"), channel("II")], originality="DERIVED")])
    d.WaveformAnnotationSequence = Sequence([
        annotation(("2:15872", "MDC", "PR interval global"), NumericValue="160",
                   MeasurementUnitsCodeSequence=Sequence([code("ms", "UCUM", "ZQMEANING")])),
        annotation(("10:256", "MDC", "P wave"), TemporalRangeType="POINT", ReferencedSamplePositions=[100]),
        annotation(None, UnformattedTextValue="ZQFREETEXT"),
        annotation(("ZQ1", "99ZQ", "ZQMEANING"), NumericValue="4")])
    context = Dataset()
    context.ValueType = "TEXT"
    context.ConceptNameCodeSequence = Sequence([code("5.4.5-33-1", "SCPECG", "Electrode Placement")])
    context.TextValue = "ZQCONTEXT"
    placement = Dataset()
    placement.ValueType = "CODE"
    placement.ConceptNameCodeSequence = Sequence([code("5.4.5-33-1", "SCPECG", "ZQMEANING")])
    placement.ConceptCodeSequence = Sequence([code("5.4.5-33-1-1", "SCPECG", "ZQMEANING")])
    d.AcquisitionContextSequence = Sequence([context, placement])
    study = Dataset()
    study.ReferencedSOPClassUID, study.ReferencedSOPInstanceUID = "1.2.840.10008.3.1.2.3.1", "1.2.3.999.0"
    study.StudyDescription = "ZQDESCRIPTION"
    plant(d)
    private(d)
    d.ReferencedStudySequence = Sequence([study])
    d.PatientAge, d.PatientSex, d.AcquisitionTimeSynchronized, d.SynchronizationTrigger = "093Y", "F", "N", "NO TRIGGER"
    d.PatientWeight = "71"
    for g in d.WaveformSequence:
        plant(g)
        private(g)
        for c in g.ChannelDefinitionSequence:
            plant(c)
            private(c)
            source = c.ChannelSourceSequence[0]
            c.ChannelSourceSequence = Sequence([coded((source.CodeValue, source.CodingSchemeDesignator, ""))])
    for a in d.WaveformAnnotationSequence:
        plant(a)
        private(a)
    d.add_new(0x60000010, "US", 8)
    d.add_new(0x60003000, "OW", b"ZQOVERLAY!")
    d.add_new(0x50003000, "OW", b"ZQCURVE!")
    d.add_new(0x00420011, "OB", b"ZQDOCUMENT")
    d.add_new(0xFFFCFFFC, "OB", b"ZQPADDING!")
    d.SpecificCharacterSet = "ISO_IR 192"
    d.preamble = b"ZQPREAMBLE" + b"\0" * 118
    d.file_meta.MediaStorageSOPInstanceUID = d.SOPInstanceUID
    d.file_meta.SourceApplicationEntityTitle = "ZQAETITLE"
    d.file_meta.PrivateInformationCreatorUID = "1.2.3.999.9999"
    d.file_meta.PrivateInformation = b"ZQPRIVINFO"
    d.save_as(out, write_like_original=False)
    print(count)


main(sys.argv[1])
