# SPDX-License-Identifier: GPL-3.0-or-later
"""Small MAT, HDF5 and NPY files as scipy, h5py and numpy write them: prints test_io_array_golden.h.
Sample of lead l at index i, in mV: (l + 1) * 0.1 + i * 0.001."""
import base64, io, zlib
import h5py, numpy as np, scipy.io


def signal(leads, samples):
    return (np.arange(leads)[:, None] + 1) * 0.1 + np.arange(samples)[None, :] * 0.001


def mat(variables, **how):
    out = io.BytesIO()
    scipy.io.savemat(out, variables, **how)
    return out.getvalue()


def hdf5(fill):
    out = io.BytesIO()
    with h5py.File(out, "w") as f:
        fill(f)
    return out.getvalue()


def npy(array, version=None):
    out = io.BytesIO()
    np.lib.format.write_array(out, array, version=version)
    return out.getvalue()


def code15(f):
    padded = np.zeros((3, 64, 12), np.float32)
    for n in range(3):
        padded[n, 16:48] = signal(12, 32).T * (n + 1)
    f.create_dataset("tracings", data=padded, chunks=(1, 64, 12), compression="gzip", shuffle=True)
    f.create_dataset("exam_id", data=np.array([11, 22, 33], np.int64))


def described(f):
    d = f.create_dataset("measured/run", data=signal(2, 20).astype(">f8"))
    d.attrs["fs"] = 250
    f.attrs["unit"] = "mV"
    d.attrs["leads"] = ["II", "V5"]


def lzf(f):
    f.create_dataset("ecg", data=signal(12, 20), compression="lzf")


def soft(f):
    f["ecg"] = h5py.ExternalLink("other.h5", "/ecg")
    f["tracings"] = h5py.SoftLink("/nowhere")


def virtual(f):
    layout = h5py.VirtualLayout(shape=(12, 20), dtype="f4")
    layout[:] = h5py.VirtualSource("other.h5", "ecg", shape=(12, 20))
    f.create_virtual_dataset("ecg", layout)


def external(f):
    f.create_dataset("ecg", shape=(12, 20), dtype="f4", external=[("/dev/zero", 0, 960)])


def promised(f):
    f.create_dataset("ecg", shape=(12, 40_000_000), dtype="f4", chunks=(12, 1000))


ecg = {"ECG": {"sex": "Female", "age": 61, "data": signal(12, 40)}}
files = {
    "matChallenge": mat(ecg, do_compression=True),
    "matPlain": mat({"feats": signal(12, 40).astype(np.float32), "curr_sample_rate": 400, "idx": 6}),
    "matOne": mat({"x": signal(2, 40).T.astype(">i2") * 0 + (signal(2, 40).T * 1000).round().astype(np.int16)}),
    "matCell": mat({"data": signal(2, 40), "fs": 125.0, "unit": "mV", "leads": np.array(["II", "V1"], object)}),
    "matThree": mat({"data": np.stack([signal(3, 40), 2 * signal(3, 40)]), "fs": 125, "unit": "mV"}),
    "matFour": mat({"val": (signal(2, 30) * 1000).round().astype(np.int16)}, format="4"),
    "hdfCode15": hdf5(code15),
    "hdfSph": hdf5(lambda f: f.create_dataset("ecg", data=signal(12, 40).astype(np.float16), compression="gzip")),
    "hdfDescribed": hdf5(described),
    "hdfLzf": hdf5(lzf),
    "hdfSoft": hdf5(soft),
    "hdfVirtual": hdf5(virtual),
    "hdfExternal": hdf5(external),
    "hdfPromised": hdf5(promised),
    "npyF4": npy(signal(3, 20).astype("<f4")),
    "npyF8Fortran": npy(np.asfortranarray(signal(3, 20).astype(">f8")), (2, 0)),
    "npyI2": npy((signal(2, 20).T * 1000).round().astype("<i2"), (3, 0)),
    "npyI4": npy((signal(2, 20) * 1000).round().astype(">i4")),
    "npyThree": npy(np.stack([signal(3, 20), 2 * signal(3, 20)]).astype("<f4")),
    "npyOne": npy(signal(1, 20)[0]),
}
print("// SPDX-License-Identifier: GPL-3.0-or-later")
print("// Made by test_io_array_golden.py: zlib, then base64. Not edited by hand.")
print("#pragma once\n\n#include <QByteArray>\n\nnamespace precordia::test::golden {\n")
for name, data in files.items():
    text = base64.b64encode(len(data).to_bytes(4, "big") + zlib.compress(data, 9)).decode()
    print(f"inline QByteArray {name}() {{\n    return qUncompress(QByteArray::fromBase64(")
    for i in range(0, len(text), 100):
        print(f'        "{text[i:i + 100]}"')
    print("        ));\n}\n")
print("} // namespace precordia::test::golden")
