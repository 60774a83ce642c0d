# SPDX-License-Identifier: GPL-3.0-or-later
"""Waveform objects made by pydicom: a writer that is not ours. dicom_objects.py KIND OUT; `dump FILE` prints what
pydicom reads."""
import sys

import numpy as np
from pydicom import dcmread
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian, DeflatedExplicitVRLittleEndian

GENERAL = "1.2.840.10008.5.1.4.1.1.9.1.2"
AMBULATORY = "1.2.840.10008.5.1.4.1.1.9.1.3"
TWELVE = "1.2.840.10008.5.1.4.1.1.9.1.1"
HEMODYNAMIC = "1.2.840.10008.5.1.4.1.1.9.2.1"
LEADS = {"I": 1, "II": 2, "V1": 3, "III": 61, "aVR": 62, "V5": 7}


def code(value, scheme, meaning):
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, meaning
    return item


def channel(lead, sensitivity="1", unit="uV", bits=16, **more):
    c = Dataset()
    c.ChannelSourceSequence = Sequence([code("2:%d" % LEADS[lead], "MDC", "Lead " + lead) if lead in LEADS
                                        else code("X", "99TEST", lead)])
    if sensitivity is not None:
        c.ChannelSensitivity = sensitivity
        c.ChannelSensitivityUnitsSequence = Sequence([code(unit, "UCUM", unit)])
        c.ChannelSensitivityCorrectionFactor = "1"
        c.ChannelBaseline = "0"
    c.ChannelSampleSkew = "0"
    c.WaveformBitsStored = bits
    for key, value in more.items():
        setattr(c, key, value)
    return c


def group(samples, channels, rate=500, kind="SS", bits=16, label="RHYTHM", originality="ORIGINAL", big=False):
    """samples [frames, channels] integers"""
    g = Dataset()
    g.WaveformOriginality = originality
    g.NumberOfWaveformChannels = len(channels)
    g.NumberOfWaveformSamples = samples.shape[0]
    g.SamplingFrequency = str(rate)
    g.MultiplexGroupLabel = label
    g.ChannelDefinitionSequence = Sequence(channels)
    g.WaveformBitsAllocated = bits
    g.WaveformSampleInterpretation = kind
    letter = ("i" if kind[0] == "S" else "u") + str(bits // 8)
    raw = samples.astype("<" + letter).tobytes()
    raw += b"\0" * (len(raw) % 2)
    if big:  # words in the other order; a sample of 32 bits has its lower word first (PS3.5, D)
        raw = np.frombuffer(raw, "<u2").astype(">u2").tobytes()
    g.add_new("WaveformData", "OB" if bits == 8 and not big else "OW", raw)
    return g


def dataset(out, uid, groups, syntax=ExplicitVRLittleEndian):
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = uid
    meta.MediaStorageSOPInstanceUID = "1.2.3.4.5"
    meta.TransferSyntaxUID = syntax
    d = FileDataset(out, {}, file_meta=meta, preamble=b"\0" * 128)
    d.is_little_endian = syntax != ExplicitVRBigEndian
    d.is_implicit_VR = syntax == ImplicitVRLittleEndian
    d.SOPClassUID, d.SOPInstanceUID = uid, "1.2.3.4.5"
    d.StudyInstanceUID, d.SeriesInstanceUID = "1.2.3.4.6", "1.2.3.4.7"
    d.Modality = "ECG"
    d.PatientName, d.PatientID, d.PatientBirthDate, d.PatientSex = "Tester^Anna", "T-1", "19500101", "F"
    d.StudyDate, d.StudyTime, d.ContentDate, d.ContentTime = "20200229", "101112", "20200229", "101112"
    d.AcquisitionDateTime = "20200229101112.5"
    d.Manufacturer, d.ReferringPhysicianName, d.AccessionNumber, d.StudyID = "Schiller AG", "Doc^Tor", "A1", "S1"
    d.SeriesNumber, d.InstanceNumber = "1", "1"
    d.AcquisitionContextSequence = Sequence([])
    d.WaveformSequence = Sequence(groups)
    return d


def ramp(frames, channels, step=1, base=-50):
    return base + np.arange(frames * channels).reshape(frames, channels) * step


def annotation(name, groups=(1, 0), **more):
    a = Dataset()
    if name is not None:
        a.ConceptNameCodeSequence = Sequence([code(*name)])
    a.ReferencedWaveformChannels = list(groups)
    for key, value in more.items():
        setattr(a, key, value)
    return a


def kinds(out):
    """name -> data set; the truths stand in test_io_dicom_objects.cpp"""
    def general(syntax, bits=16, kind="SS", big=False):
        data = ramp(100, 2) if kind[0] == "S" else ramp(100, 2, base=0)
        return dataset(out, GENERAL, [group(data, [channel("I", "2.5", bits=bits), channel("II", "0.001", "mV", bits=bits)],
                                            kind=kind, bits=bits, big=big)], syntax)
    yield "explicit", lambda: general(ExplicitVRLittleEndian)
    yield "implicit", lambda: general(ImplicitVRLittleEndian)
    yield "big", lambda: general(ExplicitVRBigEndian, big=True)
    yield "deflated", lambda: general(DeflatedExplicitVRLittleEndian)
    yield "sb", lambda: general(ExplicitVRLittleEndian, 8, "SB")
    yield "ub", lambda: general(ExplicitVRLittleEndian, 8, "UB")
    yield "us", lambda: general(ExplicitVRLittleEndian, 16, "US")
    yield "sl", lambda: general(ExplicitVRLittleEndian, 32, "SL")
    yield "ul", lambda: general(ExplicitVRLittleEndian, 32, "UL")
    yield "big-sb", lambda: general(ExplicitVRBigEndian, 8, "SB", True)
    yield "big-sl", lambda: general(ExplicitVRBigEndian, 32, "SL", True)
    yield "ambulatory", lambda: dataset(out, AMBULATORY, [group(
        ramp(50_001, 3, base=0) % 251 - 125, [channel(l, "10", bits=8) for l in ("I", "II", "V1")], 125, "SB", 8, "AMBULATORY")])
    yield "twelve-bit", lambda: dataset(out, GENERAL, [group(
        ramp(100, 2) & 0xFFF, [channel("I", bits=12), channel("II", bits=12)])])
    yield "skew", lambda: dataset(out, GENERAL, [group(ramp(100, 3), [
        channel("I"), channel("II", ChannelSampleSkew="2"), channel("V1", ChannelSampleSkew="0", ChannelTimeSkew="0.0071")])])
    yield "companded", lambda: dataset(out, GENERAL, [group(ramp(10, 1, base=0), [channel("I")], kind="UB", bits=8)])
    yield "groups", lambda: several(out)
    yield "hemodynamic", lambda: dataset(out, HEMODYNAMIC, [
        group(ramp(400, 1), [channel("Aorta", "0.1", "mm[Hg]")], 250, label="P1"),
        group(ramp(200, 2), [channel("II"), channel("V5")], 500, label="ECG")])
    yield "pressure", lambda: dataset(out, HEMODYNAMIC, [group(ramp(400, 1), [channel("Aorta", "0.1", "mm[Hg]")])])
    yield "annotated", lambda: annotated(out)
    yield "cyrillic", lambda: cyrillic(out)
    yield "filters", lambda: dataset(out, GENERAL, [group(ramp(100, 2), [
        channel(l, FilterLowFrequency="0.05", FilterHighFrequency="150", NotchFilterFrequency="50",
                ChannelStatus=["OK"] if l == "I" else ["DISCONNECTED"]) for l in ("I", "II")])])


def several(out):
    d = dataset(out, TWELVE, [
        group(ramp(600, 2), [channel("I"), channel("II")], label="MEDIAN BEAT", originality="DERIVED"),
        group(ramp(5000, 2), [channel("I"), channel("II")]),
        group(ramp(600, 2), [channel("I"), channel("II")], label="X", originality="DERIVED"),
        group(ramp(2500, 1), [channel("V1")], 250, label="SLOW")])
    d.WaveformSequence[3].MultiplexGroupTimeOffset = "1500"
    d.WaveformAnnotationSequence = Sequence([
        annotation(("10:256", "MDC", "P wave"), (1, 0), TemporalRangeType="SEGMENT", ReferencedSamplePositions=[11, 61])])
    return d


def annotated(out):
    d = dataset(out, GENERAL, [group(ramp(1000, 2), [channel("I"), channel("II")])])
    ms = Sequence([code("s", "UCUM", "seconds")])
    d.WaveformAnnotationSequence = Sequence([
        annotation(None, UnformattedTextValue="Sinus rhythm\\with text"),
        annotation(("2:15872", "MDC", "anything"), NumericValue="0.16", MeasurementUnitsCodeSequence=ms),
        annotation(("5.13.5-9", "SCPECG", "QRS Duration"), (1, 1, 1, 2), NumericValue="98",
                   MeasurementUnitsCodeSequence=Sequence([code("ms", "UCUM", "milliseconds")])),
        annotation(("X", "99TEST", "Sokolow"), (1, 2), NumericValue="1.5",
                   MeasurementUnitsCodeSequence=Sequence([code("mV", "UCUM", "mV")])),
        annotation(("10:8336", "MDC", "VPC"), TemporalRangeType="MULTIPOINT", ReferencedSamplePositions=[300, 101]),
        annotation(("5.10.3-3", "SCPECG", "QRS onset"), (1, 2), TemporalRangeType="POINT", ReferencedSamplePositions=[1]),
        annotation(("10:1024", "MDC", "T wave"), TemporalRangeType="SEGMENT", ReferencedTimeOffsets=["0.5", "0.75"]),
        annotation(None, UnformattedTextValue="artefact", TemporalRangeType="POINT", ReferencedDateTime="20200229101113.5"),
        annotation(("10:256", "MDC", "P wave"), TemporalRangeType="POINT", ReferencedSamplePositions=[1001]),
        annotation(("49436004", "SCT", "Atrial fibrillation")),
    ])
    context = Dataset()
    context.ValueType = "CODE"
    context.ConceptNameCodeSequence = Sequence([code("5.4.5-33-1", "SCPECG", "Electrode Placement")])
    context.ConceptCodeSequence = Sequence([code("5.4.5-33-1-1", "SCPECG", "Standard 12-lead placement")])
    d.AcquisitionContextSequence = Sequence([context])
    d.PatientWeight = "71.5"
    d.InstitutionName, d.OperatorsName = "Heart Centre", "Op^Erator"
    return d


def cyrillic(out):
    d = dataset(out, GENERAL, [group(ramp(100, 1), [channel("I")])])
    d.SpecificCharacterSet = "ISO_IR 144"
    d.PatientName = "\u041b\u044e\u043ace\u0434\u0438\u0440"
    return d


def dump(path):
    """group number, rate, channel source code, then the values in the file's unit, a channel a line"""
    d = dcmread(path)
    print("class", d.SOPClassUID)
    for i, g in enumerate(d.WaveformSequence):
        values = d.waveform_array(i)
        for c, definition in enumerate(g.ChannelDefinitionSequence):
            source = definition.ChannelSourceSequence[0]
            print(i, float(g.SamplingFrequency), source.CodeValue, definition.ChannelSensitivityUnitsSequence[0].CodeValue,
                  float(definition.ChannelSensitivity), *(repr(float(v)) for v in values[:, c]))


if __name__ == "__main__":
    if sys.argv[1] == "dump":
        dump(sys.argv[2])
    else:  # every kind, into a folder
        for name, make in kinds(sys.argv[2]):
            d = make()
            if name == "companded":
                d.WaveformSequence[0].WaveformSampleInterpretation = "MB"
            d.save_as(sys.argv[2] + "/" + name + ".dcm", write_like_original=False)
        bare = dict(kinds(sys.argv[2]))
        for name in ("explicit", "implicit", "big"):
            d = bare[name]()
            d.file_meta = FileMetaDataset()
            d.preamble = None
            d.save_as(sys.argv[2] + "/bare-" + name + ".dcm", write_like_original=True)
