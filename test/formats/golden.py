"""Writes golden.json beside this file: what NumPy and the safetensors library themselves print, draw and save.

Made with NumPy 2.4.6 and safetensors 0.8.0: python3 golden.py
"""

import base64
import hashlib
import io
import json
from pathlib import Path

import numpy as np
import safetensors
from safetensors.numpy import save


def numbers(array):
    """One text of numbers that tell every float apart, whole ones without a point."""
    return " ".join(repr(v).removesuffix(".0") for v in np.asarray(array, float).ravel().tolist())


def printed(name, array, **options):
    array = np.asarray(array)
    names = {"edgeItems": "edgeitems", "lineWidth": "linewidth"}
    numpy_options = {names.get(k, k): v for k, v in options.items() if k != "smallNumbers"}
    with np.printoptions(suppress=options.get("smallNumbers") == "positional", **numpy_options):
        text = str(array)
    return {
        "name": name,
        "dtype": str(array.dtype),
        "shape": list(array.shape),
        "values": numbers(array),
        "options": options,
        "text": text.split("\n"),
    }


def printed_cases():
    random = np.random.default_rng(7)
    normal = random.normal(size=(4, 5))
    wide = normal * 10.0 ** random.integers(-6, 6, size=(4, 5))
    special = [np.nan, np.inf, -np.inf, 0.0, -0.0, 1.5, -2.25]
    f4 = np.float32
    return [
        printed("whole floats", np.arange(5.0)),
        printed("a vector", [0.1, 0.25, -3]),
        printed("a matrix", normal),
        printed("a matrix of float32", normal.astype(f4)),
        printed("numbers of many sizes", wide),
        printed("numbers of many sizes, float32", wide.astype(f4)),
        printed("more digits than the precision", [1 / 3, 2 / 3, 1.0]),
        printed("ties go to the even digit", [0.001953125, 0.005859375, 0.013671875]),
        printed("ties of float32", np.array([0.166015625, 1.61328125], f4)),
        printed("a ratio of 1000 is plain", [0.001, 1.0]),
        printed("a ratio above 1000 is not", [0.001, 1.001]),
        printed("a ratio above 1000, small numbers rounded", [0.001, 2.0], smallNumbers="positional"),
        printed("below 1e-4", [9e-5, 1e-4]),
        printed("below 1e-4, rounded away", [4e-9, -4e-9, 6e-9, 1.0], smallNumbers="positional"),
        printed("1e8 needs exponents", [1e8, 2.5]),
        printed("below 1e8 does not", [99999999.0, 100000.0]),
        printed("1e6 of float32 needs exponents", np.array([1e6, 1e5], f4)),
        printed("exponents of three digits", [1e-300, 1e200, 5e-324]),
        printed("powers of two", np.array([2.0**-96, 2.0**90, 2.0**-149], f4)),
        printed("filled with exact digits", np.array([1e10, 1.1e-5, 1.2345678e3], f4)),
        printed("special values", special),
        printed("special values, float32", np.array(special, f4)),
        printed("special values with exponents", [np.nan, -np.inf, 1e-7]),
        printed("only special values", [np.nan, np.inf]),
        printed("only negative infinity", [-np.inf, np.nan]),
        printed("zeros", np.zeros((2, 2))),
        printed("negative zero", [-0.0, 1.0]),
        printed("identity", np.eye(3)),
        printed("long lines", normal.reshape(-1)),
        printed("long rows", np.arange(60.0).reshape(2, 30) / 8),
        printed("narrow lines", normal, lineWidth=20),
        printed("narrower than a number", normal[0], lineWidth=4),
        printed("three axes", np.arange(24.0).reshape(2, 3, 4)),
        printed("four axes", np.arange(16.0).reshape(2, 2, 2, 2)),
        printed("axes of length 1", np.ones((1, 1, 2, 1))),
        printed("no elements", np.zeros((0,))),
        printed("no rows", np.zeros((3, 0, 2))),
        printed("shortened", np.arange(1001.0)),
        printed("a thousand is not shortened", np.arange(1000) % 10),
        printed("shortened matrix", np.arange(1024.0).reshape(32, 32)),
        printed("shortened long and narrow", np.arange(1002.0).reshape(501, 2) / 8),
        printed("shortened wide", np.arange(1002.0).reshape(2, 501)),
        printed("shortened three axes", np.arange(1331.0).reshape(11, 11, 11)),
        printed("shortened by a threshold", np.arange(30.0), threshold=10, edgeItems=2),
        printed("an axis as long as both edges", np.arange(18.0).reshape(3, 6), threshold=5),
        printed("hidden numbers have no say", np.r_[np.ones(500), 1e12, np.ones(501)]),
        printed("precision 3", normal, precision=3),
        printed("precision 0", normal * 10, precision=0),
        printed("precision 3 with exponents", wide, precision=3),
        printed("precision 17", [0.1, 1 / 3], precision=17),
        printed("integers", np.array([[1, -20], [300, 4]], np.int32)),
        printed("largest integers", np.array([2**31 - 1, -(2**31)], np.int32)),
        printed("shortened integers", np.arange(1200, dtype=np.int32)),
        printed("bools", np.array([[True, False], [False, True]])),
        *[
            printed(f"scalar {dtype.__name__} {value}", dtype(value))
            for dtype in (np.float64, np.float32)
            for value in (0.1, 1.0, -0.0, 1e-4, 9e-5, 1e16, 123456.78, 1234567.8, 1 / 3, np.nan, -np.inf)
        ],
        printed("scalar integer", np.int32(-7)),
        printed("scalar bool", np.bool_(True)),
    ]


def npy(name, array, version=None):
    file = io.BytesIO()
    np.lib.format.write_array(file, array, version=version)
    kind = {"f": "float", "b": "bool"}.get(array.dtype.kind, "int")
    return {
        "name": name,
        "shape": list(array.shape),
        "kind": kind,
        "values": numbers(array),
        "base64": base64.b64encode(file.getvalue()).decode(),
    }


def npy_cases():
    values = np.array([[0, 1, 2], [100, 7, 5]])
    floats = np.array([[0.5, -1.25, np.inf], [np.nan, 6e-5, -0.0]])
    half = np.array([0, -0.0, 1, -2.5, 65504, 6e-8, 6.1e-5, np.inf, np.nan], "<f2")
    return [
        *[npy(f"{d}", values.astype(d)) for d in ("|i1", "|u1", "<i2", ">i2", "<u2", ">u2")],
        *[npy(f"{d}", values.astype(d)) for d in ("<i4", ">i4", "<u4", ">u4", "<i8", ">i8", "<u8", ">u8")],
        *[npy(f"{d}", floats.astype(d)) for d in ("<f2", ">f2", "<f4", ">f4", "<f8", ">f8")],
        npy("halves", half),
        npy("negative <i8", np.array([-1, -(2**31), 2**31 - 1], "<i8")),
        npy("bools", values > 1),
        npy("column-major", np.asfortranarray(values.astype("<i4"))),
        npy("column-major, three axes", np.asfortranarray(np.arange(24.0).reshape(2, 3, 4))),
        npy("scalar", np.array(2.5)),
        npy("no elements", np.zeros((0, 3))),
        npy("version 2", values.astype("<f4"), (2, 0)),
        npy("version 3", values.astype("<f4"), (3, 0)),
    ]


def rand(seed):
    np.random.seed(seed)
    first = np.random.rand(5)
    np.random.rand(100_000)
    return {"seed": seed, "first": first.tolist(), "later": np.random.rand(3).tolist()}


def keyed(seed, key):
    """xoroshiro128+ (24, 16, 37) from the SHA-256 of seed and key, as random.ts documents it."""
    digest = hashlib.sha256(f"{seed}\n{key}".encode()).digest()
    s0, s1 = int.from_bytes(digest[:8], "big"), int.from_bytes(digest[8:16], "big")
    mask = 2**64 - 1
    outputs = []
    for _ in range(8):
        outputs.append((s0 + s1) & 0xFFFFFFFF)
        s1 ^= s0
        rotated = ((s0 << 24) | (s0 >> 40)) & mask
        s0, s1 = rotated ^ s1 ^ ((s1 << 16) & mask), ((s1 << 37) | (s1 >> 27)) & mask
    pairs = zip(outputs[::2], outputs[1::2])
    return {"seed": seed, "key": key, "uniform": [((a >> 5) * 2**26 + (b >> 6)) / 2**53 for a, b in pairs]}


def saved():
    tensors = {
        "b": np.arange(6, dtype=np.float32).reshape(2, 3),
        "a": np.array([1.5, -2]),
        "10": np.array([3, -4], dtype=np.int32),
        "é": np.zeros((0, 4), np.float32),
        "2": np.array(7, dtype=np.int32),
        "s": np.array(7.0, np.float32),
    }
    return base64.b64encode(save(tensors, metadata={"format": 'say "é"'})).decode()


def npz(write):
    file = io.BytesIO()
    write(file, weight=np.arange(6, dtype="<f4").reshape(2, 3), turned=np.asfortranarray(np.arange(6.0).reshape(2, 3)))
    return base64.b64encode(file.getvalue()).decode()


golden = {
    "numpy": np.__version__,
    "safetensors": safetensors.__version__,
    "printed": printed_cases(),
    "npy": npy_cases(),
    "npz": {"stored": npz(np.savez), "compressed": npz(np.savez_compressed)},
    "rand": [rand(seed) for seed in (0, 42, 2**31, 2**32 - 1)],
    "keyed": [keyed(42, "blocks.0.attn.W_Q"), keyed(0, ""), keyed(7, "é")],
    "saved": saved(),
}
Path(__file__).with_name("golden.json").write_text(json.dumps(golden, indent=1, ensure_ascii=False) + "\n")
