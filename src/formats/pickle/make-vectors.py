"""Writes vectors.json: pickles and what CPython's pickletools says of them.

python3 src/formats/pickle/make-vectors.py > src/formats/pickle/vectors.json

Nothing is unpickled. Each vector is {name, hex, ops}, where ops has one line for each opcode: offset, name and argument
as JSON; the argument is given for numbers, texts and globals, else null. `pickletools.genops` is the reference for names, positions and arguments.
"""
import collections
import datetime
import json
import pickle
import pickletools
import struct


class Point:
    def __init__(self, x):
        self.x = x

    def __reduce__(self):
        return (complex, (self.x, 1))


class Plain:
    pass


def argument(name, arg):
    if name in ("BINSTRING", "SHORT_BINSTRING", "STRING", "BINBYTES", "SHORT_BINBYTES", "BINBYTES8", "BYTEARRAY8"):
        return None
    if isinstance(arg, float):
        return repr(arg) if arg != arg or arg in (float("inf"), float("-inf")) else arg
    if isinstance(arg, bool) or arg is None or isinstance(arg, str):
        return arg
    return str(arg)


def ops(data):
    listed = []
    for opcode, arg, position in pickletools.genops(data):
        listed.append(f"{position} {opcode.name} {json.dumps(argument(opcode.name, arg))}")
    return "\n".join(listed)


def values():
    loop = []
    loop.append(loop)
    shared = ["shared"]
    yield "none", None
    yield "booleans", [True, False]
    yield "integers", [0, 1, -1, 255, 256, 65535, 65536, 2**31 - 1, -(2**31), 2**31, 2**63, -(2**70), 10**40]
    yield "long of 300 bytes", 1 << 2390
    yield "floats", [0.0, -1.5, 1e-7, 1e16, float("inf"), float("nan")]
    yield "texts", ["", "oak", "é", "日本", "\n\\", "\U0001f600", "a" * 270]
    yield "bytes", [b"", b"oak", bytes(range(256)), b"x" * 260]
    yield "byte array", bytearray(b"oak")
    yield "containers", ([], (), {}, (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), {"a": 1, "b": [2]}, [[1], [2]])
    yield "sets", [{1, 2}, frozenset([3])]
    yield "loop", loop
    yield "shared", [shared, shared]
    yield "reduce", Point(3)
    yield "instance", Plain()
    yield "globals", [collections.OrderedDict, datetime.date(2026, 11, 23), collections.OrderedDict(a=1)]
    yield "frame", ["f" * 20, *[str(i) for i in range(10)]]


HANDMADE = {
    "INST": b"(I1\nicollections\nOrderedDict\n.",
    "OBJ": b"(ccollections\nOrderedDict\no.",
    "STRING": b"S'it\\'s'\n.",
    "BINSTRING": b"T\x03\x00\x00\x00oak.",
    "SHORT_BINSTRING": b"U\x03oak.",
    "GET and PUT": b"(lp0\ng0\na.",
    "LONG_BINPUT": b"]r\x00\x01\x00\x00j\x00\x01\x00\x000.",
    "DUP and POP_MARK": b"(I1\n2I2\n1N.",
    "DICT and SETITEM": b"(dI1\nI2\ns.",
    "PERSID": b"P12 34\n.",
    "BINPERSID": b"\x80\x02U\x0212Q.",
    "EXT1": b"\x80\x02\x82\x05.",
    "EXT2": b"\x80\x02\x83\x05\x00.",
    "EXT4": b"\x80\x02\x84\x05\x00\x00\x00.",
    "NEWOBJ_EX": b"\x80\x04\x8c\x0bcollections\x8c\x0bOrderedDict\x93)}\x92.",
    "NEXT_BUFFER": b"\x80\x05\x97\x98.",
    "BINUNICODE8": b"\x80\x04\x8d" + struct.pack("<Q", 3) + b"oak.",
    "BINBYTES8": b"\x80\x04\x8e" + struct.pack("<Q", 3) + b"oak.",
    "LONG4": b"\x80\x02\x8b\x03\x00\x00\x00\x01\x02\x03.",
    "BUILD": b"c__main__\nPlain\n)\x81}b.",
    "TUPLE": b"(I1\nI2\nt.",
    "LIST": b"(I1\nI2\nl.",
    "FROZENSET": b"\x80\x04(K\x01\x91.",
    "ADDITEMS": b"\x80\x04\x8f(K\x01\x90.",
}


def main():
    vectors = []
    for name, value in values():
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            data = pickle.dumps(value, protocol)
            vectors.append({"name": f"{name}, protocol {protocol}", "hex": data.hex(), "ops": ops(data)})
    for protocol in (1, 4):
        data = pickle.dumps([str(i) for i in range(258)], protocol)
        vectors.append({"name": f"many texts, protocol {protocol}", "hex": data.hex(), "ops": ops(data)})
    for name, data in HANDMADE.items():
        vectors.append({"name": name, "hex": data.hex(), "ops": ops(data)})
    print(json.dumps(vectors, indent=2))


main()
