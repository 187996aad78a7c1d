"""
Makes `../codebooks.ts` and the `*.json` vectors of this folder from the PyPI package `gguf`, which is the oracle.

    python3 -m venv venv && venv/bin/pip install gguf==0.19.0 numpy
    venv/bin/python src/simd/vectors/make.py && npx oxfmt src/simd

Each vector holds random blocks of one type (scales kept finite) and the SHA-256 of what `gguf.quants.dequantize`
makes of them, as little-endian f32. The package knows no `q8_1`, `q8_k`, `q1_0` and `q2_0`.
"""

import base64
import hashlib
import json
import pathlib

import numpy as np
from gguf import quants
from gguf.constants import GGML_QUANT_SIZES, GGMLQuantizationType as Type

HERE = pathlib.Path(__file__).parent
BLOCKS = 12

CODEBOOKS = [
    ("iq2_xxs", quants.IQ2_XXS),
    ("iq2_xs", quants.IQ2_XS),
    ("iq2_s", quants.IQ2_S),
    ("iq3_xxs", quants.IQ3_XXS),
    ("iq3_s", quants.IQ3_S),
    ("iq1", quants.IQ1_S),
]

# Offsets of the f16 fields of a block, which must not hold NaN or infinity.
HALVES = {
    "Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2], "Q8_0": [0],
    "Q2_K": [80, 82], "Q3_K": [108], "Q4_K": [0, 2], "Q5_K": [0, 2], "Q6_K": [208],
    "TQ1_0": [52], "TQ2_0": [64], "IQ4_NL": [0], "IQ4_XS": [0],
    "IQ2_XXS": [0], "IQ2_XS": [0], "IQ2_S": [0], "IQ3_XXS": [0], "IQ3_S": [0], "IQ1_S": [0],
    "IQ1_M": [], "MXFP4": [], "NVFP4": [], "BF16": [], "F16": [0], "F32": [],
}


def make_codebooks():
    lines = []
    for name, quant in CODEBOOKS:
        text = base64.b64encode(bytes.fromhex(quant.grid_hex.decode())).decode()
        parts = [text[i : i + 100] for i in range(0, len(text), 100)]
        entries, width = quant.grid_shape
        steps = ", ".join(str(int(step)) for step in quant.grid_map)
        lines.append(f"  ['{name}', {{\n    entries: {entries},\n    width: {width},\n    steps: [{steps}],\n    packed: [")
        lines += [f"      '{part}'," for part in parts]
        lines.append("    ],\n  }],")
    head = (HERE / "codebooks-head.txt").read_text()
    (HERE / ".." / "codebooks.ts").write_text(head + "\n".join(lines) + "\n])\n")


def random_blocks(name, rng):
    size = GGML_QUANT_SIZES[Type[name]][1]
    blocks = rng.integers(0, 256, size=(BLOCKS if size > 4 else 32 * BLOCKS, size), dtype=np.uint8)
    for offset in HALVES[name]:
        blocks[:, offset + 1] &= 0xBB  # clears exponent bit 2^2, so that neither infinity nor NaN can stand there
    if name == "IQ1_M":
        blocks[:, 55] &= 0xBF
    if name == "MXFP4":
        blocks[:, 0] = rng.integers(0, 255, size=BLOCKS)
        blocks[:, 0] = np.minimum(blocks[:, 0], 250)
    if name == "BF16":
        blocks[:, 1] &= 0xBF
    if name == "F32":
        blocks[:, 3] &= 0xBF
    return blocks


def make_vectors():
    rng = np.random.default_rng(20261123)
    vectors = []
    for name in HALVES:
        blocks = random_blocks(name, rng)
        values = quants.dequantize(blocks, Type[name]).astype("<f4")
        assert np.isfinite(values).all(), name
        vectors.append({
            "type": name.lower(),
            "blocks": base64.b64encode(blocks.tobytes()).decode(),
            "elements": int(values.size),
            "first": [float(v) for v in values.ravel()[:4]],
            "sha256": hashlib.sha256(values.tobytes()).hexdigest(),
        })
    source = "random blocks; gguf 0.19.0 (PyPI), gguf.quants.dequantize"
    (HERE / "dequantize.json").write_text(json.dumps({"source": source, "vectors": vectors}, indent=1) + "\n")


make_codebooks()
make_vectors()
