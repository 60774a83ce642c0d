#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# A small writer of SCP-ECG files after the text of EN 1064:2005, independent of the reader: bits are strings of "0" and
# "1", and what a decoder must find is written beside each file as JSON (microvolts). The ECG is made of bell curves.
#   scp_encode.py FOLDER
import json
import math
import struct
import sys

LEADS = [1, 2, 3, 7]  # I, II, V1, V5
NAMES = ["I", "II", "V1", "V5"]


def crc(data):
    register = 0xFFFF
    for byte in data:
        for bit in range(7, -1, -1):
            feedback = (register >> 15) ^ (byte >> bit & 1)
            register = register << 1 & 0xFFFF
            if feedback:
                register ^= 0x1021
    return register


def section(number, body, version=20, word=b"\0" * 6):
    body = bytes(body) + b"\0" * (len(body) % 2)
    rest = struct.pack("<HIBB", number, len(body) + 16, version, version) + word + body
    return struct.pack("<H", crc(rest)) + rest


def record(bodies):
    made = {n: section(n, body) for n, body in sorted(bodies.items())}
    numbers = range(0, 12)
    at = 7 + 16 + 10 * len(numbers)
    pointers = struct.pack("<HII", 0, 16 + 10 * len(numbers), 7)
    for n in numbers[1:]:
        size = len(made[n]) if n in made else 0
        pointers += struct.pack("<HII", n, size, at if size else 0)
        at += size
    body = section(0, pointers, word=b"SCPECG") + b"".join(made[n] for n in sorted(made))
    size = struct.pack("<I", len(body) + 6)
    return struct.pack("<H", crc(size + body)) + size + body


# ---- the signal

def noise(seed):
    while True:
        seed = (seed * 1103515245 + 12345) % (1 << 31)
        yield (seed >> 16) % 5 - 2


WAVES = [(-0.16, 0.020, 25), (-0.012, 0.008, -20), (0.0, 0.010, 200), (0.018, 0.009, -50), (0.22, 0.045, 60)]
SCALE = [1.0, 1.3, -0.7, 1.1]


def beat_value(lead, seconds):
    return sum(SCALE[lead] * a * math.exp(-((seconds - t) / w) ** 2) for t, w, a in WAVES)


def rhythm(lead, samples, rate, peaks, noisy=True):
    rng = noise(lead + 1)
    return [round(sum(beat_value(lead, n / rate - p) for p in peaks) + 8 * math.sin(n / rate)) +
            (next(rng) if noisy else 0) for n in range(samples)]


# ---- coding

def differences(values, order):
    out = list(values)
    if order == 1:
        out = [values[0]] + [values[i] - values[i - 1] for i in range(1, len(values))]
    if order == 2:
        out = list(values[:2]) + [values[i] - 2 * values[i - 1] + values[i - 2] for i in range(2, len(values))]
    return out


def twos(value, bits):
    return format(value & (1 << bits) - 1, "0%db" % bits)


def default_bits(values):
    out = []
    for v in values:
        if v == 0:
            out.append("0")
        elif abs(v) <= 8:
            out.append("1" * abs(v) + "0" + ("1" if v < 0 else "0"))
        elif -128 <= v <= 127:
            out.append("1111111110" + twos(v, 8))
        else:
            out.append("1111111111" + twos(v, 16))
    return "".join(out)


# Own tables: (bits as they come, amplitude bits, mode, base value)
OWN = [
    [("0", 0, 1, 0), ("100", 0, 1, 1), ("101", 0, 1, -1), ("110", 3, 1, 0), ("1110", 0, 0, 2), ("1111", 16, 1, 0)],
    [("00", 0, 0, 1), ("01", 6, 1, 40), ("10", 6, 1, -40), ("110", 18, 1, 0), ("1110", 0, 0, 3)],
    [("0", 10, 1, 0), ("11", 0, 0, 1)],
]


def own_section():
    out = struct.pack("<H", len(OWN))
    for table in OWN:
        out += struct.pack("<H", len(table))
        for bits, extra, mode, base in table:
            code = int(bits[::-1], 2)  # the first bit is the lowest
            out += struct.pack("<BBBhI", len(bits), len(bits) + extra, mode, base, code)
    return out


def own_bits(values):
    out, table = [], 1
    for v in values:
        small, middle = -4 <= v <= 3, 8 <= abs(v) <= 71
        if table == 3:
            if -512 <= v <= 511 and not small:
                out.append("0" + twos(v, 10))
                continue
            out.append("11")
            table = 1
        if table == 2 and small:
            out.append("00")
            table = 1
        if table == 1 and middle:
            out.append("1110")
            table = 2
        if table == 1:
            if v == 0:
                out.append("0")
            elif abs(v) == 1:
                out.append("100" if v > 0 else "101")
            elif small:
                out.append("110" + twos(v, 3))
            else:
                out.append("1111" + twos(v, 16))
        elif 8 <= v <= 71:
            out.append("01" + twos(v - 40, 6))
        elif -72 <= v <= -9:
            out.append("10" + twos(v + 40, 6))
        elif -512 <= v <= 511:
            out.append("1110" + "0" + twos(v, 10))
            table = 3
        else:
            out.append("110" + twos(v, 18))
    return "".join(out)


def pack(bits):
    bits += "0" * (-len(bits) % 16)
    return bytes(int(bits[i:i + 8], 2) for i in range(0, len(bits), 8))


def block(leads, order, coding, nanovolts, interval, bimodal=0):
    coded = []
    for values in leads:
        d = differences(values, order)
        if coding == "none":
            coded.append(struct.pack("<%dh" % len(d), *d))
        else:
            coded.append(pack(default_bits(d) if coding == "default" else own_bits(d)))
    head = struct.pack("<HHBB", nanovolts, interval, order, bimodal)
    return head + struct.pack("<%dH" % len(coded), *map(len, coded)) + b"".join(coded)


def huffman(coding):
    return {"none": {}, "default": {2: struct.pack("<H", 19999)}, "own": {2: own_section()}}[coding]


def lead_section(samples, subtracted, starts=None):
    flags = (1 if subtracted else 0) | (0 if starts else 4) | len(LEADS) << 3
    out = struct.pack("<BB", len(LEADS), flags)
    for i, number in enumerate(LEADS):
        first = starts[i] if starts else 1
        out += struct.pack("<IIB", first, first + samples - 1, number)
    return out


def demographics():
    def tag(number, value):
        return struct.pack("<BH", number, len(value)) + value
    return tag(2, b"ID-1\0") + tag(25, struct.pack("<HBB", 2004, 5, 6)) + struct.pack("<BH", 255, 0)


# ---- the compression of annex C

def stretches(first, last, areas):
    at = first
    for a, b in areas:
        if at < a:
            yield at, a - 1, False
        yield a, b, True
        at = b + 1
    if at <= last:
        yield at, last, False


def decimate(values, areas, factor):
    out = []
    for a, b, whole in stretches(1, len(values), areas):
        part = values[a - 1:b]
        if whole:
            out += part
            continue
        groups = len(part) // factor
        for g in range(groups):
            out.append(round(sum(part[g * factor:(g + 1) * factor]) / factor))
        out += part[groups * factor:]
    return out


def undecimate(stored, samples, areas, zones, factor):
    out, at = [], 0
    for a, b, whole in stretches(1, samples, areas):
        n = b - a + 1
        if whole:
            out += stored[at:at + n]
            at += n
            continue
        groups, rest = divmod(n, factor)
        if groups:
            out += [stored[at]] * (factor // 2)
            for g in range(groups - 1):
                step = (stored[at + 1] - stored[at]) / factor
                out += [stored[at] + i * step for i in range(factor)]
                at += 1
            out += [stored[at]] * (factor - factor // 2)
            at += 1
        out += stored[at:at + rest]
        at += rest
    # the mean of three, in stretches that share a sample with an area and are cut at subtraction zones
    result = list(out)
    cuts = sorted([a for a, _, _ in zones] + [b + 1 for _, _, b in zones])
    for a, b, whole in stretches(1, samples, areas):
        if whole:
            continue
        a, b = max(a - 1, 1), min(b + 1, samples)
        edges = [a] + [c for c in cuts if a < c <= b] + [b + 1]
        for begin, end in zip(edges, edges[1:]):
            for n in range(begin + 1, end - 1):
                result[n - 1] = (out[n - 2] + out[n - 1] + out[n]) / 3
    return result


def beat_section(reference_ms, fiducial, zones, areas, types):
    out = struct.pack("<HHH", reference_ms, fiducial, len(zones))
    for (first, peak, last), kind in zip(zones, types):
        out += struct.pack("<HIII", kind, first if kind == 0 else 0, peak, last if kind == 0 else 0)
    for first, last in areas:
        out += struct.pack("<II", first, last)
    return out


# ---- the files

def write(folder, name, bodies, rate, leads, reference=None, original=None):
    with open("%s/%s.scp" % (folder, name), "wb") as file:
        file.write(record({1: demographics(), **bodies}))
    truth = {"rate": rate, "leads": dict(zip(NAMES, leads))}
    if reference:
        truth["reference"] = dict(zip(NAMES, reference))
    if original:
        truth["original"] = dict(zip(NAMES, original))
    with open("%s/%s.json" % (folder, name), "w") as file:
        json.dump(truth, file)


def lossless(folder):
    peaks = [0.4, 1.25, 2.1, 2.9]
    for coding in ("none", "default", "own"):
        for order in (0, 1, 2):
            leads = [rhythm(l, 1601, 500, peaks) for l in range(4)]
            write(folder, "%s_%d" % (coding, order),
                  {**huffman(coding), 3: lead_section(1601, False), 6: block(leads, order, coding, 2500, 2000)},
                  500, [[v * 2.5 for v in lead] for lead in leads])
    # The whole range of 16 bits, with differences that run over it.
    leads = [[0, 32767, -32768, 32767, 0, -1, 1, 300, -300, 9, -9, 128, -129] * 8 for _ in range(4)]
    for order in (0, 1, 2):
        d = [differences(lead, order) for lead in leads]
        d = [[(v + 32768) % 65536 - 32768 for v in lead] for lead in d]
        write(folder, "range_%d" % order, {
            **huffman("default"), 3: lead_section(104, False),
            6: struct.pack("<HHBB", 1000, 1000, order, 0) +
            (lambda c: struct.pack("<4H", *map(len, c)) + b"".join(c))([pack(default_bits(x)) for x in d])},
            1000, [[float(v) for v in lead] for lead in leads])
    # Leads one after the other.
    leads = [rhythm(l, 500, 250, [0.5, 1.4]) for l in range(4)]
    full = [[None] * 500 * l + [v * 5.0 for v in leads[l]] + [None] * 500 * (3 - l) for l in range(4)]
    write(folder, "sequential", {**huffman("default"), 3: lead_section(500, False, [1, 501, 1001, 1501]),
                                 6: block(leads, 1, "default", 5000, 4000)}, 250, full)


def compressed(folder):
    rate, samples, fiducial, length = 500, 2503, 121, 300  # of the reference beat
    peaks = [401, 851, 1290, 1733, 2204]
    types = [0, 0, 1, 0, 0]
    zones = [(p - 110, p, p + 150) for p in peaks]
    areas = [(p - 25, p + 30) for p in peaks]
    signal = [rhythm(l, samples, rate, [(p - 1) / rate for p in peaks], noisy=False) for l in range(4)]
    reference = [[round(beat_value(l, (n + 1 - fiducial) / rate)) for n in range(length)] for l in range(4)]
    typed = [z for z, kind in zip(zones, types) if kind == 0]
    residual = [list(lead) for lead in signal]
    for l in range(4):
        for first, peak, last in typed:
            for n in range(first, last + 1):
                residual[l][n - 1] -= reference[l][n - peak + fiducial - 1]
    in_uv = [[v * 2.0 for v in lead] for lead in signal]
    reference_uv = [[v * 2.0 for v in lead] for lead in reference]
    common = {5: block(reference, 2, "default", 2000, 2000), 4: beat_section(600, fiducial, zones, areas, types)}
    # The reference beat taken away, nothing else: without loss.
    for coding in ("none", "default", "own"):
        write(folder, "subtracted_" + coding,
              {**huffman(coding), 3: lead_section(samples, True), **common,
               5: block(reference, 2, coding, 2000, 2000), 6: block(residual, 2, coding, 2000, 2000)},
              rate, in_uv, reference_uv)
    # The same in another amplitude step than the reference beat's.
    doubled = [[2 * v for v in lead] for lead in residual]
    write(folder, "subtracted_steps", {**huffman("default"), 3: lead_section(samples, True), **common,
                                       6: block(doubled, 2, "default", 1000, 2000)}, rate, in_uv, reference_uv)
    for name, subtracted, factor in (("bimodal", False, 4), ("bimodal_2", False, 2), ("bimodal_subtracted", True, 4)):
        source = residual if subtracted else signal
        stored = [decimate(lead, areas, factor) for lead in source]
        back = [undecimate(lead, samples, areas, typed if subtracted else [], factor) for lead in stored]
        if subtracted:
            for l in range(4):
                for first, peak, last in typed:
                    for n in range(first, last + 1):
                        back[l][n - 1] += reference[l][n - peak + fiducial - 1]
        bodies = {**huffman("default"), 3: lead_section(samples, subtracted), **common,
                  6: block(stored, 2, "default", 2000, 2000 * factor, bimodal=1)}
        truth = [[v * 2.0 for v in lead] for lead in back]
        write(folder, name, bodies, rate, truth, reference_uv, in_uv)
        if not subtracted and factor == 4:
            del bodies[5]  # no reference beat tells the full rate
            write(folder, "bimodal_alone", bodies, rate, truth, None, in_uv)


if __name__ == "__main__":
    lossless(sys.argv[1])
    compressed(sys.argv[1])
