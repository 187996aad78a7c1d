"""Writes vectors.json: archives as NumPy and SciPy write them.

python src/formats/npz/make-vectors.py > src/formats/npz/vectors.json

Each vector is {name, base64, tensors, packed}. Made with NumPy 2.4 and SciPy 1.17.
"""
import base64
import io
import json

import numpy as np
import scipy.sparse


def saved(save, *args, **kwargs):
    out = io.BytesIO()
    save(out, *args, **kwargs)
    return out.getvalue()


def main():
    arrays = {"layers/0/w": np.zeros((2, 3), "f4"), "layers/0/b": np.zeros(3, "f2"), "n": np.array(3)}
    sparse = scipy.sparse.csr_array(np.eye(3, dtype="f4"))
    files = [
        ("savez", saved(np.savez, **arrays), False),
        ("savez without names", saved(np.savez, np.zeros(2), np.zeros(3)), False),
        ("savez_compressed", saved(np.savez_compressed, **arrays), True),
        ("sparse matrix", saved(scipy.sparse.save_npz, sparse), True),
    ]
    out = []
    for name, data, packed in files:
        tensors = [key for key in np.load(io.BytesIO(data)).files]
        out.append({"name": name, "base64": base64.b64encode(data).decode(), "tensors": tensors, "packed": packed})
    print(json.dumps(out, indent=1))


main()
