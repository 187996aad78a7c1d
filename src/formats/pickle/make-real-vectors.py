"""Writes real-vectors.json: small pickles of real producers, with the context in which they stand and the verdict.

python src/formats/pickle/make-real-vectors.py > src/formats/pickle/real-vectors.json

Needs numpy, pandas, scipy, scikit-learn, joblib and torch. Nothing is unpickled.
"""
import base64
import collections
import datetime
import io
import json
import pickle
import pickletools
import warnings
import zipfile

import joblib
import numpy as np
import pandas as pd
import scipy.sparse
import scipy.stats
import torch
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier

warnings.simplefilter("ignore")
X = np.arange(24.0).reshape(12, 2) % 7
y = np.arange(12) % 2


def dumps(value, protocol=4):
    return pickle.dumps(value, protocol)


def pure(value, protocol):
    stream = io.BytesIO()
    pickle._Pickler(stream, protocol).dump(value)
    return stream.getvalue()


def fast(value, protocol):
    stream = io.BytesIO()
    pickler = pickle.Pickler(stream, protocol)
    pickler.fast = True
    pickler.dump(value)
    return stream.getvalue()


def joblibs(value):
    stream = io.BytesIO()
    joblib.dump(value, stream)
    return stream.getvalue()


def torches(value, **options):
    stream = io.BytesIO()
    torch.save(value, stream, **options)
    archive = zipfile.ZipFile(stream)
    return archive.read(next(name for name in archive.namelist() if name.endswith("/data.pkl")))


def vectors():
    arrays = [np.arange(6.0).reshape(2, 3), np.float32(3), np.array(["a", "bc"]), np.zeros((2, 0)), np.asfortranarray(X)]
    odd = [np.array([1, "a", None], dtype=object), np.zeros(2, dtype=[("a", "f4"), ("b", "O")]), np.arange(3, dtype=">i4")]
    data = [collections.OrderedDict(a=1), collections.defaultdict(list), collections.Counter("aab"), {1, 2}, 1 + 2j, range(3)]
    times = [datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc), datetime.date(2020, 1, 2), datetime.timedelta(1)]
    for protocol in range(6):
        for name, value in {"arrays": arrays, "odd arrays": odd, "python": data, "times": times}.items():
            yield f"{name}, protocol {protocol}", "none", "proved", dumps(value, protocol)
    for protocol in (0, 2, 4):
        yield f"arrays by the Python pickler, protocol {protocol}", "none", "proved", pure(arrays, protocol)
        yield f"python without a memo, protocol {protocol}", "none", "proved", fast(data, protocol)
        yield f"times, optimised, protocol {protocol}", "none", "proved", pickletools.optimize(dumps(times, protocol))
    yield "random state", "none", "proved", dumps(np.random.RandomState(0).get_state()[2:])
    frame = pd.DataFrame({"a": [1.0, 2.0], "b": ["x", "y"], "c": pd.to_datetime(["2020", "2021"])})
    yield "frame", "none", "proved-under", dumps(frame)
    yield "series", "none", "proved-under", dumps(frame.a, 2)
    yield "sparse matrix", "none", "proved-under", dumps(scipy.sparse.csr_matrix(X[:2]))
    yield "distribution", "none", "proved-under", dumps(scipy.stats.beta)
    pipeline = make_pipeline(StandardScaler(), LogisticRegression()).fit(X, y)
    yield "pipeline", "none", "proved-under", dumps(pipeline)
    yield "pipeline, joblib", "joblib", "proved-under", joblibs(pipeline)
    yield "encoder, joblib", "joblib", "proved-under", joblibs(OneHotEncoder().fit(np.array([["a"], ["b"]], dtype=object)))
    yield "arrays, joblib", "joblib", "proved", joblibs(arrays[:1] + odd)
    yield "tree", "none", "proved-under", dumps(DecisionTreeClassifier(max_depth=1).fit(X, y))
    yield "isotonic", "none", "proved-under", dumps(IsotonicRegression().fit(X[:, 0], y))
    layer = torch.nn.Linear(3, 2)
    yield "state dict", "torch", "proved", torches(layer.state_dict())
    yield "state dict, protocol 4", "torch", "proved", torches(layer.state_dict(), pickle_protocol=4)
    yield "parameter", "torch", "proved", torches(torch.nn.Parameter(torch.ones(2)))
    yield "types", "torch", "proved", torches([torch.Size([1, 2]), torch.device("cpu"), torch.float32, torch.strided])
    yield "quantised", "torch", "proved", torches(torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8))
    yield "sparse", "torch", "proved", torches(torch.eye(2).to_sparse())
    yield "float8", "torch", "proved", torches(torch.zeros(2).to(torch.float8_e4m3fn))
    yield "view", "torch", "proved", torches(torch.arange(10.0)[2:8:2])
    yield "model", "torch", "proved-under", torches(torch.nn.Sequential(layer, torch.nn.ReLU()))
    optimizer = torch.optim.SGD(layer.parameters(), lr=0.1)
    yield "checkpoint", "torch", "proved", torches({"model": layer.state_dict(), "optimizer": optimizer.state_dict()})
    yield "optimiser", "torch", "proved-under", torches(optimizer)


def main():
    listed = []
    for name, context, verdict, data in vectors():
        listed.append({"name": name, "context": context, "verdict": verdict, "base64": base64.b64encode(data).decode()})
    print(json.dumps(listed, indent=1))


main()
