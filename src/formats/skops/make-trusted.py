"""Writes trusted-types.ts: classes and functions that a skops file may name without anybody asking.

python src/formats/skops/make-trusted.py > src/formats/skops/trusted-types.ts && oxfmt src/formats/skops/trusted-types.ts

They are the public estimators of scikit-learn and what a fitted one of each holds, the containers and numbers of Python,
the types, ufuncs and bit generators of NumPy, and the ufuncs and sparse arrays of SciPy. None runs anything when it is
made from a state. Made with scikit-learn 1.9, NumPy 2.4, SciPy 1.17, skops 0.16.
"""
import collections
import io
import json
import warnings
import zipfile

import numpy as np
import scipy.sparse
import scipy.special
import skops.io
from sklearn.utils import all_estimators

warnings.filterwarnings("ignore")
PLAIN = "bool bytearray bytes complex dict float frozenset int list range set slice str tuple"
HEADER = '''/**
 * What a skops file may name: written by make-trusted.py, which says where it comes from.
 */

/** A line for each module: its name, and the names in it. */
export const TRUSTED_TYPES = `
'''


def named(state):
    if isinstance(state, dict):
        if "__loader__" in state:
            yield state["__module__"], state["__class__"]
        for value in state.values():
            yield from named(value)
    elif isinstance(state, list):
        for value in state:
            yield from named(value)


def fitted():
    samples = np.random.RandomState(0).rand(30, 4)
    labels = (samples[:, 0] > 0.5).astype(int)
    for _, estimator in all_estimators():
        yield estimator.__module__, estimator.__name__
        try:
            model = estimator()
            try:
                model.fit(samples, labels)
            except Exception:
                pass
            data = skops.io.dumps(model)
        except Exception:
            continue
        schema = json.loads(zipfile.ZipFile(io.BytesIO(data)).read("schema.json"))
        yield from named(schema)


def others():
    for name in PLAIN.split():
        yield "builtins", name
    yield "collections", "OrderedDict"
    yield "collections", "defaultdict"
    for name in dir(np):
        if isinstance(getattr(np, name), np.ufunc):
            yield "numpy", name
    for name in dir(scipy.special):
        if isinstance(getattr(scipy.special, name), np.ufunc):
            yield "scipy.special", name
    for name in {dtype.__name__ for dtype in np.sctypeDict.values()} - {"object_"} | {"ndarray", "dtype"}:
        yield "numpy", name
    for name in ("MT19937", "PCG64", "PCG64DXSM", "Philox", "SFC64"):
        yield "numpy.random", name
    yield "numpy.random.mtrand", "RandomState"
    yield "numpy.random._generator", "Generator"
    yield "numpy.ma", "MaskedArray"
    for kind in ("bsr", "coo", "csc", "csr", "dia", "dok", "lil"):
        for form in ("matrix", "array"):
            yield f"scipy.sparse._{kind}", f"{kind}_{form}"


def main():
    modules = collections.defaultdict(set)
    for module, name in [*fitted(), *others()]:
        if module.split(".")[0] in ("sklearn", "numpy", "scipy", "builtins", "collections"):
            modules[module].add(name)
    print(HEADER, end="")
    for module in sorted(modules):
        print(module, *sorted(modules[module]))
    print("`")


main()
