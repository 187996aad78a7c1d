"""Writes vectors.json: files as flax.serialization writes them.

python3 src/formats/flax/make-vectors.py > src/formats/flax/vectors.json

Wants the packages flax, jax, ml_dtypes and numpy. Each vector is {name, base64, tensors}; a tensor is [name, type name of
NumPy, shape, hex of its bytes].
"""
import base64
import json

import flax.serialization as serialization
import ml_dtypes
import numpy as np

serialization.MAX_CHUNK_SIZE = 64


def tensors(tree, path=()):
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from tensors(value, (*path, key))
        elif isinstance(value, (np.ndarray, np.generic)):
            yield [".".join((*path, key)), value.dtype.name, list(value.shape), value.tobytes().hex()]


def trees():
    yield "a dense layer", {"params": {"dense": {"kernel": np.arange(6, dtype=np.float32).reshape(2, 3)}}}
    types = ["bool", "int8", "uint16", "int32", "int64", "float16", "float64", "complex64"]
    yield "all kinds of numbers", {kind: np.ones((2,), dtype=kind) for kind in types}
    small = [ml_dtypes.bfloat16, ml_dtypes.float8_e4m3fn, ml_dtypes.float8_e5m2]
    yield "small numbers", {np.dtype(kind).name: np.ones((4, 2), dtype=kind) for kind in small}
    yield "scalars", {"step": np.int32(7), "rate": np.float32(0.5), "z": 1 + 2j, "n": 3, "f": 0.1, "none": None}
    yield "texts and numbers", {"name": "oak", "é": "日本", "big": 2**63, "least": -(2**63), "far": -200, "yes": True}
    yield "an empty array", {"empty": np.zeros((0, 4), dtype=np.float32), "point": np.zeros((), dtype=np.float32)}
    yield "an array in pieces", {"params": {"w": np.arange(40, dtype=np.float32).reshape(5, 8)}, "b": np.ones(2, np.int8)}
    yield "a big-endian and a strided array", {
        "w": np.arange(12, dtype=np.float32).reshape(3, 4)[:, ::2],
        "f": np.asfortranarray(np.arange(6, dtype=np.int16).reshape(2, 3)),
    }
    yield "many keys", {f"layer_{i}": {"w": np.full((1,), i, dtype=np.int8)} for i in range(20)}


def vectors():
    for name, tree in trees():
        data = serialization.msgpack_serialize(tree)
        yield {"name": name, "base64": base64.b64encode(data).decode(), "tensors": list(tensors(tree))}


print(json.dumps(list(vectors()), indent=1))
