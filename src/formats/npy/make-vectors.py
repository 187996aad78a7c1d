"""Writes vectors.json: arrays as numpy.save writes them, and what they should be read as.

python src/formats/npy/make-vectors.py > src/formats/npy/vectors.json

Each vector is {name, base64, shape, type, packed, bytes}: the type is that of the tensor, null for Python objects; bytes is the size of the data.
Made with NumPy 2.4.
"""
import base64
import io
import json

import numpy as np

TYPES = {
    "b1": "BOOL", "i1": "I8", "i2": "I16", "i4": "I32", "i8": "I64",
    "u1": "U8", "u2": "U16", "u4": "U32", "u8": "U64",
    "f2": "F16", "f4": "F32", "f8": "F64", "c8": "C64",
}


def arrays():
    for code in TYPES:
        yield code, np.arange(6).astype(code).reshape(2, 3)
    for code in (">i2", ">f4", ">c8"):
        yield f"big-endian {code[1:]}", np.arange(6).astype(code).reshape(2, 3)
    yield "complex 128", np.zeros(2, "c16")
    yield "long double", np.zeros(2, np.longdouble)
    yield "scalar", np.array(3.5, "f4")
    yield "empty", np.zeros((0, 4), "f4")
    yield "Fortran order", np.asfortranarray(np.arange(6, dtype="f4").reshape(2, 3))
    yield "Fortran order of one dimension", np.asfortranarray(np.arange(6, dtype="f4"))
    yield "text", np.array(["oak", "ash"])
    yield "bytes", np.array([b"oak"])
    yield "times", np.array(["2024-01-01"], "M8[ns]")
    yield "spans", np.zeros(2, "m8[25s]")
    yield "void", np.zeros(2, "V3")
    yield "structure", np.zeros(2, [("a", "<f4"), ("b", "<i2", (2, 3)), ("c", "S5")])
    yield "aligned structure", np.zeros(2, np.dtype([("a", "i1"), ("b", "f8")], align=True))
    yield "nested structure", np.zeros(1, [("p", [("q", "<i4"), ("r", "|V3")])])
    yield "titles", np.zeros(1, [(("A title", "n"), "i4")])
    yield "names beyond ASCII", np.zeros(1, [("\u6a2b", "f4"), ("it's", "f4")])
    yield "objects", np.array([1, "oak", None], dtype=object)
    yield "structure with objects", np.zeros(2, [("a", "<f4"), ("o", "O")])


def save(array, version=None):
    out = io.BytesIO()
    np.lib.format.write_array(out, array, version=version, allow_pickle=True)
    return out.getvalue()


def vector(name, array, data):
    dtype = array.dtype
    kind = TYPES.get(dtype.str[1:])
    strided = array.flags.f_contiguous and not array.flags.c_contiguous
    entry = {"name": name, "base64": base64.b64encode(data).decode()}
    if dtype.hasobject:
        return {**entry, "type": None}
    packed = "typed" if kind is None else "strided" if strided else None
    big = dtype.str[0] == ">"
    return {**entry, "type": kind, "shape": array.shape, "packed": packed, "big": big, "bytes": array.nbytes}


def main():
    out = [vector(name, array, save(array)) for name, array in arrays()]
    plain = np.arange(6, dtype="f4").reshape(2, 3)
    for version in ((1, 0), (2, 0), (3, 0)):
        out.append(vector(f"version {version[0]}", plain, save(plain, version)))
    print(json.dumps(out, indent=1))


main()
